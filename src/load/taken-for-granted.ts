// Which instructions take it for granted what kind of term an operand is, and the tests that stand before those where the
// code does not show it: see type-guards.ts.
import type { Operand } from './module.js';
import { Op } from './opcodes.js';

/** Instructions that take it for granted what kind of term an operand is. A function without any needs no test. */
export const TAKES_FOR_GRANTED: ReadonlySet<Op> = new Set([
  Op.get_list,
  Op.get_hd,
  Op.get_tl,
  Op.get_tuple_element,
  Op.set_tuple_element,
  Op.update_record,
  Op.get_map_elements,
  Op.has_map_fields,
  Op.test_arity,
  Op.select_tuple_arity,
  Op.fmove,
  Op.bs_get_integer2,
  Op.bs_get_float2,
  Op.bs_get_binary2,
  Op.bs_skip_bits2,
  Op.bs_test_tail2,
  Op.bs_test_unit,
  Op.bs_match_string,
  Op.bs_get_utf8,
  Op.bs_get_utf16,
  Op.bs_get_utf32,
  Op.bs_skip_utf8,
  Op.bs_skip_utf16,
  Op.bs_skip_utf32,
  Op.bs_get_tail,
  Op.bs_get_position,
  Op.bs_set_position,
  Op.bs_match,
]);

/** A test that has to stand before an instruction. */
export interface Wanted {
  operand: Operand;
  /** CONS, FLOAT, MAP, or a kind of tuple. */
  kind: number;
  /** Elements that the tuple must have. */
  size: number;
  /** Label to go to if it is not; undefined: an exception. */
  fail?: Operand;
}
