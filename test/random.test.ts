// Random programs (test/random) against native Erlang: a batch with fixed seeds, every program in every mode.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BATCH_FOLDER, BATCH_RESULTS, nativeAnswer } from './random/batch.js';
import { MODES, NativeServer, runTurbeam } from './random/engines.js';
import { golden } from './support/terms.js';
import { hasGoldenErlang } from './support/turbeam.js';

const lines = golden<[name: string, results: string[]]>('random.jsonl');
const names = lines.map(([name]) => name);

describe('random programs', () => {
  it.concurrent.each(Object.keys(MODES))(
    '%s',
    async (mode) => {
      const { results, output } = await runTurbeam(mode, BATCH_FOLDER, names, 110_000);
      expect({ output: output.trim(), results: Object.fromEntries(results) }).toEqual({
        output: '',
        results: Object.fromEntries(lines),
      });
    },
    120_000,
  );

  it.runIf(hasGoldenErlang)('the generator still makes them, and native Erlang gives the same', async () => {
    const native = new NativeServer();
    const answers = await Promise.all(names.map((name) => nativeAnswer(native, name)));
    native.stop();
    const recorded = readFileSync(BATCH_RESULTS, 'utf8');
    expect(answers.map((a, i) => `${JSON.stringify([names[i], a.results])}\n`).join('')).toBe(recorded);
    for (const [i, a] of answers.entries())
      expect(Buffer.compare(a.beam, readFileSync(join(BATCH_FOLDER, `${names[i]}.beam`))), names[i]).toBe(0);
  });
});
