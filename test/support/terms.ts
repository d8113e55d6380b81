// What tests of term functions share: a heap without a process, golden files.
import { readFileSync } from 'node:fs';
import { H } from '../../dist/memory/arena.js';
import { allocateBlock } from '../../dist/memory/blocks.js';
import { decodeTerm } from '../../dist/terms/external.js';

// Reg.Htop and Reg.E of src/memory/arena.ts; const enums do not exist in the built modules.
const HTOP = 1024;
const E = 1025;

/** Makes `allocate` work outside of a process: a heap of so many words. */
export function useHeap(words = 1 << 20): void {
  const block = allocateBlock(words);
  H[HTOP] = block;
  H[E] = block + words;
}

/** The lines of a file in test/golden, parsed. */
export function golden<T>(name: string): T[] {
  const text = readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

export function base64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/** A term from its external format in base64. */
export function termOf(text: string): number {
  return decodeTerm(base64(text)).term;
}
