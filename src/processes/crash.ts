// How a process that an exception ended is reported, and ended.
import { H, Reg, Why } from '../memory/arena.js';
import { Atom } from '../terms/atoms.js';
import { NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { exitReason } from './exceptions.js';
import { exitProcess } from './exit.js';
import type { Process } from './process.js';

/** Who hears of a process that ended with an uncaught error or throw, while its heap is still there. */
export const crashHook: { report: (p: Process, reason: Term) => void } = { report: () => {} };

/** Ends the running process by the exception in Reg.Class, Value and Trace. */
export function endByException(): void {
  const cls = H[Reg.Class];
  const reason = exitReason(cls, H[Reg.Value], H[Reg.Trace]);
  H[Reg.Value] = NIL;
  H[Reg.Trace] = NIL;
  if (cls !== Atom.Exit) crashHook.report(current, reason);
  exitProcess(current, reason);
  H[Reg.Reason] = Why.Exited;
}
