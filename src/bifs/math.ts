// Module math: functions on floats. Integers are converted; a result that is no number is badarith.
import { badarg, raiseError } from '../processes/raise.js';
import { am } from '../terms/atoms.js';
import { floatValue, isFloat, makeFloat } from '../terms/float.js';
import { integerToDouble, isInteger } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import { erf, erfc } from './error-function.js';
import { type Bif, defineBifs } from './table.js';

/** The double of a number; NaN for other terms and for integers beyond the largest double. */
function doubleOf(t: Term): number {
  if ((t & 1) === 0) return t >> 1;
  if (isFloat(t)) return floatValue(t);
  return isInteger(t) ? integerToDouble(t) : Number.NaN;
}

/** Raises the error for an argument that has no double. */
function noDouble(t: Term): Term {
  return isInteger(t) ? raiseError(am.badarith) : badarg();
}

function result(d: number): Term {
  return d - d === 0 ? makeFloat(d) : raiseError(am.badarith);
}

const unary =
  (f: (x: number) => number): Bif =>
  (a) => {
    const x = doubleOf(a);
    return Number.isNaN(x) ? noDouble(a) : result(f(x));
  };

const binary =
  (f: (x: number, y: number) => number): Bif =>
  (a, b) => {
    const x = doubleOf(a);
    const y = doubleOf(b);
    if (Number.isNaN(x)) return noDouble(a);
    return Number.isNaN(y) ? noDouble(b) : result(f(x, y));
  };

/** log2 that is exact for powers of 2, as C's is. */
function log2(x: number): number {
  const d = Math.log2(x);
  const whole = Math.round(d);
  return Math.abs(d - whole) < 1e-9 && 2 ** whole === x ? whole : d;
}

defineBifs('math', {
  'pi/0': () => makeFloat(Math.PI),
  'acos/1': unary(Math.acos),
  'acosh/1': unary(Math.acosh),
  'asin/1': unary(Math.asin),
  'asinh/1': unary(Math.asinh),
  'atan/1': unary(Math.atan),
  'atanh/1': unary(Math.atanh),
  'ceil/1': unary(Math.ceil),
  'cos/1': unary(Math.cos),
  'cosh/1': unary(Math.cosh),
  'erf/1': unary(erf),
  'erfc/1': unary(erfc),
  'exp/1': unary(Math.exp),
  'floor/1': unary(Math.floor),
  'log/1': unary(Math.log),
  'log10/1': unary(Math.log10),
  'log2/1': unary(log2),
  'sin/1': unary(Math.sin),
  'sinh/1': unary(Math.sinh),
  'sqrt/1': unary(Math.sqrt),
  'tan/1': unary(Math.tan),
  'tanh/1': unary(Math.tanh),
  'atan2/2': binary(Math.atan2),
  'fmod/2': binary((x, y) => x % y),
  'pow/2': binary((x, y) => x ** y),
});
