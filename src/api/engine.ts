// One engine, as a runtime (turbeam.ts) has it to itself. The build bundles this module and all that it imports into a script that is
// evaluated once for each runtime (instance.ts), so that all of the engine's state, which is in module variables, is there once
// for each.

import { haltHook } from '../bifs/halt.js';
import { type LoadedModule, modules } from '../code/functions.js';
import { loadFailures } from '../code/load-failures.js';
import type { Otp } from '../code/otp.js';
import { setOtp } from '../code/path.js';
import { translatorLoader } from '../interpret/transitions.js';
import { startTranslator } from '../jit/translate.js';
import { crashHook } from '../processes/crash.js';
import type { Process } from '../processes/process.js';
import { codeServer, loadBytes, loadFile, settings } from '../runtime.js';
import { atom, atomName } from '../terms/atoms.js';
import { formatPretty, formatWrite } from '../terms/format.js';
import type { Term } from '../terms/tags.js';
import { park, pump } from './callers.js';
import {
  type Call,
  callEntry,
  callIn,
  callsUnderWay,
  ending,
  entryOf,
  funCall,
  setDefaultLimits,
  startCall,
  stopCall,
} from './calls.js';
import { closureCount, closureTerm, functionOfFun } from './closures.js';
import { decode, exactFloats, funMaker } from './decode.js';
import { closures } from './encode.js';
import { told } from './errors.js';
import { internalFunction } from './frame.js';
import { registerFunction } from './functions.js';
import { heldCount, hold } from './held.js';
import { readFrom, type Source } from './input.js';
import { type Limits, limitMemory, memoryInUse } from './limits.js';
import { type Actor, closeMailbox, endMailboxes, lookAgain, newMailbox, type Receiver } from './mailboxes.js';
import { flushOutput, redirect, type Sink } from './output.js';
import { prepare } from './prepared.js';
import { setKeepsAlive, stopPump } from './pump.js';
import { state } from './state.js';
import { type Argument, type Fun, type Pid, TurbeamError, type Value } from './values.js';

export interface EngineOptions {
  jit: 'off' | 'auto' | 'eager';
  threshold: number | undefined;
  stressGc: boolean;
  stressUnwind: boolean;
  path: string[];
  otp: Otp | 'none' | undefined;
  memory: number | undefined;
  limits: Limits | undefined;
  exactFloats: boolean;
  /** undefined: the program's own standard input. */
  stdin: Source | undefined;
  stdout: Sink | undefined;
  stderr: Sink | undefined;
  /** A process that JavaScript has not asked for was ended by an exception. */
  crashed: (pid: Pid, reason: Value, shown: string) => void;
  /** Something else that the user should know: a file that can not be loaded. */
  warn: (message: string) => void;
  /** The runtime has ended: closed, halted or failed. */
  ended: (why: TurbeamError, status: number | undefined) => void;
}

let onEnded: EngineOptions['ended'] = () => {};

function end(why: TurbeamError, status?: number): void {
  if (state.ended !== null) return;
  state.ended = why;
  stopPump();
  for (const call of callsUnderWay()) call.end(2, why);
  endMailboxes();
  flushOutput();
  onEnded(why, status);
}
ending.end = end;

/** Sets the engine up. Once only. */
export function start(options: EngineOptions): void {
  settings.jit = options.jit;
  if (options.threshold !== undefined) settings.threshold = options.threshold;
  settings.stressGc = options.stressGc;
  settings.stressUnwind = options.stressUnwind;
  // The host's own frames are on the JavaScript stack too.
  settings.stackBytes >>= 1;
  if (options.jit !== 'off') {
    translatorLoader.loaded = true;
    startTranslator();
  }
  codeServer.path = options.path;
  setOtp(options.otp);
  if (options.stdin !== undefined) readFrom(options.stdin);
  exactFloats.on = options.exactFloats;
  setDefaultLimits(options.limits);
  if (options.memory !== undefined) limitMemory(options.memory);
  redirect(options.stdout, options.stderr);
  onEnded = options.ended;
  crashHook.report = (p, reason) => {
    const [value, shown] = told(reason, formatPretty);
    const pid = decode(p.pid) as Pid;
    later(() => options.crashed(pid, value, shown));
  };
  loadFailures.report = (message) => later(() => options.warn(message));
  haltHook.halt = (status) => {
    end(new TurbeamError('halted', `the program called halt(${status})`), status);
    throw state.ended;
  };
  funMaker.make = (t, arity) => (functionOfFun(t) as Fun | undefined) ?? makeFun(t, arity);
  closures.term = closureTerm;
}

/** What JavaScript is told when no process runs. */
let reports: (() => void)[] = [];

function later(report: () => void): void {
  if (reports.length === 0) setImmediate(tell);
  reports.push(report);
}

function tell(): void {
  const all = reports;
  reports = [];
  for (const report of all) report();
}

const jobs = pump.runJobs;
pump.runJobs = () => {
  flushOutput();
  return jobs();
};

function makeFun(t: Term, arity: number): Fun {
  const shown = formatWrite(t);
  const fun = ((...args: Argument[]) => {
    const [e, all] = funCall(fun, args);
    return callEntry(e, all);
  }) as Fun;
  Object.defineProperties(fun, {
    name: { value: shown },
    arity: { value: arity },
    toString: { value: () => shown },
    async: { value: (...args: Argument[]) => asPromise(...funCall(fun, args), undefined) },
  });
  hold(fun, t);
  return fun;
}

function asPromise(
  e: ReturnType<typeof entryOf>,
  args: readonly Argument[],
  options: CallOptions | undefined,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const { signal, limits } = options ?? {};
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      park();
      stopCall(call, signal!.reason);
    };
    const call: Call = startCall(e, args, limits, (ended) => {
      signal?.removeEventListener('abort', abort);
      try {
        resolve(ended.result());
      } catch (error) {
        reject(error);
      }
    });
    signal?.addEventListener('abort', abort);
  });
}

export interface CallOptions {
  /** Ends the call's process. */
  signal?: AbortSignal;
  /** In place of the runtime's. */
  limits?: Limits;
}

function open(): void {
  if (state.ended !== null) throw new TurbeamError(state.ended.code, state.ended.message);
}

const loaded = (m: LoadedModule): string => atomName(m.name);

/** Loads a file. Gives the module's name. */
export function load(path: string): string {
  open();
  return loaded(loadFile(path));
}

/** Loads what is in memory. Gives the module's name. */
export function loadCode(bytes: Uint8Array, path: string): string {
  open();
  return loaded(loadBytes(bytes, path));
}

/** Whether a module is loaded. */
export function isLoaded(module: string): boolean {
  return modules.has(atom(module));
}

export function callSync(target: string | Fun, name: string, args: readonly Argument[]): Value {
  if (typeof target === 'function') {
    const [e, all] = funCall(target, args);
    return callEntry(e, all);
  }
  open();
  return callEntry(entryOf(target, name, args.length), args);
}

export function call(
  module: string,
  name: string,
  args: readonly Argument[],
  options: CallOptions | undefined,
): Promise<Value> {
  open();
  return asPromise(entryOf(module, name, args.length), args, options);
}

export function functionOf(module: string, name: string, arity: number): (...args: Argument[]) => Value {
  open();
  return prepare(entryOf(module, name, arity));
}

export function registerModule(
  module: string,
  functions: { name: string; arity: number; fn: Parameters<typeof registerFunction>[3] }[],
  direct: boolean,
): void {
  open();
  for (const { name, arity, fn } of functions) registerFunction(module, name, arity, fn, direct);
}

export function mailbox(receiver: Receiver): Actor {
  return newMailbox(receiver);
}

/** Calls a function in a mailbox's process. */
export function callInMailbox(p: Process, module: string, name: string, args: readonly Argument[]): Value {
  open();
  try {
    return callIn(p, entryOf(module, name, args.length), args);
  } finally {
    lookAgain(p);
    pump.wake();
  }
}

/** There is room for more messages of the mailbox. */
export function wakeMailbox(p: Process): void {
  if (state.ended !== null) return;
  lookAgain(p);
  pump.wake();
}

export function endMailbox(p: Process): void {
  if (state.ended === null) closeMailbox(p);
}

/** Nothing can be called any more, and nothing runs any more. */
export function close(): void {
  end(new TurbeamError('closed', 'the runtime is closed'));
}

export function keepAlive(on: boolean): void {
  setKeepsAlive(on);
}

/** Characters of a line that is never full. */
const ONE_LINE = 1e9;

/** Text of a value as Erlang prints it (~tp, or the same on one line). */
export function format(value: Argument, pretty: boolean): string {
  let text = '';
  withTerm(value, (t) => {
    text = formatPretty(t, { unicode: true, lineLength: pretty ? 80 : ONE_LINE });
  });
  return text;
}

const borrow: { use: (t: Term) => void; entry: ReturnType<typeof entryOf> } = {
  use: () => {},
  entry: internalFunction('borrow', 1, (t) => {
    borrow.use(t!);
    return atom('ok');
  }),
};

function withTerm(value: Argument, use: (t: Term) => void): void {
  borrow.use = use;
  callEntry(borrow.entry, [value]);
}

/** Bytes that the runtime's heaps take, how many terms JavaScript holds, and how many functions Erlang. */
export function statistics(): { memory: number; held: number; functions: number } {
  return { memory: memoryInUse(), held: heldCount(), functions: closureCount() };
}
