// The line of the Erlang source that an instruction comes from. Files only tell it of instructions that can fail or call;
// the others are given the line of their neighbours.
import type { CodeFunction } from '../code/functions.js';
import type { BeamModule, FunctionCode, Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { effectsOf } from './effects.js';

/** A place in the source of a function. */
export interface Place {
  file: string;
  /** From 1. */
  line: number;
}

const known = new WeakMap<FunctionCode, Int32Array>();

/**
 * For each instruction of a function the index of its location in the module's line table; 0: the file has no lines.
 * A `line` instruction speaks of the one behind it. In a block of straight code, what stands before the first `line` is
 * taken to prepare what that speaks of, and what follows one to belong to it; a block without any is as what leads to it.
 */
export function locationsOf(code: FunctionCode): Int32Array {
  let found = known.get(code);
  if (found === undefined) known.set(code, (found = findLocations(code)));
  return found;
}

/** The location that an instruction tells of what follows it; -1: it tells none. */
function told(op: Op, args: Operand[]): number {
  const at = op === Op.line || op === Op.executable_line ? 0 : op === Op.debug_line ? 1 : -1;
  return at < 0 ? -1 : ((args[at] as { n?: number }).n ?? -1);
}

function findLocations(fn: FunctionCode): Int32Array {
  const { code } = fn;
  const locations = new Int32Array(code.length);
  const effects = code.map(effectsOf);
  const labels = new Map<number, number>();
  code.forEach(({ op, args }, i) => {
    if (op === Op.label) labels.set((args[0] as { n: number }).n, i);
  });
  /** For an instruction that is jumped to before it is reached: what it is jumped to from. */
  const jumpedFrom = new Map<number, number>();
  // The function's own line stands before its func_info.
  const first = code.findIndex(({ op }) => op === Op.line);
  const ofFunction = first >= 0 ? Math.max(0, told(Op.line, code[first].args)) : 0;
  let before = ofFunction;
  let start = 0;
  while (start < code.length) {
    let end = start + 1;
    while (end < code.length && effects[end - 1].fallsThrough && !effects[end - 1].labels.length) {
      if (code[end].op === Op.label && code[end - 1].op !== Op.label) break;
      end++;
    }
    if (start > 0 && !effects[start - 1].fallsThrough) before = jumpedFrom.get(start) ?? ofFunction;
    let at = before;
    for (let i = start; i < end; i++) {
      const here = told(code[i].op, code[i].args);
      if (here > 0) {
        at = here;
        break;
      }
    }
    for (let i = start; i < end; i++) {
      const here = told(code[i].op, code[i].args);
      if (here > 0) at = here;
      locations[i] = at;
    }
    before = at;
    for (const label of effects[end - 1].labels) {
      const target = labels.get(label);
      if (target !== undefined && !jumpedFrom.has(target)) jumpedFrom.set(target, at);
    }
    start = end;
  }
  const entry = labels.get(fn.entry);
  if (entry !== undefined) locations[entry] = ofFunction;
  return locations;
}

/** The place of an instruction of a loaded function; undefined: its file tells no lines. */
export function placeOf(fn: CodeFunction, instruction: number): Place | undefined {
  return placeIn(fn.module.source, fn.index, instruction);
}

/** The same for a function of a module that was only read. */
export function placeIn(m: BeamModule, index: number, instruction: number): Place | undefined {
  const location = locationsOf(m.functions[index])[instruction] ?? 0;
  return location === 0 ? undefined : m.locations[location];
}
