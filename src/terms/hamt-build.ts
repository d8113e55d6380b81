// Large maps (hamt.ts) made at once: from keys and values, or from two maps. Nodes are put together outside of the
// arena, since their number is only known at the end; then all of them get one piece of memory.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { exactEqual } from './compare.js';
import {
  bitCount,
  COLLISION_DEPTH,
  childCount,
  FLAT_LIMIT,
  flatMapOfLeaves,
  hashMapSize,
  nibble,
  rootOf,
} from './hamt.js';
import { keyHash } from './key-hash.js';
import { boxedAt, header, Kind, Tag, type Term } from './tags.js';

type Allocate = (words: number) => number;

// Nodes under construction, as they will be in the arena, but for children that are under construction too: these are
// their word index << 3 | NEW, which no child in the arena is.
let nodes = new Int32Array(4096);
let nodesEnd = 0;
const NEW = Tag.Header;

/** The children of the node at hand, one array per depth. */
const childrenAt = Array.from({ length: COLLISION_DEPTH }, () => new Int32Array(16));

/** Adds an inner node: its place, to be a child of another. */
function addNode(bitmap: number, children: ArrayLike<number>, count: number): number {
  const at = nodesEnd;
  nodesEnd += 2 + count;
  if (nodesEnd > nodes.length) {
    const larger = new Int32Array(Math.max(nodesEnd, nodes.length * 2));
    larger.set(nodes);
    nodes = larger;
  }
  nodes[at] = header(Kind.HashNode, 1 + count);
  nodes[at + 1] = bitmap << 1;
  for (let i = 0; i < count; i++) nodes[at + 2 + i] = children[i];
  return (at << 3) | NEW;
}

/** Moves all nodes to the arena, the one added last as the root of a map of `size` keys. */
function finish(size: number, into: Allocate): Term {
  const base = into(nodesEnd + 1);
  let root = 0;
  for (let at = 0; at < nodesEnd; ) {
    const count = (nodes[at] >>> Kind.SizeShift) - 1;
    root = at;
    H[base + at] = nodes[at];
    H[base + at + 1] = nodes[at + 1];
    for (let i = at + 2; i < at + 2 + count; i++) {
      const child = nodes[i];
      H[base + i] = (child & Tag.Mask) === NEW ? boxedAt(base + (child >>> 3)) : child;
    }
    at += 2 + count;
  }
  // The root has one word more than other nodes: what is behind its header moves up.
  const words = nodesEnd - root;
  H.copyWithin(base + root + 2, base + root + 1, base + root + words);
  H[base + root] = header(Kind.HashMap, words);
  H[base + root + 1] = size << 1;
  if (nodes.length > 1 << 20) nodes = new Int32Array(4096);
  return boxedAt(base + root);
}

/**
 * A map, large or flat, of leaves with any keys; of equal keys the last one counts.
 * @param leaves cons cells [Key | Value], `count` of them; the array is used up
 * @returns the map, or undefined if a key comes twice and `unique` forbids it
 */
export function mapOfLeaves(
  leaves: Int32Array,
  count: number,
  into: Allocate = allocate,
  unique = false,
): Term | undefined {
  const hashes = new Int32Array(count);
  for (let i = 0; i < count; i++) hashes[i] = keyHash(H[leaves[i] >>> 3]);
  sortByHash(leaves, hashes, count);
  const distinct = dropDuplicates(leaves, hashes, count);
  if (unique && distinct < count) return undefined;
  if (distinct <= FLAT_LIMIT) return flatMapOfLeaves(leaves.subarray(0, distinct), into);
  nodesEnd = 0;
  addRange(leaves, hashes, 0, distinct, 0);
  return finish(distinct, into);
}

/** Sorts leaves by their hashes as unsigned numbers; those with equal ones stay in order. */
function sortByHash(leaves: Int32Array, hashes: Int32Array, count: number): void {
  let fromLeaves: Int32Array = leaves;
  let fromHashes: Int32Array = hashes;
  let toLeaves: Int32Array = new Int32Array(count);
  let toHashes: Int32Array = new Int32Array(count);
  const starts = new Int32Array(256);
  // Four passes, so that the result is where the leaves were.
  for (let shift = 0; shift < 32; shift += 8) {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[(fromHashes[i] >>> shift) & 255]++;
    for (let i = 0, start = 0; i < 256; i++) {
      const n = starts[i];
      starts[i] = start;
      start += n;
    }
    for (let i = 0; i < count; i++) {
      const to = starts[(fromHashes[i] >>> shift) & 255]++;
      toLeaves[to] = fromLeaves[i];
      toHashes[to] = fromHashes[i];
    }
    [fromLeaves, toLeaves] = [toLeaves, fromLeaves];
    [fromHashes, toHashes] = [toHashes, fromHashes];
  }
}

/** Drops all but the last leaf of each key; gives how many are left. */
function dropDuplicates(leaves: Int32Array, hashes: Int32Array, count: number): number {
  let n = 0;
  for (let i = 0; i < count; i++) {
    let at = n;
    for (let k = n - 1; k >= 0 && hashes[k] === hashes[i]; k--) {
      if (exactEqual(H[leaves[k] >>> 3], H[leaves[i] >>> 3])) at = k;
    }
    leaves[at] = leaves[i];
    hashes[at] = hashes[i];
    if (at === n) n++;
  }
  return n;
}

/** The child for the leaves [from, to), whose hashes are the same above `depth`. At depth 0: always a node. */
function addRange(leaves: Int32Array, hashes: Int32Array, from: number, to: number, depth: number): number {
  if (depth > 0 && to - from === 1) return leaves[from];
  if (depth === COLLISION_DEPTH) return addNode(0, leaves.subarray(from, to), to - from);
  const children = childrenAt[depth];
  let bitmap = 0;
  let count = 0;
  for (let i = from; i < to; ) {
    const n = nibble(hashes[i], depth);
    const start = i;
    while (i < to && nibble(hashes[i], depth) === n) i++;
    children[count++] = addRange(leaves, hashes, start, i, depth + 1);
    bitmap |= 1 << n;
  }
  return addNode(bitmap, children, count);
}

// ---- merging

/** Keys found so far that both maps of a merge have. */
let common = 0;

const isLeaf = (child: number): boolean => (child & Tag.Mask) === Tag.Cons;
const nodeOf = (child: Term): number => (child >>> 3) + 1;

/** maps:merge/2 of two large maps: where both have a key, the value of `b` counts. */
export function mergeHashMaps(a: Term, b: Term): Term {
  if (a === b) return a;
  common = 0;
  nodesEnd = 0;
  const merged = mergeNodes(rootOf(a), rootOf(b), 0);
  const size = hashMapSize(a) + hashMapSize(b) - common;
  if (merged === FIRST) return a;
  if (merged === SECOND) return b;
  return finish(size, allocate);
}

// What mergeNodes gives if the result is one of its arguments: no child has these words.
const FIRST = 0;
const SECOND = 2;

/** Merges two nodes of the same depth. */
function mergeNodes(a: number, b: number, depth: number): number {
  if (depth === COLLISION_DEPTH) return mergeCollisions(a, b);
  const bitmapA = H[a] >> 1;
  const bitmapB = H[b] >> 1;
  const children = childrenAt[depth];
  const all = bitmapA | bitmapB;
  let sameAsA = all === bitmapA;
  let sameAsB = all === bitmapB;
  let count = 0;
  for (let rest = all; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    const x = (bitmapA & bit) === 0 ? 0 : H[a + 1 + bitCount(bitmapA & (bit - 1))];
    const y = (bitmapB & bit) === 0 ? 0 : H[b + 1 + bitCount(bitmapB & (bit - 1))];
    const child = y === 0 ? x : x === 0 ? y : mergeChildren(x, y, depth + 1);
    sameAsA &&= child === x;
    sameAsB &&= child === y;
    children[count++] = child;
  }
  if (sameAsB) return SECOND;
  if (sameAsA) return FIRST;
  return addNode(all, children, count);
}

/** Merges two children, leaves or nodes, that are at the same place above `depth`. */
function mergeChildren(x: Term, y: Term, depth: number): number {
  if (x === y) {
    common += countLeaves(x, depth);
    return x;
  }
  if (isLeaf(x)) return isLeaf(y) ? mergeLeaves(x, y, depth) : mergeLeaf(y, x, depth, false);
  if (isLeaf(y)) return mergeLeaf(x, y, depth, true);
  const merged = mergeNodes(nodeOf(x), nodeOf(y), depth);
  return merged === FIRST ? x : merged === SECOND ? y : merged;
}

function countLeaves(child: Term, depth: number): number {
  if (isLeaf(child)) return 1;
  const node = nodeOf(child);
  let n = 0;
  for (let i = childCount(node, depth); i > 0; i--) n += countLeaves(H[node + i], depth + 1);
  return n;
}

function mergeLeaves(x: Term, y: Term, depth: number): number {
  if (exactEqual(H[x >>> 3], H[y >>> 3])) {
    common++;
    return y;
  }
  return addPair(x, keyHash(H[x >>> 3]), y, keyHash(H[y >>> 3]), depth);
}

/** A new node for two leaves whose hashes are the same above `depth`. */
function addPair(x: Term, hashX: number, y: Term, hashY: number, depth: number): number {
  if (depth === COLLISION_DEPTH) return addNode(0, [x, y], 2);
  const a = nibble(hashX, depth);
  const b = nibble(hashY, depth);
  if (a === b) return addNode(1 << a, [addPair(x, hashX, y, hashY, depth + 1)], 1);
  return addNode((1 << a) | (1 << b), a < b ? [x, y] : [y, x], 2);
}

/** A node with a leaf put into it; a leaf with the same key is only replaced if the new one `wins`. */
function mergeLeaf(child: Term, leaf: Term, depth: number, wins: boolean): number {
  const node = nodeOf(child);
  const count = childCount(node, depth);
  const children = depth === COLLISION_DEPTH ? new Int32Array(count + 1) : childrenAt[depth];
  for (let i = 0; i < count; i++) children[i] = H[node + 1 + i];
  if (depth === COLLISION_DEPTH) {
    const slot = children.findIndex((l, i) => i < count && exactEqual(H[l >>> 3], H[leaf >>> 3]));
    children[slot < 0 ? count : slot] = leaf;
    if (slot < 0) return addNode(0, children, count + 1);
    common++;
    return wins ? addNode(0, children, count) : child;
  }
  const bitmap = H[node] >> 1;
  const bit = 1 << nibble(keyHash(H[leaf >>> 3]), depth);
  const slot = bitCount(bitmap & (bit - 1));
  if ((bitmap & bit) === 0) {
    children.copyWithin(slot + 1, slot, count);
    children[slot] = leaf;
    return addNode(bitmap | bit, children, count + 1);
  }
  const old = children[slot];
  const merged = isLeaf(old)
    ? wins
      ? mergeLeaves(old, leaf, depth + 1)
      : mergeLeaves(leaf, old, depth + 1)
    : mergeLeaf(old, leaf, depth + 1, wins);
  if (merged === old) return child;
  children[slot] = merged;
  return addNode(bitmap, children, count);
}

function mergeCollisions(a: number, b: number): number {
  const leaves = Array.from(H.subarray(b + 1, b + 1 + childCount(b, COLLISION_DEPTH)));
  const count = leaves.length;
  for (let i = childCount(a, COLLISION_DEPTH); i > 0; i--) {
    const key = H[H[a + i] >>> 3];
    if (leaves.some((l) => exactEqual(H[l >>> 3], key))) common++;
    else leaves.push(H[a + i]);
  }
  return leaves.length === count ? SECOND : addNode(0, leaves, leaves.length);
}
