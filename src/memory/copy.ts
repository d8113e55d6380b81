// Copying a term from one process to another: into its heap while it has room and does not run, else into a
// fragment. Literals and everything else below the heap region is shared, and so are the bytes of large binaries.

import { Kind, type Term } from '../terms/tags.js';
import { ArenaFull } from './allocate.js';
import { H, Region } from './arena.js';
import { allocateBlock } from './blocks.js';
import { type BinaryOwner, shareCopied } from './off-heap.js';

/** What of a header RefcBinary and Reference, which may be linked in chains, have in common. */
const SHARING_MASK = Kind.Mask & ~(Kind.RefcBinary ^ Kind.Reference);

/** Work stack of both passes, outside the arena so that deep terms can not overflow anything. */
let work = new Int32Array(1024);

function grow(): void {
  const larger = new Int32Array(work.length * 2);
  larger.set(work);
  work = larger;
}

/**
 * Words that a copy of the term needs; 0 for immediates and literals. Shared subterms count each time.
 * @param below what lies below this word is not copied
 */
export function termSize(t: Term, below: number = Region.HeapStart): number {
  let n = 0;
  let words = 0;
  let x = t;
  for (;;) {
    const tag = x & 7;
    const p = x >>> 3;
    if (tag === 1 && p >= below) {
      words += 2;
      const head = H[p];
      const kind = head & 7;
      if (kind === 1 || kind === 3) {
        if (n === work.length) grow();
        work[n++] = head;
      }
      x = H[p + 1];
      continue;
    }
    if (tag === 3 && p >= below) {
      const header = H[p];
      const size = header >>> 8;
      words += size + 1;
      if ((header & 0x80) === 0) {
        for (let i = 1; i <= size; i++) {
          const e = H[p + i];
          const kind = e & 7;
          if (kind === 1 || kind === 3) {
            if (n === work.length) grow();
            work[n++] = e;
          }
        }
      }
    }
    if (n === 0) return words;
    // Parts that are shared count each time: a term of a few words can be larger than all memory when it is copied.
    if (words > Region.HeapEnd) throw new ArenaFull('no room for the copy of a term');
    x = work[--n];
  }
}

/**
 * Copies a term to words from `at` on, which must be as many as termSize says, and gives the copy. References to large
 * binaries in it become `owner`'s.
 * @param below what lies below this word is not copied
 */
export function copyTo(t: Term, at: number, owner: BinaryOwner, below: number = Region.HeapStart): Term {
  let tag = t & 7;
  if ((tag !== 1 && tag !== 3) || t >>> 3 < below) return t;
  // Cheney's way: copy shallowly, then scan what was copied.
  let top = at;
  const shallow = top;
  let scan = at;
  let result: Term;
  {
    const p = t >>> 3;
    if (tag === 1) {
      H[top] = H[p];
      H[top + 1] = H[p + 1];
      top += 2;
      result = (shallow << 3) | 1;
    } else {
      const size = H[p] >>> 8;
      H.copyWithin(top, p, p + size + 1);
      if ((H[top] & SHARING_MASK) === Kind.RefcBinary) shareCopied(top, owner);
      top += size + 1;
      result = (shallow << 3) | 3;
    }
  }
  while (scan < top) {
    const x = H[scan];
    tag = x & 7;
    const p = x >>> 3;
    if (tag === 1) {
      if (p >= below) {
        H[scan] = (top << 3) | 1;
        H[top] = H[p];
        H[top + 1] = H[p + 1];
        top += 2;
      }
    } else if (tag === 3) {
      if (p >= below) {
        H[scan] = (top << 3) | 3;
        const size = H[p] >>> 8;
        for (let i = 0; i <= size; i++) H[top + i] = H[p + i];
        if ((H[top] & SHARING_MASK) === Kind.RefcBinary) shareCopied(top, owner);
        top += size + 1;
      }
    } else if (tag === 7 && (x & 0x80) !== 0) scan += x >>> 8;
    scan++;
  }
  return result;
}

/** Copies a term into a fragment of its own and adds that to those of the process. */
export function copyToFragment(t: Term, p: BinaryOwner & { fragments: number[] }): Term {
  const words = termSize(t);
  if (words === 0) return t;
  const block = allocateBlock(words);
  if (block === 0) throw new ArenaFull(`no room for a message of ${words} words`);
  p.fragments.push(block, words);
  return copyTo(t, block, p);
}
