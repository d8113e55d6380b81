// Stubs of function entry and calls.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const H: Int32Array;

/** Counts a reduction, by the bytes of the frame, so that the JavaScript stack stays bounded. FAIL yields. */
export function reduce(cost: number): void {
  if ((H[1026] = (H[1026] - cost) | 0) < 0) FAIL;
}

/** A fun that is a closure of this arity (small): its lambda number goes to dst, else FAIL. */
export function closure(dst: number, fun: Term, arity: Term): void {
  const p = fun >>> 3;
  if ((fun & 7) === 3 && (H[p] & 0xff) === 0x17 && H[p + 2] === arity) dst = H[p + 1] >> 1;
  else FAIL;
}

/** test_heap: room for `words`, with the heap top in `h`. FAIL collects. */
export function testHeap(h: number, words: number): void {
  h = H[1024];
  if (((h + words) | 0) >= H[1025]) FAIL;
}

/** test_heap under --stress=gc: every other one collects, so that both ways are taken. */
export function testHeapStressed(h: number, words: number): void {
  h = H[1024];
  if ((H[1037] = H[1037] ^ 1) !== 0 || ((h + words) | 0) >= H[1025]) FAIL;
}
