// The processes that calls from JavaScript run in. A call that JavaScript waits for runs in one that is kept: its registers stay in the
// arena between calls (it is `resident`), and as long as nothing is left behind that another call could see, the heap is simply
// used again from its start.
import { ArenaFull } from '../memory/allocate.js';
import { H, Reg, Why } from '../memory/arena.js';
import { freeBlock } from '../memory/blocks.js';
import { releaseBinaries } from '../memory/off-heap.js';
import { exitProcess, possessions } from '../processes/exit.js';
import { defaults, Priority, type Process, Status } from '../processes/process.js';
import { makeRunnable, queueLength } from '../processes/run-queue.js';
import { createProcess, enterProcess } from '../processes/scheduler.js';
import { newestTimer, timersRunning } from '../processes/timers.js';
import { am } from '../terms/atoms.js';
import { Sentinel } from '../terms/tags.js';
import { internalCode, resetStack } from './frame.js';
import { checkOpen, state } from './state.js';
import { TurbeamError } from './values.js';

/** Words of heap of a process that runs calls for JavaScript: enough for what most calls are given and give. */
const HEAP_WORDS = 4096;

/** What is told of work that waits for its turn; set by pump.ts. */
export const pump: { wake: () => void; runJobs: () => boolean; jobsUnderWay: () => number } = {
  wake: () => {},
  runJobs: () => false,
  jobsUnderWay: () => 0,
};

/** Where a process is that JavaScript keeps and that has nothing to do: messages are left to `parked`. */
export const PARKED: number = internalCode('parked', 0, () => {
  parked.woken();
  H[Reg.Live] = 0;
  H[Reg.Pc] = PARKED;
  H[Reg.Reason] = Why.Wait;
  return Sentinel.Unwind;
});

/** Hears that the running process, which has nothing to do, has got messages. */
export const parked: { woken: () => void } = { woken: () => {} };

/** A new process that does nothing. */
export function newActor(words = HEAP_WORDS): Process {
  let p: Process | undefined;
  try {
    p = createProcess(words);
  } catch (error) {
    if (!(error instanceof ArenaFull)) throw error;
    throw new TurbeamError('failed', `no memory for another process: ${error.message}`);
  }
  if (p === undefined) throw new TurbeamError('failed', 'there are too many processes');
  resetStack(p);
  p.pc = PARKED;
  p.status = Status.Waiting;
  return p;
}

/** The registers of the resident process are put away, so that others can run. */
export function park(): void {
  const p = state.resident;
  if (p === null) return;
  state.resident = null;
  p.htop = H[Reg.Htop]!;
  p.e = H[Reg.E]!;
  p.pc = PARKED;
  p.live = 0;
  if (p.status === Status.Running) {
    p.status = Status.Waiting;
    if (p.arrivals !== null || p.first !== null) makeRunnable(p);
  }
}

/** Processes for calls that JavaScript waits for, one for each such call that is made inside of another. */
const callers: Process[] = [];
let depth = 0;
/** The process of the calls that are made now. */
export let caller: Process | null = null;

/** Has calls made in that process; null: in whichever is free. Gives the one before. */
export function useCaller(p: Process | null): Process | null {
  const before = caller;
  caller = p;
  return before;
}

/** Calls that are made from now on are inside of another one; gives how deep that one is. */
export function goDeeper(): number {
  return depth++;
}

/** They are as deep as that again. */
export function comeBack(to: number): void {
  depth = to;
}

/** How many processes there are for such calls. */
export function callerCount(): number {
  return callers.length;
}

function callerAt(n: number): Process {
  let p = callers[n];
  if (p === undefined || p.status === Status.Exited) callers[n] = p = newActor();
  return p;
}

/** Begins a call in the process for it: what is in place for the next one already, mostly. */
export function begin(): void {
  if (
    state.resident !== caller ||
    caller === null ||
    state.busy ||
    state.ended !== null ||
    caller.arrivals !== null
  )
    beginSlowly();
  state.busy = true;
}

function beginSlowly(): void {
  checkOpen();
  park();
  caller = callerAt(depth);
  if (caller.arrivals !== null || caller.first !== null) {
    // What has come between calls is for nobody: the next call has another pid.
    exitProcess(caller, am.normal);
    caller = callerAt(depth);
  }
  enterProcess(caller);
  state.resident = caller;
}

/** Whether p has nothing that another call could see, but maybe a heap that is not empty. */
function isFresh(p: Process): boolean {
  return (
    p.first === null &&
    p.arrivals === null &&
    p.firstLink === 0 &&
    p.monitors === null &&
    p.firstWatcher === null &&
    p.dictionary === null &&
    p.registeredName === 0 &&
    !p.trapExit &&
    p.timers === null &&
    p.suspending === null &&
    p.settings === defaults.settings &&
    p.priority === Priority.Normal &&
    p.groupLeader === 0 &&
    p.minHeap === defaults.minHeap &&
    p.fullsweepAfter === defaults.fullsweepAfter
  );
}

/** Processes that JavaScript keeps for good, with all that they have: those of mailboxes. */
export const kept = new Set<Process>();

/** What processes had acquired when a call ended: if it is more after the next, some of it may be the caller's. */
let acquired = 0;

/** A call has ended in the resident process: clears up behind it. */
export function finish(p: Process): void {
  state.busy = false;
  if (kept.size > 0 && kept.has(p)) {
    park();
    caller = null;
  } else if (!isFresh(p) || possessions.acquired !== acquired) {
    acquired = possessions.acquired;
    state.resident = null;
    caller = null;
    p.htop = H[Reg.Htop]!;
    p.status = Status.Waiting;
    exitProcess(p, am.normal);
  } else if (p.oldBase !== 0 || p.fragments.length > 0 || p.youngBinaries !== 0 || p.markers !== null)
    emptyHeap(p);
  else H[Reg.Htop] = p.mark = p.base;
  if (queueLength() > 0 || (timersRunning() && newestTimer() !== knownTimer)) {
    knownTimer = newestTimer();
    pump.wake();
  }
}

/** The newest timer that the pump knows of. */
let knownTimer = 0;

/** Heaps above this many words are not kept for the next call. */
const KEPT_WORDS = 1 << 18;

function emptyHeap(p: Process): void {
  p.markers = null;
  if (p.end - p.base > KEPT_WORDS) {
    state.resident = null;
    caller = null;
    p.status = Status.Waiting;
    exitProcess(p, am.normal);
    return;
  }
  releaseBinaries(p);
  for (let i = 0; i < p.fragments.length; i += 2) freeBlock(p.fragments[i]!);
  p.fragments.length = 0;
  p.fragmentWords = 0;
  if (p.oldBase !== 0) freeBlock(p.oldBase);
  p.oldBase = p.oldTop = p.oldEnd = 0;
  p.remembered = null;
  p.minorCollections = 0;
  p.mark = p.base;
  H[Reg.Htop] = p.base;
  resetStack(p);
  H[Reg.E] = p.e;
}
