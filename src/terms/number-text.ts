// Numbers to text and back, as Erlang writes them.
import { badarg, systemLimit } from './arithmetic-error.js';
import { IntegerLimit, integerFromBigInt, integerFromNumber, toBigInt, toNumberIfSafe } from './integer.js';
import type { Term } from './tags.js';

/** The digits of an integer, with a minus sign if it is negative; digits above 9 are capital letters. Base 2 to 36. */
export function integerToString(t: Term, base = 10): string {
  const n = toNumberIfSafe(t);
  const text = n === undefined ? toBigInt(t).toString(base) : n.toString(base);
  return base > 10 ? text.toUpperCase() : text;
}

const decimalInteger = /^[+-]?[0-9]+$/;

/**
 * The integer that a text spells: digits with an optional sign, nothing else. Base 2 to 36, letters of either case.
 * @returns undefined if it does not, with badarg or (too many digits) system_limit in `arithmeticError`
 */
export function parseInteger(text: string, base = 10): Term | undefined {
  if (base === 10 ? !decimalInteger.test(text) : !hasOnlyDigits(text, base)) {
    badarg();
    return undefined;
  }
  // Every digit has at most 5.2 bits.
  if (text.length <= 10) return integerFromNumber(Number.parseInt(text, base));
  const negative = text[0] === '-';
  const digits = negative || text[0] === '+' ? text.slice(1) : text;
  if (digits.length > IntegerLimit.Bits && digits.replace(/^0+/, '').length > IntegerLimit.Bits) {
    systemLimit();
    return undefined;
  }
  const magnitude = magnitudeOf(digits, base);
  if (digits.length > IntegerLimit.Bits / 6 && magnitude >> BigInt(IntegerLimit.Bits) !== 0n) {
    systemLimit();
    return undefined;
  }
  return integerFromBigInt(negative ? -magnitude : magnitude);
}

function hasOnlyDigits(text: string, base: number): boolean {
  let i = text[0] === '-' || text[0] === '+' ? 1 : 0;
  if (i === text.length) return false;
  for (; i < text.length; i++) {
    let c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) c -= 48;
    else if (c >= 65 && c <= 90) c -= 55;
    else if (c >= 97 && c <= 122) c -= 87;
    else return false;
    if (c >= base) return false;
  }
  return true;
}

function magnitudeOf(digits: string, base: number): bigint {
  switch (base) {
    case 10:
      return BigInt(digits);
    case 16:
      return BigInt(`0x${digits}`);
    case 8:
      return BigInt(`0o${digits}`);
    case 2:
      return BigInt(`0b${digits}`);
  }
  // Divide and conquer: groups of 8 digits, then pairs of neighbours, with the base squared each time.
  let parts: bigint[] = [];
  for (let end = digits.length; end > 0; end -= 8) {
    parts.push(BigInt(Number.parseInt(digits.slice(end < 8 ? 0 : end - 8, end), base)));
  }
  for (let power = BigInt(base) ** 8n; parts.length > 1; power *= power) {
    const joined: bigint[] = [];
    for (let i = 0; i < parts.length; i += 2) {
      joined.push(i + 1 < parts.length ? parts[i + 1] * power + parts[i] : parts[i]);
    }
    parts = joined;
  }
  return parts[0];
}

/**
 * A float as io:format("~p"), float_to_list(F, [short]) and the shell print it: the fewest digits that read back as
 * the same double, plain or with an exponent, whichever is shorter; plain if they are equally long. From 2^53 on,
 * where plain digits would claim more precision than there is, always with an exponent.
 */
export function formatFloatShortest(d: number): string {
  if (d === 0) return Object.is(d, -0) ? '-0.0' : '0.0';
  const sign = d < 0 ? '-' : '';
  const m = Math.abs(d);
  const parts = m.toExponential().split('e');
  const digits = parts[0].replace('.', '');
  const exponent = Number(parts[1]);
  const scientific = `${digits[0]}.${digits.slice(1) || '0'}e${exponent}`;
  if (m >= 9007199254740992) return sign + scientific;
  let plain: string;
  if (exponent < 0) {
    if (exponent < -9) return sign + scientific;
    plain = `0.${'0'.repeat(-exponent - 1)}${digits}`;
  } else if (exponent + 1 >= digits.length) plain = `${digits.padEnd(exponent + 1, '0')}.0`;
  else plain = `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
  return sign + (plain.length <= scientific.length ? plain : scientific);
}

const bits = new DataView(new ArrayBuffer(8));

/** The exact value of a double >= 0 times 10^scale, to the nearest integer, ties to even. */
function scaledToEven(d: number, scale: number): bigint {
  bits.setFloat64(0, d);
  const word = bits.getBigUint64(0);
  const fraction = word & 0xfffffffffffffn;
  const biased = Number(word >> 52n);
  const exponent = biased === 0 ? -1074 : biased - 1075;
  let numerator = biased === 0 ? fraction : fraction | 0x10000000000000n;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (scale >= 0) numerator *= 10n ** BigInt(scale);
  else denominator *= 10n ** BigInt(-scale);
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  return twice > denominator || (twice === denominator && (quotient & 1n) === 1n) ? quotient + 1n : quotient;
}

function isNegativeDouble(d: number): boolean {
  return d < 0 || Object.is(d, -0);
}

/** Longest text of float_to_list/2 with any option. */
const MAX_FLOAT_TEXT = 255;
const MAX_SCIENTIFIC_DIGITS = 249;

/**
 * A float with an exponent of two digits or more: float_to_list(F, [{scientific, digits}]), exact, ties to even.
 * @param digits digits behind the point, 0 to 249; a negative number counts as 6, as in OTP
 * @returns undefined if there are too many digits, or more than 255 characters (badarg)
 */
export function formatFloatScientific(d: number, digits = 20): string | undefined {
  if (digits < 0) digits = 6;
  if (digits > MAX_SCIENTIFIC_DIGITS) return undefined;
  const m = Math.abs(d);
  let exponent = 0;
  let text = '0'.repeat(digits + 1);
  if (m !== 0) {
    const [mantissa, power] = m.toExponential().split('e');
    exponent = Number(power);
    // The shortest form may have been rounded up to a power of ten: then the exponent is one less.
    if (mantissa === '1') text = scaledToEven(m, digits - exponent + 1).toString();
    if (mantissa === '1' && text.length === digits + 1) exponent--;
    else text = scaledToEven(m, digits - exponent).toString();
    if (text.length > digits + 1) {
      exponent++;
      text = text.slice(0, -1);
    }
  }
  const point = digits === 0 ? '' : `.${text.slice(1)}`;
  const power = Math.abs(exponent).toString().padStart(2, '0');
  const result = `${isNegativeDouble(d) ? '-' : ''}${text[0]}${point}e${exponent < 0 ? '-' : '+'}${power}`;
  return result.length > MAX_FLOAT_TEXT ? undefined : result;
}

const MAX_DECIMALS = 253;
/** Up to this many decimals (and below 2^53), OTP takes the fraction times a power of ten, in doubles. */
const MAX_FAST_DECIMALS = 18;

/**
 * A float without exponent: float_to_list(F, [{decimals, digits}]), with `compact` as the option of that name.
 * As in OTP 25, halves go away from 0 up to 18 decimals, else to even.
 * @returns undefined for what OTP rejects: fewer than 0 or more than 253 decimals, or more than 255 characters (badarg)
 */
export function formatFloatDecimals(d: number, digits: number, compact = false): string | undefined {
  if (digits < 0 || digits > MAX_DECIMALS) return undefined;
  const sign = isNegativeDouble(d) ? '-' : '';
  const m = Math.abs(d);
  const fast = digits <= MAX_FAST_DECIMALS && m < 9007199254740992;
  const text = sign + (fast ? fastDecimals(m, digits) : exactDecimals(m, digits));
  if (text.length > MAX_FLOAT_TEXT) return undefined;
  if (!compact || (fast && digits === 0)) return text;
  // OTP 25 takes the zeros off large whole numbers as well: 1.0e16 with no decimals becomes 1.
  const short = text.replace(/0+$/, '');
  return short.endsWith('.') ? `${short}0` : short;
}

function fastDecimals(m: number, digits: number): string {
  const power = 10 ** digits;
  let whole = Math.floor(m);
  const scaled = (m - whole) * power;
  let fraction = Math.floor(scaled);
  if (scaled - fraction >= 0.5) fraction++;
  if (fraction >= power) {
    whole++;
    fraction = 0;
  }
  if (digits === 0) return whole.toString();
  return `${whole}.${BigInt(fraction).toString().padStart(digits, '0')}`;
}

function exactDecimals(m: number, digits: number): string {
  const text = scaledToEven(m, digits)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

const floatText = /^[+-]?[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?$/;

/**
 * The double that a text spells as Erlang requires it: digits on both sides of the point, an optional exponent.
 * @returns undefined if the text is none, or is beyond the largest double (badarg)
 */
function doubleOfText(text: string): number | undefined {
  if (!floatText.test(text)) return undefined;
  const d = Number(text);
  return Number.isFinite(d) ? d : undefined;
}

// The name that goes with parseInteger; a function called parseFloat would hide the global one in here.
export { doubleOfText as parseFloat };
