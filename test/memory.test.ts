// Memory returns to where it was, however much was made in between, at small numbers (test/support/memory-runner.mjs without
// arguments does large ones).
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { command } from './support/turbeam.js';

const RUNNER = fileURLToPath(new URL('support/memory-runner.mjs', import.meta.url));

const SMALL = [
  'processes:1000:4',
  'related:100:4',
  'tables:1000:3',
  'binaries:60:4',
  'resources:300:4',
  'reloading:20:4',
];
/** For the modes that are slow on purpose. */
const TINY = [
  'processes:100:3',
  'related:30:3',
  'tables:100:2',
  'binaries:10:2',
  'resources:50:3',
  'reloading:5:2',
];

/** What may come from measuring itself, in bytes of the JavaScript heap. */
const NOISE = 1_500_000;

describe('memory returns', () => {
  it.concurrent.each([
    ['off', { jit: 'off' }, SMALL],
    ['auto', { jit: 'auto', threshold: 2 }, SMALL],
    ['eager, stress gc', { jit: 'eager', stressGc: true }, TINY],
    ['eager, stress unwind', { jit: 'eager', stressUnwind: true }, TINY],
  ])(
    '%s',
    async (_, settings, functions) => {
      const { code, stdout, stderr } = await command(
        process.execPath,
        ['--expose-gc', RUNNER, JSON.stringify(settings), ...functions],
        110_000,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.length).toBe(functions.length);
      for (const { name, more } of lines) {
        expect({ name, ...more, javascript: 0 }).toEqual({
          name,
          arena: 0,
          code: 0,
          literals: 0,
          javascript: 0,
        });
        expect(more.javascript, name).toBeLessThan(NOISE);
      }
    },
    120_000,
  );
});

describe('processes that wait', () => {
  it('take so little that a million of them fit 3 GB', async () => {
    const runner = fileURLToPath(new URL('support/waiting-runner.mjs', import.meta.url));
    const { code, stdout } = await command(process.execPath, ['--expose-gc', runner, '30000']);
    expect(code).toBe(0);
    const { waiting, each } = JSON.parse(stdout);
    expect(Number(waiting)).toBe(30_010);
    expect(each.arena).toBeLessThan(1000);
    expect(each.javascript).toBeLessThan(800);
    expect(each.resident).toBeLessThan(3000);
  });
});
