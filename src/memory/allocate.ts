// How BIFs and slow paths get memory: from the heap of the running process while there is room, else as a
// heap fragment. Nothing is ever moved while a BIF runs, so it may hold terms in JavaScript variables.
import { H, Reg } from './arena.js';
import { allocateBlock } from './blocks.js';

/** Fragments of the running process, as payload indexes and used sizes, in pairs. The scheduler swaps it. */
export let fragments: number[] = [];

/** Makes another process's fragments the ones that `allocate` adds to. */
export function useFragments(of: number[]): void {
  fragments = of;
}

/** There is no room left in the arena. The scheduler turns it into the end of the process. */
export class ArenaFull extends Error {}

/**
 * Room for `words` words of terms: the index of the first. The words are not cleared and must be filled with
 * whole objects before the BIF returns.
 */
export function allocate(words: number): number {
  const top = H[Reg.Htop]!;
  // One word below the stack stays free, for the continuation pointer of the next call.
  if (top + words < H[Reg.E]!) {
    H[Reg.Htop] = top + words;
    return top;
  }
  return allocateFragment(words);
}

function allocateFragment(words: number): number {
  const block = allocateBlock(words);
  if (block === 0) throw new ArenaFull(`no room for ${words} words`);
  fragments.push(block, words);
  // The collection follows at the next function entry.
  H[Reg.Reds] = 0;
  return block;
}
