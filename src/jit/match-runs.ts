// Runs of bit syntax matching that a unit does in one go: one check that enough is left, then fields at offsets that are
// known when the code is translated.
//
// A bs_match instruction (OTP 26 and later) is a run by itself. What older compilers emit instead, instructions of one field
// each, is gathered here: those that follow each other, take from the same context and have the same fail label. Where a
// match fails, the position is the one before the run, which the code at the label can not tell apart: it is also
// reached from the first instruction, so it sets the position itself if it matches on.
import type { FunctionCode, Instruction, Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { isSameRegister, itemsOf, numberOf } from '../load/operands.js';

/** One thing that a run does, where the one before it has left off. */
export type Step =
  | { kind: 'integer'; bits: number; flags: Operand; dst: Operand }
  | { kind: 'float'; bits: number; flags: Operand; dst: Operand }
  | { kind: 'binary'; bits: number; dst: Operand }
  | { kind: 'skip'; bits: number }
  /** The bits are those of the module's strings from a byte offset on. */
  | { kind: 'string'; bits: number; offset: number }
  /** The bits are the big-endian value. */
  | { kind: 'equal'; bits: number; value: bigint }
  /** At least so many bits are left, and a multiple of `unit` behind them. */
  | { kind: 'atLeast'; bits: number; unit: number }
  /** So many are left. */
  | { kind: 'exactly'; bits: number }
  /** The rest as a bitstring; the position stays. */
  | { kind: 'tail'; dst: Operand };

/** A step that an instruction of its own can be. */
type FieldStep = Exclude<Step, { kind: 'tail' | 'atLeast' | 'exactly' | 'equal' }>;

export interface Run {
  /** Index of the last instruction. */
  last: number;
  fail: Operand;
  context: Operand;
  steps: Step[];
}

/** Longest run, and longest string in one, in bits. */
const MAX_BITS = 4096;
const MAX_STRING = 128;

function sizeOf(size: Operand, unit: Operand): number {
  if (size.kind !== 'integer' || typeof size.value !== 'number' || size.value < 0) return -1;
  return size.value * numberOf(unit);
}

/** The step that an instruction of one field is, or undefined if its size is not constant. */
function stepOf({ op, args }: Instruction): FieldStep | undefined {
  let step: FieldStep;
  switch (op) {
    case Op.bs_get_integer2:
    case Op.bs_get_float2:
      step = {
        kind: op === Op.bs_get_float2 ? 'float' : 'integer',
        bits: sizeOf(args[3], args[4]),
        flags: args[5],
        dst: args[6],
      };
      break;
    case Op.bs_get_binary2:
      step = { kind: 'binary', bits: sizeOf(args[3], args[4]), dst: args[6] };
      break;
    case Op.bs_skip_bits2:
      step = { kind: 'skip', bits: sizeOf(args[2], args[3]) };
      break;
    case Op.bs_match_string:
      step = { kind: 'string', bits: numberOf(args[2]), offset: numberOf(args[3]) };
      break;
    default:
      return undefined;
  }
  if (step.bits <= 0 || step.bits > MAX_BITS) return undefined;
  if (step.kind === 'string' && step.bits > MAX_STRING) return undefined;
  if (step.kind === 'float' && step.bits !== 64 && step.bits !== 32 && step.bits !== 16) return undefined;
  return step;
}

/** The run that begins at instruction i, or undefined if that is no part of any. */
export function runAt(fn: FunctionCode, i: number): Run | undefined {
  const first = fn.code[i];
  if (first.op === Op.bs_match) {
    const [fail, context, list] = first.args;
    const steps = commands(itemsOf(list));
    return steps && { last: i, fail, context, steps };
  }
  const steps: Step[] = [];
  const [fail, context] = first.args;
  let last = i;
  let bits = 0;
  for (let k = i; k < fn.code.length; k++) {
    const instruction = fn.code[k];
    if (instruction.op === Op.line && k > i) continue;
    const step = stepOf(instruction);
    if (step === undefined || numberOf(instruction.args[0]) !== numberOf(fail)) break;
    if (!isSameRegister(instruction.args[1], context)) break;
    bits += step.bits;
    if (bits > MAX_BITS) break;
    steps.push(step);
    last = k;
    if ('dst' in step && isSameRegister(step.dst, context)) break;
  }
  return steps.length === 0 ? undefined : { last, fail, context, steps };
}

/** The commands of a bs_match, or undefined if there is one that we leave to the interpreter. */
function commands(items: Operand[]): Step[] | undefined {
  const steps: Step[] = [];
  for (let i = 0; i < items.length; ) {
    const name = (items[i] as { name: string }).name;
    const n = (k: number): number => numberOf(items[i + k]);
    switch (name) {
      case 'ensure_at_least':
        steps.push({ kind: 'atLeast', bits: n(1), unit: n(2) });
        i += 3;
        break;
      case 'ensure_exactly':
        steps.push({ kind: 'exactly', bits: n(1) });
        i += 2;
        break;
      case 'integer': {
        steps.push({ kind: 'integer', bits: n(3) * n(4), flags: items[i + 2], dst: items[i + 5] });
        i += 6;
        break;
      }
      case 'binary':
        steps.push({ kind: 'binary', bits: n(3) * n(4), dst: items[i + 5] });
        i += 6;
        break;
      case 'skip':
        steps.push({ kind: 'skip', bits: n(1) });
        i += 2;
        break;
      case 'get_tail':
        steps.push({ kind: 'tail', dst: items[i + 3] });
        i += 4;
        break;
      case '=:=': {
        const value = items[i + 3];
        steps.push({
          kind: 'equal',
          bits: n(2),
          value: BigInt(value.kind === 'integer' ? value.value : numberOf(value)),
        });
        i += 4;
        break;
      }
      default:
        return undefined;
    }
  }
  return steps;
}
