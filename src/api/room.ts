// Memory for what JavaScript hands to the running process: on its heap while there is room, then in a few large fragments,
// where the allocator of built-in functions would make one for each object.
import { ArenaFull, allocate, fragments } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { allocateBlock, blockSize } from '../memory/blocks.js';

const FIRST_CHUNK = 1 << 12;
const LARGEST_CHUNK = 1 << 20;

let top = 0;
let end = 0;
let chunk = FIRST_CHUNK;
/** Where the present chunk stands in `fragments`. */
let slot = -1;

/** Room for `words` words, as `allocate`. */
export function room(words: number): number {
  const at = H[Reg.Htop];
  if (at + words < H[Reg.E]) {
    H[Reg.Htop] = at + words;
    return at;
  }
  if (top + words > end) newChunk(words);
  const here = top;
  top += words;
  return here;
}

function newChunk(words: number): void {
  closeRoom();
  if (words > chunk) {
    // Too large to share a chunk.
    top = allocate(words);
    end = top + words;
    return;
  }
  const block = allocateBlock(chunk);
  if (block === 0) throw new ArenaFull(`no room for ${words} words`);
  slot = fragments.length;
  fragments.push(block, 0);
  top = block;
  end = block + blockSize(block);
  chunk = Math.min(chunk * 2, LARGEST_CHUNK);
}

/** The value is complete: what the last chunk has not been used for is no part of the fragment. */
export function closeRoom(): void {
  if (slot >= 0) fragments[slot + 1] = top - fragments[slot];
  slot = -1;
  top = end = 0;
}

/** A new value begins. */
export function openRoom(): void {
  chunk = FIRST_CHUNK;
}
