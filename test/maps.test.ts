// Instructions for maps as each compiler has them: the results are those of native OTP 25. And large maps as terms, read
// from what native wrote. How they behave in programs: test/engine.test.ts (engine_maps); their inner life: hamt.test.ts.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { binary, mapEntries, mapFromPairs, mapSize } from '../dist/terms/build.js';
import { compare, equal, exactEqual } from '../dist/terms/compare.js';
import { decodeTerm, encodeTerm } from '../dist/terms/external.js';
import { phash2 } from '../dist/terms/hash.js';
import { keyHash } from '../dist/terms/key-hash.js';
import { golden, load, run } from './support/run-fixture.js';
import { golden as goldenObjects, termOf, useHeap } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

const results = golden('map-syntax.jsonl');

describe.each([
  ['otp25', 'map_syntax_25'],
  ['otp25', 'map_syntax_r24'],
  ['otp27', 'map_syntax_27'],
  ['otp29', 'map_syntax_29'],
])('%s %s', (folder, module) => {
  describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
    beforeAll(() => load(folder, module, jit));
    it.each(results)('%s', async (name, value) => {
      expect(await run(module, name)).toBe(value);
    });
  });
});

interface LargeMap {
  term: string;
  size: number;
  phash2: number;
  deterministic: number;
  /** The order of this map and each one before it. */
  order: number[];
}

describe('large maps as native writes them', () => {
  const lines = goldenObjects<LargeMap>('large-maps.jsonl');
  beforeAll(() => useHeap(1 << 22));

  it.each(lines.map((line, i) => [i, line] as const))('%i', (i, line) => {
    const map = termOf(line.term);
    expect([mapSize(map), phash2(map)]).toEqual([line.size, line.phash2]);
    expect(phash2(binary(encodeTerm(map, { deterministic: true })))).toBe(line.deterministic);
    for (const same of [
      decodeTerm(encodeTerm(map)).term,
      decodeTerm(encodeTerm(map, { deterministic: true })).term,
      mapFromPairs(mapEntries(map).reverse()),
    ]) {
      expect([equal(map, same), exactEqual(map, same), compare(map, same)]).toEqual([true, true, 0]);
      expect(keyHash(same)).toBe(keyHash(map));
    }
    const order = lines.slice(0, i).map((other) => Math.sign(compare(map, termOf(other.term))));
    expect(order).toEqual(line.order);
    expect(lines.slice(0, i).map((other) => equal(map, termOf(other.term)))).toEqual(
      line.order.map((n) => n === 0),
    );
  });

  it.runIf(hasGoldenErlang)('native Erlang still gives the recorded values', async () => {
    const { stdout } = await command('escript', ['test/golden/large-maps.escript']);
    const values = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => ({ ...JSON.parse(line), term: '' }));
    // The order of keys depends on when native's atoms were made.
    expect(values(stdout)).toEqual(
      values(readFileSync(new URL('golden/large-maps.jsonl', import.meta.url), 'utf8')),
    );
  });
});
