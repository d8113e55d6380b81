// The run queue: processes that can run. There is one for each of the priorities max and high, and one for normal and low
// together, first in, first out. While anybody of a higher priority can run, nobody of a lower one does; a process of low
// priority gets its turn only every eighth time (module erlang, process_flag(priority, Level)).
import { Priority, type Process, Status } from './process.js';

/** How many turns of its own a process of low priority leaves to others. */
const LOW_TURNS = 8;

class Queue {
  private ring: (Process | null)[] = new Array(256).fill(null);
  private head = 0;
  size = 0;

  push(p: Process): void {
    if (this.size === this.ring.length) this.grow();
    this.ring[(this.head + this.size) & (this.ring.length - 1)] = p;
    this.size++;
  }

  /** Takes the first one out; the queue is not empty. */
  take(): Process {
    const p = this.ring[this.head]!;
    this.ring[this.head] = null;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.size--;
    return p;
  }

  private grow(): void {
    const { ring, head, size } = this;
    const larger: (Process | null)[] = new Array(size * 2).fill(null);
    for (let i = 0; i < size; i++) larger[i] = ring[(head + i) & (size - 1)];
    this.ring = larger;
    this.head = 0;
  }
}

const max = new Queue();
const high = new Queue();
const normal = new Queue();

function queueOf(priority: Priority): Queue {
  return priority >= Priority.Normal ? normal : priority === Priority.High ? high : max;
}

/** Puts a process at the end of its queue, unless it has ended or stands there already; it may be suspended. */
export function makeRunnable(p: Process): void {
  if (p.status === Status.Exited) return;
  if (p.suspensions > 0) {
    p.status = Status.Suspended;
    return;
  }
  p.status = Status.Runnable;
  if (p.queued) return;
  p.queued = true;
  queueOf(p.priority).push(p);
}

/** Takes the first process out that can run, or gives undefined. */
export function nextRunnable(): Process | undefined {
  if (max.size > 0 || high.size > 0) {
    const p = takeFrom(max) ?? takeFrom(high);
    if (p !== undefined) return p;
  }
  return takeFrom(normal);
}

function takeFrom(queue: Queue): Process | undefined {
  while (queue.size > 0) {
    const p = queue.take();
    if (p.priority === Priority.Low && p.status === Status.Runnable && ++p.passed < LOW_TURNS) {
      queue.push(p);
      continue;
    }
    p.passed = 0;
    p.queued = false;
    if (p.status === Status.Runnable) return p;
  }
  return undefined;
}

/** Whether somebody could run now besides the running process. */
export function othersRunnable(): boolean {
  return queueLength() > 0;
}

/** How many processes wait for their turn. */
export function queueLength(): number {
  return normal.size + high.size + max.size;
}
