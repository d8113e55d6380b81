// Spawning: a new process whose first call is a fun or m:f(args).
import { exportOf, exports } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { H } from '../memory/arena.js';
import { INITIAL_HEAP } from '../memory/collect.js';
import { copyTo, copyToFragment, termSize } from '../memory/copy.js';
import { am } from '../terms/atoms.js';
import { listToArray } from '../terms/build.js';
import { Imm, Kind, NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import type { Process } from './process.js';
import { createProcess, startProcess } from './scheduler.js';

export interface SpawnOptions {
  link: boolean;
  monitor: boolean;
  /** Words of the first heap; 0: the default. */
  minHeap: number;
  /** Most words, 0: as the runtime's default. */
  maxHeap: number;
  priority: Term;
}

/** What a process will call: code address, arguments as terms of the spawner, and how it is named. */
interface FirstCall {
  pc: number;
  args: Term[];
  name: [Term, Term, number];
}

/** The call of a fun without arguments; undefined if the term is none of arity 0. */
export function funCall(fun: Term): FirstCall | undefined {
  if ((fun & 7) !== 3) return undefined;
  const p = fun >>> 3;
  const kind = H[p] & Kind.Mask;
  if ((kind !== Kind.Fun && kind !== Kind.ExportFun) || H[p + 2] !== 0) return undefined;
  if (kind === Kind.ExportFun) {
    const e = exports[H[p + 1] >> 1];
    return { pc: H[e.cell], args: [], name: [e.module, e.name, 0] };
  }
  const l = lambdas[H[p + 1] >> 1];
  // A fun without code: apply/2 finds out whether it can be loaded.
  if (l.fn.entry === 0)
    return { pc: H[exportOf(am.erlang, am.apply, 2).cell], args: [fun, NIL], name: [am.erlang, am.apply, 2] };
  const args: Term[] = [];
  for (let i = 0; i < l.free; i++) args.push(H[p + 4 + i]);
  return { pc: l.fn.entry, args, name: [l.module, l.fn.name, l.fn.arity] };
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
  return {
    pc: H[exportOf(module, name, items.length).cell],
    args: items,
    name: [module, name, items.length],
  };
}

/** Makes the process; undefined: there are too many. Links and monitors are the caller's. */
export function spawnProcess(call: FirstCall, options?: SpawnOptions): Process | undefined {
  let words = 0;
  for (const a of call.args) words += termSize(a);
  const p = createProcess(Math.max(INITIAL_HEAP, options?.minHeap ?? 0, words + 32));
  if (p === undefined) return undefined;
  if (options !== undefined && options.maxHeap > 0) p.maxHeap = options.maxHeap;
  if (options !== undefined) p.priority = options.priority;
  p.parent = current.pid;
  p.groupLeader = current.groupLeader;
  p.initialCall = call.name;
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
