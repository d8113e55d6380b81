// What processes hold of a version of a module: frames in its code, literals, funs, addresses in stack traces. Before a version
// is unloaded, every process gets copies of the literals that it refers to.
//
// Finding out is done in two steps: a look at every word that could be one, which may be wrong where bits only look like a
// term; and, if that found something, a major collection, behind which the heap is one run of whole objects.
import { ArenaFull } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { allocateBlock } from '../memory/blocks.js';
import { collect, HeapLimit } from '../memory/collect.js';
import type { LiteralArea } from '../memory/literals.js';
import { shareCopied } from '../memory/off-heap.js';
import { current } from '../processes/current.js';
import { exitProcess } from '../processes/exit.js';
import { collectProcess } from '../processes/garbage.js';
import { type Process, Status } from '../processes/process.js';
import { allProcesses } from '../processes/table.js';
import { am } from '../terms/atoms.js';
import { Imm, Kind, makeImmediate, type Term } from '../terms/tags.js';
import { codeTest, type LoadedModule } from './functions.js';

const isRunning = (p: Process): boolean => p === current && p.status === Status.Running;

const stackTop = (p: Process): number => (isRunning(p) ? H[Reg.E] : p.e);

/**
 * Whether a process has frames in the code of that version, or goes on there. For the running process its whole stack has to be
 * in place.
 */
export function isInCode(p: Process, m: LoadedModule): boolean {
  const isOfModule = codeTest(m);
  if (!isRunning(p) && isOfModule(p.pc)) return true;
  for (let i = stackTop(p); i < p.end; i++) {
    const kind = H[i] & Imm.Mask;
    if (kind !== Imm.Continuation && kind !== Imm.Catch) continue;
    if (isOfModule(H[i] >>> 6)) return true;
  }
  return false;
}

/** What goes away, and what was found of it. */
interface Doomed {
  area: LiteralArea;
  /** Bounds of the area. */
  low: number;
  high: number;
  /** Whether a code address is one of the code. */
  isCode: (pc: number) => boolean;
  /** Lambda numbers that have no code any more. */
  lambdas: Set<number>;
  /** Those of them that something refers to. */
  held: Set<number>;
}

/**
 * Makes every process and every other holder of terms independent of an area of literals, and of the code of a
 * module. The stack of the running process has to be in place, and no JavaScript variable may hold a term.
 * @param lambdas numbers of lambdas that have no code any more
 * @returns those of them that are still referred to
 */
export function dropReferences(
  area: LiteralArea,
  code: LoadedModule | undefined,
  lambdas: number[],
): Set<number> {
  const [low, high] = area.bounds;
  const isCode = code === undefined ? () => false : codeTest(code);
  const doomed: Doomed = { area, low, high, isCode, lambdas: new Set(lambdas), held: new Set() };
  for (const p of allProcesses()) {
    if (!mayRefer(p, doomed)) continue;
    try {
      collectAny(p);
      if (replaceLiterals(p, doomed)) collectAny(p);
    } catch (error) {
      if (isRunning(p) || !(error instanceof ArenaFull || error instanceof HeapLimit)) throw error;
      exitProcess(p, am.killed);
    }
  }
  for (const lookAt of termHolders) lookAt((from, to) => mayReferIn(from, to, doomed));
  return doomed.held;
}

/** Those besides processes who keep terms, with copies of all literals: each shows the words that it has. */
export const termHolders: ((look: (from: number, to: number) => void) => void)[] = [];

/** Whether words in [from, to) look like references; notes lambdas on the way. */
function mayReferIn(from: number, to: number, doomed: Doomed): boolean {
  const { low, high, isCode, lambdas, held } = doomed;
  const hasLambdas = lambdas.size > 0;
  let found = false;
  for (let i = from; i < to; i++) {
    const w = H[i];
    const tag = w & 7;
    if (tag === 1 || tag === 3) {
      const at = w >>> 3;
      if (at >= low && at < high) found = true;
    } else if ((w & Imm.Mask) === Imm.Continuation) {
      if (isCode(w >>> 6)) found = true;
    } else if (hasLambdas && (w & Kind.Mask) === Kind.Fun && lambdas.has(H[i + 1] >> 1))
      held.add(H[i + 1] >> 1);
  }
  return found;
}

function mayRefer(p: Process, doomed: Doomed): boolean {
  const { low, high } = doomed;
  let found = mayReferIn(p.base, isRunning(p) ? H[Reg.Htop] : p.htop, doomed);
  found = mayReferIn(stackTop(p), p.end, doomed) || found;
  if (p.oldBase !== 0) found = mayReferIn(p.oldBase, p.oldTop, doomed) || found;
  for (let i = 0; i < p.fragments.length; i += 2)
    found = mayReferIn(p.fragments[i], p.fragments[i] + p.fragments[i + 1], doomed) || found;
  const look = (t: Term): Term => {
    const tag = t & 7;
    if ((tag === 1 || tag === 3) && t >>> 3 >= low && t >>> 3 < high) found = true;
    return t;
  };
  if (!isRunning(p)) for (let i = 0; i < p.live; i++) look(p.x[i]);
  p.moveRoots(look);
  return found;
}

/** A major collection of any process; of the running one, no X register lives. */
function collectAny(p: Process): void {
  if (isRunning(p)) collect(p, 0, 0, 0, 0, true);
  else collectProcess(p, true);
}

/** Calls `visit` for every word of a process that has just been collected, and stores what it returns. */
function everyWord(p: Process, visit: (word: number) => number): void {
  for (let i = stackTop(p); i < p.end; i++) H[i] = visit(H[i]);
  for (let i = p.oldBase; i < p.oldTop; i++) {
    const w = H[i];
    if ((w & 7) === 7) {
      if ((w & Kind.Raw) !== 0) i += w >>> Kind.SizeShift;
    } else H[i] = visit(w);
  }
  if (!isRunning(p)) for (let i = 0; i < p.live; i++) p.x[i] = visit(p.x[i]);
  p.moveRoots(visit);
}

/**
 * Gives a process that has just been collected copies of its literals from the doomed area, in a fragment. Whether there were
 * any: then it has to be collected again, as its old heap points to the fragment.
 */
function replaceLiterals(p: Process, { area, low, high, isCode }: Doomed): boolean {
  /** Where a literal goes in the fragment, by its address. */
  const places = new Map<number, number>();
  const literals: Term[] = [];
  let words = 0;
  const isDoomed = (w: number): boolean => {
    const tag = w & 7;
    const at = w >>> 3;
    return (tag === 1 || tag === 3) && at >= low && at < high && area.contains(at);
  };
  const note = (w: number): number => {
    if (!isDoomed(w)) return w;
    const at = w >>> 3;
    if (!places.has(at)) {
      places.set(at, words);
      literals.push(w);
      words += sizeOf(w);
    }
    return w;
  };
  everyWord(p, (w) => {
    // A raw stack trace names a place in code that is gone.
    if ((w & Imm.Mask) === Imm.Continuation && isCode(w >>> 6)) return makeImmediate(Imm.Continuation, 0);
    return note(w);
  });
  if (literals.length === 0) return false;
  for (const literal of literals) {
    const at = literal >>> 3;
    const size = sizeOf(literal);
    if (hasTerms(literal)) for (let i = 0; i < size; i++) note(H[at + i]);
  }
  const block = allocateBlock(words);
  if (block === 0) throw new ArenaFull(`no room for ${words} words of literals`);
  p.fragments.push(block, words);
  const move = (w: number): number => (isDoomed(w) ? ((block + places.get(w >>> 3)!) << 3) | (w & 7) : w);
  for (const literal of literals) {
    const from = literal >>> 3;
    const to = block + places.get(from)!;
    const size = sizeOf(literal);
    const terms = hasTerms(literal);
    for (let i = 0; i < size; i++) H[to + i] = terms ? move(H[from + i]) : H[from + i];
    if ((literal & 7) === 3 && isLinked(H[to] & Kind.Mask)) shareCopied(to, p);
  }
  everyWord(p, move);
  return true;
}

/** Words of the object that a pointer points to. */
function sizeOf(t: Term): number {
  return (t & 7) === 1 ? 2 : (H[t >>> 3] >>> Kind.SizeShift) + 1;
}

/** Whether objects of a kind may be linked in chains (memory/off-heap.ts). */
function isLinked(kind: number): boolean {
  return kind === Kind.RefcBinary || kind === Kind.Reference;
}

function hasTerms(t: Term): boolean {
  return (t & 7) === 1 || (H[t >>> 3] & Kind.Raw) === 0;
}
