// New maps from old ones. A map's keys are a tuple of their own, which a map with other values but the same keys shares.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { mapIndex } from './access.js';
import { compareExact } from './compare.js';
import { boxedAt, header, Imm, Kind, type Term } from './tags.js';

/** Up to so many keys, one that is a single word is looked for one by one. */
const LINEAR = 32;

/** Where a key is among the keys of a flat map, or a negative number. */
export function findKey(map: Term, key: Term): number {
  const at = map >>> 3;
  const n = (H[at] >>> Kind.SizeShift) - 1;
  if (n > LINEAR || ((key & 1) !== 0 && (key & Imm.Mask) !== Imm.Atom)) return mapIndex(map, key);
  const keys = (H[at + 1] >>> 3) + 1;
  for (let i = 0; i < n; i++) if (H[keys + i] === key) return i;
  return -1;
}

/** A copy of a map: the word index of its first value, to be changed at once, is one less than the keys' + 2. */
export function copyMap(map: Term): Term {
  const from = map >>> 3;
  const words = (H[from] >>> Kind.SizeShift) + 1;
  const at = allocate(words);
  if (words < 24) for (let i = 0; i < words; i++) H[at + i] = H[from + i];
  else H.copyWithin(at, from, from + words);
  return boxedAt(at);
}

/** A map with one more key. `place` is where the key belongs. */
export function insertKey(map: Term, place: number, key: Term, value: Term): Term {
  const from = map >>> 3;
  const n = (H[from] >>> Kind.SizeShift) - 1;
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
  if (n < 24) {
    for (let i = 0; i < place; i++) H[to + i] = H[from + i];
    for (let i = place; i < n; i++) H[to + i + 1] = H[from + i];
  } else {
    H.copyWithin(to, from, from + place);
    H.copyWithin(to + place + 1, from + place, from + n);
  }
  H[to + place] = word;
}

/** A map with more keys: keys and values in turn, none of the keys in the map; of equal ones the last counts. */
export function insertKeys(map: Term, pairs: Term[]): Term {
  const added: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) added.push(i);
  // Sorting is stable, so of equal keys the last one is the last in order too.
  added.sort((i, j) => compareExact(pairs[i], pairs[j]));
  const order = added.filter(
    (i, k) => k + 1 === added.length || compareExact(pairs[i], pairs[added[k + 1]]) !== 0,
  );
  const from = map >>> 3;
  const n = (H[from] >>> Kind.SizeShift) - 1;
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
