// Limits for calls of code that one does not trust. What a call may use is counted for its family: the process that runs it and
// all processes that come of that one. A family that uses too much is ended as a whole.

import { exports } from '../code/functions.js';
import { hostPoll } from '../interpret/transitions.js';
import { allocateBlock, blockUse, freeWords } from '../memory/blocks.js';
import { expectWords } from '../memory/collect.js';
import { resourceCount } from '../memory/resources.js';
import { current } from '../processes/current.js';
import { exitProcess } from '../processes/exit.js';
import { monitorCount } from '../processes/monitors.js';
import type { Process } from '../processes/process.js';
import { runSlice } from '../processes/scheduler.js';
import { allProcesses, processCount } from '../processes/table.js';
import { timerCount } from '../processes/timers.js';
import { settings, work } from '../settings.js';
import { tableCount } from '../tables/registry.js';
import { am, atomCount } from '../terms/atoms.js';
import { decodeLimit } from './decode.js';
import { LimitError, TurbeamError } from './values.js';

/** What a call may use; nothing said: as much as it likes. */
export interface Limits {
  /** Reductions: calls of functions, more or less. Checked every some ten thousand. */
  reductions?: number;
  /** Milliseconds from the beginning of the call to its end. */
  time?: number;
}

export interface Family {
  id: number;
  limits: Limits;
  /** Reductions that are left. */
  left: number;
  /** When the time is up; Infinity: never, or the call has ended. */
  deadline: number;
}

const families = new Map<number, Family>();
let nextId = 1;
let sweepAt = 64;

/** Begins to count for a process and what comes of it. */
export function newFamily(p: Process, limits: Limits): Family {
  if (families.size >= sweepAt) sweep();
  const family: Family = {
    id: nextId++,
    limits,
    left: limits.reductions ?? Infinity,
    deadline: limits.time === undefined ? Infinity : performance.now() + limits.time,
  };
  families.set(family.id, family);
  if (limits.time !== undefined) watchClosely();
  p.family = family.id;
  return family;
}

/** Forgets families of which nobody is left. */
function sweep(): void {
  const alive = new Set(allProcesses().map((p) => p.family));
  for (const id of families.keys()) if (!alive.has(id)) families.delete(id);
  sweepAt = Math.max(64, families.size * 2);
}

/** The family has no more to count, if it has no processes left but `p`. */
export function endFamily(family: Family, p: Process, others: number): void {
  family.deadline = Infinity;
  p.family = 0;
  if (processCount() <= others) families.delete(family.id);
}

/** What a process was ended for, until that has been told. */
export const causes = new Map<Process, LimitError>();

/** Ends all processes of a family. */
export function breach(family: Family, limit: 'reductions' | 'time'): void {
  const what = limit === 'time' ? `${family.limits.time} ms` : `${family.limits.reductions} reductions`;
  families.delete(family.id);
  for (const p of allProcesses()) {
    if (p.family !== family.id) continue;
    causes.set(p, new LimitError(limit, `the call was ended: it used more than ${what}`));
    exitProcess(p, am.killed);
    causes.delete(p);
  }
}

/** Before a process runs: how far the engine may let it go on by itself. */
export function limitSlice(family: Family | undefined): void {
  settings.maxReductions =
    family === undefined || family.left === Infinity ? 0 : work.reductions + family.left;
}

/** Runs a process for a slice, counts, and ends its family if that was too much. */
export function limitedSlice(p: Process): void {
  const family = p.family === 0 ? undefined : families.get(p.family);
  limitSlice(family);
  const before = work.reductions;
  runSlice(p);
  if (family !== undefined) charge(family, work.reductions - before);
}

export function charge(family: Family, reductions: number): void {
  family.left -= reductions;
  if (family.left < 0) breach(family, 'reductions');
  else if (performance.now() > family.deadline) breach(family, 'time');
}

/** Milliseconds until the time of a family is up; undefined: none runs. Families whose time is up are ended. */
export function checkDeadlines(): number | undefined {
  let next = Infinity;
  const now = performance.now();
  for (const family of families.values()) {
    if (family.deadline <= now) breach(family, 'time');
    else next = Math.min(next, family.deadline - now);
  }
  return next === Infinity ? undefined : next;
}

/** With limits there are more looks at what has been used: a slice of calls that each take long adds up. */
const POLL_SLICES = 4;

/** Looks at limits more often from now on. */
export function watchClosely(): void {
  hostPoll.slices = Math.min(hostPoll.slices, POLL_SLICES);
}

const MEGABYTE_WORDS = 1 << 18;
let memoryLimit = Infinity;
/** Words that nobody gets. */
let reserve = 0;

/** Leaves the engine that many bytes for heaps, messages, tables and large binaries: what is beyond is taken away for ever. */
export function limitMemory(bytes: number): void {
  const words = Math.max(MEGABYTE_WORDS, Math.floor(bytes / 4));
  const surplus = freeWords() - words;
  if (surplus <= 0) return;
  // The free room is one block as long as nothing runs, but for what was taken at the start.
  for (let size = surplus; size > 1024; size -= 64) {
    if (allocateBlock(size) === 0) continue;
    reserve = size;
    break;
  }
  expectWords(words);
  memoryLimit = bytes;
  watchClosely();
  decodeLimit.words = Math.min(decodeLimit.words, words);
}

/** Bytes that a message without contents takes on JavaScript's side. */
const MESSAGE_BYTES = 64;

/** Most atoms that there can be, and most functions that can be named (fun M:F/A), as in OTP, which ends by that too. */
const MAX_ATOMS = 1 << 20;
const MAX_EXPORTS = 1 << 19;
const TIMER_BYTES = 256;
const MONITOR_BYTES = 256;
const TABLE_BYTES = 2048;
const RESOURCE_BYTES = 512;

/** With that many processes, messages are counted after every slice. */
const FEW_PROCESSES = 256;
let slices = 0;

/**
 * After a slice: ends the process that has most of them if messages, timers, monitors, tables and what else references hold together take
 * more than the runtime may have. They are JavaScript objects, which the arena's limit does not count. Throws TurbeamError if there
 * are more atoms or names of functions than OTP allows.
 */
export function checkObjects(): void {
  if (atomCount() > MAX_ATOMS)
    throw new TurbeamError(
      'failed',
      `no more atoms can be made: there are ${MAX_ATOMS}, and they are never given back`,
    );
  if (exports.length > MAX_EXPORTS)
    throw new TurbeamError('failed', `more functions were named than there can be: ${MAX_EXPORTS}`);
  if (memoryLimit === Infinity || ++slices * FEW_PROCESSES < processCount()) return;
  slices = 0;
  let bytes = timerCount() * TIMER_BYTES + monitorCount() * MONITOR_BYTES;
  const things = tableCount() * TABLE_BYTES + resourceCount() * RESOURCE_BYTES;
  bytes += things;
  // Who has most of the things is not known; the process that ran is the one that makes them.
  let most: Process | undefined = current;
  let share = things;
  for (const p of allProcesses()) {
    const own =
      (p.messageCount + (p.arrivals?.length ?? 0)) * MESSAGE_BYTES + (p.timers?.size ?? 0) * TIMER_BYTES;
    bytes += own;
    if (own <= share) continue;
    share = own;
    most = p;
  }
  if (bytes <= memoryLimit) return;
  causes.set(
    most,
    new LimitError(
      'memory',
      'the process was ended: too many messages, timers, tables or references for the memory that there is',
    ),
  );
  exitProcess(most, am.killed);
  causes.delete(most);
}

/** Bytes of the arena that heaps and tables take, for tests and for the curious. */
export function memoryInUse(): number {
  return (blockUse().words - reserve) * 4;
}
