// What the translator makes of each instruction: statements of its own, a call of the interpreter's routine, or a way out to
// the interpreter. The one table that says so; coverage pages are made from it.
import { bifInfos } from '../bifs/table.js';
import { type CodeFunction, findExport } from '../code/functions.js';
import { isGuardBif } from '../load/guard-bifs.js';
import type { BeamModule, FunctionCode, Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { am, atom } from '../terms/atoms.js';
import { emitGuardBif, isOperator } from './emit/bifs.js';
import { emitBuilding } from './emit/building.js';
import { emitCall } from './emit/calls.js';
import { emitData } from './emit/data.js';
import { emitFloat } from './emit/floats.js';
import { emitMap } from './emit/maps.js';
import { emitMatching } from './emit/matching.js';
import { emitMessage } from './emit/messages.js';
import { emitRoutine, routineAt } from './emit/routines.js';
import { emitSelect, emitTest } from './emit/tests.js';
import type { Unit } from './unit.js';

/** Writes the statements of an instruction; false: of this one it can not. */
export type Translator = (u: Unit, op: Op, args: Operand[]) => boolean;

const silent: Translator = () => true;
const jump: Translator = (u, _op, args) => {
  u.emit(...u.jumpTo(args[0]));
  return true;
};

/** Translators, by the instructions that they have statements for. */
export const translators: Partial<Record<Op, Translator>> = {
  [Op.label]: silent,
  [Op.line]: silent,
  [Op.executable_line]: silent,
  [Op.debug_line]: silent,
  [Op.fclearerror]: silent,
  [Op.fcheckerror]: silent,
  [Op.nif_start]: silent,
  [Op.on_load]: silent,

  [Op.move]: emitData,
  [Op.swap]: emitData,
  [Op.get_list]: emitData,
  [Op.get_hd]: emitData,
  [Op.get_tl]: emitData,
  [Op.get_tuple_element]: emitData,
  [Op.set_tuple_element]: emitData,
  [Op.put_list]: emitData,
  [Op.put_tuple2]: emitData,
  [Op.update_record]: emitData,
  [Op.make_fun3]: emitData,
  [Op.allocate]: emitData,
  [Op.allocate_zero]: emitData,
  [Op.allocate_heap]: emitData,
  [Op.allocate_heap_zero]: emitData,
  [Op.test_heap]: emitData,
  [Op.deallocate]: emitData,
  [Op.trim]: emitData,
  [Op.init]: emitData,
  [Op.init_yregs]: emitData,

  [Op.jump]: jump,
  [Op.is_nonempty_list]: emitTest,
  [Op.is_list]: emitTest,
  [Op.is_integer]: emitTest,
  [Op.is_float]: emitTest,
  [Op.is_number]: emitTest,
  [Op.is_atom]: emitTest,
  [Op.is_boolean]: emitTest,
  [Op.is_pid]: emitTest,
  [Op.is_port]: emitTest,
  [Op.is_reference]: emitTest,
  [Op.is_tuple]: emitTest,
  [Op.is_function]: emitTest,
  [Op.is_function2]: emitTest,
  [Op.is_map]: emitTest,
  [Op.is_binary]: emitTest,
  [Op.is_bitstr]: emitTest,
  [Op.is_nil]: emitTest,
  [Op.test_arity]: emitTest,
  [Op.is_tagged_tuple]: emitTest,
  [Op.is_eq_exact]: emitTest,
  [Op.is_ne_exact]: emitTest,
  [Op.is_eq]: emitTest,
  [Op.is_ne]: emitTest,
  [Op.is_lt]: emitTest,
  [Op.is_ge]: emitTest,
  [Op.select_val]: emitSelect,
  [Op.select_tuple_arity]: emitSelect,

  [Op.bif0]: emitGuardBif,
  [Op.bif1]: emitGuardBif,
  [Op.bif2]: emitGuardBif,
  [Op.bif3]: emitGuardBif,
  [Op.gc_bif1]: emitGuardBif,
  [Op.gc_bif2]: emitGuardBif,
  [Op.gc_bif3]: emitGuardBif,

  [Op.call]: emitCall,
  [Op.call_only]: emitCall,
  [Op.call_last]: emitCall,
  [Op.call_ext]: emitCall,
  [Op.call_ext_only]: emitCall,
  [Op.call_ext_last]: emitCall,
  [Op.call_fun]: emitCall,
  [Op.call_fun2]: emitCall,
  [Op.return]: emitCall,

  [Op.fmove]: emitFloat,
  [Op.fconv]: emitFloat,
  [Op.fadd]: emitFloat,
  [Op.fsub]: emitFloat,
  [Op.fmul]: emitFloat,
  [Op.fdiv]: emitFloat,
  [Op.fnegate]: emitFloat,

  [Op.send]: emitMessage,
  [Op.loop_rec]: emitMessage,
  [Op.remove_message]: emitMessage,
  [Op.loop_rec_end]: emitMessage,
  [Op.wait]: emitMessage,
  [Op.timeout]: emitMessage,
  [Op.recv_marker_reserve]: emitMessage,
  [Op.recv_marker_bind]: emitMessage,
  [Op.recv_marker_clear]: emitMessage,
  [Op.recv_marker_use]: emitMessage,

  [Op.try]: emitMessage,
  [Op.catch]: emitMessage,
  [Op.try_end]: emitMessage,
  [Op.try_case]: emitMessage,
  [Op.catch_end]: emitMessage,
  [Op.build_stacktrace]: emitMessage,

  [Op.get_map_elements]: emitMap,
  [Op.has_map_fields]: emitMap,
  [Op.put_map_assoc]: emitMap,
  [Op.put_map_exact]: emitMap,

  [Op.bs_init_writable]: emitBuilding,
  [Op.bs_start_match3]: emitMatching,
  [Op.bs_start_match4]: emitMatching,
  [Op.bs_get_integer2]: emitMatching,
  [Op.bs_test_tail2]: emitMatching,
};

/** Those that always go to the interpreter, with why. */
export const RAISING: Partial<Record<Op, string>> = {
  [Op.func_info]: 'function_clause',
  [Op.badmatch]: 'badmatch',
  [Op.case_end]: 'case_clause',
  [Op.if_end]: 'if_clause',
  [Op.try_case_end]: 'try_clause',
  [Op.badrecord]: 'badrecord',
  [Op.raise]: 'raise',
  [Op.raw_raise]: 'raise',
};

/** Instructions that are simpler for operands of known types. */
const TYPED = new Set<Op>([
  Op.gc_bif1,
  Op.gc_bif2,
  Op.is_lt,
  Op.is_ge,
  Op.is_eq,
  Op.is_ne,
  Op.is_eq_exact,
  Op.is_ne_exact,
]);

/** Writes what becomes of the instruction at hand. */
export function emitInstruction(u: Unit, op: Op, args: Operand[]): void {
  if (TYPED.has(op)) for (const o of args) u.trustSmall(o);
  if (translators[op]?.(u, op, args)) return;
  if (
    RAISING[op] === undefined &&
    (emitMatching(u, op, args) || emitBuilding(u, op, args) || emitRoutine(u, op, args))
  )
    return;
  u.emit(...u.leave(RAISING[op] ?? 'left to the interpreter'));
  u.heapUsed = -1;
}

/** Whether an import is a BIF that never returns. */
export function onlyRaises(source: BeamModule, index: number): boolean {
  const i = source.imports[index];
  const e = findExport(atom(i.module), atom(i.name), i.arity);
  return e !== undefined && e.bif >= 0 && !bifInfos[e.bif].returns;
}

/** Whether a unit ends at the instruction because it can only be left there. */
export function endsUnit(fn: CodeFunction, code: FunctionCode, i: number): boolean {
  const { op, args } = code.code[i];
  const m = fn.module;
  switch (op) {
    case Op.bif0:
      return !isKnownGuard(m.source, args[0]);
    case Op.bif1:
    case Op.bif2:
    case Op.bif3:
      return !isKnownGuard(m.source, args[1]);
    case Op.gc_bif1:
    case Op.gc_bif2:
    case Op.gc_bif3:
      return !isKnownGuard(m.source, args[2]);
    case Op.select_val: {
      const items = (args[2] as { items: Operand[] }).items;
      return items.some(
        (o, k) =>
          k % 2 === 0 &&
          (o.kind === 'literal' || (o.kind === 'integer' && (o.value > 0x3fffffff || o.value < -0x40000000))),
      );
    }
    case Op.call_ext:
      return onlyRaises(m.source, (args[1] as { n: number }).n);
    case Op.is_function2:
      return args[2].kind !== 'integer';
    case Op.get_map_elements:
    case Op.has_map_fields:
    case Op.put_map_assoc:
    case Op.put_map_exact:
    case Op.bs_start_match3:
    case Op.bs_start_match4:
    case Op.bs_get_integer2:
    case Op.bs_test_tail2:
      return routineAt(fn, i) < 0;
    default:
      return translators[op as Op] === undefined && routineAt(fn, i) < 0;
  }
}

function isKnownGuard(source: BeamModule, o: Operand): boolean {
  const imported = source.imports[(o as { n: number }).n];
  if (!isGuardBif(imported)) return false;
  const e = findExport(am.erlang, atom(imported.name), imported.arity);
  return (e !== undefined && e.bif >= 0) || isOperator(imported.name, imported.arity);
}
