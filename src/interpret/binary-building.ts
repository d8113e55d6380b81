// Building bitstrings with bs_create_bin (OTP 25 and later). What older compilers emit is in binary-steps.ts.
//
// First the sizes of all segments are added up, then their values are written. As in OTP, what is wrong with a size is
// found before what is wrong with a value: badarg, or system_limit where a size is beyond all limits.
import { heapWords } from '../load/heap-need.js';
import type { Operand } from '../load/module.js';
import { LoadError } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { numberOf } from '../load/operands.js';
import { H, Reg, Region } from '../memory/arena.js';
import { MAX_BINARY } from '../memory/off-heap.js';
import { raiseError, raiseErrorWith } from '../processes/raise.js';
import { binaryBytes, bitSizeOf, isBitstring } from '../terms/access.js';
import { am, atom } from '../terms/atoms.js';
import { writeBits, writeFloat, writeInteger } from '../terms/bit-write.js';
import { mapFromPairs, tuple } from '../terms/build.js';
import { isCodePoint, utf8Size, utf16Size, writeUtf8, writeUtf16 } from '../terms/code-points.js';
import { extend, newBitstring } from '../terms/growing-binary.js';
import { isInteger } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import {
  addRoutine,
  BadSize,
  constantBits,
  fieldBits,
  flagsOf,
  isAll,
  literalBytes,
} from './bit-operands.js';
import { emitters } from './emitters.js';
import { numberToDouble } from './numbers.js';
import { I } from './ops.js';
import { type Routine, sourceAt, storeAt } from './slow.js';
import { collectHere } from './transitions.js';

/** Kinds of segments. A segment takes the same words whatever its kind: #kind #unit #flags S size #number. */
export const enum Segment {
  Integer,
  Float,
  Binary,
  /** All of a bitstring, whose size must be a multiple of the unit. */
  All,
  /** The same as first segment: what is built begins with it. */
  Append,
  Utf8,
  Utf16,
  Utf32,
  /** Constant bytes: the byte's index in `B` instead of S. */
  String,
}

const WORDS = 6;

/** Goes to the fail label, or raises. */
export function refuse(fail: number, reason: Term): number {
  if (fail !== 0) return fail;
  raiseError(reason);
  return 0;
}

/** The same for a segment of bs_create_bin: the exception says which one is wrong, and how. */
function refuseSegment(fail: number, reason: Term, at: number, e: number): number {
  if (fail !== 0) return fail;
  raiseErrorWith(reason, { args: 0, info: segmentError(at, e) });
  return 0;
}

/** Type names of segments in error_info. */
const TYPE_NAMES: Record<Segment, string> = {
  [Segment.Integer]: 'integer',
  [Segment.Float]: 'float',
  [Segment.Binary]: 'binary',
  [Segment.All]: 'binary',
  [Segment.Append]: 'binary',
  [Segment.Utf8]: 'utf8',
  [Segment.Utf16]: 'utf16',
  [Segment.Utf32]: 'utf32',
  [Segment.String]: 'binary',
};

/** The error_info map of a segment that cannot be built, in the form of OTP's format_bs_fail. */
function segmentError(at: number, e: number): Term {
  const kind = H[at] as Segment;
  const value = sourceAt(at + 3, e);
  const isSized = kind <= Segment.Binary && H[at + 1] !== 0;
  let what = 'type';
  let culprit = value;
  if (isSized && fieldBits(sourceAt(at + 4, e), H[at + 1]) < 0) {
    what = 'size';
    culprit = sourceAt(at + 4, e);
  } else if (kind === Segment.Float) {
    const isNumber = isInteger(value) || !Number.isNaN(numberToDouble(value));
    if (isNumber && Number.isNaN(numberToDouble(value))) what = 'no_float';
    else if (isNumber) {
      what = 'invalid';
      culprit = sizeOf(at, e) << 1;
    }
  } else if (isBitstring(value) && kind <= Segment.Append && kind >= Segment.Binary)
    what = kind === Segment.Binary ? 'short' : 'unit';
  const cause = tuple(H[at + 5] << 1, atom(TYPE_NAMES[kind]), atom(what), culprit);
  return mapFromPairs([
    [atom('cause'), cause],
    [atom('function'), atom('format_bs_fail')],
    [am.module, atom('erl_erts_errors')],
  ]);
}

/** Sizes of the segments, in bits, between the two passes. */
const sizes: number[] = [];

/**
 * Runs a routine that allocates what it builds and leaves `words` of the heap to the instructions behind it, which do not
 * ask again. If there is too little it collects; for a compiled unit, which can not stand that, it gives 0, so that the unit
 * is left and the interpreter does the instruction.
 */
export function withHeap(pc: number, e: number, words: number, live: number, routine: Routine): number {
  if (words === 0) return routine(pc, e);
  if (H[Reg.Htop] + words >= H[Reg.E]) {
    if (e === Region.Scratch) return 0;
    collectHere(words, live);
    e = H[Reg.E];
  }
  H[Reg.E] -= words;
  try {
    return routine(pc, e);
  } finally {
    H[Reg.E] += words;
  }
}

// #words #live L D #n (#kind #unit #flags S size)...: a unit of 0 says that the size is a number of bits, else it is an S
const create = addRoutine((pc, e) => withHeap(pc, e, H[pc + 2], H[pc + 3], build));

function build(pc: number, e: number): number {
  const fail = H[pc + 4];
  const n = H[pc + 6];
  const first = pc + 7;
  let total = 0;
  let at = first;
  for (let i = 0; i < n; i++) {
    const bits = sizeOf(at, e);
    if (bits < 0) return refuseSegment(fail, bits === BadSize.Large ? am.system_limit : am.badarg, at, e);
    sizes[i] = bits;
    total += bits;
    at += WORDS;
  }
  if (total > MAX_BINARY * 8) return refuse(fail, am.system_limit);
  let result: Term;
  if (n > 0 && H[first] === Segment.Append) {
    const left = sourceAt(first + 3, e);
    if (!isBitstring(left)) return refuseSegment(fail, am.badarg, first, e);
    const leftBits = bitSizeOf(left);
    if (leftBits % H[first + 1] !== 0) return refuseSegment(fail, am.badarg, first, e);
    if (leftBits + total > MAX_BINARY * 8) return refuse(fail, am.system_limit);
    result = extend(left, total);
  } else result = newBitstring(total);
  let byte = H[Reg.Byte];
  let bit = H[Reg.Bit];
  at = first;
  for (let i = 0; i < n; i++) {
    const bits = sizes[i];
    if (!writeSegment(at, e, byte, bit, bits)) return refuseSegment(fail, am.badarg, at, e);
    bit += bits;
    byte += Math.floor(bit / 8);
    bit &= 7;
    at += WORDS;
  }
  storeAt(pc + 5, e, result);
  return at;
}

/** Size in bits of the segment at word `at`, or a BadSize. What is appended to counts 0 here. */
function sizeOf(at: number, e: number): number {
  switch (H[at]) {
    case Segment.Append:
      return 0;
    case Segment.All: {
      const value = sourceAt(at + 3, e);
      if (!isBitstring(value)) return BadSize.Type;
      const bits = bitSizeOf(value);
      return bits % H[at + 1] === 0 ? bits : BadSize.Type;
    }
    case Segment.Utf8:
      return utf8Size(sourceAt(at + 3, e)) * 8;
    case Segment.Utf16:
      return utf16Size(sourceAt(at + 3, e)) * 8;
    case Segment.Utf32:
      return 32;
    default:
      return H[at + 1] === 0 ? H[at + 4] : fieldBits(sourceAt(at + 4, e), H[at + 1]);
  }
}

function writeSegment(at: number, e: number, byte: number, bit: number, bits: number): boolean {
  const kind = H[at];
  if (kind === Segment.Append) return true;
  if (kind === Segment.String) {
    writeBits(byte, bit, bits, H[at + 3], 0);
    return true;
  }
  return writeValue(kind, byte, bit, bits, sourceAt(at + 3, e), H[at + 2]);
}

/** Writes one value as a field; false if it is not of the field's type or too short. */
export function writeValue(
  kind: Segment,
  byte: number,
  bit: number,
  bits: number,
  value: Term,
  flags: number,
): boolean {
  switch (kind) {
    case Segment.Integer:
      if ((value & 1) !== 0 && !isInteger(value)) return false;
      writeInteger(byte, bit, bits, value, flags);
      return true;
    case Segment.Float: {
      const d = numberToDouble(value);
      if (Number.isNaN(d) || (bits !== 64 && bits !== 32 && bits !== 16)) return false;
      writeFloat(byte, bit, bits, d, flags);
      return true;
    }
    case Segment.Utf8:
      if (!isCodePoint(value)) return false;
      writeUtf8(byte, bit, value >> 1);
      return true;
    case Segment.Utf16:
      if (!isCodePoint(value)) return false;
      writeUtf16(byte, bit, value >> 1, flags);
      return true;
    case Segment.Utf32:
      if (!isCodePoint(value)) return false;
      writeInteger(byte, bit, 32, value, flags);
      return true;
    default: {
      if (!isBitstring(value)) return false;
      const { byteOffset, bitOffset, bitSize } = binaryBytes(value);
      if (bits > bitSize) return false;
      writeBits(byte, bit, bits, byteOffset, bitOffset);
      return true;
    }
  }
}

const KINDS: Record<string, Segment> = {
  integer: Segment.Integer,
  float: Segment.Float,
  binary: Segment.Binary,
  append: Segment.Append,
  private_append: Segment.Append,
  utf8: Segment.Utf8,
  utf16: Segment.Utf16,
  utf32: Segment.Utf32,
  string: Segment.String,
};

emitters[Op.bs_create_bin] = (a, [fail, heap, live, , dst, list]) => {
  const items = (list as { items: Operand[] }).items;
  a.emit(I.Slow, create, heapWords(heap), numberOf(live));
  a.label(fail);
  a.destination(dst);
  a.emit(items.length / 6);
  for (let i = 0; i < items.length; i += 6) segment(a, items.slice(i, i + 6), i === 0);
};

/** A segment: its type, number, unit, flags, value and size. */
function segment(a: Assembler, [type, number, unit, flags, value, size]: Operand[], isFirst: boolean): void {
  const name = (type as { name: string }).name;
  let kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind === undefined)
    throw new LoadError(
      a.module.path,
      `bs_create_bin has a segment of type ${name} that is not known`,
      'compile the source with an older OTP',
    );
  if (kind === Segment.String) {
    const bytes = numberOf(size);
    a.emit(Segment.String, 0, 0, literalBytes(a, numberOf(value), bytes), bytes * 8, 0);
    return;
  }
  if (kind === Segment.Binary && isAll(size)) kind = Segment.All;
  else if (kind === Segment.Append && !(isFirst && isAll(size)))
    kind = isAll(size) ? Segment.All : Segment.Binary;
  const bits = kind <= Segment.Binary ? constantBits(a, size, numberOf(unit)) : undefined;
  a.emit(kind, bits === undefined ? numberOf(unit) : 0, flagsOf(a, flags));
  a.source(value);
  if (bits !== undefined) a.emit(bits);
  else if (kind <= Segment.Binary) a.source(size);
  else a.emit(0);
  a.emit(numberOf(number));
}
