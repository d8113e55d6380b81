// Emitters of bit syntax matching. Fields of constant size are done in runs (match-run.ts), the others by calls.
import type * as E from 'estree';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { H } from '../../memory/arena.js';
import { bin, id, lit, not, set, when } from '../ast.js';
import { infoOfRange } from '../known.js';
import { runAt } from '../match-runs.js';
import * as stubs from '../stubs/matching.js';
import type { Unit } from '../unit.js';
import { emitRun, loadContext, withFailure } from './match-run.js';
import { routineAt } from './routines.js';
import { branchUnless } from './tests.js';

const NONE = lit(53);
const CONTEXT = id('c');
const CODE_POINT = infoOfRange(0, 0x10ffff);

const isAll = (o: Operand): boolean => o.kind === 'atom' && o.name === 'all';

/** Emits a matching instruction; false: it is none. */
export function emitMatching(u: Unit, op: Op, args: Operand[]): boolean {
  if (routineAt(u.target, u.at) < 0) return false;
  const run = runAt(u.fn, u.at);
  if (run !== undefined) {
    emitRun(u, run);
    return true;
  }
  switch (op) {
    case Op.bs_start_match3:
      return start(u, args[0], args[1], args[3]);
    case Op.bs_start_match4:
      return start(u, args[0], args[2], args[3]);
    case Op.bs_get_position:
      loadContext(u, args[0]);
      u.inline(stubs.getPosition, { dst: u.destination(args[1]), c: CONTEXT });
      return true;
    case Op.bs_set_position:
      loadContext(u, args[0]);
      u.inline(stubs.setPosition, { c: CONTEXT, position: u.source(args[1]) });
      return true;
    case Op.bs_get_tail:
      loadContext(u, args[0]);
      u.set(args[1], u.callLibrary('restOf', CONTEXT));
      return true;
    case Op.bs_get_integer2:
      return sized(u, args, 'takeSizedInteger', args[5], args[6]);
    case Op.bs_get_float2:
      return sized(u, args, 'takeSizedFloat', args[5], args[6]);
    case Op.bs_get_binary2:
      if (!isAll(args[3])) return sized(u, args, 'takeSizedBits', undefined, args[6]);
      loadContext(u, args[1]);
      return take(u, u.callLibrary('takeRest', CONTEXT, lit(num(args[4]))), args[0], args[6]);
    case Op.bs_skip_bits2: {
      const unit = lit(num(args[3]));
      loadContext(u, args[1]);
      const done = isAll(args[2])
        ? u.callLibrary('skipRest', CONTEXT, unit)
        : u.callLibrary('skipSized', CONTEXT, u.source(args[2]), unit);
      branchUnless(u, done, args[0]);
      return true;
    }
    case Op.bs_match_string: {
      // A long one: the interpreter's code says where it has put the bytes.
      const bytes = u.constantWord(H[u.address() + 5], () => [`string_${u.at}`, 'where its bytes are']);
      loadContext(u, args[1]);
      branchUnless(u, u.callLibrary('takeString', CONTEXT, lit(num(args[2])), bytes), args[0]);
      return true;
    }
    case Op.bs_test_tail2: {
      loadContext(u, args[1]);
      const n = num(args[2]);
      const stub = n === 0 ? stubs.atEnd : stubs.hasLeft;
      branchUnless(u, u.inlineExpression(stub, { c: CONTEXT, n: lit(n) }), args[0]);
      return true;
    }
    case Op.bs_test_unit: {
      loadContext(u, args[1]);
      const unit = num(args[2]);
      const stub = unit === 8 ? stubs.isWhole : stubs.isMultiple;
      branchUnless(u, u.inlineExpression(stub, { c: CONTEXT, unit: lit(unit) }), args[0]);
      return true;
    }
    case Op.bs_get_utf8:
      loadContext(u, args[1]);
      u.locals.add('b');
      withFailure(u, u.jumpTo(args[0]), (fail) =>
        u.inline(stubs.utf8, { dst: u.destination(args[4], CODE_POINT), c: CONTEXT, b: id('b') }, fail),
      );
      return true;
    case Op.bs_get_utf16:
    case Op.bs_get_utf32: {
      loadContext(u, args[1]);
      const name = op === Op.bs_get_utf16 ? 'takeUtf16' : 'takeUtf32';
      return take(u, u.callLibrary(name, CONTEXT, lit(num(args[3]))), args[0], args[4]);
    }
    case Op.bs_skip_utf8:
    case Op.bs_skip_utf16:
    case Op.bs_skip_utf32: {
      loadContext(u, args[1]);
      const name = op === Op.bs_skip_utf8 ? 'takeUtf8' : op === Op.bs_skip_utf16 ? 'takeUtf16' : 'takeUtf32';
      const point = u.callLibrary(name, CONTEXT, lit(num(args[3])));
      branchUnless(u, not(bin(point, '===', NONE)), args[0]);
      return true;
    }
    default:
      return false;
  }
}

/** The value of a call, or the fail label. */
function take(u: Unit, value: E.Expression, fail: Operand, dst: Operand): boolean {
  u.locals.add('t');
  u.emit(set('t', value), when(bin(id('t'), '===', NONE), u.jumpTo(fail)));
  u.set(dst, id('t'));
  return true;
}

/** A field whose size is in a register, or that is too long for a run. */
function sized(u: Unit, args: Operand[], name: string, flags: Operand | undefined, dst: Operand): boolean {
  loadContext(u, args[1]);
  const size = u.source(args[3]);
  const more = flags === undefined ? [] : [lit(num(flags))];
  return take(u, u.callLibrary(name, CONTEXT, size, lit(num(args[4])), ...more), args[0], dst);
}

function start(u: Unit, fail: Operand, src: Operand, dst: Operand): boolean {
  u.flushHeap();
  u.use('H');
  const t = u.source(src);
  u.locals.add('t');
  const begin: E.Statement[] = [set('t', u.callLibrary('startMatch', t))];
  const isTested = fail.kind === 'label' && fail.n !== 0;
  // no_fail and resume: the compiler says that it is a bitstring or a context.
  const away = isTested ? u.jumpTo(fail) : u.leave('neither a bitstring nor a match context');
  begin.push(when(bin(id('t'), '===', NONE), away));
  const to = u.destination(dst);
  u.inline(stubs.startMatch, { dst: to, t }, [...begin, set(to.name, id('t'))]);
  return true;
}
