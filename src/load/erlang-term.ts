// Erlang terms as text: what a user types on the command line and what a listing is made of.
import { MAX_ATOM_CHARACTERS } from '../terms/atoms.js';
import { BINARY_TYPES, BitWriter, encodeUtf, SEGMENT_TYPES, UTF_TYPES } from './bit-writer.js';
import { encodeTerm } from './encode-term.js';

export { encodeTerm } from './encode-term.js';

/** A literal term. Strings are lists of integers. */
export type TermAst =
  | { kind: 'atom'; name: string }
  | { kind: 'integer'; value: bigint }
  | { kind: 'float'; value: number }
  | { kind: 'list'; items: TermAst[]; tail?: TermAst } // no tail: a proper list
  | { kind: 'tuple'; items: TermAst[] }
  | { kind: 'map'; pairs: [TermAst, TermAst][] }
  | { kind: 'bitstring'; bytes: Uint8Array; bits: number } // size in bits; the last byte is padded with zeros
  | { kind: 'fun'; module: string; name: string; arity: number };

/** A call as text: `fib:run(30)`. */
export interface Call {
  module: string;
  name: string;
  /** Arguments in external term format, with the leading 131. */
  args: Uint8Array[];
}

/** A form of a listing, with the line it starts on. */
export interface Form {
  term: TermAst;
  line: number;
}

/** Text that is not a literal term. The message is one line: line, column, what is wrong there. */
export class TermSyntaxError extends Error {
  /** @param line, column both count from 1 */
  constructor(
    readonly line: number,
    readonly column: number,
    what: string,
  ) {
    super(`line ${line}, column ${column}: ${what}`);
    this.name = 'TermSyntaxError';
  }
}

/** Deepest nesting of terms; keeps hostile text from overflowing the stack. */
const MAX_DEPTH = 1000;
/** Longest integer and largest binary, so that a short text cannot ask for gigabytes. */
const MAX_DIGITS = 100_000;
const MAX_BITS = 1 << 30;

const RESERVED = new Set(
  (
    'after and andalso band begin bnot bor bsl bsr bxor case catch cond div else end fun if let maybe not of or ' +
    'orelse receive rem try when xor'
  ).split(' '),
);
// These became reserved late, or only with a feature switched on: as atoms they are harmless.
for (const word of ['maybe', 'else', 'cond', 'let']) RESERVED.delete(word);

const SIMPLE_ESCAPES: Record<string, number> = {
  b: 8,
  d: 127,
  e: 27,
  f: 12,
  n: 10,
  r: 13,
  s: 32,
  t: 9,
  v: 11,
};

/** One term; a final dot is allowed. Throws TermSyntaxError. */
export function parseTerm(text: string): TermAst {
  const parser = new Parser(text);
  const term = parser.term();
  parser.finish();
  return term;
}

/** Terms that each end with a dot, with `%` comments, as in a listing. Throws TermSyntaxError. */
export function parseTerms(text: string): TermAst[] {
  return parseForms(text).map((form) => form.term);
}

/** Like parseTerms, with line numbers. */
export function parseForms(text: string): Form[] {
  const parser = new Parser(text);
  const forms: Form[] = [];
  for (parser.space(); !parser.atEnd(); parser.space()) {
    const { line } = parser.where();
    forms.push({ term: parser.term(), line });
    parser.dot();
  }
  return forms;
}

/** A call of an exported function with literal arguments: `m:f(1, "two", {three})`. Throws TermSyntaxError. */
export function parseCall(text: string): Call {
  const parser = new Parser(text);
  const module = parser.name('a module name, as in fib:run(30)');
  parser.expect(':', 'between module and function, as in fib:run(30)');
  const name = parser.name('a function name, as in fib:run(30)');
  parser.expect('(', `before the arguments, as in ${module}:${name}()`);
  const args = parser.sequence(')').map(encodeTerm);
  parser.finish();
  return { module, name, args };
}

class Parser {
  private at = 0;
  private depth = 0;
  // Line starts are counted on demand, from the last place that was asked for.
  private lineAt = 0;
  private line = 1;
  private lineStart = 0;

  constructor(private readonly text: string) {}

  /** Line and column of the position, from 1. Positions must not go backwards between calls. */
  where(at = this.at): { line: number; column: number } {
    if (at < this.lineAt) {
      this.lineAt = 0;
      this.line = 1;
      this.lineStart = 0;
    }
    for (;;) {
      const next = this.text.indexOf('\n', this.lineAt);
      if (next < 0 || next >= at) break;
      this.line++;
      this.lineAt = next + 1;
      this.lineStart = next + 1;
    }
    return { line: this.line, column: at - this.lineStart + 1 };
  }

  fail(what: string, at = this.at): never {
    const { line, column } = this.where(at);
    throw new TermSyntaxError(line, column, what);
  }

  atEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Skips white space and comments. */
  space(): void {
    const { text } = this;
    for (;;) {
      const c = text.charCodeAt(this.at);
      // Whatever is at or below a blank, and the same 128 higher, separates, as in Erlang.
      if (c <= 32 || (c >= 128 && c <= 160)) this.at++;
      else if (c === 0x25) {
        const end = text.indexOf('\n', this.at);
        this.at = end < 0 ? text.length : end + 1;
      } else if (c === 0xfeff && this.at === 0) this.at++;
      else return;
    }
  }

  private peek(token: string): boolean {
    this.space();
    return this.text.startsWith(token, this.at);
  }

  private accept(token: string): boolean {
    if (!this.peek(token)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string, why: string): void {
    if (!this.accept(token)) this.fail(`'${token}' is missing ${why}; ${this.found()}`);
  }

  /** What stands at the position, for messages. */
  private found(): string {
    if (this.atEnd()) return 'the text ends here';
    const word = /^[\w@]+|^[^\s]/u.exec(this.text.slice(this.at, this.at + 40));
    return `found ${word === null ? 'white space' : JSON.stringify(word[0])}`;
  }

  /** The dot that ends a form. */
  dot(): void {
    this.space();
    if (this.text[this.at] !== '.' || !/^(?:[\s%]|$)/.test(this.text.slice(this.at + 1, this.at + 2)))
      this.fail(`a dot is missing at the end of the term; ${this.found()}`);
    this.at++;
  }

  /** Nothing but a dot may follow. */
  finish(): void {
    this.accept('.');
    this.space();
    if (!this.atEnd()) this.fail(`nothing more was expected; ${this.found()}`);
  }

  /** An atom. */
  name(what: string): string {
    this.space();
    const c = this.text[this.at];
    if (c === "'") return this.quotedAtom();
    const word = this.word();
    if (word === undefined || RESERVED.has(word)) this.fail(`${what}, was expected; ${this.found()}`);
    return word;
  }

  private word(): string | undefined {
    const match = /[a-zß-öø-ÿ][\w@À-ÖØ-öø-ÿ]*/y;
    match.lastIndex = this.at;
    const word = match.exec(this.text)?.[0];
    if (word === undefined) return undefined;
    if (word.length > MAX_ATOM_CHARACTERS)
      this.fail(`an atom is longer than ${MAX_ATOM_CHARACTERS} characters`);
    this.at += word.length;
    return word;
  }

  private quotedAtom(): string {
    const start = this.at;
    const codes = this.quoted("'");
    if (codes.length > MAX_ATOM_CHARACTERS)
      this.fail(`an atom is longer than ${MAX_ATOM_CHARACTERS} characters`, start);
    return String.fromCodePoint(...codes);
  }

  term(): TermAst {
    if (++this.depth > MAX_DEPTH) this.fail(`terms are nested more than ${MAX_DEPTH} deep`);
    this.space();
    const term = this.unnested();
    this.depth--;
    return term;
  }

  private unnested(): TermAst {
    const { text } = this;
    const c = text.charCodeAt(this.at);
    if (c >= 0x30 && c <= 0x39) return this.number(1);
    switch (text[this.at]) {
      case '{':
        this.at++;
        return { kind: 'tuple', items: this.sequence('}') };
      case '[':
        this.at++;
        return this.list();
      case '"':
        return this.string();
      case "'":
        return { kind: 'atom', name: this.quotedAtom() };
      case '$':
        return { kind: 'integer', value: BigInt(this.character()) };
      case '#':
        this.at++;
        return this.map();
      case '<':
        if (text[this.at + 1] === '<') return this.bitstring();
        break;
      case '(': {
        this.at++;
        const term = this.term();
        this.expect(')', 'behind the term');
        return term;
      }
      case '-':
      case '+': {
        const sign = text[this.at] === '-' ? -1 : 1;
        this.at++;
        this.space();
        if (text[this.at] === '$') return { kind: 'integer', value: BigInt(sign * this.character()) };
        if (!/[0-9]/.test(text[this.at] ?? '')) this.fail(`a number must follow the sign; ${this.found()}`);
        return this.number(sign);
      }
    }
    const start = this.at;
    const word = this.word();
    if (word === 'fun') return this.fun();
    if (word !== undefined && RESERVED.has(word))
      this.fail(`'${word}' is a reserved word; as an atom it needs quotes`, start);
    if (word !== undefined) return { kind: 'atom', name: word };
    if (this.atEnd()) this.fail('a term was expected; the text ends here');
    if (/[A-Z_À-ÖØ-Þ]/.test(text[this.at]!)) this.fail(`variables have no value here; ${this.found()}`);
    this.fail(`a term was expected; ${this.found()}`);
  }

  /** Terms with commas between them up to `close`, whose opening is read already. */
  sequence(close: string): TermAst[] {
    const items: TermAst[] = [];
    if (this.accept(close)) return items;
    do items.push(this.term());
    while (this.accept(','));
    this.expect(close, 'or a comma');
    return items;
  }

  private list(): TermAst {
    const items: TermAst[] = [];
    if (this.accept(']')) return { kind: 'list', items };
    do items.push(this.term());
    while (this.accept(','));
    if (!this.accept('|')) {
      this.expect(']', 'or a comma or a |');
      return { kind: 'list', items };
    }
    const tail = this.term();
    this.expect(']', 'behind the tail');
    if (tail.kind !== 'list') return { kind: 'list', items, tail };
    for (const item of tail.items) items.push(item);
    return tail.tail === undefined ? { kind: 'list', items } : { kind: 'list', items, tail: tail.tail };
  }

  private map(): TermAst {
    const start = this.at;
    if (!this.accept('{'))
      this.fail(`'{' is missing behind '#' (records are not known here); ${this.found()}`, start);
    const pairs: [TermAst, TermAst][] = [];
    if (this.accept('}')) return { kind: 'map', pairs };
    do {
      const key = this.term();
      this.expect('=>', 'between key and value');
      pairs.push([key, this.term()]);
    } while (this.accept(','));
    this.expect('}', 'or a comma');
    return { kind: 'map', pairs };
  }

  private fun(): TermAst {
    const module = this.name('a module name, as in fun m:f/1');
    this.expect(':', 'between module and function, as in fun m:f/1');
    const name = this.name('a function name, as in fun m:f/1');
    this.expect('/', 'between function and arity, as in fun m:f/1');
    this.space();
    const start = this.at;
    const arity = /[0-9]/.test(this.text[this.at] ?? '') ? this.number(1) : undefined;
    if (arity?.kind !== 'integer' || arity.value > 255n)
      this.fail('an arity from 0 to 255 was expected', start);
    return { kind: 'fun', module, name, arity: Number(arity.value) };
  }

  private number(sign: number): TermAst {
    const start = this.at;
    const digits = this.digits('[0-9]');
    const next = this.text[this.at];
    if (next === '#') {
      const base = Number(digits);
      if (!(base >= 2 && base <= 36))
        this.fail(`the base of a number must be from 2 to 36, not ${digits}`, start);
      this.at++;
      return { kind: 'integer', value: BigInt(sign) * this.based(base, start) };
    }
    if (next === '.' && /[0-9]/.test(this.text[this.at + 1] ?? '')) {
      this.at++;
      let spelled = `${digits}.${this.digits('[0-9]')}`;
      const exponent = /[eE][+-]?[0-9]+/y;
      exponent.lastIndex = this.at;
      const found = exponent.exec(this.text)?.[0];
      if (found !== undefined) {
        this.at += found.length;
        spelled += found;
      }
      const value = sign * Number(spelled);
      if (!Number.isFinite(value)) this.fail('a float this large cannot be represented', start);
      return { kind: 'float', value };
    }
    if (/[A-Za-z_@]/.test(next ?? '')) this.fail(`a number cannot be followed by this; ${this.found()}`);
    return { kind: 'integer', value: BigInt(sign) * BigInt(digits) };
  }

  /** Digits, single underscores between them are left out. */
  private digits(oneOf: string): string {
    const match = new RegExp(`${oneOf}+(?:_${oneOf}+)*`, 'y');
    match.lastIndex = this.at;
    const found = match.exec(this.text)?.[0] ?? this.fail(`a digit was expected; ${this.found()}`);
    if (found.length > MAX_DIGITS) this.fail(`a number has more than ${MAX_DIGITS} digits`);
    this.at += found.length;
    return found.replaceAll('_', '');
  }

  private based(base: number, start: number): bigint {
    const digits = this.digits('[0-9A-Za-z]');
    if (base === 16 && /^[0-9A-Fa-f]+$/.test(digits)) return BigInt(`0x${digits}`);
    if (digits.length > 10_000) this.fail('a number with a base has more than 10000 digits', start);
    let value = 0n;
    for (const c of digits) {
      const digit = Number.parseInt(c, 36);
      if (digit >= base) this.fail(`'${c}' is not a digit in base ${base}`, start);
      value = value * BigInt(base) + BigInt(digit);
    }
    return value;
  }

  private character(): number {
    this.at++;
    if (this.atEnd()) this.fail('a character was expected behind $; the text ends here');
    return this.text[this.at] === '\\' ? this.escape() : this.codePoint();
  }

  private codePoint(): number {
    const code = this.text.codePointAt(this.at)!;
    this.at += code > 0xffff ? 2 : 1;
    return code;
  }

  private escape(): number {
    const start = this.at++;
    const { text } = this;
    const c = text[this.at];
    if (c === undefined) this.fail('a character was expected behind \\; the text ends here');
    const octal = /[0-7]{1,3}/y;
    octal.lastIndex = this.at;
    const digits = octal.exec(text)?.[0];
    if (digits !== undefined) {
      this.at += digits.length;
      return Number.parseInt(digits, 8);
    }
    if (c === 'x') {
      const hex = /x\{([0-9A-Fa-f]{1,8})\}|x([0-9A-Fa-f]{2})/y;
      hex.lastIndex = this.at;
      const match = hex.exec(text) ?? this.fail('two hexadecimal digits or {...} must follow \\x', start);
      const code = Number.parseInt(match[1] ?? match[2]!, 16);
      if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        this.fail(`${match[0]} is not a character`, start);
      this.at += match[0].length;
      return code;
    }
    if (c === '^') {
      const control = text.charCodeAt(this.at + 1);
      if (Number.isNaN(control)) this.fail('a character was expected behind \\^; the text ends here');
      this.at += 2;
      return control & 31;
    }
    const simple = SIMPLE_ESCAPES[c];
    if (simple === undefined) return this.codePoint();
    this.at++;
    return simple;
  }

  /** Code points of a quoted text. */
  private quoted(quote: string): number[] {
    const start = this.at++;
    const codes: number[] = [];
    for (;;) {
      const c = this.text[this.at];
      if (c === undefined) this.fail(`the closing ${quote} is missing`, start);
      if (c === quote) break;
      codes.push(c === '\\' ? this.escape() : this.codePoint());
    }
    this.at++;
    return codes;
  }

  /** One string, and more if they stand side by side. */
  private stringCodes(): number[] {
    let codes = this.quoted('"');
    while (this.peek('"')) codes = codes.concat(this.quoted('"'));
    return codes;
  }

  private string(): TermAst {
    return {
      kind: 'list',
      items: this.stringCodes().map((code) => ({ kind: 'integer', value: BigInt(code) })),
    };
  }

  private bitstring(): TermAst {
    this.at += 2;
    const bits = new BitWriter();
    if (!this.accept('>>')) {
      do this.segment(bits);
      while (this.accept(','));
      this.expect('>>', 'or a comma');
    }
    return { kind: 'bitstring', bytes: bits.bytes(), bits: bits.size };
  }

  private segment(out: BitWriter): void {
    this.space();
    const start = this.at;
    const values: TermAst[] =
      this.text[this.at] === '"' ? (this.string() as { items: TermAst[] }).items : [this.term()];
    let size: number | undefined;
    if (this.accept(':')) {
      this.space();
      const ast = this.number(1);
      if (ast.kind !== 'integer' || ast.value > BigInt(MAX_BITS))
        this.fail('this size is not possible', start);
      size = Number(ast.value);
    }
    const specs = new Set<string>();
    let unit = 1;
    if (this.accept('/')) {
      do {
        const spec = this.name('a type, as in <<X/little>>');
        if (spec === 'unit') {
          this.expect(':', 'behind unit');
          unit = Number(this.digits('[0-9]'));
        } else if (SEGMENT_TYPES.has(spec)) specs.add(spec);
        else this.fail(`${spec} is not a type of a binary segment`, start);
      } while (this.accept('-'));
    }
    for (const value of values)
      this.put(out, value, size === undefined ? undefined : size * unit, specs, start);
    if (out.size > MAX_BITS) this.fail('this binary is too large', start);
  }

  private put(
    out: BitWriter,
    value: TermAst,
    size: number | undefined,
    specs: Set<string>,
    start: number,
  ): void {
    const little = specs.has('little') || specs.has('native');
    if (value.kind === 'bitstring') {
      if (![...BINARY_TYPES].some((type) => specs.has(type)))
        this.fail('a binary in a binary needs /binary', start);
      if (size !== undefined) this.fail('a binary in a binary cannot have a size here', start);
      out.bitstring(value.bytes, value.bits);
      return;
    }
    const utf = UTF_TYPES.find((type) => specs.has(type));
    if (value.kind === 'float' || (specs.has('float') && value.kind === 'integer')) {
      if (value.kind === 'float' && !specs.has('float')) this.fail('a float in a binary needs /float', start);
      const bits = size ?? 64;
      if (bits !== 64 && bits !== 32) this.fail('a float in a binary takes 32 or 64 bits', start);
      const view = new DataView(new ArrayBuffer(bits / 8));
      if (bits === 64) view.setFloat64(0, Number(value.value), little);
      else view.setFloat32(0, Number(value.value), little);
      out.bitstring(new Uint8Array(view.buffer), bits);
      return;
    }
    if (value.kind !== 'integer') this.fail('a binary is made of numbers, strings and binaries', start);
    if (utf !== undefined) {
      if (value.value < 0n || value.value > 0x10ffffn || (value.value >= 0xd800n && value.value <= 0xdfffn))
        this.fail(`${value.value} is not a character`, start);
      for (const byte of encodeUtf(Number(value.value), utf, little)) out.integer(BigInt(byte), 8, false);
      return;
    }
    const bits = size ?? 8;
    if (little && bits % 8 !== 0) this.fail('little-endian needs whole bytes here', start);
    if (out.size + bits > MAX_BITS) this.fail('this binary is too large', start);
    out.integer(value.value, bits, little);
  }
}
