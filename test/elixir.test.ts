// Programs of Elixir's (test/fixtures/elixir) against what native Erlang printed for them (test/golden/elixir.mjs). They need the
// libraries of Elixir 1.14 and OTP 25, whose words the results have: where others are found, or none, nothing is tested here.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { elixirOnPath, otpOnPath } from '../dist/code/otp.js';
import { native, outcome, PROGRAMS, RUNS, sections } from './support/elixir.mjs';
import { hasGoldenErlang } from './support/turbeam.js';

const MAIN = fileURLToPath(new URL('../dist/bin/turbeam.js', import.meta.url));
const GOLDEN = new URL('golden/elixir/', import.meta.url);

const hasElixir = elixirOnPath()?.version?.startsWith('1.14.') === true && otpOnPath()?.release === '25';

/** Options, and the programs that are run with them: with stress, those that do not take long. */
const MODES: [options: string[], programs: string[]][] = [
  [['--jit=off'], PROGRAMS],
  [['--jit=auto'], PROGRAMS],
  [['--jit=eager'], ['Language', 'Dates']],
  [
    ['--jit=off', '--stress=gc'],
    ['Collections', 'Text', 'Language', 'Files'],
  ],
  [['--jit=auto', '--stress=gc,unwind'], ['Dates']],
];

const turbeam = (options: string[], module: string, args: string[], input: string) =>
  outcome(
    process.execPath,
    [MAIN, 'run', ...options, '-pa', 'consolidated', '-pa', '.', `Elixir.${module}.beam`, '--', ...args],
    input,
  );

describe.skipIf(!hasElixir)('Elixir', () => {
  it.concurrent.each(MODES.map(([options, programs]) => ({ options, programs, title: options.join(' ') })))(
    'programs, $title',
    async ({ options, programs }) => {
      const { code, stdout } = await turbeam(options, 'Programs', programs, '');
      expect(sections(stdout)).toEqual(
        Object.fromEntries(
          programs.map((name) => [name, readFileSync(new URL(`${name.toLowerCase()}.txt`, GOLDEN), 'utf8')]),
        ),
      );
      expect(code).toBe(0);
    },
    120_000,
  );

  const wanted = JSON.parse(readFileSync(new URL('runs.json', GOLDEN), 'utf8'));
  it.concurrent.each(RUNS)(
    'run: %s',
    async (name, module, args, input) => {
      expect(await turbeam([], module, args, input)).toEqual(wanted[name]);
    },
    120_000,
  );

  it.runIf(hasGoldenErlang)('native Erlang still gives the recorded values', async () => {
    const { stdout } = await native('Programs', ['Dates', 'Language'], '');
    for (const [name, text] of Object.entries(sections(stdout)))
      expect(text).toBe(readFileSync(new URL(`${name.toLowerCase()}.txt`, GOLDEN), 'utf8'));
    const [name, module, args, input] = RUNS.find(([run]) => run === 'server')!;
    expect(await native(module, args, input)).toEqual(wanted[name]);
  });
});
