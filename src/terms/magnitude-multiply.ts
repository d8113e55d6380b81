// Products of magnitudes (see magnitude.ts): limb by limb when one is very short, by columns of doubles up to some
// dozens of limbs, and by V8's bigints (Karatsuba, Toom-Cook, FFT) beyond.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { systemLimit } from './arithmetic-error.js';
import { finishInteger, IntegerLimit, integerFromBigInt, limbsToBigInt } from './integer.js';
import { INVERSE_32, multiplyByLimb } from './magnitude.js';
import type { Term } from './tags.js';

/** From this many limbs in the shorter factor on, converting to bigints and back pays. */
const BIGINT_LIMBS = 48;
const ROWS_LIMBS = 3;
/** Limbs of the shorter factor in one pass: 30 products of 32 by 16 bits and a carry fit the 53 bits of a double. */
const SHORT = 30;
/** Limbs of the longer factor in one pass. */
const LONG = 256;

const shortLimbs = new Float64Array(SHORT);
const longHalves = new Float64Array(2 * LONG);

/** The product of two magnitudes that are not 0, with a sign; system_limit if it gets too long. */
export function multiplyMagnitudes(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  return na >= nb ? multiplyOrdered(a, na, b, nb, negative) : multiplyOrdered(b, nb, a, na, negative);
}

function multiplyOrdered(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  if (nb === 1) return multiplyByLimb(a, na, H[b] >>> 0, negative);
  // The product has as many limbs as its factors together, or one less.
  if (na + nb - 1 > IntegerLimit.Limbs) return systemLimit();
  if (nb >= BIGINT_LIMBS) return multiplyAsBigInt(a, na, b, nb, negative);
  const n = na + nb;
  const at = allocate(n + 1);
  if (nb <= ROWS_LIMBS) multiplyRows(a, na, b, nb, at + 1);
  else multiplyColumns(a, na, b, nb, at + 1);
  if (n > IntegerLimit.Limbs && H[at + n] !== 0) {
    finishInteger(at, n, 0, false);
    return systemLimit();
  }
  return finishInteger(at, n, n, negative);
}

function multiplyAsBigInt(a: number, na: number, b: number, nb: number, negative: boolean): Term {
  const x = limbsToBigInt(a, na);
  const product = x * (a === b ? x : limbsToBigInt(b, nb));
  if (na + nb > IntegerLimit.Limbs && product >> BigInt(IntegerLimit.Bits) !== 0n) return systemLimit();
  return integerFromBigInt(negative ? -product : product);
}

function multiplyRows(a: number, na: number, b: number, nb: number, r: number): void {
  const m = H[b] >>> 0;
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
  for (let j = 1; j < nb; j++) H[r + na + j] = addRow(a, na, H[b + j] >>> 0, r + j);
}

/** Adds a * m to the limbs at r; gives the limb that is carried out. */
function addRow(a: number, na: number, m: number, r: number): number {
  let carry = 0;
  for (let i = 0; i < na; i++) {
    const x = H[a + i] >>> 0;
    const low = Math.imul(x, m) >>> 0;
    const high = ((x * m - low) * INVERSE_32 + 0.5) >>> 0;
    const s = (low + carry) >>> 0;
    const t = (s + H[r + i]) >>> 0;
    H[r + i] = t;
    carry = (high + (s < low ? 1 : 0) + (t < s ? 1 : 0)) >>> 0;
  }
  return carry;
}

function multiplyColumns(a: number, na: number, b: number, nb: number, r: number): void {
  H.fill(0, r, r + na + nb);
  for (let i = 0; i < na; i += LONG) {
    const n = Math.min(na - i, LONG);
    for (let k = 0; k < n; k++) {
      const limb = H[a + i + k];
      longHalves[2 * k] = limb & 0xffff;
      longHalves[2 * k + 1] = limb >>> 16;
    }
    for (let j = 0; j < nb; j += SHORT) {
      const m = Math.min(nb - j, SHORT);
      for (let k = 0; k < m; k++) shortLimbs[k] = H[b + j + k] >>> 0;
      addColumns(n, m, r + i + j);
    }
  }
}

/** Adds the product of the two factors in the tables to the limbs at r. */
function addColumns(n: number, m: number, r: number): void {
  let carry = 0;
  const columns = n + m;
  for (let k = 0; k < columns; k++) {
    let i = k < n ? 0 : k - n + 1;
    const end = k < m ? k + 1 : m;
    let j = 2 * (k - i);
    let even = carry;
    let odd = 0;
    let even2 = 0;
    let odd2 = 0;
    for (; i + 1 < end; i += 2, j -= 4) {
      const x = shortLimbs[i];
      const y = shortLimbs[i + 1];
      even += x * longHalves[j];
      odd += x * longHalves[j + 1];
      even2 += y * longHalves[j - 2];
      odd2 += y * longHalves[j - 1];
    }
    if (i < end) {
      const x = shortLimbs[i];
      even += x * longHalves[j];
      odd += x * longHalves[j + 1];
    }
    const limb = H[r + k];
    even += even2 + (limb & 0xffff);
    odd += odd2 + (limb >>> 16) + Math.floor(even * (1 / 65536));
    carry = Math.floor(odd * (1 / 65536));
    H[r + k] = (odd << 16) | (even & 0xffff);
  }
  for (let k = r + columns; carry !== 0; k++) {
    const s = (H[k] >>> 0) + carry;
    H[k] = s;
    carry = Math.floor(s * INVERSE_32);
  }
}
