// Bitwise operations and shifts of integers of any size. Negative ones behave as two's complement with an endless
// row of ones in front; they are stored as sign and magnitude, so they are complemented on the way in and out.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarith, systemLimit } from './arithmetic-error.js';
import {
  BigHeader,
  finishInteger,
  IntegerLimit,
  integerFromNumber,
  integerFromWords,
  integerHeader,
  isInteger,
  isNegative,
  limbCount,
} from './integer.js';
import { addMagnitudes, limbsOf, SPILL_A, SPILL_B, subtractMagnitudes } from './magnitude.js';
import { Kind, type Term } from './tags.js';

/** Bits 0 to 31 of an integer in two's complement, given its header, too (see integerHeader). */
function lowWord(t: Term, h: number): number {
  if ((t & 1) === 0) return t >> 1;
  const limb = H[(t >>> 3) + 1];
  return (h & Kind.Mask) === Kind.NegativeBig ? -limb | 0 : limb;
}

/** Bits 32 to 63, likewise. */
function highWord(t: Term, h: number): number {
  if ((t & 1) === 0) return t >> 31;
  const at = t >>> 3;
  const limb = h >>> Kind.SizeShift === 1 ? 0 : H[at + 2];
  if ((h & Kind.Mask) === Kind.PositiveBig) return limb;
  return H[at + 1] === 0 ? -limb | 0 : ~limb;
}

/** Whether that is the header of an integer between 0 and 2^64 - 1. */
function isWord64(h: number): boolean {
  return h === BigHeader.Positive1 || h === BigHeader.Positive2;
}

/** `a band b`. */
export function bitAnd(a: Term, b: Term): Term {
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha === 0 || hb === 0) return badarith();
  if (isWord64(ha) || isWord64(hb)) {
    return integerFromWords(false, highWord(a, ha) & highWord(b, hb), lowWord(a, ha) & lowWord(b, hb));
  }
  return combine(Bitwise.And, a, b);
}

/** `a bor b`. */
export function bitOr(a: Term, b: Term): Term {
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha === 0 || hb === 0) return badarith();
  if (isWord64(ha) && isWord64(hb)) {
    return integerFromWords(false, highWord(a, ha) | highWord(b, hb), lowWord(a, ha) | lowWord(b, hb));
  }
  return combine(Bitwise.Or, a, b);
}

/** `a bxor b`. */
export function bitXor(a: Term, b: Term): Term {
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha === 0 || hb === 0) return badarith();
  if (isWord64(ha) && isWord64(hb)) {
    return integerFromWords(false, highWord(a, ha) ^ highWord(b, hb), lowWord(a, ha) ^ lowWord(b, hb));
  }
  return combine(Bitwise.Xor, a, b);
}

const enum Bitwise {
  And,
  Or,
  Xor,
}

function combine(op: Bitwise, a: Term, b: Term): Term {
  const na = limbCount(a);
  const nb = limbCount(b);
  const negativeA = isNegative(a);
  const negativeB = isNegative(b);
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (!negativeA && !negativeB) {
    return na >= nb ? combineMagnitudes(op, x, na, y, nb) : combineMagnitudes(op, y, nb, x, na);
  }
  const negative =
    op === Bitwise.And
      ? negativeA && negativeB
      : op === Bitwise.Or
        ? negativeA || negativeB
        : negativeA !== negativeB;
  let n = Math.max(na, nb) + 1;
  if (op === Bitwise.And && !negative) n = negativeA ? nb : na;
  const at = allocate(n + 1);
  let carryA = negativeA ? 1 : 0;
  let carryB = negativeB ? 1 : 0;
  let carry = negative ? 1 : 0;
  for (let i = 0; i < n; i++) {
    let v = i < na ? H[x + i] : 0;
    let w = i < nb ? H[y + i] : 0;
    if (negativeA) {
      v = (~v + carryA) | 0;
      if (v !== 0) carryA = 0;
    }
    if (negativeB) {
      w = (~w + carryB) | 0;
      if (w !== 0) carryB = 0;
    }
    let r = op === Bitwise.And ? v & w : op === Bitwise.Or ? v | w : v ^ w;
    if (negative) {
      r = (~r + carry) | 0;
      if (r !== 0) carry = 0;
    }
    H[at + 1 + i] = r;
  }
  if (n > IntegerLimit.Limbs && H[at + n] !== 0) {
    finishInteger(at, n, 0, false);
    return systemLimit();
  }
  return finishInteger(at, n, n, negative);
}

function combineMagnitudes(op: Bitwise, a: number, na: number, b: number, nb: number): Term {
  const n = op === Bitwise.And ? nb : na;
  const at = allocate(n + 1);
  const r = at + 1;
  if (op === Bitwise.And) for (let i = 0; i < nb; i++) H[r + i] = H[a + i] & H[b + i];
  else if (op === Bitwise.Or) for (let i = 0; i < nb; i++) H[r + i] = H[a + i] | H[b + i];
  else for (let i = 0; i < nb; i++) H[r + i] = H[a + i] ^ H[b + i];
  for (let i = nb; i < n; i++) H[r + i] = H[a + i];
  return finishInteger(at, n, n, false);
}

/** `bnot a`. */
export function bitNot(a: Term): Term {
  if ((a & 1) === 0) return ~(a >> 1) << 1;
  if (!isInteger(a)) return badarith();
  H[SPILL_B] = 1;
  const limbs = (a >>> 3) + 1;
  return isNegative(a)
    ? subtractMagnitudes(limbs, limbCount(a), SPILL_B, 1, false)
    : addMagnitudes(limbs, limbCount(a), SPILL_B, 1, true);
}

/** `a bsl b`; a negative b shifts to the right. system_limit if the result gets too long. */
export function shiftLeft(a: Term, b: Term): Term {
  if (!isInteger(a) || !isInteger(b)) return badarith();
  if ((b & 1) !== 0) return isNegative(b) ? shiftedOut(a) : a === 0 ? 0 : systemLimit();
  return b >= 0 ? shiftUp(a, b >> 1) : shiftDown(a, -(b >> 1));
}

/** `a bsr b`; a negative b shifts to the left. system_limit if the result gets too long. */
export function shiftRight(a: Term, b: Term): Term {
  if (!isInteger(a) || !isInteger(b)) return badarith();
  if ((b & 1) !== 0) return isNegative(b) ? (a === 0 ? 0 : systemLimit()) : shiftedOut(a);
  return b >= 0 ? shiftDown(a, b >> 1) : shiftUp(a, -(b >> 1));
}

/** What is left when all bits but the sign are gone. */
function shiftedOut(a: Term): Term {
  return isNegative(a) ? -1 << 1 : 0;
}

/** a * 2^s, s >= 0. */
function shiftUp(a: Term, s: number): Term {
  const na = limbCount(a);
  if (na === 0 || s === 0) return a;
  const x = limbsOf(a, SPILL_A);
  const negative = isNegative(a);
  const top = H[x + na - 1];
  if (na === 1 && s < 32) return integerFromWords(negative, top >>> (32 - s), top << s);
  if (na * 32 - Math.clz32(top) + s > IntegerLimit.Bits) return systemLimit();
  const skip = s >>> 5;
  const bits = s & 31;
  const n = na + skip + 1;
  const at = allocate(n + 1);
  let r = at + 1;
  if (skip < 16) for (let i = 0; i < skip; i++) H[r + i] = 0;
  else H.fill(0, r, r + skip);
  r += skip;
  if (bits === 0) {
    for (let i = 0; i < na; i++) H[r + i] = H[x + i];
    H[r + na] = 0;
  } else {
    let carry = 0;
    for (let i = 0; i < na; i++) {
      const limb = H[x + i];
      H[r + i] = (limb << bits) | carry;
      carry = limb >>> (32 - bits);
    }
    H[r + na] = carry;
  }
  return finishInteger(at, n, n, negative);
}

/** a / 2^s rounded down, s >= 0. */
function shiftDown(a: Term, s: number): Term {
  if ((a & 1) === 0) return integerFromNumber((a >> 1) >> Math.min(s, 31));
  const na = H[a >>> 3] >>> 8;
  const skip = s >>> 5;
  if (skip >= na) return shiftedOut(a);
  if (s === 0) return a;
  const bits = s & 31;
  const x = (a >>> 3) + 1 + skip;
  const n = na - skip;
  if (isNegative(a)) return shiftDownNegative(x, n, bits, hasBits(x - skip, skip, x, bits));
  if (n <= 2) {
    const low = H[x];
    const high = n === 2 ? H[x + 1] : 0;
    if (bits === 0) return integerFromWords(false, high, low);
    return integerFromWords(false, high >>> bits, (low >>> bits) | (high << (32 - bits)));
  }
  const at = allocate(n + 1);
  moveDown(x, n, bits, at + 1);
  return finishInteger(at, n, n, false);
}

/** Copies n limbs at x to r, shifted down by 0 to 31 bits. */
function moveDown(x: number, n: number, bits: number, r: number): void {
  if (bits === 0) {
    for (let i = 0; i < n; i++) H[r + i] = H[x + i];
    return;
  }
  let carry = 0;
  for (let i = n - 1; i >= 0; i--) {
    const limb = H[x + i];
    H[r + i] = (limb >>> bits) | carry;
    carry = limb << (32 - bits);
  }
}

/** Whether any bit is set in the n limbs at x, or in the lowest `bits` bits of the limb at y. */
function hasBits(x: number, n: number, y: number, bits: number): boolean {
  if ((H[y] & ((1 << bits) - 1)) !== 0) return true;
  for (let i = 0; i < n; i++) if (H[x + i] !== 0) return true;
  return false;
}

/** As a magnitude, a negative number that is rounded down becomes larger. */
function shiftDownNegative(x: number, n: number, bits: number, roundUp: boolean): Term {
  const at = allocate(n + 2);
  moveDown(x, n, bits, at + 1);
  H[at + 1 + n] = 0;
  if (roundUp) {
    let i = at + 1;
    while (++H[i] === 0) i++;
  }
  return finishInteger(at, n + 1, n + 1, true);
}
