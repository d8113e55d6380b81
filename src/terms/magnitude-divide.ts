// Long division of magnitudes (see magnitude.ts): schoolbook (Knuth, TAOCP 2, 4.3.1, Algorithm D) with quotient
// limbs estimated by doubles; V8's bigints (Burnikel-Ziegler, Newton) for long ones.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { allocateBlock } from '../memory/blocks.js';
import { finishInteger, integerFromBigInt, limbsToBigInt } from './integer.js';
import { copyMagnitude, INVERSE_32 } from './magnitude.js';
import { Sentinel, type Term } from './tags.js';

/** The longest dividend that is divided on limbs. */
const WORK_LIMBS = 1024;
/** Steps of the inner loop for each limb of the dividend from which on bigints win. */
const BIGINT_STEPS = 15;

/** The dividend, which the division turns into the remainder. */
const work = allocateBlock(WORK_LIMBS + 2);

/** The quotient of two magnitudes, rounded down, with a sign; a is at least b, b has two limbs or more. */
export function divideMagnitudes(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  if (isLong(na, nb)) {
    const quotient = limbsToBigInt(a, na) / limbsToBigInt(b, nb);
    return integerFromBigInt(negative ? -quotient : quotient);
  }
  const n = na - nb + 1;
  const at = allocate(n + 1);
  divideLimbs(a, na, b, nb, at + 1);
  return finishInteger(at, n, n, negative);
}

/** The remainder of two magnitudes, with a sign; a is at least b, b has two limbs or more. */
export function remainderMagnitudes(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  if (isLong(na, nb)) {
    const remainder = limbsToBigInt(a, na) % limbsToBigInt(b, nb);
    return integerFromBigInt(negative ? -remainder : remainder);
  }
  divideLimbs(a, na, b, nb, Sentinel.None);
  let n = nb;
  while (n > 0 && H[work + n - 1] === 0) n--;
  return copyMagnitude(work, n, negative);
}

function isLong(na: number, nb: number): boolean {
  return na > WORK_LIMBS || (na - nb + 1) * nb > BIGINT_STEPS * na;
}

function divideLimbs(a: number, na: number, b: number, nb: number, quotient: number): void {
  for (let i = 0; i < na; i++) H[work + i] = H[a + i];
  H[work + na] = 0;
  // Three limbs, so that there are 53 bits even if the highest limb is 1.
  let top = (H[b + nb - 1] >>> 0) + (H[b + nb - 2] >>> 0) * INVERSE_32;
  if (nb > 2) top += (H[b + nb - 3] >>> 0) * (INVERSE_32 * INVERSE_32);
  const inverse = 1 / top;
  for (let j = na - nb; j >= 0; j--) {
    const u = work + j;
    let high = (H[u + nb] >>> 0) * 4294967296 + (H[u + nb - 1] >>> 0) + (H[u + nb - 2] >>> 0) * INVERSE_32;
    if (nb > 2) high += (H[u + nb - 3] >>> 0) * (INVERSE_32 * INVERSE_32);
    // The estimate is off by less than 2^-18. Moved up by more than that, it is right or one too large.
    const estimate = Math.floor(high * inverse + 1 / 65536);
    let q = Math.min(estimate, 0xffffffff);
    if (q !== 0) {
      const over = subtractMultiple(u, b, nb, q);
      if (over) {
        addBack(u, b, nb);
        q--;
      }
    }
    if (quotient !== Sentinel.None) H[quotient + j] = q;
  }
}

/** Takes q * b from the nb + 1 limbs at u; tells whether the result went below 0. */
function subtractMultiple(u: number, b: number, nb: number, q: number): boolean {
  let carry = 0;
  for (let i = 0; i < nb; i++) {
    const x = H[b + i] >>> 0;
    const low = Math.imul(x, q) >>> 0;
    const high = ((x * q - low) * INVERSE_32 + 0.5) >>> 0;
    const s = (low + carry) >>> 0;
    const y = H[u + i] >>> 0;
    H[u + i] = y - s;
    carry = (high + (s < low ? 1 : 0) + (y < s ? 1 : 0)) >>> 0;
  }
  const y = H[u + nb] >>> 0;
  H[u + nb] = y - carry;
  return y < carry;
}

function addBack(u: number, b: number, nb: number): void {
  let carry = 0;
  for (let i = 0; i < nb; i++) {
    const x = H[u + i];
    const y = H[b + i];
    const s = (x + y + carry) | 0;
    H[u + i] = s;
    carry = ((x & y) | ((x | y) & ~s)) >>> 31;
  }
  H[u + nb] = H[u + nb] + carry;
}
