// The order of numbers: exact, whatever mix of integers and floats (Erlang Reference Manual, Term Comparisons).
import { H } from '../memory/arena.js';
import { floatValue, isFloat } from './float.js';
import { isNegative, limbCount } from './integer.js';
import { compareMagnitudes } from './magnitude.js';
import type { Term } from './tags.js';

/** The order of two numbers as for `<` and `==`: below 0, 0 or above 0. 1 and 1.0 are equal, and so are 0.0 and -0.0. */
export function compareNumbers(a: Term, b: Term): number {
  if (((a | b) & 1) === 0) return a < b ? -1 : a > b ? 1 : 0;
  if (isFloat(a)) {
    return isFloat(b)
      ? compareDoubles(floatValue(a), floatValue(b))
      : 0 - compareWithDouble(b, floatValue(a));
  }
  return isFloat(b) ? compareWithDouble(a, floatValue(b)) : compareIntegers(a, b);
}

/** Whether two numbers are the same as for `=:=`: of the same type, too. As in OTP 25, 0.0 and -0.0 are. */
export function numbersEqualExact(a: Term, b: Term): boolean {
  if (a === b) return true;
  if ((a & b & 1) === 0) return false;
  if (isFloat(a)) return isFloat(b) && floatValue(a) === floatValue(b);
  return !isFloat(b) && compareIntegers(a, b) === 0;
}

function compareDoubles(x: number, y: number): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The order of two integers that are not both small. A boxed one is beyond all small ones on its side of 0. */
function compareIntegers(a: Term, b: Term): number {
  if ((a & 1) === 0) return isNegative(b) ? 1 : -1;
  if ((b & 1) === 0) return isNegative(a) ? -1 : 1;
  const negative = isNegative(a);
  if (negative !== isNegative(b)) return negative ? -1 : 1;
  const order = compareMagnitudes((a >>> 3) + 1, limbCount(a), (b >>> 3) + 1, limbCount(b));
  return negative ? 0 - order : order;
}

/** The order of an integer and a finite double. */
function compareWithDouble(t: Term, d: number): number {
  if ((t & 1) === 0) return compareDoubles(t >> 1, d);
  const negative = isNegative(t);
  if (negative ? d >= 0 : d <= 0) return negative ? -1 : 1;
  const order = compareMagnitudeWithDouble((t >>> 3) + 1, limbCount(t), negative ? -d : d);
  return negative ? 0 - order : order;
}

/** Takes limb after limb off a positive double, from the top; all steps are exact. */
function compareMagnitudeWithDouble(limbs: number, n: number, d: number): number {
  // The largest double has 1024 bits.
  if (n > 32) return 1;
  let scale = 2 ** (32 * (n - 1));
  for (let i = n - 1; i >= 0; i--) {
    const x = Math.floor(d / scale);
    const limb = H[limbs + i] >>> 0;
    if (limb !== x) return limb < x ? -1 : 1;
    d -= x * scale;
    scale /= 4294967296;
  }
  return d > 0 ? -1 : 0;
}
