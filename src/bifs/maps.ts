// The map functions that are built in: module maps, and what module maps needs to go over a map.

import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg, raiseTagged } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import {
  boxedKind,
  cons,
  findValue,
  head,
  isFlatMap,
  isMap,
  isTuple,
  list,
  listToArray,
  mapGet,
  mapKeys,
  mapOf,
  mapPut,
  mapRemove,
  mapSize,
  mapUpdate,
  mapValues,
  mergeMaps,
  tail,
  tuple,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { childrenOf, END, leavesFrom } from '../terms/hamt.js';
import { integerFromNumber, toNumberIfSafe } from '../terms/integer.js';
import { boxedAt, consAt, header, isCons, Kind, NIL, Sentinel, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

const badmap = (t: Term): Term => raiseTagged(am.badmap, t);

function put(key: Term, value: Term, map: Term): Term {
  return isMap(map) ? mapPut(map, key, value) : badmap(map);
}

function update(key: Term, value: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const result = mapUpdate(map, key, value);
  return result === Sentinel.None ? raiseTagged(am.badkey, key) : result;
}

function take(key: Term, map: Term): Term {
  if (!isMap(map)) return badmap(map);
  const at = findValue(map, key);
  return at === 0 ? Atom.Error : tuple(H[at], mapRemove(map, key));
}

function merge(a: Term, b: Term): Term {
  if (!isMap(a)) return badmap(a);
  return isMap(b) ? mergeMaps(a, b) : badmap(b);
}

function fromList(t: Term): Term {
  const keys: Term[] = [];
  const values: Term[] = [];
  for (; isCons(t); t = tail(t)) {
    const item = head(t);
    if (!isTuple(item) || tupleArity(item) !== 2) return badarg();
    keys.push(tupleElement(item, 0));
    values.push(tupleElement(item, 1));
  }
  return t === NIL ? mapOf(keys, values) : badarg();
}

function fromKeys(t: Term, value: Term): Term {
  const keys = listToArray(t);
  return keys === undefined ? badarg() : mapOf(keys, new Array<Term>(keys.length).fill(value));
}

const ITERATOR = atom('iterator');
const NO_MORE = atom('none');

/** Keys of a large map that map_next/3 gives at once: to an iterator, which may not want more, and to a list. */
const ITERATOR_KEYS = 32;
const LIST_KEYS = 4096;

/**
 * erts_internal:map_next/3.
 * @param position 0 at the start, or the position of a result before; a list of keys to go over these (OTP 26)
 * @param what `iterator`: gives {Key, Value, {Key, Value, ... Rest}}, where Rest is [Position | Map] or, at the end,
 * `none`. A list: gives [{Key, Value}, ... | List], behind Position and Map if there is more.
 */
function mapNext(position: Term, map: Term, what: Term): Term {
  if (!isMap(map)) return badarg();
  if (what === ITERATOR && (isCons(position) || position === NIL)) return nextOfKeys(position, map);
  if (what !== ITERATOR && !isCons(what) && what !== NIL) return badarg();
  const from = toNumberIfSafe(position);
  if (from === undefined || from < 0) return badarg();
  if (isFlatMap(map)) {
    // Native takes every position up to its size for the start of a small map.
    if (from > mapSize(map)) return badarg();
    const keys = mapKeys(map);
    const values = mapValues(map);
    return what === ITERATOR ? nested(keys, values, NO_MORE) : pairs(keys, values, what);
  }
  const part = leavesFrom(map, from, what === ITERATOR ? ITERATOR_KEYS : LIST_KEYS);
  const keys = part.leaves.map((leaf) => H[leaf >>> 3]);
  const values = part.leaves.map((leaf) => H[(leaf >>> 3) + 1]);
  const next = part.next === END ? Sentinel.None : integerFromNumber(part.next);
  if (what === ITERATOR) return nested(keys, values, next === Sentinel.None ? NO_MORE : cons(next, map));
  const list = pairs(keys.reverse(), values.reverse(), what);
  return next === Sentinel.None ? list : cons(next, cons(map, list));
}

/** What is in the order of iterators, in that of lists, which native has the other way around if the map is large. */
const listed = (map: Term, terms: Int32Array): Int32Array => (isFlatMap(map) ? terms : terms.reverse());

/** An iterator over the keys of a list, which all have to be in the map. */
function nextOfKeys(list: Term, map: Term): Term {
  const keys: Term[] = [];
  const values: Term[] = [];
  for (; isCons(list) && keys.length < ITERATOR_KEYS; list = tail(list)) {
    const at = findValue(map, head(list));
    if (at === 0) return badarg();
    keys.push(head(list));
    values.push(H[at]);
  }
  if (list !== NIL && !isCons(list)) return badarg();
  return nested(keys, values, list === NIL ? NO_MORE : cons(list, map));
}

/** {Key, Value, {Key, Value, ... Rest}} */
function nested(keys: ArrayLike<Term>, values: ArrayLike<Term>, rest: Term): Term {
  const n = keys.length;
  if (n === 0) return rest;
  const start = allocate(4 * n);
  for (let i = 0, at = start; i < n; i++, at += 4) {
    H[at] = header(Kind.Tuple, 3);
    H[at + 1] = keys[i];
    H[at + 2] = values[i];
    H[at + 3] = i + 1 < n ? boxedAt(at + 4) : rest;
  }
  return boxedAt(start);
}

/** [{Key, Value}, ... | Rest] */
function pairs(keys: ArrayLike<Term>, values: ArrayLike<Term>, rest: Term): Term {
  const n = keys.length;
  if (n === 0) return rest;
  const start = allocate(5 * n);
  for (let i = 0, at = start; i < n; i++, at += 5) {
    H[at] = boxedAt(at + 2);
    H[at + 1] = i + 1 < n ? consAt(at + 5) : rest;
    H[at + 2] = header(Kind.Tuple, 2);
    H[at + 3] = keys[i];
    H[at + 4] = values[i];
  }
  return consAt(start);
}

/** erts_internal:map_to_tuple_keys/1: the keys of a flat map. */
function tupleOfKeys(map: Term): Term {
  if (!isMap(map)) return badmap(map);
  return isFlatMap(map) ? H[(map >>> 3) + 1] : badarg();
}

/**
 * erts_internal:map_hashmap_children/1: what the root of a large map, or an inner node of one, holds. Only
 * erts_debug:size/1 uses it, to count what is shared once.
 */
function hashMapChildren(t: Term): Term {
  const kind = boxedKind(t);
  if (kind === Kind.FlatMap) return badarg();
  if (kind !== Kind.HashMap && kind !== Kind.HashNode) return badmap(t);
  return list(childrenOf(t));
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
  'keys/1': (map) => (isMap(map) ? list(listed(map, mapKeys(map))) : badmap(map)),
  'values/1': (map) => (isMap(map) ? list(listed(map, mapValues(map))) : badmap(map)),
  'merge/2': merge,
  'put/3': put,
  'remove/2': (key, map) => (isMap(map) ? mapRemove(map, key) : badmap(map)),
  'take/2': take,
  'update/3': update,
  'from_keys/2': fromKeys,
  'from_list/1': fromList,
});

defineBifs('erts_internal', {
  'map_hashmap_children/1': hashMapChildren,
  'map_next/3': mapNext,
  'map_to_tuple_keys/1': tupleOfKeys,
});
