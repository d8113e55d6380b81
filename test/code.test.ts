// What loading and purging leave behind: nothing. What programs see of code is in test/fixtures/engine/engine_code.erl.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { exports, functions, modules } from '../dist/code/functions.js';
import { lambdas } from '../dist/code/lambdas.js';
import { oldModules } from '../dist/code/versions.js';
import { sites } from '../dist/interpret/sites.js';
import { records } from '../dist/jit/translate.js';
import { units } from '../dist/jit/units.js';
import { blockUse } from '../dist/memory/blocks.js';
import { LiteralArea } from '../dist/memory/literals.js';
import { codeSpace, literalSpace, Space } from '../dist/memory/spaces.js';
import { codeServer, loadFile, settings } from '../dist/runtime.js';
import { atom } from '../dist/terms/atoms.js';
import { run } from './support/run-fixture.js';

const ENGINE = fileURLToPath(new URL('fixtures/engine', import.meta.url));
const LIBRARY = fileURLToPath(new URL('../dist/lib/ebin', import.meta.url));

describe('spaces', () => {
  it('give out what was given back, whatever the order', () => {
    const space = new Space(1000, 2000, 'words');
    const ranges = Array.from({ length: 20 }, (_, i) => ({ at: space.allocate(10 + i), size: 10 + i }));
    expect(space.used).toBe(ranges.reduce((n, r) => n + r.size, 0));
    // Every third, then the others from the end: neighbours join.
    const order = [
      ...ranges.filter((_, i) => i % 3 === 0),
      ...ranges.filter((_, i) => i % 3 !== 0).reverse(),
    ];
    for (const { at, size } of order) space.release(at, size);
    expect(space.used).toBe(0);
    expect(space.allocate(1000)).toBe(1000);
    expect(() => space.allocate(1)).toThrow('no room for more words');
  });

  it('use the first range that is large enough', () => {
    const space = new Space(0, 100, 'words');
    const first = space.allocate(30);
    space.allocate(30);
    space.release(first, 30);
    expect(space.allocate(40)).toBe(60);
    expect(space.allocate(20)).toBe(0);
    expect(space.allocate(10)).toBe(20);
  });
});

describe('literal areas', () => {
  it('take what they need and give back all of it', () => {
    const before = literalSpace.used;
    const area = new LiteralArea();
    const places = Array.from({ length: 100 }, (_, i) => area.allocate(i + 1));
    area.trim();
    expect(literalSpace.used - before).toBe(area.words);
    const [low, high] = area.bounds;
    for (const [i, at] of places.entries()) {
      expect(area.contains(at) && area.contains(at + i)).toBe(true);
      expect(at >= low && at + i < high).toBe(true);
    }
    expect(area.contains(low - 1) || area.contains(high)).toBe(false);
    area.release();
    expect(literalSpace.used).toBe(before);
  });
});

describe.each(['off', 'auto', 'eager'] as const)(
  'a module that is replaced a thousand times, jit %s',
  (jit) => {
    beforeAll(() => {
      settings.jit = jit;
      settings.threshold = 2;
      codeServer.path = [ENGINE, LIBRARY];
      loadFile(`${ENGINE}/engine_code.beam`);
    });

    const use = () => ({
      code: codeSpace.used,
      literals: literalSpace.used,
      blocks: blockUse().words,
      functions: functions.length,
      lambdas: lambdas.length,
      exports: exports.length,
      sites: sites.length,
      units: units.length,
      records: records.length,
      old: oldModules.size,
      modules: modules.size,
    });

    it('leaves nothing behind', async () => {
      // The first rounds translate what is called from outside of the module, too.
      for (let i = 0; i < 3; i++) expect(await run('engine_code', 'many_reloads')).toBe('1604');
      const before = use();
      for (let i = 0; i < 5; i++) expect(await run('engine_code', 'many_reloads')).toBe('1604');
      expect(use()).toEqual(before);
    });

    it('leaves no funs behind that nobody holds', async () => {
      await run('engine_code', 'funs_of_versions');
      await run('engine_code', 'fresh');
      const before = lambdas.length;
      for (let i = 0; i < 20; i++) {
        await run('engine_code', 'funs_of_versions');
        await run('engine_code', 'same_code_again');
        await run('engine_code', 'purged_funs');
        await run('engine_code', 'fresh');
      }
      expect(lambdas.length).toBe(before);
      expect(modules.has(atom('reloaded'))).toBe(false);
    });
  },
);
