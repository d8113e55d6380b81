// Arithmetic on any two terms: what compiled code and the interpreter call when both operands are not small or the
// result is not. Each function returns a term, or Sentinel.Unwind with the reason in `arithmeticError`.
// (Erlang Reference Manual, Expressions, Arithmetic Expressions; module erlang for the BIFs.)

import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg, badarith } from './arithmetic-error.js';
import { floatValue, isFloat, makeFloat } from './float.js';
import {
  doubleToInteger,
  finishInteger,
  integerFromNumber,
  integerFromWords,
  integerHeader,
  integerToDouble,
  isInteger,
  isNegative,
  limbCount,
  safeDouble,
} from './integer.js';
import {
  addMagnitudes,
  compareMagnitudes,
  copyMagnitude,
  divideByLimb,
  INVERSE_32,
  limbsOf,
  SPILL_A,
  SPILL_B,
  subtractMagnitudes,
} from './magnitude.js';
import { divideMagnitudes, remainderMagnitudes } from './magnitude-divide.js';
import { multiplyMagnitudes } from './magnitude-multiply.js';
import { boxedAt, Kind, Sentinel, type Term } from './tags.js';

export { arithmeticError } from './arithmetic-error.js';
export * from './bit-arithmetic.js';

const TWO_53 = 9007199254740992;

/** The double of a number; NaN if the term is no number, or an integer too large for a double. */
function doubleOf(t: Term): number {
  if (isFloat(t)) return floatValue(t);
  return isInteger(t) ? integerToDouble(t) : NaN;
}

/** A float, or badarith for what is none (overflow, operands that are no numbers). */
function floatResult(d: number): Term {
  return d - d === 0 ? makeFloat(d) : badarith();
}

/** `a + b`. */
export function add(a: Term, b: Term): Term {
  const sum = safeDouble(a) + safeDouble(b);
  if (sum < TWO_53 && sum > -TWO_53) return integerFromNumber(sum);
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha !== 0 && hb !== 0) return addSigned(a, ha, b, hb, isNegativeHeader(hb));
  return floatResult(doubleOf(a) + doubleOf(b));
}

/** `a - b`. */
export function subtract(a: Term, b: Term): Term {
  const difference = safeDouble(a) - safeDouble(b);
  if (difference < TWO_53 && difference > -TWO_53) return integerFromNumber(difference);
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha !== 0 && hb !== 0) return addSigned(a, ha, b, hb, !isNegativeHeader(hb));
  return floatResult(doubleOf(a) - doubleOf(b));
}

function isNegativeHeader(h: number): boolean {
  return (h & Kind.Mask) === Kind.NegativeBig;
}

/** The sum of an integer and another one that is given by its magnitude and a sign. */
function addSigned(a: Term, ha: number, b: Term, hb: number, negativeB: boolean): Term {
  const na = ha >>> Kind.SizeShift;
  const nb = hb >>> Kind.SizeShift;
  const negativeA = isNegativeHeader(ha);
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (na <= 2 && nb <= 2) return addWords(x, na, negativeA, y, nb, negativeB);
  if (negativeA === negativeB) return addMagnitudes(x, na, y, nb, negativeA);
  const order = compareMagnitudes(x, na, y, nb);
  if (order === 0) return 0;
  return order > 0
    ? subtractMagnitudes(x, na, y, nb, negativeA)
    : subtractMagnitudes(y, nb, x, na, negativeB);
}

/** The sum of integers of at most two limbs. */
function addWords(
  x: number,
  na: number,
  negativeA: boolean,
  y: number,
  nb: number,
  negativeB: boolean,
): Term {
  const lowA = H[x];
  const lowB = H[y];
  const highA = na === 2 ? H[x + 1] : 0;
  const highB = nb === 2 ? H[y + 1] : 0;
  if (negativeA === negativeB) {
    const low = (lowA + lowB) | 0;
    const high = (highA >>> 0) + (highB >>> 0) + (low >>> 0 < lowA >>> 0 ? 1 : 0);
    if (high <= 0xffffffff) return integerFromWords(negativeA, high, low);
    const at = allocate(4);
    H[at] = (3 << Kind.SizeShift) | (negativeA ? Kind.NegativeBig : Kind.PositiveBig);
    H[at + 1] = low;
    H[at + 2] = high;
    H[at + 3] = 1;
    return boxedAt(at);
  }
  const low = (lowA - lowB) | 0;
  const high = (highA >>> 0) - (highB >>> 0) - (lowA >>> 0 < lowB >>> 0 ? 1 : 0);
  if (high >= 0) return integerFromWords(negativeA, high, low);
  // a's magnitude is the smaller one: turn the difference round.
  return integerFromWords(negativeB, low === 0 ? -high : ~high, -low);
}

/** `a * b`. */
export function multiply(a: Term, b: Term): Term {
  if (((a | b) & 1) === 0) return multiplySmall(a >> 1, b >> 1);
  const ha = integerHeader(a);
  const hb = integerHeader(b);
  if (ha === 0 || hb === 0) return floatResult(doubleOf(a) * doubleOf(b));
  if (a === 0 || b === 0) return 0;
  const negative = isNegativeHeader(ha) !== isNegativeHeader(hb);
  const na = ha >>> Kind.SizeShift;
  const nb = hb >>> Kind.SizeShift;
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (na <= 2 && nb <= 2) {
    return multiplyWords(H[x], na === 2 ? H[x + 1] : 0, H[y], nb === 2 ? H[y + 1] : 0, negative);
  }
  return multiplyMagnitudes(x, na, y, nb, negative);
}

function multiplySmall(x: number, y: number): Term {
  const product = x * y;
  if (product < TWO_53 && product > -TWO_53) return integerFromNumber(product);
  const m = x < 0 ? -x : x;
  const n = y < 0 ? -y : y;
  return integerFromWords(product < 0, highProduct(m, n), Math.imul(m, n));
}

/** Bits 32 to 63 of the product of two unsigned words; see multiplyByLimb. */
function highProduct(x: number, y: number): number {
  return ((x * y - (Math.imul(x, y) >>> 0)) * INVERSE_32 + 0.5) >>> 0;
}

/** The product of two magnitudes of 64 bits. */
function multiplyWords(lowA: number, highA: number, lowB: number, highB: number, negative: boolean): Term {
  const a0 = lowA >>> 0;
  const b0 = lowB >>> 0;
  const low = Math.imul(a0, b0);
  if ((highA | highB) === 0) return integerFromWords(negative, highProduct(a0, b0), low);
  const a1 = highA >>> 0;
  const b1 = highB >>> 0;
  const second = highProduct(a0, b0) + (Math.imul(a0, b1) >>> 0) + (Math.imul(a1, b0) >>> 0);
  const third =
    highProduct(a0, b1) + highProduct(a1, b0) + (Math.imul(a1, b1) >>> 0) + Math.floor(second * INVERSE_32);
  const at = allocate(5);
  H[at + 1] = low;
  H[at + 2] = second;
  H[at + 3] = third;
  H[at + 4] = highProduct(a1, b1) + Math.floor(third * INVERSE_32);
  return finishInteger(at, 4, 4, negative);
}

/** `a / b`: always a float. */
export function divide(a: Term, b: Term): Term {
  return floatResult(doubleOf(a) / doubleOf(b));
}

/** `a div b`: rounds towards 0. */
export function intDivide(a: Term, b: Term): Term {
  const quotient = Math.trunc(safeDouble(a) / safeDouble(b));
  // The quotient of two safe integers is not a safe one only after a division by 0.
  if (quotient < TWO_53 && quotient > -TWO_53) return integerFromNumber(quotient);
  if (!isInteger(a) || !isInteger(b) || b === 0) return badarith();
  const na = limbCount(a);
  const nb = limbCount(b);
  if (na < nb) return 0;
  const negative = isNegative(a) !== isNegative(b);
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (nb === 1) {
    const at = allocate(na + 1);
    divideByLimb(x, na, H[y] >>> 0, at + 1);
    return finishInteger(at, na, na, negative);
  }
  const order = compareMagnitudes(x, na, y, nb);
  if (order <= 0) return order < 0 ? 0 : negative ? -1 << 1 : 1 << 1;
  return divideMagnitudes(x, na, y, nb, negative);
}

/** `a rem b`: has the sign of a. */
export function remainder(a: Term, b: Term): Term {
  const safeA = safeDouble(a);
  const safeB = safeDouble(b);
  const rest = safeA - Math.trunc(safeA / safeB) * safeB;
  if (!Number.isNaN(rest)) return integerFromNumber(rest);
  if (!isInteger(a) || !isInteger(b) || b === 0) return badarith();
  const na = limbCount(a);
  const nb = limbCount(b);
  if (na < nb) return a;
  const negative = isNegative(a);
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (nb === 1) {
    const last = divideByLimb(x, na, H[y] >>> 0, Sentinel.None);
    return integerFromNumber(negative ? -last : last);
  }
  const order = compareMagnitudes(x, na, y, nb);
  if (order <= 0) return order < 0 ? a : 0;
  return remainderMagnitudes(x, na, y, nb, negative);
}

/** `-a`. */
export function negate(a: Term): Term {
  if ((a & 1) === 0) return integerFromNumber(-(a >> 1));
  if (isInteger(a)) return copyMagnitude((a >>> 3) + 1, limbCount(a), !isNegative(a));
  return isFloat(a) ? makeFloat(-floatValue(a)) : badarith();
}

/** `abs(a)`; of -0.0 it is -0.0, as in OTP 25. */
export function absolute(a: Term): Term {
  if ((a & 1) === 0) return a < 0 ? integerFromNumber(-(a >> 1)) : a;
  if (isInteger(a)) return isNegative(a) ? copyMagnitude((a >>> 3) + 1, limbCount(a), false) : a;
  if (!isFloat(a)) return badarg();
  return floatValue(a) < 0 ? makeFloat(-floatValue(a)) : a;
}

/** `float(a)`; badarg for an integer beyond the largest double. */
export function toFloat(a: Term): Term {
  if (isFloat(a)) return a;
  const d = doubleOf(a);
  return d - d === 0 ? makeFloat(d) : badarg();
}

/** `round(a)`: halves go away from 0. */
export function round(a: Term): Term {
  if (isInteger(a)) return a;
  if (!isFloat(a)) return badarg();
  const d = floatValue(a);
  const whole = Math.trunc(d);
  if (d - whole >= 0.5) return doubleToInteger(whole + 1);
  return doubleToInteger(d - whole <= -0.5 ? whole - 1 : whole);
}

/** `trunc(a)`. */
export function trunc(a: Term): Term {
  if (isInteger(a)) return a;
  return isFloat(a) ? doubleToInteger(floatValue(a)) : badarg();
}

/** `floor(a)`. */
export function floor(a: Term): Term {
  if (isInteger(a)) return a;
  return isFloat(a) ? doubleToInteger(Math.floor(floatValue(a))) : badarg();
}

/** `ceil(a)`. */
export function ceil(a: Term): Term {
  if (isInteger(a)) return a;
  return isFloat(a) ? doubleToInteger(Math.ceil(floatValue(a))) : badarg();
}
