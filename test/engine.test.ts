// The engine as a whole: every function of the programs in test/fixtures/engine in every mode, against what native
// Erlang gave (test/golden/engine.escript).
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

const FOLDER = fileURLToPath(new URL('fixtures/engine', import.meta.url));
const RUNNER = fileURLToPath(new URL('support/engine-runner.mjs', import.meta.url));

const MODES: Record<string, object> = {
  off: { jit: 'off' },
  auto: { jit: 'auto', threshold: 2 },
  eager: { jit: 'eager' },
  'eager, stress gc': { jit: 'eager', stressGc: true },
  'eager, stress unwind': { jit: 'eager', stressUnwind: true },
  'eager, stress gc and unwind': { jit: 'eager', stressGc: true, stressUnwind: true },
};

/** Programs that are too much work for the stress modes. */
const HEAVY = new Set(['engine_depth', 'engine_heavy', 'engine_long', 'engine_maps_large']);

const PROGRAMS = readdirSync(fileURLToPath(new URL('golden/engine', import.meta.url)))
  .filter((file) => file.endsWith('.jsonl'))
  .map((file) => file.slice(0, -'.jsonl'.length));

describe.each(PROGRAMS)('%s', (program) => {
  const lines = golden<[name: string, value: string]>(`engine/${program}.jsonl`);
  const modes = Object.keys(MODES).filter((mode) => !HEAVY.has(program) || !mode.includes('stress'));

  it.concurrent.each(modes)('%s', async (mode) => {
    const functions = lines.map(([name]) => name);
    const args = [RUNNER, FOLDER, program, JSON.stringify(MODES[mode]), ...functions];
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
    expect(stdout).toBe(readFileSync(new URL(`golden/engine/${program}.jsonl`, import.meta.url), 'utf8'));
  });
});
