// Literals of random programs: small values, and those at the edges of representations.
import type { Random } from './random.js';

/** Bits at which integers change their representation, natively or in Turbeam. */
const EDGES = [7, 8, 15, 16, 28, 29, 30, 31, 32, 33, 52, 53, 54, 58, 59, 60, 61, 62, 63, 64, 65, 127];

export function intLiteral(r: Random): string {
  switch (r.below(8)) {
    case 0: {
      const edge = (1n << BigInt(r.pick(EDGES))) + BigInt(r.range(-1, 1));
      return String(r.oneIn(2) ? edge : -edge);
    }
    case 1:
      return String(r.word() - 2 ** 31);
    case 2:
      return `16#${(BigInt(r.word()) * BigInt(r.word())).toString(16)}`;
    default:
      return String(r.range(-3, 12));
  }
}

const FLOATS = [
  '0.0',
  '-0.0',
  '1.0',
  '-1.0',
  '0.5',
  '2.5',
  '-1.5',
  '3.25',
  '1.0e10',
  '1.0e22',
  '1.0e300',
  '-1.0e-300',
  '4.9e-324',
  '9007199254740992.0',
  '2147483648.0',
  '1073741823.0',
  '0.1',
];

export function floatLiteral(r: Random): string {
  if (r.oneIn(2)) return r.pick(FLOATS);
  return `${r.range(-1000, 1000)}.${r.below(1000)}`;
}

export function atomLiteral(r: Random): string {
  return r.pick(['a', 'b', 'c', 'ok', 'error', 'undefined', 'none', "'A'", "''"]);
}

export function stringLiteral(r: Random): string {
  return r.times(r.below(6), () => r.pick(['a', 'b', 'z', '0', ' ', '\\n', 'é', '€'])).join('');
}
