// What the instructions of bit syntax have in common: sizes of fields, strings of the module, flags in literals.
import { allocateLiteral } from '../code/functions.js';
import type { Operand } from '../load/module.js';
import { B } from '../memory/arena.js';
import { head, tail } from '../terms/access.js';
import { atomName } from '../terms/atoms.js';
import { Field } from '../terms/bit-read.js';
import { isBig, isNegative, toNumberIfSafe } from '../terms/integer.js';
import { isAtom, isCons, type Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { I } from './ops.js';
import { type Routine, slowRoutines } from './slow.js';

/** Adds a routine for a form that an emitter chooses; gives the number to emit behind I.Slow. */
export function addRoutine(routine: Routine): number {
  return slowRoutines.push(routine) - 1;
}

/**
 * Emits the beginning of an instruction whose registers its signature does not tell: a move that does nothing, so that it does
 * not look like a routine that a compiled unit could call, and units leave it to the interpreter.
 */
export function emitForInterpreter(a: Assembler, routine: number): void {
  a.emit(I.MoveXX, 0, 0, I.Slow, routine);
}

/** What `fieldBits` gives for a size that is no size. */
export const enum BadSize {
  /** Not an integer, or negative. */
  Type = -1,
  /** Beyond what any binary could have: more than 59 bits, the integers that are boxed in OTP. */
  Large = -2,
}

const LARGEST_SIZE = 2 ** 59;

/** Length in bits of a field of `size` units: a number (maybe more than any binary has), or a BadSize. */
export function fieldBits(size: Term, unit: number): number {
  if ((size & 1) === 0) return size < 0 ? BadSize.Type : (size >> 1) * unit;
  if (!isBig(size) || isNegative(size)) return BadSize.Type;
  const n = toNumberIfSafe(size);
  if (n === undefined || n >= LARGEST_SIZE) return BadSize.Large;
  return n * unit;
}

/** The length in bits if the size is a small constant and the length fits a word of code, else undefined. */
export function constantBits(a: Assembler, size: Operand, unit: number): number | undefined {
  const term = a.constant(size);
  if (term === undefined || (term & 1) !== 0 || term < 0) return undefined;
  const bits = (term >> 1) * unit;
  return bits <= 0x3fffffff ? bits : undefined;
}

/** Whether the size operand is the atom `all`. */
export function isAll(size: Operand): boolean {
  return size.kind === 'atom' && size.name === 'all';
}

/** Copies a run of the module's string table to where it stays: index of its first byte in `B`. */
export function literalBytes(a: Assembler, offset: number, size: number): number {
  const at = allocateLiteral((size + 3) >> 2) * 4;
  B.set(a.module.strings.subarray(offset, offset + size), at);
  return at;
}

/** Field flags: a number, or spelled out as a list of atoms. `a` knows the module's literals. */
export function flagsOf(a: { constant(o: Operand): Term | undefined }, o: Operand): number {
  if (o.kind === 'unsigned') return o.n;
  let flags = 0;
  for (let t = a.constant(o)!; isCons(t); t = tail(t)) {
    const flag = isAtom(head(t)) ? atomName(head(t)) : '';
    if (flag === 'little') flags |= Field.Little;
    else if (flag === 'signed') flags |= Field.Signed;
    else if (flag === 'native') flags |= Field.Native;
  }
  return flags;
}
