// Building bitstrings step by step, as compilers before OTP 25 (and later ones with +r24) have it: an instruction makes
// the bitstring at its final size, those that follow write one field each. Nothing comes between that could
// switch processes or collect garbage, so where the next field goes is in two registers (Reg.Byte, Reg.Bit), and how many bits
// no field has been written to in a third (Reg.BitsLeft).
import { heapWords } from '../load/heap-need.js';
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { numberOf } from '../load/operands.js';
import { H, Reg } from '../memory/arena.js';
import { MAX_BINARY } from '../memory/off-heap.js';
import { bitSizeOf, isBitstring } from '../terms/access.js';
import { am } from '../terms/atoms.js';
import { writeBits } from '../terms/bit-write.js';
import { utf8Size, utf16Size } from '../terms/code-points.js';
import { emptyGrowing, extend, newBitstring } from '../terms/growing-binary.js';
import { integerFromNumber } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { refuse, Segment, withHeap, writeValue } from './binary-building.js';
import {
  addRoutine,
  BadSize,
  constantBits,
  emitForInterpreter,
  fieldBits,
  isAll,
  literalBytes,
} from './bit-operands.js';
import { emitters } from './emitters.js';
import { I } from './ops.js';
import { defineSlow, sourceAt, storeAt } from './slow.js';

function goOn(bits: number): void {
  const bit = H[Reg.Bit] + bits;
  H[Reg.Byte] += Math.floor(bit / 8);
  H[Reg.Bit] = bit & 7;
  H[Reg.BitsLeft] -= bits;
}

/** Makes a bitstring of `size` units, or appends so much to `first`; -1, -2 are badarg and system_limit. */
function make(size: Term, unit: number): Term | BadSize {
  const bits = fieldBits(size, unit);
  if (bits < 0) return bits;
  return bits > MAX_BINARY * 8 ? BadSize.Large : newBitstring(bits);
}

function append(first: Term, size: Term, unit: number): Term | BadSize {
  const bits = fieldBits(size, 1);
  if (bits < 0) return bits;
  if (!isBitstring(first)) return BadSize.Type;
  const firstBits = bitSizeOf(first);
  if (firstBits % unit !== 0) return BadSize.Type;
  return firstBits + bits > MAX_BINARY * 8 ? BadSize.Large : extend(first, bits);
}

/** Stores a result, or fails; the result's word is followed by the next instruction. */
function finish(fail: number, at: number, e: number, result: Term | BadSize): number {
  // No boxed term is -1 or -2: their low bits are 7 and 6.
  if (result === BadSize.Type) return refuse(fail, am.badarg);
  if (result === BadSize.Large) return refuse(fail, am.system_limit);
  storeAt(at, e, result);
  return at + 1;
}

// #words #live L S #unit D
const init = addRoutine((pc, e) => withHeap(pc, e, H[pc + 2], H[pc + 3], doInit));

function doInit(pc: number, e: number): number {
  return finish(H[pc + 4], pc + 7, e, make(sourceAt(pc + 5, e), H[pc + 6]));
}

/** bs_init2 has its size in bytes, bs_init_bits in bits; the size is a count or a source. */
function defineInit(op: Op, unit: number): void {
  emitters[op] = (a, [fail, size, heap, live, , dst]) => {
    a.emit(I.Slow, init, heapWords(heap), numberOf(live));
    a.label(fail);
    if (size.kind === 'unsigned') a.poolWord(size.n << 1);
    else a.source(size);
    a.emit(unit);
    a.destination(dst);
  };
}
defineInit(Op.bs_init2, 8);
defineInit(Op.bs_init_bits, 1);

// #words #live L S(left) S(size) #unit D
const appendTo = addRoutine((pc, e) => withHeap(pc, e, H[pc + 2], H[pc + 3], doAppend));

function doAppend(pc: number, e: number): number {
  return finish(H[pc + 4], pc + 8, e, append(sourceAt(pc + 5, e), sourceAt(pc + 6, e), H[pc + 7]));
}

function emitAppend(
  a: Assembler,
  words: number,
  live: number,
  [fail, left, size, unit, dst]: Operand[],
): void {
  a.emit(I.Slow, appendTo, words, live);
  a.label(fail);
  a.source(left);
  a.source(size);
  a.emit(numberOf(unit));
  a.destination(dst);
}
emitters[Op.bs_append] = (a, [fail, size, heap, live, unit, left, , dst]) =>
  emitAppend(a, heapWords(heap), numberOf(live), [fail, left, size, unit, dst]);
emitters[Op.bs_private_append] = (a, [fail, size, unit, left, , dst]) =>
  emitAppend(a, 0, 0, [fail, left, size, unit, dst]);

// x0: the size in bytes if it is known, and where the result goes
const initWritable = addRoutine((pc) => {
  H[0] = emptyGrowing((H[0] & 1) === 0 && H[0] >= 0 ? H[0] >> 1 : undefined);
  return pc + 2;
});
emitters[Op.bs_init_writable] = (a) => emitForInterpreter(a, initWritable);

// L S S #unit D: the first plus unit times the second
defineSlow(Op.bs_add, (pc, e) => {
  const x = fieldBits(sourceAt(pc + 3, e), 1);
  const y = fieldBits(sourceAt(pc + 4, e), H[pc + 5]);
  if (x === BadSize.Type || y === BadSize.Type) return refuse(H[pc + 2], am.badarg);
  if (x + y > Number.MAX_SAFE_INTEGER || x < 0 || y < 0) return refuse(H[pc + 2], am.system_limit);
  storeAt(pc + 6, e, integerFromNumber(x + y));
  return pc + 7;
});

// L S D
defineSlow(Op.bs_utf8_size, (pc, e) => {
  storeAt(pc + 4, e, utf8Size(sourceAt(pc + 3, e)) << 1);
  return pc + 5;
});
defineSlow(Op.bs_utf16_size, (pc, e) => {
  storeAt(pc + 4, e, utf16Size(sourceAt(pc + 3, e)) << 1);
  return pc + 5;
});

function put(fail: number, next: number, kind: Segment, bits: number, value: Term, flags: number): number {
  if (bits > H[Reg.BitsLeft] || !writeValue(kind, H[Reg.Byte], H[Reg.Bit], bits, value, flags))
    return refuse(fail, am.badarg);
  goOn(bits);
  return next;
}

/** Fields of a size: a routine for a constant number of bits, one for a size in a register. */
function definePut(op: Op, kind: Segment): void {
  // L S #flags #bits
  const fixed = addRoutine((pc, e) =>
    put(H[pc + 2], pc + 6, kind, H[pc + 5], sourceAt(pc + 3, e), H[pc + 4]),
  );
  // L S #flags S #unit
  const sized = addRoutine((pc, e) => {
    const bits = fieldBits(sourceAt(pc + 5, e), H[pc + 6]);
    if (bits < 0) return refuse(H[pc + 2], bits === BadSize.Large ? am.system_limit : am.badarg);
    return put(H[pc + 2], pc + 7, kind, bits, sourceAt(pc + 3, e), H[pc + 4]);
  });
  emitters[op] = (a, [fail, size, unit, flags, value]) => {
    if (isAll(size)) {
      a.emit(I.Slow, putAll);
      a.label(fail);
      a.source(value);
      a.emit(numberOf(unit));
      return;
    }
    const bits = constantBits(a, size, numberOf(unit));
    a.emit(I.Slow, bits === undefined ? sized : fixed);
    a.label(fail);
    a.source(value);
    a.emit(numberOf(flags));
    if (bits !== undefined) a.emit(bits);
    else {
      a.source(size);
      a.emit(numberOf(unit));
    }
  };
}
// L S #unit
const putAll = addRoutine((pc, e) => {
  const value = sourceAt(pc + 3, e);
  const bits = isBitstring(value) ? bitSizeOf(value) : -1;
  if (bits < 0 || bits % H[pc + 4] !== 0) return refuse(H[pc + 2], am.badarg);
  return put(H[pc + 2], pc + 5, Segment.Binary, bits, value, 0);
});
definePut(Op.bs_put_integer, Segment.Integer);
definePut(Op.bs_put_float, Segment.Float);
definePut(Op.bs_put_binary, Segment.Binary);

// #bits #byte
const putString = addRoutine((pc) => {
  if (H[pc + 2] > H[Reg.BitsLeft]) return refuse(0, am.badarg);
  writeBits(H[Reg.Byte], H[Reg.Bit], H[pc + 2], H[pc + 3], 0);
  goOn(H[pc + 2]);
  return pc + 4;
});
emitters[Op.bs_put_string] = (a, [size, offset]) => {
  a.emit(I.Slow, putString, numberOf(size) * 8, literalBytes(a, numberOf(offset), numberOf(size)));
};

// L #flags S
defineSlow(Op.bs_put_utf8, (pc, e) => {
  const value = sourceAt(pc + 4, e);
  return put(H[pc + 2], pc + 5, Segment.Utf8, utf8Size(value) * 8, value, H[pc + 3]);
});
defineSlow(Op.bs_put_utf16, (pc, e) => {
  const value = sourceAt(pc + 4, e);
  return put(H[pc + 2], pc + 5, Segment.Utf16, utf16Size(value) * 8, value, H[pc + 3]);
});
defineSlow(Op.bs_put_utf32, (pc, e) =>
  put(H[pc + 2], pc + 5, Segment.Utf32, 32, sourceAt(pc + 4, e), H[pc + 3]),
);
