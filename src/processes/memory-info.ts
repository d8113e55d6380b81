// How much memory a process has, in words, under the names that process_info/2 and reports give to the parts.
import { H, Reg } from '../memory/arena.js';
import { current } from './current.js';
import { type Process, Status } from './process.js';

/** Words in use on the young heap and on the stack. */
function used(p: Process): { heap: number; stack: number } {
  const running = p === current && p.status === Status.Running;
  const top = running ? H[Reg.Htop] : p.htop;
  const e = running ? H[Reg.E] : p.e;
  return { heap: top - p.base, stack: p.end - e };
}

export type MemoryItem = [name: string, words: number];

/** The items of process_info(P, garbage_collection_info). */
export function collectionInfo(p: Process): MemoryItem[] {
  const { heap, stack } = used(p);
  return [
    ['old_heap_block_size', p.oldEnd - p.oldBase],
    ['heap_block_size', p.end - p.base],
    ['mbuf_size', fragmentWords(p)],
    ['recent_size', p.mark - p.base],
    ['stack_size', stack],
    ['old_heap_size', p.oldTop - p.oldBase],
    ['heap_size', heap],
    ['bin_vheap_size', p.binaryWords],
    ['bin_vheap_block_size', p.settings.minBinaryHeap],
    ['bin_old_vheap_size', p.oldBinaryWords],
    ['bin_old_vheap_block_size', p.settings.minBinaryHeap],
  ];
}

function fragmentWords(p: Process): number {
  let words = 0;
  for (let i = 1; i < p.fragments.length; i += 2) words += p.fragments[i];
  return words;
}

/** Words of all blocks of a process's memory: heaps, stack, fragments. */
export function totalWords(p: Process): number {
  return p.end - p.base + p.oldEnd - p.oldBase + fragmentWords(p);
}

export function stackWords(p: Process): number {
  return used(p).stack;
}

/** Bytes that a process takes: its memory in the arena, messages, and a guess at what the host has for it. */
export function processBytes(p: Process): number {
  return totalWords(p) * 4 + p.messageCount * 40 + HOST_BYTES;
}

/** Bytes of the object that the host has for each process, more or less. */
const HOST_BYTES = 400;
