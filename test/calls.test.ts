// Random calls of built-in functions, and local time in several zones (test/golden/calls.escript, calendar.escript).
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { differences, type Line, loadCaller } from './support/calls.js';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

beforeAll(loadCaller);

describe('random calls give what native ones give', () => {
  const lines = golden<Line>('calls.jsonl');
  const PART = 500;
  const parts = Array.from({ length: Math.ceil(lines.length / PART) }, (_, i) => i * PART);

  test.each(parts)('from %i', async (from) => {
    expect(await differences(lines.slice(from, from + PART))).toEqual([]);
  });

  test.runIf(hasGoldenErlang)('native Erlang still gives the recorded results', async () => {
    const { stdout } = await command('escript', ['test/golden/calls.escript', '1', String(lines.length)]);
    expect(stdout).toBe(readFileSync(new URL('golden/calls.jsonl', import.meta.url), 'utf8'));
  });
});

describe('local time', () => {
  const lines = golden<[zone: string, ...Line]>('calendar.jsonl');
  const here = process.env.TZ;
  afterEach(() => {
    if (here === undefined) delete process.env.TZ;
    else process.env.TZ = here;
  });

  test.each([...new Set(lines.map(([zone]) => zone))])('%s', async (zone) => {
    process.env.TZ = zone;
    expect(await differences(lines.filter(([z]) => z === zone).map(([, ...line]) => line))).toEqual([]);
  });
});
