// What generated code calls for maps. A unit keeps, for each key that it looks for, where the key was among the keys of the
// last map (`kept`), since maps at one place in a program mostly have the same keys.
import { findValue, isFlatMap, isMap } from '../terms/access.js';
import { mapPut, mapUpdate } from '../terms/map-update.js';
import { Sentinel, type Term } from '../terms/tags.js';

/** The word index of a key's value; 0: the key is not there, or what should be a map is none. */
export function findMapValue(map: Term, key: Term): number {
  return isMap(map) ? findValue(map, key) : 0;
}

/** The same, and keeps where the key is. */
export function findAndKeep(map: Term, key: Term, kept: Int32Array, word: number): number {
  if (!isMap(map)) return 0;
  const at = findValue(map, key);
  if (at !== 0 && isFlatMap(map)) kept[word] = at - (map >>> 3) - 2;
  return at;
}

/** Where a key is among the keys of a flat map; -1: nowhere, or the term is no flat map. */
export function placeOfKey(map: Term, key: Term, kept: Int32Array, word: number): number {
  if (!isMap(map) || !isFlatMap(map)) return -1;
  const at = findValue(map, key);
  if (at === 0) return -1;
  kept[word] = at - (map >>> 3) - 2;
  return kept[word];
}

/** put_map_assoc of one key; Sentinel.Unwind: this is no map. */
export function putInMap(map: Term, key: Term, value: Term): Term {
  return isMap(map) ? mapPut(map, key, value) : Sentinel.Unwind;
}

/** put_map_exact of one key; Sentinel.Unwind: this is no map, or one without the key. */
export function updateInMap(map: Term, key: Term, value: Term): Term {
  if (!isMap(map)) return Sentinel.Unwind;
  const result = mapUpdate(map, key, value);
  return result === Sentinel.None ? Sentinel.Unwind : result;
}
