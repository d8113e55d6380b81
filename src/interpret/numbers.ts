// Numbers of any kind as doubles, for float instructions.
import { D, H } from '../memory/arena.js';
import { integerToDouble } from '../terms/integer.js';
import { Kind, type Term } from '../terms/tags.js';

/** The double of an integer or float; NaN if the term is neither or the integer is too large (badarith). */
export function numberToDouble(t: Term): number {
  if ((t & 1) === 0) return t >> 1;
  if ((t & 7) !== 3) return NaN;
  const at = t >>> 3;
  const kind = H[at] & Kind.Mask;
  if (kind === Kind.Float) return D.getFloat64((at + 1) * 4, true);
  if (kind === Kind.PositiveBig || kind === Kind.NegativeBig) {
    const d = integerToDouble(t);
    return d - d === 0 ? d : NaN;
  }
  return NaN;
}
