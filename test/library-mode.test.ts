// Library mode: programs that use OTP's own libraries, in every mode, against what native Erlang gave. They take the libraries
// of the OTP on the PATH, or of the one in the directory that the environment variable TURBEAM_TEST_OTP names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { libraryIn, otpOnPath } from '../dist/code/otp.js';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

const FOLDER = fileURLToPath(new URL('fixtures/library', import.meta.url));
const RUNNER = fileURLToPath(new URL('support/engine-runner.mjs', import.meta.url));

const PROGRAMS = readdirSync(fileURLToPath(new URL('golden/library', import.meta.url)))
  .filter((file) => file.endsWith('.jsonl') && !file.includes('.otp'))
  .map((file) => file.slice(0, -'.jsonl'.length));

/** Settings, and the programs that run in that mode, in one process: reading OTP's modules is most of the work. */
const MODES: [mode: string, settings: object, programs: string[]][] = [
  ['off', { jit: 'off' }, PROGRAMS],
  ['auto', { jit: 'auto' }, PROGRAMS],
  ['eager', { jit: 'eager' }, PROGRAMS],
  [
    'auto, stress gc and unwind',
    { jit: 'auto', threshold: 2, stressGc: true, stressUnwind: true },
    ['library_behaviours', 'library_collections', 'library_language'],
  ],
];
const TIMEOUT = 150_000;

const { TURBEAM_TEST_OTP: named } = process.env;
const otp = named === undefined ? otpOnPath() : libraryIn(named)?.otp;

type Line = [name: string, value: string];

/** What OTP 25 gives for each function of a program, or what a later release gives instead. */
function wanted(program: string, release: string): Line[] {
  const values = new Map(golden<Line>(`library/${program}.jsonl`));
  const other = `library/${program}.otp${release}.jsonl`;
  if (existsSync(new URL(`golden/${other}`, import.meta.url)))
    for (const [name, value] of golden<Line>(other)) values.set(name, value);
  return [...values];
}

describe.skipIf(otp === undefined).each(MODES)('%s', (_, mode, programs) => {
  const got = new Map<string, string>();

  beforeAll(async () => {
    const functions = programs.flatMap((program) =>
      wanted(program, otp!.release).map(([name]) => `${program}:${name}`),
    );
    const settings = JSON.stringify({ ...mode, otp: otp!.root, quiet: true });
    const args = [RUNNER, FOLDER, programs.join(), settings, ...functions];
    const { stdout } = await command(process.execPath, args, TIMEOUT);
    for (const line of stdout.trim().split('\n')) got.set(...(JSON.parse(line) as Line));
  }, TIMEOUT);

  it.each(programs)('%s', (program) => {
    const lines = wanted(program, otp!.release);
    const values = lines.map(([name]) => [name, got.get(`${program}:${name}`)]);
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(lines));
  });
});

it.runIf(hasGoldenErlang).each(PROGRAMS)(
  'native Erlang still gives the recorded values of %s',
  async (program) => {
    const { stdout } = await command('escript', ['test/golden/engine.escript', program]);
    expect(stdout).toBe(readFileSync(new URL(`golden/library/${program}.jsonl`, import.meta.url), 'utf8'));
  },
);
