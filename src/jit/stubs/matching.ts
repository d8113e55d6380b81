// Stubs of bit syntax matching: whole bytes at a byte position. FAIL stands for what does every other case.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const H: Int32Array;
declare const B: Uint8Array;
declare const D: DataView;
declare function bitsLeft(c: number): number;
declare function boxUnsigned(v: number): Term;
declare function boxSigned(v: number): Term;
declare function positionTerm(c: number): Term;
declare function restorePosition(c: number, position: Term): void;
declare function takeUtf8(c: number, flags: number): Term;

/** bs_start_match: a match context stays what it is. */
export function startMatch(dst: Term, t: Term): void {
  if ((t & 7) === 3 && (H[t >>> 3] & 0xff) === 0x47) dst = t;
  else FAIL;
}

/** Whether the match is at a byte and so many bytes (times 2) are left. */
export function hasBytes(c: number, size: number): boolean {
  return H[c + 3] === 0 && H[c + 4] - H[c + 2] >= size;
}
/** The same, and that a whole number of bytes is left. */
export function hasWholeBytes(c: number, size: number): boolean {
  return (H[c + 3] | H[c + 5]) === 0 && H[c + 4] - H[c + 2] >= size;
}
/** That so many bytes (times 2) are left and no more. */
export function hasJustBytes(c: number, size: number): boolean {
  return (H[c + 3] | H[c + 5]) === 0 && H[c + 4] - H[c + 2] === size;
}

/** Index in `B` of the byte where the match is. */
export function byteIndex(dst: number, c: number): void {
  const p = H[c + 1] >>> 3;
  dst = (((H[p] & 0xff) === 0x9f ? p + 2 : H[p + 2]) << 2) + (H[c + 2] >> 1);
}

/** Goes on by whole bytes (times 2). */
export function goOn(c: number, size: number): void {
  H[c + 2] = H[c + 2] + size;
}
/** Goes on by whole bytes (times 2) and bits (times 2) from the start of a byte. */
export function goOnBits(c: number, size: number, bits: number): void {
  H[c + 2] = H[c + 2] + size;
  H[c + 3] = bits;
}

// Integers at byte i, as terms.

export function byte(i: number): Term {
  return B[i] << 1;
}
export function signedByte(i: number): Term {
  return (B[i] << 24) >> 23;
}
export function two(i: number, little: boolean): Term {
  return D.getUint16(i, little) << 1;
}
export function signedTwo(i: number, little: boolean): Term {
  return D.getInt16(i, little) << 1;
}
export function three(i: number): Term {
  return ((B[i] << 16) | D.getUint16(i + 1)) << 1;
}
export function littleThree(i: number): Term {
  return (D.getUint16(i, true) | (B[i + 2] << 16)) << 1;
}
export function signedThree(i: number): Term {
  return (((B[i] << 16) | D.getUint16(i + 1)) << 8) >> 7;
}
export function signedLittleThree(i: number): Term {
  return ((D.getUint16(i, true) | (B[i + 2] << 16)) << 8) >> 7;
}
export function four(dst: Term, i: number, little: boolean): void {
  const v = D.getInt32(i, little);
  dst = (v & -0x40000000) === 0 ? v << 1 : boxUnsigned(v);
}
export function signedFour(dst: Term, i: number, little: boolean): void {
  const v = D.getInt32(i, little);
  dst = (v << 1) >> 1 === v ? v << 1 : boxSigned(v);
}

/** A float of 64 bits; FAIL where there is none. */
export function float(dst: number, i: number, little: boolean): void {
  dst = D.getFloat64(i, little);
  if (dst - dst !== 0) FAIL;
}

/** bs_get_utf8: a character of one byte. */
export function utf8(dst: Term, c: number, b: number): void {
  const p = H[c + 1] >>> 3;
  b = H[c + 2];
  if (
    H[c + 3] === 0 &&
    b < H[c + 4] &&
    (b = B[(((H[p] & 0xff) === 0x9f ? p + 2 : H[p + 2]) << 2) + (b >> 1)]) < 0x80
  ) {
    H[c + 2] = H[c + 2] + 2;
    dst = b << 1;
  } else {
    const t = takeUtf8(c, 0);
    if (t === 53) FAIL;
    dst = t;
  }
}

/** bs_test_tail2 of 0 bits. */
export function atEnd(c: number): boolean {
  return H[c + 2] === H[c + 4] && H[c + 3] === H[c + 5];
}
export function hasLeft(c: number, n: number): boolean {
  return bitsLeft(c) === n;
}
export function isMultiple(c: number, unit: number): boolean {
  return bitsLeft(c) % unit === 0;
}
/** A whole number of bytes is left. */
export function isWhole(c: number): boolean {
  return ((H[c + 5] - H[c + 3]) & 15) === 0;
}

/** bs_get_position: all words of a context are small integers, so their tags add up. */
export function getPosition(dst: Term, c: number): void {
  dst = H[c + 2] < 0x10000000 ? (H[c + 2] << 3) + H[c + 3] : positionTerm(c);
}
export function setPosition(c: number, position: Term): void {
  if ((position & 1) === 0 && position >= 0 && (position >> 4) << 1 < H[c + 4]) {
    H[c + 2] = (position >> 4) << 1;
    H[c + 3] = position & 14;
  } else restorePosition(c, position);
}
