// The scheduler: gives each runnable process a slice of reductions in turn, and waits for timers when none can run.
import { interpret } from '../interpret/loop.js';
import { translatorLoader } from '../interpret/transitions.js';
import { ArenaFull, useFragments } from '../memory/allocate.js';
import { H, Reg, Region, Why } from '../memory/arena.js';
import { CorruptHeap, collect, createHeap, HeapLimit, INITIAL_HEAP } from '../memory/collect.js';
import { newBinaryOwner, releaseBinaries, useBinaries } from '../memory/off-heap.js';
import { isExhausted, REDUCTION, settings, sliceReductions, work } from '../settings.js';
import { am } from '../terms/atoms.js';
import { Imm, makeImmediate, NIL, type Term } from '../terms/tags.js';
import { letIn } from './arrivals.js';
import { setCurrent } from './current.js';
import { exitProcess } from './exit.js';
import { NO_REGISTERS, type Process, Status } from './process.js';
import { makeRunnable, nextRunnable, othersRunnable } from './run-queue.js';
import { newProcess } from './table.js';
import { fireTimers, nextDue, timersRunning } from './timers.js';

/** Hears of a process that the engine itself had to end: what happened, in words. */
export const faultHook: { report: (p: Process, what: string) => void } = { report: () => {} };

/** Has what is made while no process runs. */
const nobody = newBinaryOwner();

/** Words of fragment that each message in the mailbox may have before they are collected for that. */
const MESSAGE_WORDS = 16;

/** The interpreter's loop, or a copy of it. */
let interpreter: typeof interpret = interpret;

/** From the next slice on, processes run in that loop: profiles have one that tells where it is. */
export function useInterpreter(loop: typeof interpret): void {
  interpreter = loop;
}

/** A new process with an empty heap, not runnable yet; undefined: there are too many. */
export function createProcess(words = INITIAL_HEAP): Process | undefined {
  const p = newProcess();
  if (p === undefined) return undefined;
  p.maxHeap = settings.maxHeap || p.settings.limit.words;
  createHeap(p, words);
  p.htop = p.base;
  p.e = p.end - 1;
  // The continuation pointer below the first frame: code that ends the process.
  H[p.e] = makeImmediate(Imm.Continuation, Region.CodeStart);
  return p;
}

/** Lets a new process begin at a code address with arguments that lie in its own memory already. */
export function startProcess(p: Process, pc: number, args: Term[]): void {
  p.pc = pc;
  p.live = args.length;
  p.x = args;
  makeRunnable(p);
}

/** Makes p the running process, whose memory is used. */
export function enterProcess(p: Process): void {
  setCurrent(p);
  useFragments(p.fragments);
  useBinaries(p);
  p.status = Status.Running;
  H[Reg.Htop] = p.htop;
  H[Reg.E] = p.e;
  H[Reg.Self] = p.pid;
  H[Reg.CaptureTop] = Region.Capture;
  H[Reg.Class] = NIL;
  H[Reg.Value] = NIL;
  H[Reg.Trace] = NIL;
}

/** Runs p for a slice. */
export function runSlice(p: Process): void {
  enterProcess(p);
  if (p.arrivals !== null) {
    letIn(p);
    if ((p.status as Status) === Status.Exited) return;
  }
  const live = p.live;
  for (let i = 0; i < live; i++) H[i] = p.x[i];
  const slice = sliceReductions();
  H[Reg.Reds] = slice;
  let why: Why;
  let fragments = 0;
  try {
    // Messages that have come meanwhile may be more than all that the process has itself; so may binaries in them.
    if (
      (p.binaryWords > p.binaryLimit || p.fragmentWords > p.end - p.base + MESSAGE_WORDS * p.messageCount) &&
      p.task === null
    )
      collect(p, 0, live);
    fragments = p.fragments.length;
    why = interpreter(p.pc);
  } catch (error) {
    fault(p, error);
    return;
  }
  leaveProcess(p, why, slice, fragments);
}

/**
 * The running process has been left for that reason: keeps what it goes on with.
 * @param slice what Reg.Reds began with
 * @param fragments how many entries p.fragments had when the slice began
 */
export function leaveProcess(p: Process, why: Why, slice: number, fragments: number): void {
  useBinaries(nobody);
  // A process that only ever waits for messages which are there already makes no calls.
  const taken = Math.max(1, Math.round((slice - Math.max(H[Reg.Reds], 0)) / REDUCTION));
  p.reductions += taken;
  work.reductions += taken;
  work.slices++;
  if (why === Why.Exited) return;
  p.htop = H[Reg.Htop];
  p.e = H[Reg.E];
  p.pc = H[Reg.Pc];
  for (let i = fragments + 1; i < p.fragments.length; i += 2) p.fragmentWords += p.fragments[i];
  const kept = H[Reg.Live];
  p.live = kept;
  if (kept === 0) p.x = NO_REGISTERS;
  else {
    if (p.x === NO_REGISTERS) p.x = [];
    for (let i = 0; i < kept; i++) p.x[i] = H[i];
  }
  // A process that waits has looked at all its messages, or looks for none.
  if (why === Why.Yield || p.arrivals !== null) makeRunnable(p);
  else p.status = Status.Waiting;
}

/**
 * Something that ends the process from below its own level: no memory, or code that breaks the compiler's rules. Throws the error
 * again if it is of another kind.
 */
export function fault(p: Process, error: unknown): void {
  H[Reg.CaptureTop] = Region.Capture;
  if (error instanceof HeapLimit || error instanceof ArenaFull || error instanceof CorruptHeap) {
    // A limit that the program has set was reported as OTP does it.
    if (!(error instanceof HeapLimit) || p.maxHeap === settings.maxHeap) faultHook.report(p, error.message);
    // Nothing of its heap can be trusted or grown; the reason is an immediate.
    releaseBinaries(p);
    H[Reg.Htop] = p.base;
    exitProcess(p, am.killed);
  } else throw error;
}

/** How `runUntil` ended. */
export const enum RunEnd {
  Done,
  /** Nothing can run, no timer runs: every process waits for a message that nobody will send. */
  Deadlock,
  /** settings.maxReductions are used up. */
  Exhausted,
}

/** Runs processes until `done()`; between bursts the host's event loop gets its turn. */
export async function runUntil(done: () => boolean): Promise<RunEnd> {
  for (;;) {
    if (translatorLoader.wanted) {
      translatorLoader.wanted = false;
      await translatorLoader.load();
    }
    const burstEnd = performance.now() + 20;
    for (let i = 0; ; i++) {
      if (timersRunning()) fireTimers();
      const p = nextRunnable();
      if (p === undefined) break;
      runSlice(p);
      if (done()) return RunEnd.Done;
      if (isExhausted()) return RunEnd.Exhausted;
      if (translatorLoader.wanted || ((i & 63) === 63 && performance.now() > burstEnd)) break;
    }
    if (done()) return RunEnd.Done;
    const due = nextDue();
    if (othersRunnable()) await new Promise<void>((resolve) => setImmediate(resolve));
    else if (due !== undefined) await sleep(due);
    else if (host.pending > 0) await new Promise<void>((resolve) => (host.wake = resolve));
    else return RunEnd.Deadlock;
  }
}

/** What the host still has to deliver (reads under way); while it is above 0, waiting is no deadlock. */
export const host = { pending: 0, wake: (): void => {} };

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(milliseconds, 0x7fffffff));
    host.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
