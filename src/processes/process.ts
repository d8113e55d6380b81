// A process: its heap, its mailbox, and what the scheduler keeps while it does not run.
import type { ExportEntry } from '../code/functions.js';
import type { HeapOwner } from '../memory/collect.js';
import { MIN_BINARY_WORDS } from '../memory/off-heap.js';
import { am } from '../terms/atoms.js';
import { Imm, makeImmediate, type Term } from '../terms/tags.js';
import type { Dictionary } from './dictionary.js';
import type { MessageTimer } from './message-timers.js';
import type { Monitor } from './monitors.js';

/** X registers of a process that waits: none. */
export const NO_REGISTERS: Term[] = [];

export const enum Status {
  Runnable,
  Running,
  Waiting,
  /** Would be runnable, but for suspend_process. */
  Suspended,
  Exited,
}

/** A message in a mailbox; nodes are linked, so that a receive can take one out of the middle. */
export interface Message {
  term: Term;
  next: Message | null;
  removed: boolean;
}

/** What has arrived, but has had no effect yet. */
export const enum Arrives {
  Message,
  /** A message by the alias `monitor`. */
  ByAlias,
  /** An exit signal of exit/2, and one along a link. */
  Exit,
  LinkExit,
  /** What `monitor` watched has ended. */
  Down,
}

/** See arrivals.ts. */
export interface Arrival {
  kind: Arrives;
  /** The message, or the exit reason, in the process's own memory. */
  term: Term;
  monitor: Monitor | null;
  /** Who sent the exit signal. */
  from: Term;
}

/** A place in the mailbox where messages that can hold a reference begin (recv_marker_* instructions). */
export interface Marker {
  id: number;
  /** Last message that was there when the marker was set; null: the mailbox was empty. */
  after: Message | null;
  /** Number of the reference, once bound; else 0. */
  reference: number;
}

/** How urgently a process runs, highest first. */
export const enum Priority {
  Max,
  High,
  Normal,
  Low,
}

/** Settings that few processes change (process_flag/2, spawn_opt): others share the defaults. */
export interface ProcessSettings {
  /** Words of binaries that go with the smallest heap. */
  minBinaryHeap: number;
  offHeapMessages: boolean;
  /** Limit of the heap; its words stand in Process.maxHeap for the collector. */
  limit: HeapLimitSetting;
  errorHandler: Term;
  saveCalls: number;
  sensitive: boolean;
}

/** The max_heap_size of a process: words (0: no limit), and what happens when it is reached. */
export interface HeapLimitSetting {
  words: number;
  kill: boolean;
  report: boolean;
  includeSharedBinaries: boolean;
}

/** Words of the smallest heap unless a process has another setting. */
export const MIN_HEAP = 233;

/** What processes start with; system_flag/2 changes some of it. */
export const defaults: { minHeap: number; fullsweepAfter: number; settings: ProcessSettings } = {
  minHeap: MIN_HEAP,
  fullsweepAfter: 65535,
  settings: {
    minBinaryHeap: 46422,
    offHeapMessages: false,
    limit: { words: 0, kill: true, report: true, includeSharedBinaries: false },
    errorHandler: am.error_handler,
    saveCalls: 0,
    sensitive: false,
  },
};

/** A BIF that works in steps, see bifs/yielding.ts. */
export interface Task {
  /** Number of the BIF. */
  bif: number;
  /** It holds no terms of the process, so that it goes on after a collection. */
  readonly survives: boolean;
  /** Goes on: the result (Sentinel.Unwind after raise), or itself while there is more to do. */
  step(): Term | Task;
  /** It will not go on: gives back what it has. */
  abandon(): void;
}

export class Process implements HeapOwner {
  readonly pid: Term;
  status: Status = Status.Runnable;
  priority: Priority = Priority.Normal;
  /** It stands in the run queue, maybe in vain. */
  queued = false;
  /** Turns that it has left to others, with low priority. */
  passed = 0;
  trapExit = false;

  base = 0;
  end = 0;
  mark = 0;
  want = 0;
  oldBase = 0;
  oldTop = 0;
  oldEnd = 0;
  fragments: number[] = [];
  youngBinaries = 0;
  oldBinaries = 0;
  binaryWords = 0;
  binaryLimit = MIN_BINARY_WORDS;
  oldBinaryWords = 0;
  oldBinaryLimit = MIN_BINARY_WORDS;
  remembered: number[] | null = null;
  maxHeap = 0;
  minHeap = defaults.minHeap;
  minorCollections = 0;
  fullsweepAfter = defaults.fullsweepAfter;
  /** Words of messages that are in fragments. */
  fragmentWords = 0;

  /** Registers while it does not run. */
  htop = 0;
  e = 0;
  pc = 0;
  /** Live X registers, [0, live). */
  live = 0;
  x: Term[] = NO_REGISTERS;
  /** Reductions of finished slices. */
  reductions = 0;

  /** What the process is in the middle of; null: nothing. No longer valid when something has moved. */
  task: Task | null = null;

  first: Message | null = null;
  last: Message | null = null;
  /** The message before the one that a receive looks at; null: it looks at the first. */
  before: Message | null = null;
  messageCount = 0;
  /** Signals that wait for the process to look for messages, see arrivals.ts; null: none. */
  arrivals: Arrival[] | null = null;
  markers: Marker[] | null = null;
  /** Timer of a receive ... after, 0: none, -1: it has fired. */
  timer = 0;

  /** Pids that this process is linked to, see links.ts; 0: none. */
  firstLink: Term = 0;
  moreLinks: Set<Term> | null = null;
  /** Monitors and aliases of this process, youngest first; and monitors of others on it, oldest first: see monitors.ts. */
  monitors: Monitor | null = null;
  firstWatcher: Monitor | null = null;
  lastWatcher: Monitor | null = null;
  /** One of its monitors has a tag that lies on the heap. */
  hasTags = false;
  /** How often it is suspended (suspend_process), and by this process others. */
  suspensions = 0;
  suspending: Map<Process, number> | null = null;
  /** Timers that will send this process a message. */
  timers: Set<MessageTimer> | null = null;

  registeredName: Term = 0;
  groupLeader: Term = 0;
  parent: Term = 0;
  /** Whose limits it counts for, see api/limits.ts: handed on to what it spawns; 0: nobody's. */
  family = 0;
  dictionary: Dictionary | null = null;
  settings: ProcessSettings = defaults.settings;
  /** What it was spawned with; null: a fun. */
  initialCall: ExportEntry | null = null;

  constructor(readonly number: number) {
    this.pid = makeImmediate(Imm.Pid, number);
  }

  /** @see HeapOwner */
  moveRoots(move: (t: Term) => Term): void {
    if (this.task !== null && !this.task.survives) this.dropTask();
    for (let m = this.first; m !== null; m = m.next) m.term = move(m.term);
    if (this.arrivals !== null) for (const m of this.arrivals) m.term = move(m.term);
    if (this.dictionary !== null) this.dictionary.moveRoots(move);
    if (this.hasTags) for (let m = this.monitors; m !== null; m = m.next) m.tag = move(m.tag);
  }

  /** The task will not go on; its BIF may begin anew. */
  dropTask(): void {
    const { task } = this;
    this.task = null;
    task?.abandon();
  }

  /** Puts a message, already copied to this process's memory, at the end of the mailbox. */
  enqueue(term: Term): void {
    const m: Message = { term, next: null, removed: false };
    if (this.last === null) this.first = m;
    else this.last.next = m;
    this.last = m;
    this.messageCount++;
  }

  /** The message that the receive looks at (loop_rec), or null. */
  current(): Message | null {
    return this.before === null ? this.first : this.before.next;
  }

  /** Takes the current message out; the next receive starts at the front (remove_message). */
  removeCurrent(): void {
    const m = this.current();
    if (m === null) return;
    if (this.before === null) this.first = m.next;
    else this.before.next = m.next;
    if (m.next === null) this.last = this.before;
    m.removed = true;
    this.messageCount--;
    this.before = null;
  }
}

/** Whether a signal to p has to wait in `arrivals`: p runs, or something waits there already. */
export function mustWait(p: Process): boolean {
  return p.status === Status.Running || p.arrivals !== null;
}
