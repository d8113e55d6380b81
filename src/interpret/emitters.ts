// What each generic instruction becomes for the interpreter, keyed by its name. An emitter gives the number of generic
// instructions it used up, if it is not one. What has no emitter here is either a routine of slow.ts or unsupported.
import { bifs } from '../bifs/table.js';
import { type ExportEntry, exportOf } from '../code/functions.js';
import { isGuardBif } from '../load/guard-bifs.js';
import { heapWords } from '../load/heap-need.js';
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { itemsOf, num } from '../load/operands.js';
import { settings } from '../settings.js';
import { atom } from '../terms/atoms.js';
import { NIL } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { I } from './ops.js';
import { slowIndexOf, stressCollect } from './slow.js';

/** Emits an instruction; gives how many it has used up, if not one. */
export type Emitter = (a: Assembler, args: Operand[]) => number | void;

const isX = (o: Operand): boolean => o.kind === 'x';
const isY = (o: Operand): boolean => o.kind === 'y';

/** The export that an import operand names. */
export function importOf(a: Assembler, o: Operand): ExportEntry {
  const i = a.module.imports[num(o)];
  return exportOf(atom(i.module), atom(i.name), i.arity);
}

function move(a: Assembler, from: Operand, to: Operand): void {
  const constant = a.constant(from);
  if (constant !== undefined) {
    if (isX(to)) a.emit(I.MoveConstX, constant, num(to));
    else a.emit(I.MoveConstY, constant, num(to));
  } else if (isX(from) && isX(to)) a.emit(I.MoveXX, num(from), num(to));
  else if (isX(from) && isY(to)) a.emit(I.MoveXY, num(from), num(to));
  else if (isY(from) && isX(to)) a.emit(I.MoveYX, num(from), num(to));
  else {
    a.emit(I.Move);
    a.source(from);
    a.destination(to);
  }
}

/** Instructions that neither fail nor collect nor branch; an uninitialised Y register is harmless across them. */
const HARMLESS = new Set<Op>([
  Op.move,
  Op.swap,
  Op.get_list,
  Op.get_hd,
  Op.get_tl,
  Op.get_tuple_element,
  Op.put_list,
  Op.put_tuple2,
  Op.line,
  Op.init_yregs,
  Op.try,
  Op.catch,
]);

/**
 * Whether every one of the n new Y registers is set before anything can look at the stack: the stack is searched for
 * catch tags when an exception is raised, and what an earlier frame left there might be one.
 */
function allSet(a: Assembler, n: number): boolean {
  const set = new Set<number>();
  for (let k = 1; set.size < n; k++) {
    const next = a.next(k);
    if (next === undefined || !HARMLESS.has(next.op)) return false;
    const targets =
      next.op === Op.init_yregs
        ? itemsOf(next.args[0])
        : next.op === Op.get_list
          ? next.args.slice(1)
          : next.op === Op.try || next.op === Op.catch || next.op === Op.put_tuple2
            ? [next.args[0]]
            : [next.args[next.args.length - 1]];
    for (const t of targets) if (isY(t)) set.add(num(t));
  }
  return true;
}

function allocate(a: Assembler, words: Operand, heap: number, live: Operand): void {
  const n = num(words);
  if (settings.stressGc) a.emit(I.Slow, stressCollect, n + 1 + heap, num(live));
  a.emit(allSet(a, n) ? I.Allocate : I.AllocateInit, n, heap, num(live));
}

const binary: Record<string, I> = {
  '+': I.Add,
  '-': I.Subtract,
  '*': I.Multiply,
  div: I.IntDiv,
  rem: I.Rem,
  band: I.BitAnd,
  bor: I.BitOr,
  bxor: I.BitXor,
  bsl: I.ShiftLeft,
  bsr: I.ShiftRight,
  '/': I.Divide,
};
const unary: Record<string, I> = { bnot: I.BitNot, '-': I.Negate };

/** A guard BIF or operator: fail label, import, operands, destination. */
function guardBif(a: Assembler, fail: Operand, imp: Operand, operands: Operand[], dst: Operand): void {
  const e = a.module.imports[num(imp)];
  if (isGuardBif(e)) {
    if (operands.length === 0 && e.name === 'self') {
      a.emit(I.Self);
      a.destination(dst);
      return;
    }
    const op = operands.length === 2 ? binary[e.name] : operands.length === 1 ? unary[e.name] : undefined;
    if (op !== undefined) {
      arithmetic(a, op, fail, operands, dst);
      return;
    }
  }
  const entry = importOf(a, imp);
  if (entry.bif < 0 || !isGuardBif(e)) {
    // Known to the compiler, not to us: it fails as an undefined function when it is reached.
    a.emit(I.Unsupported, -1 - entry.id);
    return;
  }
  if (operands.length === 0) a.emit(I.Bif0);
  else {
    a.emit(I.Bif0 + operands.length);
    a.label(fail);
  }
  a.emit(entry.bif);
  for (const o of operands) a.source(o);
  a.destination(dst);
}

function arithmetic(a: Assembler, op: I, fail: Operand, operands: Operand[], dst: Operand): void {
  const constant = operands.length === 2 ? a.constant(operands[1]) : undefined;
  if (
    (op === I.Add || op === I.Subtract) &&
    isX(operands[0]) &&
    constant !== undefined &&
    (constant & 1) === 0 &&
    constant !== -0x80000000
  ) {
    a.emit(I.AddXC);
    a.label(fail);
    a.emit(num(operands[0]), op === I.Add ? constant : -constant);
    a.destination(dst);
    return;
  }
  a.emit(op === I.Add && operands.every(isX) ? I.AddXX : op);
  a.label(fail);
  for (const o of operands) a.source(o);
  a.destination(dst);
}

function returnPoint(a: Assembler): void {
  a.resumePoint(1, a.at + 1);
}

/** Compilers say "call_fun, deallocate, return" for a tail call of a fun; as in OTP it is one. */
function isTailCall(a: Assembler): boolean {
  return a.next(1)?.op === Op.deallocate && a.next(2)?.op === Op.return;
}

function callFunLast(a: Assembler, fun: Operand, arity: Operand): number {
  a.emit(I.CallFunLast);
  a.source(fun);
  a.emit(num(arity), num(a.next(1)!.args[0]));
  return 3;
}

/** A BIF that is called as a function. */
function callBif(a: Assembler, entry: ExportEntry, last: number): void {
  if (last < 0) a.emit(I.CallBif, entry.bif, entry.arity);
  else a.emit(I.CallBifLast, entry.bif, entry.arity, last);
}

function isCallableBif(e: ExportEntry): boolean {
  return e.bif >= 0 && bifs[e.bif] !== undefined;
}

function raiseOne(op: I): Emitter {
  return (a, [src]) => {
    a.emit(op);
    a.source(src);
  };
}

function floatOp(op: I): Emitter {
  return (a, [, x, y, d]) => a.emit(op, num(x), num(y), num(d));
}

function makeFun(a: Assembler, index: Operand, dst: Operand, free: Operand[]): void {
  a.emit(I.MakeFun, a.lambdas[num(index)]);
  a.destination(dst);
  a.emit(free.length);
  for (const o of free) a.source(o);
}

function catchTag(a: Assembler, args: Operand[]): void {
  a.emit(I.MoveConstY);
  a.catchTag(args[1]);
  a.emit(num(args[0]));
}

export const emitters: Partial<Record<Op, Emitter>> = {
  [Op.func_info]: (a, [m, f, n]) => a.emit(I.FuncInfo, a.constant(m)!, a.constant(f)!, num(n)),
  [Op.int_code_end]: () => {},
  [Op.jump]: (a, [l]) => {
    a.emit(I.Jump);
    a.label(l);
  },
  [Op.call]: (a, [, l]) => {
    a.emit(I.Call);
    a.label(l);
    returnPoint(a);
  },
  [Op.call_last]: (a, [, l, n]) => {
    a.emit(I.CallLast);
    a.label(l);
    a.emit(num(n));
  },
  [Op.call_only]: (a, [, l]) => {
    a.emit(I.Jump);
    a.label(l);
  },
  [Op.call_ext]: (a, [, imp]) => {
    const e = importOf(a, imp);
    if (isCallableBif(e)) callBif(a, e, -1);
    else a.emit(I.CallExt, e.cell);
    returnPoint(a);
  },
  [Op.call_ext_last]: (a, [, imp, n]) => {
    const e = importOf(a, imp);
    if (isCallableBif(e)) callBif(a, e, num(n));
    else a.emit(I.CallExtLast, e.cell, num(n));
  },
  [Op.call_ext_only]: (a, [, imp]) => {
    const e = importOf(a, imp);
    if (isCallableBif(e)) callBif(a, e, 0);
    else a.emit(I.CallExtOnly, e.cell);
  },
  [Op.return]: (a) => a.emit(I.Return),
  [Op.allocate]: (a, [n, live]) => allocate(a, n, 0, live),
  [Op.allocate_heap]: (a, [n, heap, live]) => allocate(a, n, heapWords(heap), live),
  [Op.allocate_zero]: (a, [n, live]) => a.emit(I.AllocateInit, num(n), 0, num(live)),
  [Op.allocate_heap_zero]: (a, [n, heap, live]) => a.emit(I.AllocateInit, num(n), heapWords(heap), num(live)),
  [Op.test_heap]: (a, [heap, live]) => {
    if (settings.stressGc) a.emit(I.Slow, stressCollect, heapWords(heap), num(live));
    a.emit(I.TestHeap, heapWords(heap), num(live));
  },
  [Op.deallocate]: (a, [n]) => {
    if (a.next()?.op === Op.return) {
      a.emit(I.DeallocateReturn, num(n));
      return 2;
    }
    a.emit(I.Deallocate, num(n));
  },
  [Op.trim]: (a, [n]) => a.emit(I.Deallocate, num(n)),
  [Op.init]: (a, [y]) => a.emit(I.Init1, num(y)),
  [Op.init_yregs]: (a, [l]) => {
    const items = itemsOf(l);
    if (items.length === 1) a.emit(I.Init1, num(items[0]));
    else {
      a.emit(I.InitYregs, items.length);
      for (const o of items) a.emit(~num(o));
    }
  },
  [Op.move]: (a, [from, to]) => {
    const next = a.next();
    if (next?.op === Op.call && to.kind === 'x' && to.n === 0 && isX(from)) {
      a.emit(I.MoveCall, num(from));
      a.label(next.args[1]);
      a.resumePoint(1, a.at + 2);
      return 2;
    }
    move(a, from, to);
  },
  [Op.swap]: (a, [x, y]) => {
    a.emit(I.Swap);
    a.destination(x);
    a.destination(y);
  },
  [Op.get_list]: (a, [s, h, t]) => {
    if (isX(s) && isX(h) && isX(t)) a.emit(I.GetListXXX, num(s), num(h), num(t));
    else {
      a.emit(I.GetList);
      a.source(s);
      a.destination(h);
      a.destination(t);
    }
  },
  [Op.get_hd]: (a, [s, d]) => {
    a.emit(I.GetHead);
    a.source(s);
    a.destination(d);
  },
  [Op.get_tl]: (a, [s, d]) => {
    a.emit(I.GetTail);
    a.source(s);
    a.destination(d);
  },
  [Op.get_tuple_element]: (a, [s, i, d]) => {
    if (isX(s) && isX(d)) a.emit(I.GetElementXX, num(s), num(i) + 1, num(d));
    else {
      a.emit(I.GetElement);
      a.source(s);
      a.emit(num(i) + 1);
      a.destination(d);
    }
  },
  [Op.set_tuple_element]: (a, [v, t, i]) => {
    a.emit(I.SetElement);
    a.source(v);
    a.source(t);
    a.emit(num(i) + 1);
  },
  [Op.put_list]: (a, [h, t, d]) => {
    a.emit(I.PutList);
    a.source(h);
    a.source(t);
    a.destination(d);
  },
  [Op.put_tuple2]: (a, [d, l]) => {
    const items = itemsOf(l);
    a.emit(I.PutTuple);
    a.destination(d);
    a.emit(items.length);
    for (const o of items) a.source(o);
  },
  [Op.update_record]: (a, [, size, src, dst, l]) => {
    const items = itemsOf(l);
    a.emit(I.UpdateRecord);
    a.source(src);
    a.destination(dst);
    a.emit(num(size), items.length / 2);
    for (let i = 0; i < items.length; i += 2) {
      a.emit(num(items[i]));
      a.source(items[i + 1]);
    }
  },

  [Op.bif0]: (a, [imp, d]) => guardBif(a, { kind: 'label', n: 0 }, imp, [], d),
  [Op.bif1]: (a, [fail, imp, x, d]) => guardBif(a, fail, imp, [x], d),
  [Op.bif2]: (a, [fail, imp, x, y, d]) => guardBif(a, fail, imp, [x, y], d),
  [Op.bif3]: (a, [fail, imp, x, y, z, d]) => guardBif(a, fail, imp, [x, y, z], d),
  [Op.gc_bif1]: (a, [fail, , imp, x, d]) => guardBif(a, fail, imp, [x], d),
  [Op.gc_bif2]: (a, [fail, , imp, x, y, d]) => guardBif(a, fail, imp, [x, y], d),
  [Op.gc_bif3]: (a, [fail, , imp, x, y, z, d]) => guardBif(a, fail, imp, [x, y, z], d),

  [Op.make_fun3]: (a, [index, d, l]) => makeFun(a, index, d, itemsOf(l)),
  [Op.call_fun]: (a, [n]) => {
    if (isTailCall(a)) return callFunLast(a, { kind: 'x', n: num(n) }, n);
    a.emit(I.CallFun, num(n));
    returnPoint(a);
  },
  [Op.call_fun2]: (a, [, n, f]) => {
    if (isTailCall(a)) return callFunLast(a, f, n);
    a.emit(I.CallFun2);
    a.source(f);
    a.emit(num(n));
    returnPoint(a);
  },
  [Op.apply]: (a, [n]) => {
    a.emit(I.Apply, num(n));
    returnPoint(a);
  },
  [Op.apply_last]: (a, [n, words]) => a.emit(I.ApplyLast, num(n), num(words)),

  [Op.try]: (a, args) => catchTag(a, args),
  [Op.catch]: (a, args) => catchTag(a, args),
  [Op.try_end]: (a, [y]) => a.emit(I.MoveConstY, NIL, num(y)),
  [Op.try_case]: (a, [y]) => a.emit(I.TryCase, ~num(y)),
  [Op.catch_end]: (a, [y]) => a.emit(I.CatchEnd, ~num(y)),
  [Op.raise]: (a, [trace, value]) => {
    a.emit(I.Raise);
    a.source(trace);
    a.source(value);
  },
  [Op.raw_raise]: (a) => a.emit(I.RawRaise),
  [Op.build_stacktrace]: (a) => a.emit(I.BuildStacktrace),
  [Op.badmatch]: raiseOne(I.BadMatch),
  [Op.case_end]: raiseOne(I.CaseEnd),
  [Op.try_case_end]: raiseOne(I.TryCaseEnd),
  [Op.badrecord]: raiseOne(I.BadRecord),
  [Op.if_end]: (a) => a.emit(I.IfEnd),

  [Op.send]: (a) => a.emit(I.Send),
  [Op.loop_rec]: (a, [l, d]) => {
    a.emit(I.LoopRec);
    a.label(l);
    a.destination(d);
  },
  [Op.remove_message]: (a) => a.emit(I.RemoveMessage),
  [Op.loop_rec_end]: (a, [l]) => {
    a.emit(I.LoopRecEnd);
    a.label(l);
  },
  [Op.wait]: (a, [l]) => {
    a.emit(I.Wait);
    a.label(l);
  },
  [Op.wait_timeout]: (a, [l, time]) => {
    a.emit(I.WaitTimeout);
    a.label(l);
    a.source(time);
  },
  [Op.timeout]: (a) => a.emit(I.Timeout),

  [Op.fmove]: (a, [from, to]) => {
    if (from.kind === 'fr') {
      a.emit(I.FMoveOut, from.n);
      a.destination(to);
    } else {
      a.emit(I.FMoveIn);
      a.source(from);
      a.emit(num(to));
    }
  },
  [Op.fconv]: (a, [from, to]) => {
    a.emit(I.FConv);
    a.source(from);
    a.emit(num(to));
  },
  [Op.fadd]: floatOp(I.FAdd),
  [Op.fsub]: floatOp(I.FSub),
  [Op.fmul]: floatOp(I.FMul),
  [Op.fdiv]: floatOp(I.FDiv),
  [Op.fnegate]: (a, [, x, d]) => a.emit(I.FNeg, num(x), num(d)),
  [Op.fclearerror]: () => {},
  [Op.fcheckerror]: () => {},
  [Op.executable_line]: () => {},
  [Op.debug_line]: () => {},
  [Op.on_load]: () => {},
  [Op.nif_start]: () => {},
};

/** Instructions without an emitter: a routine of slow.ts with its operands in order, or "unsupported". */
export function emitGeneric(a: Assembler, args: Operand[]): void {
  const { op } = a.fn.code[a.at];
  const routine = slowIndexOf(op);
  if (routine < 0) {
    a.emit(I.Unsupported, op);
    return;
  }
  a.emit(I.Slow, routine);
  for (const o of args) operand(a, o);
}

/** An operand in the form that routines of slow.ts expect. */
function operand(a: Assembler, o: Operand): void {
  switch (o.kind) {
    case 'label':
      a.label(o);
      break;
    case 'unsigned':
    case 'fr':
      a.emit(o.n);
      break;
    case 'list':
      a.emit(o.items.length);
      for (const item of o.items) operand(a, item);
      break;
    case 'alloc':
      a.emit(heapWords(o));
      break;
    default:
      a.source(o);
  }
}
