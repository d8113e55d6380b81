// Floats on the heap: a boxed IEEE 754 double.
import { allocate } from '../memory/allocate.js';
import { D, H } from '../memory/arena.js';
import { boxedAt, Kind, Tag, type Term } from './tags.js';

const FLOAT_HEADER = (2 << Kind.SizeShift) | Kind.Float;

/** Boxes a double. It has to be finite: Erlang has neither infinities nor NaN; -0.0 stays -0.0. */
export function makeFloat(d: number): Term {
  const at = allocate(3);
  H[at] = FLOAT_HEADER;
  D.setFloat64((at + 1) * 4, d, true);
  return boxedAt(at);
}

/** The double in a float term. The term has to be a float. */
export function floatValue(t: Term): number {
  return D.getFloat64(((t >>> 3) + 1) * 4, true);
}

/** Whether the term is a float. */
export function isFloat(t: Term): boolean {
  return (t & Tag.Mask) === Tag.Boxed && (H[t >>> 3] & Kind.Mask) === Kind.Float;
}
