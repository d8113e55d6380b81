// Sets of characters: classes, escapes such as \d and \p{Lu}, POSIX names, and letters that differ in case only.

/** A test of a code point. */
type Test = (code: number) => boolean;

/** The first code point that is no byte. */
const WIDE = 256;

/** A set: a table for code points below 256, a test with a memory for the others. */
export class CharacterSet {
  readonly low = new Uint8Array(WIDE);
  private readonly known = new Map<number, boolean>();

  private constructor(private readonly high: Test) {}

  /** The set of what passes the test. */
  static of(test: Test): CharacterSet {
    const set = new CharacterSet(test);
    for (let c = 0; c < WIDE; c++) set.low[c] = test(c) ? 1 : 0;
    return set;
  }

  has(code: number): boolean {
    if (code < WIDE) return this.low[code] === 1;
    let found = this.known.get(code);
    if (found === undefined) {
      found = this.high(code);
      this.known.set(code, found);
    }
    return found;
  }
}

const inRange =
  (first: number, last: number): Test =>
  (c) =>
    c >= first && c <= last;

/** Letters of Latin-1 outside of ASCII: ª µ º and À to ÿ without × and ÷. */
const isLatinLetter: Test = (c) =>
  c === 0xaa || c === 0xb5 || c === 0xba || (c >= 0xc0 && c <= 0xff && c !== 0xd7 && c !== 0xf7);
const isUpperAscii = inRange(65, 90);
const isLowerAscii = inRange(97, 122);
const isDigit = inRange(48, 57);
const isAlpha: Test = (c) => isUpperAscii(c) || isLowerAscii(c) || isLatinLetter(c);
const isUpper: Test = (c) => isUpperAscii(c) || (c >= 0xc0 && c <= 0xde && c !== 0xd7);
const isLower: Test = (c) => isAlpha(c) && !isUpper(c);
const isCntrl: Test = (c) => c < 32 || (c >= 127 && c <= 159);
const isSpace: Test = (c) => (c >= 9 && c <= 13) || c === 32;
const isWord: Test = (c) => isAlpha(c) || isDigit(c) || c === 95;
const isGraph: Test = (c) => (c >= 33 && c <= 126) || (c >= 160 && c <= 255);

const HORIZONTAL = new Set([
  0x09, 0x20, 0xa0, 0x1680, 0x180e, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
  0x2009, 0x200a, 0x202f, 0x205f, 0x3000,
]);
const isHorizontal: Test = (c) => HORIZONTAL.has(c);
const isVertical: Test = (c) => (c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029;

const properties = new Map<string, Test>();

/** A test by a Unicode property, in the syntax of JavaScript. */
function property(text: string): Test {
  let test = properties.get(text);
  if (test === undefined) {
    const regex = new RegExp(`^${text}$`, 'u');
    test = (c) => regex.test(String.fromCodePoint(c));
    properties.set(text, test);
  }
  return test;
}

const unicodeSpace: Test = (c) => property('\\p{Z}')(c) || isHorizontal(c) || isVertical(c);
const unicodeWord: Test = (c) => property('[\\p{L}\\p{N}_]')(c);

const mongolian = (c: number) => c === 0x180e || (c >= 0x2066 && c <= 0x2069);

/** POSIX classes: by the tables of Latin-1, and by Unicode properties. */
const POSIX: Record<string, [latin1: Test, ucp?: Test]> = {
  alpha: [isAlpha, property('\\p{L}')],
  lower: [isLower, property('\\p{Ll}')],
  upper: [isUpper, property('\\p{Lu}')],
  alnum: [(c) => isAlpha(c) || isDigit(c), property('[\\p{L}\\p{N}]')],
  ascii: [(c) => c < WIDE],
  blank: [(c) => c === 9 || c === 32, isHorizontal],
  cntrl: [isCntrl, property('\\p{Cc}')],
  digit: [isDigit, property('\\p{Nd}')],
  graph: [
    isGraph,
    (c) => property('[^\\p{Z}\\p{C}]')(c) || (property('\\p{Cf}')(c) && c !== 0x61c && !mongolian(c)),
  ],
  print: [
    (c) => c === 32 || isGraph(c),
    (c) =>
      property('[^\\p{Zl}\\p{Zp}\\p{C}]')(c) ||
      (property('\\p{Cf}')(c) && c !== 0x61c && !(c >= 0x2066 && c <= 0x2069)),
  ],
  punct: [
    (c) => isGraph(c) && !isAlpha(c) && !isDigit(c),
    (c) => property('\\p{P}')(c) || (c < 128 && property('\\p{S}')(c)),
  ],
  space: [isSpace, unicodeSpace],
  word: [isWord, unicodeWord],
  xdigit: [(c) => isDigit(c) || inRange(65, 70)(c) || inRange(97, 102)(c)],
};

/** The test of a POSIX class, or undefined if there is none of that name. */
export function posixClass(name: string, ucp: boolean): Test | undefined {
  if (!Object.hasOwn(POSIX, name)) return undefined;
  const [latin1, unicode] = POSIX[name];
  return (ucp ? unicode : undefined) ?? latin1;
}

/** The test of \d, \s, \w, \h or \v (small letters). */
export function escapeClass(letter: string, ucp: boolean): Test {
  switch (letter) {
    case 'd':
      return ucp ? property('\\p{Nd}') : isDigit;
    case 's':
      return ucp ? unicodeSpace : isSpace;
    case 'w':
      return ucp ? unicodeWord : isWord;
    case 'h':
      return isHorizontal;
    default:
      return isVertical;
  }
}

const CATEGORY = /^(C[cfnos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/;

/** The test of \p{name}, or undefined if there is no such property. */
export function propertyClass(name: string): Test | undefined {
  switch (name) {
    case 'Any':
      return () => true;
    case 'L&':
      return property('[\\p{Ll}\\p{Lu}\\p{Lt}]');
    case 'Xan':
      return property('[\\p{L}\\p{N}]');
    case 'Xsp':
    case 'Xps':
      return unicodeSpace;
    case 'Xwd':
      return unicodeWord;
    case 'Xuc':
      return (c) => c === 0x24 || c === 0x40 || c === 0x60 || (c >= 0xa0 && (c < 0xd800 || c > 0xdfff));
  }
  if (CATEGORY.test(name)) return property(`\\p{${name}}`);
  try {
    return /^[A-Z][A-Za-z_]+$/.test(name) ? property(`\\p{Script=${name}}`) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a code point is a word character for \b. */
export const wordTest = (ucp: boolean): CharacterSet => CharacterSet.of(escapeClass('w', ucp));

let caseGroups: Map<number, number[]> | undefined;

/** All code points that have others that differ in case only, each with its group. */
function unicodeCaseGroups(): Map<number, number[]> {
  if (caseGroups !== undefined) return caseGroups;
  const byFold = new Map<number, number[]>();
  const single = (text: string, c: number): number => {
    const code = text.codePointAt(0)!;
    return text.length === (code > 0xffff ? 2 : 1) ? code : c;
  };
  for (let c = 65; c < 0x1f000; c++) {
    if (c === 0x3400) c = 0xa000;
    if (c === 0xac00) c = 0xf900;
    const text = String.fromCodePoint(c);
    const upper = single(text.toUpperCase(), c);
    const fold = single(String.fromCodePoint(upper).toLowerCase(), upper);
    // The dotless i folds to itself.
    if (c === 0x131 || (fold === c && upper === c)) continue;
    byFold.set(fold, [...(byFold.get(fold) ?? [fold]), ...(c === fold ? [] : [c])]);
  }
  caseGroups = new Map();
  for (const group of byFold.values()) for (const c of group) caseGroups.set(c, group);
  return caseGroups;
}

/** The code points that are equal to this one but for case, itself among them. */
export function caseVariants(c: number, unicode: boolean): readonly number[] {
  if (!unicode) {
    if (isUpper(c)) return [c, c + 32];
    return isLower(c) && isUpper(c - 32) ? [c, c - 32] : [c];
  }
  if (c < 128 && c !== 75 && c !== 107 && c !== 83 && c !== 115) {
    return isUpperAscii(c) ? [c, c + 32] : isLowerAscii(c) ? [c, c - 32] : [c];
  }
  return unicodeCaseGroups().get(c) ?? [c];
}

/** What is in a class: code points, ranges, and tests. */
export class ClassBuilder {
  private readonly ranges: [number, number][] = [];
  private readonly tests: Test[] = [];

  add(first: number, last = first): void {
    this.ranges.push([first, last]);
  }

  test(test: Test): void {
    this.tests.push(test);
  }

  /** The set, with the other case of what is in the ranges if it is caseless. */
  finish(negative: boolean, caseless: boolean, unicode: boolean): CharacterSet {
    const { ranges, tests } = this;
    const inRanges = (c: number) => ranges.some(([first, last]) => c >= first && c <= last);
    const plain: Test = (c) => inRanges(c) || tests.some((test) => test(c));
    const any: Test = caseless ? (c) => plain(c) || caseVariants(c, unicode).some(inRanges) : plain;
    return CharacterSet.of(negative ? (c) => !any(c) : any);
  }
}
