import { beforeAll, describe, expect, test } from 'vitest';
import { H } from '../dist/memory/arena.js';
import { list, stringList, tuple } from '../dist/terms/build.js';
import { formatPretty, formatWrite } from '../dist/terms/format.js';
import { formatIo } from '../dist/terms/io-format.js';
import { golden, termOf, useHeap } from './support/terms.js';

beforeAll(() => useHeap(1 << 24));

/** The name of a text in format.jsonl: control sequence, line length or depth, column. */
function print(name: string, t: number): string {
  const [, modifier, control, number, at] = /^(t?)([wpWP])(?:\/(\d+))?(?:@(\d+))?$/.exec(name)!;
  const unicode = modifier === 't';
  if (control === 'w') return formatWrite(t, { unicode });
  if (control === 'W') return formatWrite(t, { unicode, depth: Number(number) });
  if (control === 'P') return formatPretty(t, { unicode, depth: Number(number) });
  const column = Number(at ?? 1);
  return '='.repeat(column - 1) + formatPretty(t, { unicode, lineLength: Number(number ?? 80), column });
}

describe('terms look as native prints them', () => {
  test.each(golden<Record<string, string>>('format.jsonl').map((line, i) => [i + 1, line] as const))(
    'line %i of format.jsonl',
    (_, { ext, ...texts }) => {
      const t = termOf(ext!);
      for (const [name, text] of Object.entries(texts))
        expect(`${name} ${print(name, t)}`).toBe(`${name} ${text}`);
    },
  );
});

test('io_lib:format/2 is the native one, in every case of io-format.jsonl', () => {
  for (const { case: name, ext, out } of golden<{ case: string; ext: string; out: string | null }>(
    'io-format.jsonl',
  )) {
    const at = termOf(ext) >>> 3;
    expect(`${name} ${formatIo(H[at + 1]!, H[at + 2]!)}`).toBe(`${name} ${out ?? undefined}`);
  }
});

test('a format may be a JavaScript string', () => {
  expect(formatIo('~s has ~w~n', list([stringList('abc'), 6]))).toBe('abc has 3\n');
  expect(formatIo('~s', list([]))).toBeUndefined();
});

test('terms that are nested deep or are long do not overflow the stack', () => {
  let deep = 2;
  for (let i = 0; i < 300_000; i++) deep = i % 2 === 0 ? tuple(deep) : list([deep]);
  expect(formatWrite(deep).length).toBe(600_001);
  const flat = formatPretty(deep, { lineLength: 0 });
  expect(flat).toBe(formatWrite(deep));

  let broken = 2;
  for (let i = 0; i < 3000; i++) broken = list([broken]);
  expect(formatPretty(broken)).toBe(formatWrite(broken));

  const long = list(new Array(500_000).fill(2));
  expect(formatWrite(long).length).toBe(1_000_001);
  expect(formatPretty(long).split('\n').length).toBe(Math.ceil(500_000 / 38));
});
