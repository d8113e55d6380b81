// Emitters of runs of bit syntax matching (match-runs.ts): inline where the position is at a byte and enough is left, step by
// step through the library where not.
import type * as E from 'estree';
import { flagsOf } from '../../interpret/bit-operands.js';
import type { Operand } from '../../load/module.js';
import { Field } from '../../terms/bit-read.js';
import { assign, bin, block, breakTo, call, either, id, labeled, lit, not, set, when, word } from '../ast.js';
import { type Info, infoOfRange } from '../known.js';
import type { Run, Step } from '../match-runs.js';
import { unboxed } from '../stubs/floats.js';
import * as stubs from '../stubs/matching.js';
import type { Unit } from '../unit.js';

/** The word index of a match context, in a local of its own; the byte index in `B` of where the match is. */
const CONTEXT = id('c');
const BYTE = id('b');
const NONE = lit(53);

const flag = (value: boolean): E.Expression => ({ type: 'Literal', value });

/** The statements that `emit` writes, apart. */
export function apart(u: Unit, emit: () => void): E.Statement[] {
  const out = u.out;
  u.out = [];
  emit();
  const statements = u.out;
  u.out = out;
  return statements;
}

/**
 * Emits what may fail at several places: `emit` is given the statements to fail with, which are a jump to where `away` stands
 * once.
 */
export function withFailure(u: Unit, away: E.Statement[], emit: (fail: E.Statement[]) => void): void {
  const isJump = away[0]?.type === 'BreakStatement' || away[0]?.type === 'ContinueStatement';
  if (away.length === 1 && isJump) {
    emit(away);
    return;
  }
  const no = `no${u.at}`;
  const yes = `yes${u.at}`;
  const body = apart(u, () => emit([breakTo(no)]));
  u.emit(labeled(yes, block([labeled(no, block([...body, breakTo(yes)])), ...away])));
}

/** Loads the context's word index. */
export function loadContext(u: Unit, context: Operand): void {
  u.flushHeap();
  u.use('H');
  u.locals.add('c');
  u.emit(set('c', bin(u.source(context), '>>>', lit(3))));
}

/** Emits a run; control goes on behind its last instruction. */
export function emitRun(u: Unit, { last, fail, context, steps }: Run): void {
  loadContext(u, context);
  // Where a step fails, those before it have written what they took.
  for (const s of steps.slice(0, -1)) if ('dst' in s) u.destination(s.dst);
  withFailure(u, u.jumpTo(fail), (away) => {
    const inline = apart(u, () => {
      if (steps.some((s) => s.kind !== 'atLeast' && s.kind !== 'exactly')) {
        u.locals.add('b');
        u.inline(stubs.byteIndex, { dst: BYTE, c: CONTEXT });
      }
      inlineSteps(u, steps, away);
    });
    const other = apart(u, () => librarySteps(u, steps, away));
    u.emit(either(conditionOf(u, steps), inline, other));
  });
  for (const s of steps) if ('dst' in s) noteResult(u, s);
  u.at = last;
}

/** Bits that the steps go over. */
function total(steps: readonly Step[]): number {
  let bits = 0;
  for (const s of steps)
    if (s.kind !== 'tail' && s.kind !== 'atLeast' && s.kind !== 'exactly') bits += s.bits;
  return bits;
}

/** When the inline steps can be taken. What it checks of the ensure commands they need not. */
function conditionOf(u: Unit, steps: readonly Step[]): E.Expression {
  const ensured = steps.find((s) => s.kind === 'exactly' || s.kind === 'atLeast');
  const bits = Math.max(total(steps), ensured?.bits ?? 0);
  const size = lit(Math.ceil(bits / 8) * 2);
  const stub =
    ensured?.kind === 'exactly' && bits % 8 === 0
      ? stubs.hasJustBytes
      : ensured?.kind === 'atLeast' && ensured.unit === 8 && ensured.bits % 8 === 0
        ? stubs.hasWholeBytes
        : stubs.hasBytes;
  return u.inlineExpression(stub, { c: CONTEXT, size });
}

/** Whether the condition of the inline steps has checked this one. */
function isChecked(step: Step, first: Step | undefined): boolean {
  if (step !== first) return false;
  if (step.kind === 'exactly') return step.bits % 8 === 0;
  return step.kind === 'atLeast' && (step.unit === 1 || (step.unit === 8 && step.bits % 8 === 0));
}

function ensure(u: Unit, step: Step & { kind: 'atLeast' | 'exactly' }, away: E.Statement[]): void {
  const left = u.callLibrary('bitsLeft', CONTEXT);
  if (step.kind === 'exactly') {
    u.emit(when(bin(left, '!==', lit(step.bits)), away));
    return;
  }
  u.locals.add('t');
  u.emit(set('t', bin(left, '-', lit(step.bits))), when(bin(id('t'), '<', lit(0)), away));
  if (step.unit !== 1) u.emit(when(bin(bin(id('t'), '%', lit(step.unit)), '!==', lit(0)), away));
}

function inlineSteps(u: Unit, steps: readonly Step[], away: E.Statement[]): void {
  const first = steps.find((s) => s.kind === 'exactly' || s.kind === 'atLeast');
  let offset = 0;
  let stored = 0;
  const store = (): void => {
    const moved = offset - stored;
    if (moved === 0) return;
    if (offset % 8 === 0 && stored % 8 === 0) u.inline(stubs.goOn, { c: CONTEXT, size: lit(moved / 4) });
    else {
      const size = Math.floor(offset / 8) - Math.floor(stored / 8);
      u.inline(stubs.goOnBits, { c: CONTEXT, size: lit(size * 2), bits: lit((offset % 8) * 2) });
    }
    stored = offset;
  };
  for (const s of steps) {
    switch (s.kind) {
      case 'atLeast':
      case 'exactly':
        // The library looks at the position.
        if (!isChecked(s, first)) {
          store();
          ensure(u, s, away);
        }
        break;
      case 'integer':
        inlineInteger(u, s, offset);
        break;
      case 'float':
        inlineFloat(u, s, offset, away);
        break;
      case 'binary':
        u.emit(set(u.nameOf(s.dst), u.callLibrary('partAt', CONTEXT, lit(offset - stored), lit(s.bits))));
        break;
      case 'tail':
        store();
        u.emit(set(u.nameOf(s.dst), u.callLibrary('restOf', CONTEXT)));
        break;
      case 'string':
        compareString(u, s, offset, away);
        break;
      case 'equal':
        for (const { at, n, value } of piecesOf(s.bits, s.value))
          u.emit(when(bin(bitsAtOffset(u, offset + at, n), '!==', lit(value)), away));
        break;
    }
    if (s.kind !== 'tail' && s.kind !== 'atLeast' && s.kind !== 'exactly') offset += s.bits;
  }
  store();
}

/** The byte index so many bytes behind where the match is. */
function byteAt(n: number): E.Expression {
  return n === 0 ? BYTE : bin(BYTE, '+', lit(n));
}

/** `n` bits at an offset from the first byte, 1 to 32, as an int32 with zeros above. */
function bitsAtOffset(u: Unit, offset: number, n: number): E.Expression {
  const at = byteAt(offset >> 3);
  const end = (offset & 7) + n;
  if (end > 32) return bitsInFive(u, offset, n);
  u.use(end <= 8 ? 'B' : 'D');
  const size = Math.ceil(end / 8);
  const field = (name: string, index: E.Expression): E.Expression =>
    call(
      { type: 'MemberExpression', object: id('D'), property: id(name), computed: false, optional: false },
      index,
    );
  let bits: E.Expression;
  if (size === 1) bits = byteOf(u, at);
  else if (size === 2) bits = field('getUint16', at);
  else if (size === 3)
    bits = bin(bin(byteOf(u, at), '<<', lit(16)), '|', field('getUint16', byteAt((offset >> 3) + 1)));
  else bits = field('getInt32', at);
  const behind = size * 8 - end;
  if (behind > 0) bits = bin(bits, '>>', lit(behind));
  if (n === 32 || (n === size * 8 && size < 4)) return bits;
  return bin(bits, '&', lit(n === 31 ? 0x7fffffff : (1 << n) - 1));
}

/** The same where the bits are spread over five bytes. */
function bitsInFive(u: Unit, offset: number, n: number): E.Expression {
  const more = (offset & 7) + n - 32;
  const high = bitsAtOffset(u, offset, n - more);
  const low = bin(byteOf(u, byteAt((offset >> 3) + 4)), '>>', lit(8 - more));
  return bin(bin(high, '<<', lit(more)), '|', low);
}

function byteOf(u: Unit, index: E.Expression): E.Expression {
  return { type: 'MemberExpression', object: u.use('B'), property: index, computed: true, optional: false };
}

/** A constant of any length as pieces of at most 32 bits, each an int32 with the offset of its first bit. */
function piecesOf(bits: number, value: bigint): { at: number; n: number; value: number }[] {
  const pieces: { at: number; n: number; value: number }[] = [];
  for (let left = bits; left > 0; ) {
    const n = left % 32 === 0 ? 32 : left % 32;
    const at = bits - left;
    left -= n;
    const part = (value >> BigInt(left)) & ((1n << BigInt(n)) - 1n);
    pieces.push({ at, n, value: Number(BigInt.asIntN(32, part)) });
  }
  return pieces;
}

function compareString(u: Unit, s: Step & { kind: 'string' }, offset: number, away: E.Statement[]): void {
  for (const { at, n, value } of piecesOf(s.bits, stringValue(u, s)))
    u.emit(when(bin(bitsAtOffset(u, offset + at, n), '!==', lit(value)), away));
}

function stringValue(u: Unit, { bits, offset }: Step & { kind: 'string' }): bigint {
  let value = 0n;
  for (const byte of u.module.source.strings.subarray(offset, offset + Math.ceil(bits / 8)))
    value = (value << 8n) | BigInt(byte);
  return value >> BigInt((8 - (bits % 8)) % 8);
}

function inlineInteger(u: Unit, s: Step & { kind: 'integer' }, offset: number): void {
  const flags = flagsOf(u, s.flags);
  const isSigned = (flags & Field.Signed) !== 0;
  const isLittle = (flags & Field.LittleOrNative) !== 0 && s.bits > 8;
  const dst = u.nameOf(s.dst);
  const i = byteAt(offset >> 3);
  const little = flag(isLittle);
  const give = (value: E.Expression): void => u.emit(set(dst, value));
  const isAligned = (offset & 7) === 0;
  if (s.bits === 0) give(lit(0));
  else if (isAligned && s.bits === 8)
    give(u.inlineExpression(isSigned ? stubs.signedByte : stubs.byte, { i }));
  else if (isAligned && s.bits === 16)
    give(u.inlineExpression(isSigned ? stubs.signedTwo : stubs.two, { i, little }));
  else if (isAligned && s.bits === 24) {
    const signed = isLittle ? stubs.signedLittleThree : stubs.signedThree;
    const unsigned = isLittle ? stubs.littleThree : stubs.three;
    give(u.inlineExpression(isSigned ? signed : unsigned, { i }));
  } else if (isAligned && s.bits === 32)
    u.inline(isSigned ? stubs.signedFour : stubs.four, { dst: id(dst), i, little });
  else if (!isLittle && s.bits <= 30) {
    const bits = bitsAtOffset(u, offset, s.bits);
    if (isSigned) give(bin(bin(bits, '<<', lit(32 - s.bits)), '>>', lit(31 - s.bits)));
    else give(bin(bits, '<<', lit(1)));
  } else give(u.callLibrary('readInteger', i, lit(offset & 7), lit(s.bits), lit(flags)));
}

function inlineFloat(u: Unit, s: Step & { kind: 'float' }, offset: number, away: E.Statement[]): void {
  const flags = flagsOf(u, s.flags);
  const dst = id(doubleName(u, s.dst));
  const i = byteAt(offset >> 3);
  if ((offset & 7) === 0 && s.bits === 64) {
    u.inline(stubs.float, { dst, i, little: flag((flags & Field.LittleOrNative) !== 0) }, away);
    return;
  }
  u.emit(
    assign(dst, u.callLibrary('readFloat', i, lit(offset & 7), lit(s.bits), lit(flags))),
    when(bin(dst, '!==', dst), away),
  );
}

function doubleName(u: Unit, dst: Operand): string {
  const name = `${u.nameOf(dst)}d`;
  u.locals.add(name);
  return name;
}

/** The same steps by calls, at any position. A step that fails puts the position back to where the run began. */
function librarySteps(u: Unit, steps: readonly Step[], away: E.Statement[]): void {
  const takes = steps.filter((s) => s.kind !== 'tail' && s.kind !== 'atLeast' && s.kind !== 'exactly').length;
  let fail = away;
  if (takes > 1) {
    for (const [name, at] of [
      ['c2', 2],
      ['c3', 3],
    ] as const) {
      u.locals.add(name);
      u.emit(set(name, word(bin(CONTEXT, '+', lit(at)))));
    }
    fail = [
      assign(word(bin(CONTEXT, '+', lit(2))), id('c2')),
      assign(word(bin(CONTEXT, '+', lit(3))), id('c3')),
      ...away,
    ];
  }
  const take = (dst: string, value: E.Expression): void => {
    u.locals.add('t');
    u.emit(set('t', value), when(bin(id('t'), '===', NONE), fail), set(dst, id('t')));
  };
  for (const s of steps) {
    switch (s.kind) {
      case 'atLeast':
      case 'exactly':
        ensure(u, s, fail);
        break;
      case 'integer':
        take(u.nameOf(s.dst), u.callLibrary('takeInteger', CONTEXT, lit(s.bits), lit(flagsOf(u, s.flags))));
        break;
      case 'float':
        u.locals.add('t');
        u.emit(
          set('t', u.callLibrary('takeFloat', CONTEXT, lit(s.bits), lit(flagsOf(u, s.flags)))),
          when(bin(id('t'), '===', NONE), fail),
          set(doubleName(u, s.dst), u.inlineExpression(unboxed, { t: id('t') })),
        );
        break;
      case 'binary':
        take(u.nameOf(s.dst), u.callLibrary('takeBitstring', CONTEXT, lit(s.bits)));
        break;
      case 'skip':
        u.emit(when(not(u.callLibrary('skipBits', CONTEXT, lit(s.bits))), fail));
        break;
      case 'tail':
        u.emit(set(u.nameOf(s.dst), u.callLibrary('restOf', CONTEXT)));
        break;
      case 'string':
      case 'equal': {
        const value = s.kind === 'equal' ? s.value : stringValue(u, s);
        for (const piece of piecesOf(s.bits, value))
          u.emit(when(not(u.callLibrary('takeEqual', CONTEXT, lit(piece.n), lit(piece.value))), fail));
        break;
      }
    }
  }
}

/** Behind both ways: what is known of a register that has a field now. */
function noteResult(u: Unit, s: Step & { dst: Operand }): void {
  if (s.kind === 'float') u.holdsDouble(s.dst);
  else u.destination(s.dst, s.kind === 'integer' ? rangeOf(s.bits, flagsOf(u, s.flags)) : undefined);
}

/** Bounds of an integer field, as far as doubles can hold them. */
export function rangeOf(bits: number, flags: number): Info | undefined {
  if (bits > 52) return undefined;
  return (flags & Field.Signed) !== 0
    ? infoOfRange(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    : infoOfRange(0, 2 ** bits - 1);
}
