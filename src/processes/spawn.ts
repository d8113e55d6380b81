// Spawning: a new process whose first call is a fun or m:f(args).
import { type ExportEntry, exportOf, exports } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { H } from '../memory/arena.js';
import { INITIAL_HEAP } from '../memory/collect.js';
import { copyTo, copyToFragment, termSize } from '../memory/copy.js';
import { am } from '../terms/atoms.js';
import { list, listToArray } from '../terms/build.js';
import { Imm, Kind, NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { link } from './links.js';
import type { Alias } from './monitors.js';
import { type HeapLimitSetting, MIN_HEAP, type Priority, type Process } from './process.js';
import { changeSettings, limitHeap } from './process-settings.js';
import { createProcess, startProcess } from './scheduler.js';

/** What a monitor is besides a monitor (monitor/3). */
export interface MonitorOptions {
  tag: Term;
  alias: Alias;
}

/** Options of spawn_opt; undefined: as the system's defaults. */
export interface SpawnOptions {
  link?: boolean;
  monitor?: MonitorOptions;
  priority?: Priority;
  /** Words of the first heap, and the fewest later. */
  minHeap?: number;
  limit?: HeapLimitSetting;
  fullsweepAfter?: number;
  minBinaryHeap?: number;
  offHeapMessages?: boolean;
  asyncDist?: boolean;
}

/** What a process will call: code address, arguments as terms of the spawner, and what it is named by (null: a fun). */
export interface FirstCall {
  pc: number;
  args: Term[];
  name: ExportEntry | null;
}

/** The call of a fun without arguments; undefined if the term is none of arity 0. */
export function funCall(fun: Term): FirstCall | undefined {
  if (!isFun(fun)) return undefined;
  const p = fun >>> 3;
  if (H[p + 2] !== 0) return undefined;
  if ((H[p] & Kind.Mask) === Kind.ExportFun) {
    const e = exports[H[p + 1] >> 1];
    return { pc: H[e.cell], args: [], name: null };
  }
  const l = lambdas[H[p + 1] >> 1];
  // A fun without code: apply/2 finds out whether it can be loaded.
  if (l.fn.entry === 0) return { pc: H[exportOf(am.erlang, am.apply, 2).cell], args: [fun, NIL], name: null };
  const args: Term[] = [];
  for (let i = 0; i < l.free; i++) args.push(H[p + 4 + i]);
  return { pc: l.fn.entry, args, name: null };
}

/** The same for a fun of any arity: with another than 0 the process will fail. Undefined if the term is no fun. */
export function anyFunCall(fun: Term): FirstCall | undefined {
  if (!isFun(fun)) return undefined;
  return funCall(fun) ?? mfaCall(am.erlang, am.apply, list([fun, NIL]));
}

function isFun(t: Term): boolean {
  const kind = (t & 7) === 3 ? H[t >>> 3] & Kind.Mask : 0;
  return kind === Kind.Fun || kind === Kind.ExportFun;
}

/** The call m:f(args); undefined if a term is of the wrong kind. */
export function mfaCall(module: Term, name: Term, args: Term): FirstCall | undefined {
  const items = listToArray(args);
  if (
    (module & Imm.Mask) !== Imm.Atom ||
    (name & Imm.Mask) !== Imm.Atom ||
    items === undefined ||
    items.length > 255
  )
    return undefined;
  const e = exportOf(module, name, items.length);
  return { pc: H[e.cell], args: items, name: e };
}

/**
 * Makes the process, linked to the running one if the options say so; undefined: there are too many. Monitors are the
 * caller's.
 */
export function spawnProcess(call: FirstCall, options: SpawnOptions): Process | undefined {
  let words = 0;
  for (const a of call.args) words += termSize(a);
  const p = createProcess(Math.max(INITIAL_HEAP, options.minHeap ?? 0, words + 32));
  if (p === undefined) return undefined;
  if (options.minHeap !== undefined) p.minHeap = Math.max(MIN_HEAP, options.minHeap);
  if (options.priority !== undefined) p.priority = options.priority;
  if (options.fullsweepAfter !== undefined) p.fullsweepAfter = options.fullsweepAfter;
  if (options.minBinaryHeap !== undefined) changeSettings(p, { minBinaryHeap: options.minBinaryHeap });
  if (options.offHeapMessages === true) changeSettings(p, { offHeapMessages: true });
  if (options.limit !== undefined) limitHeap(p, options.limit);
  p.parent = current.pid;
  p.family = current.family;
  p.groupLeader = current.groupLeader;
  p.initialCall = call.name;
  if (options.link === true) link(p, current);
  const args: Term[] = [];
  for (const a of call.args) {
    const size = termSize(a);
    if (p.htop + size < p.e) {
      args.push(copyTo(a, p.htop, p));
      p.htop += size;
    } else args.push(copyToFragment(a, p));
  }
  startProcess(p, call.pc, args);
  return p;
}
