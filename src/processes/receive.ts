// Receiving: timeouts and receive markers. The mailbox itself is in process.ts.
import { am } from '../terms/atoms.js';
import { toNumberIfSafe } from '../terms/integer.js';
import { NIL, type Term } from '../terms/tags.js';
import { type Message, type Process, Status } from './process.js';
import { referenceNumber } from './references.js';
import { makeRunnable } from './run-queue.js';
import { cancelTimer, startTimer } from './timers.js';

/** What becomes of a `wait_timeout`. */
export const enum TimeoutResult {
  /** The time is up: go on behind the instruction. */
  Now = 0,
  /** Wait. */
  Wait = 1,
  /** No valid time: timeout_value. */
  Bad = 2,
}

/** Longest time of `receive ... after`, in milliseconds. */
const MAX_TIMEOUT = 0xffffffff;
/** Process.timer once it has fired. */
const FIRED = -1;

/**
 * wait_timeout for process p: starts its timer unless it runs already.
 * @param time milliseconds (integer term) or `infinity`
 * @param after code address to go on at when the time is up
 */
export function receiveTimeout(p: Process, time: Term, after: number): TimeoutResult {
  if (p.timer === FIRED) return TimeoutResult.Now;
  if (p.timer > 0 || time === am.infinity) return TimeoutResult.Wait;
  const milliseconds = timeoutValue(time);
  if (milliseconds < 0) return TimeoutResult.Bad;
  if (milliseconds === 0) return TimeoutResult.Now;
  p.timer = startTimer(milliseconds, () => {
    p.timer = FIRED;
    if (p.status === Status.Waiting) {
      p.pc = after;
      makeRunnable(p);
    }
  });
  return TimeoutResult.Wait;
}

/** The milliseconds of a timeout term, -1 if it is none. */
function timeoutValue(time: Term): number {
  if ((time & 1) === 0) return time >= 0 ? time >> 1 : -1;
  const n = toNumberIfSafe(time);
  return n !== undefined && n >= 0 && n <= MAX_TIMEOUT ? n : -1;
}

/** A message was taken, so the timer of the receive is void. */
export function cancelReceiveTimer(p: Process): void {
  if (p.timer !== 0) {
    if (p.timer > 0) cancelTimer(p.timer);
    p.timer = 0;
  }
}

const MAX_MARKERS = 8;
let nextMarker = 1;

/** recv_marker_reserve: remembers the end of the mailbox; gives the marker as a small integer. */
export function reserveMarker(p: Process): Term {
  const id = nextMarker;
  nextMarker = nextMarker >= 0x3fffffff ? 1 : nextMarker + 1;
  p.markers ??= [];
  if (p.markers.length >= MAX_MARKERS) p.markers.shift();
  p.markers.push({ id, after: p.last, reference: 0 });
  return id << 1;
}

/** recv_marker_bind: messages that hold this reference can only come after the marker. */
export function bindMarker(p: Process, marker: Term, reference: Term): void {
  const m = p.markers?.find((x) => x.id === marker >> 1);
  if (m !== undefined) m.reference = referenceNumber(reference);
}

/** recv_marker_clear: the marker, or the one bound to the reference, is not needed any more. */
export function clearMarker(p: Process, markerOrReference: Term): void {
  if (p.markers === null || markerOrReference === NIL) return;
  const reference = referenceNumber(markerOrReference);
  for (let i = p.markers.length - 1; i >= 0; i--) {
    const m = p.markers[i];
    if (reference !== 0 ? m.reference === reference : m.id === markerOrReference >> 1) {
      p.markers.splice(i, 1);
      return;
    }
  }
}

/** recv_marker_use: the receive that follows may start behind the marker. */
export function useMarker(p: Process, reference: Term): void {
  const n = referenceNumber(reference);
  if (n === 0 || p.markers === null) return;
  for (let i = p.markers.length - 1; i >= 0; i--) {
    const m = p.markers[i];
    if (m.reference === n) {
      p.before = stillThere(m.after);
      return;
    }
  }
}

/** The message the marker stands behind, if it has not been taken out meanwhile. */
function stillThere(m: Message | null): Message | null {
  return m !== null && !m.removed ? m : null;
}
