// Writing fields at any bit position of the arena's bytes, in ascending order: the bits before a field in its first
// byte are kept, those behind it in its last byte become 0.
import { B, D, H } from '../memory/arena.js';
import { bitsAt, Field } from './bit-read.js';
import { doubleToHalf } from './half-float.js';
import { isNegative, limbCount } from './integer.js';
import type { Term } from './tags.js';

/** The low `n` bits of `v`, 1 to 32, most significant first. */
export function putBits(at: number, bit: number, n: number, v: number): void {
  const room = 8 - bit;
  const kept = B[at] & (0xff << room);
  if (n < room) {
    B[at] = kept | ((v << (room - n)) & (0xff >> bit));
    return;
  }
  n -= room;
  B[at] = kept | ((v >>> n) & (0xff >> bit));
  while (n >= 8) {
    n -= 8;
    B[++at] = v >>> n;
  }
  if (n > 0) B[at + 1] = v << (8 - n);
}

/** The low `n` bits of `v`, 1 to 32, least significant byte first. */
function putLittleBits(at: number, bit: number, n: number, v: number): void {
  for (; n >= 8; n -= 8) {
    putBits(at++, bit, 8, v);
    v >>= 8;
  }
  if (n > 0) putBits(at, bit, n, v);
}

/** Words of an integer in two's complement, for fields that are longer than a word. */
let words = new Int32Array(64);

/** An integer as a field of `n` bits, 0 or more; what does not fit is cut off, as bit syntax has it. */
export function writeInteger(at: number, bit: number, n: number, value: Term, flags: number): void {
  if (n <= 0) return;
  const little = (flags & Field.LittleOrNative) !== 0;
  if (n <= 32) {
    const v = (value & 1) === 0 ? value >> 1 : lowWord(value);
    if (little) putLittleBits(at, bit, n, v);
    else putBits(at, bit, n, v);
    return;
  }
  const count = Math.ceil(n / 32);
  spread(value, count);
  let left = n;
  if (little) {
    for (let i = 0; i < count; i++) {
      putLittleBits(at, bit, Math.min(left, 32), words[i]);
      at += 4;
      left -= 32;
    }
    return;
  }
  const top = n - 32 * (count - 1);
  putBits(at, bit, top, words[count - 1]);
  const next = bit + top;
  at += next >> 3;
  bit = next & 7;
  for (let i = count - 2; i >= 0; i--) {
    putBits(at, bit, 32, words[i]);
    at += 4;
  }
}

/** Bits 0 to 31 of a boxed integer in two's complement. */
function lowWord(t: Term): number {
  const limb = H[(t >>> 3) + 1];
  return isNegative(t) ? -limb | 0 : limb;
}

function spread(t: Term, count: number): void {
  if (words.length < count) words = new Int32Array(count * 2);
  if ((t & 1) === 0) {
    words[0] = t >> 1;
    words.fill(t >> 31, 1, count);
    return;
  }
  const limbs = Math.min(limbCount(t), count);
  const from = (t >>> 3) + 1;
  if (!isNegative(t)) {
    for (let i = 0; i < limbs; i++) words[i] = H[from + i];
    words.fill(0, limbs, count);
    return;
  }
  let carry = 1;
  for (let i = 0; i < limbs; i++) {
    const v = (~H[from + i] + carry) | 0;
    if (v !== 0) carry = 0;
    words[i] = v;
  }
  words.fill(-1, limbs, count);
}

const scratch = new DataView(new ArrayBuffer(8));

/** A double as a field of 16, 32 or 64 bits; what is too large for it becomes infinity, as in OTP 25. */
export function writeFloat(at: number, bit: number, n: number, d: number, flags: number): void {
  const little = (flags & Field.LittleOrNative) !== 0;
  if (n === 16) {
    const half = doubleToHalf(d);
    if (little) putLittleBits(at, bit, 16, half);
    else putBits(at, bit, 16, half);
  } else if (bit === 0) {
    if (n === 64) D.setFloat64(at, d, little);
    else D.setFloat32(at, d, little);
  } else {
    if (n === 64) scratch.setFloat64(0, d, little);
    else scratch.setFloat32(0, d, little);
    putBits(at, bit, 32, scratch.getInt32(0));
    if (n === 64) putBits(at + 4, bit, 32, scratch.getInt32(4));
  }
}

/** Copies a few bytes, four at a time: less work than asking the host. */
export function copyBytes(at: number, from: number, n: number): void {
  const end = from + n;
  while (from + 4 <= end) {
    D.setInt32(at, D.getInt32(from));
    at += 4;
    from += 4;
  }
  while (from < end) B[at++] = B[from++];
}

/** Copies `n` bits from one place in the arena to another; the runs must not overlap. */
export function writeBits(at: number, bit: number, n: number, from: number, fromBit: number): void {
  if ((bit | fromBit) === 0) {
    const bytes = Math.floor(n / 8);
    if (bytes < 128) copyBytes(at, from, bytes);
    else B.copyWithin(at, from, from + bytes);
    if ((n & 7) !== 0) B[at + bytes] = B[from + bytes] & (0xff00 >> (n & 7));
    return;
  }
  for (; n >= 32; n -= 32) {
    putBits(at, bit, 32, bitsAt(from, fromBit, 32));
    at += 4;
    from += 4;
  }
  if (n > 0) putBits(at, bit, n, bitsAt(from, fromBit, n));
}
