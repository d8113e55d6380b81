// Atoms, characters, strings and numbers as a source has them.
import { formatAtom, formatQuoted } from '../../terms/format.js';
import { formatFloatShortest } from '../../terms/number-text.js';
import type { Value } from './external-term.js';

/** Reserved since OTP 25 or 27, or with features switched on; in quotes they are atoms everywhere. */
const LATER_RESERVED = new Set(['maybe', 'else']);

export function atomText(name: string): string {
  return visible(LATER_RESERVED.has(name) ? `'${name}'` : formatAtom(name, true));
}

/** `$a`; undefined: the code point is none. */
export function characterText(c: number | bigint): string | undefined {
  if (typeof c !== 'number' || !isCodePoint(c)) return undefined;
  if (c === 32) return '$\\s';
  if (c === 34 || c === 39) return `$${String.fromCharCode(c)}`;
  return `$${quoted(String.fromCodePoint(c)).slice(1, -1)}`;
}

export function stringText(codePoints: readonly Value[]): string | undefined {
  const text = plainText(codePoints);
  return text === undefined ? undefined : quoted(text);
}

/** The characters of a list of code points; undefined if it has anything else. */
export function plainText(codePoints: readonly Value[]): string | undefined {
  let text = '';
  for (const c of codePoints) {
    if (typeof c !== 'number' || !isCodePoint(c)) return undefined;
    text += String.fromCodePoint(c);
  }
  return text;
}

/** Whether somebody may have written the text between quotes: it has no control characters but layout. */
export function looksWritten(text: string): boolean {
  return !/[^\P{C}\s]/u.test(text);
}

export function floatText(value: number): string {
  return formatFloatShortest(value);
}

export function quoted(text: string): string {
  return visible(formatQuoted(text, '"', true));
}

/** Characters that one can not see, or that change the direction of what follows, by number. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n]|[^\P{Z} ]/gu,
    (c) => `\\x{${c.codePointAt(0)!.toString(16).toUpperCase()}}`,
  );
}

function isCodePoint(c: number): boolean {
  return Number.isInteger(c) && c >= 0 && c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff);
}
