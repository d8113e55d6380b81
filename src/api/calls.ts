// Calls of Erlang functions from JavaScript. One that JavaScript waits for runs in a process that is kept for that (callers.ts). Only when
// the function leaves the JavaScript stack does the process become one that the scheduler knows, and others run too until it has
// ended. A call that may wait has a process of its own from the beginning.
import { type ExportEntry, exportOf } from '../code/functions.js';
import { tryToLoad } from '../code/server.js';
import { interpret } from '../interpret/loop.js';
import { H, Reg, type Why } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { exitHooks, exitProcess } from '../processes/exit.js';
import { type Process, Status } from '../processes/process.js';
import { cancelReceiveTimer } from '../processes/receive.js';
import { nextRunnable } from '../processes/run-queue.js';
import { enterProcess, fault, faultHook, leaveProcess, startProcess } from '../processes/scheduler.js';
import { fireTimers, nextDue, timersRunning } from '../processes/timers.js';
import { REDUCTION, settings, sliceReductions, work } from '../settings.js';
import { am } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import {
  begin,
  caller,
  callerCount,
  comeBack,
  finish,
  goDeeper,
  kept,
  newActor,
  PARKED,
  park,
  pump,
  useCaller,
} from './callers.js';
import { decode } from './decode.js';
import { encode, nameTerm } from './encode.js';
import { exception, exited } from './errors.js';
import { bottom, resetStack } from './frame.js';
import { heldOf } from './held.js';
import {
  breach,
  causes,
  charge,
  checkObjects,
  endFamily,
  type Family,
  type Limits,
  limitedSlice,
  limitSlice,
  newFamily,
} from './limits.js';
import { checkOpen, state } from './state.js';
import { type Argument, LimitError, TurbeamError, type Value } from './values.js';

const enum Outcome {
  Running,
  Value,
  Error,
}

/** A call under way. */
export class Call {
  outcome = Outcome.Running;
  value: unknown;
  family: Family | undefined;
  /** The process came to the bottom of its stack, and so is the one whose registers are in the arena. */
  cameBack = false;
  /** Hears that it has ended, if JavaScript does not wait for it. */
  settled: ((call: Call) => void) | null = null;
  constructor(
    readonly process: Process,
    /** The process lives on when the call has ended. */
    readonly keeps: boolean,
  ) {}
  end(outcome: Outcome.Value | Outcome.Error, value: unknown): void {
    if (this.outcome !== Outcome.Running) return;
    this.outcome = outcome;
    this.value = value;
    if (this.family !== undefined) this.family.deadline = Infinity;
    this.settled?.(this);
  }
  /** The value, or throws what the call ended with. */
  result(): Value {
    if (this.outcome === Outcome.Error) throw this.value;
    return this.value as Value;
  }
}

/** Calls under way, by process. */
const calls = new Map<Process, Call>();

function ended(outcome: Outcome.Value | Outcome.Error, make: () => unknown): void {
  const p = current;
  const call = calls.get(p);
  if (call === undefined) return;
  let value: unknown;
  try {
    value = make();
  } catch (error) {
    outcome = Outcome.Error;
    value = error;
  }
  calls.delete(p);
  call.cameBack = true;
  if (!call.keeps) exitProcess(p, am.normal);
  call.end(outcome, value);
}
bottom.returned = (value) => ended(Outcome.Value, () => decode(value));
bottom.raised = (cls, reason, trace) => ended(Outcome.Error, () => exception(cls, reason, trace));

exitHooks.onExit.push((p, reason) => {
  const call = calls.get(p);
  if (call === undefined) return;
  calls.delete(p);
  call.end(Outcome.Error, causes.get(p) ?? exited(reason));
  causes.delete(p);
});

faultHook.report = (p, what) => {
  causes.set(p, new LimitError('memory', `the process was ended: ${what}`));
};

/** Limits for every call that has none of its own. */
export const defaultLimits: { limits: Limits | undefined } = { limits: undefined };

/** A call could not even begin: its arguments are no terms, or there is no room for them. */
export function abandon(error: unknown): unknown {
  state.busy = false;
  if (caller !== null && state.resident === caller) finish(caller);
  return explain(error);
}

/** An error of the engine's in words for the user. */
function explain(error: unknown): unknown {
  if (error instanceof Error && error.constructor.name === 'ArenaFull')
    return new TurbeamError('failed', `no memory: ${error.message}`);
  return error;
}

/**
 * The engine was left by an error that is none of the program's: it can not be trusted any more.
 * @returns what to throw
 */
export function broken(error: unknown): unknown {
  state.busy = false;
  if (state.ended !== null) return state.ended;
  if (error instanceof TurbeamError) {
    ending.end(error);
    return error;
  }
  const { message, code } = (
    error instanceof Error ? error : new Error(String(error))
  ) as NodeJS.ErrnoException;
  const what =
    error instanceof RangeError
      ? 'the JavaScript stack was full: the runtime was called from too deep a recursion'
      : code === 'EACCES'
        ? `the program has no access to the host: ${message}`
        : `internal error: ${message} (a bug in turbeam)`;
  const end = new TurbeamError('failed', what);
  end.cause = error;
  ending.end(end);
  return end;
}

/** Ends the runtime; set by engine.ts. */
export const ending: { end: (why: TurbeamError) => void } = { end: () => {} };

/**
 * The function at `entry` has been left, or is to be interpreted; runs its process, and others, until it has ended.
 * @param next code address to go on at, or minus the Why
 */
export function goOn(p: Process, next: number, slice: number): Value {
  const call = new Call(p, true);
  calls.set(p, call);
  if (limited) call.family = family!;
  const before = work.reductions;
  try {
    const fragments = p.fragments.length;
    const why = next > 0 ? (interpret(next) as Why) : (-next as Why);
    if (call.outcome === Outcome.Running) {
      state.resident = null;
      if (p.status !== Status.Exited) leaveProcess(p, why, slice, fragments);
    } else count(p, slice);
  } catch (error) {
    state.resident = null;
    try {
      fault(p, error);
    } catch (other) {
      throw broken(other);
    }
  }
  if (call.outcome === Outcome.Running) {
    if (call.family !== undefined) charge(call.family, work.reductions - before);
    runUntilEnded(call);
  }
  if (!call.cameBack) {
    state.busy = false;
    state.resident = null;
    useCaller(null);
  } else {
    p.htop = H[Reg.Htop]!;
    resetStack(p);
    enterProcess(p);
    state.resident = p;
    if (call.family !== undefined) endFamily(call.family, p, callerCount());
    finish(p);
  }
  return call.result();
}

/** Runs processes until the call has ended. A call that waits for what no process will do is ended. */
function runUntilEnded(call: Call): void {
  const own = goDeeper();
  const outer = caller;
  try {
    while (call.outcome === Outcome.Running) {
      state.busy = false;
      useCaller(null);
      pump.runJobs();
      park();
      state.busy = true;
      if (call.outcome !== Outcome.Running) break;
      if (timersRunning()) fireTimers();
      const p = nextRunnable();
      if (p === undefined) {
        wouldWait(call);
        break;
      }
      limitedSlice(p);
      if (call.family !== undefined && performance.now() > call.family.deadline) breach(call.family, 'time');
      checkObjects();
    }
  } catch (error) {
    throw broken(error);
  } finally {
    comeBack(own);
    useCaller(outer);
    state.resident = null;
  }
}

function wouldWait(call: Call): void {
  const what =
    pump.jobsUnderWay() > 0
      ? 'an asynchronous JavaScript function'
      : nextDue() === undefined
        ? 'a message that no process is left to send'
        : 'a timer, or a message that comes later';
  const error = new TurbeamError(
    'would_wait',
    `the call waits for ${what}: use call and await it, not callSync`,
  );
  stopCall(call, error);
}

/** Whether calls have limits, and what the call that has just begun counts for. */
let limited = false;
let family: Family | undefined;

export function setDefaultLimits(limits: Limits | undefined): void {
  defaultLimits.limits = limits;
  limited = limits !== undefined && (limits.reductions !== undefined || limits.time !== undefined);
}

/** Runs what the arguments have been encoded for, in X registers too if there is no unit. */
export function run(e: ExportEntry, arity: number): Value {
  const p = caller!;
  const slice = startSlice(p);
  const entry = H[e.cell]!;
  H[Reg.Live] = arity;
  return goOn(p, entry, slice);
}

/** Grants reductions for the call that begins. */
export function startSlice(p: Process): number {
  const slice = sliceReductions();
  H[Reg.Reds] = slice;
  if (limited) limitSlice((family = newFamily(p, defaultLimits.limits!)));
  else settings.maxReductions = 0;
  return slice;
}

/** Counts the reductions of a call that has ended in its first slice. */
function count(p: Process, slice: number): void {
  const taken = Math.round((slice - H[Reg.Reds]!) / REDUCTION);
  p.reductions += taken;
  work.reductions += taken;
}

/** A unit has returned. */
export function resultOf(p: Process, r: Term, slice: number): Value {
  count(p, slice);
  if (limited) endFamily(family!, p, callerCount());
  let value: Value;
  try {
    value = (r & 1) === 0 ? r >> 1 : decode(r);
  } catch (error) {
    throw abandon(error);
  }
  finish(p);
  return value;
}

/** The entry of a function, whose module is loaded if that is possible. */
export function entryOf(module: string, name: string, arity: number): ExportEntry {
  if (!Number.isInteger(arity) || arity < 0 || arity > 255)
    throw new RangeError(`a function has 0 to 255 arguments, not ${arity}`);
  const m = nameTerm(module);
  const e = exportOf(m, nameTerm(name), arity);
  // One that is not there raises undef when it is called, as in Erlang.
  if (e.fn === null && e.bif < 0) tryToLoad(m);
  return e;
}

/** Calls an exported function, and runs it to its end. */
export function callEntry(e: ExportEntry, args: readonly Argument[]): Value {
  const n = args.length;
  begin();
  try {
    if (n <= 4) {
      // Encoding the others must not move anything, and does not.
      for (let i = 0; i < n; i++) H[i] = encode(args[i]!);
    } else {
      const terms = args.map(encode);
      for (let i = 0; i < n; i++) H[i] = terms[i]!;
    }
  } catch (error) {
    throw abandon(error);
  }
  return run(e, n);
}

/** The same in a process that JavaScript keeps. */
export function callIn(p: Process, e: ExportEntry, args: readonly Argument[]): Value {
  checkOpen();
  if (p.status === Status.Exited) throw new TurbeamError('closed', 'the process has ended');
  if (calls.has(p)) throw new TurbeamError('busy', 'another call is under way in this process');
  park();
  const outer = useCaller(p);
  enterProcess(p);
  state.resident = p;
  state.busy = true;
  try {
    const terms = args.map(encode);
    for (let i = 0; i < terms.length; i++) H[i] = terms[i]!;
    return run(e, args.length);
  } catch (error) {
    throw state.busy ? abandon(error) : error;
  } finally {
    useCaller(outer === p ? null : outer);
  }
}

/** A unit threw: an error of ours, or there was no memory. */
export function failed(error: unknown): unknown {
  const p = caller!;
  state.resident = null;
  state.busy = false;
  useCaller(null);
  const call = new Call(p, true);
  calls.set(p, call);
  try {
    fault(p, error);
  } catch (other) {
    return broken(other);
  }
  return call.value;
}

/**
 * Starts a call in a process of its own, which runs when the pump does.
 * @param settled hears its end
 */
export function startCall(
  e: ExportEntry,
  args: readonly Argument[],
  limits: Limits | undefined,
  settled: (call: Call) => void,
): Call {
  checkOpen();
  park();
  const p = newActor();
  const call = new Call(p, false);
  enterProcess(p);
  state.busy = true;
  const terms: Term[] = [];
  try {
    for (const a of args) terms.push(encode(a));
  } catch (error) {
    state.busy = false;
    p.status = Status.Waiting;
    exitProcess(p, am.normal);
    throw explain(error);
  }
  state.busy = false;
  p.htop = H[Reg.Htop]!;
  p.e = H[Reg.E]!;
  const most = limits ?? defaultLimits.limits;
  if (most !== undefined) call.family = newFamily(p, most);
  call.settled = settled;
  calls.set(p, call);
  p.initialCall = e;
  startProcess(p, H[e.cell]!, terms);
  pump.wake();
  return call;
}

/** Ends a call under way. */
export function stopCall(call: Call, error: unknown): void {
  call.end(Outcome.Error, error);
  const p = call.process;
  calls.delete(p);
  if (p.status === Status.Exited) return;
  if (kept.has(p)) {
    cancelReceiveTimer(p);
    resetStack(p);
    p.pc = PARKED;
    p.live = 0;
    p.before = null;
  } else exitProcess(p, am.killed);
}

/** All calls that somebody waits for. */
export function callsUnderWay(): Call[] {
  return [...calls.values()];
}

const APPLY = exportOf(am.erlang, am.apply, 2);

/** The entry to call a fun by, with arguments for that. */
export function funCall(fun: object, args: readonly Argument[]): [ExportEntry, Argument[]] {
  if (heldOf(fun) === undefined) throw new TypeError('it is no Erlang fun of this runtime');
  return [APPLY, [fun as Argument, [...args]]];
}
