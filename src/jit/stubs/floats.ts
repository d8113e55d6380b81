// Stubs of float instructions: float registers are JavaScript locals, floats on the heap are boxed.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare const D: DataView;
declare function toDouble(t: Term): number;
declare function truncateFloat(d: number): Term;

/** The double of a term that is a float. */
export function unboxed(t: Term): number {
  return D.getFloat64(((t >>> 3) + 1) * 4, true);
}

/** fconv: a number of any kind; NaN is no float that Erlang has, so it says "not a number". */
export function convert(dst: number, t: Term): void {
  if ((t & 1) === 0) dst = t >> 1;
  else {
    const d = toDouble(t);
    if (d !== d) FAIL;
    dst = d;
  }
}

/** trunc/1 of a float. */
export function truncate(dst: Term, d: number): void {
  dst = d > -0x40000001 && d < 0x40000000 ? (d | 0) << 1 : truncateFloat(d);
}

export function fadd(dst: number, a: number, b: number): void {
  const d = a + b;
  if (d - d !== 0) FAIL;
  dst = d;
}
export function fsub(dst: number, a: number, b: number): void {
  const d = a - b;
  if (d - d !== 0) FAIL;
  dst = d;
}
export function fmul(dst: number, a: number, b: number): void {
  const d = a * b;
  if (d - d !== 0) FAIL;
  dst = d;
}
export function fdiv(dst: number, a: number, b: number): void {
  const d = a / b;
  if (d - d !== 0) FAIL;
  dst = d;
}

export function less(a: number, b: number): boolean {
  return a < b;
}
export function greaterOrEqual(a: number, b: number): boolean {
  return a >= b;
}
export function equals(a: number, b: number): boolean {
  return a === b;
}
