// Stubs of bit syntax matching: whole bytes at a byte position of a heap binary. FAIL stands for the routine that does
// every other case.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const H: Int32Array;
declare const B: Uint8Array;

/** bs_start_match: a match context stays what it is. */
export function startMatch(dst: Term, t: Term): void {
  if ((t & 7) === 3 && (H[t >>> 3] & 0xff) === 0x47) dst = t;
  else FAIL;
}

export function getByte(dst: Term, context: Term): void {
  const c = context >>> 3;
  const p = H[c + 1] >>> 3;
  const at = H[c + 2];
  if (H[c + 3] === 0 && at < H[c + 4] && (H[p] & 0xff) === 0x9f) {
    dst = B[((p + 2) << 2) + (at >> 1)] << 1;
    H[c + 2] = at + 2;
  } else FAIL;
}

/** Two bytes, big-endian. */
export function getTwoBytes(dst: Term, context: Term): void {
  const c = context >>> 3;
  const p = H[c + 1] >>> 3;
  const at = H[c + 2];
  if (H[c + 3] === 0 && at + 2 < H[c + 4] && (H[p] & 0xff) === 0x9f) {
    const i = ((p + 2) << 2) + (at >> 1);
    dst = ((B[i] << 8) | B[i + 1]) << 1;
    H[c + 2] = at + 4;
  } else FAIL;
}

/** Three bytes, big-endian. */
export function getThreeBytes(dst: Term, context: Term): void {
  const c = context >>> 3;
  const p = H[c + 1] >>> 3;
  const at = H[c + 2];
  if (H[c + 3] === 0 && at + 4 < H[c + 4] && (H[p] & 0xff) === 0x9f) {
    const i = ((p + 2) << 2) + (at >> 1);
    dst = ((B[i] << 16) | (B[i + 1] << 8) | B[i + 2]) << 1;
    H[c + 2] = at + 6;
  } else FAIL;
}

/** bs_test_tail2 of 0 bits. */
export function atEnd(context: Term): boolean {
  return (
    H[(context >>> 3) + 2] === H[(context >>> 3) + 4] && H[(context >>> 3) + 3] === H[(context >>> 3) + 5]
  );
}
