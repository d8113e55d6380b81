import { freeHeap } from '../memory/collect.js';
import { am } from '../terms/atoms.js';
import { tupleOf } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { forgetLink, linkedTo } from './links.js';
import { endTimersOf } from './message-timers.js';
import { arrive, copyFor, deliverBuilt } from './messages.js';
import { endMonitorsOf, fireMonitor } from './monitors.js';
import { Arrives, mustWait, type Process, Status } from './process.js';
import { cancelReceiveTimer } from './receive.js';
import { resume } from './suspend.js';
import { processOf, removeProcess } from './table.js';

class NameTable extends Map<Term, Process> {
  /** Starts the process that always has that name, if it has not begun yet; see on-demand.ts. */
  start: (name: Term) => Process | undefined = () => undefined;
  /** The process of that name; asking for one can start it. */
  override get(name: Term): Process | undefined {
    return super.get(name) ?? this.start(name);
  }
}

/** Registered names. */
export const registered = new NameTable();

/** Called when a process ends, before its heap is freed: `reason` can still be read. */
export const exitHooks: { onExit: ((p: Process, reason: Term) => void)[] } = { onExit: [] };

/** Counts what processes get outside of themselves that goes when they end: tables, open files. See api/calls.ts. */
export const possessions = { acquired: 0 };

/** Processes that have to end, and why: an exit signal along a link ends the next one. */
const ending: { process: Process; reason: Term }[] = [];

/** How many processes that have ended are kept in `ending`. */
const FORGET = 1024;

/**
 * Ends p with that reason: exit signals along its links, then DOWN messages to those who monitor it. The reason may lie in
 * p's own heap; it is copied for each receiver. p may be the running process.
 */
export function exitProcess(p: Process, reason: Term): void {
  if (p.status === Status.Exited) return;
  p.status = Status.Exited;
  ending.push({ process: p, reason });
  // A chain of links is gone along here, not by recursion: it can be as long as there are processes.
  if (ending.length > 1) return;
  try {
    for (let i = 0; i < ending.length; i++) {
      const next = ending[i];
      giveUp(next.process, next.reason);
      // The reason of all that follow lies in the heap of the first.
      if (i > 0) freeHeap(next.process);
      if (i >= FORGET) {
        ending.splice(1, i);
        i = 0;
      }
    }
  } finally {
    ending.length = 0;
    freeHeap(p);
  }
}

/** Gives back what p has, and tells others; its heap stays. */
function giveUp(p: Process, reason: Term): void {
  if (p.registeredName !== 0) registered.delete(p.registeredName);
  p.dropTask();
  cancelReceiveTimer(p);
  endTimersOf(p);
  for (const hook of exitHooks.onExit) hook(p, reason);
  removeProcess(p);
  for (const pid of linkedTo(p)) {
    const other = processOf(pid);
    if (other !== undefined) exitSignal(other, p.pid, reason, true);
  }
  while (p.firstWatcher !== null) fireMonitor(p.firstWatcher, reason);
  endMonitorsOf(p);
  if (p.suspending !== null) for (const [other, count] of p.suspending) resume(other, count);
  p.firstLink = 0;
  p.moreLinks = p.suspending = p.dictionary = p.markers = null;
  p.first = p.last = p.before = p.arrivals = null;
  p.messageCount = 0;
}

/** An exit signal from `from` arrives at p (exit/2, or along a link). */
export function exitSignal(p: Process, from: Term, reason: Term, fromLink: boolean): void {
  if (p.status === Status.Exited) return;
  // A process that exits by its own signal does so at once.
  const atOnce = from === p.pid && !fromLink && (!p.trapExit || reason === am.kill);
  if (mustWait(p) && !atOnce)
    arrive(p, fromLink ? Arrives.LinkExit : Arrives.Exit, copyFor(p, reason), null, from);
  else takeExitSignal(p, from, reason, fromLink);
}

/** What an exit signal does to p. */
export function takeExitSignal(p: Process, from: Term, reason: Term, fromLink: boolean): void {
  if (fromLink && !forgetLink(p, from)) return;
  if (!fromLink && reason === am.kill) exitProcess(p, am.killed);
  else if (p.trapExit) sendExit(p, from, reason);
  else if (reason !== am.normal || (from === p.pid && !fromLink)) exitProcess(p, reason);
}

/** The message that a process gets which traps exits: {'EXIT', From, Reason}. */
export function sendExit(p: Process, from: Term, reason: Term): void {
  deliverBuilt(p, (room) => tupleOf([am.EXIT, from, room.copy(reason)], room.allocate));
}
