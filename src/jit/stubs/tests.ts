// Stubs of type tests and comparisons: each is one expression.
import type { Term } from '../../terms/tags.js';

declare const H: Int32Array;
declare function compare(a: Term, b: Term): number;
declare function equal(a: Term, b: Term): boolean;
declare function exactEqual(a: Term, b: Term): boolean;
declare function isBinary(t: Term): boolean;

export function isNonemptyList(t: Term): boolean {
  return (t & 7) === 1;
}
export function isList(t: Term): boolean {
  return (t & 7) === 1 || t === 5;
}
export function isIdentical(a: Term, b: Term): boolean {
  return a === b;
}
export function isAtom(t: Term): boolean {
  return (t & 63) === 13;
}
export function isBoolean(t: Term): boolean {
  return t === 13 || t === 77;
}
export function isInteger(t: Term): boolean {
  return (t & 1) === 0 || ((t & 7) === 3 && ((H[t >>> 3] & 0xff) === 0x8f || (H[t >>> 3] & 0xff) === 0x97));
}
export function isFloat(t: Term): boolean {
  return (t & 7) === 3 && (H[t >>> 3] & 0xff) === 0x87;
}
export function isNumber(t: Term): boolean {
  return (t & 1) === 0 || ((t & 7) === 3 && (H[t >>> 3] & 0xff) >= 0x87 && (H[t >>> 3] & 0xff) <= 0x97);
}
export function isTuple(t: Term): boolean {
  return (t & 7) === 3 && (H[t >>> 3] & 0xff) === 0x0f;
}
/** is_tuple and test_arity at once: the whole header is compared. */
export function isTupleOf(t: Term, header: number): boolean {
  return (t & 7) === 3 && H[t >>> 3] === header;
}
export function hasArity(t: Term, header: number): boolean {
  return H[t >>> 3] === header;
}
export function isTaggedTuple(t: Term, header: number, tag: Term): boolean {
  return (t & 7) === 3 && H[t >>> 3] === header && H[(t >>> 3) + 1] === tag;
}
export function isPid(t: Term): boolean {
  return (t & 63) === 21 || ((t & 7) === 3 && (H[t >>> 3] & 0xff) === 0xb7);
}
export function isPort(t: Term): boolean {
  return (t & 63) === 29 || ((t & 7) === 3 && (H[t >>> 3] & 0xff) === 0xbf);
}
export function isReference(t: Term): boolean {
  return (t & 7) === 3 && ((H[t >>> 3] & 0xff) === 0xaf || (H[t >>> 3] & 0xff) === 0xc7);
}
export function isFunction(t: Term): boolean {
  return (t & 7) === 3 && ((H[t >>> 3] & 0xff) === 0x17 || (H[t >>> 3] & 0xff) === 0x1f);
}
export function isFunctionOf(t: Term, arity: Term): boolean {
  return (
    (t & 7) === 3 &&
    ((H[t >>> 3] & 0xff) === 0x17 || (H[t >>> 3] & 0xff) === 0x1f) &&
    H[(t >>> 3) + 2] === arity
  );
}
export function isMap(t: Term): boolean {
  return (t & 7) === 3 && ((H[t >>> 3] & 0xff) === 0x27 || (H[t >>> 3] & 0xff) === 0x2f);
}
export function isBinaryTerm(t: Term): boolean {
  return isBinary(t);
}
export function isBitstring(t: Term): boolean {
  return (
    (t & 7) === 3 &&
    ((H[t >>> 3] & 0xff) === 0x9f || (H[t >>> 3] & 0xff) === 0xa7 || (H[t >>> 3] & 0xff) === 0x3f)
  );
}
export function less(a: Term, b: Term): boolean {
  return ((a | b) & 1) === 0 ? a < b : compare(a, b) < 0;
}
export function greaterOrEqual(a: Term, b: Term): boolean {
  return ((a | b) & 1) === 0 ? a >= b : compare(a, b) >= 0;
}
/** Two pointers may point to equal terms; anything else is equal only if identical. */
export function isExactlyEqual(a: Term, b: Term): boolean {
  return a === b || ((a & 5) === 1 && (b & 5) === 1 && exactEqual(a, b));
}
/** Different small integers are never equal; numbers of other kinds may be. */
export function isEqual(a: Term, b: Term): boolean {
  return a === b || (((a | b) & 1) !== 0 && equal(a, b));
}
