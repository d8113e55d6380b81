// Emitters of sending, receiving and exception handling.
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { REDUCTION } from '../../settings.js';
import { Sentinel } from '../../terms/tags.js';
import { bin, expression, id, lit, set, when } from '../ast.js';
import * as stubs from '../stubs/calls.js';
import type { Unit } from '../unit.js';

const x = (n: number): Operand => ({ kind: 'x', n });

/** Emits such an instruction; false: it is none. */
export function emitMessage(u: Unit, op: Op, args: Operand[]): boolean {
  switch (op) {
    case Op.send: {
      u.flushHeap();
      u.locals.add('t');
      const to = u.source(x(0));
      const message = u.source(x(1));
      u.emit(
        set('t', u.callLibrary('sendMessage', to, message)),
        when(bin(id('t'), '===', lit(Sentinel.Unwind)), u.leave('send fails')),
      );
      u.set(x(0), id('t'));
      return true;
    }
    case Op.loop_rec: {
      u.locals.add('t');
      u.emit(
        set('t', u.callLibrary('peekMessage')),
        when(bin(id('t'), '===', lit(Sentinel.None)), [
          when(u.callLibrary('hasArrivals'), u.leave('signals have arrived')),
          ...u.jumpTo(args[0]),
        ]),
      );
      u.set(args[1], id('t'));
      return true;
    }
    case Op.remove_message:
      u.emit(expression(u.callLibrary('removeMessage')));
      return true;
    case Op.loop_rec_end: {
      u.emit(expression(u.callLibrary('nextMessage')));
      const ys = u.frameRegisters();
      const loop = u.addressWord(u.facts.labelIndex.get(num(args[0]))!);
      u.exits.push({ instruction: u.at, kind: 'yield', reason: '' });
      u.inline(
        stubs.reduce,
        { cost: lit(REDUCTION) },
        u.end(u.callLibrary(`yieldLoop_${ys.length}`, loop, ...ys)),
      );
      u.emit(...u.jumpTo(args[0]));
      return true;
    }
    case Op.wait: {
      const loop = u.facts.labelIndex.get(num(args[0]))!;
      const ys = u.frameRegisters();
      u.exits.push({ instruction: u.at, kind: 'wait', reason: '' });
      u.emit(...u.end(u.callLibrary(`waitAt_${ys.length}`, u.addressWord(loop), ...ys)));
      return true;
    }
    case Op.timeout:
      u.emit(expression(u.callLibrary('timedOut')));
      return true;
    case Op.recv_marker_reserve:
      u.set(args[0], u.callLibrary('reserveMarker'));
      return true;
    case Op.recv_marker_bind:
      u.emit(expression(u.callLibrary('bindMarker', u.source(args[0]), u.source(args[1]))));
      return true;
    case Op.recv_marker_clear:
      u.emit(expression(u.callLibrary('clearMarker', u.source(args[0]))));
      return true;
    case Op.recv_marker_use:
      u.emit(expression(u.callLibrary('useMarker', u.source(args[0]))));
      return true;

    case Op.try:
    case Op.catch: {
      const handler = u.facts.labelIndex.get(num(args[1]))!;
      u.set(args[0], u.catchWord(handler));
      return true;
    }
    case Op.try_end:
      u.set(args[0], lit(5));
      return true;
    case Op.try_case:
      u.set(args[0], lit(5));
      u.set(x(0), u.source(x(1)));
      u.set(x(1), u.source(x(2)));
      u.set(x(2), u.source(x(3)));
      return true;
    case Op.catch_end: {
      u.flushHeap();
      u.set(args[0], lit(5));
      const names = [1, 2, 3].map((n) => u.source(x(n)));
      u.source(x(0));
      const x0 = u.destination(x(0));
      u.emit(
        when(bin(x0, '===', lit(Sentinel.None)), [set(x0.name, u.callLibrary('caughtValue', ...names))]),
      );
      return true;
    }
    case Op.build_stacktrace:
      u.flushHeap();
      u.set(x(0), u.callLibrary('symbolicTrace', u.source(x(0))));
      return true;
    default:
      return false;
  }
}
