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
  integerToDouble,
  isInteger,
  isNegative,
  limbCount,
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
import { Sentinel, type Term } from './tags.js';

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
  if (((a | b) & 1) === 0) return integerFromNumber((a >> 1) + (b >> 1));
  if (isInteger(a) && isInteger(b)) return addSigned(a, isNegative(a), b, isNegative(b));
  return floatResult(doubleOf(a) + doubleOf(b));
}

/** `a - b`. */
export function subtract(a: Term, b: Term): Term {
  if (((a | b) & 1) === 0) return integerFromNumber((a >> 1) - (b >> 1));
  if (isInteger(a) && isInteger(b)) return addSigned(a, isNegative(a), b, !isNegative(b));
  return floatResult(doubleOf(a) - doubleOf(b));
}

/** The sum of two integers of which only the magnitudes count, with signs given apart. */
function addSigned(a: Term, negativeA: boolean, b: Term, negativeB: boolean): Term {
  const na = limbCount(a);
  const nb = limbCount(b);
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (negativeA === negativeB) return addMagnitudes(x, na, y, nb, negativeA);
  const order = compareMagnitudes(x, na, y, nb);
  if (order === 0) return 0;
  return order > 0
    ? subtractMagnitudes(x, na, y, nb, negativeA)
    : subtractMagnitudes(y, nb, x, na, negativeB);
}

/** `a * b`. */
export function multiply(a: Term, b: Term): Term {
  if (((a | b) & 1) === 0) return multiplySmall(a >> 1, b >> 1);
  if (isInteger(a) && isInteger(b)) {
    const na = limbCount(a);
    const nb = limbCount(b);
    if (na === 0 || nb === 0) return 0;
    const negative = isNegative(a) !== isNegative(b);
    return multiplyMagnitudes(limbsOf(a, SPILL_A), na, limbsOf(b, SPILL_B), nb, negative);
  }
  return floatResult(doubleOf(a) * doubleOf(b));
}

function multiplySmall(x: number, y: number): Term {
  const product = x * y;
  if (product < TWO_53 && product > -TWO_53) return integerFromNumber(product);
  const m = x < 0 ? -x : x;
  const n = y < 0 ? -y : y;
  const low = Math.imul(m, n);
  const high = ((m * n - (low >>> 0)) * INVERSE_32 + 0.5) | 0;
  return integerFromWords(product < 0, high, low);
}

/** `a / b`: always a float. */
export function divide(a: Term, b: Term): Term {
  return floatResult(doubleOf(a) / doubleOf(b));
}

/** The magnitude of an integer of at most two limbs as a double: exact below 2^53. */
function magnitudeAsDouble(t: Term): number {
  if ((t & 1) === 0) return t < 0 ? -(t >> 1) : t >> 1;
  const at = t >>> 3;
  const low = H[at + 1] >>> 0;
  return limbCount(t) === 1 ? low : (H[at + 2] >>> 0) * 4294967296 + low;
}

/** `a div b`: rounds towards 0. */
export function intDivide(a: Term, b: Term): Term {
  if (!isInteger(a) || !isInteger(b) || b === 0) return badarith();
  const na = limbCount(a);
  const nb = limbCount(b);
  if (na < nb) return 0;
  const negative = isNegative(a) !== isNegative(b);
  if (na <= 2) {
    const x = magnitudeAsDouble(a);
    const y = magnitudeAsDouble(b);
    if (x < TWO_53 && y < TWO_53) {
      const quotient = Math.floor(x / y);
      return integerFromNumber(negative ? -quotient : quotient);
    }
  }
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
  if (!isInteger(a) || !isInteger(b) || b === 0) return badarith();
  const na = limbCount(a);
  const nb = limbCount(b);
  if (na < nb) return a;
  const negative = isNegative(a);
  if (na <= 2) {
    const x = magnitudeAsDouble(a);
    const y = magnitudeAsDouble(b);
    if (x < TWO_53 && y < TWO_53) {
      const rest = x - Math.floor(x / y) * y;
      return integerFromNumber(negative ? -rest : rest);
    }
  }
  const x = limbsOf(a, SPILL_A);
  const y = limbsOf(b, SPILL_B);
  if (nb === 1) {
    const rest = divideByLimb(x, na, H[y] >>> 0, Sentinel.None);
    return integerFromNumber(negative ? -rest : rest);
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
