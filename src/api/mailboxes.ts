// Processes whose messages go to JavaScript.

import { current } from '../processes/current.js';
import { exitHooks, exitProcess } from '../processes/exit.js';
import { type Process, Status } from '../processes/process.js';
import { makeRunnable } from '../processes/run-queue.js';
import { am } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { kept, newActor, park, parked } from './callers.js';
import { decode, decodeOrHide } from './decode.js';
import { checkOpen } from './state.js';
import type { Pid, Value } from './values.js';

/** Words of heap: messages are copied out at once. */
const HEAP_WORDS = 233;

export interface Receiver {
  /** Hears of each message. Must not call the runtime. */
  message: (message: Value) => void;
  /** Whether it takes no more for now: the messages then stay in the process's own mailbox. */
  isFull: () => boolean;
  /** Hears that the process has ended. */
  ended: (reason: Value) => void;
}

const receivers = new Map<Process, Receiver>();

/** Hands on the messages of a process, as many as are taken. */
function drain(p: Process, receiver: Receiver): void {
  while (!receiver.isFull()) {
    p.before = null;
    const m = p.current();
    if (m === null) return;
    const message = decodeOrHide(m.term);
    p.removeCurrent();
    receiver.message(message);
  }
}

parked.woken = () => {
  const receiver = receivers.get(current);
  if (receiver !== undefined) drain(current, receiver);
};

exitHooks.onExit.push((p, reason) => {
  const receiver = receivers.get(p);
  if (receiver === undefined) return;
  receivers.delete(p);
  kept.delete(p);
  receiver.ended(decodeOrHide(reason));
});

/** A process as JavaScript handles it. */
export interface Actor {
  process: Process;
  pid: Pid;
}

/** Makes a process whose messages the receiver hears of. */
export function newMailbox(receiver: Receiver): Actor {
  checkOpen();
  park();
  const p = newActor(HEAP_WORDS);
  receivers.set(p, receiver);
  kept.add(p);
  return { process: p, pid: decode(p.pid) as Pid };
}

/** Ends it, with a reason that is an immediate. What it has got already is received. */
export function closeMailbox(p: Process, reason: Term = am.normal): void {
  park();
  const receiver = receivers.get(p);
  if (receiver !== undefined) drain(p, receiver);
  if (p.status !== Status.Exited) exitProcess(p, reason);
}

/** Messages that came while a call was under way in the process are looked at when it has nothing to do. */
export function lookAgain(p: Process): void {
  if (p.first !== null && p.status === Status.Waiting) makeRunnable(p);
}

/** The runtime has ended, and all mailboxes with it. */
export function endMailboxes(): void {
  for (const receiver of receivers.values()) receiver.ended(undefined);
  receivers.clear();
}
