// From the flow graph to structured JavaScript: no dispatch loop, no program counter. A block that only one edge leads
// to stands where that edge leaves; a block where several meet stands behind a labelled block, in the block that dominates
// it, and the edges break out of that. (The idea: Ramsey, "Beyond Relooper", 2022.)
import type * as E from 'estree';
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { settings } from '../settings.js';
import { block, breakTo, type Commented, continueTo, forever, labeled } from './ast.js';
import type { Block } from './flow.js';
import { instructionText } from './instruction-text.js';
import { type Info, infoOfRange, mergeKnown } from './known.js';
import { oneLine } from './print.js';
import { mark } from './source-map.js';
import type { Unit } from './unit.js';

/** Emits one instruction into the unit. */
export type EmitInstruction = (u: Unit, op: Op, args: Operand[]) => void;

interface State {
  known: Map<string, Info>;
  floats: Set<number>;
}

/** The statements of all blocks of the unit. */
export function structure(u: Unit, emit: EmitInstruction): E.Statement[] {
  const arrivals = new Map<Block, State>();

  function goTo(index: number): E.Statement[] {
    if (u.facts.conflicts.has(index)) return u.leave('shared by frames of different sizes', index);
    const target = u.flow.at.get(index)!;
    // Where paths meet, registers are terms; so they are at the head of a loop.
    const boxes = target.isMerge || target.isLoop ? u.boxLive(index) : [];
    return [...u.heapStore(), ...boxes, ...edge(target)];
  }

  function edge(target: Block): E.Statement[] {
    if (target.order <= u.block.order) return [continueTo(`loop${target.order}`)];
    if (target.isMerge) {
      const before = arrivals.get(target);
      if (before === undefined) arrivals.set(target, { known: new Map(u.known), floats: new Set(u.floats) });
      else {
        before.known = mergeKnown(before.known, u.known);
        for (const f of before.floats) if (!u.floats.has(f)) before.floats.delete(f);
      }
      return [breakTo(`to${target.order}`)];
    }
    return inline(target);
  }

  /** A block in the place of the edge to it. */
  function inline(target: Block): E.Statement[] {
    const saved = {
      out: u.out,
      known: u.known,
      heapUsed: u.heapUsed,
      floats: u.floats,
      unboxed: u.unboxed,
      block: u.block,
      at: u.at,
    };
    u.known = new Map(saved.known);
    u.floats = new Set(saved.floats);
    u.unboxed = target.isLoop ? new Map() : new Map(saved.unboxed);
    const statements = tree(target);
    Object.assign(u, saved);
    return statements;
  }

  /** A block and everything it dominates. */
  function tree(b: Block): E.Statement[] {
    if (!b.isLoop) return within(b, b.merges.length - 1);
    u.known = new Map();
    return [labeled(`loop${b.order}`, forever(within(b, b.merges.length - 1)))];
  }

  function within(b: Block, last: number): E.Statement[] {
    if (last < 0) return blockBody(b);
    const merge = b.merges[last];
    const label = `to${merge.order}`;
    const before = within(b, last - 1);
    const end = before[before.length - 1];
    if (end?.type === 'BreakStatement' && end.label?.name === label) before.pop();
    const state = arrivals.get(merge);
    u.known = state?.known ?? new Map();
    u.floats = state?.floats ?? new Set();
    u.unboxed = new Map();
    u.heapUsed = -1;
    return [labeled(label, block(before)), ...tree(merge)];
  }

  function blockBody(b: Block): E.Statement[] {
    u.out = [];
    u.block = b;
    u.heapUsed = -1;
    for (u.at = b.start; u.at < b.end; u.at++) {
      const from = u.at;
      const { op, args } = u.fn.code[from];
      const first = u.out.length;
      const out = u.out;
      // It may take the instructions behind it along.
      emit(u, op, args);
      if (out.length > first && op !== Op.label && op !== Op.line) {
        for (let i = u.at; i >= from; i--)
          comment(firstStatement(out[first]), i, oneLine(instructionText(u.module.source, u.fn.code[i])));
      }
      if (settings.mapUnits) mark(out, first, from);
    }
    const out = u.out;
    const last = b.end - 1;
    u.at = last;
    if ((b.successors.length > 0 || u.facts.conflicts.has(b.end)) && u.facts.effects[last].fallsThrough) {
      const first = out.length;
      out.push(...goTo(b.end));
      if (settings.mapUnits) mark(out, first, last);
    }
    return out;
  }

  u.jumpTo = (label) => goTo(u.facts.labelIndex.get((label as { n: number }).n)!);
  u.unboxed = new Map(u.loopUnboxed);
  for (const [name, { kind, min, max }] of u.loopUnboxed)
    u.known.set(name, kind === 'double' ? { small: false, float: true } : infoOfRange(min, max));
  for (const [name, lambda] of u.givens) u.known.set(name, { small: false, lambda });
  return tree(u.flow.blocks[0]);
}

/** A block prints its comments twice, so they go to the statement inside. */
function firstStatement(s: E.Statement): E.Statement {
  return s.type === 'BlockStatement' && s.body.length > 0 ? firstStatement(s.body[0]) : s;
}

function comment(node: E.Statement, instruction: number, text: string): void {
  const commented = node as Commented;
  commented.comments = [{ type: 'Line', value: ` ${text}`, instruction }, ...(commented.comments ?? [])];
}
