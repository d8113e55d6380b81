// Why there is no JavaScript of a function.
import type { CodeFunction } from '../code/functions.js';
import { I } from '../interpret/ops.js';
import { H } from '../memory/arena.js';

/** The reason, behind the function's name, after it has been asked for in vain. */
export function whyUntranslated(fn: CodeFunction): string {
  if (fn.bif >= 0) return 'built into Turbeam, which does not run the code in the file';
  if (H[fn.entry] === I.EntryPlain) return 'left to the interpreter: with --jit=off nothing is translated';
  return 'left to the interpreter: its code is damaged, or has too many instructions or arguments';
}
