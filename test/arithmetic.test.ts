import { beforeEach, describe, expect, test } from 'vitest';
import { H } from '../dist/memory/arena.js';
import { allocateBlock } from '../dist/memory/blocks.js';
import * as arithmetic from '../dist/terms/arithmetic.js';
import { am, atomName } from '../dist/terms/atoms.js';
import { floatValue, isFloat, makeFloat } from '../dist/terms/float.js';
import {
  doubleToInteger,
  integerFromBigInt,
  integerFromNumber,
  integerFromWords,
  isBig,
  isInteger,
  toBigInt,
  toNumberIfSafe,
} from '../dist/terms/integer.js';
import { compareNumbers, numbersEqualExact } from '../dist/terms/number-compare.js';
import { golden } from './support/terms.js';

const HTOP = 1024;
const E = 1025;
const UNWIND = 7;
const WORDS = 1 << 22;
const block = allocateBlock(WORDS);

function resetHeap(): void {
  H[HTOP] = block;
  H[E] = block + WORDS;
}
beforeEach(resetHeap);

const binary: Record<string, (a: number, b: number) => number> = {
  '+': arithmetic.add,
  '-': arithmetic.subtract,
  '*': arithmetic.multiply,
  '/': arithmetic.divide,
  div: arithmetic.intDivide,
  rem: arithmetic.remainder,
  band: arithmetic.bitAnd,
  bor: arithmetic.bitOr,
  bxor: arithmetic.bitXor,
  bsl: arithmetic.shiftLeft,
  bsr: arithmetic.shiftRight,
};
const unary: Record<string, (a: number) => number> = {
  '-': arithmetic.negate,
  bnot: arithmetic.bitNot,
  abs: arithmetic.absolute,
  float: arithmetic.toFloat,
  round: arithmetic.round,
  trunc: arithmetic.trunc,
  floor: arithmetic.floor,
  ceil: arithmetic.ceil,
};

const doubles = new DataView(new ArrayBuffer(8));

function read(text: string): number {
  if (text[0] === '#') {
    doubles.setBigUint64(0, BigInt(`0x${text.slice(1)}`));
    return makeFloat(doubles.getFloat64(0));
  }
  return integerFromBigInt(text[0] === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`));
}

/** The result as the golden file spells it; integers that are not canonical are told apart. */
function print(t: number): string {
  if (t === UNWIND) return atomName(arithmetic.arithmeticError);
  if (isFloat(t)) {
    doubles.setFloat64(0, floatValue(t));
    return `#${doubles.getBigUint64(0).toString(16).toUpperCase().padStart(16, '0')}`;
  }
  expect(isInteger(t)).toBe(true);
  const value = toBigInt(t);
  if (isBig(t)) {
    const n = H[t >>> 3] >>> 8;
    if (H[(t >>> 3) + n] === 0) return `leading zero limb: ${value.toString(16)}`;
    if (value >= -0x40000000n && value <= 0x3fffffffn) return `boxed: ${value.toString(16)}`;
  }
  return value.toString(16).toUpperCase();
}

function evaluate(op: string, args: number[]): string {
  const [a, b] = args;
  if (op === 'order') {
    const order = compareNumbers(a, b);
    return order < 0 ? '<' : order > 0 ? '>' : '=';
  }
  if (op === 'same') return String(numbersEqualExact(a, b));
  return print(args.length === 1 ? unary[op](a) : binary[op](a, b));
}

test('as native Erlang does', () => {
  const wrong: unknown[] = [];
  for (const line of golden<string[]>('arithmetic.jsonl')) {
    const operands = line.slice(1, -1);
    resetHeap();
    const got = evaluate(line[0], operands.map(read));
    if (got !== line[line.length - 1]) wrong.push({ line, got });
  }
  expect(wrong).toEqual([]);
});

test('without room on the heap, results go to fragments', () => {
  const wrong: unknown[] = [];
  for (const line of golden<string[]>('arithmetic.jsonl').filter((_, i) => i % 7 === 0)) {
    resetHeap();
    const operands = line.slice(1, -1).map(read);
    H[E] = H[HTOP];
    const got = evaluate(line[0], operands);
    if (got !== line[line.length - 1]) wrong.push({ line, got });
  }
  expect(wrong).toEqual([]);
});

describe('integers of many limbs, against bigints', () => {
  let seed = 12345;
  function random(n: number): number {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return ((seed >>> 8) % n) | 0;
  }
  /** Random limbs, with runs of zeros and ones, which make carries travel. */
  function randomInteger(limbs: number): bigint {
    let text = '';
    for (let i = 0; i < limbs; i++) {
      const kind = random(4);
      text +=
        kind === 0
          ? '00000000'
          : kind === 1
            ? 'ffffffff'
            : (random(65536) * 65536 + random(65536)).toString(16).padStart(8, '0');
    }
    const value = BigInt(`0x${text || '0'}`);
    return random(2) === 0 ? value : -value;
  }
  const oracle: Record<string, (a: bigint, b: bigint) => bigint> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    div: (a, b) => a / b,
    rem: (a, b) => a % b,
    band: (a, b) => a & b,
    bor: (a, b) => a | b,
    bxor: (a, b) => a ^ b,
  };
  const sizes = [
    [1, 1, 800],
    [2, 1, 800],
    [2, 2, 800],
    [3, 2, 800],
    [4, 3, 500],
    [8, 1, 300],
    [8, 4, 300],
    [9, 8, 300],
    [20, 10, 200],
    [40, 39, 200],
    [64, 30, 100],
    [100, 31, 100],
    [130, 129, 50],
    [300, 5, 50],
    [600, 110, 20],
    [600, 300, 20],
    [1100, 3, 20],
    [1500, 700, 5],
  ]; // prettier-ignore

  test.each(sizes)('%i and %i limbs, %i times', (na, nb, times) => {
    const wrong: unknown[] = [];
    for (let i = 0; i < times; i++) {
      const a = randomInteger(na);
      const b = randomInteger(nb);
      for (const [x, y] of [
        [a, b],
        [b, a],
        [a, a],
        [a, a + 1n],
      ]) {
        for (const op of Object.keys(oracle)) {
          resetHeap();
          if (y === 0n && (op === 'div' || op === 'rem')) continue;
          const got = print(binary[op](integerFromBigInt(x), integerFromBigInt(y)));
          if (got !== oracle[op](x, y).toString(16).toUpperCase()) wrong.push([op, x, y, got]);
        }
        resetHeap();
        const order = compareNumbers(integerFromBigInt(x), integerFromBigInt(y));
        if (order !== (x < y ? -1 : x > y ? 1 : 0)) wrong.push(['order', x, y, order]);
      }
      const s = random(40 * na);
      resetHeap();
      const t = integerFromBigInt(a);
      for (const [op, want] of [
        [arithmetic.shiftLeft, a << BigInt(s)],
        [arithmetic.shiftRight, a >> BigInt(s)],
      ] as const) {
        const got = print(op(t, integerFromNumber(s)));
        if (got !== want.toString(16).toUpperCase()) wrong.push([op.name, a, s, got]);
      }
      for (const [op, want] of [
        [arithmetic.negate, -a],
        [arithmetic.bitNot, ~a],
        [arithmetic.absolute, a < 0n ? -a : a],
      ] as const) {
        const got = print(op(t));
        if (got !== want.toString(16).toUpperCase()) wrong.push([op.name, a, got]);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('quotients whose estimate is one too large', () => {
    const base = 1n << 32n;
    for (let i = 0; i < 2000; i++) {
      const divisor = (base ** 2n - BigInt(random(3))) * base + BigInt(random(3));
      const quotient = base ** 2n - 1n - BigInt(random(2)) * base;
      const dividend = divisor * quotient - BigInt(random(3)) + BigInt(random(2)) * (divisor - 1n);
      resetHeap();
      const a = integerFromBigInt(dividend);
      const b = integerFromBigInt(divisor);
      expect(toBigInt(arithmetic.intDivide(a, b))).toBe(dividend / divisor);
      expect(toBigInt(arithmetic.remainder(a, b))).toBe(dividend % divisor);
    }
  });
});

test('a result takes no more of the heap than it needs', () => {
  const a = integerFromBigInt(1n << 100n);
  const b = integerFromBigInt((1n << 100n) - 1n);
  const top = H[HTOP];
  expect(arithmetic.subtract(a, b)).toBe(1 << 1);
  expect(arithmetic.bitAnd(a, integerFromNumber(1))).toBe(0);
  expect(arithmetic.remainder(a, a)).toBe(0);
  expect(H[HTOP]).toBe(top);
  arithmetic.add(a, b);
  expect(H[HTOP]).toBe(top + 5);
  arithmetic.multiply(integerFromNumber(70000), integerFromNumber(70000));
  expect(H[HTOP]).toBe(top + 8);
});

test('the largest integer has 33554368 bits', () => {
  const small = integerFromNumber;
  const largest = integerFromBigInt((1n << 33554368n) - 1n);
  expect(isBig(largest)).toBe(true);
  const half = arithmetic.shiftRight(largest, small(1));
  for (const [got, fails] of [
    [() => arithmetic.shiftLeft(small(1), small(33554367)), false],
    [() => arithmetic.shiftLeft(small(1), small(33554368)), true],
    [() => arithmetic.shiftLeft(small(3), small(33554367)), true],
    [() => arithmetic.shiftRight(small(-1), small(-33554368)), true],
    [() => arithmetic.shiftLeft(half, small(1)), false],
    [() => arithmetic.shiftLeft(half, small(2)), true],
    [() => arithmetic.add(largest, small(1)), true],
    [() => arithmetic.add(half, half), false],
    [() => arithmetic.subtract(arithmetic.negate(largest), small(1)), true],
    [() => arithmetic.bitNot(largest), true],
    [() => arithmetic.bitNot(arithmetic.negate(largest)), false],
    [() => arithmetic.multiply(largest, small(-1)), false],
    [() => arithmetic.multiply(largest, small(2)), true],
    [() => arithmetic.multiply(half, small(-2)), false],
    [() => arithmetic.multiply(half, integerFromBigInt(1n << 40n)), true],
    [() => arithmetic.multiply(largest, largest), true],
  ] as const) {
    const top = H[HTOP];
    const t = got();
    expect([got.toString(), t === UNWIND]).toEqual([got.toString(), fails]);
    if (fails) expect(atomName(arithmetic.arithmeticError)).toBe('system_limit');
    H[HTOP] = top;
  }
});

test('operands that are no numbers', () => {
  const one = integerFromNumber(1);
  const big = integerFromBigInt(1n << 70n);
  for (const op of Object.values(binary)) {
    for (const [a, b] of [
      [am.ok, one],
      [one, am.ok],
      [big, am.ok],
      [am.ok, makeFloat(1)],
      [5, big],
    ]) {
      expect(op(a, b)).toBe(UNWIND);
      expect(arithmetic.arithmeticError).toBe(am.badarith);
    }
  }
  for (const [name, op] of Object.entries(unary)) {
    expect(op(am.ok)).toBe(UNWIND);
    expect(atomName(arithmetic.arithmeticError)).toBe(
      name === '-' || name === 'bnot' ? 'badarith' : 'badarg',
    );
  }
});

test('integers from and to JavaScript', () => {
  for (const n of [
    0,
    -0,
    1,
    -1,
    2 ** 30 - 1,
    2 ** 30,
    -(2 ** 30),
    -(2 ** 30) - 1,
    2 ** 31,
    2 ** 32 - 1,
    2 ** 32,
    2 ** 52 + 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]) {
    const t = integerFromNumber(n);
    expect(toNumberIfSafe(t)).toBe(n + 0);
    expect(isBig(t)).toBe(n >= 2 ** 30 || n < -(2 ** 30));
    expect(toBigInt(t)).toBe(BigInt(n));
    expect(compareNumbers(t, doubleToInteger(n))).toBe(0);
  }
  expect(toNumberIfSafe(integerFromBigInt(1n << 53n))).toBeUndefined();
  expect(toNumberIfSafe(integerFromBigInt(-(1n << 53n)))).toBeUndefined();
  expect(toNumberIfSafe(am.ok)).toBeUndefined();
  expect(print(integerFromWords(true, 0, 0x40000000))).toBe('-40000000');
  expect(print(integerFromWords(false, 0, 0x40000000))).toBe('40000000');
  expect(print(integerFromWords(true, -1, -1))).toBe('-FFFFFFFFFFFFFFFF');
  expect(print(integerFromWords(false, 0, -1))).toBe('FFFFFFFF');
  expect(print(doubleToInteger(1.7976931348623157e308))).toBe(
    BigInt(1.7976931348623157e308).toString(16).toUpperCase(),
  );
  for (let k = 0; k < 200; k++) {
    const b = (1n << BigInt(k)) + 12345n;
    expect(toBigInt(integerFromBigInt(b))).toBe(b);
    expect(toBigInt(integerFromBigInt(-b))).toBe(-b);
  }
});
