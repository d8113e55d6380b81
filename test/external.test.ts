import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { H } from '../dist/memory/arena.js';
import { atom, existingAtom } from '../dist/terms/atoms.js';
import { list, stringList, tuple } from '../dist/terms/build.js';
import { exactEqual } from '../dist/terms/compare.js';
import { decodeTerm, ExternalFormatError, encodeTerm } from '../dist/terms/external.js';
import { base64, golden, termOf, useHeap } from './support/terms.js';

interface Line {
  bytes: string;
  term: string | null;
  used: number;
}

beforeAll(() => useHeap(1 << 24));

function decoded(bytes: Uint8Array): { term: string | null; used: number } {
  try {
    const { term, used } = decodeTerm(bytes);
    return { term: Buffer.from(encodeTerm(term)).toString('base64'), used };
  } catch (error) {
    if (!(error instanceof ExternalFormatError)) throw error;
    return { term: null, used: 0 };
  }
}

test('bytes, good and bad, are what they are to native', () => {
  for (const { bytes, term, used } of golden<Line>('external.jsonl')) {
    expect({ bytes, ...decoded(base64(bytes)) }).toEqual({ bytes, term, used });
  }
});

test.each(['order.jsonl', 'format.jsonl', 'io-format.jsonl'])('terms go there and back: %s', (file) => {
  for (const { ext } of golden<{ ext: string }>(file)) {
    // OTP 25 packs maps above 32 keys in an order of its own; there are none in here.
    expect(Buffer.from(encodeTerm(termOf(ext))).toString('base64')).toBe(ext);
  }
});

test('a term nested a million deep goes there and back', () => {
  const levels = 1_000_000;
  const bytes = new Uint8Array(2 + 2 * levels).fill(1);
  bytes[0] = 131;
  for (let i = 0; i < levels; i++) bytes[1 + 2 * i] = 104;
  bytes[bytes.length - 1] = 106;
  const { term, used } = decodeTerm(bytes);
  expect(used).toBe(bytes.length);
  expect(Buffer.compare(encodeTerm(term), bytes)).toBe(0);
});

describe('options', () => {
  test('minor version 2 writes atoms in UTF-8, 0 floats as text', () => {
    expect([...encodeTerm(atom('é'), { minorVersion: 2 })]).toEqual([131, 119, 2, 195, 169]);
    expect([...encodeTerm(atom('é'))]).toEqual([131, 100, 0, 1, 233]);
    const float = decodeTerm(Uint8Array.of(131, 70, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)).term;
    const text = Buffer.from(encodeTerm(float, { minorVersion: 0 })).toString('latin1');
    expect(text).toBe('\x83c1.50000000000000000000e+00\0\0\0\0\0');
  });

  test('compression is used where it pays', () => {
    const long = stringList('a'.repeat(1000));
    const packed = encodeTerm(long, { compressed: 6 });
    expect(packed[1]).toBe(80);
    expect(packed.length).toBeLessThan(50);
    expect(exactEqual(decodeTerm(packed).term, long)).toBe(true);
    expect([...encodeTerm(14, { compressed: 9 })]).toEqual([131, 97, 7]);
  });

  test('safe refuses atoms that do not exist, and does not make them', () => {
    const bytes = Uint8Array.of(131, 119, 7, ...Buffer.from('unheard'));
    expect(() => decodeTerm(bytes, undefined, { safe: true })).toThrow(/the atom unheard does not exist/);
    expect(existingAtom('unheard')).toBeUndefined();
    expect(decodeTerm(bytes).term).toBe(existingAtom('unheard'));
    expect(decodeTerm(bytes, undefined, { safe: true }).term).toBe(atom('unheard'));
  });

  test('bad data makes no atoms', () => {
    const bytes = Uint8Array.of(131, 104, 2, 119, 4, ...Buffer.from('half'));
    expect(() => decodeTerm(bytes)).toThrow('external term format: the data ends at byte 9');
    expect(existingAtom('half')).toBeUndefined();
  });

  test('the allocator is asked once, for exactly what the term takes', () => {
    const bytes = encodeTerm(tuple(list([2, 4]), stringList('abc'), atom('x')));
    const asked: number[] = [];
    let base = 0;
    const { term } = decodeTerm(bytes, (words) => {
      asked.push(words);
      base = 300_000;
      return base;
    });
    expect(asked).toEqual([4 + 4 + 6]);
    expect(term >>> 3).toBe(base);
    expect(H[base]! >>> 8).toBe(3);
  });
});

test('a compression bomb stops at the size that it says', () => {
  const packed = deflateSync(new Uint8Array(50_000_000));
  const bytes = Buffer.concat([Buffer.from([131, 80, 0, 0, 0, 100]), packed]);
  expect(() => decodeTerm(bytes)).toThrow('external term format: the compressed data is damaged at byte 6');
});
