// Variables in match specifications are atoms: '$0', '$1' and so on, without leading zeros.
import { atomName } from '../terms/atoms.js';
import { Imm, type Term } from '../terms/tags.js';

const numbers = new Map<Term, number>();

/** The number of a variable, -1: the term is none. */
export function variableNumber(t: Term): number {
  if ((t & Imm.Mask) !== Imm.Atom) return -1;
  const known = numbers.get(t);
  if (known !== undefined) return known;
  const name = atomName(t);
  if (!/^\$(0|[1-9]\d*)$/.test(name)) return -1;
  const n = Number(name.slice(1));
  numbers.set(t, n);
  return n;
}
