// Emitters of guard BIFs (bif0 to bif3, gc_bif1 to gc_bif3): operators and frequent ones inline, the rest as calls.
import { isGuardBif } from '../../load/guard-bifs.js';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { bin, call, id, lit, set, when, word } from '../ast.js';
import { bifOf } from '../library.js';
import * as data from '../stubs/data.js';
import { truncate } from '../stubs/floats.js';
import type { Unit } from '../unit.js';
import { emitOperator, emitUnary } from './arithmetic.js';
import { emitMapBif } from './maps.js';

const NONE: Operand = { kind: 'label', n: 0 };

/** Guard BIFs with stubs of their own. */
// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
const stubs: Record<string, (...args: any[]) => void> = {
  'hd/1': data.hd,
  'tl/1': data.tl,
  'element/2': data.element,
  'tuple_size/1': data.tupleSize,
  'byte_size/1': data.byteSize,
  'not/1': data.not,
  'and/2': data.and,
  'or/2': data.or,
  'min/2': data.min,
  'max/2': data.max,
  '=:=/2': data.exactlyEqual,
  '=/=/2': data.notExactlyEqual,
  '==/2': data.equals,
  '/=/2': data.differs,
  '</2': data.lessThan,
  '>=/2': data.notLess,
  '>/2': data.greaterThan,
  '=</2': data.notGreater,
  'abs/1': data.abs,
};

/** Emits a guard BIF; false: the instruction is none, or we do not have the BIF. */
export function emitGuardBif(u: Unit, op: Op, args: Operand[]): boolean {
  switch (op) {
    case Op.bif0:
      return guard(u, NONE, args[0], [], args[1]);
    case Op.bif1:
    case Op.bif2:
    case Op.bif3:
      return guard(u, args[0], args[1], args.slice(2, -1), args[args.length - 1]);
    case Op.gc_bif1:
    case Op.gc_bif2:
    case Op.gc_bif3:
      return guard(u, args[0], args[2], args.slice(3, -1), args[args.length - 1]);
    default:
      return false;
  }
}

function guard(u: Unit, label: Operand, imp: Operand, operands: Operand[], dst: Operand): boolean {
  const i = u.module.source.imports[num(imp)];
  if (!isGuardBif(i)) return false;
  if (i.name === 'self') {
    u.use('H');
    u.set(dst, word(lit(1036)));
    return true;
  }
  if (operands.length === 2 && emitOperator(u, i.name, label, operands[0], operands[1], dst)) return true;
  if (operands.length === 1 && emitUnary(u, i.name, label, operands[0], dst)) return true;
  if (emitMapBif(u, i.name, label, operands, dst)) return true;
  if (i.name === 'trunc' && u.isFloat(operands[0])) {
    u.flushHeap();
    const d = u.doubleOf(operands[0]);
    u.inline(truncate, { dst: u.destination(dst), d });
    return true;
  }
  const stub = stubs[`${i.name}/${i.arity}`];
  if (stub !== undefined) {
    const names = ['a', 'b'];
    const args = Object.fromEntries(operands.map((o, k) => [names[k], u.source(o)]));
    if (i.name === 'abs') u.flushHeap();
    const fail = u.fail(label, `${i.name}/${i.arity} fails`);
    u.inline(stub, { ...args, dst: u.destination(dst) }, fail);
    return true;
  }
  const e = u.importOf(imp);
  if (e.bif < 0) return false;
  u.flushHeap();
  const name = `${i.module}$${i.name}$${i.arity}`.replace(/[^A-Za-z0-9_$]/g, '_');
  u.use(name, bifOf(e));
  u.locals.add('t');
  u.emit(
    set('t', call(name, ...operands.map((o) => u.source(o)))),
    when(bin(id('t'), '===', lit(7)), u.fail(label, `${i.name}/${i.arity} fails`)),
  );
  u.set(dst, id('t'));
  return true;
}

/** Whether an operator or guard BIF of erlang is emitted without the BIF table. */
export function isOperator(name: string, arity: number): boolean {
  return (
    `${name}/${arity}` in stubs ||
    /^(\+|-|\*|\/|div|rem|band|bor|bxor|bsl|bsr)\/2$|^(-|bnot)\/1$|^self\/0$/.test(`${name}/${arity}`)
  );
}
