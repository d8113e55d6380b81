// BIFs of module ets on the objects with a given key, and on their order. Those that make tables are in ets-new.ts, updates
// in place in ets-update.ts, what is told of tables in ets-info.ts, patterns in ets-match.ts.
import { current } from '../processes/current.js';
import type { Task } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { fixTable, releaseTable } from '../tables/registry.js';
import { NO_KEY, type Table, TableType } from '../tables/table.js';
import { Atom, am } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { integerFromNumber } from '../terms/integer.js';
import { isSmall, NIL, Sentinel, Tag, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { CAUSE, readable, writable } from './ets-access.js';
import { chargeObjects, freeInSteps, isLarge } from './ets-scan.js';
import { whenTableIsThere } from './part-tables.js';
import { defineBifs } from './table.js';
import { defineYieldingBifs, inSteps } from './yielding.js';

/** Whether a term is a tuple that has an element where the table wants the key. */
function isObject(t: Term, table: Table): boolean {
  return isTuple(t) && tupleArity(t) >= table.keyPosition;
}

/** The objects that an insertion is about; undefined: one of them is none. */
function objectsOf(t: Term, table: Table): Term[] | undefined {
  const objects = listToArray(t);
  if (objects === undefined) return undefined;
  for (const object of objects) if (!isObject(object, table)) return undefined;
  // Native takes a list for a bag from its end.
  return table.type === TableType.Bag ? objects.reverse() : objects;
}

function insert(t: Term, what: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (isTuple(what)) {
    if (tupleArity(what) < table.keyPosition) return badarg();
    table.insert(what);
    return Atom.True;
  }
  const objects = objectsOf(what, table);
  if (objects === undefined) return badarg();
  chargeObjects(objects.length);
  for (const object of objects) table.insert(object);
  return Atom.True;
}

function insertNew(t: Term, what: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  const objects = isTuple(what) ? (isObject(what, table) ? [what] : undefined) : objectsOf(what, table);
  if (objects === undefined) return badarg();
  for (const object of objects)
    if (table.find(tupleElement(object, table.keyPosition - 1)) !== 0) return Atom.False;
  chargeObjects(objects.length);
  for (const object of objects) table.insert(object);
  return Atom.True;
}

function lookup(t: Term, key: Term): Term {
  const table = readable(t);
  if (table === undefined) return whenTableIsThere(t, 'lookup', [t, key]) ?? Sentinel.Unwind;
  return table.lookup(key);
}

function lookupElement(t: Term, key: Term, position: Term): Term {
  const table = readable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (!isSmall(position) || position < 2) return badarg();
  if (table.find(key) === 0) return badargBecause(CAUSE.badKey);
  return table.elements(key, position >> 1) ?? badarg();
}

/** ets:lookup_element/4 (OTP 26): with what there is for a key that is not there. */
function lookupElementOr(t: Term, key: Term, position: Term, fallback: Term): Term {
  const table = readable(t);
  if (table === undefined)
    return whenTableIsThere(t, 'lookup_element', [t, key, position, fallback]) ?? Sentinel.Unwind;
  return isSmall(position) && position >= 2 && table.find(key) === 0
    ? fallback
    : lookupElement(t, key, position);
}

function deleteKey(t: Term, key: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  table.delete(key);
  return Atom.True;
}

function deleteObject(t: Term, object: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (!isObject(object, table)) return badarg();
  table.deleteObject(object);
  return Atom.True;
}

function take(t: Term, key: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  const objects = table.lookup(key);
  if (objects !== NIL) table.delete(key);
  return objects;
}

/** ets:internal_delete_all/2: how many objects there were; a number that is given is given back. */
function deleteAll(t: Term, count: Term): Term | Task {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  const n = table.size;
  // What is given must not move.
  if (isLarge(table) && !table.isFixed && (count & Tag.Mask) !== Tag.Cons && (count & Tag.Mask) !== Tag.Boxed)
    return inSteps(freeInSteps(table, count === Atom.Undefined ? n << 1 : count), true);
  chargeObjects(n);
  table.clear();
  return count === Atom.Undefined ? integerFromNumber(n) : count;
}

// Going over a table.

const END_OF_TABLE = am['$end_of_table'];

/** A copy of an object's key. */
function keyOf(table: Table, object: number): Term {
  if (object === NO_KEY) return badarg();
  return object === 0 ? END_OF_TABLE : table.copyElement(object, table.keyPosition);
}

function first(t: Term): Term {
  const table = readable(t);
  return table === undefined ? Sentinel.Unwind : keyOf(table, table.first());
}

function last(t: Term): Term {
  const table = readable(t);
  return table === undefined ? Sentinel.Unwind : keyOf(table, table.last());
}

function next(t: Term, key: Term): Term {
  const table = readable(t);
  return table === undefined ? Sentinel.Unwind : keyOf(table, table.next(key));
}

function previous(t: Term, key: Term): Term {
  const table = readable(t);
  return table === undefined ? Sentinel.Unwind : keyOf(table, table.previous(key));
}

/** {Key, Objects} for a key that one of the above gave (OTP 27). */
function withObjects(t: Term, key: Term): Term {
  return key === Sentinel.Unwind || key === END_OF_TABLE
    ? key
    : tuple(key, (readable(t) as Table).lookup(key));
}

function slot(t: Term, index: Term): Term {
  const table = readable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (!isSmall(index) || index < 0) return badarg();
  const objects = table.slot(index >> 1);
  if (objects === Sentinel.Unwind) return badarg();
  return objects === Sentinel.None ? END_OF_TABLE : objects;
}

function safeFixTable(t: Term, fix: Term): Term {
  const table = readable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (fix === Atom.True) fixTable(table, current.pid);
  else if (fix === Atom.False) releaseTable(table, current.pid);
  else return badarg();
  return Atom.True;
}

function member(t: Term, key: Term): Term {
  const table = readable(t);
  return table === undefined ? Sentinel.Unwind : bool(table.find(key) !== 0);
}

defineBifs('ets', {
  'insert/2': insert,
  'insert_new/2': insertNew,
  'lookup/2': lookup,
  'lookup_element/3': lookupElement,
  'lookup_element/4': lookupElementOr,
  'member/2': member,
  'delete/2': deleteKey,
  'delete_object/2': deleteObject,
  'take/2': take,
  'first/1': first,
  'last/1': last,
  'next/2': next,
  'prev/2': previous,
  'first_lookup/1': (t) => withObjects(t, first(t)),
  'last_lookup/1': (t) => withObjects(t, last(t)),
  'next_lookup/2': (t, key) => withObjects(t, next(t, key)),
  'prev_lookup/2': (t, key) => withObjects(t, previous(t, key)),
  'slot/2': slot,
  'safe_fixtable/2': safeFixTable,
});

defineYieldingBifs('ets', { 'internal_delete_all/2': deleteAll });
