// Linear-time arithmetic on magnitudes: runs of 32-bit limbs in the arena, least significant first, named by the
// word index of the first limb and their number. Results are integer terms.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { allocateBlock } from '../memory/blocks.js';
import { systemLimit } from './arithmetic-error.js';
import { finishInteger, IntegerLimit } from './integer.js';
import { Sentinel, type Term } from './tags.js';

/** Two words outside of all heaps where the magnitudes of small operands go, so that they have limbs too. */
export const SPILL_A = allocateBlock(6);
export const SPILL_B = SPILL_A + 1;

/** 2^-32. */
export const INVERSE_32 = 1 / 4294967296;

/** Where the limbs of an integer are; those of a small are made at `spill`. */
export function limbsOf(t: Term, spill: number): number {
  if ((t & 1) !== 0) return (t >>> 3) + 1;
  const v = t >> 1;
  H[spill] = v < 0 ? -v : v;
  return spill;
}

/** The order of two magnitudes without leading zeros: -1, 0 or 1. */
export function compareMagnitudes(a: number, na: number, b: number, nb: number): number {
  if (na !== nb) return na < nb ? -1 : 1;
  for (let i = na - 1; i >= 0; i--) {
    const x = H[a + i] >>> 0;
    const y = H[b + i] >>> 0;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

/** The sum of two magnitudes, with a sign; system_limit if it gets too long. */
export function addMagnitudes(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  return na >= nb ? addOrdered(a, na, b, nb, negative) : addOrdered(b, nb, a, na, negative);
}

function addOrdered(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  const at = allocate(na + 2);
  const r = at + 1;
  let carry = 0;
  let i = 0;
  for (; i < nb; i++) {
    const x = H[a + i];
    const y = H[b + i];
    const s = (x + y + carry) | 0;
    H[r + i] = s;
    carry = ((x & y) | ((x | y) & ~s)) >>> 31;
  }
  for (; i < na; i++) {
    const x = H[a + i];
    const s = (x + carry) | 0;
    H[r + i] = s;
    carry = (x & ~s) >>> 31;
  }
  H[r + na] = carry;
  if (carry !== 0 && na >= IntegerLimit.Limbs) {
    finishInteger(at, na + 1, 0, false);
    return systemLimit();
  }
  return finishInteger(at, na + 1, na + carry, negative);
}

/** The difference a - b of two magnitudes with a >= b, with a sign. */
export function subtractMagnitudes(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  const at = allocate(na + 1);
  const r = at + 1;
  let borrow = 0;
  let i = 0;
  for (; i < nb; i++) {
    const x = H[a + i];
    const y = H[b + i];
    const s = (x - y - borrow) | 0;
    H[r + i] = s;
    borrow = ((~x & y) | (~(x ^ y) & s)) >>> 31;
  }
  for (; i < na; i++) {
    const x = H[a + i];
    const s = (x - borrow) | 0;
    H[r + i] = s;
    borrow = (~x & s) >>> 31;
  }
  return finishInteger(at, na, na, negative);
}

/** A copy with a sign. */
export function copyMagnitude(a: number, n: number, negative: boolean): Term {
  const at = allocate(n + 1);
  if (n < 16) for (let i = 0; i < n; i++) H[at + 1 + i] = H[a + i];
  else H.copyWithin(at + 1, a, a + n);
  return finishInteger(at, n, n, negative);
}

/**
 * The product of a magnitude and one limb.
 *
 * The high half of a 64-bit product comes from the double product: it is off by less than 2^12, so that after
 * taking off the low half, which is exact, the quotient by 2^32 rounds to the right integer.
 * @param m 0 to 2^32 - 1
 */
export function multiplyByLimb(a: number, na: number, m: number, negative: boolean): Term {
  const at = allocate(na + 2);
  const r = at + 1;
  let carry = 0;
  for (let i = 0; i < na; i++) {
    const x = H[a + i] >>> 0;
    const low = Math.imul(x, m) >>> 0;
    const high = ((x * m - low) * INVERSE_32 + 0.5) >>> 0;
    const s = (low + carry) >>> 0;
    H[r + i] = s;
    carry = (high + (s < low ? 1 : 0)) >>> 0;
  }
  H[r + na] = carry;
  if (carry !== 0 && na >= IntegerLimit.Limbs) {
    finishInteger(at, na + 1, 0, false);
    return systemLimit();
  }
  return finishInteger(at, na + 1, na + 1, negative);
}

/**
 * Divides a magnitude by a limb, from the top down, each step 64 bits by 32.
 * @param d 1 to 2^32 - 1
 * @param quotient where the quotient's limbs go, or Sentinel.None if only the remainder is wanted
 * @returns the remainder
 */
export function divideByLimb(a: number, na: number, d: number, quotient: number): number {
  return d <= 0x40000000 ? divideByShortLimb(a, na, d, quotient) : divideByLongLimb(a, na, d, quotient);
}

// The quotient is estimated with the inverse and is off by at most 1; so the remainder, of which the low 32 bits
// are enough, lies between -d and 2d, which an int32 can tell apart for d up to 2^30.
function divideByShortLimb(a: number, na: number, d: number, quotient: number): number {
  const inverse = 1 / d;
  let r = 0;
  for (let i = na - 1; i >= 0; i--) {
    const low = H[a + i];
    let q = ((r * 4294967296 + (low >>> 0)) * inverse) >>> 0;
    r = (low - Math.imul(q, d)) | 0;
    if (r < 0) {
      r = (r + d) | 0;
      q--;
    } else if (r >= d) {
      r = (r - d) | 0;
      q++;
    }
    if (quotient !== Sentinel.None) H[quotient + i] = q;
  }
  return r;
}

// In two steps of 48 bits by 32, which doubles do exactly.
function divideByLongLimb(a: number, na: number, d: number, quotient: number): number {
  let r = 0;
  for (let i = na - 1; i >= 0; i--) {
    const limb = H[a + i];
    const x = r * 65536 + (limb >>> 16);
    const q1 = Math.floor(x / d);
    const y = (x - q1 * d) * 65536 + (limb & 0xffff);
    const q0 = Math.floor(y / d);
    r = y - q0 * d;
    if (quotient !== Sentinel.None) H[quotient + i] = (q1 << 16) | q0;
  }
  return r;
}
