import { beforeAll, expect, test } from 'vitest';
import { phash2 } from '../dist/terms/hash.js';
import { golden, termOf, useHeap } from './support/terms.js';

beforeAll(() => useHeap());

const lines = golden<{ ext: string; hash: number }>('hash.jsonl');

test('phash2 has the native values', () => {
  for (const { ext, hash } of lines) {
    const t = termOf(ext);
    expect({ ext, hash: phash2(t, 2 ** 32) }).toEqual({ ext, hash });
    expect(phash2(t)).toBe(hash % 2 ** 27);
    expect(phash2(t, 1000)).toBe(hash % 1000);
  }
});
