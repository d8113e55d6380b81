// Parses patterns: the syntax of PCRE 8, which OTP's re has.
import { PatternError, type PatternProblem } from './errors.js';
import type { Node, Repeat, Test, Verb } from './nodes.js';
import { type CompileOptions, Newline } from './options.js';
import { CharacterSet, ClassBuilder, caseVariants, escapeClass, posixClass, propertyClass } from './sets.js';

/** A parsed pattern. */
export interface Pattern {
  node: Node;
  /** Number of capturing groups. */
  groups: number;
  /** Groups by name; several if names may be duplicate. */
  names: Map<string, number[]>;
  /** The options, with what the pattern itself sets at its start. */
  options: CompileOptions;
  /** (*LIMIT_MATCH=n) */
  matchLimit?: number;
  /** Contains CR or LF as such. */
  hasNewlines: boolean;
}

/** Options that can change inside of a pattern. */
interface Inline {
  caseless: boolean;
  multiline: boolean;
  dotall: boolean;
  extended: boolean;
  ungreedy: boolean;
  dupnames: boolean;
  /** (?X): unknown escapes are errors. */
  extra: boolean;
}

const MAX_NESTING = 250;
const MAX_REPEAT = 65535;
const MAX_NAME = 32;
const END = -1;

const code = (text: string): number => text.charCodeAt(0);
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isWordCharacter = (c: number): boolean =>
  isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
const hexValue = (c: number): number => {
  if (isDigit(c)) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

const EMPTY: Node = { kind: 'sequence', items: [] };

/**
 * Parses a pattern.
 * @param text the code points of the pattern
 * @param positions where each starts in the pattern, in bytes; one more for the end
 */
export function parsePattern(text: ArrayLike<number>, positions: ArrayLike<number>, options: CompileOptions): Pattern {
  return new Parser(text, positions, options).parse();
}

class Parser {
  private at = 0;
  private depth = 0;
  private groups = 0;
  /** The highest group that is referred to, and where. */
  private readonly references: [group: number, at: number][] = [];
  private readonly nameReferences: [name: string, at: number, resolve: (groups: number[]) => void][] = [];
  private readonly names = new Map<string, number[]>();
  private readonly nameOf = new Map<number, string>();
  private readonly options: CompileOptions;
  private inline: Inline;
  private matchLimit: number | undefined;
  private hasNewlines = false;
  /** Number of groups where the last branch reset started, to find the names of equal numbers. */
  private quoting = false;

  constructor(
    private readonly text: ArrayLike<number>,
    private readonly positions: ArrayLike<number>,
    options: CompileOptions,
  ) {
    this.options = { ...options };
    this.inline = {
      caseless: options.caseless,
      multiline: options.multiline,
      dotall: options.dotall,
      extended: options.extended,
      ungreedy: options.ungreedy,
      dupnames: options.dupnames,
      extra: false,
    };
  }

  parse(): Pattern {
    this.leadingVerbs();
    const node = this.alternatives();
    if (this.at < this.text.length) this.fail('unmatched', this.at);
    for (const [group, at] of this.references) if (group > this.groups) this.fail('noSuchGroup', at);
    for (const [name, at, resolve] of this.nameReferences) {
      const groups = this.names.get(name);
      if (groups === undefined) this.fail('noSuchGroup', at);
      resolve(groups);
    }
    const { groups, names, options, matchLimit, hasNewlines } = this;
    return { node, groups, names, options, matchLimit, hasNewlines };
  }

  private fail(problem: PatternProblem, at = this.at): never {
    throw new PatternError(problem, this.positions[Math.min(at, this.text.length)]);
  }

  private peek(ahead = 0): number {
    const i = this.at + ahead;
    return i < this.text.length ? this.text[i] : END;
  }

  private is(text: string, ahead = 0): boolean {
    for (let i = 0; i < text.length; i++) if (this.peek(ahead + i) !== text.charCodeAt(i)) return false;
    return true;
  }

  private accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += text.length;
    return true;
  }

  /** (*UTF8), (*CRLF) and others that only a pattern can start with. */
  private leadingVerbs(): void {
    const { options } = this;
    const verbs: [string, () => void][] = [
      ['(*UTF8)', () => this.setUtf()],
      ['(*UTF)', () => this.setUtf()],
      ['(*UCP)', () => (options.ucp = true)],
      ['(*NO_AUTO_POSSESS)', () => {}],
      ['(*NO_START_OPT)', () => {}],
      ['(*CR)', () => (options.newline = Newline.Cr)],
      ['(*LF)', () => (options.newline = Newline.Lf)],
      ['(*CRLF)', () => (options.newline = Newline.CrLf)],
      ['(*ANYCRLF)', () => (options.newline = Newline.AnyCrLf)],
      ['(*ANY)', () => (options.newline = Newline.Any)],
      ['(*BSR_ANYCRLF)', () => (options.bsrAnyCrLf = true)],
      ['(*BSR_UNICODE)', () => (options.bsrAnyCrLf = false)],
    ];
    for (;;) {
      const verb = verbs.find(([name]) => this.accept(name));
      if (verb !== undefined) {
        verb[1]();
        continue;
      }
      const limit = ['(*LIMIT_MATCH=', '(*LIMIT_RECURSION='].find((name) => this.is(name));
      if (limit === undefined) return;
      let end = this.at + limit.length;
      let n = 0;
      while (end < this.text.length && isDigit(this.text[end])) n = n * 10 + this.text[end++] - 48;
      if (this.text[end] !== code(')')) return;
      this.at = end + 1;
      if (limit === '(*LIMIT_MATCH=') this.matchLimit = Math.min(n, this.matchLimit ?? n);
    }
  }

  private setUtf(): void {
    if (this.options.neverUtf) this.fail('utfDisabled', 0);
    this.options.unicode = true;
  }

  /** Branches up to a closing parenthesis or the end. Inline options hold to the end of the group. */
  private alternatives(reset = false): Node {
    if (++this.depth > MAX_NESTING) this.fail('tooDeep');
    const before = { ...this.inline };
    const first = this.groups;
    let most = first;
    const branches: Node[] = [];
    do {
      if (reset) {
        most = Math.max(most, this.groups);
        this.groups = first;
      }
      branches.push(this.branch());
    } while (this.accept('|'));
    if (reset) this.groups = Math.max(most, this.groups);
    this.inline = before;
    this.depth--;
    return branches.length === 1 ? branches[0] : { kind: 'choice', branches };
  }

  private branch(): Node {
    const items: Node[] = [];
    for (;;) {
      this.skipComments();
      const c = this.peek();
      if (c === END) break;
      if (!this.quoting && (c === code('|') || c === code(')'))) break;
      const start = this.at;
      const item = this.item();
      if (item !== undefined) items.push(this.quantified(item, start));
    }
    return items.length === 1 ? items[0] : { kind: 'sequence', items };
  }

  /** Blanks and comments where `extended` is on, (?#…), and \Q and \E. */
  private skipComments(): void {
    for (;;) {
      if (this.quoting) {
        if (!this.accept('\\E')) return;
        this.quoting = false;
      } else if (this.accept('\\Q')) {
        if (this.peek() !== END) this.quoting = true;
      } else if (this.accept('\\E')) {
        // An end of nothing.
      } else if (this.accept('(?#')) {
        while (this.peek() !== code(')')) {
          if (this.peek() === END) this.fail('commentEnd');
          this.at++;
        }
        this.at++;
      } else if (this.inline.extended && isExtendedSpace(this.peek())) this.at++;
      else if (this.inline.extended && this.peek() === code('#')) {
        while (this.peek() !== END) {
          const length = this.newlineAt();
          if (length > 0) {
            this.at += length;
            break;
          }
          this.at++;
        }
      } else return;
    }
  }

  /** Length of the newline here, by the convention of the pattern. */
  private newlineAt(): number {
    const c = this.peek();
    const crlf = c === 13 && this.peek(1) === 10;
    switch (this.options.newline) {
      case Newline.Lf:
        return c === 10 ? 1 : 0;
      case Newline.Cr:
        return c === 13 ? 1 : 0;
      case Newline.CrLf:
        return crlf ? 2 : 0;
      case Newline.AnyCrLf:
        return crlf ? 2 : c === 10 || c === 13 ? 1 : 0;
      default:
        if (crlf) return 2;
        return (c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029 ? 1 : 0;
    }
  }

  /** An item; undefined: something that leaves nothing to match (inline options). */
  private item(): Node | undefined {
    const c = this.peek();
    if (this.quoting) {
      this.at++;
      return this.character(c);
    }
    switch (c) {
      case code('^'):
        this.at++;
        return { kind: 'position', at: this.inline.multiline ? 'lineStart' : 'subjectStart' };
      case code('$'):
        this.at++;
        if (this.inline.multiline) return { kind: 'position', at: 'lineEnd' };
        return { kind: 'position', at: this.options.dollarEndOnly ? 'dollarEnd' : 'dollar' };
      case code('.'):
        this.at++;
        return { kind: this.inline.dotall ? 'any' : 'notNewline' };
      case code('['):
        return this.characterClass();
      case code('('):
        return this.group();
      case code('\\'):
        return this.escape();
      case code('*'):
      case code('+'):
      case code('?'):
        this.at++;
        return this.fail('nothingToRepeat', this.at);
      case code('{'): {
        const range = this.range();
        if (range !== undefined) this.fail('nothingToRepeat', this.at);
      }
    }
    this.at++;
    return this.character(c);
  }

  private character(c: number): Node {
    if (c === 10 || c === 13) this.hasNewlines = true;
    if (!this.inline.caseless) return { kind: 'char', code: c };
    const variants = caseVariants(c, this.options.unicode);
    if (variants.length === 1) return { kind: 'char', code: c };
    return { kind: 'set', set: CharacterSet.of((d) => variants.includes(d)) };
  }

  /** {n}, {n,} or {n,m} here, and past it; undefined: it is none. */
  private range(): [number, number] | undefined {
    const number = (): number | undefined => {
      if (!isDigit(this.text[i])) return undefined;
      let n = 0;
      while (i < this.text.length && isDigit(this.text[i])) n = Math.min(n * 10 + this.text[i++] - 48, 1e9);
      return n;
    };
    let i = this.at + 1;
    const min = number();
    if (min === undefined) return undefined;
    let max: number | undefined = min;
    if (this.text[i] === code(',')) {
      i++;
      max = number() ?? Number.POSITIVE_INFINITY;
    }
    if (this.text[i] !== code('}')) return undefined;
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) {
      this.fail('quantifierTooBig', this.quantifierErrorAt(min));
    }
    this.at = i + 1;
    if (max < min) this.fail('quantifierOrder', i);
    return [min, max];
  }

  /** Behind the number that is too big. */
  private quantifierErrorAt(min: number): number {
    let i = this.at + 1;
    while (isDigit(this.text[i])) i++;
    if (min <= MAX_REPEAT) {
      i++;
      while (isDigit(this.text[i])) i++;
    }
    return i;
  }

  private quantified(item: Node, start: number): Node {
    if (this.quoting) return item;
    this.skipComments();
    if (this.quoting) return item;
    let min = 0;
    let max = Number.POSITIVE_INFINITY;
    const c = this.peek();
    if (c === code('*')) this.at++;
    else if (c === code('+')) {
      this.at++;
      min = 1;
    } else if (c === code('?')) {
      this.at++;
      max = 1;
    } else if (c === code('{')) {
      const range = this.range();
      if (range === undefined) return item;
      [min, max] = range;
    } else return item;
    if (!isRepeatable(item)) this.fail('nothingToRepeat', this.at);
    let how: Repeat = this.inline.ungreedy ? 'lazy' : 'greedy';
    if (this.accept('?')) how = this.inline.ungreedy ? 'greedy' : 'lazy';
    else if (this.accept('+')) how = 'possessive';
    if (item.kind === 'condition' && item.test.kind === 'define') this.fail('defineRepeat', this.at);
    // An assertion matches or does not: more than once is once.
    if (item.kind === 'look') {
      min = Math.min(min, 1);
      max = Math.min(max, 1);
    }
    const repeated: Node = { kind: 'repeat', body: item, min, max, how };
    return this.quantified2(repeated, start);
  }

  /** A quantifier behind a quantifier has nothing to repeat. */
  private quantified2(item: Node, _start: number): Node {
    this.skipComments();
    if (this.quoting) return item;
    const c = this.peek();
    if (c === code('*') || c === code('+') || c === code('?')) this.fail('nothingToRepeat', this.at + 1);
    if (c === code('{') && this.range() !== undefined) this.fail('nothingToRepeat', this.at);
    return item;
  }

  // ---- Escapes

  private escape(): Node {
    const start = this.at;
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('backslashAtEnd');
    const letter = String.fromCodePoint(c);
    const { ucp } = this.options;
    switch (letter) {
      case 'A':
        return this.position('subjectStart', 1);
      case 'Z':
        return this.position('lastLineEnd', 1);
      case 'z':
        return this.position('subjectEnd', 1);
      case 'G':
        return this.position('matchStart', 1);
      case 'b':
        return this.position('wordBoundary', 1);
      case 'B':
        return this.position('notWordBoundary', 1);
      case 'C':
        this.at++;
        return { kind: 'unit' };
      case 'K':
        this.at++;
        return { kind: 'keep' };
      case 'N':
        if (this.peek(1) === code('{') && !this.isRangeAt(1)) this.fail('perlCase', this.at + 1);
        this.at++;
        return { kind: 'notNewline' };
      case 'R':
        this.at++;
        return { kind: 'newline' };
      case 'X':
        this.at++;
        return { kind: 'cluster' };
      case 'd':
      case 's':
      case 'w':
      case 'h':
      case 'v':
        this.at++;
        return { kind: 'set', set: CharacterSet.of(escapeClass(letter, ucp)) };
      case 'D':
      case 'S':
      case 'W':
      case 'H':
      case 'V': {
        this.at++;
        const test = escapeClass(letter.toLowerCase(), ucp);
        return { kind: 'set', set: CharacterSet.of((d) => !test(d)) };
      }
      case 'p':
      case 'P': {
        const test = this.property();
        return { kind: 'set', set: CharacterSet.of(test) };
      }
      case 'g':
        return this.groupReference(start);
      case 'k':
        return this.nameReference();
    }
    if (isDigit(c) && c !== 48) {
      const reference = this.numberedReference();
      if (reference !== undefined) return reference;
    }
    return this.character(this.escapedCharacter(false));
  }

  private position(at: (Node & { kind: 'position' })['at'], length: number): Node {
    this.at += length;
    return { kind: 'position', at };
  }

  private isRangeAt(ahead: number): boolean {
    const at = this.at;
    this.at += ahead;
    const found = /^\{\d+(,\d*)?\}/.test(this.slice(this.at, this.at + 16));
    this.at = at;
    return found;
  }

  private slice(from: number, to: number): string {
    let text = '';
    for (let i = from; i < Math.min(to, this.text.length); i++) text += String.fromCodePoint(this.text[i]);
    return text;
  }

  /** \1 and so on, if it is a reference and no octal number. */
  private numberedReference(): Node | undefined {
    let i = this.at;
    let n = 0;
    while (isDigit(this.text[i])) {
      n = n * 10 + this.text[i++] - 48;
      if (n > 2147483647) this.fail('numberTooBig', i);
    }
    if (n >= 10 && n > this.groups) return undefined;
    this.at = i;
    return this.back([n]);
  }

  private back(groups: number[]): Node {
    for (const group of groups) this.references.push([group, this.at]);
    return { kind: 'back', groups, caseless: this.inline.caseless };
  }

  /** \g in its forms: a reference backwards, or (with angle brackets or quotes) a call. */
  private groupReference(start: number): Node {
    this.at++;
    const open = this.peek();
    if (open === code('<') || open === code("'")) {
      const close = open === code('<') ? code('>') : open;
      this.at++;
      const c = this.peek();
      if (isDigit(c) || c === code('+') || c === code('-')) {
        const group = this.relativeNumber();
        if (this.peek() !== close) this.fail('referenceSyntax');
        this.at++;
        return this.call(group);
      }
      const name = this.name(close);
      return this.callByName(name);
    }
    const braced = this.accept('{');
    const c = this.peek();
    if (braced && !isDigit(c) && c !== code('-') && c !== code('+')) {
      const name = this.name(code('}'));
      return this.backByName(name);
    }
    const negative = this.accept('-');
    if (!isDigit(this.peek())) this.fail('referenceSyntax', braced ? this.at : start + 2);
    let n = 0;
    while (isDigit(this.peek())) {
      n = n * 10 + this.peek() - 48;
      this.at++;
      if (n > 2147483647) this.fail('numberTooBig');
    }
    if (braced && !this.accept('}')) this.fail('referenceSyntax');
    if (n === 0) this.fail('referenceZero');
    if (!negative) return this.back([n]);
    if (n > this.groups) this.fail('noSuchGroup');
    return this.back([this.groups - n + 1]);
  }

  /** \k<name>, \k'name', \k{name} */
  private nameReference(): Node {
    this.at++;
    const closes: Record<number, string> = { [code('<')]: '>', [code("'")]: "'", [code('{')]: '}' };
    const close = closes[this.peek()];
    if (close === undefined) this.fail('nameReferenceSyntax');
    this.at++;
    return this.backByName(this.name(code(close)));
  }

  private backByName(name: string): Node {
    const node: Node & { kind: 'back' } = { kind: 'back', groups: [], caseless: this.inline.caseless };
    this.nameReferences.push([name, this.at, (groups) => (node.groups = groups)]);
    return node;
  }

  private call(group: number): Node {
    this.references.push([group, this.at]);
    return { kind: 'call', group };
  }

  private callByName(name: string): Node {
    const node: Node & { kind: 'call' } = { kind: 'call', group: 0 };
    this.nameReferences.push([name, this.at, (groups) => (node.group = groups[0])]);
    return node;
  }

  /** A number, counted from here if it has a sign. */
  private relativeNumber(): number {
    const plus = this.accept('+');
    const minus = !plus && this.accept('-');
    let n = 0;
    if (!isDigit(this.peek())) this.fail(plus ? 'digitExpected' : 'groupStart');
    while (isDigit(this.peek())) {
      n = n * 10 + this.peek() - 48;
      this.at++;
      if (n > 2147483647) this.fail('numberTooBig');
    }
    if (!plus && !minus) return n;
    if (n === 0) this.fail('referenceZero');
    if (plus) return this.groups + n;
    if (n > this.groups) this.fail('noSuchGroup');
    return this.groups - n + 1;
  }

  /** The name up to the closing character, and past that. */
  private name(close: number): string {
    const start = this.at;
    if (isDigit(this.peek())) this.fail('nameDigit');
    while (isWordCharacter(this.peek())) this.at++;
    const name = this.slice(start, this.at);
    if (name === '') this.fail('nameExpected');
    if (this.peek() !== close) this.fail('nameEnd');
    if (name.length > MAX_NAME) this.fail('nameTooLong');
    this.at++;
    return name;
  }

  /** The test of \p or \P. */
  private property(): (c: number) => boolean {
    let negative = this.peek() === code('P');
    this.at++;
    let name: string;
    if (this.accept('{')) {
      if (this.accept('^')) negative = !negative;
      const start = this.at;
      while (this.peek() !== code('}')) {
        if (this.peek() === END || this.at - start > 60) this.fail('badProperty');
        this.at++;
      }
      name = this.slice(start, this.at);
      this.at++;
    } else {
      if (this.peek() === END) this.fail('badProperty');
      name = String.fromCodePoint(this.peek());
      this.at++;
    }
    const test = propertyClass(name);
    if (test === undefined) this.fail('unknownProperty');
    return negative ? (c) => !test(c) : test;
  }

  /** The character that an escape stands for; the backslash has been read. */
  private escapedCharacter(inClass: boolean): number {
    const c = this.peek();
    const letter = String.fromCodePoint(c);
    switch (letter) {
      case 'a':
        this.at++;
        return 7;
      case 'e':
        this.at++;
        return 27;
      case 'f':
        this.at++;
        return 12;
      case 'n':
        this.at++;
        return 10;
      case 'r':
        this.at++;
        return 13;
      case 't':
        this.at++;
        return 9;
      case 'c':
        return this.control();
      case 'x':
        return this.hexadecimal();
      case 'o':
        return this.octalInBraces();
      case 'L':
      case 'l':
      case 'N':
      case 'U':
      case 'u':
        return this.fail('perlCase', this.at + 1);
    }
    if (isDigit(c)) return this.octal(inClass);
    const known = isWordCharacter(c) && c !== 95;
    if (known && this.inline.extra) this.fail('unknownEscape', this.at + 1);
    this.at++;
    return c;
  }

  private control(): number {
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('controlAtEnd');
    if (c > 127) this.fail('controlCharacter');
    this.at++;
    return (c >= 97 && c <= 122 ? c - 32 : c) ^ 64;
  }

  private checked(c: number): number {
    if (c > (this.options.unicode ? 0x10ffff : 255)) this.fail('characterTooLarge');
    if (this.options.unicode && c >= 0xd800 && c <= 0xdfff) this.fail('surrogate');
    return c;
  }

  private hexadecimal(): number {
    this.at++;
    let c = 0;
    if (this.peek() === code('{')) {
      let i = 1;
      while (hexValue(this.peek(i)) >= 0) {
        c = Math.min(c * 16 + hexValue(this.peek(i)), 0x7fffffff);
        i++;
        if (c > (this.options.unicode ? 0x10ffff : 255)) {
          while (hexValue(this.peek(i)) >= 0) i++;
          this.at += i;
          this.fail('characterTooLarge');
        }
      }
      if (i === 1) {
        this.at += 1;
        this.fail(this.peek() === code('}') ? 'noDigits' : 'hexDigits', this.peek() === code('}') ? this.at + 1 : this.at);
      }
      if (this.peek(i) !== code('}')) this.fail('hexDigits', this.at + i);
      this.at += i + 1;
      return this.checked(c);
    }
    for (let i = 0; i < 2 && hexValue(this.peek()) >= 0; i++) c = c * 16 + hexValue(this.text[this.at++]);
    return c;
  }

  private octalInBraces(): number {
    this.at++;
    if (!this.accept('{')) this.fail('octalBrace');
    if (this.accept('}')) this.fail('noDigits');
    let c = 0;
    while (this.peek() >= 48 && this.peek() <= 55) {
      c = Math.min(c * 8 + this.peek() - 48, 0x7fffffff);
      this.at++;
    }
    if (c > (this.options.unicode ? 0x10ffff : 255)) this.fail('characterTooLarge');
    if (!this.accept('}')) this.fail('octalDigits');
    return this.checked(c);
  }

  /** Up to three octal digits; 8 and 9 stand for themselves. */
  private octal(inClass: boolean): number {
    const first = this.peek();
    if (first >= 56) {
      this.at++;
      return inClass ? first : first;
    }
    let c = 0;
    for (let i = 0; i < 3 && this.peek() >= 48 && this.peek() <= 55; i++) c = c * 8 + this.text[this.at++] - 48;
    if (!this.options.unicode && c > 255) this.fail('octalTooBig');
    return c;
  }

  // ---- Character classes

  private characterClass(): Node {
    const start = this.at;
    const boundary = this.is('[[:<:]]') ? 'start' : this.is('[[:>:]]') ? 'end' : undefined;
    if (boundary !== undefined) {
      this.at += 7;
      return wordEdge(boundary, this.options.ucp);
    }
    const posix = this.posixAt(start);
    if (posix !== undefined) this.fail(posix === ':' ? 'posixOutside' : 'posixCollating', start);
    this.at++;
    const { unicode, ucp } = this.options;
    const negative = this.accept('^');
    const builder = new ClassBuilder();
    let first = true;
    let quoting = false;
    for (; ; first = false) {
      const c = this.peek();
      if (c === END) this.fail('classEnd');
      if (quoting) {
        if (this.accept('\\E')) {
          quoting = false;
          continue;
        }
      } else if (this.accept('\\Q')) {
        quoting = true;
        continue;
      } else if (this.accept('\\E')) continue;
      else if (c === code(']') && !first) break;
      else if (c === code('[')) {
        const kind = this.posixAt(this.at);
        if (kind !== undefined) {
          if (kind !== ':') this.fail('posixCollating', this.at);
          builder.test(this.posix(ucp));
          continue;
        }
      }
      const from = this.classItem(builder, quoting);
      if (from === undefined) {
        if (!quoting && this.peek() === code('-') && this.peek(1) !== code(']') && this.peek(1) !== END) {
          // A hyphen behind a class stands for itself, but nothing can follow that looks like a range.
          const at = this.at;
          this.at++;
          if (this.peek() === code('\\') || this.peek() !== END) this.at = at;
        }
        continue;
      }
      let to = from;
      const quotedEnd = quoting && this.is('\\E-');
      if ((!quoting && this.peek() === code('-')) || quotedEnd) {
        const at = this.at;
        if (quotedEnd) {
          this.at += 2;
          quoting = false;
        }
        this.at++;
        while (this.accept('\\E')) {}
        let quoted = false;
        if (this.accept('\\Q')) quoted = true;
        const next = this.peek();
        if (next === code(']') || next === END) this.at = at + (quotedEnd ? 2 : 0);
        else if (!quoted && next === code('[') && this.posixAt(this.at) !== undefined) this.fail('badRange', this.at - 1);
        else {
          quoting = quoted;
          const end = this.classItem(new ClassBuilder(), quoted);
          if (end === undefined) this.fail('badRange', this.at - 1);
          if (end < from) this.fail('rangeOrder', this.at - 1);
          to = end;
        }
      }
      if ((from <= 10 && to >= 10) || (from <= 13 && to >= 13)) this.hasNewlines = true;
      builder.add(from, to);
    }
    this.at++;
    const set = builder.finish(negative, this.inline.caseless, unicode);
    return { kind: 'set', set };
  }

  /** `:`, `.` or `=` if there is something that looks like a POSIX class at `at`. */
  private posixAt(at: number): string | undefined {
    const kind = this.text[at + 1];
    if (this.text[at] !== code('[') || (kind !== code(':') && kind !== code('.') && kind !== code('='))) return undefined;
    for (let i = at + 2; i < this.text.length - 1; i++) {
      const c = this.text[i];
      if (c === code('\\') && (this.text[i + 1] === code(']') || this.text[i + 1] === code('\\'))) i++;
      else if ((c === code('[') && this.text[i + 1] === kind) || c === code(']')) return undefined;
      else if (c === kind && this.text[i + 1] === code(']')) return String.fromCodePoint(kind);
    }
    return undefined;
  }

  private posix(ucp: boolean): (c: number) => boolean {
    const start = this.at;
    this.at += 2;
    const negative = this.accept('^');
    const from = this.at;
    while (this.peek() !== code(':')) this.at++;
    let name = this.slice(from, this.at);
    // Without regard to case, lower and upper are all letters.
    if (this.inline.caseless && (name === 'lower' || name === 'upper')) name = 'alpha';
    const test = posixClass(name, ucp);
    if (test === undefined) this.fail('posixName', start);
    this.at += 2;
    return negative ? (c) => !test(c) : test;
  }

  /** A character of a class; undefined: it was a class by itself, and is in the builder. */
  private classItem(builder: ClassBuilder, quoting: boolean): number | undefined {
    const c = this.peek();
    if (quoting || c !== code('\\')) {
      this.at++;
      return c;
    }
    this.at++;
    const next = this.peek();
    if (next === END) this.fail('backslashAtEnd');
    const letter = String.fromCodePoint(next);
    const { ucp } = this.options;
    switch (letter) {
      case 'b':
        this.at++;
        return 8;
      case 'd':
      case 's':
      case 'w':
      case 'h':
      case 'v':
        this.at++;
        builder.test(escapeClass(letter, ucp));
        return undefined;
      case 'D':
      case 'S':
      case 'W':
      case 'H':
      case 'V': {
        this.at++;
        const test = escapeClass(letter.toLowerCase(), ucp);
        builder.test((d) => !test(d));
        return undefined;
      }
      case 'p':
      case 'P':
        builder.test(this.property());
        return undefined;
      case 'N':
        return this.fail('notNewlineInClass', this.at + 1);
      case 'B':
      case 'R':
      case 'X':
        if (this.inline.extra || letter !== '') this.fail('classEscape', this.at + 1);
    }
    return this.escapedCharacter(true);
  }

  // ---- Groups

  private group(): Node | undefined {
    const start = this.at;
    this.at++;
    if (this.peek() === code('*')) {
      const verb = this.verb();
      if (verb !== undefined) return verb;
    }
    if (this.peek() !== code('?')) {
      if (this.options.noAutoCapture) return this.close(this.alternatives(), start);
      return this.capture(start);
    }
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('groupStart');
    switch (String.fromCodePoint(c)) {
      case ':':
        this.at++;
        return this.close(grouped(this.alternatives()), start);
      case '|':
        this.at++;
        return this.close(grouped(this.alternatives(true)), start);
      case '>':
        this.at++;
        return this.close({ kind: 'atomic', body: this.alternatives() }, start);
      case '=':
      case '!':
        this.at++;
        return this.look(true, c === code('!'), start);
      case '<':
        return this.angle(start);
      case "'":
        this.at++;
        return this.namedCapture(code("'"), start);
      case 'P':
        return this.python(start);
      case '(':
        return this.condition(start);
      case 'R':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
      case '+':
        return this.recursion();
      case '&':
        this.at++;
        return this.callByName(this.name(code(')')));
      case 'C':
        return this.callout();
      case '-':
        if (isDigit(this.peek(1))) return this.recursion();
    }
    return this.inlineOptions(start);
  }

  /** The group is closed here. */
  private close(node: Node, _start: number): Node {
    if (!this.accept(')')) this.fail('missingParenthesis');
    return node;
  }

  private capture(start: number, name?: string): Node {
    const group = ++this.groups;
    if (name !== undefined) this.bind(name, group);
    const body = this.alternatives();
    return this.close({ kind: 'capture', group, body }, start);
  }

  private bind(name: string, group: number): void {
    const other = this.nameOf.get(group);
    if (other !== undefined && other !== name) this.fail('otherName');
    this.nameOf.set(group, name);
    const groups = this.names.get(name);
    if (groups === undefined) this.names.set(name, [group]);
    else if (!groups.includes(group)) {
      if (!this.inline.dupnames) this.fail('sameName');
      groups.push(group);
    }
  }

  private namedCapture(close: number, start: number): Node {
    const name = this.name(close);
    return this.capture(start, name);
  }

  private angle(start: number): Node {
    const next = this.peek(1);
    if (next === code('=') || next === code('!')) {
      this.at += 2;
      return this.look(false, next === code('!'), start);
    }
    this.at++;
    if (next === END || (!isWordCharacter(next) && next !== code('>'))) this.fail('afterAngle');
    return this.namedCapture(code('>'), start);
  }

  private look(ahead: boolean, negative: boolean, start: number): Node {
    // (?!) always fails.
    if (ahead && negative && this.accept(')')) return { kind: 'verb', verb: 'fail' };
    const body = this.alternatives();
    const node: Node = { kind: 'look', ahead, negative, body };
    const closed = this.close(node, start);
    if (!ahead) this.checkLengths(body);
    return closed;
  }

  /** Every branch of a lookbehind has to have a length of its own. */
  private checkLengths(body: Node): void {
    for (const branch of branchesOf(body)) {
      const length = fixedLength(branch, this.options.unicode);
      if (length === 'unit') this.fail('unitInLookbehind');
      if (length === undefined) this.fail('lookbehindLength');
    }
  }

  /** (?P<name>…), (?P=name), (?P>name) */
  private python(start: number): Node {
    this.at++;
    if (this.accept('<')) return this.namedCapture(code('>'), start);
    if (this.accept('=')) return this.backByName(this.name(code(')')));
    if (this.accept('>')) return this.callByName(this.name(code(')')));
    return this.fail('afterP', this.at);
  }

  /** (?R), (?1), (?-1), (?+1) */
  private recursion(): Node {
    if (this.accept('R')) {
      if (!this.accept(')')) this.fail('recursionEnd');
      return this.call(0);
    }
    const group = this.relativeNumber();
    if (!this.accept(')')) this.fail('recursionEnd');
    return this.call(group);
  }

  private callout(): undefined {
    this.at++;
    let n = 0;
    while (isDigit(this.peek())) {
      n = Math.min(n * 10 + this.peek() - 48, 100000);
      this.at++;
    }
    if (this.peek() !== code(')')) this.fail('calloutEnd');
    if (n > 255) this.fail('calloutNumber');
    this.at++;
    return undefined;
  }

  /** (?i), (?i-s), (?i:…) */
  private inlineOptions(start: number): Node | undefined {
    const changed: Inline = { ...this.inline };
    let value = true;
    for (; ; this.at++) {
      const c = this.peek();
      if (c === END) this.fail('groupStart');
      const letter = String.fromCodePoint(c);
      if (letter === ')' || letter === ':') break;
      switch (letter) {
        case '-':
          value = false;
          break;
        case 'i':
          changed.caseless = value;
          break;
        case 'm':
          changed.multiline = value;
          break;
        case 's':
          changed.dotall = value;
          break;
        case 'x':
          changed.extended = value;
          break;
        case 'U':
          changed.ungreedy = value;
          break;
        case 'J':
          changed.dupnames = value;
          break;
        case 'X':
          changed.extra = value;
          break;
        default:
          this.fail('groupStart', this.at + 1);
      }
    }
    if (this.accept(')')) {
      this.inline = changed;
      return undefined;
    }
    this.at++;
    const before = this.inline;
    this.inline = changed;
    const body = this.alternatives();
    this.inline = before;
    return this.close(grouped(body), start);
  }

  // ---- Conditions

  private condition(start: number): Node {
    this.at++;
    const test = this.test();
    const first = this.groups;
    const body = this.alternatives();
    void first;
    const branches = body.kind === 'choice' ? body.branches : [body];
    if (test.kind === 'define' && branches.length > 1) this.fail('defineBranches');
    if (branches.length > 2) this.fail('conditionBranches');
    const node: Node = { kind: 'condition', test, yes: branches[0], no: branches[1] ?? EMPTY };
    return this.close(node, start);
  }

  /** What is behind (?( ; the opening parenthesis has been read. */
  private test(): Test {
    if (this.is('?=') || this.is('?!') || this.is('?<=') || this.is('?<!')) {
      this.at--;
      const look = this.group();
      if (look?.kind === 'look') return { kind: 'look', look };
      // (?!) never holds back anything.
      return { kind: 'look', look: { kind: 'look', ahead: true, negative: true, body: EMPTY } };
    }
    if (this.is('?')) this.fail('conditionAssertion', this.at + 1);
    const c = this.peek();
    if (isDigit(c) || c === code('+') || c === code('-')) {
      if ((c === code('+') || c === code('-')) && !isDigit(this.peek(1))) this.fail('conditionName');
      const at = this.at;
      const group = this.conditionNumber();
      if (!this.accept(')')) this.fail('conditionName');
      if (group === 0) this.fail('conditionZero', at + 1);
      this.references.push([group, this.at - 1]);
      return { kind: 'group', groups: [group] };
    }
    if (this.accept('<')) return this.testByName(code('>'));
    if (this.accept("'")) return this.testByName(code("'"));
    return this.testByWord();
  }

  private conditionNumber(): number {
    const sign = this.peek();
    const n0 = this.at;
    if (!isDigit(sign)) this.at++;
    let n = 0;
    while (isDigit(this.peek())) {
      n = n * 10 + this.peek() - 48;
      this.at++;
      if (n > 2147483647) this.fail('numberTooBig', this.at);
    }
    if (isDigit(sign)) return n;
    if (n === 0) return 0;
    if (sign === code('+')) return this.groups + n;
    if (n > this.groups) this.fail('noSuchGroup', n0);
    return this.groups - n + 1;
  }

  private testByName(close: number): Test {
    const name = this.name(close);
    if (!this.accept(')')) this.fail('conditionName');
    return this.namedTest(name);
  }

  private namedTest(name: string): Test {
    const test: Test = { kind: 'group', groups: [] };
    this.nameReferences.push([name, this.at - 1, (groups) => (test.groups = groups)]);
    return test;
  }

  /** (?(R)…), (?(R1)…), (?(R&name)…), (?(DEFINE)…), (?(name)…) */
  private testByWord(): Test {
    const start = this.at;
    if (this.accept('R&')) {
      const name = this.name(code(')'));
      const test: Test = { kind: 'recursion', group: 0 };
      this.nameReferences.push([name, this.at - 1, (groups) => (test.group = groups[0])]);
      return test;
    }
    while (isWordCharacter(this.peek())) this.at++;
    const word = this.slice(start, this.at);
    if (word === '' || !this.accept(')')) this.fail('conditionName', Math.max(this.at, start));
    if (this.names.has(word)) return this.namedTest(word);
    if (word === 'R') return { kind: 'recursion' };
    if (/^R\d+$/.test(word)) {
      const group = Number(word.slice(1));
      this.references.push([group, this.at - 1]);
      return { kind: 'recursion', group };
    }
    if (word === 'DEFINE') return { kind: 'define' };
    return this.namedTest(word);
  }

  // ---- Verbs

  private verb(): Node | undefined {
    // (*a is no verb, and * has nothing to repeat.
    const next = this.peek(1);
    if (next !== code(':') && !(next >= 65 && next <= 90) && !(next >= 97 && next <= 122)) return undefined;
    this.at++;
    const start = this.at;
    while (isWordCharacter(this.peek())) this.at++;
    const word = this.slice(start, this.at);
    let name: string | undefined;
    if (this.accept(':')) {
      const from = this.at;
      while (this.peek() !== END && this.peek() !== code(')')) this.at++;
      name = this.slice(from, this.at);
    }
    if (this.peek() !== code(')')) this.fail('badVerb');
    const verbs: Record<string, Verb> = {
      ACCEPT: 'accept',
      F: 'fail',
      FAIL: 'fail',
      COMMIT: 'commit',
      PRUNE: 'prune',
      SKIP: 'skip',
      THEN: 'then',
    };
    if (word === 'MARK' || word === '') {
      if (name === undefined || name === '') this.fail('markArgument', this.at + 1);
      this.at++;
      return EMPTY;
    }
    if (!Object.hasOwn(verbs, word)) this.fail('badVerb');
    const verb = verbs[word];
    if (name !== undefined && (verb === 'accept' || verb === 'fail' || verb === 'commit')) {
      this.fail('verbArgument', this.at + 1);
    }
    this.at++;
    return { kind: 'verb', verb, name: name === '' ? undefined : name };
  }
}

function isExtendedSpace(c: number): boolean {
  return (c >= 9 && c <= 13) || c === 32;
}

/** A group that is none of its own still is one item. */
function grouped(node: Node): Node {
  return node;
}

/** What a quantifier can stand behind. */
function isRepeatable(node: Node): boolean {
  return node.kind !== 'position' && node.kind !== 'keep' && node.kind !== 'verb';
}

export function branchesOf(node: Node): Node[] {
  return node.kind === 'choice' ? node.branches : [node];
}

/** The one edge of a word that [[:<:]] and [[:>:]] stand for. */
function wordEdge(edge: 'start' | 'end', ucp: boolean): Node {
  const word: Node = { kind: 'set', set: CharacterSet.of(escapeClass('w', ucp)) };
  return {
    kind: 'sequence',
    items: [
      { kind: 'position', at: 'wordBoundary' },
      { kind: 'look', ahead: edge === 'start', negative: false, body: word },
    ],
  };
}

/** How many characters a node matches; undefined if that differs; 'unit' if it has \C with Unicode. */
export function fixedLength(node: Node, unicode: boolean): number | 'unit' | undefined {
  switch (node.kind) {
    case 'char':
    case 'set':
    case 'any':
    case 'notNewline':
      return 1;
    case 'unit':
      return unicode ? 'unit' : 1;
    case 'sequence': {
      let sum = 0;
      for (const item of node.items) {
        const length = fixedLength(item, unicode);
        if (typeof length !== 'number') return length;
        sum += length;
      }
      return sum;
    }
    case 'choice': {
      const lengths = node.branches.map((branch) => fixedLength(branch, unicode));
      return lengths.includes('unit') ? 'unit' : lengths.every((l) => l === lengths[0]) ? lengths[0] : undefined;
    }
    case 'capture':
    case 'atomic':
      return fixedLength(node.body, unicode);
    case 'repeat': {
      const length = fixedLength(node.body, unicode);
      if (typeof length !== 'number') return length;
      return node.min === node.max ? length * node.min : undefined;
    }
    case 'condition': {
      if (node.test.kind === 'define') return 0;
      const yes = fixedLength(node.yes, unicode);
      return yes === fixedLength(node.no, unicode) ? yes : undefined;
    }
    case 'look':
    case 'position':
    case 'keep':
    case 'verb':
      return 0;
    default:
      return undefined;
  }
}
