// The error function and its complement (NIST Digital Library of Mathematical Functions, 7.6 and 7.9).

const TWO_BY_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** From here on erfc is computed by its continued fraction, below by the series of erf. */
const FRACTION_FROM = 0.75;

/** exp(-x * x), with the square split so that its rounding does not count. */
function gauss(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high));
}

/** erf by its series with terms of one sign: DLMF 7.6.2. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return TWO_BY_ROOT_PI * gauss(x) * sum;
}

/** erfc for x > 0 by its continued fraction, from the end: DLMF 7.9.1. */
function fraction(x: number): number {
  const terms = Math.ceil(16 + 220 / (x * x));
  let below = x;
  for (let n = terms; n > 0; n--) below = x + n / 2 / below;
  return (gauss(x) * TWO_BY_ROOT_PI) / 2 / below;
}

/** The error function. */
export function erf(x: number): number {
  const m = Math.abs(x);
  if (m < FRACTION_FROM) return m < 1e-20 ? TWO_BY_ROOT_PI * x : series(x);
  return m > 6 ? Math.sign(x) : Math.sign(x) * (1 - fraction(m));
}

/** 1 - erf(x), exact also where that is close to 0. */
export function erfc(x: number): number {
  if (x > 27.5) return 0;
  return x < FRACTION_FROM ? 1 - erf(x) : fraction(x);
}
