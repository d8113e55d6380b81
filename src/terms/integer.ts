// Integers of any size: smalls in the word, the others boxed as sign and magnitude in 32-bit limbs, least
// significant first. The form is canonical: what fits a small is a small, and the highest limb is not 0.
import { allocate } from '../memory/allocate.js';
import { B, H, Reg } from '../memory/arena.js';
import { boxedAt, header, Kind, Small, Tag, type Term } from './tags.js';

const TWO_32 = 4294967296;
const TWO_64 = TWO_32 * TWO_32;

/** Most limbs of an integer: OTP 25 raises system_limit for magnitudes of more than 33,554,368 bits. */
export const enum IntegerLimit {
  Limbs = 1048574,
  Bits = 33554368,
}

/** Whether the term is a boxed integer. */
export function isBig(t: Term): boolean {
  if ((t & Tag.Mask) !== Tag.Boxed) return false;
  const kind = H[t >>> 3] & Kind.Mask;
  return kind === Kind.PositiveBig || kind === Kind.NegativeBig;
}

/** Whether the term is an integer of any size. */
export function isInteger(t: Term): boolean {
  return (t & 1) === 0 || isBig(t);
}

/** Whether an integer is below 0. */
export function isNegative(t: Term): boolean {
  return (t & 1) === 0 ? t < 0 : (H[t >>> 3] & Kind.Mask) === Kind.NegativeBig;
}

/** Number of limbs in the magnitude of an integer: 0 for 0, 1 for every other small. */
export function limbCount(t: Term): number {
  return (t & 1) === 0 ? (t === 0 ? 0 : 1) : H[t >>> 3] >>> Kind.SizeShift;
}

/** Headers of boxed integers with one and two limbs. */
export const enum BigHeader {
  Positive1 = (1 << 8) | 0x8f,
  Positive2 = (2 << 8) | 0x8f,
  Negative1 = (1 << 8) | 0x97,
  Negative2 = (2 << 8) | 0x97,
}

/**
 * The header of a boxed integer; for a small the header that it would have boxed, with one limb; 0 if the term is
 * no integer. One look at it tells sign and length.
 */
export function integerHeader(t: Term): number {
  if ((t & 1) === 0) return t < 0 ? BigHeader.Negative1 : BigHeader.Positive1;
  if ((t & Tag.Mask) !== Tag.Boxed) return 0;
  const h = H[t >>> 3];
  const kind = h & Kind.Mask;
  return kind === Kind.PositiveBig || kind === Kind.NegativeBig ? h : 0;
}

/** The value of an integer of less than 2^53 in magnitude; NaN for other integers and other terms. */
export function safeDouble(t: Term): number {
  if ((t & 1) === 0) return t >> 1;
  if ((t & Tag.Mask) !== Tag.Boxed) return NaN;
  const at = t >>> 3;
  switch (H[at]) {
    case BigHeader.Positive1:
      return H[at + 1] >>> 0;
    case BigHeader.Negative1:
      return -(H[at + 1] >>> 0);
    case BigHeader.Positive2:
      return H[at + 2] >>> 21 === 0 ? H[at + 2] * TWO_32 + (H[at + 1] >>> 0) : NaN;
    case BigHeader.Negative2:
      return H[at + 2] >>> 21 === 0 ? -(H[at + 2] * TWO_32 + (H[at + 1] >>> 0)) : NaN;
  }
  return NaN;
}

/** The term of a safe integer (|n| < 2^53). */
export function integerFromNumber(n: number): Term {
  if (n <= Small.Max && n >= Small.Min) return n << 1;
  return boxNumber(n);
}

/** The same in memory of the caller's choice. */
export function integerInto(n: number, into: (words: number) => number): Term {
  if (n <= Small.Max && n >= Small.Min) return n << 1;
  const magnitude = Math.abs(n);
  const at = into(3);
  H[at] = (2 << Kind.SizeShift) | (n < 0 ? Kind.NegativeBig : Kind.PositiveBig);
  H[at + 1] = magnitude;
  H[at + 2] = Math.floor(magnitude / TWO_32);
  // With one limb the last word is not used.
  if (H[at + 2] === 0) H[at] -= 1 << Kind.SizeShift;
  return boxedAt(at);
}

function boxNumber(n: number): Term {
  const kind = n < 0 ? Kind.NegativeBig : Kind.PositiveBig;
  const m = n < 0 ? -n : n;
  if (m < TWO_32) {
    const at = allocate(2);
    H[at] = (1 << Kind.SizeShift) | kind;
    H[at + 1] = m;
    return boxedAt(at);
  }
  const at = allocate(3);
  H[at] = (2 << Kind.SizeShift) | kind;
  H[at + 1] = m;
  H[at + 2] = Math.floor(m * (1 / TWO_32));
  return boxedAt(at);
}

/** The term of a sign and a magnitude of 64 bits, given as two words of 32 bits (their signs do not matter). */
export function integerFromWords(negative: boolean, high: number, low: number): Term {
  const kind = negative ? Kind.NegativeBig : Kind.PositiveBig;
  if ((high | 0) !== 0) {
    const at = allocate(3);
    H[at] = (2 << Kind.SizeShift) | kind;
    H[at + 1] = low;
    H[at + 2] = high;
    return boxedAt(at);
  }
  low |= 0;
  if (negative ? low >= 0 && low <= -Small.Min : low >= 0 && low <= Small.Max) {
    return (negative ? -low : low) << 1;
  }
  const at = allocate(2);
  H[at] = (1 << Kind.SizeShift) | kind;
  H[at + 1] = low;
  return boxedAt(at);
}

/**
 * Makes an integer of limbs that were written at `at + 1` and behind, in words got from `allocate`.
 * Leading zeros are dropped, and words that are not needed go back if they are the last on the heap.
 * @param at where the header goes
 * @param allocated limbs there is room for
 * @param n limbs written
 */
export function finishInteger(at: number, allocated: number, n: number, negative: boolean): Term {
  while (n > 0 && H[at + n] === 0) n--;
  if (n <= 1) {
    const low = n === 0 ? 0 : H[at + 1];
    if (low >= 0 && low <= (negative ? -Small.Min : Small.Max)) {
      if (H[Reg.Htop] === at + 1 + allocated) H[Reg.Htop] = at;
      return (negative ? -low : low) << 1;
    }
  }
  H[at] = (n << Kind.SizeShift) | (negative ? Kind.NegativeBig : Kind.PositiveBig);
  if (n !== allocated && H[Reg.Htop] === at + 1 + allocated) H[Reg.Htop] = at + 1 + n;
  return boxedAt(at);
}

/** The integer as a JavaScript number if it is one and |n| < 2^53, else undefined. */
export function toNumberIfSafe(t: Term): number | undefined {
  const n = safeDouble(t);
  return Number.isNaN(n) ? undefined : n;
}

/**
 * The double of an integer, rounded as OTP does it: two limbs at a time, highest first. That is the nearest
 * double but for some integers above 2^64 whose tie is broken by bits further down.
 * @returns NaN if the integer is beyond the largest double (the caller raises badarith or badarg)
 */
export function integerToDouble(t: Term): number {
  if ((t & 1) === 0) return t >> 1;
  const at = t >>> 3;
  const n = H[at] >>> Kind.SizeShift;
  // Doubles end at 1024 bits.
  if (n > 32) return NaN;
  let i = n;
  let d = 0;
  if ((i & 1) !== 0) {
    d = H[at + i] >>> 0;
    i--;
  }
  for (; i > 0; i -= 2) d = d * TWO_64 + ((H[at + i] >>> 0) * TWO_32 + (H[at + i - 1] >>> 0));
  if (d === Infinity) return NaN;
  return (H[at] & Kind.Mask) === Kind.NegativeBig ? -d : d;
}

const doubleBits = new DataView(new ArrayBuffer(8));

/** The integer with exactly the value of a double that has no fraction; any fraction is cut off. */
export function doubleToInteger(d: number): Term {
  d = Math.trunc(d);
  if (d <= Number.MAX_SAFE_INTEGER && d >= -Number.MAX_SAFE_INTEGER) return integerFromNumber(d);
  doubleBits.setFloat64(0, d);
  const top = doubleBits.getInt32(0);
  const shift = ((top >>> 20) & 0x7ff) - 1075;
  const high = (top & 0xfffff) | 0x100000;
  const low = doubleBits.getInt32(4);
  const skip = shift >>> 5;
  const bits = shift & 31;
  const at = allocate(skip + 4);
  for (let i = 0; i < skip; i++) H[at + 1 + i] = 0;
  H[at + 1 + skip] = low << bits;
  H[at + 2 + skip] = bits === 0 ? high : (high << bits) | (low >>> (32 - bits));
  H[at + 3 + skip] = bits === 0 ? 0 : high >>> (32 - bits);
  return finishInteger(at, skip + 3, skip + 3, d < 0);
}

/** The term of a bigint of any size. An integer beyond IntegerLimit is made too: callers check first. */
export function integerFromBigInt(b: bigint): Term {
  if (b <= 9007199254740991n && b >= -9007199254740991n) return integerFromNumber(Number(b));
  const negative = b < 0n;
  const text = (negative ? -b : b).toString(16);
  const n = (text.length + 7) >>> 3;
  const at = allocate(n + 1);
  H[at] = header(negative ? Kind.NegativeBig : Kind.PositiveBig, n);
  if (n <= 8) {
    for (let i = 0; i < n; i++) {
      const end = text.length - 8 * i;
      H[at + 1 + i] = Number.parseInt(text.slice(end < 8 ? 0 : end - 8, end), 16);
    }
    return boxedAt(at);
  }
  // Node decodes the digits to bytes, most significant first, right where the limbs go; then the order is turned.
  const bytes = Buffer.from(B.buffer, (at + 1) * 4, n * 4);
  bytes.write(text.length < 8 * n ? '0'.repeat(8 * n - text.length) + text : text, 'hex');
  bytes.reverse();
  return boxedAt(at);
}

/** The value of an integer as a bigint. Takes linear time. */
export function toBigInt(t: Term): bigint {
  if ((t & 1) === 0) return BigInt(t >> 1);
  const at = t >>> 3;
  const magnitude = limbsToBigInt(at + 1, H[at] >>> Kind.SizeShift);
  return (H[at] & Kind.Mask) === Kind.NegativeBig ? -magnitude : magnitude;
}

/** The bigint of `n` limbs from word index `from` on, least significant first; the highest may be 0. */
export function limbsToBigInt(from: number, n: number): bigint {
  if (n === 0) return 0n;
  if (n === 1) return BigInt(H[from] >>> 0);
  if (n <= 4) {
    let b = 0n;
    for (let i = n - 1; i >= 0; i--) b = (b << 32n) | BigInt(H[from + i] >>> 0);
    return b;
  }
  const bytes = Buffer.allocUnsafe(n * 4);
  bytes.set(B.subarray(from * 4, (from + n) * 4));
  bytes.reverse();
  return BigInt(`0x${bytes.toString('hex')}`);
}
