// Stubs of maps: flat ones with keys that are immediates, at the place among the keys where they were the last time.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const H: Int32Array;
declare function allocate(words: number): number;
declare function findAndKeep(map: Term, key: Term, kept: Int32Array, word: number): number;
declare function placeOfKey(map: Term, key: Term, kept: Int32Array, word: number): number;

/** The word index of a key's value; 0: there is no such key, or no map. */
export function valueOfKey(at: number, map: Term, key: Term, kept: Int32Array, word: number): void {
  const p = map >>> 3;
  const k = H[p + 1] >>> 3;
  const i = kept[word];
  if ((map & 7) === 3 && (H[p] & 0xff) === 0x27 && i < H[k] >>> 8 && H[k + 1 + i] === key) at = p + 2 + i;
  else at = findAndKeep(map, key, kept, word);
}

/** Where a key is among the keys of a flat map; -1: nowhere, or the map is not flat. */
export function place(at: number, map: Term, key: Term, kept: Int32Array, word: number): void {
  const p = map >>> 3;
  const k = H[p + 1] >>> 3;
  at = kept[word];
  if ((map & 7) !== 3 || (H[p] & 0xff) !== 0x27 || at >= H[k] >>> 8 || H[k + 1 + at] !== key)
    at = placeOfKey(map, key, kept, word);
}

/** Room for so many words, on the heap or elsewhere. */
export function reserve(h: number, words: number): void {
  h = H[1024];
  if (h + words < H[1025]) H[1024] = h + words;
  else h = allocate(words);
}

/** map_size/1. The size of a large map is in its second word. */
export function mapSize(dst: Term, a: Term): void {
  const p = a >>> 3;
  if ((a & 7) === 3 && (H[p] & 0xff) === 0x27) dst = ((H[p] >>> 8) - 1) << 1;
  else if ((a & 7) === 3 && (H[p] & 0xff) === 0x2f) dst = H[p + 1];
  else FAIL;
}
