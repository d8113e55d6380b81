// Emitter of bs_create_bin: sizes first, then room for all segments at once, then the segments. At the start of a byte the usual
// integers, floats and strings are stores; the rest is calls. What is wrong with a segment is found out by the
// interpreter, which does the instruction again.
import type * as E from 'estree';
import { flagsOf, isAll } from '../../interpret/bit-operands.js';
import { heapWords } from '../../load/heap-need.js';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { numberOf } from '../../load/operands.js';
import { H, Reg } from '../../memory/arena.js';
import { Field } from '../../terms/bit-read.js';
import { Sentinel } from '../../terms/tags.js';
import { assign, bin, either, expression, id, lit, not, set, when, word } from '../ast.js';
import * as stubs from '../stubs/building.js';
import type { Unit } from '../unit.js';
import { apart, withFailure } from './match-run.js';
import { routineAt } from './routines.js';

/** A segment. Its length: `bits` if it is constant, else in the local `length`. */
interface Part {
  type: 'append' | 'integer' | 'float' | 'binary' | 'utf8' | 'utf16' | 'utf32' | 'string';
  unit: number;
  flags: number;
  value: Operand;
  size: Operand;
  bits?: number;
  length?: string;
  /** The value as a term, or of a float as a number. */
  term: E.Expression;
  isDouble: boolean;
  /** A variable length is a whole number of bytes. */
  isBytes: boolean;
  /** Index in `B` of the bytes of a string. */
  place: number;
}

const RESULT = id('r');
const BYTE = id('b');

/** Emits an instruction that builds; false: it is none, or one that the interpreter's routine does. */
export function emitBuilding(u: Unit, op: Op, args: Operand[]): boolean {
  if (op === Op.bs_init_writable) {
    u.flushHeap();
    const x0: Operand = { kind: 'x', n: 0 };
    u.set(x0, u.callLibrary('initWritable', u.source(x0)));
    return true;
  }
  if (op !== Op.bs_create_bin || routineAt(u.target, u.at) < 0) return false;
  const [, heap, live, , dst, list] = args;
  u.flushHeap();
  u.use('H');
  const items = (list as { items: Operand[] }).items;
  const parts: Part[] = [];
  for (let i = 0; i < items.length; i += 6) {
    const part = partOf(u, items.slice(i, i + 6), i / 6);
    if (part === undefined) return false;
    parts.push(part);
  }
  for (const local of ['r', 'b', 't']) u.locals.add(local);
  const words = heapWords(heap);
  withFailure(u, u.leave('a segment can not be built'), (fail) => {
    const total = sizes(u, parts, fail);
    create(u, parts[0], total, words === 0 ? 0 : words + 3 * u.unboxedCount, numberOf(live), fail);
    u.emit(set('b', word(lit(Reg.Byte))));
    if (parts[0]?.type === 'append') {
      const rest = parts.slice(1);
      const anywhere = apart(u, () => putAll(u, rest, fail));
      const atByte = apart(u, () => store(u, rest, fail));
      u.emit(either(bin(word(lit(Reg.Bit)), '===', lit(0)), atByte, anywhere));
    } else store(u, parts, fail);
  });
  u.set(dst, RESULT);
  return true;
}

/** A segment of the instruction; undefined: we do not know its type. */
function partOf(u: Unit, [type, , unit, flags, value, size]: Operand[], index: number): Part | undefined {
  let name = (type as { name: string }).name;
  if (name === 'private_append') name = 'append';
  if (name === 'append' && !(index === 0 && isAll(size))) name = 'binary';
  const part: Part = {
    type: name as Part['type'],
    unit: numberOf(unit),
    flags: name === 'string' ? 0 : flagsOf(u, flags),
    value,
    size,
    term: lit(0),
    isDouble: false,
    isBytes: true,
    // Where the interpreter has put them: see the operands of its routine.
    place: H[u.address() + 7 + 6 * index + 3],
  };
  switch (part.type) {
    case 'string':
      part.bits = numberOf(size) * 8;
      return part;
    case 'utf32':
      part.bits = 32;
      break;
    case 'integer':
    case 'float':
    case 'binary': {
      const n = u.constant(size);
      if (n !== undefined && (n & 1) === 0 && n >= 0 && (n >> 1) * part.unit < 2 ** 24)
        part.bits = (n >> 1) * part.unit;
      part.isBytes = part.unit % 8 === 0;
      break;
    }
    case 'append':
    case 'utf8':
    case 'utf16':
      break;
    default:
      return undefined;
  }
  part.isDouble = part.type === 'float' && u.isFloat(value);
  part.term = part.isDouble ? u.doubleOf(value) : u.source(value);
  return part;
}

/** Emits the lengths that are not constant; gives the sum of all but what is appended to. */
function sizes(u: Unit, parts: Part[], fail: E.Statement[]): E.Expression {
  let constant = 0;
  let sum: E.Expression | undefined;
  parts.forEach((p, i) => {
    if (p.type === 'append') return;
    if (p.bits !== undefined) {
      constant += p.bits;
      return;
    }
    const length = `n${i}`;
    p.length = length;
    u.locals.add(length);
    u.emit(set(length, lengthOf(u, p)));
    if (p.type !== 'utf8' && p.type !== 'utf16') u.emit(when(bin(id(length), '<', lit(0)), fail));
    sum = sum === undefined ? id(length) : bin(sum, '+', id(length));
  });
  if (sum === undefined) return lit(constant);
  return constant === 0 ? sum : bin(sum, '+', lit(constant));
}

/** Length in bits; negative if there is something wrong with it. */
function lengthOf(u: Unit, p: Part): E.Expression {
  switch (p.type) {
    case 'utf8':
      return u.callLibrary('utf8Bits', p.term);
    case 'utf16':
      return u.callLibrary('utf16Bits', p.term);
    default:
      return isAll(p.size)
        ? u.callLibrary('bitsOf', p.term, lit(p.unit))
        : u.callLibrary('fieldBits', u.source(p.size), lit(p.unit));
  }
}

/** Emits the making of the bitstring; `words` of the heap stay free for the instructions behind. */
function create(
  u: Unit,
  first: Part | undefined,
  total: E.Expression,
  words: number,
  live: number,
  fail: E.Statement[],
): void {
  const top = word(lit(Reg.E));
  if (words > 0) {
    u.emit(when(bin(bin(word(lit(Reg.Htop)), '+', lit(words)), '>=', top), u.collect(words, live)));
    u.emit(assign(top, bin(top, '-', lit(words))));
  }
  const made =
    first?.type === 'append'
      ? u.callLibrary('extendBits', first.term, lit(first.unit), total)
      : u.callLibrary('newBits', total);
  u.emit(set('r', made));
  if (words > 0) u.emit(assign(top, bin(top, '+', lit(words))));
  u.emit(when(bin(RESULT, '===', lit(Sentinel.Unwind)), fail));
}

/** The byte index so many bytes behind the local `b`. */
function byteAt(n: number): E.Expression {
  return n === 0 ? BYTE : bin(BYTE, '+', lit(n));
}

/** Emits the segments from the byte at the local `b` on. */
function store(u: Unit, parts: Part[], fail: E.Statement[]): void {
  let offset = 0;
  for (let i = 0; i < parts.length; i++) {
    const p = parts[i];
    if (p.bits === undefined) {
      if (!p.isBytes) {
        u.emit(assign(word(lit(Reg.Byte)), byteAt(offset >> 3)), assign(word(lit(Reg.Bit)), lit(offset & 7)));
        putAll(u, parts.slice(i), fail);
        return;
      }
      storeOne(u, p, offset, fail);
      u.emit(set('b', bin(byteAt(offset >> 3), '+', bin(id(p.length!), '>>>', lit(3)))));
      offset &= 7;
      continue;
    }
    const group = groupAt(parts, i, offset);
    if (group > 1) {
      storeGroup(u, parts.slice(i, i + group), offset >> 3, fail);
      for (const q of parts.slice(i, i + group)) offset += q.bits!;
      i += group - 1;
      continue;
    }
    storeOne(u, p, offset, fail);
    offset += p.bits;
  }
}

const isLittle = (p: Part): boolean => (p.flags & Field.LittleOrNative) !== 0;

/** How many integers from i on make up whole bytes, at most four, that begin at a byte; 0: none do. */
function groupAt(parts: Part[], i: number, offset: number): number {
  if ((offset & 7) !== 0) return 0;
  let bits = 0;
  for (let k = i; k < parts.length; k++) {
    const p = parts[k];
    if (p.type !== 'integer' || p.bits === undefined || p.bits === 0) return 0;
    if (isLittle(p) && p.bits > 8) return 0;
    bits += p.bits;
    if (bits > 32) return 0;
    if ((bits & 7) === 0) return k - i + 1;
  }
  return 0;
}

/** The test that all values are small integers; undefined: they are for sure. */
function allSmall(u: Unit, parts: Part[]): E.Expression | undefined {
  const unknown = parts.filter((p) => u.info(p.value)?.small !== true).map((p) => p.term);
  if (unknown.length === 0) return undefined;
  return bin(
    bin(
      unknown.reduce((x, y) => bin(x, '|', y)),
      '&',
      lit(1),
    ),
    '===',
    lit(0),
  );
}

/** The value of a small integer. */
const smallOf = (term: E.Expression): E.Expression => {
  if (term.type === 'Literal') return lit((term.value as number) >> 1);
  return bin(term, '>>', lit(1));
};

/** Emits integers that share bytes as one store, or one by one if they are not small. */
function storeGroup(u: Unit, parts: Part[], at: number, fail: E.Statement[]): void {
  let left = 0;
  for (const p of parts) left += p.bits!;
  const bits = left;
  let sum: E.Expression | undefined;
  for (const p of parts) {
    left -= p.bits!;
    const masked = bin(smallOf(p.term), '&', lit(2 ** p.bits! - 1));
    const shifted = left === 0 ? masked : bin(masked, '<<', lit(left));
    sum = sum === undefined ? shifted : bin(sum, '|', shifted);
  }
  const fast = apart(u, () => {
    u.emit(set('t', sum!));
    storeInteger(u, bits, at, id('t'), false);
  });
  const test = allSmall(u, parts);
  if (test === undefined) {
    u.emit(...fast);
    return;
  }
  const other = apart(u, () => {
    let offset = at * 8;
    for (const p of parts) {
      writeAt(u, p, byteAt(offset >> 3), lit(offset & 7), fail);
      offset += p.bits!;
    }
  });
  u.emit(either(test, fast, other));
}

// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
type Stub = (...args: any[]) => void;

/** Stubs by number of bytes, of integers in both byte orders. */
const bigStubs: Partial<Record<number, Stub>> = {
  1: stubs.putOne,
  2: stubs.putTwo,
  3: stubs.putThree,
  4: stubs.putFour,
  8: stubs.putEight,
};
const littleStubs: Partial<Record<number, Stub>> = {
  ...bigStubs,
  3: stubs.putLittleThree,
  8: stubs.putLittleEight,
};

/** Stores the low bits of an int32 as whole bytes: one to four, or eight. */
function storeInteger(u: Unit, bits: number, at: number, v: E.Expression, little: boolean): void {
  const stub = (little ? littleStubs : bigStubs)[bits / 8]!;
  u.inline(stub, { i: byteAt(at), v, little: { type: 'Literal', value: little } });
}

/** Emits one segment at a bit offset behind `b`. */
function storeOne(u: Unit, p: Part, offset: number, fail: E.Statement[]): void {
  const isAligned = (offset & 7) === 0;
  const at = offset >> 3;
  const anywhere = (): void => writeAt(u, p, byteAt(at), lit(offset & 7), fail);
  if (isAligned && p.type === 'integer' && p.bits !== undefined && p.bits > 0) {
    const wide = u.wide(p.value);
    if (p.bits === 64 && wide !== undefined) {
      u.inline(stubs.putWide, {
        i: byteAt(at),
        v: u.wideOf(p.value),
        little: { type: 'Literal', value: isLittle(p) },
      });
      return;
    }
    if ((p.bits <= 32 && p.bits % 8 === 0) || p.bits === 64) {
      const fast = apart(u, () => storeInteger(u, p.bits!, at, smallOf(p.term), isLittle(p) && p.bits! > 8));
      const test = allSmall(u, [p]);
      if (test === undefined) u.emit(...fast);
      else u.emit(either(test, fast, apart(u, anywhere)));
      return;
    }
  }
  if (isAligned && p.type === 'float' && p.bits === 64 && p.isDouble) {
    u.inline(stubs.putDouble, { i: byteAt(at), d: p.term, little: { type: 'Literal', value: isLittle(p) } });
    return;
  }
  if (isAligned && p.type === 'string' && p.bits! <= 128) {
    storeString(u, p, at);
    return;
  }
  anywhere();
}

/** A constant string as stores of up to four bytes. */
function storeString(u: Unit, p: Part, at: number): void {
  const from = numberOf(p.value);
  const bytes = u.module.source.strings.subarray(from, from + p.bits! / 8);
  for (let i = 0; i < bytes.length; ) {
    const n = bytes.length - i >= 4 ? 4 : bytes.length - i >= 2 ? 2 : 1;
    let v = 0;
    for (let k = 0; k < n; k++) v = (v << 8) | bytes[i + k];
    storeInteger(u, n * 8, at + i, lit(v), false);
    i += n;
  }
}

/** Emits one segment as a call that writes at a byte and a bit of it. */
function writeAt(u: Unit, p: Part, at: E.Expression, bit: E.Expression, fail: E.Statement[]): void {
  const length = p.bits === undefined ? id(p.length!) : lit(p.bits);
  const call = (name: string, ...args: E.Expression[]): E.Expression => u.callLibrary(name, at, bit, ...args);
  const check = (done: E.Expression): void => u.emit(when(not(done), fail));
  switch (p.type) {
    case 'integer':
      check(call('writeIntegerAt', length, p.term, lit(p.flags)));
      break;
    case 'float':
      check(call(p.isDouble ? 'writeDoubleAt' : 'writeFloatAt', length, p.term, lit(p.flags)));
      break;
    case 'utf8':
      check(call('writeUtf8At', p.term));
      break;
    case 'utf16':
    case 'utf32':
      check(call(p.type === 'utf16' ? 'writeUtf16At' : 'writeUtf32At', p.term, lit(p.flags)));
      break;
    case 'string':
      u.emit(
        expression(
          call(
            'writeBits',
            length,
            u.constantWord(p.place, () => [`string_${numberOf(p.value)}`, 'where its bytes are']),
            lit(0),
          ),
        ),
      );
      break;
    default:
      check(call('writeBitsAt', length, p.term));
  }
}

/** Emits segments one behind the other from the place in Reg.Byte and Reg.Bit on, wherever that is. */
function putAll(u: Unit, parts: Part[], fail: E.Statement[]): void {
  for (const p of parts) {
    writeAt(u, p, word(lit(Reg.Byte)), word(lit(Reg.Bit)), fail);
    u.emit(expression(u.callLibrary('goOnBits', p.bits === undefined ? id(p.length!) : lit(p.bits))));
  }
}
