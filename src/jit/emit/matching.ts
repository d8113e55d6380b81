// Emitters of bit syntax matching: the frequent cases inline, the routine of the interpreter for the rest.
import type * as E from 'estree';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import * as stubs from '../stubs/matching.js';
import { infoOfRange, type Unit } from '../unit.js';
import { emitRoutine, routineAt } from './routines.js';
import { branchUnless } from './tests.js';

const num = (o: Operand): number => (o as { n: number }).n;

/** Flags of bs_get_integer2: little-endian 2, signed 4, native 16 (External: field flags of the listing). */
const NOT_PLAIN = 2 | 4 | 16;

const getters = [undefined, stubs.getByte, stubs.getTwoBytes, stubs.getThreeBytes];

/** The routine's call as statements of its own. */
function routine(u: Unit, op: Op, args: Operand[]): E.Statement[] {
  const out = u.out;
  u.out = [];
  emitRoutine(u, op, args);
  const statements = u.out;
  u.out = out;
  return statements;
}

/** Emits a matching instruction with an inline fast path; false: it has none. */
export function emitMatching(u: Unit, op: Op, args: Operand[]): boolean {
  if (routineAt(u.target, u.at) < 0) return false;
  switch (op) {
    case Op.bs_start_match3:
    case Op.bs_start_match4: {
      const src = op === Op.bs_start_match3 ? args[1] : args[2];
      if (src.kind !== 'x' && src.kind !== 'y') return false;
      u.flushHeap();
      const t = u.source(src);
      const slow = routine(u, op, args);
      u.inline(stubs.startMatch, { dst: u.destination(args[3]), t }, slow);
      return true;
    }
    case Op.bs_get_integer2: {
      const size = args[3];
      if (size.kind !== 'integer') return false;
      const bits = Number(size.value) * num(args[4]);
      const getter = bits % 8 === 0 ? getters[bits / 8] : undefined;
      if (getter === undefined || (num(args[5]) & NOT_PLAIN) !== 0) return false;
      u.flushHeap();
      const context = u.source(args[1]);
      const slow = routine(u, op, args);
      const info = infoOfRange(0, 2 ** bits - 1);
      u.inline(getter, { dst: u.destination(args[6], info), context }, slow);
      return true;
    }
    case Op.bs_test_tail2:
      if (num(args[2]) !== 0) return false;
      branchUnless(u, u.inlineExpression(stubs.atEnd, { context: u.source(args[1]) }), args[0]);
      return true;
    default:
      return false;
  }
}
