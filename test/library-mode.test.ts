// Library mode: programs that use OTP's own libraries, in every mode, against what native Erlang gave. They take the libraries
// of the OTP on the PATH, or of the one in the directory that the environment variable TURBEAM_TEST_OTP names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { libraryIn, otpOnPath } from '../dist/code/otp.js';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

const FOLDER = fileURLToPath(new URL('fixtures/library', import.meta.url));
const RUNNER = fileURLToPath(new URL('support/engine-runner.mjs', import.meta.url));

const MODES: Record<string, object> = {
  off: { jit: 'off' },
  auto: { jit: 'auto' },
  eager: { jit: 'eager' },
  'auto, stress gc and unwind': { jit: 'auto', threshold: 2, stressGc: true, stressUnwind: true },
};

/** Programs with processes that crash, of which OTP's logger would tell. */
const CRASHING = new Set(['library_behaviours']);

const { TURBEAM_TEST_OTP: named } = process.env;
const otp = named === undefined ? otpOnPath() : libraryIn(named)?.otp;

const PROGRAMS = readdirSync(fileURLToPath(new URL('golden/library', import.meta.url)))
  .filter((file) => file.endsWith('.jsonl') && !file.includes('.otp'))
  .map((file) => file.slice(0, -'.jsonl'.length));

type Line = [name: string, value: string];

/** What OTP 25 gives for each function of a program, or what a later release is known to give instead. */
function wanted(program: string, release: string): Line[] {
  const values = new Map(golden<Line>(`library/${program}.jsonl`));
  const other = `library/${program}.otp${release}.jsonl`;
  if (existsSync(new URL(`golden/${other}`, import.meta.url)))
    for (const [name, value] of golden<Line>(other)) values.set(name, value);
  return [...values];
}

describe.skipIf(otp === undefined).each(PROGRAMS)('%s', (program) => {
  it.concurrent.each(Object.keys(MODES))('%s', async (mode) => {
    const lines = wanted(program, otp!.release);
    const settings = JSON.stringify({ ...MODES[mode], otp: otp!.root, quiet: CRASHING.has(program) });
    const args = [RUNNER, FOLDER, program, settings, ...lines.map(([name]) => name)];
    const { code, stdout, stderr } = await command(process.execPath, args);
    const got = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ code, stderr, values: Object.fromEntries(got) }).toEqual({
      code: 0,
      stderr: '',
      values: Object.fromEntries(lines),
    });
  });

  it.runIf(hasGoldenErlang)('native Erlang still gives the recorded values', async () => {
    const { stdout } = await command('escript', ['test/golden/engine.escript', program]);
    expect(stdout).toBe(readFileSync(new URL(`golden/library/${program}.jsonl`, import.meta.url), 'utf8'));
  });
});
