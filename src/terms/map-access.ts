// Reading maps: flat ones (tags.ts) and large ones (hamt.ts).
import { H } from '../memory/arena.js';
import { compareExact, exactEqual } from './compare.js';
import { findLeaf, hashMapSize, leavesOf } from './hamt.js';
import { Imm, Kind, Sentinel, Tag, type Term } from './tags.js';

export function isMap(t: Term): boolean {
  if ((t & Tag.Mask) !== Tag.Boxed) return false;
  const kind = H[t >>> 3] & Kind.Mask;
  return kind === Kind.FlatMap || kind === Kind.HashMap;
}

/** Whether a map is flat: 32 keys or less. The term has to be a map. */
export function isFlatMap(map: Term): boolean {
  return (H[map >>> 3] & Kind.Mask) === Kind.FlatMap;
}

/** Number of keys of a map. */
export function mapSize(map: Term): number {
  return isFlatMap(map) ? (H[map >>> 3] >>> Kind.SizeShift) - 1 : hashMapSize(map);
}

/** The keys of a map: of a flat one in map key order (term order, but all integers before all floats). */
export function mapKeys(map: Term): Int32Array {
  if (!isFlatMap(map)) return leavesOf(map).map((leaf) => H[leaf >>> 3]);
  const keys = (H[(map >>> 3) + 1] >>> 3) + 1;
  return H.slice(keys, keys + mapSize(map));
}

/** The values of a map, in the order of mapKeys. */
export function mapValues(map: Term): Int32Array {
  if (!isFlatMap(map)) return leavesOf(map).map((leaf) => H[(leaf >>> 3) + 1]);
  const values = (map >>> 3) + 2;
  return H.slice(values, values + mapSize(map));
}

/** Keys and values of a map, in the order of mapKeys. */
export function mapEntries(map: Term): [Term, Term][] {
  const values = mapValues(map);
  return Array.from(mapKeys(map), (key, i) => [key, values[i]]);
}

/** The value of a key, or Sentinel.None. */
export function mapGet(map: Term, key: Term): Term {
  const at = findValue(map, key);
  return at === 0 ? Sentinel.None : H[at];
}

/** The word index of a key's value, or 0. */
export function findValue(map: Term, key: Term): number {
  const at = map >>> 3;
  const header = H[at];
  if ((header & Kind.Mask) !== Kind.FlatMap) {
    const leaf = findLeaf(map, key);
    return leaf === 0 ? 0 : leaf + 1;
  }
  if ((key & 1) === 0 || (key & Imm.Mask) === Imm.Atom) {
    const n = (header >>> Kind.SizeShift) - 1;
    const keys = (H[at + 1] >>> 3) + 1;
    for (let i = 0; i < n; i++) if (H[keys + i] === key) return at + 2 + i;
    return 0;
  }
  const i = keyIndex(map, key);
  return i < 0 ? 0 : at + 2 + i;
}

/** Where a key is among the keys of a flat map; if it is not there, -1 - the place where it belongs. */
export function keyIndex(map: Term, key: Term): number {
  const n = (H[map >>> 3] >>> Kind.SizeShift) - 1;
  const keys = (H[(map >>> 3) + 1] >>> 3) + 1;
  if ((key & 1) === 0 || (key & Imm.Mask) === Imm.Atom) {
    for (let i = 0; i < n; i++) if (H[keys + i] === key) return i;
  } else if (n <= 4) {
    for (let i = 0; i < n; i++) if (exactEqual(H[keys + i], key)) return i;
  }
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareExact(H[keys + middle], key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return -1 - low;
}
