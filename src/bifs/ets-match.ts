// BIFs of module ets with patterns and match specifications: match, match_object, select and their relatives.

import { keepApart, keepMatchSpec, keptProgram } from '../match/handles.js';
import {
  BadMatchSpec,
  boundKeys,
  compileMatchSpec,
  compileSingle,
  NO_MATCH,
  type Program,
  runProgram,
} from '../match/program.js';
import { keepsKeys } from '../match/replacement.js';
import { prepare, setObject } from '../match/state.js';
import { H } from '../memory/arena.js';
import { markScratch, releaseScratch } from '../memory/scratch.js';
import type { Task } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { HashTable } from '../tables/hash-table.js';
import { Obj, store } from '../tables/objects.js';
import { OrderedTable } from '../tables/ordered-table.js';
import { tableIdentifier } from '../tables/registry.js';
import { DROP, type Table, TableType, type Visitor } from '../tables/table.js';
import { Atom, am } from '../terms/atoms.js';
import { cons, isTuple, list, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { compare, exactEqual } from '../terms/compare.js';
import { integerFromNumber } from '../terms/integer.js';
import { isSmall, NIL, Sentinel, type Term } from '../terms/tags.js';
import { CAUSE, readable, writable } from './ets-access.js';
import { chargeObjects, isLarge, scan } from './ets-scan.js';
import { defineBifs } from './table.js';
import { defineYieldingBifs, inSteps } from './yielding.js';

const END_OF_TABLE = am['$end_of_table'];

/** Compiles what a process gave, to be run at once; undefined after badarg. */
function compiled(compile: () => Program): Program | undefined {
  prepare(0, 0);
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof BadMatchSpec)) throw error;
    badarg();
    return undefined;
  }
}

/** A specification given to a function of ets; [] matches nothing. */
function compiledSpec(spec: Term): Program | undefined {
  return compiled(() => (spec === NIL ? { clauses: [], heads: [] } : compileMatchSpec(spec)));
}

/** Hands the objects that the program can match to the visitor. */
function visitCandidates(table: Table, program: Program, visitor: Visitor, reverse: boolean): void {
  let keys = boundKeys(program, table.keyPosition);
  if (keys === undefined) {
    table.visit(visitor, reverse);
    return;
  }
  if (table instanceof OrderedTable && keys.length > 1) {
    keys.sort((a, b) => (reverse ? compare(a, b) : compare(b, a)));
    keys = keys.filter((key, i) => i === 0 || compare(key, keys![i - 1]) !== 0);
  }
  for (const key of keys) table.visitKey(key, visitor);
}

/** A list of what the program gives for all objects. */
function collect(table: Table, program: Program, reverse = false): Term {
  let found: Term = NIL;
  visitCandidates(
    table,
    program,
    (object) => {
      setObject(object);
      const value = runProgram(program);
      if (value !== NO_MATCH) found = cons(value, found);
      return 0;
    },
    reverse,
  );
  return found;
}

/** How many objects the program gives true for, each of which is dropped if asked for. */
function count(table: Table, program: Program, drop: boolean): Term {
  let n = 0;
  const verdict = drop ? DROP : 0;
  const mark = markScratch();
  visitCandidates(
    table,
    program,
    (object) => {
      setObject(object);
      const holds = runProgram(program) === Atom.True;
      releaseScratch(mark);
      if (!holds) return 0;
      n++;
      return verdict;
    },
    false,
  );
  return integerFromNumber(n);
}

/** Whether the program has to go over a whole table, of a size that takes several steps. */
function isLong(table: Table, program: Program): boolean {
  if (!isLarge(table)) return false;
  const keys = boundKeys(program, table.keyPosition);
  return keys === undefined;
}

/** What process-owned specifications need before each step. */
const prepareOwn = (): void => prepare(0, 0);

/** `collect` in steps. */
function* collectLong(table: Table, program: Program, reverse: boolean): Generator<undefined, Term> {
  let found: Term = NIL;
  const visitor = (object: number): number => {
    setObject(object);
    const value = runProgram(program);
    if (value !== NO_MATCH) found = cons(value, found);
    return 0;
  };
  return (yield* scan(table, visitor, prepareOwn, reverse)) ? found : Sentinel.Unwind;
}

/** `count` in steps. The specification is kept off the heap, so that the task survives collections. */
function* countLong(table: Table, spec: Term, drop: boolean): Generator<undefined, Term> {
  const kept = keepApart(spec);
  let n = 0;
  const visitor = (object: number): number => {
    setObject(object);
    const mark = markScratch();
    const holds = runProgram(kept.program) === Atom.True;
    releaseScratch(mark);
    if (!holds) return 0;
    n++;
    return drop ? DROP : 0;
  };
  try {
    const isThere = yield* scan(table, visitor, kept.prepare);
    return isThere ? integerFromNumber(n) : Sentinel.Unwind;
  } finally {
    kept.free();
  }
}

function select(t: Term, compile: () => Program | undefined, reverse = false): Term | Task {
  const table = readable(t);
  if (table === undefined) return Sentinel.Unwind;
  const program = compile();
  if (program === undefined) return Sentinel.Unwind;
  if (isLong(table, program)) return inSteps(collectLong(table, program, reverse));
  const found = collect(table, program, reverse);
  if (!isLarge(table)) chargeObjects(table.size);
  return found;
}

function counting(table: Table | undefined, spec: Term, drop: boolean): Term | Task {
  if (table === undefined) return Sentinel.Unwind;
  const program = compiledSpec(spec);
  if (program === undefined) return Sentinel.Unwind;
  if (isLong(table, program)) return inSteps(countLong(table, spec, drop), true);
  if (!isLarge(table)) chargeObjects(table.size);
  return count(table, program, drop);
}

function selectReplace(t: Term, spec: Term): Term | Task {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (table.type === TableType.Bag) return badargBecause(CAUSE.tableType);
  const program = compiledSpec(spec);
  if (program === undefined) return Sentinel.Unwind;
  if (!keepsKeys(spec, table.keyPosition)) return badarg();
  if (isLong(table, program)) return inSteps(replaceLong(table, spec), true);
  const replacing = new Replacing(table, program);
  visitCandidates(table, program, replacing.visitor, false);
  if (!isLarge(table)) chargeObjects(table.size);
  return integerFromNumber(replacing.count);
}

class Replacing {
  count = 0;

  constructor(
    private readonly table: Table,
    private readonly program: Program,
  ) {}

  readonly visitor = (object: number): number => {
    const { keyPosition } = this.table;
    const mark = markScratch();
    setObject(object);
    const value = runProgram(this.program);
    let other = 0;
    if (value !== NO_MATCH && isTuple(value) && tupleArity(value) >= keyPosition) {
      if (exactEqual(tupleElement(value, keyPosition - 1), H[object + Obj.Tuple + keyPosition])) {
        other = store(value);
        this.count++;
      }
    }
    releaseScratch(mark);
    return other;
  };
}

function* replaceLong(table: Table, spec: Term): Generator<undefined, Term> {
  const kept = keepApart(spec);
  const replacing = new Replacing(table, kept.program);
  try {
    const isThere = yield* scan(table, replacing.visitor, kept.prepare);
    return isThere ? integerFromNumber(replacing.count) : Sentinel.Unwind;
  } finally {
    kept.free();
  }
}

// A limited number of objects at a time. A continuation is a tuple as native Erlang has them, because STDLIB's
// repair_continuation looks into it:
//   {Table, Bucket, Limit, Compiled, Found, Number of found}              for hash tables; Bucket -1: no more
//   {Table, LastKey, [], Limit, Compiled, [], Backwards (0 or 1), 0}      for ordered tables

/** What is to be selected, at the first time and later. */
interface Selection {
  table: Table;
  program: Program;
  limit: number;
  /** The compiled specification as continuations have it. */
  handle: () => Term;
}

/** From a bucket on. `found` is what was found before and not given yet, as it stands in the continuation. */
function hashChunk(selection: Selection, bucket: number, found: Term[] | undefined): Term {
  const { table, program, limit } = selection;
  const all = found === undefined ? [] : found.slice().reverse();
  const visitor = (object: number): number => {
    setObject(object);
    const value = runProgram(program);
    if (value !== NO_MATCH) all.push(value);
    return 0;
  };
  let next = bucket;
  const keys = found === undefined ? boundKeys(program, table.keyPosition) : undefined;
  if (keys !== undefined) {
    for (const key of keys) table.visitKey(key, visitor);
    next = -1;
  } else if (all.length < limit && bucket >= 0)
    next = (table as HashTable).visitFrom(bucket, visitor, () => all.length >= limit);
  all.reverse();
  const rest = all.splice(0, Math.max(0, all.length - limit));
  // Native turns what is left around each time, but for the first.
  if (found !== undefined) rest.reverse();
  const given = list(all);
  if (rest.length === 0 && next < 0) return given === NIL ? END_OF_TABLE : tuple(given, END_OF_TABLE);
  const continuation = tuple(
    tableIdentifier(table),
    next << 1,
    limit << 1,
    selection.handle(),
    list(rest),
    rest.length << 1,
  );
  return tuple(given, continuation);
}

/** Behind a key, or from the beginning. */
function orderedChunk(selection: Selection, backwards: boolean, after: Term | undefined): Term {
  const { program, limit } = selection;
  const table = selection.table as OrderedTable;
  const found: Term[] = [];
  let last = 0;
  const visit = (object: number): boolean => {
    setObject(object);
    const value = runProgram(program);
    if (value === NO_MATCH) return true;
    found.push(value);
    last = object;
    return found.length < limit;
  };
  const keys = after === undefined ? boundKeys(program, table.keyPosition) : undefined;
  if (keys !== undefined && keys.length <= 1) {
    const object = keys.length === 0 ? 0 : table.find(keys[0]);
    if (object !== 0) visit(object);
    return found.length === 0 ? END_OF_TABLE : tuple(list(found), END_OF_TABLE);
  }
  table.walk(backwards, visit, after);
  if (found.length === 0) return END_OF_TABLE;
  if (found.length < limit) return tuple(list(found), END_OF_TABLE);
  const continuation = tuple(
    tableIdentifier(table),
    table.copyElement(last, table.keyPosition),
    NIL,
    limit << 1,
    selection.handle(),
    NIL,
    backwards ? 1 << 1 : 0,
    0,
  );
  return tuple(list(found), continuation);
}

function selectSome(t: Term, makeSpec: () => Term, limit: Term, backwards = false): Term {
  const table = readable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (!isSmall(limit) || limit <= 0) return badarg();
  const spec = makeSpec();
  const program = compiledSpec(spec);
  if (program === undefined) return Sentinel.Unwind;
  const selection = { table, program, limit: limit >> 1, handle: () => keepMatchSpec(spec) };
  if (program.clauses.length === 0) return END_OF_TABLE;
  return table instanceof HashTable
    ? hashChunk(selection, 0, undefined)
    : orderedChunk(selection, backwards, undefined);
}

/** match/1, match_object/1, select/1, select_reverse/1: all of them go on with what the continuation is of. */
function goOn(t: Term): Term {
  if (t === END_OF_TABLE) return t;
  const n = isTuple(t) ? tupleArity(t) : 0;
  if (n !== 6 && n !== 8) return badarg();
  const table = readable(tupleElement(t, 0));
  if (table === undefined) return Sentinel.Unwind;
  const compiledAt = n === 6 ? 3 : 4;
  const handle = tupleElement(t, compiledAt);
  const limit = tupleElement(t, compiledAt - 1);
  const program = keptProgram(handle);
  if (program === undefined || !isSmall(limit) || limit <= 0) return badarg();
  const selection = { table, program, limit: limit >> 1, handle: () => handle };
  if (n === 6) {
    const bucket = tupleElement(t, 1);
    const found = listToArray(tupleElement(t, 4));
    if (!(table instanceof HashTable) || !isSmall(bucket) || found === undefined) return badarg();
    return hashChunk(selection, bucket >> 1, found);
  }
  if (!(table instanceof OrderedTable)) return badarg();
  return orderedChunk(selection, tupleElement(t, 6) !== 0, tupleElement(t, 1));
}

/** [{Pattern, [], [Result]}] */
const single = (pattern: Term, result: Term): Term => cons(tuple(pattern, NIL, cons(result, NIL)), NIL);

defineYieldingBifs('ets', {
  'match/2': (t, pattern) => select(t, () => compiled(() => compileSingle(pattern, am.$$))),
  'match_object/2': (t, pattern) => select(t, () => compiled(() => compileSingle(pattern, am.$_))),
  'select/2': (t, spec) => select(t, () => compiledSpec(spec)),
  'select_reverse/2': (t, spec) => select(t, () => compiledSpec(spec), true),
  'select_count/2': (t, spec) => counting(readable(t), spec, false),
  'internal_select_delete/2': (t, spec) => counting(writable(t), spec, true),
  'select_replace/2': selectReplace,
});

defineBifs('ets', {
  'match/3': (t, pattern, limit) => selectSome(t, () => single(pattern, am.$$), limit),
  'match_object/3': (t, pattern, limit) => selectSome(t, () => single(pattern, am.$_), limit),
  'select/3': (t, spec, limit) => selectSome(t, () => spec, limit),
  'select_reverse/3': (t, spec, limit) => selectSome(t, () => spec, limit, true),
  'match/1': goOn,
  'match_object/1': goOn,
  'select/1': goOn,
  'select_reverse/1': goOn,
});
