import { beforeAll, describe, expect, test } from 'vitest';
import { atom } from '../dist/terms/atoms.js';
import * as build from '../dist/terms/build.js';
import { exactEqual } from '../dist/terms/compare.js';
import { useHeap } from './support/terms.js';

const NIL = 5;
const NONE = 53;
const small = (n: number) => n << 1;

beforeAll(() => useHeap());

describe('lists', () => {
  test('there and back', () => {
    expect(build.listToArray(build.list([2, 4, 6]))).toEqual([2, 4, 6]);
    expect(build.listToArray(NIL)).toEqual([]);
    expect(build.listToArray(build.list([2], 4))).toBeUndefined();
    expect(build.listToArray(4)).toBeUndefined();
    expect(build.list([], 4)).toBe(4);
    expect(build.listLength(build.list([2, 4]))).toBe(2);
    expect(build.listLength(build.cons(2, 4))).toBe(-1);
    expect(build.listToArray(build.stringList('a😀'))).toEqual([small(97), small(0x1f600)]);
  });
});

describe('tuples', () => {
  test('arity, elements, tags', () => {
    const t = build.tuple(atom('ok'), 2);
    expect([build.isTuple(t), build.tupleArity(t), build.tupleElement(t, 1)]).toEqual([true, 2, 2]);
    expect(build.tupleToArray(build.tupleOf([]))).toEqual([]);
    expect(build.isTaggedTuple(t, 2, atom('ok'))).toBe(true);
    expect(build.isTaggedTuple(t, 3, atom('ok'))).toBe(false);
    expect(build.isTuple(NIL)).toBe(false);
  });
});

describe('bitstrings', () => {
  const bytes = Uint8Array.of(0xab, 0xcd, 0xef);

  test('whole bytes', () => {
    const t = build.binary(bytes);
    expect([build.isBinaryTerm(t), build.isBitstring(t), build.bitSizeOf(t)]).toEqual([true, true, 24]);
    expect([...build.bytesOf(t)]).toEqual([...bytes]);
    expect(build.bitSizeOf(build.binary(new Uint8Array(0)))).toBe(0);
  });

  test('parts', () => {
    const whole = build.binary(bytes);
    const part = build.subBinary(whole, 4, 16);
    expect([...build.bytesOf(part)]).toEqual([0xbc, 0xde]);
    expect(build.isBinaryTerm(part)).toBe(true);
    const odd = build.bitstring(bytes, 13);
    expect([build.isBinaryTerm(odd), build.isBitstring(odd), build.bitSizeOf(odd)]).toEqual([
      false,
      true,
      13,
    ]);
    expect([...build.bytesOf(odd)]).toEqual([0xab, 0xc8]);
    expect(build.binaryBytes(build.subBinary(whole, 9, 3))).toMatchObject({ bitOffset: 1, bitSize: 3 });
  });

  test.each([
    [
      'a list of everything',
      () => build.list([small(1), build.binary(bytes), build.list([small(2)])], build.binary(bytes)),
      [1, 0xab, 0xcd, 0xef, 2, 0xab, 0xcd, 0xef],
    ],
    ['a binary', () => build.binary(bytes), [0xab, 0xcd, 0xef]],
    ['nothing', () => NIL, []],
    [
      'a part that does not start at a byte',
      () => build.list([build.subBinary(build.binary(bytes), 4, 8)]),
      [0xbc],
    ],
    ['a number too large', () => build.list([small(256)]), undefined],
    ['a number below 0', () => build.list([small(-1)]), undefined],
    ['an atom', () => build.list([atom('a')]), undefined],
    ['a number as tail', () => build.list([small(1)], small(2)), undefined],
    ['odd bits', () => build.list([build.bitstring(bytes, 3)]), undefined],
    ['a number', () => small(1), undefined],
  ] as [string, () => number, number[] | undefined][])('iolists: %s', (_, make, expected) => {
    const t = make();
    const found = build.iolistToBytes(t);
    expect(found && [...found]).toEqual(expected);
    expect(build.iolistSize(t)).toBe(expected === undefined ? -1 : expected.length);
  });
});

describe('maps', () => {
  test('the last of equal keys counts, keys are in order', () => {
    const key = build.tuple(2);
    const map = build.mapFromPairs([
      [atom('b'), 2],
      [key, 4],
      [atom('a'), 6],
      [build.tuple(2), 8],
    ]);
    expect(build.mapSize(map)).toBe(3);
    expect(build.mapEntries(map)).toEqual([
      [atom('a'), 6],
      [atom('b'), 2],
      [expect.anything(), 8],
    ]);
    expect(build.mapGet(map, build.tuple(2))).toBe(8);
    expect(build.mapGet(map, atom('b'))).toBe(2);
    expect(build.mapGet(map, atom('c'))).toBe(NONE);
    expect(build.mapGet(build.mapFromPairs([]), atom('c'))).toBe(NONE);
    expect(build.isMap(map)).toBe(true);
  });

  test('every key of a large map is found, no other', () => {
    const pairs: [number, number][] = [];
    for (let i = 0; i < 100; i++) pairs.push([build.tuple(small((i * 37) % 100)), small(i)]);
    const map = build.mapFromPairs(pairs);
    for (const [key, value] of pairs) expect(build.mapGet(map, key)).toBe(value);
    expect(build.mapGet(map, build.tuple(small(100)))).toBe(NONE);
  });
});

test('pids, ports and references', () => {
  expect(build.localPid(3)).not.toBe(build.localPid(4));
  expect(build.localPid(3)).not.toBe(build.localPort(3));
  expect(exactEqual(build.reference(1, 2, 3), build.reference(1, 2, 3))).toBe(true);
  const far = (n: number) => build.externalPid(atom('a@b'), n, 0, 1);
  expect(exactEqual(far(1), far(1))).toBe(true);
  expect(exactEqual(far(1), far(2))).toBe(false);
});
