// Every optimisation of the translator can be left out, and nothing but the time changes.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { command } from './support/turbeam.js';

const root = join(import.meta.dirname, '..');
const programs = [
  ['mandelbrot', 'run(100)', '3963'],
  ['hash32', 'run(20)', '3080391483'],
  ['nqueens', 'run(8)', '92'],
  ['closures', 'run(20)', '13085440'],
  ['nbody', 'run(400)', '{-169075163,-169012665}'],
] as const;
const lists = ['stubs', 'unboxed', 'direct', 'stubs,unboxed,direct'];

describe.each(programs)('%s:%s', (program, call, expected) => {
  test.each(lists)('without %s', async (without) => {
    const { code, stdout } = await command(process.execPath, [
      join(root, 'dist/bin/turbeam.js'),
      'run',
      join(root, `examples/${program}.beam`),
      `--call=${program}:${call}`,
      '--jit=eager',
      `--without=${without}`,
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${expected}\n` });
  });
});
