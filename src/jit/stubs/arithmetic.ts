// Stubs of integer arithmetic: the fast path on small integers, tagged as they are (value << 1), and a shared slow path
// for everything else. FAIL is where an instruction goes that raises badarith or has a fail label.
import type { Term } from '../../terms/tags.js';

declare const FAIL: void;
declare function slowAdd(a: Term, b: Term): Term;
declare function slowSubtract(a: Term, b: Term): Term;
declare function slowMultiply(a: Term, b: Term): Term;
declare function slowIntDivide(a: Term, b: Term): Term;
declare function slowRemainder(a: Term, b: Term): Term;
declare function slowDivide(a: Term, b: Term): Term;
declare function slowBitAnd(a: Term, b: Term): Term;
declare function slowBitOr(a: Term, b: Term): Term;
declare function slowBitXor(a: Term, b: Term): Term;
declare function slowShiftLeft(a: Term, b: Term): Term;
declare function slowShiftRight(a: Term, b: Term): Term;
declare function slowBitNot(a: Term): Term;
declare function slowNegate(a: Term): Term;

export function add(dst: Term, a: Term, b: Term): void {
  const r = (a + b) | 0;
  if (((a | b) & 1) === 0 && ((a ^ r) & (b ^ r)) >= 0) dst = r;
  else {
    const s = slowAdd(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

/** a + k for a small k >= 0; most is the largest a that does not overflow. */
export function addUp(dst: Term, a: Term, k: Term, most: number): void {
  if ((a & 1) === 0 && a <= most) dst = (a + k) | 0;
  else {
    const s = slowAdd(a, k);
    if (s === 7) FAIL;
    dst = s;
  }
}

/** a + k for a small k < 0; least is the smallest a that does not overflow. */
export function addDown(dst: Term, a: Term, k: Term, least: number): void {
  if ((a & 1) === 0 && a >= least) dst = (a + k) | 0;
  else {
    const s = slowAdd(a, k);
    if (s === 7) FAIL;
    dst = s;
  }
}

/** a + b where types say that the result is small. */
export function addSmall(dst: Term, a: Term, b: Term): void {
  dst = (a + b) | 0;
}

export function subtract(dst: Term, a: Term, b: Term): void {
  const r = (a - b) | 0;
  if (((a | b) & 1) === 0 && ((a ^ b) & (a ^ r)) >= 0) dst = r;
  else {
    const s = slowSubtract(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function subtractSmall(dst: Term, a: Term, b: Term): void {
  dst = (a - b) | 0;
}

export function multiply(dst: Term, a: Term, b: Term): void {
  const r = (a >> 1) * b;
  if (((a | b) & 1) === 0 && r === (r | 0)) dst = r | 0;
  else {
    const s = slowMultiply(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function multiplySmall(dst: Term, a: Term, b: Term): void {
  dst = Math.imul(a >> 1, b);
}

/** div: the quotient of tagged values is that of the values. Only -2^30 div -1 is no small integer. */
export function intDivide(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0 && b > 0) dst = ((a / b) | 0) << 1;
  else {
    const s = slowIntDivide(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function remainder(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0 && b !== 0) dst = (a % b) | 0;
  else {
    const s = slowRemainder(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function divide(dst: Term, a: Term, b: Term): void {
  const s = slowDivide(a, b);
  if (s === 7) FAIL;
  dst = s;
}

export function bitAnd(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0) dst = a & b;
  else {
    const s = slowBitAnd(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function bitOr(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0) dst = a | b;
  else {
    const s = slowBitOr(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function bitXor(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0) dst = a ^ b;
  else {
    const s = slowBitXor(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

/** bsl by a constant count (plain number, 0 to 29). */
export function shiftLeftBy(dst: Term, a: Term, count: number, b: Term): void {
  const r = a << count;
  if ((a & 1) === 0 && r >> count === a) dst = r;
  else {
    const s = slowShiftLeft(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function shiftLeft(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0 && b >= 0 && b < 60 && (a << (b >> 1)) >> (b >> 1) === a) dst = a << (b >> 1);
  else {
    const s = slowShiftLeft(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

/** bsr by a constant count (plain number, 0 to 31). */
export function shiftRightBy(dst: Term, a: Term, count: number, b: Term): void {
  if ((a & 1) === 0) dst = (a >> count) & -2;
  else {
    const s = slowShiftRight(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function shiftRight(dst: Term, a: Term, b: Term): void {
  if (((a | b) & 1) === 0 && b >= 0 && b < 62) dst = (a >> (b >> 1)) & -2;
  else {
    const s = slowShiftRight(a, b);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function bitNot(dst: Term, a: Term): void {
  if ((a & 1) === 0) dst = ~a ^ 1;
  else {
    const s = slowBitNot(a);
    if (s === 7) FAIL;
    dst = s;
  }
}

export function negate(dst: Term, a: Term): void {
  if ((a & 1) === 0 && a !== -0x80000000) dst = (0 - a) | 0;
  else {
    const s = slowNegate(a);
    if (s === 7) FAIL;
    dst = s;
  }
}
