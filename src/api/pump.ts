// When processes run that JavaScript does not wait for: in bursts of some milliseconds, between which Node's event loop has
// its turn.

import { nextRunnable, queueLength } from '../processes/run-queue.js';
import { host } from '../processes/scheduler.js';
import { fireTimers, nextDue, timersRunning } from '../processes/timers.js';
import { park, pump } from './callers.js';
import { broken } from './calls.js';
import { checkDeadlines, checkObjects, limitedSlice } from './limits.js';
import { state } from './state.js';

/** Milliseconds of a burst. */
const BURST = 8;
/** Longest time that setTimeout takes. */
const MAX_TIMEOUT = 0x7fffffff;

let immediate: NodeJS.Immediate | undefined;
let timeout: NodeJS.Timeout | undefined;
let timeoutAt = Infinity;
let keepsAlive = true;

/** There may be something to do. */
function wake(): void {
  if (immediate !== undefined || state.ended !== null) return;
  if (queueLength() > 0) {
    immediate = setImmediate(burst);
    if (!keepsAlive) immediate.unref();
    return;
  }
  wakeLater(nextDue());
}
pump.wake = wake;
host.wake = wake;

function wakeLater(milliseconds: number | undefined): void {
  if (milliseconds === undefined) return;
  const at = performance.now() + milliseconds;
  if (timeout !== undefined && timeoutAt <= at + 1) return;
  clearTimeout(timeout);
  timeoutAt = at;
  timeout = setTimeout(onTimeout, Math.min(Math.ceil(milliseconds), MAX_TIMEOUT));
  if (!keepsAlive) timeout.unref();
}

function onTimeout(): void {
  timeout = undefined;
  timeoutAt = Infinity;
  if (immediate === undefined && state.ended === null) burst();
}

function burst(): void {
  immediate = undefined;
  if (state.ended !== null || state.busy) return;
  park();
  const end = performance.now() + BURST;
  let deadline: number | undefined;
  try {
    while (state.ended === null) {
      pump.runJobs();
      park();
      if (timersRunning()) fireTimers();
      const p = nextRunnable();
      if (p === undefined) break;
      state.busy = true;
      try {
        limitedSlice(p);
      } finally {
        state.busy = false;
      }
      checkObjects();
      if (performance.now() > end) break;
    }
    deadline = checkDeadlines();
    pump.runJobs();
    park();
  } catch (error) {
    broken(error);
    return;
  }
  wake();
  if (immediate === undefined) wakeLater(deadline);
}

/** Whether Node stays for as long as there is something to run or to wait for. */
export function setKeepsAlive(on: boolean): void {
  keepsAlive = on;
  if (on) {
    timeout?.ref();
    immediate?.ref();
  } else {
    timeout?.unref();
    immediate?.unref();
  }
}

/** Nothing runs any more. */
export function stopPump(): void {
  clearImmediate(immediate);
  clearTimeout(timeout);
  immediate = timeout = undefined;
}
