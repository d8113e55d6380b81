// New maps from old ones. The keys of a flat map are a tuple of their own, which maps with the same keys share.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { isFlatMap, keyIndex, mapSize } from './access.js';
import { compareExact } from './compare.js';
import { FLAT_LIMIT, findLeaf, hashMapPut, hashMapRemove } from './hamt.js';
import { mapOfLeaves, mergeHashMaps } from './hamt-build.js';
import { boxedAt, consAt, header, Kind, Sentinel, type Term } from './tags.js';

type Allocate = (words: number) => number;

/** The map with one key more, or with another value for it. */
export function mapPut(map: Term, key: Term, value: Term): Term {
  if (!isFlatMap(map)) return hashMapPut(map, key, value);
  const i = keyIndex(map, key);
  return i >= 0 ? replaceValue(map, i, value) : insertKey(map, -1 - i, key, value);
}

/** The map with another value for a key, or Sentinel.None if it has no such key. */
export function mapUpdate(map: Term, key: Term, value: Term): Term {
  if (!isFlatMap(map)) return hashMapPut(map, key, value, true);
  const i = keyIndex(map, key);
  return i >= 0 ? replaceValue(map, i, value) : Sentinel.None;
}

/** The map without a key; the map itself if it has no such key. */
export function mapRemove(map: Term, key: Term): Term {
  if (!isFlatMap(map)) return hashMapRemove(map, key);
  const i = keyIndex(map, key);
  return i >= 0 ? removeKey(map, i) : map;
}

/** A copy of a flat map, whose values may be changed at once. */
export function copyMap(map: Term): Term {
  const from = map >>> 3;
  const words = (H[from] >>> Kind.SizeShift) + 1;
  const at = allocate(words);
  for (let i = 0; i < words; i++) H[at + i] = H[from + i];
  return boxedAt(at);
}

function replaceValue(map: Term, place: number, value: Term): Term {
  if (H[(map >>> 3) + 2 + place] === value) return map;
  const copy = copyMap(map);
  H[(copy >>> 3) + 2 + place] = value;
  return copy;
}

/** A flat map with one more key. `place` is where the key belongs. */
export function insertKey(map: Term, place: number, key: Term, value: Term): Term {
  const from = map >>> 3;
  const n = (H[from] >>> Kind.SizeShift) - 1;
  if (n === FLAT_LIMIT) return insertKeys(map, [key, value]);
  const at = allocate(5 + 2 * n);
  const tuple = at + 3 + n;
  H[at] = header(Kind.FlatMap, n + 2);
  H[at + 1] = boxedAt(tuple);
  H[tuple] = header(Kind.Tuple, n + 1);
  insertWord(at + 2, from + 2, n, place, value);
  insertWord(tuple + 1, (H[from + 1] >>> 3) + 1, n, place, key);
  return boxedAt(at);
}

function insertWord(to: number, from: number, n: number, place: number, word: number): void {
  for (let i = 0; i < place; i++) H[to + i] = H[from + i];
  for (let i = place; i < n; i++) H[to + i + 1] = H[from + i];
  H[to + place] = word;
}

/** A flat map without the key at this place. */
function removeKey(map: Term, place: number): Term {
  const from = map >>> 3;
  const n = (H[from] >>> Kind.SizeShift) - 1;
  const at = allocate(1 + 2 * n);
  const tuple = at + 1 + n;
  H[at] = header(Kind.FlatMap, n);
  H[at + 1] = boxedAt(tuple);
  H[tuple] = header(Kind.Tuple, n - 1);
  removeWord(at + 2, from + 2, n, place);
  removeWord(tuple + 1, (H[from + 1] >>> 3) + 1, n, place);
  return boxedAt(at);
}

function removeWord(to: number, from: number, n: number, place: number): void {
  for (let i = 0; i < place; i++) H[to + i] = H[from + i];
  for (let i = place + 1; i < n; i++) H[to + i - 1] = H[from + i];
}

/** The leaves of hamt.ts for the keys and values of a flat map, and room for more of them. */
function leavesOfFlatMap(map: Term, more: number): Int32Array {
  const n = mapSize(map);
  const values = (map >>> 3) + 2;
  const keys = (H[values - 1] >>> 3) + 1;
  const leaves = new Int32Array(n + more);
  let at = allocate(2 * (n + more));
  for (let i = 0; i < n + more; i++, at += 2) {
    H[at] = i < n ? H[keys + i] : 0;
    H[at + 1] = i < n ? H[values + i] : 0;
    leaves[i] = consAt(at);
  }
  return leaves;
}

/** A flat map with more keys: keys and values in turn, none of the keys in the map; of equal ones the last counts. */
export function insertKeys(map: Term, pairs: Term[]): Term {
  const n = mapSize(map);
  const added = pairs.length / 2;
  if (n + added > FLAT_LIMIT) {
    const leaves = leavesOfFlatMap(map, added);
    for (let i = 0; i < added; i++) {
      H[leaves[n + i] >>> 3] = pairs[2 * i];
      H[(leaves[n + i] >>> 3) + 1] = pairs[2 * i + 1];
    }
    return mapOfLeaves(leaves, n + added)!;
  }
  // Where the added keys are in `pairs`, in map key order.
  const order: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    let at = order.length;
    let last = 1;
    while (at > 0 && (last = compareExact(pairs[order[at - 1]], pairs[i])) > 0) at--;
    if (at > 0 && last === 0) order[at - 1] = i;
    else order.splice(at, 0, i);
  }
  const from = map >>> 3;
  const oldKeys = (H[from + 1] >>> 3) + 1;
  const total = n + order.length;
  const at = allocate(3 + 2 * total);
  const tuple = at + 2 + total;
  H[at] = header(Kind.FlatMap, total + 1);
  H[at + 1] = boxedAt(tuple);
  H[tuple] = header(Kind.Tuple, total);
  let i = 0;
  let k = 0;
  for (let to = 0; to < total; to++) {
    const old = k === order.length || (i < n && compareExact(H[oldKeys + i], pairs[order[k]]) < 0);
    H[tuple + 1 + to] = old ? H[oldKeys + i] : pairs[order[k]];
    H[at + 2 + to] = old ? H[from + 2 + i] : pairs[order[k] + 1];
    if (old) i++;
    else k++;
  }
  return boxedAt(at);
}

/** A flat map of keys that are in map key order already, each once, and their values. */
export function flatMap(keys: ArrayLike<Term>, values: ArrayLike<Term>, into: Allocate = allocate): Term {
  const n = keys.length;
  const at = into(3 + 2 * n);
  H[at] = header(Kind.FlatMap, 1 + n);
  H[at + 1] = boxedAt(at + 2 + n);
  H[at + 2 + n] = header(Kind.Tuple, n);
  for (let i = 0; i < n; i++) {
    H[at + 2 + i] = values[i];
    H[at + 3 + n + i] = keys[i];
  }
  return boxedAt(at);
}

/** A map of keys and values in any order; of equal keys (=:=) the last one counts. */
export function mapOf(keys: ArrayLike<Term>, values: ArrayLike<Term>, into: Allocate = allocate): Term {
  const n = keys.length;
  if (n > FLAT_LIMIT) {
    const leaves = new Int32Array(n);
    let at = into(2 * n);
    for (let i = 0; i < n; i++, at += 2) {
      H[at] = keys[i];
      H[at + 1] = values[i];
      leaves[i] = consAt(at);
    }
    return mapOfLeaves(leaves, n, into)!;
  }
  const sortedKeys: Term[] = [];
  const sortedValues: Term[] = [];
  for (let i = 0; i < n; i++) {
    const place = placeOf(sortedKeys, keys[i]);
    if (place < 0) {
      sortedKeys[-1 - place] = keys[i];
      sortedValues[-1 - place] = values[i];
    } else if (place === sortedKeys.length) {
      sortedKeys.push(keys[i]);
      sortedValues.push(values[i]);
    } else {
      sortedKeys.splice(place, 0, keys[i]);
      sortedValues.splice(place, 0, values[i]);
    }
  }
  return flatMap(sortedKeys, sortedValues, into);
}

/** Where a key belongs among sorted ones, or -1 - the place where it is. */
function placeOf(sorted: Term[], key: Term): number {
  let low = 0;
  let high = sorted.length;
  // Keys often come in order: the last one is looked at first.
  let middle = high - 1;
  while (low < high) {
    const order = compareExact(sorted[middle], key);
    if (order === 0) return -1 - middle;
    if (order < 0) low = middle + 1;
    else high = middle;
    middle = (low + high) >> 1;
  }
  return low;
}

/** A map of pairs in any order; of equal keys (=:=) the last one counts. */
export function mapFromPairs(pairs: readonly (readonly [Term, Term])[], into: Allocate = allocate): Term {
  return mapOf(
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
    into,
  );
}

/** maps:merge/2: where both maps have a key, the value of `b` counts. */
export function mergeMaps(a: Term, b: Term): Term {
  if (mapSize(a) === 0) return b;
  if (mapSize(b) === 0) return a;
  const flatA = isFlatMap(a);
  const flatB = isFlatMap(b);
  if (!flatA && !flatB) return mergeHashMaps(a, b);
  if (flatA && flatB) return mergeFlatMaps(a, b);
  return flatB ? putAll(a, b) : putMissing(b, a);
}

/** A large map with all keys of a flat one. */
function putAll(map: Term, flat: Term): Term {
  const values = (flat >>> 3) + 2;
  const keys = (H[values - 1] >>> 3) + 1;
  const n = mapSize(flat);
  for (let i = 0; i < n; i++) map = hashMapPut(map, H[keys + i], H[values + i]);
  return map;
}

/** A large map with those keys of a flat one that it has not. */
function putMissing(map: Term, flat: Term): Term {
  const values = (flat >>> 3) + 2;
  const keys = (H[values - 1] >>> 3) + 1;
  const n = mapSize(flat);
  for (let i = 0; i < n; i++) {
    if (findLeaf(map, H[keys + i]) === 0) map = hashMapPut(map, H[keys + i], H[values + i]);
  }
  return map;
}

function mergeFlatMaps(a: Term, b: Term): Term {
  if (H[(a >>> 3) + 1] === H[(b >>> 3) + 1]) return b;
  const sizeA = mapSize(a);
  const sizeB = mapSize(b);
  const valuesA = (a >>> 3) + 2;
  const valuesB = (b >>> 3) + 2;
  const keysA = (H[valuesA - 1] >>> 3) + 1;
  const keysB = (H[valuesB - 1] >>> 3) + 1;
  const keys: Term[] = [];
  const values: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < sizeA || j < sizeB) {
    const order = i === sizeA ? 1 : j === sizeB ? -1 : compareExact(H[keysA + i], H[keysB + j]);
    keys.push(order < 0 ? H[keysA + i] : H[keysB + j]);
    values.push(order < 0 ? H[valuesA + i] : H[valuesB + j]);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return keys.length > FLAT_LIMIT ? mapOf(keys, values) : flatMap(keys, values);
}
