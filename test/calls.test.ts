// Random calls of built-in functions, by name and in a process: the value, or class, reason and the top entry of the stack
// trace, as native Erlang gave them (test/golden/calls.escript).
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callFunction, loadFile, settings } from '../dist/runtime.js';
import { listToArray } from '../dist/terms/build.js';
import { formatWrite } from '../dist/terms/format.js';
import { base64, golden, termOf } from './support/terms.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

/** A call and its result, both in external format, base64. */
type Line = [call: string, result: string];

const text = (t: string): string => formatWrite(termOf(t));

/** A list of one element in external format, of that element's. */
function listOfOne(element: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(131, 108, 0, 0, 0, 1), element.subarray(1), Uint8Array.of(106)]);
}

/** What is wrong with the result, if anything is. Both are made text while the terms are there. */
async function check([call, result]: Line): Promise<string | undefined> {
  let wanted = '';
  const end = await callFunction('bif_calls', 'run', [listOfOne(base64(call))], (t) => {
    wanted = text(result);
    const [got] = listToArray(t) ?? [];
    return got === undefined ? `exit: ${formatWrite(t)}` : formatWrite(got);
  });
  const got = 'text' in end ? end.text : end.kind;
  if (got === wanted) return undefined;
  let name = '';
  await callFunction('bif_calls', 'run', [base64('g2o=')], () => {
    name = text(call);
    return '';
  });
  return `${name}: ${got}, not ${wanted}`;
}

beforeAll(() => {
  settings.jit = 'off';
  loadFile(new URL('fixtures/calls/bif_calls.beam', import.meta.url).pathname);
});

async function differences(lines: Line[]): Promise<string[]> {
  const found: string[] = [];
  for (const line of lines) {
    const difference = await check(line);
    if (difference !== undefined) found.push(difference);
  }
  return found;
}

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
