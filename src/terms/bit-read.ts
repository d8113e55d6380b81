// Reading fields at any bit position of the arena's bytes: integers in both byte orders, floats, runs to compare.
// A place is a byte index in `B` and a bit in that byte, 0 being the most significant one.
import { allocate } from '../memory/allocate.js';
import { B, D, H } from '../memory/arena.js';
import { halfToDouble } from './half-float.js';
import { finishInteger, integerFromWords } from './integer.js';
import { Small, type Term } from './tags.js';

/** Flags of a field, as the instructions encode them. */
export const enum Field {
  Little = 2,
  Signed = 4,
  Native = 16,
  /** Every host that Node runs on stores the least significant byte first. */
  LittleOrNative = 18,
}

/** `n` bits, 1 to 32, most significant first, as an int32. */
export function bitsAt(at: number, bit: number, n: number): number {
  const got = 8 - bit;
  let v = B[at] & (0xff >> bit);
  if (n <= got) return v >> (got - n);
  let rest = n - got;
  while (rest >= 8) {
    v = (v << 8) | B[++at];
    rest -= 8;
  }
  return rest === 0 ? v : (v << rest) | (B[at + 1] >> (8 - rest));
}

/**
 * `n` bits, 1 to 32, least significant byte first, as an int32. What is left over after the whole bytes are the
 * most significant bits.
 */
export function littleBitsAt(at: number, bit: number, n: number): number {
  let v = 0;
  let shift = 0;
  for (; n >= 8; n -= 8) {
    v |= bitsAt(at++, bit, 8) << shift;
    shift += 8;
  }
  return n === 0 ? v : v | (bitsAt(at, bit, n) << shift);
}

/** An integer field of `n` bits, any number from 0 on. */
export function readInteger(at: number, bit: number, n: number, flags: number): Term {
  if (n === 0) return 0;
  const little = (flags & Field.LittleOrNative) !== 0 && n > 8;
  if (n <= 32) {
    let v = little ? littleBitsAt(at, bit, n) : bitsAt(at, bit, n);
    if ((flags & Field.Signed) !== 0) {
      v = (v << (32 - n)) >> (32 - n);
      if (v <= Small.Max && v >= Small.Min) return v << 1;
      return integerFromWords(v < 0, 0, v < 0 ? -v : v);
    }
    if (v >= 0 && v <= Small.Max) return v << 1;
    return integerFromWords(false, 0, v);
  }
  if (n <= 64) return readWords(at, bit, n, little, (flags & Field.Signed) !== 0);
  return readLimbs(at, bit, n, little, (flags & Field.Signed) !== 0);
}

/** 33 to 64 bits. */
function readWords(at: number, bit: number, n: number, little: boolean, signed: boolean): Term {
  const more = n - 32;
  let low: number;
  let high: number;
  if (little) {
    low = littleBitsAt(at, bit, 32);
    high = littleBitsAt(at + 4, bit, more);
  } else {
    high = bitsAt(at, bit, more);
    const next = bit + more;
    low = bitsAt(at + (next >> 3), next & 7, 32);
  }
  if (!signed || high >>> (more - 1) === 0) return integerFromWords(false, high, low);
  high = (high << (32 - more)) >> (32 - more);
  low = -low | 0;
  return integerFromWords(true, low === 0 ? -high : ~high, low);
}

function readLimbs(at: number, bit: number, n: number, little: boolean, signed: boolean): Term {
  const limbs = Math.ceil(n / 32);
  const to = allocate(limbs + 1);
  const top = n - 32 * (limbs - 1);
  if (little) {
    for (let i = 0; i < limbs; i++) H[to + 1 + i] = littleBitsAt(at + 4 * i, bit, i === limbs - 1 ? top : 32);
  } else {
    H[to + limbs] = bitsAt(at, bit, top);
    const next = bit + top;
    const first = at + (next >> 3);
    for (let i = 0; i < limbs - 1; i++) H[to + limbs - 1 - i] = bitsAt(first + 4 * i, next & 7, 32);
  }
  const last = H[to + limbs];
  if (!signed || last >>> (top - 1) === 0) return finishInteger(to, limbs, limbs, false);
  H[to + limbs] = (last << (32 - top)) >> (32 - top);
  let carry = 1;
  for (let i = 1; i <= limbs; i++) {
    const v = (~H[to + i] + carry) | 0;
    if (v !== 0) carry = 0;
    H[to + i] = v;
  }
  return finishInteger(to, limbs, limbs, true);
}

const scratch = new DataView(new ArrayBuffer(8));

/** A float field of 16, 32 or 64 bits; NaN if it holds infinity or no number. */
export function readFloat(at: number, bit: number, n: number, flags: number): number {
  const little = (flags & Field.LittleOrNative) !== 0;
  let d: number;
  if (n === 16) return halfToDouble(little ? littleBitsAt(at, bit, 16) : bitsAt(at, bit, 16));
  if (bit === 0) d = n === 64 ? D.getFloat64(at, little) : D.getFloat32(at, little);
  else {
    scratch.setInt32(0, bitsAt(at, bit, 32));
    if (n === 64) scratch.setInt32(4, bitsAt(at + 4, bit, 32));
    d = n === 64 ? scratch.getFloat64(0, little) : scratch.getFloat32(0, little);
  }
  return d - d === 0 ? d : NaN;
}

/** Whether `n` bits at a place are those from byte `other` on. */
export function sameBits(at: number, bit: number, n: number, other: number): boolean {
  for (; n >= 32; n -= 32) {
    if (bitsAt(at, bit, 32) !== bitsAt(other, 0, 32)) return false;
    at += 4;
    other += 4;
  }
  return n === 0 || bitsAt(at, bit, n) === bitsAt(other, 0, n);
}
