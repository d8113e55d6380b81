// How a process that an exception ended is reported, and ended; and the report of one that has outgrown its heap. Reports go
// to the process that logs, if there is one, in the form that OTP's logger expects; else to whoever has hooked in.
import { H, Reg, Why } from '../memory/arena.js';
import { HeapLimit, heapLimit } from '../memory/collect.js';
import { Atom, atom } from '../terms/atoms.js';
import { list, tupleOf } from '../terms/build.js';
import { NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { exitReason } from './exceptions.js';
import { exitProcess } from './exit.js';
import { collectionInfo, type MemoryItem } from './memory-info.js';
import type { Process } from './process.js';
import { logReport } from './system-log.js';

/** Who hears of a process that ended with an uncaught error or throw, while its heap is still there. */
export const crashHook: {
  report: (p: Process, reason: Term) => void;
  /** Whether that is so for this process even if there is one that logs. */
  claims: (p: Process) => boolean;
} = { report: () => {}, claims: () => false };

/** Who hears of a process that reached its max_heap_size: the lines of OTP's report. */
export const limitHook: {
  report: (p: Process, lines: [name: string, value: string | MemoryItem[]][]) => void;
} = {
  report: () => {},
};

/** Ends the running process by the exception in Reg.Class, Value and Trace. */
export function endByException(): void {
  const cls = H[Reg.Class];
  const reason = exitReason(cls, H[Reg.Value], H[Reg.Trace]);
  H[Reg.Value] = NIL;
  H[Reg.Trace] = NIL;
  if (cls !== Atom.Exit) reportCrash(current, reason);
  exitProcess(current, reason);
  H[Reg.Reason] = Why.Exited;
}

function reportCrash(p: Process, reason: Term): void {
  const logged =
    !crashHook.claims(p) &&
    logReport('error', 'Error in process ~p with exit value:~n~p~n', (room) => [p.pid, room.copy(reason)]);
  if (!logged) crashHook.report(p, reason);
}

heapLimit.reached = (owner, words) => {
  const p = owner as Process;
  const { kill, report, words: limit } = p.settings.limit;
  // A limit for all processes, which the command line has set, is a fault and reported as such.
  if (report && limit > 0) reportLimit(p, words);
  if (kill) throw new HeapLimit('max heap size reached');
};

function reportLimit(p: Process, words: number): void {
  const { kill, report } = p.settings.limit;
  const info = collectionInfo(p);
  const format = `     Process:            ~p ~n     Context:            maximum heap size reached~n     Max Heap Size:      ~p~n     Total Heap Size:    ~p~n     Kill:               ~p~n     Error Logger:       ~p~n     Message Queue Len:  ~p~n     GC Info:            ~p~n`;
  const bool = (b: boolean): Term => (b ? Atom.True : Atom.False);
  const logged = logReport('error', format, ({ allocate }) => [
    p.pid,
    p.maxHeap << 1,
    words << 1,
    bool(kill),
    bool(report),
    p.messageCount << 1,
    list(
      info.map(([name, n]) => tupleOf([atom(name), n << 1], allocate)),
      NIL,
      allocate,
    ),
  ]);
  if (logged) return;
  limitHook.report(p, [
    ['Context', 'maximum heap size reached'],
    ['Max Heap Size', String(p.maxHeap)],
    ['Total Heap Size', String(words)],
    ['Kill', String(kill)],
    ['Error Logger', String(report)],
    ['Message Queue Len', String(p.messageCount)],
    ['GC Info', info],
  ]);
}
