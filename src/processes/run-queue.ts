// The run queue: processes that can run, first in, first out.
import { type Process, Status } from './process.js';

let ring: (Process | null)[] = new Array(256).fill(null);
let head = 0;
let size = 0;

/** Puts a process at the end of the queue. */
export function makeRunnable(p: Process): void {
  if (p.status === Status.Exited) return;
  p.status = Status.Runnable;
  if (size === ring.length) {
    const larger: (Process | null)[] = new Array(size * 2).fill(null);
    for (let i = 0; i < size; i++) larger[i] = ring[(head + i) & (size - 1)];
    ring = larger;
    head = 0;
  }
  ring[(head + size) & (ring.length - 1)] = p;
  size++;
}

/** Takes the first runnable process out, or gives undefined. */
export function nextRunnable(): Process | undefined {
  while (size > 0) {
    const p = ring[head]!;
    ring[head] = null;
    head = (head + 1) & (ring.length - 1);
    size--;
    if (p.status === Status.Runnable) return p;
  }
  return undefined;
}

/** Whether somebody else could run now. */
export function othersRunnable(): boolean {
  return size > 0;
}
