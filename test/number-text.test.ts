import { beforeAll, expect, test } from 'vitest';
import * as arithmetic from '../dist/terms/arithmetic.js';
import { atomName } from '../dist/terms/atoms.js';
import { integerFromBigInt, toBigInt } from '../dist/terms/integer.js';
import {
  formatFloatDecimals,
  formatFloatScientific,
  formatFloatShortest,
  integerToString,
  parseFloat as parseErlangFloat,
  parseInteger,
} from '../dist/terms/number-text.js';
import { golden, useHeap } from './support/terms.js';

beforeAll(() => useHeap(1 << 22));

const view = new DataView(new ArrayBuffer(8));
function doubleOf(bits: string): number {
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}
function bitsOf(d: number | undefined): string {
  if (d === undefined) return 'badarg';
  view.setFloat64(0, d);
  return view.getBigUint64(0).toString(16).toUpperCase().padStart(16, '0');
}
function fromHex(text: string): bigint {
  return text[0] === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

// biome-ignore lint/suspicious/noExplicitAny: each kind of line has its own columns
const read: Record<string, (...columns: any[]) => string> = {
  short: (bits) => formatFloatShortest(doubleOf(bits)),
  scientific: (bits, digits) => formatFloatScientific(doubleOf(bits), digits) ?? 'badarg',
  decimals: (bits, digits, compact) => formatFloatDecimals(doubleOf(bits), digits, compact) ?? 'badarg',
  float: (text) => bitsOf(parseErlangFloat(text)),
  integer: (text, base) => {
    const t = parseInteger(text, base);
    return t === undefined ? atomName(arithmetic.arithmeticError) : toBigInt(t).toString(16).toUpperCase();
  },
  print: (value, base) => integerToString(integerFromBigInt(fromHex(value)), base),
};

const lines = golden<(string | number | boolean)[]>('number-text.jsonl');

test.each(Object.keys(read))('%s, as native Erlang does', (kind) => {
  const wrong: unknown[] = [];
  for (const line of lines.filter((l) => l[0] === kind)) {
    const got = read[kind](...line.slice(1, -1));
    if (got !== line[line.length - 1]) wrong.push({ line, got });
  }
  expect(wrong).toEqual([]);
});

test('long integers, in every base', () => {
  const value = 7n ** 4000n;
  for (let base = 2; base <= 36; base++) {
    const text = `-${value.toString(base).toUpperCase()}`;
    const t = parseInteger(text, base);
    expect(toBigInt(t!)).toBe(-value);
    expect(integerToString(t!, base)).toBe(text);
  }
});

test('integers that are too long', () => {
  expect(parseInteger('1'.repeat(33554369), 2)).toBeUndefined();
  expect(atomName(arithmetic.arithmeticError)).toBe('system_limit');
  expect(parseInteger('f'.repeat(33554368 / 4 + 1), 16)).toBeUndefined();
  expect(atomName(arithmetic.arithmeticError)).toBe('system_limit');
  expect(parseInteger('f'.repeat(33554368 / 4), 16)).toBeDefined();
});
