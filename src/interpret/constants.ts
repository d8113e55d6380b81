// Constants of code as terms in the arena.
import type { LoadedModule } from '../code/functions.js';
import { LoadError } from '../load/module.js';
import { allocateLiteral, inArea } from '../memory/literals.js';
import { decodeTerm, ExternalFormatError } from '../terms/external.js';
import { bigIntTerm } from '../terms/literal-integer.js';
import type { Term } from '../terms/tags.js';

/** An integer operand as a term: small, or in the literal region. */
export function integerTerm(value: number | bigint): Term {
  if (typeof value === 'number' && value <= 0x3fffffff && value >= -0x40000000) return value << 1;
  return bigIntTerm(BigInt(value), allocateLiteral);
}

/** The term of a literal, which is made when it is first wanted. Throws LoadError if it is damaged. */
export function literalOf(m: LoadedModule, n: number): Term {
  return m.literals[n] ?? makeLiteral(m, n);
}

function makeLiteral(m: LoadedModule, n: number): Term {
  try {
    const bytes = m.source.literals[n];
    return (m.literals[n] = inArea(m.literalArea, () => decodeTerm(bytes, allocateLiteral).term));
  } catch (error) {
    if (error instanceof ExternalFormatError)
      throw new LoadError(m.source.path, `literal ${n}: ${error.message}`);
    throw error;
  }
}
