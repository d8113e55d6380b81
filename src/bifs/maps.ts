// The map functions that are built in: module maps, and what module maps needs to go over a map.

import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg, raiseTagged } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import {
  cons,
  flatMap,
  isMap,
  isTuple,
  list,
  listToArray,
  mapEntries,
  mapFromPairs,
  mapGet,
  mapIndex,
  mapSize,
  tuple,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { compareExact } from '../terms/compare.js';
import { boxedAt, header, Kind, Sentinel, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

const badmap = (t: Term): Term => raiseTagged(am.badmap, t);

const keyTuple = (map: Term): Term => H[(map >>> 3) + 1];

/** The keys of a flat map, in its key order. */
const keysOf = (map: Term): Int32Array =>
  H.subarray((keyTuple(map) >>> 3) + 1, (keyTuple(map) >>> 3) + 1 + mapSize(map));

/** The values of a flat map, in the order of its keys. */
const valuesOf = (map: Term): Int32Array => H.subarray((map >>> 3) + 2, (map >>> 3) + 2 + mapSize(map));

/** A map with the same keys and other values; the keys are shared. */
function withValueAt(map: Term, index: number, value: Term): Term {
  const n = mapSize(map);
  const from = map >>> 3;
  if (H[from + 2 + index] === value) return map;
  const at = allocate(n + 2);
  H[at] = header(Kind.FlatMap, n + 1);
  H.copyWithin(at + 1, from + 1, from + 2 + n);
  H[at + 2 + index] = value;
  return boxedAt(at);
}

/** A map with one more key, at this place among the keys. */
function withKeyAt(map: Term, index: number, key: Term, value: Term): Term {
  const n = mapSize(map);
  const keys = (keyTuple(map) >>> 3) + 1;
  const values = (map >>> 3) + 2;
  const at = allocate(2 * n + 5);
  const newKeys = at + n + 3;
  H[at] = header(Kind.FlatMap, n + 2);
  H[at + 1] = boxedAt(newKeys);
  H.copyWithin(at + 2, values, values + index);
  H[at + 2 + index] = value;
  H.copyWithin(at + 3 + index, values + index, values + n);
  H[newKeys] = header(Kind.Tuple, n + 1);
  H.copyWithin(newKeys + 1, keys, keys + index);
  H[newKeys + 1 + index] = key;
  H.copyWithin(newKeys + 2 + index, keys + index, keys + n);
  return boxedAt(at);
}

/** A map without the key at this place. */
function withoutKeyAt(map: Term, index: number): Term {
  const keys = Array.from(keysOf(map));
  const values = Array.from(valuesOf(map));
  keys.splice(index, 1);
  values.splice(index, 1);
  return flatMap(keys, values);
}

/** maps:put/3 */
export function mapPut(key: Term, value: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const i = mapIndex(map, key);
  return i >= 0 ? withValueAt(map, i, value) : withKeyAt(map, -1 - i, key, value);
}

function update(key: Term, value: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const i = mapIndex(map, key);
  return i >= 0 ? withValueAt(map, i, value) : raiseTagged(am.badkey, key);
}

function remove(key: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const i = mapIndex(map, key);
  return i >= 0 ? withoutKeyAt(map, i) : map;
}

function take(key: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const i = mapIndex(map, key);
  return i >= 0 ? tuple(valuesOf(map)[i], withoutKeyAt(map, i)) : Atom.Error;
}

/** maps:merge/2: where both have a key, the value of the second map counts. */
function merge(a: Term, b: Term): Term {
  if (!isMap(a)) return badmap(a);
  if (!isMap(b)) return badmap(b);
  if (mapSize(a) === 0 || keyTuple(a) === keyTuple(b)) return b;
  if (mapSize(b) === 0) return a;
  const keysA = keysOf(a);
  const keysB = keysOf(b);
  const valuesA = valuesOf(a);
  const valuesB = valuesOf(b);
  const keys: Term[] = [];
  const values: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < keysA.length || j < keysB.length) {
    const order = i === keysA.length ? 1 : j === keysB.length ? -1 : compareExact(keysA[i], keysB[j]);
    keys.push(order < 0 ? keysA[i] : keysB[j]);
    values.push(order < 0 ? valuesA[i] : valuesB[j]);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return flatMap(keys, values);
}

function fromList(t: Term): Term {
  const items = listToArray(t);
  if (items === undefined) return badarg();
  const pairs: [Term, Term][] = [];
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) !== 2) return badarg();
    pairs.push([tupleElement(item, 0), tupleElement(item, 1)]);
  }
  return mapFromPairs(pairs);
}

function fromKeys(t: Term, value: Term): Term {
  const keys = listToArray(t);
  return keys === undefined ? badarg() : mapFromPairs(keys.map((key) => [key, value] as const));
}

const ITERATOR = atom('iterator');
const NO_MORE = atom('none');

/**
 * erts_internal:map_next/3: for `iterator` the nested tuples {Key, Value, Rest} of all keys, `none` at the end; for a
 * list the pairs of the map in front of it. The whole map comes at once, so the position does not matter.
 */
function mapNext(position: Term, map: Term, what: Term): Term {
  if ((position & 1) !== 0 || !isMap(map)) return badarg();
  const entries = mapEntries(map);
  if (what === ITERATOR) {
    let rest = NO_MORE;
    for (let i = entries.length - 1; i >= 0; i--) rest = tuple(entries[i][0], entries[i][1], rest);
    return rest;
  }
  let rest = what;
  for (let i = entries.length - 1; i >= 0; i--) rest = cons(tuple(entries[i][0], entries[i][1]), rest);
  return rest;
}

defineBifs('maps', {
  'find/2': (key, map) => {
    if (!isMap(map)) return badmap(map);
    const value = mapGet(map, key);
    return value === Sentinel.None ? Atom.Error : tuple(Atom.Ok, value);
  },
  'get/2': (key, map) => {
    if (!isMap(map)) return badmap(map);
    const value = mapGet(map, key);
    return value === Sentinel.None ? raiseTagged(am.badkey, key) : value;
  },
  'is_key/2': (key, map) => (isMap(map) ? bool(mapGet(map, key) !== Sentinel.None) : badmap(map)),
  'keys/1': (map) => (isMap(map) ? list(keysOf(map)) : badmap(map)),
  'values/1': (map) => (isMap(map) ? list(valuesOf(map)) : badmap(map)),
  'merge/2': merge,
  'put/3': mapPut,
  'remove/2': remove,
  'take/2': take,
  'update/3': update,
  'from_keys/2': fromKeys,
  'from_list/1': fromList,
});

defineBifs('erts_internal', { 'map_next/3': mapNext });
