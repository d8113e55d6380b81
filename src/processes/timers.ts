// Timers: a binary heap by due time. The scheduler fires what is due between slices.

interface Timer {
  due: number;
  id: number;
  fire: () => void;
}

const heap: Timer[] = [];
const live = new Map<number, Timer>();
let nextId = 1;

/** Milliseconds since the start of the runtime, monotonic, with fractions. */
export function now(): number {
  return performance.now();
}

/** Calls `fire` when `milliseconds` have passed; gives the number to cancel it by. */
export function startTimer(milliseconds: number, fire: () => void): number {
  return startTimerAt(now() + milliseconds, fire);
}

/** The same at a time that `now` will give; of timers for the same time the first fires first. */
export function startTimerAt(due: number, fire: () => void): number {
  const timer = { due, id: nextId++, fire };
  live.set(timer.id, timer);
  heap.push(timer);
  let i = heap.length - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (before(heap[up], timer)) break;
    heap[i] = heap[up];
    i = up;
  }
  heap[i] = timer;
  return timer.id;
}

/** Milliseconds that were left, or undefined if the timer has fired or never was. */
export function cancelTimer(id: number): number | undefined {
  const timer = live.get(id);
  if (timer === undefined) return undefined;
  live.delete(id);
  // Taken out of the heap when it comes to the top; until then it is only dead weight.
  if (live.size * 4 + 64 < heap.length) sweep();
  return Math.max(0, timer.due - now());
}

/** Milliseconds left, as cancelTimer. */
export function timeLeft(id: number): number | undefined {
  const timer = live.get(id);
  return timer && Math.max(0, timer.due - now());
}

/** Changes with every timer that is started. */
export function newestTimer(): number {
  return nextId - 1;
}

/** How many timers run. */
export function timerCount(): number {
  return live.size;
}

/** Fires what is due. */
export function fireTimers(): void {
  const time = now();
  while (heap.length > 0 && heap[0].due <= time) {
    const timer = heap[0];
    removeTop();
    if (live.delete(timer.id)) timer.fire();
  }
}

/** Milliseconds until the next timer is due, or undefined if there is none. */
export function nextDue(): number | undefined {
  while (heap.length > 0 && !live.has(heap[0].id)) removeTop();
  return heap.length === 0 ? undefined : Math.max(0, heap[0].due - now());
}

/** Whether any timer runs. */
export function timersRunning(): boolean {
  return live.size > 0;
}

function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.id < b.id);
}

function removeTop(): void {
  const last = heap.pop()!;
  if (heap.length > 0) siftDown(0, last);
}

function siftDown(from: number, timer: Timer): void {
  let i = from;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
    if (before(timer, heap[child])) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = timer;
}

function sweep(): void {
  const rest = heap.filter((t) => live.has(t.id)).sort((a, b) => (before(a, b) ? -1 : 1));
  heap.length = 0;
  for (const timer of rest) heap.push(timer);
}
