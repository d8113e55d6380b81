// OTP's compiler on Turbeam: of sources of OTP itself it makes the same .beam files, to the byte, as on native Erlang. All of
// stdlib and compiler: bench/compiler.mjs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, hasErlang, turbeam } from './support/turbeam.js';

const SOURCES = {
  stdlib: ['math', 'ordsets', 'erl_bits', 'gb_trees'],
  compiler: ['beam_block', 'beam_clean', 'erl_bifs'],
};
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe.skipIf(!hasErlang)('compile:file of OTP sources', () => {
  const modules = Object.values(SOURCES).flat();
  beforeAll(async () => {
    const applications = Object.keys(SOURCES);
    const script = `[io:format("~ts~n", [code:lib_dir(A)]) || A <- [${applications}]], halt().`;
    const dirs = execFileSync('erl', ['-noshell', '-eval', script], { encoding: 'utf8' }).trim().split('\n');
    const files = Object.values(SOURCES).flatMap((names, i) =>
      names.map((name) => join(dirs[i]!, 'src', `${name}.erl`)),
    );
    const [native, ours] = ['native', 'turbeam'].map((name) => join(scratch, name)) as [string, string];
    for (const dir of [native, ours]) mkdirSync(dir);
    await command('erlc', ['-o', scratch, 'bench/compile_all.erl']);
    const script2 = 'compile_all:main(init:get_plain_arguments()), halt().';
    const [a, b] = await Promise.all([
      command('erl', ['-noshell', '-pa', scratch, '-eval', script2, '-extra', native, ...files]),
      turbeam(['run', join(scratch, 'compile_all.beam'), '--', ours, ...files], 170_000),
    ]);
    expect([a.stderr, b.stderr]).toEqual(['', '']);
  }, 180_000);

  it.each(modules)('%s', (name) => {
    const [native, ours] = ['native', 'turbeam'].map((dir) =>
      readFileSync(join(scratch, dir, `${name}.beam`)),
    );
    expect(ours!.equals(native!)).toBe(true);
  });
});
