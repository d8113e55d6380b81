// Changing the settings of a process: those that never do share one object (Process.settings).
import type { HeapLimitSetting, Process, ProcessSettings } from './process.js';

/** Gives a process other settings than it has; those that are not named stay. */
export function changeSettings(p: Process, changes: Partial<ProcessSettings>): void {
  p.settings = { ...p.settings, ...changes };
}

/** Sets the max_heap_size of a process. */
export function limitHeap(p: Process, limit: HeapLimitSetting): void {
  p.maxHeap = limit.words;
  changeSettings(p, { limit });
}
