// What compiled units call to match bitstrings where their inline code does not reach: other bit positions, sizes in registers,
// integers beyond small. A context is given by the word index of its object. Functions that take something give
// Sentinel.None where it is not there, and leave the position as it is.
import { fieldBits } from '../interpret/bit-operands.js';
import { bitsAt, readFloat, readInteger, sameBits } from '../terms/bit-read.js';
import { codePointBits, readUtf8, readUtf16, readUtf32 } from '../terms/code-points.js';
import { integerFromWords } from '../terms/integer.js';
import {
  advance,
  bitsLeft,
  currentBit,
  currentByte,
  partAt,
  positionTerm,
  restOf,
  restorePosition,
  startMatch,
  takeBitstring,
  takeFloat,
  takeInteger,
} from '../terms/match-context.js';
import { Sentinel, type Term } from '../terms/tags.js';

function skipBits(c: number, n: number): boolean {
  if (n > bitsLeft(c)) return false;
  advance(c, n);
  return true;
}

/** Length of a field, or more than any binary has if the size is no size. */
function bitsOfField(size: Term, unit: number): number {
  const bits = fieldBits(size, unit);
  return bits < 0 ? Number.POSITIVE_INFINITY : bits;
}

/** All that is left, if it is a multiple of `unit` bits. */
function takeRest(c: number, unit: number): Term {
  const n = bitsLeft(c);
  return n % unit === 0 ? takeBitstring(c, n) : Sentinel.None;
}

function skipRest(c: number, unit: number): boolean {
  const n = bitsLeft(c);
  return n % unit === 0 && skipBits(c, n);
}

/** Goes over `n` bits if they are those at byte `other`. */
function takeString(c: number, n: number, other: number): boolean {
  return n <= bitsLeft(c) && sameBits(currentByte(c), currentBit(c), n, other) && skipBits(c, n);
}

/** Goes over `n` bits, at most 32, if they are this int32. */
function takeEqual(c: number, n: number, value: number): boolean {
  return n <= bitsLeft(c) && bitsAt(currentByte(c), currentBit(c), n) === value && skipBits(c, n);
}

type Read = (at: number, bit: number, left: number, flags: number) => number;

function takerOf(read: Read): (c: number, flags: number) => Term {
  return (c, flags) => {
    const point = read(currentByte(c), currentBit(c), bitsLeft(c), flags);
    if (point < 0) return Sentinel.None;
    advance(c, codePointBits);
    return point << 1;
  };
}

/** By the names that generated code uses. */
export const matchingLibrary: Record<string, unknown> = {
  startMatch,
  bitsLeft,
  positionTerm,
  restorePosition,
  restOf,
  partAt,
  takeInteger,
  takeFloat,
  takeBitstring,
  takeRest,
  takeString,
  takeEqual,
  skipBits,
  skipRest,
  sameBits,
  readInteger,
  readFloat,
  takeSizedInteger: (c: number, size: Term, unit: number, flags: number): Term =>
    takeInteger(c, bitsOfField(size, unit), flags),
  takeSizedFloat: (c: number, size: Term, unit: number, flags: number): Term =>
    takeFloat(c, bitsOfField(size, unit), flags),
  takeSizedBits: (c: number, size: Term, unit: number): Term => takeBitstring(c, bitsOfField(size, unit)),
  skipSized: (c: number, size: Term, unit: number): boolean => skipBits(c, bitsOfField(size, unit)),
  takeUtf8: takerOf(readUtf8),
  takeUtf16: takerOf(readUtf16),
  takeUtf32: takerOf(readUtf32),
  /** An integer of 32 bits as a term. */
  boxUnsigned: (v: number): Term => integerFromWords(false, 0, v),
  boxSigned: (v: number): Term => integerFromWords(v < 0, 0, v < 0 ? -v : v),
};
