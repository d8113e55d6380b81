// Timers that send a message: erlang:send_after, start_timer. They are known by a reference; one for a pid ends with that
// process. (Module erlang; a name is looked up when the timer fires.)

import { H } from '../memory/arena.js';
import { free, Obj, store } from '../tables/objects.js';
import { am } from '../terms/atoms.js';
import { tuple, tupleOf } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { registered } from './exit.js';
import { deliverBuilt } from './messages.js';
import { type Process, Status } from './process.js';
import { referenceTerm } from './references.js';
import { cancelTimer, startTimerAt, timeLeft } from './timers.js';

export interface MessageTimer {
  readonly reference: number;
  /** Number of the timer itself. */
  timer: number;
  /** Who gets the message; null: who has `name` then. */
  readonly to: Process | null;
  readonly name: Term;
  /** The message, if it is an immediate. */
  readonly message: Term;
  /** Else an object (tables/objects.ts) with {Message}, which no collector has to know of; 0: none. */
  readonly object: number;
  /** Whether it is sent as {timeout, Reference, Message}. */
  readonly wrapped: boolean;
}

const byReference = new Map<number, MessageTimer>();

/** Whether a term is no pointer into any memory. */
const isImmediate = (t: Term): boolean => (t & 7) !== 1 && (t & 7) !== 3;

/**
 * Starts a timer.
 * @param to process, or registered name (atom term)
 * @param due time at which it fires, as `now` gives it
 */
export function startMessageTimer(
  reference: number,
  due: number,
  to: Process | Term,
  message: Term,
  wrapped: boolean,
): void {
  const t: MessageTimer = {
    reference,
    timer: 0,
    to: typeof to === 'number' ? null : to,
    name: typeof to === 'number' ? to : 0,
    message,
    object: isImmediate(message) ? 0 : store(tuple(message)),
    wrapped,
  };
  t.timer = startTimerAt(due, () => fire(t));
  byReference.set(reference, t);
  if (t.to === null) return;
  t.to.timers ??= new Set();
  t.to.timers.add(t);
}

function fire(t: MessageTimer): void {
  const to = t.to ?? registered.get(t.name);
  if (to !== undefined && to.status !== Status.Exited) {
    deliverBuilt(to, ({ allocate, copy }) => {
      const message = t.object === 0 ? t.message : copy(H[t.object + Obj.Tuple + 1]);
      return t.wrapped
        ? tupleOf([am.timeout, referenceTerm(t.reference, allocate), message], allocate)
        : message;
    });
  }
  forget(t);
}

/** Milliseconds that were left, rounded up; undefined: there is no such timer (any more). */
export function cancelMessageTimer(reference: number): number | undefined {
  const t = byReference.get(reference);
  if (t === undefined) return undefined;
  forget(t);
  return rounded(cancelTimer(t.timer));
}

/** Milliseconds left, as cancelMessageTimer. */
export function messageTimeLeft(reference: number): number | undefined {
  const t = byReference.get(reference);
  return t && rounded(timeLeft(t.timer));
}

/** Ends the timers of a process that ends. */
export function endTimersOf(p: Process): void {
  if (p.timers === null) return;
  for (const t of p.timers) {
    byReference.delete(t.reference);
    cancelTimer(t.timer);
    if (t.object !== 0) free(t.object);
  }
  p.timers = null;
}

function forget(t: MessageTimer): void {
  byReference.delete(t.reference);
  t.to?.timers?.delete(t);
  if (t.object !== 0) free(t.object);
}

const rounded = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.ceil(ms);
