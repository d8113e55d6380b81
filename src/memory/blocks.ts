// The block allocator: two-level segregated fit (TLSF; Masmano et al. 2004) over the heap region of the arena.
// Allocation and release take constant time, neighbours that are free are joined at once.
//
// A block is [size << 1 | used][size of the block before, or 0 at the start][payload...]; sizes are in words,
// payload only. A free block keeps its list links in its first two payload words.
import { H, Region } from './arena.js';

const OVERHEAD = 2;
const SECOND_LEVEL_LOG = 4;
const SECOND_LEVEL = 1 << SECOND_LEVEL_LOG;
const FIRST_LEVEL = 30;
const MIN_PAYLOAD = 6;

const lists = new Int32Array(FIRST_LEVEL * SECOND_LEVEL);
const secondLevelMaps = new Int32Array(FIRST_LEVEL);
let firstLevelMap = 0;
let wordsInUse = 0;
let peak = 0;

function listOf(size: number): number {
  const first = 31 - Math.clz32(size);
  if (first < SECOND_LEVEL_LOG) return size;
  return (first << SECOND_LEVEL_LOG) | ((size >>> (first - SECOND_LEVEL_LOG)) - SECOND_LEVEL);
}

function insertFree(block: number, size: number): void {
  const list = listOf(size);
  const next = lists[list]!;
  H[block] = size << 1;
  H[block + 2] = next;
  H[block + 3] = 0;
  if (next !== 0) H[next + 3] = block;
  lists[list] = block;
  const first = list >>> SECOND_LEVEL_LOG;
  secondLevelMaps[first]! |= 1 << (list & (SECOND_LEVEL - 1));
  firstLevelMap |= 1 << first;
}

function removeFree(block: number, size: number): void {
  const list = listOf(size);
  const next = H[block + 2]!;
  const previous = H[block + 3]!;
  if (next !== 0) H[next + 3] = previous;
  if (previous !== 0) H[previous + 2] = next;
  else {
    lists[list] = next;
    if (next === 0) {
      const first = list >>> SECOND_LEVEL_LOG;
      secondLevelMaps[first]! &= ~(1 << (list & (SECOND_LEVEL - 1)));
      if (secondLevelMaps[first] === 0) firstLevelMap &= ~(1 << first);
    }
  }
}

/** A free block with at least `size` payload words, or 0. */
function findFree(size: number): number {
  // Round up to the next list so that any block in it is large enough.
  const first = 31 - Math.clz32(size);
  const rounded = first < SECOND_LEVEL_LOG ? size : size + (1 << (first - SECOND_LEVEL_LOG)) - 1;
  const list = listOf(rounded);
  let level = list >>> SECOND_LEVEL_LOG;
  let map = secondLevelMaps[level]! & (-1 << (list & (SECOND_LEVEL - 1)));
  if (map === 0) {
    const upper = level >= 31 ? 0 : firstLevelMap & (-1 << (level + 1));
    if (upper === 0) return 0;
    level = 31 - Math.clz32(upper & -upper);
    map = secondLevelMaps[level]!;
  }
  const bit = 31 - Math.clz32(map & -map);
  return lists[(level << SECOND_LEVEL_LOG) | bit]!;
}

function start(): void {
  const end = Region.HeapEnd - OVERHEAD;
  const size = end - Region.HeapStart - OVERHEAD;
  H[Region.HeapStart + 1] = 0;
  insertFree(Region.HeapStart, size);
  // A used block of no size ends the region, so that joining stops there.
  H[end] = 1;
  H[end + 1] = size;
}
start();

/**
 * A block of at least `words` words: the word index of its payload, or 0 if the arena has no room.
 * The payload is not cleared.
 */
export function allocateBlock(words: number): number {
  const want = words < MIN_PAYLOAD ? MIN_PAYLOAD : (words + 1) & ~1;
  const block = findFree(want);
  if (block === 0) return 0;
  let size = H[block]! >>> 1;
  removeFree(block, size);
  const rest = size - want - OVERHEAD;
  if (rest >= MIN_PAYLOAD) {
    const other = block + OVERHEAD + want;
    H[other + 1] = want;
    insertFree(other, rest);
    H[other + OVERHEAD + rest + 1] = rest;
    size = want;
  }
  H[block] = (size << 1) | 1;
  wordsInUse += size + OVERHEAD;
  if (wordsInUse > peak) peak = wordsInUse;
  return block + OVERHEAD;
}

/** Payload words of a block. */
export function blockSize(payload: number): number {
  return H[payload - OVERHEAD]! >>> 1;
}

/** Gives a block back. */
export function freeBlock(payload: number): void {
  let block = payload - OVERHEAD;
  let size = H[block]! >>> 1;
  wordsInUse -= size + OVERHEAD;
  const next = block + OVERHEAD + size;
  if ((H[next]! & 1) === 0) {
    const nextSize = H[next]! >>> 1;
    removeFree(next, nextSize);
    size += nextSize + OVERHEAD;
  }
  const previousSize = H[block + 1]!;
  if (previousSize !== 0) {
    const previous = block - OVERHEAD - previousSize;
    if ((H[previous]! & 1) === 0) {
      removeFree(previous, previousSize);
      block = previous;
      size += previousSize + OVERHEAD;
    }
  }
  insertFree(block, size);
  H[block + OVERHEAD + size + 1] = size;
}

/** Cuts a block down to `words`; what it loses is free again. */
export function shrinkBlock(payload: number, words: number): void {
  const want = words < MIN_PAYLOAD ? MIN_PAYLOAD : (words + 1) & ~1;
  const block = payload - OVERHEAD;
  const size = H[block]! >>> 1;
  const rest = size - want - OVERHEAD;
  if (rest < MIN_PAYLOAD) return;
  H[block] = (want << 1) | 1;
  const other = block + OVERHEAD + want;
  H[other] = (rest << 1) | 1;
  H[other + 1] = want;
  H[other + OVERHEAD + rest + 1] = rest;
  freeBlock(other + OVERHEAD);
}

/** Lets `blockUse` count the most from now on. */
export function resetPeak(): void {
  peak = wordsInUse;
}

/** Words that are not in use, in blocks of whatever size. */
export function freeWords(): number {
  return Region.HeapEnd - Region.HeapStart - wordsInUse;
}

/** Words in blocks that are in use, with their overhead; and the most there ever was. */
export function blockUse(): { words: number; peak: number } {
  return { words: wordsInUse, peak };
}
