// The interpreter's rehearsal leaves nothing behind, and runs to its end: an instruction whose operands it gets wrong would not.
import { describe, expect, it } from 'vitest';
import '../dist/runtime.js';
import { interpret } from '../dist/interpret/loop.js';
import { rare } from '../dist/interpret/rare.js';
import { rehearse } from '../dist/interpret/rehearsal.js';
import { H } from '../dist/memory/arena.js';
import { blockUse } from '../dist/memory/blocks.js';
import { codeSpace } from '../dist/memory/spaces.js';

// Htop, E, Reds, Pc, Reason, Live: see src/memory/arena.ts.
const SPECIAL = [1024, 1025, 1026, 1027, 1028, 1029];

describe('the rehearsal', () => {
  it.each([1, 2])('runs to its end and leaves everything as it was, run %d', () => {
    for (let i = 0; i < 64; i++) H[i] = 1000 + i;
    for (const r of SPECIAL) H[r] = 5000 + r;
    const state = () => ({
      x: [...H.subarray(0, 64)],
      special: SPECIAL.map((r) => H[r]),
      words: blockUse().words,
      code: codeSpace.used,
      rare: { ...rare },
    });
    const before = state();
    expect(rehearse(interpret)).toBe(true);
    expect(state()).toEqual(before);
  });
});
