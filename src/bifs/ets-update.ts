// ets:update_counter/3,4 and ets:update_element/3.
import { H } from '../memory/arena.js';
import { markScratch, releaseScratch } from '../memory/scratch.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { copyObject, copyPart, Obj } from '../tables/objects.js';
import type { Table } from '../tables/table.js';
import { add } from '../terms/arithmetic.js';
import { Atom } from '../terms/atoms.js';
import {
  head,
  isTuple,
  list,
  listToArray,
  tail,
  tuple,
  tupleArity,
  tupleElement,
  tupleOf,
} from '../terms/build.js';
import { compare } from '../terms/compare.js';
import { isInteger, isNegative } from '../terms/integer.js';
import { isCons, isSmall, NIL, Sentinel, type Term } from '../terms/tags.js';
import { CAUSE, writable } from './ets-access.js';
import { defineBifs } from './table.js';

/** An operation of update_counter: {Position, Increment} or {Position, Increment, Threshold, Value}. */
interface CounterStep {
  position: number;
  increment: Term;
  threshold: Term | undefined;
  value: Term;
}

/** The operation in a term; undefined after badarg. `tupleAt` is where the tuple to be updated lies. */
function counterStep(t: Term, table: Table, tupleAt: number): CounterStep | undefined {
  const n = isTuple(t) ? tupleArity(t) : 0;
  const [position, increment, threshold, value] = [0, 1, 2, 3].map((i) => (i < n ? tupleElement(t, i) : NIL));
  if ((n !== 2 && n !== 4) || !isSmall(position) || !isInteger(increment)) return fail(badarg());
  if (n === 4 && !(isInteger(threshold) && isInteger(value))) return fail(badarg());
  const at = position >> 1;
  if (at === table.keyPosition) return fail(badargBecause(CAUSE.keyPosition));
  if (at < 1 || at > H[tupleAt] >>> 8) return fail(badargBecause(CAUSE.position));
  if (!isInteger(H[tupleAt + at])) return fail(badarg());
  return { position: at, increment, threshold: n === 4 ? threshold : undefined, value };
}

/** undefined, for what has raised. */
function fail(_: Term): undefined {}

/** What a counter becomes. */
function counted(old: Term, step: CounterStep): Term {
  const sum = add(old, step.increment);
  if (step.threshold === undefined) return sum;
  const order = compare(sum, step.threshold);
  return (isNegative(step.increment) ? order < 0 : order > 0) ? step.value : sum;
}

function updateCounter(t: Term, key: Term, what: Term, fallback: Term | undefined): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (fallback !== undefined && !isTuple(fallback)) return badarg();
  if (table.isBag) return badargBecause(CAUSE.tableType);
  const object = table.find(key);
  let tupleAt: number;
  if (object !== 0) tupleAt = object + Obj.Tuple;
  else {
    if (fallback === undefined || tupleArity(fallback) < table.keyPosition)
      return badargBecause(CAUSE.badKey);
    const elements = [...H.subarray((fallback >>> 3) + 1, (fallback >>> 3) + 1 + tupleArity(fallback))];
    elements[table.keyPosition - 1] = key;
    tupleAt = tupleOf(elements) >>> 3;
  }
  const steps: CounterStep[] = [];
  const isList = what === NIL || isCons(what);
  if (isList) {
    let rest = what;
    for (; isCons(rest); rest = tail(rest)) {
      const step = counterStep(head(rest), table, tupleAt);
      if (step === undefined) return Sentinel.Unwind;
      steps.push(step);
    }
    if (rest !== NIL) return badarg();
  } else {
    const one = isInteger(what) ? tuple((table.keyPosition + 1) << 1, what) : what;
    const step = counterStep(one, table, tupleAt);
    if (step === undefined) return Sentinel.Unwind;
    steps.push(step);
  }
  const values = new Map<number, Term>();
  const results = steps.map((step) => {
    const value = counted(values.get(step.position) ?? copyPart(H[tupleAt + step.position]), step);
    values.set(step.position, value);
    return value;
  });
  const result = isList ? list(results) : results[0];
  if (object !== 0) change(table, object, values);
  else {
    for (const [position, value] of values) H[tupleAt + position] = value;
    table.insert((tupleAt << 3) | 3);
  }
  return result;
}

/** Puts other elements into an object. */
function change(table: Table, object: number, values: Map<number, Term>): void {
  const at = object + Obj.Tuple;
  let inPlace = true;
  for (const [position, value] of values)
    if (!isWord(value) || !isWord(H[at + position])) {
      inPlace = false;
      break;
    }
  if (inPlace) {
    for (const [position, value] of values) H[at + position] = value;
    return;
  }
  const mark = markScratch();
  const copy = copyObject(object);
  for (const [position, value] of values) H[(copy >>> 3) + position] = value;
  table.replace(object, copy);
  releaseScratch(mark);
}

/** Whether a term is a single word. */
function isWord(t: Term): boolean {
  return (t & 7) !== 1 && (t & 7) !== 3;
}

/** @param fallback the object for a key that is not there, with that key and those elements (OTP 27) */
function updateElement(t: Term, key: Term, what: Term, fallback?: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (table.isBag) return badarg();
  if (fallback !== undefined && (!isTuple(fallback) || tupleArity(fallback) < table.keyPosition))
    return badarg();
  const object = table.find(key);
  if (object === 0 && fallback === undefined) return Atom.False;
  const arity = fallback !== undefined && object === 0 ? tupleArity(fallback) : H[object + Obj.Tuple] >>> 8;
  const items = isTuple(what) ? [what] : listToArray(what);
  if (items === undefined) return badarg();
  const values = new Map<number, Term>();
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) !== 2) return badarg();
    const position = tupleElement(item, 0);
    if (!isSmall(position)) return badarg();
    if (position >> 1 === table.keyPosition) return badargBecause(CAUSE.keyPosition);
    if (position < 2 || position >> 1 > arity) return badarg();
    values.set(position >> 1, tupleElement(item, 1));
  }
  if (object !== 0) change(table, object, values);
  else {
    const start = (fallback! >>> 3) + 1;
    const elements = [...H.subarray(start, start + arity)];
    elements[table.keyPosition - 1] = key;
    for (const [position, value] of values) elements[position - 1] = value;
    table.insert(tupleOf(elements));
  }
  return Atom.True;
}

defineBifs('ets', {
  'update_counter/3': (t, key, what) => updateCounter(t, key, what, undefined),
  'update_counter/4': updateCounter,
  'update_element/3': (t, key, what) => updateElement(t, key, what),
  'update_element/4': updateElement,
});
