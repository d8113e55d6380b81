// The order of two large maps with the same number of keys: that of their keys, taken in map key order, then that of the
// values. What two maps share is skipped, so that the work is in proportion to what differs.
import { H } from '../memory/arena.js';
import { compareExact, exactEqual } from './compare.js';
import { bitCount, COLLISION_DEPTH, childCount, rootOf } from './hamt.js';
import { Sentinel, Tag, type Term } from './tags.js';

/** What tells two maps apart. */
interface Differences {
  /** The least key that only one of the maps has, or Sentinel.None. */
  onlyA: Term;
  onlyB: Term;
  /** Leaves with the same key whose values are not identical: of one map and the other in turn. */
  pairs: Term[];
}

/**
 * The order of two large maps of the same size as far as their keys tell it: below 0 or above 0. Else the leaves whose values
 * tell it: of one map and the other in turn, in map key order.
 */
export function compareKeys(a: Term, b: Term): number | Term[] {
  const found: Differences = { onlyA: Sentinel.None, onlyB: Sentinel.None, pairs: [] };
  compareNodes(rootOf(a), rootOf(b), 0, found);
  if (found.onlyA !== Sentinel.None) return compareExact(found.onlyA, found.onlyB);
  const { pairs } = found;
  const order: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) order.push(i);
  order.sort((i, j) => compareExact(H[pairs[i] >>> 3], H[pairs[j] >>> 3]));
  return order.flatMap((i) => [pairs[i], pairs[i + 1]]);
}

const isLeaf = (child: Term): boolean => (child & Tag.Mask) === Tag.Cons;

function compareNodes(a: number, b: number, depth: number, found: Differences): void {
  if (depth === COLLISION_DEPTH) {
    matchLeaves(childrenOf(a, depth), childrenOf(b, depth), found);
    return;
  }
  const bitmapA = H[a] >> 1;
  const bitmapB = H[b] >> 1;
  for (let rest = bitmapA | bitmapB; rest !== 0; rest &= rest - 1) {
    const bit = rest & -rest;
    const x = (bitmapA & bit) === 0 ? 0 : H[a + 1 + bitCount(bitmapA & (bit - 1))];
    const y = (bitmapB & bit) === 0 ? 0 : H[b + 1 + bitCount(bitmapB & (bit - 1))];
    if (x === y) continue;
    if (x === 0 || y === 0 || isLeaf(x) || isLeaf(y))
      matchLeaves(leavesBelow(x, depth + 1), leavesBelow(y, depth + 1), found);
    else compareNodes((x >>> 3) + 1, (y >>> 3) + 1, depth + 1, found);
  }
}

function childrenOf(node: number, depth: number): Term[] {
  return Array.from(H.subarray(node + 1, node + 1 + childCount(node, depth)));
}

/** All leaves of a child; none if it is 0. */
function leavesBelow(child: Term, depth: number): Term[] {
  if (child === 0) return [];
  if (isLeaf(child)) return [child];
  return childrenOf((child >>> 3) + 1, depth).flatMap((c) => leavesBelow(c, depth + 1));
}

/** Compares leaves of which one map has few. */
function matchLeaves(a: Term[], b: Term[], found: Differences): void {
  const rest = new Set(b);
  for (const x of a) {
    const y = b.find((l) => exactEqual(H[x >>> 3], H[l >>> 3]));
    if (y === undefined) found.onlyA = least(found.onlyA, H[x >>> 3]);
    else {
      rest.delete(y);
      if (H[(x >>> 3) + 1] !== H[(y >>> 3) + 1]) found.pairs.push(x, y);
    }
  }
  for (const y of rest) found.onlyB = least(found.onlyB, H[y >>> 3]);
}

function least(known: Term, key: Term): Term {
  return known === Sentinel.None || compareExact(key, known) < 0 ? key : known;
}
