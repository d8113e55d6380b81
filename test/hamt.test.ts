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

/** The odd number that times `n` gives 1 modulo 2^32. */
function inverse(n: number): number {
  let x = n;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(n, x));
  return x;
}

/** The word whose mixed bits are `h`: MurmurHash3's finaliser backwards. */
function unmix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, inverse(0xc2b2ae35));
  h ^= (h >>> 13) ^ (h >>> 26);
  h = Math.imul(h, inverse(0x85ebca6b));
  return h ^ (h >>> 16);
}

/** Small integers with hashes from `from` on, as many of the `range` as there are. */
function smallsWithHashes(from: number, range: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < range; i++) {
    const word = unmix((from + i) | 0);
    if ((word & 1) === 0) found.push(word);
  }
  return found;
}

/** Pairs {A, B} of small integers with the same hash as {1, 2}. */
function collidingPairs(count: number): [number, number][] {
  // What the hash of a pair is made of before its second element comes in.
  const before = (a: number) => (unmix(keyHash(build.tuple(a, small(0)))) - keyHash(small(0))) | 0;
  const wanted = unmix(keyHash(build.tuple(small(1), small(2))));
  const pairs: [number, number][] = [];
  for (let a = 1; pairs.length < count; a++) {
    const b = unmix((wanted - before(small(a))) | 0);
    if ((b & 1) === 0) pairs.push([a, b >> 1]);
  }
  return pairs;
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

const colliding = () => collidingPairs(60).map(([a, b]) => build.tuple(small(a), small(b)));

const KEYS: [string, () => number[]][] = [
  ['integers', () => Array.from({ length: 400 }, (_, i) => small(i * 7919))],
  ['integers with hashes one after the other', () => smallsWithHashes(0x12345600, 300)],
  ['tuples with the same hash', colliding],
  [
    'all of them and few others',
    () => [
      ...colliding(),
      ...smallsWithHashes(keyHash(colliding()[0]!) & ~0xff, 256),
      ...Array.from({ length: 50 }, (_, i) => small(i)),
    ],
  ],
];

it('the colliding keys of test/fixtures/engine/engine_maps.erl collide', () => {
  const source = readFileSync(new URL('fixtures/engine/engine_maps.erl', import.meta.url), 'utf8');
  const [, tuple] = /^collisions\(\) ->([^.]+)\./m.exec(source)!;
  const keys = [...tuple!.matchAll(/\{(\d+),\s+(-?\d+)\}/g)].map((m) => [Number(m[1]), Number(m[2])]);
  expect(keys).toEqual(collidingPairs(60));
});

it('the colliding keys collide', () => {
  const hashes = colliding().map(keyHash);
  expect(new Set(hashes).size).toBe(1);
  expect(new Set(colliding().map((t) => H[(t >>> 3) + 1])).size).toBe(60);
  expect(keyHash(smallsWithHashes(77, 4)[0]!)).toBeLessThan(81);
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
