// A process: its heap, its mailbox, and what the scheduler keeps while it does not run.
import type { HeapOwner } from '../memory/collect.js';
import { MIN_BINARY_WORDS } from '../memory/off-heap.js';
import { am } from '../terms/atoms.js';
import { Imm, makeImmediate, NIL, type Term } from '../terms/tags.js';

export const enum Status {
  Runnable,
  Running,
  Waiting,
  Exited,
}

/** A message in a mailbox; nodes are linked, so that a receive can take one out of the middle. */
export interface Message {
  term: Term;
  next: Message | null;
  removed: boolean;
}

/** A place in the mailbox where messages that can hold a reference begin (recv_marker_* instructions). */
export interface Marker {
  id: number;
  /** Last message that was there when the marker was set; null: the mailbox was empty. */
  after: Message | null;
  /** Number of the reference, once bound; else 0. */
  reference: number;
}

export class Process implements HeapOwner {
  readonly pid: Term;
  status: Status = Status.Runnable;

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

  /** Registers while it does not run. */
  htop = 0;
  e = 0;
  pc = 0;
  /** Live X registers, [0, live). */
  live = 0;
  x: Term[] = [];
  /** Reductions of finished slices. */
  reductions = 0;

  first: Message | null = null;
  last: Message | null = null;
  /** The message before the one that a receive looks at; null: it looks at the first. */
  before: Message | null = null;
  messageCount = 0;
  markers: Marker[] = [];
  /** Timer of a receive ... after, 0: none, -1: it has fired. */
  timer = 0;

  /** Pids that this process is linked to. */
  links = new Set<Term>();
  /** Monitors that this process has on others, by reference number: the pids it watches. */
  monitors = new Map<number, Term>();
  /** Monitors that others have on this process, by reference number: what they watch it by, and who. */
  monitoredBy = new Map<number, { watcher: Term; item: Term }>();
  trapExit = false;
  /** As process_flag(priority, ...) set it; the scheduler treats all alike. */
  priority: Term = am.normal;
  registeredName: Term = 0;
  groupLeader: Term = 0;
  /** Module whose undefined_function/3 is called for what is not there. */
  errorHandler: Term = am.error_handler;
  parent: Term = 0;
  /** Process dictionary: keys that are immediates, and others in pairs. */
  dictionary = new Map<Term, Term>();
  boxedDictionary: Term[] = [];
  /** Module, name and arity it was spawned with. */
  initialCall: [Term, Term, number] = [NIL, NIL, 0];

  constructor(readonly number: number) {
    this.pid = makeImmediate(Imm.Pid, number);
  }

  /** @see HeapOwner */
  moveRoots(move: (t: Term) => Term): void {
    for (let m = this.first; m !== null; m = m.next) m.term = move(m.term);
    for (const [key, value] of this.dictionary) this.dictionary.set(key, move(value));
    const pairs = this.boxedDictionary;
    for (let i = 0; i < pairs.length; i++) pairs[i] = move(pairs[i]);
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
