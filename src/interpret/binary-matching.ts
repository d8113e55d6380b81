// Matching bitstrings: the instructions of one step each. Those of OTP 26 and later that are many steps in one
// are in match-commands.ts. A step that does not match goes to its fail label and leaves the match context as it was.
//
// Constant sizes are multiplied out when the code is assembled; the comment before each routine says its operands.
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { numberOf } from '../load/operands.js';
import { H } from '../memory/arena.js';
import { am } from '../terms/atoms.js';
import { sameBits } from '../terms/bit-read.js';
import { codePointBits, readUtf8, readUtf16, readUtf32 } from '../terms/code-points.js';
import {
  advance,
  bitsLeft,
  currentBit,
  currentByte,
  positionTerm,
  restOf,
  restorePosition,
  startMatch,
  takeBitstring,
  takeByte,
  takeFloat,
  takeInteger,
} from '../terms/match-context.js';
import { Sentinel, type Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { refuse } from './binary-building.js';
import { addRoutine, constantBits, fieldBits, isAll, literalBytes } from './bit-operands.js';
import { emitters } from './emitters.js';
import { I } from './ops.js';
import { sourceAt, storeAt } from './slow.js';

/** The match context of operand S at word `at`: its word index. */
function contextAt(at: number, e: number): number {
  return sourceAt(at, e) >>> 3;
}

// L S D
const start = addRoutine((pc, e) => {
  const context = startMatch(sourceAt(pc + 3, e));
  if (context === Sentinel.None) return refuse(H[pc + 2], am.badarg);
  storeAt(pc + 4, e, context);
  return pc + 5;
});

function emitStart(a: Assembler, fail: Operand, src: Operand, dst: Operand): void {
  a.emit(I.Slow, start);
  if (fail.kind === 'label') a.label(fail);
  else a.emit(0); // no_fail or resume: the compiler knows that it is a bitstring or a context
  a.source(src);
  a.destination(dst);
}
emitters[Op.bs_start_match3] = (a, [fail, src, , dst]) => emitStart(a, fail, src, dst);
emitters[Op.bs_start_match4] = (a, [fail, , src, dst]) => emitStart(a, fail, src, dst);

// S D
const getPosition = addRoutine((pc, e) => {
  storeAt(pc + 3, e, positionTerm(contextAt(pc + 2, e)));
  return pc + 4;
});
emitters[Op.bs_get_position] = (a, [context, dst]) => {
  a.emit(I.Slow, getPosition);
  a.source(context);
  a.destination(dst);
};

// S S
const setPosition = addRoutine((pc, e) => {
  restorePosition(contextAt(pc + 2, e), sourceAt(pc + 3, e));
  return pc + 4;
});
emitters[Op.bs_set_position] = (a, [context, position]) => {
  a.emit(I.Slow, setPosition);
  a.source(context);
  a.source(position);
};

// S D
const getTail = addRoutine((pc, e) => {
  storeAt(pc + 3, e, restOf(contextAt(pc + 2, e)));
  return pc + 4;
});
emitters[Op.bs_get_tail] = (a, [context, dst]) => {
  a.emit(I.Slow, getTail);
  a.source(context);
  a.destination(dst);
};

type Take = (c: number, n: number, flags: number) => Term;

/** Instructions that take a value: a routine for a length that is constant, one for a length in a register. */
function defineTake(op: Op, take: Take): void {
  // L S #bits #flags D
  const fixed = addRoutine((pc, e) => {
    const value = take(contextAt(pc + 3, e), H[pc + 4], H[pc + 5]);
    if (value === Sentinel.None) return H[pc + 2];
    storeAt(pc + 6, e, value);
    return pc + 7;
  });
  // L S S #unit #flags D
  const sized = addRoutine((pc, e) => {
    const bits = fieldBits(sourceAt(pc + 4, e), H[pc + 5]);
    if (bits < 0) return H[pc + 2];
    const value = take(contextAt(pc + 3, e), bits, H[pc + 6]);
    if (value === Sentinel.None) return H[pc + 2];
    storeAt(pc + 7, e, value);
    return pc + 8;
  });
  emitters[op] = (a, [fail, context, , size, unit, flags, dst]) => {
    const bits = constantBits(a, size, numberOf(unit));
    if (op === Op.bs_get_integer2 && bits === 8 && (numberOf(flags) & 4) === 0) {
      a.emit(I.Slow, getByte);
      a.label(fail);
      a.source(context);
    } else if (op === Op.bs_get_binary2 && isAll(size)) {
      a.emit(I.Slow, getAll);
      a.label(fail);
      a.source(context);
      a.emit(numberOf(unit));
    } else {
      a.emit(I.Slow, bits === undefined ? sized : fixed);
      a.label(fail);
      a.source(context);
      if (bits !== undefined) a.emit(bits);
      else {
        a.source(size);
        a.emit(numberOf(unit));
      }
      a.emit(numberOf(flags));
    }
    a.destination(dst);
  };
}

// L S D
const getByte = addRoutine((pc, e) => {
  const value = takeByte(contextAt(pc + 3, e));
  if (value === Sentinel.None) return H[pc + 2];
  storeAt(pc + 4, e, value);
  return pc + 5;
});
// L S #unit D
const getAll = addRoutine((pc, e) => {
  const c = contextAt(pc + 3, e);
  const n = bitsLeft(c);
  if (n % H[pc + 4] !== 0) return H[pc + 2];
  storeAt(pc + 5, e, takeBitstring(c, n));
  return pc + 6;
});
defineTake(Op.bs_get_integer2, takeInteger);
defineTake(Op.bs_get_float2, takeFloat);
defineTake(Op.bs_get_binary2, takeBitstring);

// L S #bits
const skipFixed = addRoutine((pc, e) => {
  const c = contextAt(pc + 3, e);
  if (H[pc + 4] > bitsLeft(c)) return H[pc + 2];
  advance(c, H[pc + 4]);
  return pc + 5;
});
// L S S #unit
const skipSized = addRoutine((pc, e) => {
  const c = contextAt(pc + 3, e);
  const bits = fieldBits(sourceAt(pc + 4, e), H[pc + 5]);
  if (bits < 0 || bits > bitsLeft(c)) return H[pc + 2];
  advance(c, bits);
  return pc + 6;
});
// L S #unit
const skipAll = addRoutine((pc, e) => {
  const c = contextAt(pc + 3, e);
  const n = bitsLeft(c);
  if (n % H[pc + 4] !== 0) return H[pc + 2];
  advance(c, n);
  return pc + 5;
});
emitters[Op.bs_skip_bits2] = (a, [fail, context, size, unit]) => {
  const bits = constantBits(a, size, numberOf(unit));
  a.emit(I.Slow, isAll(size) ? skipAll : bits === undefined ? skipSized : skipFixed);
  a.label(fail);
  a.source(context);
  if (bits !== undefined) a.emit(bits);
  else {
    if (!isAll(size)) a.source(size);
    a.emit(numberOf(unit));
  }
};

/** Instructions with a fail label, the context and one number. */
function defineTest(op: Op, matches: (c: number, n: number) => boolean): void {
  // L S #n
  const routine = addRoutine((pc, e) => (matches(contextAt(pc + 3, e), H[pc + 4]) ? pc + 5 : H[pc + 2]));
  emitters[op] = (a, [fail, context, n]) => {
    a.emit(I.Slow, routine);
    a.label(fail);
    a.source(context);
    a.emit(numberOf(n));
  };
}
defineTest(Op.bs_test_tail2, (c, n) => bitsLeft(c) === n);
defineTest(Op.bs_test_unit, (c, n) => bitsLeft(c) % n === 0);

// L S #bits #byte
const matchString = addRoutine((pc, e) => {
  const c = contextAt(pc + 3, e);
  const n = H[pc + 4];
  if (n > bitsLeft(c) || !sameBits(currentByte(c), currentBit(c), n, H[pc + 5])) return H[pc + 2];
  advance(c, n);
  return pc + 6;
});
emitters[Op.bs_match_string] = (a, [fail, context, bits, offset]) => {
  a.emit(I.Slow, matchString);
  a.label(fail);
  a.source(context);
  a.emit(numberOf(bits), literalBytes(a, numberOf(offset), Math.ceil(numberOf(bits) / 8)));
};

type Read = (at: number, bit: number, left: number, flags: number) => number;

function defineUtf(get: Op, skip: Op, read: Read): void {
  // L S #flags D
  const getRoutine = addRoutine((pc, e) => {
    const c = contextAt(pc + 3, e);
    const point = read(currentByte(c), currentBit(c), bitsLeft(c), H[pc + 4]);
    if (point < 0) return H[pc + 2];
    advance(c, codePointBits);
    storeAt(pc + 5, e, point << 1);
    return pc + 6;
  });
  // L S #flags
  const skipRoutine = addRoutine((pc, e) => {
    const c = contextAt(pc + 3, e);
    if (read(currentByte(c), currentBit(c), bitsLeft(c), H[pc + 4]) < 0) return H[pc + 2];
    advance(c, codePointBits);
    return pc + 5;
  });
  emitters[get] = (a, [fail, context, , flags, dst]) => {
    a.emit(I.Slow, getRoutine);
    a.label(fail);
    a.source(context);
    a.emit(numberOf(flags));
    a.destination(dst);
  };
  emitters[skip] = (a, [fail, context, , flags]) => {
    a.emit(I.Slow, skipRoutine);
    a.label(fail);
    a.source(context);
    a.emit(numberOf(flags));
  };
}
defineUtf(Op.bs_get_utf8, Op.bs_skip_utf8, readUtf8);
defineUtf(Op.bs_get_utf16, Op.bs_skip_utf16, readUtf16);
defineUtf(Op.bs_get_utf32, Op.bs_skip_utf32, readUtf32);
