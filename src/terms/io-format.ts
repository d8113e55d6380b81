// io_lib:format/2: text from a format with control sequences and the terms that go into it. (STDLIB Reference
// Manual, io:fwrite/3; what it leaves open is as OTP 25 does it.)
import { bytesOf, head, isBinaryTerm, tail } from './access.js';
import { atomName } from './atoms.js';
import { chardataToString, latin1ToString, looseChardataToString } from './chardata.js';
import { isFloat } from './float.js';
import { formatWrite } from './format.js';
import { formatPretty } from './format-pretty.js';
import { formatE, formatF, formatG, integerDigits } from './number-format.js';
import { isAtom, isCons, isSmall, NIL, type Term } from './tags.js';

/** Raised inside for what native answers with badarg; formatIo turns it into undefined. */
class BadFormat extends Error {}

function bad(): never {
  throw new BadFormat('badarg');
}

/** A control sequence, its numbers and modifiers taken apart. */
interface Control {
  letter: string;
  width: number | undefined;
  left: boolean;
  precision: number | undefined;
  pad: string;
  /** Modifier t. */
  unicode: boolean;
  /** Modifier l. */
  plainLists: boolean;
}

/**
 * The text that io_lib:format/2 makes, or undefined where it raises badarg (bad format, wrong arguments, too
 * few or too many of them).
 * @param format a string (list of characters), binary (Latin-1) or atom
 * @param args list of terms
 */
export function formatIo(format: Term | string, args: Term): string | undefined {
  try {
    const text = typeof format === 'string' ? format : formatText(format);
    return new Formatter(Array.from(text), args).run();
  } catch (error) {
    if (error instanceof BadFormat) return undefined;
    throw error;
  }
}

function formatText(format: Term): string {
  if (isAtom(format)) return atomName(format);
  if (isBinaryTerm(format)) return Buffer.from(bytesOf(format)).toString('latin1');
  let text = '';
  for (; isCons(format); format = tail(format)) {
    const c = head(format);
    if (!isSmall(c) || c < 0 || c >> 1 > 0x10ffff) bad();
    text += String.fromCodePoint(c >> 1);
  }
  return format === NIL ? text : bad();
}

class Formatter {
  private pos = 0;
  private out = '';

  constructor(
    private readonly format: string[],
    private args: Term,
  ) {}

  run(): string {
    const { format } = this;
    while (this.pos < format.length) {
      const c = format[this.pos++]!;
      this.out += c === '~' ? this.control(this.parse()) : c;
    }
    if (this.args !== NIL) bad();
    return this.out;
  }

  private argument(): Term {
    if (!isCons(this.args)) bad();
    const first = head(this.args);
    this.args = tail(this.args);
    return first;
  }

  private integerArgument(): number {
    const t = this.argument();
    return isSmall(t) ? t >> 1 : bad();
  }

  private peek(): string | undefined {
    return this.format[this.pos];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.pos++;
    return true;
  }

  /** Digits, or `*` for the next argument. */
  private number(): number | undefined {
    if (this.take('*')) return this.integerArgument();
    let text = '';
    while (this.pos < this.format.length && /^[0-9]$/.test(this.peek()!)) text += this.format[this.pos++]!;
    return text === '' ? undefined : Number(text);
  }

  private parse(): Control {
    let left = this.take('-');
    let width = this.number();
    if (width !== undefined && width < 0) {
      left = true;
      width = -width;
    }
    let precision: number | undefined;
    let pad = ' ';
    if (this.take('.')) {
      precision = this.number();
      if (precision !== undefined && precision < 0) bad();
      if (this.take('.')) {
        if (this.take('*')) pad = String.fromCodePoint(this.integerArgument());
        else pad = this.format[this.pos++] ?? bad();
      }
    }
    let unicode = false;
    let plainLists = false;
    for (;;) {
      if (this.take('t')) unicode = true;
      else if (this.take('l')) plainLists = true;
      else break;
    }
    const letter = this.format[this.pos++] ?? bad();
    if (Math.max(width ?? 0, precision ?? 0) > MAX_FIELD) bad();
    return { letter, width, left, precision, pad, unicode, plainLists };
  }

  private control(c: Control): string {
    const { unicode } = c;
    switch (c.letter) {
      case 'w':
        return termField(formatWrite(this.argument(), { unicode }), c);
      case 'W': {
        const t = this.argument();
        return termField(formatWrite(t, { unicode, depth: this.integerArgument() }), c);
      }
      case 'p':
        return this.pretty(this.argument(), -1, c);
      case 'P': {
        const t = this.argument();
        return this.pretty(t, this.integerArgument(), c);
      }
      case 's':
        return stringField(stringArgument(this.argument(), unicode), c);
      case 'c':
        return characterField(this.argument(), c);
      case 'e':
        return termField(formatE(this.float(), c.precision ?? DEFAULT_DIGITS) ?? bad(), withoutPrecision(c));
      case 'f':
        return termField(formatF(this.float(), c.precision ?? DEFAULT_DIGITS) ?? bad(), withoutPrecision(c));
      case 'g':
        return termField(formatG(this.float(), c.precision ?? DEFAULT_DIGITS) ?? bad(), withoutPrecision(c));
      case 'b':
      case 'B':
        return this.integer(this.argument(), '', c, c.letter === 'B');
      case 'x':
      case 'X': {
        const t = this.argument();
        return this.integer(t, prefixText(this.argument()), c, c.letter === 'X');
      }
      case '#':
      case '+':
        return this.integer(this.argument(), `${c.precision ?? 10}#`, c, c.letter === '#');
      case 'n':
        return '\n'.repeat(c.width ?? 1);
      case '~':
        return '~'.repeat(c.width ?? 1);
      case 'i':
        this.argument();
        return '';
    }
    return bad();
  }

  private float(): Term {
    const t = this.argument();
    return isFloat(t) ? t : bad();
  }

  private integer(t: Term, prefix: string, c: Control, upper: boolean): string {
    const digits = integerDigits(t, c.precision ?? 10) ?? bad();
    const sign = digits.startsWith('-') ? '-' : '';
    const magnitude = digits.slice(sign.length);
    const text = sign + prefix + (upper ? magnitude.toUpperCase() : magnitude);
    return termField(text, withoutPrecision(c));
  }

  private pretty(t: Term, depth: number, c: Control): string {
    if (c.left) bad();
    const column = c.precision ?? columnOf(this.out) + 1;
    return formatPretty(t, {
      column,
      lineLength: c.width ?? 80,
      depth,
      unicode: c.unicode,
      strings: !c.plainLists,
    });
  }
}

/** Significant digits or decimals of floats. */
const DEFAULT_DIGITS = 6;

/** Wider fields than this are refused rather than filled: they can only be mistakes. */
const MAX_FIELD = 1 << 24;

/** Columns of the last line of the text; a tab goes to the next multiple of 8. */
function columnOf(text: string): number {
  let column = 0;
  for (const c of text.slice(text.lastIndexOf('\n') + 1)) {
    column = c === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
  }
  return column;
}

function withoutPrecision(c: Control): Control {
  return { ...c, precision: undefined };
}

function adjust(text: string, length: number, width: number, c: Control): string {
  const fill = c.pad.repeat(Math.max(width - length, 0));
  return c.left ? text + fill : fill + text;
}

/** Text in a field; what is too long for it becomes stars. */
function termField(text: string, c: Control): string {
  const width = c.width ?? c.precision;
  if (width === undefined) return text;
  const room = Math.min(c.precision ?? width, width);
  const length = Array.from(text).length;
  return length > room ? adjust('*'.repeat(room), room, width, c) : adjust(text, length, width, c);
}

/** Text in a field; what is too long for it is cut. */
function stringField(text: string, c: Control): string {
  const { width, precision } = c;
  if (width === undefined && precision === undefined) return text;
  let characters = Array.from(text);
  if (precision !== undefined && precision !== width) {
    if (width !== undefined && width < precision) bad();
    characters = characters.slice(0, precision);
    while (characters.length < precision) characters.push(c.pad);
  }
  if (width !== undefined) characters = characters.slice(0, width);
  return adjust(characters.join(''), characters.length, width ?? 0, c);
}

function characterField(t: Term, c: Control): string {
  if (!isSmall(t)) bad();
  let point = t >> 1;
  if (!c.unicode) point &= 0xff;
  else if (point < 0 || point > 0x10ffff) bad();
  const count = c.precision ?? c.width ?? 1;
  const width = c.width ?? count;
  if (width < count) bad();
  return adjust(String.fromCodePoint(point).repeat(count), count, width, c);
}

function stringArgument(t: Term, unicode: boolean): string {
  if (isAtom(t)) {
    const name = atomName(t);
    for (let i = 0; i < name.length && !unicode; i++) if (name.charCodeAt(i) > 255) bad();
    return name;
  }
  return (unicode ? looseChardataToString(t) : latin1ToString(t)) ?? bad();
}

function prefixText(t: Term): string {
  if (isAtom(t)) return atomName(t);
  return isBinaryTerm(t) ? bad() : (chardataToString(t) ?? bad());
}
