// Which instructions can raise an exception, so that control may go on at the innermost handler; which calls do nothing else.
import type { Import, Operand } from './module.js';
import { Op } from './opcodes.js';

const ONLY_RAISE = new Set(['error/1', 'error/2', 'exit/1', 'throw/1']);

/** Whether an import is a BIF that never returns: what follows a call of it need not be there, or belongs to other paths. */
export function onlyRaises({ module, name, arity }: Import): boolean {
  return module === 'erlang' && ONLY_RAISE.has(`${name}/${arity}`);
}

/** Instructions that raise no exception, whatever their operands are. */
const SAFE: ReadonlySet<number> = new Set<number>([
  Op.move,
  Op.swap,
  Op.get_list,
  Op.get_hd,
  Op.get_tl,
  Op.get_tuple_element,
  Op.set_tuple_element,
  Op.put_list,
  Op.put_tuple2,
  Op.make_fun3,
  Op.init,
  Op.init_yregs,
  Op.line,
  Op.executable_line,
  Op.debug_line,
  Op.jump,
  Op.select_val,
  Op.select_tuple_arity,
  Op.test_heap,
  Op.allocate,
  Op.allocate_heap,
  Op.allocate_zero,
  Op.allocate_heap_zero,
  Op.deallocate,
  Op.trim,
  Op.try,
  Op.try_end,
  Op.try_case,
  Op.catch,
  Op.catch_end,
  Op.fmove,
  Op.bif0,
  Op.remove_message,
  Op.timeout,
  Op.loop_rec,
  Op.loop_rec_end,
  Op.wait,
  Op.recv_marker_bind,
  Op.recv_marker_clear,
  Op.recv_marker_reserve,
  Op.recv_marker_use,
  Op.bs_get_position,
  Op.bs_set_position,
  Op.bs_get_tail,
  Op.update_record,
  Op.build_stacktrace,
  Op.return,
]);

/** Whether an instruction with these operands can raise. */
export function canRaise(op: number, args: Operand[]): boolean {
  if (SAFE.has(op)) return false;
  const [first] = args;
  return !(first?.kind === 'label' && first.n !== 0 && op !== Op.wait_timeout);
}
