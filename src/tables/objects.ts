// The objects of tables: each a block of the arena outside of all process heaps, with a tuple and everything it needs in
// a row, literals too. Pointers in it lead into the same block, so a copy to a heap is one pass that adds a distance.
import { ArenaFull, allocate } from '../memory/allocate.js';
import { H, Region } from '../memory/arena.js';
import { allocateBlock, blockSize, freeBlock } from '../memory/blocks.js';
import { copyTo, termSize } from '../memory/copy.js';
import { newBinaryOwner, REFERENCE_WORDS, releaseChain, shareReference } from '../memory/off-heap.js';
import { current } from '../processes/current.js';
import { consAt, Kind, NIL, type Term } from '../terms/tags.js';

/** Words of an object block, counted from its payload. */
export const enum Obj {
  /** Hash tables: the next object in the bucket; ordered tables: the left subtree. 0: none. */
  Next = 0,
  Left = 0,
  /** Hash tables: the hash of the key; ordered tables: the right subtree. */
  Hash = 1,
  Right = 1,
  /**
   * Words of the tuple and what is behind it, above six bits for the mark. Hash tables: 1 if the object has been deleted while the
   * table is fixed; ordered tables: height of the subtree.
   */
  Words = 2,
  /** The first reference to a binary off the heap (memory/off-heap.ts), 0: there is none. */
  Binaries = 3,
  Tuple = 4,
}

const enum Size {
  Shift = 6,
  Mask = 63,
  /** Most words of an object. */
  Max = 0x3ffffff,
}

/** Words of the object's tuple and what is behind it. */
export function wordsOf(object: number): number {
  return H[object + Obj.Words] >>> Size.Shift;
}

/** The small number that goes with the object: see Obj.Words. */
export function markOf(object: number): number {
  return H[object + Obj.Words] & Size.Mask;
}

export function setMark(object: number, mark: number): void {
  H[object + Obj.Words] = (H[object + Obj.Words] & ~Size.Mask) | mark;
}

/** Gets the references of the object that is being filled. */
const filled = newBinaryOwner();

/** The tuple of an object. It lies in the table: nothing that a process keeps may point to it. */
export function tupleOf(object: number): Term {
  return ((object + Obj.Tuple) << 3) | 3;
}

/** Words that a tuple takes when it is stored. */
export function storedSize(tuple: Term): number {
  const at = tuple >>> 3;
  const size = H[at] >>> Kind.SizeShift;
  for (let i = 1; i <= size; i++) {
    const tag = H[at + i] & 7;
    if (tag === 1 || tag === 3) return termSize(tuple, Region.LiteralStart);
  }
  return size + 1;
}

/** Writes a tuple of `words` words (storedSize) into an object block, whose mark becomes 0. */
function fill(object: number, tuple: Term, words: number): void {
  H[object + Obj.Words] = words << Size.Shift;
  const from = tuple >>> 3;
  const size = H[from] >>> Kind.SizeShift;
  const at = object + Obj.Tuple;
  if (words === size + 1) {
    for (let i = 0; i < words; i++) H[at + i] = H[from + i];
    H[object + Obj.Binaries] = 0;
  } else {
    filled.youngBinaries = 0;
    copyTo(tuple, at, filled, Region.LiteralStart);
    H[object + Obj.Binaries] = filled.youngBinaries;
  }
}

/** A new object with a copy of the tuple and mark 0; its first two words are not set. */
export function store(tuple: Term, words = storedSize(tuple)): number {
  const object = words > Size.Max ? 0 : allocateBlock(Obj.Tuple + words);
  if (object === 0) throw new ArenaFull(`cannot allocate ${words * 4} bytes of memory (of type "ets")`);
  fill(object, tuple, words);
  return object;
}

/** Gives an object another tuple, in its own block, where it fits. The tuple must not refer to the old one. */
export function refill(object: number, tuple: Term, words: number): void {
  const mark = markOf(object);
  if (H[object + Obj.Binaries] !== 0) releaseChain(H[object + Obj.Binaries]);
  fill(object, tuple, words);
  setMark(object, mark);
}

/** Whether a tuple of `words` words can take the place of the object's own without wasting much. */
export function fits(object: number, words: number): boolean {
  const room = blockSize(object) - Obj.Tuple;
  return words <= room && words * 2 + 8 >= room;
}

/** Gives an object's memory back. */
export function free(object: number): void {
  if (H[object + Obj.Binaries] !== 0) releaseChain(H[object + Obj.Binaries]);
  freeBlock(object);
}

/** Copies an object's words to `at` on a heap of the running process; pointers among them go along. */
function relocate(object: number, at: number, words: number): void {
  const from = object + Obj.Tuple;
  const distance = (at - from) << 3;
  for (let i = 0; i < words; i++) {
    const t = H[from + i];
    const tag = t & 7;
    if (tag === 1 || tag === 3) H[at + i] = (t + distance) | 0;
    else {
      H[at + i] = t;
      if (tag === 7 && (t & Kind.Raw) !== 0) {
        for (let n = t >>> Kind.SizeShift; n > 0; n--) {
          i++;
          H[at + i] = H[from + i];
        }
      }
    }
  }
  for (let r = H[object + Obj.Binaries]; r !== 0; r = H[r + REFERENCE_WORDS - 1])
    shareReference(at + (r - from), current);
}

/** A copy of the object's tuple for the running process. */
export function copyObject(object: number): Term {
  const words = wordsOf(object);
  const at = allocate(words);
  relocate(object, at, words);
  return (at << 3) | 3;
}

/** `[Copy | tail]` with a copy of the object's tuple. */
export function consObject(object: number, tail: Term): Term {
  const words = wordsOf(object);
  const at = allocate(words + 2);
  relocate(object, at + 2, words);
  H[at] = ((at + 2) << 3) | 3;
  H[at + 1] = tail;
  return consAt(at);
}

/** `[Copy]` */
export function listOfObject(object: number): Term {
  return consObject(object, NIL);
}

/** A copy for the running process of a term that is a part of an object. */
export function copyPart(t: Term): Term {
  const tag = t & 7;
  if ((tag !== 1 && tag !== 3) || t >>> 3 < Region.HeapStart) return t;
  return copyTo(t, allocate(termSize(t)), current);
}
