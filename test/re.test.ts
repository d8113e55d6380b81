// Module re: patterns, subjects and options, and random ones, against what native Erlang gives (test/golden/re.escript).
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { differences, type Line, loadCaller } from './support/calls.js';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

beforeAll(loadCaller);

test('patterns, subjects, options and errors', async () => {
  expect(await differences(golden<Line>('re.jsonl'))).toEqual([]);
});

test('random patterns', async () => {
  expect(await differences(golden<Line>('re-random.jsonl'))).toEqual([]);
});

test.runIf(hasGoldenErlang)('native Erlang still gives the recorded results', async () => {
  const { stdout } = await command('escript', ['test/golden/re.escript']);
  expect(stdout).toBe(readFileSync(new URL('golden/re.jsonl', import.meta.url), 'utf8'));
});
