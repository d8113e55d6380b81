// The end of a process: what others hear of it, and that everything it had is given back.
import { H, Reg, Why } from '../memory/arena.js';
import { freeHeap } from '../memory/collect.js';
import { am } from '../terms/atoms.js';
import { tuple } from '../terms/build.js';
import { isAtom, Sentinel, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { deliver } from './messages.js';
import { type Process, Status } from './process.js';
import { referenceTerm } from './references.js';
import { processOf, removeProcess } from './table.js';

/** Registered names. */
export const registered = new Map<Term, Process>();

/** Called when a process ends, before its heap is freed: `reason` can still be read. */
export const exitHooks: { onExit: ((p: Process, reason: Term) => void)[] } = { onExit: [] };

/**
 * Ends p with that reason: DOWN messages to those who monitor it, exit signals along its links. The reason may lie
 * in p's own heap; it is copied for each receiver. p may be the running process.
 */
export function exitProcess(p: Process, reason: Term): void {
  if (p.status === Status.Exited) return;
  p.status = Status.Exited;
  if (p.registeredName !== 0) registered.delete(p.registeredName);
  for (const hook of exitHooks.onExit) hook(p, reason);
  removeProcess(p);
  for (const [ref, { watcher, item }] of p.monitoredBy) {
    const w = processOf(watcher);
    if (w === undefined) continue;
    w.monitors.delete(ref);
    const what = isAtom(item) ? tuple(item, am['nonode@nohost']) : item;
    deliver(w, tuple(am.DOWN, referenceTerm(ref), am.process, what, reason));
  }
  for (const [ref, target] of p.monitors) {
    processOf(target)?.monitoredBy.delete(ref);
  }
  for (const pid of p.links) {
    const other = processOf(pid);
    if (other === undefined) continue;
    other.links.delete(p.pid);
    exitSignal(other, p.pid, reason, true);
  }
  p.links.clear();
  p.monitors.clear();
  p.monitoredBy.clear();
  p.first = p.last = p.before = null;
  p.messageCount = 0;
  p.dictionary.clear();
  p.boxedDictionary.length = 0;
  freeHeap(p);
}

/** An exit signal from `from` arrives at p (exit/2, or along a link). */
export function exitSignal(p: Process, from: Term, reason: Term, fromLink: boolean): void {
  if (p.status === Status.Exited) return;
  if (!fromLink && reason === am.kill) exitProcess(p, am.killed);
  else if (p.trapExit) deliver(p, tuple(am.EXIT, from, reason));
  else if (reason !== am.normal || (from === p.pid && !fromLink)) exitProcess(p, reason);
}

/** Ends the running process from inside a BIF or instruction: gives what a BIF then returns. */
export function exitCurrent(reason: Term): Term {
  exitProcess(current, reason);
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}
