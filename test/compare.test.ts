import { beforeAll, expect, test } from 'vitest';
import { atom } from '../dist/terms/atoms.js';
import { bitstring, cons, list, mapFromPairs, subBinary, tuple } from '../dist/terms/build.js';
import { compare, compareExact, equal, exactEqual } from '../dist/terms/compare.js';
import { golden, termOf, useHeap } from './support/terms.js';

interface Line {
  ext: string;
  order: string;
  keys: string;
}

beforeAll(() => useHeap(1 << 24));

test('the order of every pair of terms is the native one', () => {
  const lines = golden<Line>('order.jsonl');
  // Two copies, so that equal terms are not the same words.
  const left = lines.map((line) => termOf(line.ext));
  const right = lines.map((line) => termOf(line.ext));
  lines.forEach((line, i) => {
    const order = right.map((b) => {
      const sign = compare(left[i]!, b);
      return exactEqual(left[i]!, b) ? 'e' : equal(left[i]!, b) ? '=' : sign < 0 ? '<' : '>';
    });
    const keys = right.map((b) => {
      const sign = compareExact(left[i]!, b);
      return sign === 0 ? 'e' : sign < 0 ? '<' : '>';
    });
    expect({ i, order: order.join('') }).toEqual({ i, order: line.order });
    expect({ i, keys: keys.join('') }).toEqual({ i, keys: line.keys });
    right.forEach((b) => {
      expect(compare(left[i]!, b) === 0).toBe(equal(left[i]!, b));
    });
  });
});

test.each([
  ['list heads', (t: number) => list([t])],
  ['list tails', (t: number) => cons(atom('a'), t)],
  ['tuples, last element', (t: number) => tuple(2, t)],
  ['tuples, first element', (t: number) => tuple(t, 2)],
  ['map values', (t: number) => mapFromPairs([[atom('a'), t]])],
  ['map keys', (t: number) => mapFromPairs([[t, 2]])],
])('terms nested a hundred thousand deep: %s', (_, wrap) => {
  const nested = (inner: number) => {
    let t = inner;
    for (let i = 0; i < 100_000; i++) t = wrap(t);
    return t;
  };
  expect(compare(nested(2), nested(4))).toBeLessThan(0);
  expect(compare(nested(4), nested(2))).toBeGreaterThan(0);
  expect(compareExact(nested(4), nested(4))).toBe(0);
  expect(equal(nested(2), nested(2))).toBe(true);
  expect(exactEqual(nested(2), nested(4))).toBe(false);
});

test('parts of binaries compare by their bits, wherever they lie', () => {
  const whole = bitstring(Uint8Array.of(0xab, 0xcd, 0xef), 24);
  const same = subBinary(bitstring(Uint8Array.of(0x15, 0x79, 0xbd, 0xe0), 32), 3, 24);
  expect(exactEqual(whole, same)).toBe(true);
  const prefix = subBinary(whole, 0, 13);
  expect(compare(prefix, whole)).toBeLessThan(0);
  expect(compare(same, prefix)).toBeGreaterThan(0);
  expect(exactEqual(prefix, bitstring(Uint8Array.of(0xab, 0xcf), 13))).toBe(true);
});
