// The control-flow graph of a unit: the blocks reached from its first instruction, their order, and what dominates
// what. Inside a BEAM function control only moves forward, but for receive loops (and self tail calls, which
// the emitter turns into a loop around the whole unit).
import type { FunctionCode } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import type { FunctionFacts } from './effects.js';
import { runAt } from './match-runs.js';

export interface Block {
  /** Position in reverse postorder. */
  order: number;
  /** Instructions [start, end) of the function. */
  start: number;
  end: number;
  successors: Block[];
  predecessors: Block[];
  /** Immediate dominator; the first block's is itself. */
  dominator: Block;
  /** Blocks that this one dominates directly and that several edges lead to, in order. */
  merges: Block[];
  /** An edge comes back to it. */
  isLoop: boolean;
  /** More than one forward edge leads to it. */
  isMerge: boolean;
}

export interface Flow {
  /** In reverse postorder. */
  blocks: Block[];
  /** Block that begins at an instruction. */
  at: Map<number, Block>;
}

/** Instructions at which a unit is always left, so that nothing behind them belongs to it. */
export type Ends = (index: number) => boolean;

/** The flow graph from instruction `start` on; undefined if it is irreducible, which no compiler makes. */
export function flowOf(fn: FunctionCode, facts: FunctionFacts, start: number, ends: Ends): Flow | undefined {
  // Instructions of a run are one: it has the same fail label everywhere.
  const lastOf = (i: number): number => (ends(i) ? i : (runAt(fn, i)?.last ?? i));
  const successorsOf = (i: number): number[] => {
    const e = facts.effects[i];
    const next = e.labels.map((l) => facts.labelIndex.get(l)!);
    if (e.fallsThrough) next.unshift(lastOf(i) + 1);
    return next.filter((n) => !facts.conflicts.has(n));
  };
  // Leaders: the start, labels that are jumped to, what follows a branch.
  const leaders = new Set<number>([start]);
  const seen = new Set<number>();
  const work = [start];
  while (work.length > 0) {
    let i = work.pop()!;
    while (i < fn.code.length && !seen.has(i)) {
      seen.add(i);
      if (ends(i)) break;
      const next = successorsOf(i);
      if (next.length === 1 && next[0] === i + 1) {
        i++;
        continue;
      }
      for (const n of next) {
        leaders.add(n);
        work.push(n);
      }
      break;
    }
  }
  // A forward jump may lead into the middle of what was first seen as one run.
  const at = new Map<number, Block>();
  /** Where the last instruction, or run, of each block begins. */
  const tips = new Map<Block, number>();
  const make = (first: number): Block => {
    let end = first;
    let tip: number;
    for (;;) {
      tip = end;
      if (ends(end)) {
        end++;
        break;
      }
      const next = successorsOf(end);
      end = lastOf(end) + 1;
      if (next.length !== 1 || next[0] !== end || leaders.has(end)) break;
    }
    const block: Block = {
      order: -1,
      start: first,
      end,
      successors: [],
      predecessors: [],
      dominator: undefined!,
      merges: [],
      isLoop: false,
      isMerge: false,
    };
    at.set(first, block);
    tips.set(block, tip);
    return block;
  };
  const postorder: Block[] = [];
  const stack: { block: Block; next: number[]; i: number }[] = [];
  const open = (first: number): void => {
    const block = make(first);
    const last = tips.get(block)!;
    // A block reached twice from one branch counts as one where two edges meet.
    const next = ends(last) ? [] : successorsOf(last);
    // The fall-through is visited last, so that it comes first in reverse postorder.
    stack.push({ block, next: next.reverse(), i: 0 });
  };
  open(start);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.i < top.next.length) {
      const n = top.next[top.i++];
      if (!at.has(n)) open(n);
    } else {
      top.block.successors = top.next.map((n) => at.get(n)!).reverse();
      postorder.push(top.block);
      stack.pop();
    }
  }
  const blocks = postorder.reverse();
  blocks.forEach((b, i) => {
    b.order = i;
  });
  for (const b of blocks) for (const s of b.successors) s.predecessors.push(b);
  dominators(blocks);
  for (const b of blocks) {
    let forward = 0;
    for (const p of b.predecessors) {
      if (p.order < b.order) forward++;
      else if (dominates(b, p)) b.isLoop = true;
      else return undefined;
    }
    b.isMerge = forward > 1;
    if (b.isMerge) b.dominator.merges.push(b);
  }
  return { blocks, at };
}

function dominators(blocks: Block[]): void {
  blocks[0].dominator = blocks[0];
  let changed = true;
  while (changed) {
    changed = false;
    for (const b of blocks.slice(1)) {
      let d: Block | undefined;
      for (const p of b.predecessors) {
        if (p.dominator === undefined) continue;
        d = d === undefined ? p : common(d, p);
      }
      if (d !== b.dominator) {
        b.dominator = d!;
        changed = true;
      }
    }
  }
}

function common(a: Block, b: Block): Block {
  while (a !== b) {
    while (a.order > b.order) a = a.dominator;
    while (b.order > a.order) b = b.dominator;
  }
  return a;
}

function dominates(a: Block, b: Block): boolean {
  while (b.order > a.order) b = b.dominator;
  return a === b;
}

/** Steps liveness backwards over instruction i, in place. */
function stepLiveness(fn: FunctionCode, facts: FunctionFacts, i: number, live: Set<number>): void {
  const e = facts.effects[i];
  if (e.killsX) live.clear();
  for (const d of e.defs) if (fn.code[i].op !== Op.bs_match) live.delete(d);
  for (const u of e.uses) live.add(u);
}

const known = new WeakMap<FunctionFacts, Set<number>[]>();

/** Liveness of the whole function, independent of any unit: the fixpoint over all instructions. */
function wholeFunction(fn: FunctionCode, facts: FunctionFacts): Set<number>[] {
  const n = fn.code.length;
  const liveIn: Set<number>[] = Array.from({ length: n + 1 }, () => new Set());
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = n - 1; i >= 0; i--) {
      const e = facts.effects[i];
      const live = new Set<number>(e.fallsThrough ? liveIn[i + 1] : undefined);
      for (const l of e.labels) for (const x of liveIn[facts.labelIndex.get(l)!]) live.add(x);
      stepLiveness(fn, facts, i, live);
      if (live.size !== liveIn[i].size) {
        liveIn[i] = live;
        changed = true;
      }
    }
  }
  known.set(facts, liveIn);
  return liveIn;
}

/** X registers that are live before instruction i. */
export function liveBefore(fn: FunctionCode, facts: FunctionFacts, i: number): Set<number> {
  return (known.get(facts) ?? wholeFunction(fn, facts))[i];
}
