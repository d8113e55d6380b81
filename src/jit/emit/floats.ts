// Emitters of float instructions. Float registers are locals, so chains of float arithmetic never touch the heap.
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { id, set } from '../ast.js';
import * as stubs from '../stubs/floats.js';
import type { Unit } from '../unit.js';

const operators = {
  [Op.fadd]: stubs.fadd,
  [Op.fsub]: stubs.fsub,
  [Op.fmul]: stubs.fmul,
  [Op.fdiv]: stubs.fdiv,
} as Partial<Record<Op, (dst: number, a: number, b: number) => void>>;

function define(u: Unit, o: Operand): ReturnType<typeof id> {
  const name = u.nameOf(o);
  u.floats.add(num(o));
  return id(name);
}

/** Emits a float instruction; false: it is none. */
export function emitFloat(u: Unit, op: Op, args: Operand[]): boolean {
  const stub = operators[op];
  if (stub !== undefined) {
    const a = id(u.nameOf(args[1]));
    const b = id(u.nameOf(args[2]));
    const fail = u.leave('float arithmetic fails');
    u.inline(stub, { dst: define(u, args[3]), a, b }, fail);
    return true;
  }
  switch (op) {
    case Op.fmove:
      if (args[0].kind === 'fr') u.setDouble(args[1], id(u.nameOf(args[0])));
      else {
        const value = u.doubleOf(args[0]);
        u.emit(set(define(u, args[1]).name, value));
      }
      return true;
    case Op.fconv: {
      if (u.isFloat(args[0])) {
        const value = u.doubleOf(args[0]);
        u.emit(set(define(u, args[1]).name, value));
        return true;
      }
      const t = u.source(args[0]);
      const fail = u.leave('fconv fails');
      u.inline(stubs.convert, { dst: define(u, args[1]), t }, fail);
      return true;
    }
    case Op.fnegate: {
      const a = id(u.nameOf(args[1]));
      u.emit(
        set(define(u, args[2]).name, { type: 'UnaryExpression', operator: '-', prefix: true, argument: a }),
      );
      return true;
    }
    case Op.fclearerror:
    case Op.fcheckerror:
      return true;
    default:
      return false;
  }
}
