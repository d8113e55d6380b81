// Stubs of guard BIFs on data.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const H: Int32Array;
declare function compare(a: Term, b: Term): number;
declare function equal(a: Term, b: Term): boolean;
declare function exactEqual(a: Term, b: Term): boolean;
declare function slowAbs(a: Term): Term;

export function hd(dst: Term, a: Term): void {
  if ((a & 7) !== 1) FAIL;
  dst = H[a >>> 3];
}
export function tl(dst: Term, a: Term): void {
  if ((a & 7) !== 1) FAIL;
  dst = H[(a >>> 3) + 1];
}
/** element(a, b): the index is a small integer, the tuple has it. */
export function element(dst: Term, a: Term, b: Term): void {
  const p = b >>> 3;
  if ((b & 7) !== 3 || (H[p] & 0xff) !== 0x0f || (a & 1) !== 0 || a < 2 || a >> 1 > H[p] >>> 8) FAIL;
  dst = H[p + (a >> 1)];
}
export function tupleSize(dst: Term, a: Term): void {
  if ((a & 7) !== 3 || (H[a >>> 3] & 0xff) !== 0x0f) FAIL;
  dst = (H[a >>> 3] >>> 8) << 1;
}
/** The size of a heap binary or a shared one is in its second word; a part may have bits behind its bytes. */
export function byteSize(dst: Term, a: Term): void {
  const p = a >>> 3;
  const kind = (a & 7) === 3 ? H[p] & 0xff : 0;
  if (kind === 0x9f || kind === 0xa7) dst = H[p + 1] << 1;
  else if (kind === 0x3f) dst = H[p + 3] + (H[p + 4] > 15 ? 2 : 0);
  else FAIL;
}
/** true is 77, false is 13. */
export function not(dst: Term, a: Term): void {
  if (a !== 77 && a !== 13) FAIL;
  dst = a ^ 64;
}
export function and(dst: Term, a: Term, b: Term): void {
  if ((a !== 77 && a !== 13) || (b !== 77 && b !== 13)) FAIL;
  dst = a & b;
}
export function or(dst: Term, a: Term, b: Term): void {
  if ((a !== 77 && a !== 13) || (b !== 77 && b !== 13)) FAIL;
  dst = a | b;
}
export function min(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a <= b : compare(a, b) <= 0) ? a : b;
}
export function max(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a >= b : compare(a, b) >= 0) ? a : b;
}
export function exactlyEqual(dst: Term, a: Term, b: Term): void {
  dst = a === b || ((a & 5) === 1 && (b & 5) === 1 && exactEqual(a, b)) ? 77 : 13;
}
export function notExactlyEqual(dst: Term, a: Term, b: Term): void {
  dst = a === b || ((a & 5) === 1 && (b & 5) === 1 && exactEqual(a, b)) ? 13 : 77;
}
export function equals(dst: Term, a: Term, b: Term): void {
  dst = a === b || (((a | b) & 1) !== 0 && equal(a, b)) ? 77 : 13;
}
export function differs(dst: Term, a: Term, b: Term): void {
  dst = a === b || (((a | b) & 1) !== 0 && equal(a, b)) ? 13 : 77;
}
export function lessThan(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a < b : compare(a, b) < 0) ? 77 : 13;
}
export function notLess(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a >= b : compare(a, b) >= 0) ? 77 : 13;
}
export function greaterThan(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a > b : compare(a, b) > 0) ? 77 : 13;
}
export function notGreater(dst: Term, a: Term, b: Term): void {
  dst = (((a | b) & 1) === 0 ? a <= b : compare(a, b) <= 0) ? 77 : 13;
}
export function abs(dst: Term, a: Term): void {
  if ((a & 1) === 0 && a !== -0x80000000) dst = a < 0 ? (0 - a) | 0 : a;
  else {
    const s = slowAbs(a);
    if (s === 7) FAIL;
    dst = s;
  }
}
