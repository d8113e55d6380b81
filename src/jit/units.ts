// The table of compiled units; EntryUnit and ResumeUnit instructions hold indexes into it.
import type { Unit } from '../code/functions.js';

export const units: Unit[] = [];
const free: number[] = [];

/** Enters a unit; gives its number. */
export function addUnit(unit: Unit): number {
  const n = free.pop() ?? units.length;
  units[n] = unit;
  return n;
}

/** The number is free again: the code that named it is gone. */
export function removeUnit(n: number): void {
  units[n] = gone;
  free.push(n);
}

function gone(): never {
  throw new Error('a unit of a module that has been purged was called');
}
