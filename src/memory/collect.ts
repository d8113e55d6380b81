// The garbage collector: copying (Cheney), two generations, one process at a time.
//
// A process has a young block (heap up, stack down) and an old block. A minor collection copies what lives in
// the young heap: objects below the high-water mark, which have survived once, into the old block, the rest into a new
// young block. A major collection copies everything into a new old block. Heap fragments count as young.
// It runs only where no compiled unit is alive, so the roots are the stack, X registers and the process's own
// tables; no JavaScript variable holds a term that moves.
//
// Sources: the seed documents on memory instructions; "Erlang Garbage Collector" in the ERTS internal documents.

import type { Term } from '../terms/tags.js';
import { ArenaFull } from './allocate.js';
import { H, Reg, Region } from './arena.js';
import { allocateBlock, blockSize, freeBlock, freeWords, shrinkBlock } from './blocks.js';
import { type BinaryOwner, releaseBinaries, sweepAll, sweepYoung } from './off-heap.js';

/** What the collector needs to know of a process. */
export interface HeapOwner extends BinaryOwner {
  /** Young block: first word, end (exclusive); the stack ends there. */
  base: number;
  end: number;
  /** High-water mark: objects below it survived a collection. */
  mark: number;
  /** Size in words for the next young block. */
  want: number;
  /** Old block (0: none), first free word, end. */
  oldBase: number;
  oldTop: number;
  oldEnd: number;
  /** Heap fragments: payload index and used words, in pairs. */
  fragments: number[];
  /** Words of the old block that were written later and may point to younger objects; null: none. */
  remembered: number[] | null;
  /** Words of those that are messages; they count when it is decided whether to collect before a slice. */
  fragmentWords: number;
  /** Most words the process may have, 0: no limit. */
  maxHeap: number;
  /** Fewest words of the young block. */
  minHeap: number;
  /** Minor collections since the last major one, and how many there may be. */
  minorCollections: number;
  fullsweepAfter: number;
  /** Calls `move` for every root that is neither stack nor register and stores what it returns. */
  moveRoots(move: (t: Term) => Term): void;
}

/** A pointer that does not point to an object: only code that breaks the compiler's rules makes one. */
export class CorruptHeap extends Error {}

/** The process has outgrown its max_heap_size, and that ends it. */
export class HeapLimit extends Error {}

/**
 * What happens when a process outgrows its max_heap_size, before it is collected: throws HeapLimit if it has to end.
 * @param words heap, stack and what the collection needs, as OTP counts it
 */
export const heapLimit: { reached: (p: HeapOwner, words: number) => void } = {
  reached: () => {
    throw new HeapLimit('max heap size reached');
  },
};

/** Words of the arena that are kept for what processes need: two thirds of it. */
let needed = Math.floor(((Region.HeapEnd - Region.HeapStart) / 3) * 2);

/** There are only that many words for heaps. */
export function expectWords(words: number): void {
  needed = Math.floor((words / 3) * 2);
}

/** Words of a new process's young block. */
export const INITIAL_HEAP = 238;
/** Words of young block that a busy process gets even if little of it lives: 256 KB. */
const NURSERY = 1 << 16;
/** A copied cons cell has this in its head (never a term) and the new pointer in its tail. */
const FORWARDED = 7;

/** Counters for --stats. */
export const collections = { minor: 0, major: 0, wordsCopied: 0, wordsReclaimed: 0 };

// State of the collection that runs.
let youngTop = 0;
let youngLimit = 0;
let oldTop = 0;
let oldLimit = 0;
/** [promoteFrom, promoteEnd): young objects that go to the old block. */
let promoteFrom = 0;
let promoteEnd = 0;
/** [keepFrom, keepEnd): the old block of a minor collection, which stays where it is. */
let keepFrom = 0;
let keepEnd = 0;

/** Updates every term in the words [from, to). With to < 0: the new young block as far as it grows. */
function scan(from: number, to: number): number {
  const pFrom = promoteFrom;
  const pEnd = promoteEnd;
  const kFrom = keepFrom;
  const kEnd = keepEnd;
  const follow = to < 0;
  let end = follow ? youngTop : to;
  let young = youngTop;
  let old = oldTop;
  const yLimit = youngLimit;
  const oLimit = oldLimit;
  let i = from;
  for (;;) {
    if (i >= end) {
      if (!follow || i >= young) break;
      end = young;
    }
    const t = H[i];
    const tag = t & 7;
    if (tag === 1) {
      const p = t >>> 3;
      if (p >= Region.HeapStart && (p < kFrom || p >= kEnd)) {
        const head = H[p];
        if (head === FORWARDED) H[i] = H[p + 1];
        else {
          let at: number;
          if (p < pEnd && p >= pFrom) {
            at = old;
            old += 2;
            if (old > oLimit) throw new CorruptHeap('old heap overrun');
          } else {
            at = young;
            young += 2;
            if (young > yLimit) throw new CorruptHeap('young heap overrun');
          }
          H[at] = head;
          H[at + 1] = H[p + 1];
          const moved = (at << 3) | 1;
          H[p] = FORWARDED;
          H[p + 1] = moved;
          H[i] = moved;
        }
      }
    } else if (tag === 3) {
      const p = t >>> 3;
      if (p >= Region.HeapStart && (p < kFrom || p >= kEnd)) {
        const head = H[p];
        if ((head & 7) === 7) {
          const size = head >>> 8;
          let at: number;
          if (p < pEnd && p >= pFrom) {
            at = old;
            old += size + 1;
            if (old > oLimit) throw new CorruptHeap('old heap overrun');
          } else {
            at = young;
            young += size + 1;
            if (young > yLimit) throw new CorruptHeap('young heap overrun');
          }
          H[at] = head;
          if (size < 16) for (let k = 1; k <= size; k++) H[at + k] = H[p + k];
          else H.copyWithin(at + 1, p + 1, p + 1 + size);
          const moved = (at << 3) | 3;
          H[p] = moved;
          H[i] = moved;
        } else if ((head & 7) === 3) H[i] = head;
        else throw new CorruptHeap('pointer to no object');
      }
    } else if (tag === 7 && (t & 0x80) !== 0) i += t >>> 8;
    i++;
  }
  youngTop = young;
  oldTop = old;
  return i;
}

/** The old block's part of the same loop: scans what was promoted, as far as it grows. */
function scanOld(from: number): number {
  let at = from;
  while (at < oldTop) at = scan(at, oldTop);
  return at;
}

function move(t: Term): Term {
  const tag = t & 7;
  if (tag !== 1 && tag !== 3) return t;
  H[Reg.Root] = t;
  scan(Reg.Root, Reg.Root + 1);
  return H[Reg.Root];
}

function scanRoots(
  p: HeapOwner,
  live: number,
  stackFrom: number,
  stackTo: number,
  extraFrom: number,
  extraTo: number,
): void {
  scan(0, live);
  scan(stackFrom, stackTo);
  scan(extraFrom, extraTo);
  p.moveRoots(move);
}

/**
 * A word of an object was filled after the object was built, so that the object may point to a younger one. One in the old
 * block is noted: the one case in which a minor collection has to look there. One that would be next to go there stays
 * young, with all others.
 */
export function filledLater(p: HeapOwner, word: number): void {
  if (word >= p.oldBase && word < p.oldEnd) {
    if (p.remembered === null) p.remembered = [word];
    else p.remembered.push(word);
  } else if (word < p.mark && word >= p.base) p.mark = p.base;
}

/** Of the words noted, those that still point outside of the old block. */
function stillYoung(p: HeapOwner): number[] | null {
  const left = p.remembered!.filter((word) => {
    const t = H[word];
    const at = t >>> 3;
    return ((t & 7) === 1 || (t & 7) === 3) && at >= Region.HeapStart && (at < p.oldBase || at >= p.oldEnd);
  });
  return left.length === 0 ? null : left;
}

/** Copies words upwards or to another block; a loop beats copyWithin for a few. */
function moveWords(to: number, from: number, words: number): void {
  if (words < 256) for (let i = 0; i < words; i++) H[to + i] = H[from + i];
  else H.copyWithin(to, from, from + words);
}

function blockOrFail(words: number): number {
  const block = allocateBlock(words);
  if (block === 0) throw new ArenaFull(`cannot allocate ${words * 4} bytes of memory (of type "heap")`);
  return block;
}

/**
 * Collects the running process (registers Htop and E say where its heap ends) so that afterwards `need` words
 * are free. Roots: X registers below `live`, the stack, `p.moveRoots`, and the words [extraFrom, extraTo),
 * which are the captured frames that did not fit on the stack.
 * Throws ArenaFull, HeapLimit or CorruptHeap; the process must end then.
 */
export function collect(
  p: HeapOwner,
  need: number,
  live: number,
  extraFrom = 0,
  extraTo = 0,
  forceMajor = false,
): void {
  const htop = H[Reg.Htop];
  const e = H[Reg.E];
  const stack = p.end - e;
  const youngUsed = htop - p.base;
  let fragmentWords = 0;
  for (let i = 1; i < p.fragments.length; i += 2) fragmentWords += p.fragments[i];
  if (p.maxHeap > 0) {
    const words =
      p.end - p.base + fragmentWords + p.oldEnd - p.oldBase + Math.max(p.want, youngUsed + stack + need);
    if (words > p.maxHeap) heapLimit.reached(p, words);
  }
  const promotable = p.mark - p.base;
  const isMajor =
    forceMajor ||
    p.minorCollections >= p.fullsweepAfter ||
    (promotable > 0 && p.oldEnd - p.oldTop < promotable) ||
    p.oldBinaryWords > p.oldBinaryLimit;
  if (isMajor) major(p, need, live, stack, youngUsed + fragmentWords, extraFrom, extraTo);
  else minor(p, need, live, stack, youngUsed + fragmentWords, extraFrom, extraTo);
  const fragments = p.fragments;
  for (let i = 0; i < fragments.length; i += 2) freeBlock(fragments[i]);
  fragments.length = 0;
  p.fragmentWords = 0;
}

function minor(
  p: HeapOwner,
  need: number,
  live: number,
  stack: number,
  used: number,
  extraFrom: number,
  extraTo: number,
): void {
  collections.minor++;
  p.minorCollections++;
  const block = blockOrFail(Math.max(p.want, used + stack + need + 16));
  let end = block + blockSize(block);
  let e = end - stack;
  moveWords(e, p.end - stack, stack);
  youngTop = block;
  youngLimit = e;
  oldTop = p.oldTop;
  oldLimit = p.oldEnd;
  promoteFrom = p.base;
  promoteEnd = p.mark;
  keepFrom = p.oldBase;
  keepEnd = p.oldEnd;
  const promotedFrom = p.oldTop;
  scanRoots(p, live, e, end, extraFrom, extraTo);
  if (p.remembered !== null) for (const word of p.remembered) scan(word, word + 1);
  let y = block;
  let o = promotedFrom;
  while (y < youngTop || o < oldTop) {
    if (y < youngTop) y = scan(y, -1);
    if (o < oldTop) o = scanOld(o);
  }
  const copied = youngTop - block + (oldTop - promotedFrom);
  collections.wordsCopied += copied;
  collections.wordsReclaimed += used - copied;
  sweepYoung(p, keepFrom, keepEnd);
  freeBlock(p.base);
  const lived = youngTop - block + stack;
  if (end - block > p.want + (p.want >> 2) && (lived + need) * 2 < p.want) {
    // The block had to be larger than the heap is meant to be only in case that everything lived.
    const shrunk = block + ((p.want + 1) & ~1);
    H.copyWithin(shrunk - stack, e, end);
    shrinkBlock(block, p.want);
    end = shrunk;
    e = end - stack;
  }
  p.base = block;
  p.end = end;
  p.oldTop = oldTop;
  if (p.remembered !== null) p.remembered = stillYoung(p);
  p.mark = youngTop;
  H[Reg.Htop] = youngTop;
  H[Reg.E] = e;
  setWant(p, lived, end - block, need);
}

function major(
  p: HeapOwner,
  need: number,
  live: number,
  stack: number,
  used: number,
  extraFrom: number,
  extraTo: number,
): void {
  collections.major++;
  p.minorCollections = 0;
  const most = p.oldTop - p.oldBase + used + 16;
  const size = p.end - p.base;
  // Room for as much again before the next major collection, so that its cost stays proportional.
  const to = allocateBlock(most * 2 + size) || blockOrFail(most);
  youngTop = to;
  youngLimit = to + blockSize(to);
  oldTop = 0;
  promoteEnd = 0;
  keepEnd = 0;
  const e = H[Reg.E];
  scanRoots(p, live, e, p.end, extraFrom, extraTo);
  let y = to;
  while (y < youngTop) y = scan(y, -1);
  p.remembered = null;
  const lived = youngTop - to;
  collections.wordsCopied += lived;
  collections.wordsReclaimed += most - 16 - lived;
  sweepAll(p, to, youngLimit);
  if (p.oldBase !== 0) freeBlock(p.oldBase);
  shrinkBlock(to, Math.max(lived * 2 + size, 256));
  p.oldBase = to;
  p.oldTop = youngTop;
  p.oldEnd = to + blockSize(to);
  // The young heap is empty now; the stack stays where it is if there is room.
  H[Reg.Htop] = p.base;
  p.mark = p.base;
  if (e - p.base < need + 16 || size < p.want) growEmptyYoung(p, Math.max(p.want, stack + need + 16), stack);
  setWant(p, stack, p.end - p.base, need);
}

function growEmptyYoung(p: HeapOwner, words: number, stack: number): void {
  const block = blockOrFail(words);
  const end = block + blockSize(block);
  H.copyWithin(end - stack, p.end - stack, p.end);
  freeBlock(p.base);
  p.base = block;
  p.mark = block;
  p.end = end;
  H[Reg.Htop] = block;
  H[Reg.E] = end - stack;
}

/**
 * Words of young block that a process may get for convenience. It is less as memory is used up, so that many processes do not
 * take for their nurseries what others need; and with a limit there is none.
 */
function nursery(p: HeapOwner): number {
  if (p.maxHeap > 0) return 0;
  return Math.min(NURSERY, (freeWords() - needed) >> 10);
}

/** Chooses the size of the next young block from what lived through this collection. */
function setWant(p: HeapOwner, lived: number, size: number, need: number): void {
  if ((lived + need) * 2 > size) p.want = Math.max(size * 2, (lived + need) * 2);
  else {
    // A process that collects at all gets room to collect less often, up to what fits the processor's cache.
    const most = nursery(p);
    if (size < most) p.want = Math.min(size * 2, most);
    else if (size > most && lived * 8 < size) p.want = Math.max(most, size >>> 1);
  }
  if (p.want < p.minHeap) p.want = p.minHeap;
}

/**
 * Collects the running process so that it takes no more room than its data: for a process that will wait for long
 * (erlang:hibernate/3). The next message or call lets it grow again.
 */
export function compact(p: HeapOwner, live: number): void {
  collect(p, 0, live, 0, 0, true);
  // Everything lives in the old block now; the young one holds only the stack.
  const lived = p.oldTop - p.oldBase;
  if (lived === 0 && p.oldBase !== 0) {
    freeBlock(p.oldBase);
    p.oldBase = p.oldTop = p.oldEnd = 0;
  } else if (p.oldBase !== 0) {
    shrinkBlock(p.oldBase, lived);
    p.oldEnd = p.oldBase + blockSize(p.oldBase);
  }
  const stack = p.end - H[Reg.E];
  const least = stack + 16;
  if (p.end - p.base > least * 2) growEmptyYoung(p, least, stack);
  p.want = p.minHeap;
}

/** Gives a process its first young block. */
export function createHeap(p: HeapOwner, words: number): void {
  const block = blockOrFail(words);
  p.base = block;
  p.mark = block;
  p.end = block + blockSize(block);
  p.want = p.end - block;
}

/** Frees all memory of a process that has ended. */
export function freeHeap(p: HeapOwner): void {
  releaseBinaries(p);
  if (p.base !== 0) freeBlock(p.base);
  if (p.oldBase !== 0) freeBlock(p.oldBase);
  for (let i = 0; i < p.fragments.length; i += 2) freeBlock(p.fragments[i]);
  p.fragments.length = 0;
  p.base = 0;
  p.oldBase = 0;
}
