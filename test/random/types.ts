// Types of the expressions in random programs.
import type { Random } from './random.js';

export type T =
  | { kind: 'int' | 'float' | 'atom' | 'bool' | 'bin' | 'bits' | 'any' | 'record' }
  | { kind: 'list'; of: T }
  | { kind: 'tuple'; items: T[] }
  | { kind: 'map'; key: T; value: T }
  | { kind: 'fun'; args: T[]; result: T };

export const INT: T = { kind: 'int' };
export const FLOAT: T = { kind: 'float' };
export const ATOM: T = { kind: 'atom' };
export const BOOL: T = { kind: 'bool' };
export const BIN: T = { kind: 'bin' };
export const BITS: T = { kind: 'bits' };
export const ANY: T = { kind: 'any' };
export const RECORD: T = { kind: 'record' };
export const listOf = (of: T): T => ({ kind: 'list', of });

/** The fields of record r: -record(r, {a = 0, b = 0.0, c}). */
export const FIELDS: Record<string, T> = { a: INT, b: FLOAT, c: ANY };

/** A name of the type; types of the same name are the same. */
export function key(type: T): string {
  switch (type.kind) {
    case 'list':
      return `[${key(type.of)}]`;
    case 'tuple':
      return `{${type.items.map(key).join(',')}}`;
    case 'map':
      return `#{${key(type.key)}=>${key(type.value)}}`;
    case 'fun':
      return `(${type.args.map(key).join(',')})->${key(type.result)}`;
    default:
      return type.kind;
  }
}

const scalars: readonly (readonly [number, T])[] = [
  [6, INT],
  [3, FLOAT],
  [2, ATOM],
  [2, BOOL],
  [3, BIN],
  [1, BITS],
  [1, ANY],
  [1, RECORD],
];

/** A type that has no funs in it. */
export function randomData(r: Random, depth = 2): T {
  if (depth === 0 || r.oneIn(2)) return r.weighted(scalars);
  switch (r.below(5)) {
    case 0:
    case 1:
      return listOf(randomData(r, depth - 1));
    case 2:
    case 3:
      return { kind: 'tuple', items: r.times(r.range(1, 3), () => randomData(r, depth - 1)) };
    default:
      return { kind: 'map', key: r.pick([INT, ATOM, BIN, FLOAT]), value: randomData(r, depth - 1) };
  }
}

/** Any type. */
export function randomType(r: Random): T {
  if (r.oneIn(8)) {
    return { kind: 'fun', args: r.times(r.below(3), () => randomData(r, 1)), result: randomData(r, 1) };
  }
  return randomData(r);
}
