// Stubs of arithmetic on integers of up to 64 bits that are BigInt locals. Every result passes through asIntN, which is
// what lets V8 keep them in machine registers; the emitter has made sure that none of them overflows 64 bits.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare function isWide(t: Term): boolean;
declare function loadWide(t: Term): bigint;

/** The value of an integer term; FAIL if it is none or has more than 64 bits. */
export function load(dst: bigint, t: Term): void {
  if ((t & 1) === 0) dst = BigInt.asIntN(64, BigInt(t >> 1));
  else if (isWide(t)) dst = loadWide(t);
  else FAIL;
}
export function ofSmall(t: Term): bigint {
  return BigInt.asIntN(64, BigInt(t >> 1));
}
export function add(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a + b);
}
export function subtract(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a - b);
}
export function multiply(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a * b);
}
export function bitAnd(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a & b);
}
export function bitOr(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a | b);
}
export function bitXor(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a ^ b);
}
export function shiftLeft(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a << b);
}
export function shiftRight(a: bigint, b: bigint): bigint {
  return BigInt.asIntN(64, a >> b);
}
export function less(a: bigint, b: bigint): boolean {
  return a < b;
}
export function greaterOrEqual(a: bigint, b: bigint): boolean {
  return a >= b;
}
export function equals(a: bigint, b: bigint): boolean {
  return a === b;
}
