// What is kept of each unit for dumps, statistics and the explorer.
import type { CodeFunction } from '../code/functions.js';
import type { BeamModule, Instruction } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { instructionText } from './instruction-text.js';
import type { UnitMap } from './source-map.js';
import type { Givens } from './unit.js';

/** Why a unit was made. */
export type Cause =
  /** Its place was reached so often; a call from translated code counts for more than one. */
  | { kind: 'hot'; count: number }
  /** --jit=eager: at its first call. */
  | { kind: 'eager' }
  /** It is called by a unit that was made, and had been called itself. */
  | { kind: 'callee'; of: string; count: number }
  /** A version of the function for the funs that another unit calls it with. */
  | { kind: 'version'; of: string }
  /** Somebody wants to see it. */
  | { kind: 'asked' };

/** How a unit calls a function. */
export type CallKind =
  /** Itself, by the name that it has inside. */
  | 'itself'
  /** The callee's unit is a constant. */
  | 'direct'
  /** Through the function, which was not translated yet; or through the export, which may be replaced. */
  | 'function'
  | 'export'
  /** A version of the function that is for the funs it is called with. */
  | 'version'
  | 'BIF';

/** A function that a unit calls. */
export interface Callee {
  /** As in `lists:map/2`. */
  label: string;
  kind: CallKind;
}

/** A place where a unit can be left. */
export interface Exit {
  instruction: number;
  /** For the interpreter, for a collection, because the reductions are used up, or to wait for a message. */
  kind: 'interpret' | 'collect' | 'yield' | 'wait';
  /** Why it is left to the interpreter. */
  reason: string;
}

export interface UnitRecord {
  fn: CodeFunction;
  /** Instruction it begins at; the entry, or where a call returns to, a handler or a receive loop. */
  start: number;
  isEntry: boolean;
  /** Funs that it is for. */
  givens: Givens;
  cause: Cause;
  /** What a reader sees; see PrintedUnit. */
  source: string;
  /** What making it took. */
  milliseconds: number;
  /** Names of the stubs that were inlined, and of what it is given: library functions, callees. Sorted. */
  inlined: string[];
  uses: string[];
  /** What it calls, by the name that it has in the source. */
  callees: Map<string, Callee>;
  /** Where it can be left, in the order of the code. */
  exits: Exit[];
  /** What the constants that have names in the source stand for. */
  constants: Map<string, string>;
  /** What was evaluated, and where instructions are in both texts; only if settings.mapUnits was set. */
  program?: string;
  map?: UnitMap;
}

const CALLS = new Set<Op>([Op.call, Op.call_ext, Op.call_fun, Op.call_fun2, Op.apply, Op.send]);

/** What leads to the place inside a function where a unit begins, as in `return from call 1 fib/1`. */
export function wayIn(m: BeamModule, code: readonly Instruction[], start: number): string {
  let i = start - 1;
  while (i >= 0 && (code[i].op === Op.line || code[i].op === Op.label)) i--;
  if (i >= 0 && CALLS.has(code[i].op) && code[start].op !== Op.label)
    return `return from ${instructionText(m, code[i])}`;
  const next = code.slice(start).find(({ op }) => op !== Op.label && op !== Op.line);
  if (next?.op === Op.loop_rec) return 'receive';
  if (next?.op === Op.try_case || next?.op === Op.catch_end) return 'exception';
  return i >= 0 && CALLS.has(code[i].op) ? `return from ${instructionText(m, code[i])}` : 'jump';
}

/** Why a unit exists, in words. */
export function causeText(r: UnitRecord): string {
  const { cause } = r;
  const { source } = r.fn.module;
  const what = r.isEntry ? 'call' : wayIn(source, source.functions[r.fn.index].code, r.start);
  switch (cause.kind) {
    case 'hot':
      return `hot after ${cause.count} times: ${what}`;
    case 'eager':
      return `eager, at the first: ${what}`;
    case 'callee':
      return `called by ${cause.of}, which was translated, and ${cause.count} times before`;
    case 'version':
      return `a version for the funs that ${cause.of} calls it with`;
    case 'asked':
      return 'translated to be shown: it did not run, or not so often that it was hot';
  }
}
