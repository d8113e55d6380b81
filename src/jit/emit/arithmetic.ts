// Emitters of integer arithmetic: gc_bif with an operator. Constants and known ranges choose among the stubs.

import type * as E from 'estree';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { settings } from '../../settings.js';
import { isInteger, toBigInt } from '../../terms/integer.js';
import { Sentinel } from '../../terms/tags.js';
import { bin, id, lit, type Name, set, when } from '../ast.js';
import { type Info, infoOfRange } from '../known.js';
import * as stubs from '../stubs/arithmetic.js';
import * as wide from '../stubs/wide.js';
import type { Unit } from '../unit.js';

const MAX_TERM = 0x7ffffffe;
const MIN_TERM = -0x80000000;

/** Doubles hold integers up to here. */
const EXACT = 2 ** 53;

/** The range of a result from the ranges of the operands, if it can be told. What doubles can not hold is rounded outwards. */
function range(op: string, a: Info | undefined, b: Info | undefined): Info | undefined {
  const info = computedRange(op, a, b);
  if (info?.min === undefined) return info;
  return infoOfRange(downwards(info.min), upwards(info.max!));
}

function upwards(n: number): number {
  return Math.abs(n) < EXACT ? n : n + Math.abs(n) / EXACT;
}

function downwards(n: number): number {
  return Math.abs(n) < EXACT ? n : n - Math.abs(n) / EXACT;
}

/** Bounds of an integer of any size. */
function around(value: bigint): { min: number; max: number } {
  return { min: downwards(Number(value)), max: upwards(Number(value)) };
}

/** The largest number with no more bits than n, which is not negative. */
function allOnes(n: number): number {
  let power = 1;
  while (power <= n) power *= 2;
  return power - 1;
}

function computedRange(op: string, a: Info | undefined, b: Info | undefined): Info | undefined {
  const bounded = a?.min !== undefined && b?.min !== undefined;
  switch (op) {
    case '+':
      return bounded ? infoOfRange(a!.min! + b!.min!, a!.max! + b!.max!) : undefined;
    case '-':
      return bounded ? infoOfRange(a!.min! - b!.max!, a!.max! - b!.min!) : undefined;
    case '*': {
      if (!bounded) return undefined;
      const products = [a!.min! * b!.min!, a!.min! * b!.max!, a!.max! * b!.min!, a!.max! * b!.max!];
      return infoOfRange(Math.min(...products), Math.max(...products));
    }
    case 'rem':
      if (b?.min !== undefined && b.min === b.max && b.small) {
        const most = Math.abs(b.min) - 1;
        return infoOfRange(a?.min !== undefined && a.min >= 0 ? 0 : -most, most);
      }
      return undefined;
    case 'band':
      if (b?.min !== undefined && b.min >= 0) return infoOfRange(0, b.max!);
      if (a?.min !== undefined && a.min >= 0) return infoOfRange(0, a.max!);
      return a?.small && b?.small ? { small: true } : undefined;
    case 'bor':
    case 'bxor':
      if (bounded && a!.min! >= 0 && b!.min! >= 0) return infoOfRange(0, allOnes(Math.max(a!.max!, b!.max!)));
      return a?.small && b?.small ? { small: true } : undefined;
    case 'bsr':
      if (a?.min !== undefined && b?.min !== undefined && b.min === b.max && b.min >= 0 && b.min < 64)
        return infoOfRange(Math.floor(a.min / 2 ** b.min), Math.floor(a.max! / 2 ** b.min));
      return a?.small && b?.min !== undefined && b.min >= 0 ? { small: true } : undefined;
    case 'bsl':
      if (bounded && b!.min === b!.max && b!.min! >= 0 && b!.min! < 64)
        return infoOfRange(a!.min! * 2 ** b!.min!, a!.max! * 2 ** b!.min!);
      return undefined;
    case 'div':
      if (bounded && b!.min === b!.max && b!.min! > 0)
        return infoOfRange(Math.trunc(a!.min! / b!.min!), Math.trunc(a!.max! / b!.min!));
      return undefined;
    default:
      return undefined;
  }
}

const plain = {
  '*': stubs.multiply,
  div: stubs.intDivide,
  rem: stubs.remainder,
  '/': stubs.divide,
  band: stubs.bitAnd,
  bor: stubs.bitOr,
  bxor: stubs.bitXor,
} as const;

/** Largest magnitude that a sum of bounds, computed in doubles, may have to fit 64 bits for sure. */
const WIDE = 9.2e18;

const wideStubs: Record<string, (a: bigint, b: bigint) => bigint> = {
  '+': wide.add,
  '-': wide.subtract,
  '*': wide.multiply,
  band: wide.bitAnd,
  bor: wide.bitOr,
  bxor: wide.bitXor,
  bsl: wide.shiftLeft,
  bsr: wide.shiftRight,
};
const BITWISE = new Set(['band', 'bor', 'bxor']);

/** Bounds of an operand as far as arithmetic on 64 bits goes; undefined: it may be anything. */
function wideRange(u: Unit, o: Operand): { min: number; max: number } | undefined {
  const constant = u.constant(o);
  if (constant !== undefined) {
    if ((constant & 1) === 0) return { min: constant >> 1, max: constant >> 1 };
    if (!isInteger(constant)) return undefined;
    const bounds = around(toBigInt(constant));
    return Math.max(-bounds.min, bounds.max) <= WIDE ? bounds : undefined;
  }
  const number = u.wide(o);
  if (number !== undefined) return number;
  const info = u.info(o) ?? u.claimed(o);
  if (
    info?.min !== undefined &&
    info.max !== undefined &&
    Math.abs(info.min) <= WIDE &&
    Math.abs(info.max) <= WIDE
  )
    return { min: info.min, max: info.max };
  return info?.small ? { min: -0x40000000, max: 0x3fffffff } : undefined;
}

/**
 * Arithmetic on 64 bits: for operands that are unboxed already, for constants beyond small and for results that are
 * expected beyond small; where the result fits 64 bits for sure. False: not such a case.
 */
function emitWide(u: Unit, op: string, x: Operand, y: Operand, dst: Operand): boolean {
  const stub = wideStubs[op];
  if (stub === undefined || settings.without.unboxed) return false;
  const a = wideRange(u, x);
  const b = wideRange(u, y);
  const beyond = (r: { min: number; max: number } | undefined, o: Operand): boolean =>
    r !== undefined &&
    (u.wide(o)?.boxed === false ||
      ((r.max > 0x3fffffff || r.min < -0x40000000) && Math.max(-r.min, r.max) <= WIDE));
  if (!mayBeWide(u, x) || !mayBeWide(u, y)) return false;
  const masked = (op === '+' || op === '-' || op === '*' || op === 'bsl') && isMaskedNext(u, dst);
  if (!beyond(a, x) && !beyond(b, y)) {
    // Two operands of known bounds whose result leaves small are the beginning of a chain.
    if (op !== 'bsl' || a === undefined || b === undefined || b.min !== b.max || b.min < 8) return false;
    if (a.max * 2 ** b.min < 2 ** 31) return false;
  }
  if ((op === 'bsl' || op === 'bsr') && (b === undefined || b.min !== b.max || b.min < 0 || b.min > 62))
    return false;
  // A count that the file only claims could be anything.
  if ((op === 'bsl' || op === 'bsr') && u.constant(y) === undefined) return false;
  const bounds = wideBounds(op, a, b) ?? (masked ? { min: -(2 ** 63), max: 2 ** 63 } : undefined);
  if (bounds === undefined) return false;
  const { min, max } = bounds;
  u.flushHeap();
  const left = u.wideOf(x);
  const right = u.wideOf(y);
  u.setWide(dst, u.inlineExpression(stub, { a: left, b: right }), min, max);
  return true;
}

/** Whether an operand is no constant that 64 bits can not hold: such a one can not be loaded. */
function mayBeWide(u: Unit, o: Operand): boolean {
  const constant = u.constant(o);
  if (constant === undefined || (constant & 1) === 0) return true;
  if (!isInteger(constant)) return false;
  const value = toBigInt(constant);
  return value === BigInt.asIntN(64, value);
}

/** Bounds of a result that fits 64 bits for sure, else undefined. */
function wideBounds(
  op: string,
  a: { min: number; max: number } | undefined,
  b: { min: number; max: number } | undefined,
): { min: number; max: number } | undefined {
  const known = a !== undefined && b !== undefined;
  const bounds = known ? range(op, { small: false, ...a }, { small: false, ...b }) : undefined;
  if (BITWISE.has(op)) {
    const masked = known || op !== 'band' ? bounds : (maskRange(a) ?? maskRange(b));
    return { min: masked?.min ?? -(2 ** 63), max: masked?.max ?? 2 ** 63 };
  }
  if (bounds?.min === undefined || Math.max(-bounds.min, bounds.max!) > WIDE) return undefined;
  return { min: bounds.min, max: bounds.max! };
}

/**
 * Whether the next instruction masks the register with a constant, in place: then only the low bits of the result count, and
 * what overflows 64 bits is cut off either way.
 */
function isMaskedNext(u: Unit, dst: Operand): boolean {
  const next = u.fn.code[u.at + 1];
  if (next?.op !== Op.gc_bif2) return false;
  const [fail, , imp, x, y, to] = next.args;
  const i = u.module.source.imports[num(imp)];
  if (i.module !== 'erlang' || i.name !== 'band' || num(fail) !== 0) return false;
  const same = (o: Operand): boolean => o.kind === dst.kind && num(o) === num(dst);
  const other = same(x) ? y : same(y) ? x : undefined;
  const mask = other === undefined ? undefined : u.constant(other);
  if (!same(to) || mask === undefined || !isInteger(mask)) return false;
  const value = toBigInt(mask);
  return value >= 0n && value < 2n ** 63n;
}

/** Bounds of something `band` a mask. */
function maskRange(mask: { min: number; max: number } | undefined): { min: number; max: number } | undefined {
  return mask !== undefined && mask.min >= 0 ? { min: 0, max: mask.max } : undefined;
}

/** Emits a binary operator; false: it is none. */
export function emitOperator(
  u: Unit,
  op: string,
  label: Operand,
  x: Operand,
  y: Operand,
  dst: Operand,
): boolean {
  // Without a fail label only: a guard that fails must not leave for what a boxed integer is.
  if (num(label) === 0 && emitWide(u, op, x, y, dst)) return true;
  const a = u.source(x);
  const b = u.source(y);
  const ia = u.info(x);
  const ib = u.info(y);
  const info = range(op, ia, ib);
  const fits = info?.small === true && ia?.small === true && ib?.small === true;
  const k = ib?.small && ib.min === ib.max ? ib.min! : undefined;
  const ka = ia?.small && ia.min === ia.max ? ia.min! : undefined;
  u.flushHeap();
  const fail = u.fail(label, `${op} fails`);
  const to = u.destination(dst, info);
  if (settings.without.stubs && slow[op] !== undefined) {
    shared(u, slow[op], to, [a, b], fail);
    return true;
  }
  switch (op) {
    case '+':
      if (fits) u.inline(stubs.addSmall, { dst: to, a, b });
      else if (k !== undefined) addConstant(u, to, a, k, fail);
      else if (ka !== undefined) addConstant(u, to, b, ka, fail);
      else u.inline(stubs.add, { dst: to, a, b }, fail);
      return true;
    case '-':
      if (fits) u.inline(stubs.subtractSmall, { dst: to, a, b });
      else if (k !== undefined && k > -0x40000000) addConstant(u, to, a, -k, fail);
      else u.inline(stubs.subtract, { dst: to, a, b }, fail);
      return true;
    case '*':
      if (fits) u.inline(stubs.multiplySmall, { dst: to, a, b });
      else u.inline(stubs.multiply, { dst: to, a, b }, fail);
      return true;
    case 'bsl':
      if (k !== undefined && k >= 0 && k < 30)
        u.inline(stubs.shiftLeftBy, { dst: to, a, count: lit(k), b }, fail);
      else u.inline(stubs.shiftLeft, { dst: to, a, b }, fail);
      return true;
    case 'bsr':
      if (k !== undefined && k >= 0)
        u.inline(stubs.shiftRightBy, { dst: to, a, count: lit(Math.min(k, 31)), b }, fail);
      else u.inline(stubs.shiftRight, { dst: to, a, b }, fail);
      return true;
    case 'div':
    case 'rem':
    case '/':
    case 'band':
    case 'bor':
    case 'bxor':
      u.inline(plain[op as keyof typeof plain], { dst: to, a, b }, fail);
      return true;
    default:
      return false;
  }
}

/** The shared function of each operator. */
const slow: Record<string, string> = {
  '+': 'slowAdd',
  '-': 'slowSubtract',
  '*': 'slowMultiply',
  div: 'slowIntDivide',
  rem: 'slowRemainder',
  '/': 'slowDivide',
  band: 'slowBitAnd',
  bor: 'slowBitOr',
  bxor: 'slowBitXor',
  bsl: 'slowShiftLeft',
  bsr: 'slowShiftRight',
};

/** The operator as a call, without inlined stub. */
function shared(u: Unit, name: string, dst: Name, args: E.Expression[], fail: E.Statement[]): void {
  u.locals.add('t');
  u.emit(
    set('t', u.callLibrary(name, ...args)),
    when(bin(id('t'), '===', lit(Sentinel.Unwind)), fail),
    set(dst.name, id('t')),
  );
}

function addConstant(
  u: Unit,
  dst: ReturnType<Unit['destination']>,
  a: ReturnType<Unit['source']>,
  k: number,
  fail: ReturnType<Unit['fail']>,
): void {
  const term = k * 2;
  if (k >= 0) u.inline(stubs.addUp, { dst, a, k: lit(term), most: lit(MAX_TERM - term) }, fail);
  else u.inline(stubs.addDown, { dst, a, k: lit(term), least: lit(MIN_TERM - term) }, fail);
}

/** Emits a unary operator; false: it is none. */
export function emitUnary(u: Unit, op: string, label: Operand, x: Operand, dst: Operand): boolean {
  if (op !== 'bnot' && op !== '-') return false;
  const a = u.source(x);
  u.flushHeap();
  const fail = u.fail(label, `${op} fails`);
  const info = u.info(x)?.small && op === 'bnot' ? { small: true } : undefined;
  u.inline(op === 'bnot' ? stubs.bitNot : stubs.negate, { dst: u.destination(dst, info), a }, fail);
  return true;
}
