// Suspending processes: a suspended one does not run, whatever arrives, until it has been resumed as often as it was
// suspended.
import { current } from './current.js';
import { type Process, Status } from './process.js';
import { makeRunnable } from './run-queue.js';

/** The running process suspends p once more. */
export function suspend(p: Process): void {
  current.suspending ??= new Map();
  current.suspending.set(p, (current.suspending.get(p) ?? 0) + 1);
  p.suspensions++;
  if (p.status === Status.Runnable) p.status = Status.Suspended;
}

/** p is resumed so many times; it goes on if nobody else suspends it. */
export function resume(p: Process, times: number): void {
  p.suspensions -= times;
  if (p.suspensions === 0 && p.status === Status.Suspended) makeRunnable(p);
}
