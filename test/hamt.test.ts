// Large maps as tries: random updates against a Map of JavaScript, the shape, and keys whose hashes are the same.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { H } from '../dist/memory/arena.js';
import * as build from '../dist/terms/build.js';
import { compare, equal, exactEqual } from '../dist/terms/compare.js';
import { hashMapSize, leavesFrom, leavesOf, rootOf } from '../dist/terms/hamt.js';
import { keyHash } from '../dist/terms/key-hash.js';
import { useHeap } from './support/terms.js';

beforeAll(() => useHeap(1 << 24));

const small = (n: number) => n << 1;

/** Small integers from 0 on whose hashes begin with the same 12 bits as that of `like`. */
function smallsNear(like: number, count: number): number[] {
  const wanted = keyHash(like) >>> 20;
  const found: number[] = [];
  for (let n = 0; found.length < count; n++) if (keyHash(small(n)) >>> 20 === wanted) found.push(small(n));
  return found;
}

/** What the hash of bytes does with three words for every twelve bytes: Bob Jenkins' function of 1996. */
function mix(words: [number, number, number]): [number, number, number] {
  let [a, b, c] = words;
  a = (a - b - c) ^ (c >>> 13);
  b = (b - c - a) ^ (a << 8);
  c = (c - a - b) ^ (b >>> 13);
  a = (a - b - c) ^ (c >>> 12);
  b = (b - c - a) ^ (a << 16);
  c = (c - a - b) ^ (b >>> 5);
  a = (a - b - c) ^ (c >>> 3);
  b = (b - c - a) ^ (a << 10);
  c = (c - a - b) ^ (b >>> 15);
  return [a, b, c];
}

const GOLDEN = 0x9e3779b9;
/** The hash that a binary which is a key starts with. */
const BINARY_KEY = (Math.imul(GOLDEN, 13) + 0xcc9e2d51) | 0;

/**
 * Binaries of 24 bytes with the same hash, here and in native Erlang: whatever the first half has made of the three words, the second
 * half takes them to where they are the same.
 */
function collidingBytes(count: number): Uint8Array[] {
  const binaries: Uint8Array[] = [];
  let wanted: number[] = [];
  for (let i = 0; i < count; i++) {
    const bytes = new Uint8Array(24);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, i, true);
    const words = mix([(GOLDEN + i) | 0, GOLDEN | 0, BINARY_KEY]);
    if (i === 0) wanted = words;
    for (let k = 0; k < 3; k++) view.setUint32(12 + 4 * k, wanted[k]! - words[k]!, true);
    binaries.push(bytes);
  }
  return binaries;
}

/** Checks everything that the file says of a trie's shape. */
function checkShape(map: number): void {
  let count = 0;
  const walk = (node: number, depth: number, prefix: number, children: number): void => {
    const bitmap = H[node]! >> 1;
    if (depth === 8) expect(bitmap).toBe(0);
    else expect(bitmap.toString(2).replaceAll('0', '').length).toBe(children);
    if (depth > 0 && children === 1) expect(H[node + 1]! & 7).toBe(3);
    if (depth === 8) expect(children).toBeGreaterThan(1);
    let at = node;
    for (let n = 0; n < (depth === 8 ? children : 16); n++) {
      if (depth < 8 && (bitmap & (1 << n)) === 0) continue;
      const child = H[++at]!;
      const path = depth === 8 ? prefix : prefix * 16 + n;
      if ((child & 7) === 3) {
        expect(H[child >>> 3]! & 0xff).toBe(0x37);
        walk((child >>> 3) + 1, depth + 1, path, (H[child >>> 3]! >>> 8) - 1);
      } else {
        count++;
        const digits = Math.min(depth + 1, 8);
        expect(Math.floor((keyHash(H[child >>> 3]!) >>> 0) / 2 ** (32 - 4 * digits))).toBe(path);
      }
    }
  };
  expect(H[map >>> 3]! & 0xff).toBe(0x2f);
  walk(rootOf(map), 0, 0, (H[map >>> 3]! >>> 8) - 2);
  expect(count).toBe(hashMapSize(map));
  expect(count).toBeGreaterThan(32);
}

/** A generator of numbers from 0 to n - 1 (xorshift). */
function random(seed: number): (n: number) => number {
  let x = seed;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
}

const colliding = () => collidingBytes(60).map((bytes) => build.binary(bytes));

const KEYS: [string, () => number[]][] = [
  ['integers', () => Array.from({ length: 400 }, (_, i) => small(i * 7919))],
  ['integers with hashes that begin alike', () => smallsNear(small(7), 200)],
  ['binaries with the same hash', colliding],
  [
    'all of them and few others',
    () => [
      ...colliding(),
      ...smallsNear(colliding()[0]!, 100),
      ...Array.from({ length: 50 }, (_, i) => small(i)),
    ],
  ],
];

it('the colliding keys of test/fixtures/engine/engine_maps.erl collide', () => {
  const source = readFileSync(new URL('fixtures/engine/engine_maps.erl', import.meta.url), 'utf8');
  const [, keys] = /^collisions\(\) ->([^.]+)\./m.exec(source)!;
  const numbers = [...keys!.matchAll(/<<16#([0-9A-F]+):192>>/g)].map((m) => m[1]);
  expect(numbers).toEqual(
    collidingBytes(60).map((bytes) => Buffer.from(bytes).toString('hex').toUpperCase()),
  );
});

it('the colliding keys collide', () => {
  const hashes = colliding().map(keyHash);
  expect(new Set(hashes).size).toBe(1);
  expect(new Set(collidingBytes(60).map(String)).size).toBe(60);
});

describe.each(KEYS)('%s', (_, make) => {
  it('updates as a Map does, and stays in shape', () => {
    const keys = make();
    for (let seed = 1; seed <= 6; seed++) {
      const next = random(seed * 0x9e3779b9);
      let map = build.mapFromPairs([]);
      const model = new Map<number, number>();
      let older: [number, Map<number, number>] = [map, new Map()];
      for (let step = 0; step < 1200; step++) {
        const key = keys[next(keys.length)]!;
        // Grows and shrinks in turns, so that 32 and 33 are crossed again and again.
        const grows = Math.floor(step / 150) % 2 === 0;
        const choice = next(10);
        if (grows ? choice < 7 : choice < 2) {
          map = build.mapPut(map, key, small(step));
          model.set(key, small(step));
        } else if (choice === 9) {
          const updated = build.mapUpdate(map, key, small(step));
          expect(updated === 53).toBe(!model.has(key));
          if (updated !== 53) {
            map = updated;
            model.set(key, small(step));
          }
        } else {
          map = build.mapRemove(map, key);
          model.delete(key);
        }
        expect(build.mapSize(map)).toBe(model.size);
        if (step % 50 === 0) {
          for (const k of keys) expect(build.mapGet(map, k)).toBe(model.get(k) ?? 53);
          if (model.size > 32) checkShape(map);
          const fresh = build.mapFromPairs([...model]);
          expect([exactEqual(map, fresh), equal(map, fresh), compare(map, fresh)]).toEqual([true, true, 0]);
          expect(keyHash(map)).toBe(keyHash(fresh));
          // What was there before has not changed.
          expect(exactEqual(older[0], build.mapFromPairs([...older[1]]))).toBe(true);
          older = [map, new Map(model)];
        }
      }
    }
  });

  it('merges as a Map does', () => {
    const keys = make();
    const next = random(4711);
    for (let round = 0; round < 60; round++) {
      const choose = (): Map<number, number> => {
        const n = next(round % 3 === 0 ? 40 : keys.length * 2);
        return new Map(Array.from({ length: n }, () => [keys[next(keys.length)]!, small(next(3))]));
      };
      const [a, b] = [choose(), choose()];
      let x = build.mapFromPairs([...a]);
      const y = build.mapFromPairs([...b]);
      // Sometimes one is made from the other, so that they share nodes.
      if (round % 4 === 0) {
        x = y;
        for (const [k, v] of a) x = build.mapPut(x, k, v);
      }
      const merged = build.mergeMaps(x, y);
      const model = round % 4 === 0 ? new Map([...b, ...a, ...b]) : new Map([...a, ...b]);
      expect(build.mapSize(merged)).toBe(model.size);
      expect(exactEqual(merged, build.mapFromPairs([...model]))).toBe(true);
      if (model.size > 32) checkShape(merged);
    }
  });

  it('goes over all keys in parts', () => {
    const keys = make();
    const map = build.mapFromPairs(keys.map((k) => [k, k]));
    if (keys.length <= 32) return;
    for (const count of [1, 2, 7, 32, 1000]) {
      const seen: number[] = [];
      let position = 0;
      for (let steps = 0; position < 2 ** 32; steps++) {
        const part = leavesFrom(map, position, count);
        expect(part.next).toBeGreaterThan(position);
        seen.push(...part.leaves);
        position = part.next;
        expect(steps).toBeLessThanOrEqual(keys.length);
      }
      expect(seen).toEqual([...leavesOf(map)]);
    }
  });
});
