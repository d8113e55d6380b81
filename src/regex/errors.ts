// What can be wrong with a pattern, in the words that re:compile/2 gives.

const MESSAGES = {
  backslashAtEnd: '\\ at end of pattern',
  controlAtEnd: '\\c at end of pattern',
  unknownEscape: 'unrecognized character follows \\',
  quantifierOrder: 'numbers out of order in {} quantifier',
  quantifierTooBig: 'number too big in {} quantifier',
  classEnd: 'missing terminating ] for character class',
  classEscape: 'invalid escape sequence in character class',
  rangeOrder: 'range out of order in character class',
  nothingToRepeat: 'nothing to repeat',
  groupStart: 'unrecognized character after (? or (?-',
  posixOutside: 'POSIX named classes are supported only within a class',
  missingParenthesis: 'missing )',
  noSuchGroup: 'reference to non-existent subpattern',
  commentEnd: 'missing ) after comment',
  unmatched: 'unmatched parentheses',
  afterAngle: 'unrecognized character after (?<',
  lookbehindLength: 'lookbehind assertion is not fixed length',
  conditionName: 'malformed number or name after (?(',
  conditionBranches: 'conditional group contains more than two branches',
  conditionAssertion: 'assertion expected after (?( or (?(?C)',
  recursionEnd: '(?R or (?[+-]digits must be followed by )',
  posixName: 'unknown POSIX class name',
  posixCollating: 'POSIX collating elements are not supported',
  characterTooLarge: 'character value in \\x{} or \\o{} is too large',
  conditionZero: 'invalid condition (?(0)',
  unitInLookbehind: '\\C not allowed in lookbehind assertion',
  perlCase: 'PCRE does not support \\L, \\l, \\N{name}, \\U, or \\u',
  endlessCall: 'recursive call could loop indefinitely',
  calloutNumber: 'number after (?C is > 255',
  calloutEnd: 'closing ) for (?C expected',
  afterP: 'unrecognized character after (?P',
  nameEnd: 'syntax error in subpattern name (missing terminator)',
  sameName: 'two named subpatterns have the same name',
  badProperty: 'malformed \\P or \\p sequence',
  unknownProperty: 'unknown property name after \\P or \\p',
  nameTooLong: 'subpattern name is too long (maximum 32 characters)',
  octalTooBig: 'octal value is greater than \\377 in 8-bit non-UTF-8 mode',
  defineBranches: 'DEFINE group contains more than one branch',
  referenceSyntax:
    '\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number',
  referenceZero: 'a numbered reference must not be zero',
  verbArgument: 'an argument is not allowed for (*ACCEPT), (*FAIL), or (*COMMIT)',
  badVerb: '(*VERB) not recognized or malformed',
  numberTooBig: 'number is too big',
  nameExpected: 'subpattern name expected',
  digitExpected: 'digit expected after (?+',
  otherName: 'different names for subpatterns of the same number are not allowed',
  markArgument: '(*MARK) must have an argument',
  controlCharacter: '\\c must be followed by an ASCII character',
  nameReferenceSyntax: '\\k is not followed by a braced, angle-bracketed, or quoted name',
  notNewlineInClass: '\\N is not supported in a class',
  surrogate: 'disallowed Unicode code point (>= 0xd800 && <= 0xdfff)',
  utfDisabled: 'setting UTF is disabled by the application',
  hexDigits: 'non-hex character in \\x{} (closing brace missing?)',
  octalDigits: 'non-octal character in \\o{} (closing brace missing?)',
  octalBrace: 'missing opening brace after \\o',
  tooDeep: 'parentheses are too deeply nested',
  badRange: 'invalid range in character class',
  nameDigit: 'group name must start with a non-digit',
  noDigits: 'digits missing in \\x{} or \\o{}',
  invalidUtf: 'invalid UTF-8 string',
} as const;

export type PatternProblem = keyof typeof MESSAGES;

/** A pattern that is none. */
export class PatternError extends Error {
  /** @param position where in the pattern, in bytes */
  constructor(
    readonly problem: PatternProblem,
    readonly position: number,
  ) {
    super(MESSAGES[problem]);
    this.name = 'PatternError';
  }
}
