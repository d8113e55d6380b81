// What compiled units call to build bitstrings (bs_create_bin): room for all, then field by field. A field is written at a byte
// index in `B` and a bit of that byte; a function that writes gives false if the value is not of the field's type.
import { fieldBits } from '../interpret/bit-operands.js';
import { numberToDouble } from '../interpret/numbers.js';
import { H, Reg } from '../memory/arena.js';
import { MAX_BINARY } from '../memory/off-heap.js';
import { bitSizeOf, isBitstring } from '../terms/access.js';
import { copyBytes, writeBits, writeFloat, writeInteger } from '../terms/bit-write.js';
import { isCodePoint, utf8Size, utf16Size, writeUtf8, writeUtf16 } from '../terms/code-points.js';
import { emptyGrowing, extend, newBitstring } from '../terms/growing-binary.js';
import { isInteger } from '../terms/integer.js';
import { Kind, Sentinel, type Term } from '../terms/tags.js';

const MAX_BITS = MAX_BINARY * 8;

/** Copies the first `n` bits of a bitstring that has so many. */
function copyField(at: number, bit: number, n: number, value: Term): void {
  let p = value >>> 3;
  let from = 0;
  let fromBit = 0;
  if ((H[p] & Kind.Mask) === Kind.SubBinary) {
    from = H[p + 2] >> 1;
    fromBit = (H[p + 4] >> 1) & 7;
    p = H[p + 1] >>> 3;
  }
  from += ((H[p] & Kind.Mask) === Kind.HeapBinary ? p + 2 : H[p + 2]) * 4;
  if ((bit | fromBit | (n & 7)) === 0 && n < 1024) copyBytes(at, from, n >>> 3);
  else writeBits(at, bit, n, from, fromBit);
}

function writeDoubleAt(at: number, bit: number, n: number, d: number, flags: number): boolean {
  if (n !== 64 && n !== 32 && n !== 16) return false;
  writeFloat(at, bit, n, d, flags);
  return true;
}

/** By the names that generated code uses. */
export const buildingLibrary: Record<string, unknown> = {
  fieldBits,
  writeBits,
  writeDoubleAt,
  /** Length of a bitstring, if it is a multiple of `unit`; else -1. */
  bitsOf: (t: Term, unit: number): number => {
    if (!isBitstring(t)) return -1;
    const n = bitSizeOf(t);
    return unit === 1 || n % unit === 0 ? n : -1;
  },
  utf8Bits: (t: Term): number => utf8Size(t) * 8,
  utf16Bits: (t: Term): number => utf16Size(t) * 8,
  /** A bitstring of `n` bits; Sentinel.Unwind if that is too long. */
  newBits: (n: number): Term => (n <= MAX_BITS ? newBitstring(n) : Sentinel.Unwind),
  /** A bitstring with `n` bits more; Sentinel.Unwind if `left` is none in units, or it gets too long. */
  extendBits: (left: Term, unit: number, n: number): Term => {
    if (!isBitstring(left)) return Sentinel.Unwind;
    const bits = bitSizeOf(left);
    return (unit === 1 || bits % unit === 0) && bits + n <= MAX_BITS ? extend(left, n) : Sentinel.Unwind;
  },
  /** bs_init_writable: its operand is the size in bytes, if the compiler knows it. */
  initWritable: (size: Term): Term => emptyGrowing((size & 1) === 0 && size >= 0 ? size >> 1 : undefined),
  /** Goes on behind a field of `n` bits. */
  goOnBits: (n: number): void => {
    const bit = H[Reg.Bit] + n;
    H[Reg.Byte] += Math.floor(bit / 8);
    H[Reg.Bit] = bit & 7;
  },
  writeIntegerAt: (at: number, bit: number, n: number, value: Term, flags: number): boolean => {
    if ((value & 1) !== 0 && !isInteger(value)) return false;
    writeInteger(at, bit, n, value, flags);
    return true;
  },
  writeFloatAt: (at: number, bit: number, n: number, value: Term, flags: number): boolean => {
    const d = numberToDouble(value);
    return !Number.isNaN(d) && writeDoubleAt(at, bit, n, d, flags);
  },
  writeBitsAt: (at: number, bit: number, n: number, value: Term): boolean => {
    if (!isBitstring(value) || bitSizeOf(value) < n) return false;
    copyField(at, bit, n, value);
    return true;
  },
  writeUtf8At: (at: number, bit: number, value: Term): boolean => {
    if (!isCodePoint(value)) return false;
    writeUtf8(at, bit, value >> 1);
    return true;
  },
  writeUtf16At: (at: number, bit: number, value: Term, flags: number): boolean => {
    if (!isCodePoint(value)) return false;
    writeUtf16(at, bit, value >> 1, flags);
    return true;
  },
  writeUtf32At: (at: number, bit: number, value: Term, flags: number): boolean => {
    if (!isCodePoint(value)) return false;
    writeInteger(at, bit, 32, value, flags);
    return true;
  },
};
