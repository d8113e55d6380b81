// The bottom of the stack of a process that runs a call for JavaScript: where the call returns to, and what catches an exception that
// nobody else does. Both are built-in functions that no program can name.
//
//   end - 3   continuation: `returned` gets the value
//   end - 2   catch tag: `raised` gets class, reason and raw stack trace
//   end - 1   the same continuation, for a process that has hibernated: nothing is left of its stack but the last word
import { defineHiddenBif } from '../bifs/table.js';
import type { ExportEntry } from '../code/functions.js';
import { H, Reg, Why } from '../memory/arena.js';
import type { Process } from '../processes/process.js';
import { Imm, makeImmediate, Sentinel, type Term } from '../terms/tags.js';

/** Only seen in stack traces and the like. */
const MODULE = '\0api';

/** Makes a built-in function of the API's own; gives its entry. */
export function internalFunction(name: string, arity: number, bif: (...x: Term[]) => Term): ExportEntry {
  return defineHiddenBif(MODULE, name, arity, bif);
}

/** The same; gives the code address to run it at. */
export function internalCode(name: string, arity: number, bif: (...x: Term[]) => Term): number {
  return H[internalFunction(name, arity, bif).cell]!;
}

/** What `returned` and `raised` do, set by calls.ts; the process then stops, or has ended. */
export const bottom: {
  returned: (value: Term) => void;
  raised: (cls: Term, reason: Term, trace: Term) => void;
} = { returned: () => {}, raised: () => {} };

/** Words of the bottom frame. */
const FRAME_WORDS = 3;

const stop = (): Term => {
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
};

const RETURNED = internalCode('returned', 1, (value) => {
  bottom.returned(value!);
  return stop();
});
const RAISED = internalCode('raised', 4, (_none, cls, reason, trace) => {
  bottom.raised(cls!, reason!, trace!);
  return stop();
});

/** Gives a process that does not run a stack with the bottom frame only. */
export function resetStack(p: Process): void {
  p.e = p.end - FRAME_WORDS;
  H[p.e] = makeImmediate(Imm.Continuation, RETURNED);
  H[p.e + 1] = makeImmediate(Imm.Catch, RAISED);
  H[p.e + 2] = H[p.e]!;
}
