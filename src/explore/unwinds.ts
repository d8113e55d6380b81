// How often the units of each function gave up the JavaScript stack, and why.
import { type CodeFunction, functionAt } from '../code/functions.js';
import { unwindHook } from '../interpret/transitions.js';
import { records } from '../jit/translate.js';
import { H, Reg, Region, Why } from '../memory/arena.js';
import { Imm } from '../terms/tags.js';

/** Counts by reason. */
export type Counts = Map<string, number>;

/** Words of captured frames from which on a unit is taken to have been left because the JavaScript stack was deep. */
const DEEP = 1000;

/** Starts counting; the result ends it and gives the counts by function label. */
export function watchUnwinds(): () => Map<string, Counts> {
  const unwinds = new Map<string, Counts>();
  unwindHook.heard = (why) => {
    const [label, reason] = unwound(why);
    if (label === '') return;
    let counts = unwinds.get(label);
    if (counts === undefined) unwinds.set(label, (counts = new Map()));
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  };
  return () => {
    unwindHook.heard = null;
    return unwinds;
  };
}

/** Function and reason of an unwind that has just happened, from the registers. */
function unwound(why: Why): [label: string, reason: string] {
  const pc = H[Reg.Pc];
  // A BIF goes on in code that belongs to no function: who called it is the one whose frame was captured first.
  const fn = why === Why.Call ? firstCaptured() : functionAt(pc);
  const label = fn?.label ?? '';
  switch (why) {
    case Why.Yield:
      return [label, H[Reg.CaptureTop] - Region.Capture >= DEEP ? 'depth of recursion' : 'reductions'];
    case Why.Collect:
      return [label, 'garbage collection'];
    case Why.Wait:
      return [label, 'receive'];
    case Why.Call:
      return [label, 'a BIF that yields, waits or calls Erlang code'];
    case Why.Interpret:
      return [label, fn === undefined ? 'a function that is not loaded' : leftBecause(fn, pc)];
    default:
      return [label, 'other'];
  }
}

/** The function of the first captured frame, if that is the continuation of a call. */
function firstCaptured(): CodeFunction | undefined {
  const word = H[Region.Capture];
  return H[Reg.CaptureTop] > Region.Capture && (word & Imm.Mask) === Imm.Continuation
    ? functionAt(word >>> 6)
    : undefined;
}

const reasons = new Map<CodeFunction, Map<number, string>>();

/** Why a unit goes on in the interpreter at an address of the function. */
function leftBecause(fn: CodeFunction, pc: number): string {
  if (pc === fn.entry) return 'called before it was translated';
  let known = reasons.get(fn);
  if (known?.has(pc) !== true) {
    // A unit that was made since the last look may leave at more places.
    known = new Map();
    for (const r of records) {
      if (r.fn !== fn) continue;
      for (const e of r.exits)
        if (e.kind === 'interpret') known.set(fn.module.addresses[fn.index][e.instruction], e.reason);
    }
    if (!known.has(pc)) known.set(pc, 'left to the interpreter');
    reasons.set(fn, known);
  }
  const reason = known!.get(pc)!;
  return /fails$|raises$|clause$|^badmatch$|^raise$|^badrecord$/.test(reason)
    ? `exception: ${reason}`
    : reason;
}
