// The running process.
import { Process } from './process.js';

/** The process that runs now; between slices the one that ran last. */
export let current: Process = new Process(0);

export function setCurrent(p: Process): void {
  current = p;
}
