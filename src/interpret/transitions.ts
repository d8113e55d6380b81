// Where the interpreter's loop meets the rest: unwinding of compiled units, yielding, collecting, funs and apply,
// translation of what has become hot. Functions here expect Reg.E to be the stack top.
import { bifInfos, bifs } from '../bifs/table.js';
import { exportOf, exports } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { tryToLoad } from '../code/server.js';
import { H, Reg, Region, Why } from '../memory/arena.js';
import { collect } from '../memory/collect.js';
import { current } from '../processes/current.js';
import { exitProcess } from '../processes/exit.js';
import { raiseError, raiseErrorWith, raiseTagged } from '../processes/raise.js';
import { othersRunnable } from '../processes/run-queue.js';
import { timersRunning } from '../processes/timers.js';
import { isExhausted, REDUCTION, sliceReductions, work } from '../settings.js';
import { am } from '../terms/atoms.js';
import { list, listToArray, tuple } from '../terms/build.js';
import { Imm, Kind, type Term } from '../terms/tags.js';
import { isSiteWanted } from './call-site.js';
import { bifRaised } from './failures.js';
import { becomeFlat, MANY_FUNCTIONS, profile } from './flat-profile.js';
import { I } from './ops.js';

/** The translator, when there is one; set by jit/translate.ts so that a run without it does not load it. */
export const translator: {
  /** Translates a function; false if it can not be. */
  translateFunction: (fn: number) => boolean;
  translateSite: (site: number) => boolean;
} = { translateFunction: () => false, translateSite: () => false };

/**
 * Loads the translator, with the parser and printer that it needs, when the first function is hot: a run that never gets
 * there does not pay for it. The scheduler awaits it between two slices.
 */
export const translatorLoader = {
  wanted: false,
  loaded: false,
  async load(): Promise<void> {
    if (translatorLoader.loaded) return;
    translatorLoader.loaded = true;
    const { startTranslator } = await import('../jit/translate.js');
    startTranslator();
  },
};

/** Slices between two looks at the host, even when no other process can run. */
export const hostPoll = { slices: 256 };
let slicesSincePoll = 0;

/** Statistics for --stats. */
export const unwinds = { yields: 0, collections: 0, leaves: 0, others: 0 };

/** Hears of each time that units gave up the JavaScript stack, before their frames are laid down; null: nobody asks. */
export const unwindHook: { heard: ((why: Why) => void) | null } = { heard: null };

/** Collects garbage so that `need` words are free, with x0..x(live-1) as roots. */
export function collectHere(need: number, live: number): void {
  collect(current, need, live);
}

/** Whether there is memory that only a collection gives back: fragments, or large binaries. A task has to end first. */
function hasGarbage(): boolean {
  return (current.fragments.length > 0 || current.binaryWords > current.binaryLimit) && current.task === null;
}

/** Whether somebody other than the running process has a claim: another process, the host, a limit. */
function hasToYield(): boolean {
  return (
    current.arrivals !== null ||
    translatorLoader.wanted ||
    othersRunnable() ||
    timersRunning() ||
    isExhausted() ||
    ++slicesSincePoll > hostPoll.slices
  );
}

/**
 * Out of reductions at Reg.Pc with Reg.Live registers: collects what BIFs left in fragments or made of large binaries, and grants
 * another slice (true) or has the scheduler look at the others (false).
 */
export function yieldHere(): boolean {
  if (work.functions > MANY_FUNCTIONS && !profile.isFlat) becomeFlat();
  if (hasGarbage()) collect(current, 0, H[Reg.Live]);
  if (hasToYield()) {
    slicesSincePoll = 0;
    return false;
  }
  const slice = sliceReductions();
  countReductions(slice);
  H[Reg.Reds] = slice;
  return true;
}

function countReductions(bytes: number): void {
  const n = Math.round(bytes / REDUCTION);
  current.reductions += n;
  work.reductions += n;
}

/** Less than this is not worth going on with. */
const LEAST_GRANT = 200 * REDUCTION;

/**
 * A loop in a unit has used up the reductions. If nobody else has to run, it goes on with those that there were when
 * the unit was entered, because the JavaScript stack is as deep as it was then: true.
 */
export function goesOn(): boolean {
  const reds = H[Reg.EntryReds];
  if (reds < LEAST_GRANT || hasGarbage() || hasToYield()) return false;
  countReductions(reds - H[Reg.Reds]);
  H[Reg.Reds] = reds;
  return true;
}

/** Lays the captured frames on the process stack; what they held is then where the interpreter expects it. */
function restack(): void {
  const top = H[Reg.CaptureTop];
  const words = top - Region.Capture;
  // Even where no frame is laid there has to be a free word, for the continuation pointer of the next call: a frame
  // of no words was allocated in the unit without the stack check that goes with it.
  if (H[Reg.E] - words <= H[Reg.Htop]) collect(current, words + 16, H[Reg.Live], Region.Capture, top);
  const e = H[Reg.E] - words;
  // A loop beats copyWithin for what is mostly a few frames.
  if (words < 256) for (let i = 0; i < words; i++) H[e + i] = H[Region.Capture + i];
  else H.copyWithin(e, Region.Capture, top);
  H[Reg.E] = e;
  H[Reg.CaptureTop] = Region.Capture;
}

/**
 * A unit or BIF that the instruction at `pc` called returned Sentinel.Unwind. Gives the code address to go on at, or,
 * as 0 or a negative number, minus the Why to leave the loop with.
 */
export function unwound(pc: number): number {
  const why = H[Reg.Reason] as Why;
  if (why === Why.Raise) {
    const op = H[pc];
    // Units leave to the interpreter before they raise, so it was a BIF that this instruction called.
    const bif = H[pc + 1];
    H[Reg.CaptureTop] = Region.Capture;
    if (isSiteWanted(pc)) return pc;
    return op === I.CallBif || op === I.CallBifLast || op === I.BifCode
      ? bifRaised(pc, bif, H[pc + 2])
      : bifRaised(pc, 0, 0);
  }
  if (why !== Why.Yield && why !== Why.Collect && why !== Why.Interpret && why !== Why.Call) H[Reg.Live] = 0;
  if (why === Why.Exited) {
    H[Reg.CaptureTop] = Region.Capture;
    return -Why.Exited;
  }
  if (unwindHook.heard !== null) unwindHook.heard(why);
  restack();
  switch (why) {
    case Why.Yield:
      unwinds.yields++;
      // Not -0, which would be no integer to V8: it would give up the code that it has for the loop.
      return yieldHere() ? H[Reg.Pc] : Why.Yield;
    case Why.Collect:
      unwinds.collections++;
      collect(current, H[Reg.Need], H[Reg.Live]);
      return H[Reg.Pc];
    case Why.Interpret:
      unwinds.leaves++;
      return H[Reg.Pc];
    case Why.Call:
      unwinds.others++;
      if (H[pc] === I.CallBif) H[--H[Reg.E]] = ((pc + 3) << 6) | Imm.Continuation;
      else if (H[pc] === I.CallBifLast) H[Reg.E] += H[pc + 3];
      return H[Reg.Pc];
    default:
      unwinds.others++;
      return -why;
  }
}

/** The process returned from its first function. */
export function finishProcess(): void {
  finishHook.value(H[0]);
  exitProcess(current, am.normal);
}

/** Hears the value of a process's first function; for the call that the command line made. */
export const finishHook: { value: (t: Term) => void } = { value: () => {} };

/**
 * The code address of a fun's function for a call with n arguments, which are in x0..x(n-1); free variables are put behind
 * them. 0 after badfun, badarity or undef has been raised.
 */
export function callFunTarget(f: Term, n: number): number {
  if ((f & 7) === 3) {
    const p = f >>> 3;
    const kind = H[p] & Kind.Mask;
    if (kind === Kind.Fun || kind === Kind.ExportFun) {
      if (H[p + 2] >> 1 !== n) {
        const args: Term[] = [];
        for (let i = 0; i < n; i++) args.push(H[i]);
        raiseTagged(am.badarity, tuple(f, list(args)));
        return 0;
      }
      if (kind === Kind.Fun) {
        const target = lambdas[H[p + 1] >> 1].fn.entry || missingLambda(f, n);
        if (target === 0) return 0;
        const free = (H[p] >>> 8) - 3;
        for (let i = 0; i < free; i++) H[n + i] = H[p + 4 + i];
        return target;
      }
      return H[exports[H[p + 1] >> 1].cell];
    }
  }
  raiseTagged(am.badfun, f);
  return 0;
}

/**
 * A fun that has no code is called with what is in x0..x(n-1): loads its module. The code address, or 0 after badfun, if that
 * version of the module is gone, or undef, if there is no such module.
 */
function missingLambda(f: Term, n: number): number {
  const l = lambdas[H[(f >>> 3) + 1] >> 1];
  const found = tryToLoad(l.module);
  if (l.fn.entry !== 0) return l.fn.entry;
  if (found) raiseTagged(am.badfun, f);
  else {
    const args: Term[] = [];
    for (let i = 0; i < n; i++) args.push(H[i]);
    raiseErrorWith(am.undef, { args: list(args), info: 0, fun: f });
  }
  return 0;
}

/** The code address for apply with n arguments, module in x(n), function in x(n+1); 0 after badarg. */
export function applyTarget(n: number): number {
  const m = H[n];
  const f = H[n + 1];
  if ((m & Imm.Mask) !== Imm.Atom || (f & Imm.Mask) !== Imm.Atom) {
    raiseError(am.badarg);
    return 0;
  }
  const e = exportOf(m, f, n);
  if (e.bif >= 0 && !bifInfos[e.bif].frame) {
    // error/1 and its like raise here, where the caller's frame still is.
    bifs[e.bif](H[0], H[1], H[2]);
    return 0;
  }
  return H[e.cell];
}

/** apply/3: spreads the argument list over the X registers; the code address, or 0 if the arguments are no list. */
export function spreadArguments(module: Term, name: Term, args: Term): number {
  const items = listToArray(args);
  if (
    items === undefined ||
    items.length > 255 ||
    (module & Imm.Mask) !== Imm.Atom ||
    (name & Imm.Mask) !== Imm.Atom
  )
    return 0;
  for (let i = 0; i < items.length; i++) H[i] = items[i];
  H[Reg.Live] = items.length;
  return H[exportOf(module, name, items.length).cell];
}

/** The Entry instruction at pc has counted down: translates the function, unless that is impossible. */
export function translateFunction(pc: number): void {
  if (translatorLoader.loaded) translator.translateFunction(H[pc + 1]);
  else wantTranslator(pc);
}

/** The same for a Resume instruction. */
export function translateSite(pc: number): void {
  if (translatorLoader.loaded) translator.translateSite(H[pc + 1]);
  else wantTranslator(pc);
}

function wantTranslator(pc: number): void {
  translatorLoader.wanted = true;
  H[pc + 3] = 1;
}
