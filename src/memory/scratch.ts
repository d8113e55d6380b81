// Memory of the running process that a BIF needs only for a while: it is given back when nobody points to it any more.
import { fragments } from './allocate.js';
import { H, Reg } from './arena.js';
import { blockSize, freeBlock } from './blocks.js';
import { unlinkReferences } from './off-heap.js';

/** How far the memory was used. */
export interface ScratchMark {
  top: number;
  fragments: number;
}

/** Notes how far memory is used now. */
export function markScratch(): ScratchMark {
  return { top: H[Reg.Htop], fragments: fragments.length };
}

/** Gives back everything allocated since the mark, and what it refers to off the heap. Nothing may point to it. */
export function releaseScratch(mark: ScratchMark): void {
  // Heap and fragments may have been used in turn.
  for (let more = true; more; ) {
    more = unlinkReferences(mark.top, H[Reg.Htop]);
    for (let i = mark.fragments; i < fragments.length; i += 2) {
      if (unlinkReferences(fragments[i], fragments[i] + blockSize(fragments[i]))) more = true;
    }
  }
  H[Reg.Htop] = mark.top;
  while (fragments.length > mark.fragments) {
    fragments.pop();
    freeBlock(fragments.pop()!);
  }
}
