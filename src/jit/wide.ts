// Integers of up to 64 bits outside of small: compiled units keep them in BigInt locals, which V8 turns into machine
// integers as long as every result passes through BigInt.asIntN. Here is how they get in and out of terms.
import { H, Reg } from '../memory/arena.js';
import { integerFromWords } from '../terms/integer.js';
import { Kind, Small, type Term } from '../terms/tags.js';

/** Whether a boxed term is an integer of at most 63 bits and a sign. */
export function isWide(t: Term): boolean {
  if ((t & 7) !== 3) return false;
  const p = t >>> 3;
  const header = H[p];
  const kind = header & Kind.Mask;
  if (kind !== Kind.PositiveBig && kind !== Kind.NegativeBig) return false;
  const limbs = header >>> 8;
  return limbs === 1 || (limbs === 2 && H[p + 2] >= 0);
}

/** The value of such a term. */
export function loadWide(t: Term): bigint {
  const p = t >>> 3;
  const header = H[p];
  const low = BigInt(H[p + 1] >>> 0);
  const magnitude = header >>> 8 === 1 ? low : BigInt.asIntN(64, (BigInt(H[p + 2]) << 32n) | low);
  return (header & Kind.Mask) === Kind.NegativeBig ? BigInt.asIntN(64, -magnitude) : magnitude;
}

/** The term of the 64-bit integer that stands in the words at Reg.Wide. Numbers, not a BigInt, cross this call. */
export function boxWide(): Term {
  const low = H[Reg.Wide];
  const high = H[Reg.Wide + 1];
  if (high === low >> 31 && low <= Small.Max && low >= Small.Min) return low << 1;
  if (high >= 0) return integerFromWords(false, high, low);
  // The magnitude of a negative number: two's complement of both words.
  const negatedLow = -low | 0;
  return integerFromWords(true, (~high + (low === 0 ? 1 : 0)) | 0, negatedLow);
}

/** Whether an integer term lies between two bounds; for the guard of a loop's version. */
export function isWithin(t: Term, min: number, max: number): boolean {
  if ((t & 1) === 0) return t >> 1 >= min && t >> 1 <= max;
  if (!isWide(t)) return false;
  const value = loadWide(t);
  return value >= min && value <= max;
}
