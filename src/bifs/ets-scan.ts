// Going over large tables in steps (yielding.ts): others have their turn in between, and may change the table, or delete it.
// Meanwhile a hash table is fixed, as with safe_fixtable/2, so that its buckets stay; in an ordered one the last key is where to go on.
import { H } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { badargBecause } from '../processes/raise.js';
import { HashTable } from '../tables/hash-table.js';
import { free, Obj, store } from '../tables/objects.js';
import type { OrderedTable } from '../tables/ordered-table.js';
import { fixTable, isLive, releaseTable } from '../tables/registry.js';
import type { Table, Visitor } from '../tables/table.js';
import { tuple } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { CAUSE } from './ets-access.js';
import { charge, stepSize } from './yielding.js';

/** A step is so many objects: each is more work than a list cell. */
const OBJECT_CELLS = 32;
/** Objects that go for a reduction. */
const OBJECTS_PER_REDUCTION = 4;

const objectsInStep = (): number => Math.ceil(stepSize() / OBJECT_CELLS);

/** Charges for what a BIF has done with so many objects in one go. */
export function chargeObjects(n: number): void {
  charge(Math.floor(n / OBJECTS_PER_REDUCTION));
}

/** Whether a table has so many objects that they are gone over in steps. */
export const isLarge = (table: Table): boolean => table.size > objectsInStep();

/**
 * Hands all objects of a table to the visitor, in the order of Table.visit, a number of them in each step.
 * @param prepare is called before each step
 * @returns false after badarg: somebody has deleted the table meanwhile
 */
export function* scan(
  table: Table,
  visitor: Visitor,
  prepare: () => void,
  reverse = false,
): Generator<undefined, boolean> {
  const steps =
    table instanceof HashTable
      ? hashSteps(table, visitor, prepare)
      : orderedSteps(table as OrderedTable, visitor, prepare, reverse);
  const { pid } = current;
  fixTable(table, pid);
  try {
    while (!steps.next().done) {
      yield;
      if (!isLive(table)) {
        badargBecause(CAUSE.id);
        return false;
      }
    }
    return true;
  } finally {
    steps.return(undefined);
    releaseTable(table, pid);
  }
}

function* hashSteps(
  table: HashTable,
  visitor: Visitor,
  prepare: () => void,
): Generator<undefined, undefined> {
  for (let bucket = 0; bucket >= 0; ) {
    prepare();
    let left = objectsInStep();
    const counting = (object: number): number => {
      left--;
      return visitor(object);
    };
    bucket = table.visitFrom(bucket, counting, () => left <= 0);
    if (bucket >= 0) yield;
  }
}

function* orderedSteps(
  table: OrderedTable,
  visitor: Visitor,
  prepare: () => void,
  reverse: boolean,
): Generator<undefined, undefined> {
  // An object of its own with {Key}, as the one of the table may go away; 0: at the beginning.
  let last = 0;
  try {
    for (;;) {
      prepare();
      const from = last === 0 ? undefined : H[last + Obj.Tuple + 1];
      const next = table.visitFrom(visitor, reverse, from, objectsInStep(), (key) => store(tuple(key)));
      if (last !== 0) free(last);
      last = next;
      if (next === 0) return;
      yield;
    }
  } finally {
    if (last !== 0) free(last);
  }
}

/** Takes all objects out of a table that is not fixed, and frees them at once; gives `result`. */
export function freeAll(table: Table, result: Term): Term {
  chargeObjects(table.size);
  table.destroy();
  return result;
}

/** The same in steps; `result` is an immediate. */
export function* freeInSteps(table: Table, result: Term): Generator<undefined, Term> {
  const freeSome = table.takeAll();
  try {
    while (freeSome(objectsInStep())) yield;
    return result;
  } finally {
    while (freeSome(Number.POSITIVE_INFINITY));
  }
}
