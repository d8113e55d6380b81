// Large maps: hash array mapped tries (Bagwell, "Ideal Hash Trees", 2001), persistent by copying the path to what changes.
//
//   root         header | number of keys (small) | bitmap (small) | children       Kind.HashMap
//   inner node   header | bitmap (small) | children                                Kind.HashNode
//   leaf         a cons cell: [Key | Value]
//
// Bit n of a bitmap says that there is a child for n, four bits of the hash: the highest four at the root, the lowest
// four at depth 7. Keys with the same hash share a node at depth 8 with bitmap 0, which holds any number of leaves. An
// inner node has no single child that is a leaf, so the shape depends on the keys alone. Maps of up to FLAT_LIMIT keys
// are flat instead (tags.ts); hamt-build.ts makes large maps, here is what reads and updates one.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { compareExact, exactEqual } from './compare.js';
import { keyHash } from './key-hash.js';
import { boxedAt, consAt, header, Kind, Sentinel, Tag, type Term } from './tags.js';

/** Most keys of a flat map, as in OTP. */
export const FLAT_LIMIT = 32;
/** Depth of the nodes that hold leaves with the same hash. */
export const COLLISION_DEPTH = 8;

/** Number of bits that are set among the lower sixteen. */
export function bitCount(bits: number): number {
  bits -= (bits >> 1) & 0x5555;
  bits = (bits & 0x3333) + ((bits >> 2) & 0x3333);
  bits = (bits + (bits >> 4)) & 0x0f0f;
  return (bits + (bits >> 8)) & 31;
}

/** The four bits of a hash that count at a depth. */
export function nibble(hash: number, depth: number): number {
  return (hash >>> (28 - 4 * depth)) & 15;
}

/** Number of keys of a large map. */
export function hashMapSize(map: Term): number {
  return H[(map >>> 3) + 1] >> 1;
}

// Nodes are named by the word index of their bitmap: the children are behind it, in the root as in others.

/** The word index of the root's bitmap. */
export function rootOf(map: Term): number {
  return (map >>> 3) + 2;
}

/** Number of children of the node at a depth. */
export function childCount(node: number, depth: number): number {
  return depth === 0 ? (H[node - 2] >>> Kind.SizeShift) - 2 : (H[node - 1] >>> Kind.SizeShift) - 1;
}

/** The children of a large map's root or of an inner node: leaves and nodes. */
export function childrenOf(t: Term): Term[] {
  const at = t >>> 3;
  const first = (H[at] & Kind.Mask) === Kind.HashMap ? 3 : 2;
  return Array.from(H.subarray(at + first, at + 1 + (H[at] >>> Kind.SizeShift)));
}

/** The word index of the leaf with that key, or 0. */
export function findLeaf(map: Term, key: Term): number {
  const hash = keyHash(key);
  let node = (map >>> 3) + 2;
  for (let shift = 28; shift >= 0; shift -= 4) {
    const bitmap = H[node] >> 1;
    const bit = 1 << ((hash >>> shift) & 15);
    if ((bitmap & bit) === 0) return 0;
    const child = H[node + 1 + bitCount(bitmap & (bit - 1))];
    if ((child & Tag.Mask) === Tag.Cons) return exactEqual(H[child >>> 3], key) ? child >>> 3 : 0;
    node = (child >>> 3) + 1;
  }
  const slot = collisionSlot(node, key);
  return slot < 0 ? 0 : H[node + 1 + slot] >>> 3;
}

/** Which leaf of a node for equal hashes has the key; -1: none. */
function collisionSlot(node: number, key: Term): number {
  for (let i = childCount(node, COLLISION_DEPTH) - 1; i >= 0; i--) {
    if (exactEqual(H[H[node + 1 + i] >>> 3], key)) return i;
  }
  return -1;
}

// The way from the root to a key: nodes, and the slot in each. What changes is in the last.
const pathNode = new Int32Array(COLLISION_DEPTH + 1);
const pathSlot = new Int32Array(COLLISION_DEPTH + 1);

/**
 * The map with one key more or with another value for it.
 * @param exact no keys more: the result is Sentinel.None if the key is not there
 */
export function hashMapPut(map: Term, key: Term, value: Term, exact = false): Term {
  const hash = keyHash(key);
  const size = hashMapSize(map);
  let node = rootOf(map);
  for (let depth = 0; depth < COLLISION_DEPTH; depth++) {
    const bitmap = H[node] >> 1;
    const bit = 1 << nibble(hash, depth);
    const slot = bitCount(bitmap & (bit - 1));
    pathNode[depth] = node;
    pathSlot[depth] = slot;
    if ((bitmap & bit) === 0) {
      if (exact) return Sentinel.None;
      return rebuild(depth, leaf(key, value), Change.Insert, bit, size + 1);
    }
    const child = H[node + 1 + slot];
    if ((child & Tag.Mask) === Tag.Cons) {
      const at = child >>> 3;
      if (exactEqual(H[at], key)) {
        return H[at + 1] === value ? map : rebuild(depth, leaf(key, value), Change.Replace, 0, size);
      }
      if (exact) return Sentinel.None;
      const both = split(child, keyHash(H[at]), leaf(key, value), hash, depth + 1);
      return rebuild(depth, both, Change.Replace, 0, size + 1);
    }
    node = (child >>> 3) + 1;
  }
  const slot = collisionSlot(node, key);
  pathNode[COLLISION_DEPTH] = node;
  pathSlot[COLLISION_DEPTH] = slot < 0 ? 0 : slot;
  if (slot < 0) {
    if (exact) return Sentinel.None;
    return rebuild(COLLISION_DEPTH, leaf(key, value), Change.Insert, 0, size + 1);
  }
  if (H[(H[node + 1 + slot] >>> 3) + 1] === value) return map;
  return rebuild(COLLISION_DEPTH, leaf(key, value), Change.Replace, 0, size);
}

function leaf(key: Term, value: Term): Term {
  const at = allocate(2);
  H[at] = key;
  H[at + 1] = value;
  return consAt(at);
}

/** A node at `depth` for two leaves whose hashes are the same above it. */
function split(a: Term, hashA: number, b: Term, hashB: number, depth: number): Term {
  // How many of the leading bits are the same says where they part.
  const difference = hashA ^ hashB;
  const parting = difference === 0 ? COLLISION_DEPTH : Math.clz32(difference) >> 2;
  let at = allocate(4);
  let node = boxedAt(at);
  H[at] = header(Kind.HashNode, 3);
  if (parting === COLLISION_DEPTH) {
    H[at + 1] = 0;
    H[at + 2] = a;
    H[at + 3] = b;
  } else {
    const x = nibble(hashA, parting);
    const y = nibble(hashB, parting);
    H[at + 1] = ((1 << x) | (1 << y)) << 1;
    H[at + 2] = x < y ? a : b;
    H[at + 3] = x < y ? b : a;
  }
  for (let d = parting - 1; d >= depth; d--) {
    at = allocate(3);
    H[at] = header(Kind.HashNode, 2);
    H[at + 1] = 1 << (nibble(hashA, d) + 1);
    H[at + 2] = node;
    node = boxedAt(at);
  }
  return node;
}

/** What happens to the slot in the last node of a path. */
const enum Change {
  Replace = 0,
  Insert = 1,
  Remove = 2,
}

/**
 * A map with copies of the nodes on the path.
 * @param depth of the last node on it
 * @param child what goes into that node's slot, or in front of it
 * @param bit that the change sets or clears in the bitmap
 */
function rebuild(depth: number, child: Term, change: Change, bit: number, size: number): Term {
  const grows = change === Change.Insert ? 1 : change === Change.Remove ? -1 : 0;
  let words = grows + 1;
  for (let d = 0; d <= depth; d++) words += childCount(pathNode[d], d) + 2;
  let to = allocate(words);
  for (let d = depth; d >= 0; d--) {
    const from = pathNode[d];
    const slot = pathSlot[d];
    const count = childCount(from, d);
    const last = d === depth;
    const copy = boxedAt(to);
    const children = last ? count + grows : count;
    if (d === 0) {
      H[to] = header(Kind.HashMap, children + 2);
      H[to + 1] = size << 1;
      to += 2;
    } else H[to++] = header(Kind.HashNode, children + 1);
    H[to] = last ? H[from] ^ (bit << 1) : H[from];
    if (last && change === Change.Insert) {
      for (let i = 1; i <= slot; i++) H[to + i] = H[from + i];
      H[to + 1 + slot] = child;
      for (let i = slot + 1; i <= count; i++) H[to + 1 + i] = H[from + i];
    } else if (last && change === Change.Remove) {
      for (let i = 1; i <= slot; i++) H[to + i] = H[from + i];
      for (let i = slot + 2; i <= count; i++) H[to - 1 + i] = H[from + i];
    } else {
      for (let i = 1; i <= count; i++) H[to + i] = H[from + i];
      H[to + 1 + slot] = child;
    }
    to += 1 + children;
    child = copy;
  }
  return child;
}

/** The map without a key; the map itself if it has no such key. */
export function hashMapRemove(map: Term, key: Term): Term {
  const hash = keyHash(key);
  const size = hashMapSize(map);
  let node = rootOf(map);
  let depth = 0;
  let bit = 0;
  for (; ; depth++) {
    pathNode[depth] = node;
    if (depth === COLLISION_DEPTH) {
      const slot = collisionSlot(node, key);
      if (slot < 0) return map;
      pathSlot[depth] = slot;
      bit = 0;
      break;
    }
    const bitmap = H[node] >> 1;
    bit = 1 << nibble(hash, depth);
    if ((bitmap & bit) === 0) return map;
    pathSlot[depth] = bitCount(bitmap & (bit - 1));
    const child = H[node + 1 + pathSlot[depth]];
    if ((child & Tag.Mask) === Tag.Cons) {
      if (!exactEqual(H[child >>> 3], key)) return map;
      break;
    }
    node = (child >>> 3) + 1;
  }
  if (size - 1 <= FLAT_LIMIT) return flattened(map, H[node + 1 + pathSlot[depth]]);
  if (depth > 0 && childCount(node, depth) === 2) {
    const other = H[node + 2 - pathSlot[depth]];
    if ((other & Tag.Mask) === Tag.Cons) {
      // A leaf that is left alone moves up as far as it is alone.
      do depth--;
      while (depth > 0 && childCount(pathNode[depth], depth) === 1);
      return rebuild(depth, other, Change.Replace, 0, size - 1);
    }
  }
  return rebuild(depth, 0, Change.Remove, bit, size - 1);
}

/** The flat map of all leaves but one. */
function flattened(map: Term, without: Term): Term {
  const leaves = leavesOf(map).filter((l) => l !== without);
  return flatMapOfLeaves(leaves);
}

/** A flat map of leaves with different keys. */
export function flatMapOfLeaves(leaves: Int32Array, into: (words: number) => number = allocate): Term {
  const sorted = leaves.sort((a, b) => compareExact(H[a >>> 3], H[b >>> 3]));
  const n = sorted.length;
  const at = into(3 + 2 * n);
  H[at] = header(Kind.FlatMap, 1 + n);
  H[at + 1] = boxedAt(at + 2 + n);
  H[at + 2 + n] = header(Kind.Tuple, n);
  for (let i = 0; i < n; i++) {
    H[at + 2 + i] = H[(sorted[i] >>> 3) + 1];
    H[at + 3 + n + i] = H[sorted[i] >>> 3];
  }
  return boxedAt(at);
}

// ---- going over all keys

/** The leaves of a large map, in the order of their hashes: the order of iterators. Lists of keys and values are the other way. */
export function leavesOf(map: Term): Int32Array {
  const leaves = new Int32Array(hashMapSize(map));
  collect(rootOf(map), 0, leaves, 0);
  return leaves;
}

function collect(node: number, depth: number, leaves: Int32Array, n: number): number {
  const end = node + childCount(node, depth);
  for (let at = node + 1; at <= end; at++) {
    const child = H[at];
    if ((child & Tag.Mask) === Tag.Cons) leaves[n++] = child;
    else n = collect((child >>> 3) + 1, depth + 1, leaves, n);
  }
  return n;
}

/** The position behind the last key. */
export const END = 2 ** 32;

/** The leaves of a part of a map. */
export interface Part {
  leaves: Term[];
  /** Where the next part begins; END: nowhere. */
  next: number;
}

/**
 * At least `count` leaves from a position on, if there are so many.
 * @param position 0 at first, then what the part before says; it is the lowest hash of the leaves to come
 */
export function leavesFrom(map: Term, position: number, count: number): Part {
  const part: Part = { leaves: [], next: END };
  takeLeaves(rootOf(map), 0, 0, position, count, part);
  return part;
}

function takeLeaves(
  node: number,
  depth: number,
  prefix: number,
  position: number,
  count: number,
  part: Part,
): void {
  if (depth === COLLISION_DEPTH) {
    const end = node + childCount(node, depth);
    for (let i = node + 1; i <= end; i++) part.leaves.push(H[i]);
    return;
  }
  const step = 2 ** (28 - 4 * depth);
  const bitmap = H[node] >> 1;
  let at = node;
  for (let n = 0; n < 16 && part.next === END; n++) {
    if ((bitmap & (1 << n)) === 0) continue;
    at++;
    const from = prefix + n * step;
    if (from + step <= position) continue;
    if (part.leaves.length >= count) part.next = from;
    else if ((H[at] & Tag.Mask) !== Tag.Cons)
      takeLeaves((H[at] >>> 3) + 1, depth + 1, from, position, count, part);
    else if (from >= position) part.leaves.push(H[at]);
  }
}
