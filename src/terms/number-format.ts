// Numbers as io_lib:format's ~e, ~f, ~g and ~b print them (STDLIB Reference Manual, io:fwrite/3).
import { boxedKind } from './access.js';
import { floatValue } from './float.js';
import { toBigInt } from './integer.js';
import { isSmall, Kind, type Term } from './tags.js';

/** The digits of an integer in a base from 2 to 36, lower case, or undefined if that cannot be. */
export function integerDigits(t: Term, base: number): string | undefined {
  if (base < 2 || base > 36) return undefined;
  if (isSmall(t)) return (t >> 1).toString(base);
  const kind = boxedKind(t);
  if (kind !== Kind.PositiveBig && kind !== Kind.NegativeBig) return undefined;
  return toBigInt(t).toString(base);
}

/** Decimals that native takes from the exact value; the ones behind are zeros. */
const EXACT_DECIMALS = 20;

/** Sign, digits without point, and the exponent of the first digit. */
interface Decimal {
  sign: string;
  digits: string;
  exponent: number;
}

function decimalOf(value: number): Decimal {
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [mantissa, exponent] = Math.abs(value).toExponential(EXACT_DECIMALS).split('e') as [string, string];
  return { sign, digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** The first `count` digits, rounded half up; an overflow makes one digit more. */
function roundDigits(digits: string, count: number): string {
  if (count >= digits.length) return digits.padEnd(count, '0');
  const kept = digits.slice(0, count);
  if (digits.charCodeAt(count) < 53) return kept;
  return (BigInt(`0${kept}`) + 1n).toString().padStart(count, '0');
}

/** ~e: `precision` significant digits. Undefined if there are fewer than 2. */
export function formatE(t: Term, precision: number): string | undefined {
  return precision < 2 ? undefined : scientific(floatValue(t), precision);
}

function scientific(value: number, precision: number): string {
  const { sign, digits, exponent } = decimalOf(value);
  let rounded = roundDigits(digits, precision);
  let e = exponent;
  if (rounded.length > precision) {
    rounded = rounded.slice(0, precision);
    e++;
  }
  return `${sign}${rounded[0]}.${rounded.slice(1)}e${e < 0 ? '-' : '+'}${Math.abs(e)}`;
}

/** ~f: `precision` decimals. Undefined if there are none. */
export function formatF(t: Term, precision: number): string | undefined {
  return precision < 1 ? undefined : fixed(floatValue(t), precision);
}

function fixed(value: number, precision: number): string {
  const { sign, digits, exponent } = decimalOf(value);
  // All digits with the point behind `whole` of them.
  const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits;
  const whole = exponent < 0 ? 1 : exponent + 1;
  const rounded = roundDigits(padded.padEnd(whole, '0'), whole + precision);
  const split = rounded.length - precision;
  return `${sign}${rounded.slice(0, split)}.${rounded.slice(split)}`;
}

/** ~g: like ~f from 0.1 up to 10000, else like ~e; `precision` significant digits. */
export function formatG(t: Term, precision: number): string | undefined {
  if (precision < 1) return undefined;
  const value = floatValue(t);
  const size = Math.abs(value);
  if (size >= 0.1 && size < 10000) {
    const integers = size < 1 ? 0 : size < 10 ? 1 : size < 100 ? 2 : size < 1000 ? 3 : 4;
    if (precision > integers) return fixed(value, precision - integers);
  }
  return scientific(value, Math.max(precision, 2));
}
