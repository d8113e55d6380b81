// Unicode code points as fields of bit syntax: UTF-8, UTF-16 and UTF-32 at any bit position.
import { bitsAt, Field, littleBitsAt } from './bit-read.js';
import { putBits } from './bit-write.js';
import type { Term } from './tags.js';

/** How many bits the code point read last took up. */
export let codePointBits = 0;

/** Whether the term is an integer that UTF-8, UTF-16 and UTF-32 can hold. */
export function isCodePoint(t: Term): boolean {
  const c = t >> 1;
  return (t & 1) === 0 && c >= 0 && c <= 0x10ffff && (c & 0x1ff800) !== 0xd800;
}

/** Bytes that a term takes as UTF-8. A term that is no code point counts 4; writing it fails. */
export function utf8Size(t: Term): number {
  const c = t >> 1;
  return (t & 1) !== 0 || c < 0 || c > 0xffff ? 4 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
}

/** Bytes that a term takes as UTF-16. A term that is no code point counts 2 or 4; writing it fails. */
export function utf16Size(t: Term): number {
  return (t & 1) === 0 && t >> 1 >= 0x10000 ? 4 : 2;
}

/** The code point in UTF-8 at a place with `left` bits from there on, or -1. Sets codePointBits. */
export function readUtf8(at: number, bit: number, left: number): number {
  if (left < 8) return -1;
  const first = bitsAt(at, bit, 8);
  codePointBits = 8;
  if (first < 0x80) return first;
  if (first < 0xc2 || first > 0xf4) return -1;
  const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  codePointBits = 8 + 8 * more;
  if (left < codePointBits) return -1;
  let c = first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const next = bitsAt(at + i, bit, 8);
    if ((next & 0xc0) !== 0x80) return -1;
    c = (c << 6) | (next & 0x3f);
  }
  if (more === 2 && c < 0x800) return -1;
  if (more === 3 && c < 0x10000) return -1;
  return isCodePoint(c << 1) ? c : -1;
}

/** The same for UTF-16. */
export function readUtf16(at: number, bit: number, left: number, flags: number): number {
  if (left < 16) return -1;
  const little = (flags & Field.LittleOrNative) !== 0;
  const first = little ? littleBitsAt(at, bit, 16) : bitsAt(at, bit, 16);
  codePointBits = 16;
  if ((first & 0xf800) !== 0xd800) return first;
  if (first >= 0xdc00 || left < 32) return -1;
  const second = little ? littleBitsAt(at + 2, bit, 16) : bitsAt(at + 2, bit, 16);
  if ((second & 0xfc00) !== 0xdc00) return -1;
  codePointBits = 32;
  return 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
}

/** The same for UTF-32. */
export function readUtf32(at: number, bit: number, left: number, flags: number): number {
  if (left < 32) return -1;
  codePointBits = 32;
  const little = (flags & Field.LittleOrNative) !== 0;
  const c = little ? littleBitsAt(at, bit, 32) : bitsAt(at, bit, 32);
  return c >= 0 && c <= 0x10ffff && (c & 0x1ff800) !== 0xd800 ? c : -1;
}

/** Writes a code point as UTF-8. */
export function writeUtf8(at: number, bit: number, c: number): void {
  if (c < 0x80) putBits(at, bit, 8, c);
  else if (c < 0x800) putBits(at, bit, 16, 0xc080 | ((c & 0x7c0) << 2) | (c & 0x3f));
  else if (c < 0x10000)
    putBits(at, bit, 24, 0xe08080 | ((c & 0xf000) << 4) | ((c & 0xfc0) << 2) | (c & 0x3f));
  else {
    const low = ((c & 0x3f000) << 4) | ((c & 0xfc0) << 2) | (c & 0x3f);
    putBits(at, bit, 32, 0xf0808080 | ((c & 0x1c0000) << 6) | low);
  }
}

/** Writes a code point as UTF-16. */
export function writeUtf16(at: number, bit: number, c: number, flags: number): void {
  if (c < 0x10000) {
    put16(at, bit, c, flags);
    return;
  }
  put16(at, bit, 0xd7c0 + (c >> 10), flags);
  put16(at + 2, bit, 0xdc00 | (c & 0x3ff), flags);
}

function put16(at: number, bit: number, v: number, flags: number): void {
  putBits(at, bit, 16, (flags & Field.LittleOrNative) !== 0 ? ((v & 0xff) << 8) | (v >> 8) : v);
}
