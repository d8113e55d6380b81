// How many words of our heap the building instructions take, and how many an allocation operand makes room for. Floats and
// funs are larger here than in OTP's 64-bit words, which is why the compiler counts them apart.
import type { Operand } from './module.js';

/** A cons cell. */
export const CONS_WORDS = 2;
/** A boxed float: header and 64 bits. */
export const FLOAT_WORDS = 3;
/** A fun without its free variables: header, lambda, arity, creator. */
export const FUN_WORDS = 4;

/** Words of our heap that the heap need of test_heap, allocate_heap and others stands for. */
export function heapWords(o: Operand): number {
  if (o.kind === 'alloc') return o.words + o.floats * FLOAT_WORDS + o.funs * FUN_WORDS;
  return (o as { n: number }).n;
}
