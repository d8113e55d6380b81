// What an instruction reads, writes and where it can go, from its signature: for liveness and for the flow graph.
import type { FunctionCode, Instruction, Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { num } from '../load/operands.js';
import { SIGNATURES } from '../load/signatures.js';

export interface Effects {
  /** X registers that are read. */
  uses: number[];
  /** X registers that are written. */
  defs: number[];
  /** Every X register is lost (calls). */
  killsX: boolean;
  /** Labels it may jump to, without 0. */
  labels: number[];
  /** Whether control can go on at the next instruction. */
  fallsThrough: boolean;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Instructions after which the next one is not reached. */
const ENDS = new Set<Op>([
  Op.call_last,
  Op.call_only,
  Op.call_ext_last,
  Op.call_ext_only,
  Op.apply_last,
  Op.return,
  Op.jump,
  Op.select_val,
  Op.select_tuple_arity,
  Op.badmatch,
  Op.case_end,
  Op.if_end,
  Op.try_case_end,
  Op.badrecord,
  Op.raise,
  Op.raw_raise,
  Op.loop_rec_end,
  Op.wait,
  Op.func_info,
  Op.int_code_end,
]);

/** X registers that an instruction takes in fixed places: arguments of calls and the like. */
function implicitUses(op: Op, args: Operand[]): number[] {
  switch (op) {
    case Op.call:
    case Op.call_last:
    case Op.call_only:
    case Op.call_ext:
    case Op.call_ext_last:
    case Op.call_ext_only:
      return range(num(args[0]));
    case Op.call_fun:
      return range(num(args[0]) + 1);
    case Op.call_fun2:
      return range(num(args[1]));
    case Op.apply:
    case Op.apply_last:
      return range(num(args[0]) + 2);
    case Op.func_info:
      // The stack trace has the arguments.
      return range(num(args[2]));
    case Op.return:
    case Op.build_stacktrace:
    case Op.bs_init_writable:
      return [0];
    case Op.send:
      return [0, 1];
    case Op.raw_raise:
      return [0, 1, 2];
    case Op.try_case:
    case Op.catch_end:
      return range(4);
    default:
      return [];
  }
}

/** X registers written in fixed places. */
function implicitDefs(op: Op): number[] {
  switch (op) {
    case Op.send:
    case Op.build_stacktrace:
    case Op.catch_end:
    case Op.bs_init_writable:
      return [0];
    case Op.try_case:
      return [0, 1, 2];
    default:
      return [];
  }
}

const CALLS = new Set<Op>([Op.call, Op.call_ext, Op.call_fun, Op.call_fun2, Op.apply]);
/** Letters of signatures whose operand is read, written, or a label. */
const READS = 'sSrwz';
const WRITES = 'dDw';
const LABELS = 'fjb';

/** The effects of one instruction. */
export function effectsOf({ op, args }: Instruction): Effects {
  const uses = implicitUses(op, args);
  const defs = implicitDefs(op);
  const labels: number[] = [];
  const signature = SIGNATURES[op] ?? '';
  const read = (o: Operand): void => {
    if (o.kind === 'x') uses.push(o.n);
  };
  const label = (o: Operand): void => {
    if (o.kind === 'label' && o.n !== 0) labels.push(o.n);
  };
  for (let i = 0; i < args.length; i++) {
    const o = args[i];
    const letter = signature[i] ?? '*';
    if (o.kind === 'list') list(letter, o.items, read, label, defs);
    else {
      if (READS.includes(letter)) read(o);
      if (WRITES.includes(letter) && o.kind === 'x') defs.push(o.n);
      if (LABELS.includes(letter)) label(o);
    }
  }
  // The message is only there when control goes on, but nothing is live where it does not.
  const killsX = CALLS.has(op);
  if (killsX) defs.push(0);
  if (op === Op.try || op === Op.catch) labels.length = 0;
  return { uses, defs, killsX, labels, fallsThrough: !ENDS.has(op) };
}

function list(
  letter: string,
  items: Operand[],
  read: (o: Operand) => void,
  label: (o: Operand) => void,
  defs: number[],
): void {
  items.forEach((o, i) => {
    switch (letter) {
      case 'P':
      case 'T':
        if (i % 2 === 1) label(o);
        break;
      case 'E':
      case 'R':
        if (i % 2 === 1) {
          if (o.kind === 'x') defs.push(o.n);
        } else read(o);
        break;
      case 'U':
        if (i % 2 === 1) read(o);
        break;
      case 'Y':
        break;
      case 'C':
        // Destinations of bs_match commands can not be told from their sources here: both are taken as read and written.
        if (o.kind === 'x') defs.push(o.n);
        break;
      default:
        if (o.kind === 'list') list(letter, o.items, read, label, defs);
        else read(o);
    }
  });
}

/** What a pass over a whole function finds out once, for all its units. */
export interface FunctionFacts {
  /** Instruction index of each label. */
  labelIndex: Map<number, number>;
  effects: Effects[];
  /** Frame size before each instruction: -1 without frame, -2 where control never comes. */
  frame: Int32Array;
  /** The largest frame. */
  maxFrame: number;
  /** Instructions that paths with different frame sizes share: code that only raises. The interpreter runs it. */
  conflicts: Set<number>;
}

/**
 * Frame sizes and effects of all instructions.
 * @param neverReturns whether the BIF behind an import only raises
 */
export function factsOf(fn: FunctionCode, neverReturns: (importIndex: number) => boolean): FunctionFacts {
  const labelIndex = new Map<number, number>();
  fn.code.forEach(({ op, args }, i) => {
    if (op === Op.label) labelIndex.set(num(args[0]), i);
  });
  const effects = fn.code.map((i) => {
    const e = effectsOf(i);
    // What stands behind a call that never returns belongs to other paths.
    if (i.op === Op.call_ext && neverReturns(num(i.args[1]))) e.fallsThrough = false;
    return e;
  });
  const conflicts = new Set<number>();
  const frame = new Int32Array(fn.code.length + 1).fill(-2);
  const work: [number, number][] = [[0, -1]];
  const entry = labelIndex.get(fn.entry);
  if (entry !== undefined) work.push([entry, -1]);
  let maxFrame = 0;
  while (work.length > 0) {
    let [i, size] = work.pop()!;
    if (frame[i] !== -2 && frame[i] !== size) conflicts.add(i);
    for (; i < fn.code.length && frame[i] === -2; i++) {
      frame[i] = size;
      const { op, args } = fn.code[i];
      if (op === Op.try || op === Op.catch) work.push([labelIndex.get(num(args[1]))!, size]);
      for (const l of effects[i].labels) work.push([labelIndex.get(l)!, size]);
      if (!effects[i].fallsThrough) break;
      switch (op) {
        case Op.allocate:
        case Op.allocate_heap:
        case Op.allocate_zero:
        case Op.allocate_heap_zero:
          size = num(args[0]);
          break;
        case Op.deallocate:
          size = -1;
          break;
        case Op.trim:
          size -= num(args[0]);
          break;
      }
      if (size > maxFrame) maxFrame = size;
      if (frame[i + 1] !== -2 && frame[i + 1] !== size) conflicts.add(i + 1);
    }
  }
  return { labelIndex, effects, frame, maxFrame, conflicts };
}
