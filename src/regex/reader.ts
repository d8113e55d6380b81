// Reads patterns character by character: the ground that the parser stands on.
import { PatternError, type PatternProblem } from './errors.js';
import type { CompileOptions } from './options.js';
import { escapeClass } from './sets.js';

/** Options that can change inside of a pattern. */
export interface Inline {
  caseless: boolean;
  multiline: boolean;
  dotall: boolean;
  extended: boolean;
  ungreedy: boolean;
  dupnames: boolean;
  /** (?X): unknown escapes are errors. */
  extra: boolean;
}

const MAX_NAME = 32;
/** Largest number in a pattern. */
export const MAX_NUMBER = 2147483647;
/** In place of a character: there is none. */
export const END = -1;

export const code = (text: string): number => text.charCodeAt(0);
export const isDigit = (c: number): boolean => c >= 48 && c <= 57;
export const isLetter = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
export const isWordCharacter = (c: number): boolean => isDigit(c) || isLetter(c) || c === 95;
const latin1Word = escapeClass('w', false);

export class Reader {
  protected at = 0;
  protected readonly options: CompileOptions;
  protected inline: Inline;
  protected hasNewlines = false;

  constructor(
    protected readonly text: ArrayLike<number>,
    protected readonly positions: ArrayLike<number>,
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

  protected fail(problem: PatternProblem, at = this.at): never {
    throw new PatternError(problem, this.positions[Math.min(at, this.text.length)]);
  }

  /** The problem is the last byte that was read. */
  protected failBefore(problem: PatternProblem, at = this.at): never {
    throw new PatternError(problem, this.positions[Math.min(at, this.text.length)] - 1);
  }

  protected peek(ahead = 0): number {
    const i = this.at + ahead;
    return i < this.text.length ? this.text[i] : END;
  }

  protected is(text: string, ahead = 0): boolean {
    for (let i = 0; i < text.length; i++) if (this.peek(ahead + i) !== text.charCodeAt(i)) return false;
    return true;
  }

  protected accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += text.length;
    return true;
  }

  protected slice(from: number, to: number): string {
    let text = '';
    for (let i = from; i < Math.min(to, this.text.length); i++) text += String.fromCodePoint(this.text[i]);
    return text;
  }

  /** Where what has been read ends, in bytes. */
  protected get end(): number {
    return this.positions[this.at];
  }

  /** How many of a character's bytes can be in a name: names are made of word characters of Latin-1, even in UTF-8. */
  protected nameBytes(c: number): number {
    if (c < 128) return Number(isWordCharacter(c));
    const bytes = this.options.unicode ? [...Buffer.from(String.fromCodePoint(c))] : [c];
    const bad = bytes.findIndex((byte) => !latin1Word(byte));
    return bad < 0 ? bytes.length : bad;
  }

  protected isNameCharacter(c: number): boolean {
    return c !== END && this.nameBytes(c) === this.positions[this.at + 1] - this.positions[this.at];
  }

  /** The name up to the closing character, and past that. @param ofGroup it is the name that a group gets */
  protected name(close: number, ofGroup = false): string {
    const start = this.at;
    if (isDigit(this.peek())) this.fail('nameDigit');
    while (this.isNameCharacter(this.peek())) this.at++;
    const name = this.slice(start, this.at);
    const c = this.peek();
    const more = c === END ? 0 : this.nameBytes(c);
    if (name === '' && more === 0 && !(ofGroup && c === END)) this.fail('nameExpected');
    if (c !== close) throw new PatternError('nameEnd', this.end + more);
    if (name.length > MAX_NAME) this.fail('nameTooLong');
    this.at++;
    return name;
  }
}
