// The process table and the numbers of pids: they count up, wrap around, and skip those in use.

import { Imm, immediateIndex, type Term } from '../terms/tags.js';
import { Process } from './process.js';

/** Pids have 26 bits of number. */
const NUMBERS = 1 << 26;
const FIRST = 64;
/** Default of the most processes at a time, as in OTP. */
const MAX_PROCESSES = 1 << 20;

let slots: (Process | null)[] = new Array(1024).fill(null);
let nextNumber = FIRST;
let count = 0;

/** A new process with a free number, or undefined if there are too many (system_limit). */
export function newProcess(): Process | undefined {
  if (count >= MAX_PROCESSES) return undefined;
  if (count * 2 >= slots.length) grow();
  let n = nextNumber;
  while (slots[n & (slots.length - 1)] !== null) n = n + 1 >= NUMBERS ? FIRST : n + 1;
  nextNumber = n + 1 >= NUMBERS ? FIRST : n + 1;
  const p = new Process(n);
  slots[n & (slots.length - 1)] = p;
  count++;
  return p;
}

/** The live process of a local pid. */
export function processOf(pid: Term): Process | undefined {
  const n = immediateIndex(pid);
  const p = slots[n & (slots.length - 1)];
  return p !== null && p.number === n ? p : undefined;
}

/** The live process that a term is the local pid of; undefined if it is anything else. */
export function localProcess(t: Term): Process | undefined {
  return (t & Imm.Mask) === Imm.Pid ? processOf(t) : undefined;
}

export function removeProcess(p: Process): void {
  const slot = p.number & (slots.length - 1);
  if (slots[slot] === p) {
    slots[slot] = null;
    count--;
  }
}

/** Most processes that there can be. */
export function processLimit(): number {
  return MAX_PROCESSES;
}

export function processCount(): number {
  return count;
}

/** All live processes, in the order of their numbers. */
export function allProcesses(): Process[] {
  return slots.filter((p): p is Process => p !== null).sort((a, b) => a.number - b.number);
}

function grow(): void {
  const old = slots;
  let size = old.length;
  // Doubling can not make two numbers share a slot that did not share one before.
  size *= 2;
  slots = new Array(size).fill(null);
  for (const p of old) if (p !== null) slots[p.number & (size - 1)] = p;
}
