// Library mode: programs that use OTP's own libraries, in every mode, against what native Erlang of the same release gave
// (golden/engine.escript). support/releases.mjs says whose libraries they are.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenText, hasNative, native, otp, release } from './support/otp.js';
import { escriptArguments, recorded } from './support/releases.mjs';
import { command } from './support/turbeam.js';

const FOLDER = fileURLToPath(new URL('fixtures/library', import.meta.url));
const RUNNER = fileURLToPath(new URL('support/engine-runner.mjs', import.meta.url));

type Line = [name: string, value: string];

/** What the release gives for each function of a program. */
const wanted = (program: string): Line[] =>
  recorded<Line>(`library/${program}.jsonl`, release, ([name]) => name);

/** The programs whose modules the release has. */
const PROGRAMS = readdirSync(new URL('golden/library', import.meta.url))
  .map((file) => file.slice(0, file.indexOf('.')))
  .filter((program, i, all) => all.indexOf(program) === i && wanted(program).length > 0);

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

describe.skipIf(otp === undefined).each(MODES)('%s', (_, mode, programs) => {
  const got = new Map<string, string>();

  beforeAll(async () => {
    const functions = programs.flatMap((program) => wanted(program).map(([name]) => `${program}:${name}`));
    const settings = JSON.stringify({ ...mode, otp: otp!.root, quiet: true });
    const args = [RUNNER, FOLDER, programs.join(), settings, ...functions];
    const { stdout } = await command(process.execPath, args, TIMEOUT);
    for (const line of stdout.trim().split('\n')) got.set(...(JSON.parse(line) as Line));
  }, TIMEOUT);

  it.each(programs)('%s', (program) => {
    const lines = wanted(program);
    const values = lines.map(([name]) => [name, got.get(`${program}:${name}`)]);
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(lines));
  });
});

it.runIf(hasNative).each(PROGRAMS)('native Erlang still gives the recorded values of %s', async (program) => {
  const { stdout } = await native(escriptArguments('test/golden/engine.escript', [program]));
  expect(stdout).toBe(goldenText(`library/${program}.jsonl`));
});
