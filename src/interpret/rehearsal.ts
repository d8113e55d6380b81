// A rehearsal of the interpreter's loop. V8 optimises the loop for what it has seen, and throws the optimised code away when an
// instruction, or one of its ways, comes for the first time; until it has made it again the loop is slow. A program with a flat profile meets new
// instructions for a long time (OTP's compiler: thirty times). So when a program turns out to be one all common instructions
// are run once, each on every kind of operand that it treats differently, in memory of their own: such programs then take 10 to 15 %
// less. Small ones would lose as much, because V8 takes twice the time for a loop of which it has seen everything.

import { bifInfos } from '../bifs/table.js';
import { addUnit, removeUnit } from '../jit/units.js';
import { H, Reg } from '../memory/arena.js';
import { allocateBlock, freeBlock } from '../memory/blocks.js';
import { codeSpace } from '../memory/spaces.js';
import { Atom } from '../terms/atoms.js';
import { binary, cons, tuple } from '../terms/build.js';
import { makeFloat } from '../terms/float.js';
import { integerFromBigInt } from '../terms/integer.js';
import { header, Imm, Kind, makeImmediate, makeSmall, NIL, Sentinel, type Term } from '../terms/tags.js';
import { I } from './ops.js';
import { rare } from './rare.js';

/**
 * What a row's letters stand for. Values, each in an X and in a Y register: i j smalls, L a small whose sum with itself is none, b c
 * integers beyond, f g floats, n the empty list, l a list, t a pair, a the atom true, s a binary.
 * d: a register that nobody reads. F: the fail label, which is the next row. Numbers are themselves.
 */
type Operand = 'i' | 'j' | 'L' | 'b' | 'c' | 'f' | 'g' | 'n' | 'l' | 't' | 'a' | 's' | 'd' | 'F' | number;
type Row = [I, ...Operand[]];

const VALUES = ['i', 'j', 'L', 'b', 'c', 'f', 'g', 'n', 'l', 't', 'a', 's'] as const;
/** The X register, and the Y register, that instructions write to. */
const DESTINATION = 20;
/** Where the frame begins in the scratch block, behind a heap, and how many words the block has. */
const FRAME = 2048;
const WORDS = FRAME + 64;
/** X registers that are used. */
const REGISTERS = DESTINATION + 2;

/** A float register. */
const FLOAT = 0;

/** More words than there are. */
const MUCH = 1 << 24;

const PAIR = header(Kind.Tuple, 2);
const TEN = makeSmall(10);

const TESTS: [I, string][] = [
  [I.IsNonemptyList, 'ln'],
  [I.IsNil, 'nl'],
  [I.IsList, 'nli'],
  [I.IsInteger, 'ibft'],
  [I.IsFloat, 'fit'],
  [I.IsNumber, 'ibftn'],
  [I.IsAtom, 'ai'],
  [I.IsPid, 'it'],
  [I.IsPort, 'it'],
  [I.IsReference, 'it'],
  [I.IsTuple, 'til'],
  [I.IsBoolean, 'ai'],
  [I.IsFunction, 'it'],
  [I.IsBinary, 'sit'],
  [I.IsBitstring, 'sit'],
  [I.IsMap, 'it'],
];
const COMPARISONS = [I.IsEqExact, I.IsNeExact, I.IsEq, I.IsNe, I.IsLt, I.IsGe];
const ARITHMETIC = [I.Add, I.Subtract, I.Multiply];
const INTEGERS = [I.IntDiv, I.Rem, I.BitAnd, I.BitOr, I.BitXor];

function bifNumber(name: string): number {
  return bifInfos.findIndex((b) => b.module === 'erlang' && `${b.name}/${b.arity}` === name);
}

/** A unit that leaves to the code address that it is given. */
function leave(pc: number): number {
  H[Reg.Pc] = pc;
  return Sentinel.Unwind;
}

/** Units that use the reductions up and give new ones. */
function exhaust(): number {
  H[Reg.Reds] = -1;
  return NIL;
}
function refill(): number {
  H[Reg.Reds] = PLENTY;
  return NIL;
}
const PLENTY = 1 << 28;

/**
 * Functions that stand in for those in `rare` during the rehearsal, two for each, in turn: a call that has gone to two and then goes
 * to a third is not inlined. Most of what these functions do comes when the loop has long been optimised; were they inlined, the
 * optimised code would then be lost.
 */
function standIn(): void {
  const unwound = () => H[Reg.Pc];
  rare.unwound = () => {
    rare.unwound = unwound;
    return H[Reg.Pc];
  };
  // To the fail label.
  const failed = (pc: number) => H[pc + 1];
  rare.failed = (pc) => {
    rare.failed = failed;
    return H[pc + 1];
  };
  const yield1 = () => {
    rare.yieldHere = yield2;
    return true;
  };
  const yield2 = () => {
    rare.yieldHere = yield1;
    return true;
  };
  rare.yieldHere = yield1;
  const collect1 = () => {
    rare.collectHere = collect2;
  };
  const collect2 = () => {
    rare.collectHere = collect1;
  };
  rare.collectHere = collect1;
}

/** Two built-in functions of each number of arguments, which take small integers, or atoms and a small integer. */
const bifs = (): number[][] =>
  [
    ['node/0', 'self/0'],
    ['abs/1', 'integer_to_list/1'],
    ['+/2', 'max/2'],
    ['is_builtin/3', 'function_exported/3'],
  ].map((names) => names.map(bifNumber));

/** Every row once with its values in X registers, once in Y registers, as far as the instruction can have them there. */
const rows = (bifs: number[][]): Row[] => [
  [I.Move, 'i', 'd'],
  [I.Swap, 'd', 'd'],
  [I.GetList, 'l', 'd', 'd'],
  [I.GetHead, 'l', 'd'],
  [I.GetTail, 'l', 'd'],
  [I.GetElement, 't', 1, 'd'],
  [I.PutList, 'i', 'n', 'd'],
  [I.PutTuple, 'd', 2, 'i', 'l'],
  [I.SetElement, 'i', 't', 2],
  [I.UpdateRecord, 't', 'd', 2, 1, 1, 'i'],
  ...TESTS.flatMap(([test, values]): Row[] => [...values].map((v) => [test, 'F', v as Operand])),
  [I.IsFunction2, 'F', 'i', 'i'],
  [I.IsFunction2, 'F', 't', 'i'],
  [I.TestArity, 'F', 't', PAIR],
  [I.TestArity, 'F', 't', 0],
  [I.IsTaggedTuple, 'F', 't', PAIR, Atom.Ok],
  [I.IsTaggedTuple, 'F', 'i', PAIR, Atom.Ok],
  [I.IsTupleArity, 'F', 't', PAIR],
  [I.IsTupleArity, 'F', 'i', PAIR],
  ...COMPARISONS.flatMap((test): Row[] => [
    [test, 'F', 'i', 'j'],
    [test, 'F', 'j', 'i'],
    [test, 'F', 'i', 'i'],
    [test, 'F', 'l', 't'],
    [test, 'F', 'f', 'b'],
    [test, 'F', 'a', 'n'],
  ]),
  [I.IsEqExactImm, 'F', 'i', TEN],
  [I.IsEqExactImm, 'F', 'n', TEN],
  [I.IsNeExactImm, 'F', 'i', TEN],
  [I.IsNeExactImm, 'F', 'n', TEN],
  [I.SelectVal, 'a', 'F', 2, TEN, 'F', Atom.True, 'F'],
  [I.SelectVal, 'n', 'F', 2, TEN, 'F', Atom.True, 'F'],
  [I.SelectSorted, 'i', 'F', 3, makeSmall(1), TEN, makeSmall(99), 'F', 'F', 'F'],
  [I.SelectSorted, 'a', 'F', 3, makeSmall(1), TEN, makeSmall(99), 'F', 'F', 'F'],
  [I.SelectArity, 't', 'F', 1, PAIR, 'F'],
  [I.SelectArity, 'i', 'F', 1, PAIR, 'F'],
  ...ARITHMETIC.flatMap((op): Row[] => [
    [op, 'F', 'i', 'j', 'd'],
    [op, 'F', 'f', 'g', 'd'],
    [op, 'F', 'L', 'b', 'd'],
  ]),
  ...INTEGERS.flatMap((op): Row[] => [
    [op, 'F', 'i', 'j', 'd'],
    [op, 'F', 'b', 'c', 'd'],
  ]),
  [I.ShiftLeft, 'F', 'j', 'j', 'd'],
  [I.ShiftLeft, 'F', 'L', 'i', 'd'],
  [I.ShiftRight, 'F', 'i', 'j', 'd'],
  [I.ShiftRight, 'F', 'b', 'i', 'd'],
  [I.BitNot, 'F', 'i', 'd'],
  [I.BitNot, 'F', 'b', 'd'],
  [I.Negate, 'F', 'i', 'd'],
  [I.Negate, 'F', 'b', 'd'],
  [I.Divide, 'F', 'i', 'j', 'd'],
  // Fails.
  [I.Add, 'F', 'a', 'i', 'd'],
  [I.Self, 'd'],
  ...bifs[0].map((bif): Row => [I.Bif0, bif, 'd']),
  ...bifs[1].map((bif): Row => [I.Bif1, 'F', bif, 'i', 'd']),
  ...bifs[2].map((bif): Row => [I.Bif2, 'F', bif, 'i', 'j', 'd']),
  ...bifs[3].map((bif): Row => [I.Bif3, 'F', bif, 'a', 'a', 'i', 'd']),
  [I.FMoveIn, 'f', FLOAT],
  [I.FConv, 'f', FLOAT],
  [I.FConv, 'i', FLOAT + 1],
  ...[I.FAdd, I.FSub, I.FMul, I.FDiv].map((op): Row => [op, FLOAT, FLOAT + 1, FLOAT + 2]),
  [I.FNeg, FLOAT, FLOAT + 1],
  [I.FMoveOut, FLOAT, 'd'],
];

const X = (name: Operand): number => VALUES.indexOf(name as (typeof VALUES)[number]);
const INDEX: Record<string, number> = Object.fromEntries(VALUES.map((name, i) => [name, i]));

/** Rows whose operands are what they are. */
const FIXED: number[][] = [
  [I.Entry, 0, 0, 1 << 20],
  [I.EntryPlain, 0, 0],
  [I.Resume, 0, 0, 1 << 20],
  [I.MoveXX, 0, DESTINATION],
  [I.MoveXY, 0, DESTINATION],
  [I.MoveYX, 0, DESTINATION],
  [I.MoveConstX, NIL, DESTINATION],
  [I.MoveConstY, NIL, DESTINATION],
  [I.Init1, DESTINATION],
  [I.InitYregs, 1, ~DESTINATION],
  [I.GetListXXX, X('l'), DESTINATION, DESTINATION + 1],
  [I.GetElementXX, X('t'), 1, DESTINATION],
  ...[0, MUCH, MUCH].flatMap((need) => [
    [I.TestHeap, need, 0],
    [I.Allocate, 2, need, 0],
    [I.Deallocate, 2],
    [I.AllocateInit, 2, need, 0],
    [I.Deallocate, 2],
  ]),
];

/** The same with a fail label, which comes first. */
const FIXED_TESTS: number[][] = [
  ...['l', 'n'].map((v) => [I.IsNonemptyListGetListXXX, INDEX[v], DESTINATION, DESTINATION + 1]),
  ...['i', 'f'].flatMap((v) => [
    [I.IsLtXC, INDEX[v], TEN],
    [I.IsGeXC, INDEX[v], TEN],
    [I.IsLtCX, TEN, INDEX[v]],
    [I.IsGeCX, TEN, INDEX[v]],
    [I.AddXC, INDEX[v], TEN, DESTINATION],
    [I.AddXX, INDEX[v], INDEX.i, DESTINATION],
    [I.AddXC, INDEX[v], TEN, ~DESTINATION],
    [I.AddXX, INDEX[v], INDEX.i, ~DESTINATION],
  ]),
];

/** Calls of built-in functions and of units, and returns from them, for the address `start`. VALUES are lost. */
function callsCode(start: number, bifs: number[][], [leave, exhaust, refill, ...units]: number[]): number[] {
  const code: number[] = [];
  /** Has the next instruction, of so many words, return to what is behind it; or, from word `y` of the stack, what that returns to. */
  const returning = (words: number, y = 0): void => {
    code.push(I.MoveConstY, makeImmediate(Imm.Continuation, start + code.length + 3 + words), y);
  };
  const callUnit = (unit: number, arity = 0): void => {
    returning(4);
    code.push(I.EntryUnit, 0, arity, unit);
  };
  const callAndResume = (unit: number, arity: number): void => {
    // Into the second instruction, which returns to what is behind it.
    returning(3 + 4 + 4, 1);
    callUnit(unit, arity);
    code.push(I.ResumeUnit, 0, 1, unit);
  };
  for (const unit of units) for (const arity of [0, 1, 2, 3, 4, 5]) callAndResume(unit, arity);
  for (const _ of [1, 2]) code.push(I.MoveConstX, start + code.length + 7, 0, I.EntryUnit, 0, 1, leave);
  callUnit(exhaust);
  for (const unit of units) callAndResume(unit, 0);
  for (const _ of [1, 2]) code.push(I.Entry, 0, 0, 1 << 20, I.EntryPlain, 0, 0);
  callUnit(refill);
  bifs.forEach((numbers, arity) => {
    const [x0, x1] = arity === 3 ? [Atom.Ok, Atom.Ok] : [TEN, TEN];
    for (const bif of numbers) {
      const setX = () => code.push(I.MoveConstX, x0, 0, I.MoveConstX, x1, 1, I.MoveConstX, TEN, 2);
      setX();
      code.push(I.CallBif, bif, arity);
      setX();
      returning(4);
      code.push(I.CallBifLast, bif, arity, 0);
      setX();
      returning(3);
      code.push(I.BifCode, bif, arity);
      setX();
    }
  });
  code.push(I.Call, start + code.length + 2, I.Deallocate, 1);
  returning(1);
  code.push(I.Return);
  return code;
}

/** The code of all rows, for the address `start`; it ends in a Wait. */
function rehearsalCode(start: number, units: number[]): number[] {
  const code: number[] = [];
  const word = (o: Operand, onStack: boolean, next: number): number => {
    if (typeof o === 'number') return o;
    if (o === 'F') return next;
    const n = o === 'd' ? DESTINATION : INDEX[o];
    return onStack ? ~n : n;
  };
  const known = bifs();
  for (const onStack of [false, true])
    for (const [op, ...operands] of rows(known)) {
      const next = start + code.length + 1 + operands.length;
      code.push(op, ...operands.map((o) => word(o, onStack, next)));
    }
  for (const row of FIXED) code.push(...row);
  for (const [op, ...operands] of FIXED_TESTS)
    code.push(op, start + code.length + 2 + operands.length, ...operands);
  code.push(...callsCode(start + code.length, known, units));
  code.push(I.Wait, start + code.length);
  return code;
}

/** The values, in the order of VALUES, on the heap. */
function values(): Term[] {
  const big = 1n << 70n;
  return [
    makeSmall(10),
    makeSmall(3),
    makeSmall(0x3fffffff),
    integerFromBigInt(big),
    integerFromBigInt(-big - 5n),
    makeFloat(1.5),
    makeFloat(-2.5),
    NIL,
    cons(makeSmall(1), NIL),
    tuple(Atom.Ok, makeSmall(2)),
    Atom.True,
    binary(new Uint8Array(4)),
  ];
}

/**
 * Runs the rehearsal in a loop; the running process's registers are afterwards what they were.
 * @returns whether the code was run to its end
 */
export function rehearse(loop: (start: number) => unknown): boolean {
  const block = allocateBlock(WORDS);
  if (block === 0) return false;
  const saved = Array.from(H.subarray(0, REGISTERS));
  const real = { ...rare };
  const special = [Reg.Htop, Reg.E, Reg.Reds, Reg.Pc, Reg.Reason, Reg.Live].map((r) => [r, H[r]] as const);
  const units = [leave, exhaust, refill, () => NIL, () => makeSmall(1)].map(addUnit);
  const length = rehearsalCode(0, units).length;
  const start = codeSpace.allocate(length);
  H.set(rehearsalCode(start, units), start);
  try {
    H[Reg.Htop] = block;
    H[Reg.E] = block + FRAME;
    H[Reg.Reds] = PLENTY;
    standIn();
    const given = values();
    for (let i = 0; i < REGISTERS; i++) H[i] = H[block + FRAME + i] = given[i] ?? NIL;
    loop(start);
    return H[Reg.Pc] === start + length - 2;
  } finally {
    for (const unit of units) removeUnit(unit);
    codeSpace.release(start, length);
    freeBlock(block);
    Object.assign(rare, real);
    for (const [r, value] of special) H[r] = value;
    H.set(saved, 0);
  }
}
