// JavaScript functions that Erlang calls as functions of a module. An ordinary one is called when the whole stack of the calling
// process is in place, which then waits for the value: so the function may call Erlang in its turn, and may give a promise. One
// that is registered as direct is called like a built-in function: that is faster, but it must not call Erlang.

import { defineBif } from '../bifs/table.js';
import { callInstead } from '../bifs/whole-stack.js';
import { exportOf, modules } from '../code/functions.js';
import { I } from '../interpret/ops.js';
import { H } from '../memory/arena.js';
import { codeSpace } from '../memory/spaces.js';
import { current } from '../processes/current.js';
import { exitHooks } from '../processes/exit.js';
import type { Process } from '../processes/process.js';
import { raise, raiseError } from '../processes/raise.js';
import { makeRunnable } from '../processes/run-queue.js';
import { Atom, atom } from '../terms/atoms.js';
import { binary, tuple } from '../terms/build.js';
import { Sentinel, type Term } from '../terms/tags.js';
import { pump } from './callers.js';
import { decodeOrHide } from './decode.js';
import { encode, nameTerm } from './encode.js';
import { rememberThrown } from './errors.js';
import { state } from './state.js';
import { type Argument, ErlangError, type Value } from './values.js';

/** A JavaScript function for Erlang. */
export type HostFunction = (
  // biome-ignore lint/suspicious/noExplicitAny: the function says what it expects
  ...args: any[]
) => Argument | void | PromiseLike<Argument | void>;

const enum Progress {
  Wanted,
  Called,
  Value,
  Thrown,
}

/** A call of a JavaScript function, for which a process waits. */
interface HostCall {
  readonly process: Process;
  readonly fn: HostFunction;
  readonly args: Value[];
  progress: Progress;
  result: unknown;
}

const underWay = new Map<Process, HostCall>();
let wanted: HostCall[] = [];
let promises = 0;

exitHooks.onExit.push((p) => underWay.delete(p));

pump.jobsUnderWay = () => promises;
pump.runJobs = () => {
  if (wanted.length === 0) return false;
  while (wanted.length > 0) {
    const calls = wanted;
    wanted = [];
    for (const call of calls) if (underWay.get(call.process) === call) callNow(call);
  }
  return true;
};

function callNow(call: HostCall): void {
  call.progress = Progress.Called;
  try {
    const result = call.fn(...call.args);
    if (result instanceof Promise || typeof (result as PromiseLike<unknown> | null)?.then === 'function') {
      promises++;
      (result as Promise<Argument>).then(
        (value) => settle(call, Progress.Value, value),
        (error) => settle(call, Progress.Thrown, error),
      );
    } else done(call, Progress.Value, result);
  } catch (error) {
    done(call, Progress.Thrown, error);
  }
}

function settle(call: HostCall, progress: Progress, result: unknown): void {
  promises--;
  if (state.ended !== null) return;
  done(call, progress, result);
  pump.wake();
}

function done(call: HostCall, progress: Progress, result: unknown): void {
  call.progress = progress;
  call.result = result;
  if (underWay.get(call.process) === call) makeRunnable(call.process);
}

const JS_ERROR = atom('js_error');

/** Raises what a JavaScript function threw. */
function raiseThrown(error: unknown): Term {
  if (error instanceof ErlangError) {
    const cls = { error: Atom.Error, exit: Atom.Exit, throw: Atom.Throw }[error.errorClass];
    return raise(cls, encode(error.reason));
  }
  const { name, message } = error instanceof Error ? error : { name: 'thrown', message: String(error) };
  const reason = tuple(JS_ERROR, binary(Buffer.from(name)), binary(Buffer.from(message)));
  rememberThrown(reason, error);
  return raiseError(reason);
}

/** The term of what a function gave, or raises. */
function resultTerm(value: unknown): Term {
  try {
    return encode(value as Argument);
  } catch (error) {
    return raiseThrown(error);
  }
}

/** What stands for each function: what is registered can be replaced. */
const registered = new Map<number, { fn: HostFunction; direct: boolean }>();

/**
 * Makes a JavaScript function module:name/arity. Throws if there is a function of Erlang's of that name.
 * @param direct the function never calls Erlang
 */
export function registerFunction(
  module: string,
  name: string,
  arity: number,
  fn: HostFunction,
  direct: boolean,
): void {
  const e = exportOf(nameTerm(module), nameTerm(name), arity);
  const known = registered.get(e.id);
  if (known !== undefined) {
    known.fn = fn;
    known.direct = direct;
    return;
  }
  const what = `${module}:${name}/${arity}`;
  if (arity > 6) throw new RangeError(`${what}: a JavaScript function for Erlang has at most 6 arguments`);
  if (e.bif >= 0) throw new TypeError(`${what} is a built-in function`);
  if (modules.has(e.module)) throw new TypeError(`${what}: the module is loaded from a file already`);
  const entry = { fn, direct };
  registered.set(e.id, entry);
  defineBif(module, name, arity, (...x) => {
    x.length = arity;
    return entry.direct
      ? callDirectly(entry.fn, x)
      : callFromOutside(() => ({ fn: entry.fn, args: x }), wait)!;
  });
  const wait = codeSpace.allocate(2);
  H[wait] = I.Wait;
  H[wait + 1] = H[e.cell]!;
}

function callDirectly(fn: HostFunction, x: Term[]): Term {
  let value: unknown;
  try {
    value = fn(...x.map((t) => decodeOrHide(t)));
    if (value instanceof Promise)
      throw new TypeError('a function that was registered as direct gave a promise');
  } catch (error) {
    return raiseThrown(error);
  }
  return resultTerm(value);
}

/**
 * Has a function called when the running process has left everything behind, and gives what a BIF then returns; undefined: `what` does
 * not know which function.
 * @param what the function and the terms of its arguments; not asked when the process has waited for the function
 * @param wait code address of an instruction that waits and then calls the same BIF again
 */
export function callFromOutside(
  what: () => { fn: HostFunction; args: Term[] } | undefined,
  wait: number,
): Term | undefined {
  const call = underWay.get(current);
  if (call === undefined) {
    const asked = what();
    if (asked === undefined) return undefined;
    const { fn, args } = asked;
    const begun: HostCall = {
      process: current,
      fn,
      args: args.map((t) => decodeOrHide(t)),
      progress: Progress.Wanted,
      result: undefined,
    };
    underWay.set(current, begun);
    wanted.push(begun);
    return callInstead(wait, 0);
  }
  switch (call.progress) {
    case Progress.Wanted:
    case Progress.Called:
      // Something else has woken the process.
      return callInstead(wait, 0);
    case Progress.Value: {
      underWay.delete(current);
      const from = call.result;
      const term = resultTerm(from);
      return term === Sentinel.Unwind ? withArguments(call, term) : term;
    }
    default:
      underWay.delete(current);
      return withArguments(call, raiseThrown(call.result));
  }
}

/** The stack trace names the arguments, which are in the X registers for that. */
function withArguments({ args }: HostCall, raised: Term): Term {
  for (let i = 0; i < args.length; i++) H[i] = encode(args[i]!);
  return raised;
}
