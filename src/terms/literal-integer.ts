// Integers of any size in a region of the caller's choice.
import { H } from '../memory/arena.js';
import { boxedAt, header, Kind, Small, type Term } from './tags.js';

/** The term of an integer; if it is no small one, it takes words from `into`. */
export function bigIntTerm(value: bigint, into: (words: number) => number): Term {
  if (value <= BigInt(Small.Max) && value >= BigInt(Small.Min)) return Number(value) << 1;
  let rest = value < 0n ? -value : value;
  const limbs: number[] = [];
  while (rest > 0n) {
    limbs.push(Number(rest & 0xffffffffn) | 0);
    rest >>= 32n;
  }
  const at = into(limbs.length + 1);
  H[at] = header(value < 0n ? Kind.NegativeBig : Kind.PositiveBig, limbs.length);
  for (let i = 0; i < limbs.length; i++) H[at + 1 + i] = limbs[i];
  return boxedAt(at);
}
