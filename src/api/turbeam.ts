// The API: runtimes for Erlang code, as a program in JavaScript has them.
import { readFileSync, statSync } from 'node:fs';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { libraryIn, type Otp, otpOnPath } from '../code/otp.js';
import { unreadable } from '../load/failure.js';
import type { CallOptions } from './engine.js';
import type { HostFunction } from './functions.js';
import { type Engine, newEngine } from './instance.js';
import type { Limits } from './limits.js';
import { Mailbox } from './mailbox.js';
import {
  type Argument,
  atom,
  type Fun,
  type Pid,
  type Reference,
  Tuple,
  TurbeamError,
  type Value,
} from './values.js';

/** Where a runtime's output goes: to the program's own, nowhere, into `stdout` or `stderr` of the runtime, or to a stream or function. */
export type OutputOption = 'inherit' | 'ignore' | 'pipe' | Writable | ((bytes: Buffer) => void);

/** Where a runtime's input comes from. */
export type InputOption =
  | 'inherit'
  | 'ignore'
  | Uint8Array
  | { text: string }
  | AsyncIterable<Uint8Array | string>;

export interface TurbeamOptions {
  /** Files to load: `.beam`, or listings `.S`. */
  files?: string[];
  /** Directories in which modules are looked for that are called and not loaded. */
  path?: string[];
  /**
   * An installed OTP whose libraries are looked for behind `path`: its directory, or true for the one whose `erl` is on the PATH.
   * Default: none, only the few modules that come with Turbeam.
   */
  otp?: string | boolean;
  /**
   * none: programs have no access to files (but for modules in `path`, which are loaded), programs of the host, and environment variables:
   * for code that one does not trust. Default full.
   */
  access?: 'full' | 'none';
  /** off: interpreter only; auto (default): what is called often is translated; eager: everything is, at its first call. */
  jit?: 'off' | 'auto' | 'eager';
  /** Calls before a function is translated (auto). Default 400. */
  threshold?: number;
  /**
   * What programs read: 'inherit' is the program's own standard input, 'ignore' (default) nothing; else bytes, a text, or what a stream
   * gives.
   */
  stdin?: InputOption;
  /** What programs print. Default 'inherit'. */
  stdout?: OutputOption;
  stderr?: OutputOption;
  /** What each call may use, unless it has limits of its own, and what the runtime may use altogether. */
  limits?: Limits & {
    /** Bytes for heaps, messages, tables and large binaries of all processes together. At least 1 MB. */
    memory?: number;
  };
  /** Floats with an integral value come back as Float objects and not as numbers, which would be integers on their way back. */
  exactFloats?: boolean;
  /**
   * Hears of processes that an exception ended and that are none of JavaScript's calls. Default: the report that `erl` prints goes to
   * stderr.
   */
  onCrash?: (crash: Crash) => void;
  /** For tests of the engine: collect at every allocation, leave compiled code at every call. */
  stress?: ('gc' | 'unwind')[];
}

/** The end of a process by an exception. */
export interface Crash {
  pid: Pid;
  reason: Value;
  /** The reason as Erlang prints it. */
  text: string;
}

/** The end of a process that is monitored. */
export interface Down {
  /** The process, or the registered name that was asked for. */
  item: Value;
  reason: Value;
}

const CHOICES: Record<string, string[]> = { jit: ['off', 'auto', 'eager'], access: ['full', 'none'] };

/** Modules that come with Turbeam. */
const LIBRARY = fileURLToPath(new URL('../lib', import.meta.url));

const DOWN = atom('DOWN');
const PROCESS = atom('process');

/**
 * A runtime: an Erlang system in this thread. Runtimes share nothing: each has processes, modules, tables and names of its own. One that
 * is not wanted any more should be closed, for its processes and timers keep Node from ending.
 */
export class Turbeam {
  readonly #engine: typeof Engine;
  #closed = false;
  readonly #readsFiles: boolean;
  #exitStatus: number | undefined;
  readonly #monitors = new Map<string, (down: Down) => void>();
  #watcher: Mailbox | undefined;
  /** What the program printed, with `stdout: 'pipe'`. */
  readonly stdout: Readable | undefined;
  readonly stderr: Readable | undefined;

  constructor(options: TurbeamOptions = {}) {
    for (const dir of options.path ?? []) {
      if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new TypeError(`path: ${dir}: no such directory`);
    }
    checkLimits(options.limits, ['reductions', 'time', 'memory']);
    for (const [name, values] of Object.entries(CHOICES)) {
      const value = options[name as 'jit'];
      if (value !== undefined && !values.includes(value))
        throw new TypeError(`${name}: '${value}' is none of ${values.join(', ')}`);
    }
    const path = options.path ?? [];
    const otp = otpOf(options.otp);
    const readable = [...path, LIBRARY, ...(otp === 'none' ? [] : [otp.lib])];
    this.#engine = newEngine(options.access === 'none' ? readable : undefined, options.stdin === 'inherit');
    this.#readsFiles = options.access !== 'none';
    const [stdout, out] = outputTo(options.stdout);
    const [stderr, err] = outputTo(options.stderr);
    this.stdout = stdout;
    this.stderr = stderr;
    const warn = (text: string): void => (err ?? ((b: Buffer) => process.stderr.write(b)))(Buffer.from(text));
    const onCrash =
      options.onCrash ??
      (({ pid, text }: Crash) => warn(`Error in process ${pid} with exit value:\n${text}\n\n`));
    this.#engine.start({
      jit: options.jit ?? 'auto',
      threshold: options.threshold,
      stressGc: options.stress?.includes('gc') ?? false,
      stressUnwind: options.stress?.includes('unwind') ?? false,
      path,
      otp,
      stdin: inputFrom(options.stdin),
      memory: options.limits?.memory,
      limits: options.limits,
      exactFloats: options.exactFloats ?? false,
      stdout: out,
      stderr: err,
      crashed: (pid, reason, text) => onCrash({ pid, reason, text }),
      warn: (message) => warn(`turbeam: ${message}\n`),
      ended: (_why, status) => this.#ended(status),
    });
    for (const file of options.files ?? []) this.load(file);
  }

  /** The same as `new Turbeam(options)`. */
  static create(options?: TurbeamOptions): Turbeam {
    return new Turbeam(options);
  }

  /**
   * Loads a module, from a file (`.beam`, or a listing `.S`) or from bytes. A module that is loaded already is replaced, as by
   * code:load_file/1. Throws LoadError with one line that says what is wrong.
   * @param name for bytes: what messages call them, and if it ends in .S they are a listing
   * @returns the module's name
   */
  load(source: string | URL | Uint8Array, name = 'module.beam'): string {
    if (source instanceof Uint8Array) return this.#engine.loadCode(source, name);
    const path = source instanceof URL ? fileURLToPath(source) : source;
    // What JavaScript loads it may read, whatever Erlang may.
    return this.#readsFiles ? this.#engine.load(path) : this.#engine.loadCode(readFile(path), path);
  }

  /** Whether a module of that name is loaded. */
  isLoaded(module: string): boolean {
    return this.#engine.isLoaded(module);
  }

  /**
   * Calls an exported function, or a fun, and gives its value. It must not wait for anything that is still to come (a timer, a message
   * from JavaScript, a promise): then the call is ended and a TurbeamError thrown.
   *
   * An exception is thrown as ErlangError. The calls of a runtime run in one process, which is replaced as soon as a call leaves
   * something behind: messages, links, monitors, entries of the process dictionary, flags.
   */
  callSync<T = Value>(module: string, name: string, args?: readonly Argument[]): T;
  callSync<T = Value>(fun: Fun, args?: readonly Argument[]): T;
  callSync(
    target: string | Fun,
    name: string | readonly Argument[] = [],
    args: readonly Argument[] = [],
  ): Value {
    if (typeof target === 'string') return this.#engine.callSync(target, name as string, args);
    return this.#engine.callSync(target, '', name as readonly Argument[]);
  }

  /**
   * Calls an exported function in a process of its own, which may wait, and gives a promise of its value. It is rejected with
   * ErlangError if an exception or an exit signal ends the process.
   */
  call(module: string, name: string, args: readonly Argument[] = [], options?: CallOptions): Promise<Value> {
    checkLimits(options?.limits);
    return this.#engine.call(module, name, args, options);
  }

  /**
   * A JavaScript function that calls an exported function as callSync does, only faster: for what is called often. It goes with the
   * times: when the module is replaced, it calls the new version.
   */
  function<T = Value>(module: string, name: string, arity: number): (...args: Argument[]) => T {
    return this.#engine.functionOf(module, name, arity) as (...args: Argument[]) => T;
  }

  /**
   * Makes JavaScript functions the exports of a module for Erlang code to call: `{ add: (a, b) => a + b }` is add/2; where a
   * function's number of parameters does not tell its arity, the key does: `'add/2'`. At most 6 arguments.
   *
   * While a function runs, or the promise that it gives is open, the process that called it waits. What it throws becomes an
   * exception: an ErlangError the one that it says, anything else error:{js_error, Name, Message}.
   * @param options direct: the functions do not call this runtime and give no promises, so that they can be called faster
   */
  module(name: string, functions: Record<string, HostFunction>, options: { direct?: boolean } = {}): void {
    const all = Object.entries(functions).map(([key, fn]) => {
      const slash = key.lastIndexOf('/');
      return slash > 0
        ? { name: key.slice(0, slash), arity: Number(key.slice(slash + 1)), fn }
        : { name: key, arity: fn.length, fn };
    });
    this.#engine.registerModule(name, all, options.direct ?? false);
  }

  /** Starts a process that calls module:name(args). */
  spawn(module: string, name: string, args: readonly Argument[] = []): Pid {
    return this.#engine.callSync('erlang', 'spawn', [atom(module), atom(name), [...args]]) as Pid;
  }

  /** Sends a message to a process, or to the one of a registered name. */
  send(to: Pid | string | Reference, message: Argument): void {
    this.#engine.callSync('erlang', 'send', [typeof to === 'string' ? atom(to) : to, message]);
  }

  /** Sends an exit signal (exit/2). Reason `kill` can not be trapped. */
  exit(pid: Pid, reason: Argument = atom('normal')): void {
    this.#engine.callSync('erlang', 'exit', [pid, reason]);
  }

  /** The process of a registered name. */
  whereis(name: string): Pid | undefined {
    return this.#engine.callSync('erlang', 'whereis', [atom(name)]) as Pid | undefined;
  }

  /** Waits for the end of a process. If there is no such process, the reason is `noproc`. */
  monitor(target: Pid | string): Promise<Down> {
    this.#watcher ??= this.#newMailbox((message) => this.#down(message));
    const item = typeof target === 'string' ? atom(target) : target;
    const reference = this.#watcher.callSync('erlang', 'monitor', [PROCESS, item]) as Reference;
    return new Promise((resolve, reject) => {
      this.#monitors.set(reference.toString(), (down) => {
        if (this.#closed) reject(new TurbeamError('closed', 'the runtime is closed'));
        else resolve(down);
      });
    });
  }

  #down(message: Value): void {
    if (!(message instanceof Tuple) || message.at(0) !== DOWN) return;
    const [, reference, , item, reason] = message;
    const key = String(reference);
    this.#monitors.get(key)?.({ item, reason });
    this.#monitors.delete(key);
  }

  /** A process of JavaScript's: Erlang can send to its pid, and JavaScript receives. */
  mailbox(): Mailbox {
    return this.#newMailbox();
  }

  #newMailbox(listener?: (message: Value) => void): Mailbox {
    return new Mailbox(this.#engine, listener);
  }

  /** The value as Erlang prints it (~tp; `pretty: false`: on one line). */
  format(value: Argument, options: { pretty?: boolean } = {}): string {
    return this.#engine.format(value, options.pretty ?? true);
  }

  /** Whether the runtime has come to its end. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What the program gave to halt/1; undefined: it has not called it. */
  get exitStatus(): number | undefined {
    return this.#exitStatus;
  }

  /**
   * Bytes that heaps, tables and large binaries take, how many terms JavaScript holds (funs), and how many JavaScript functions Erlang
   * holds as funs.
   */
  statistics(): { memory: number; held: number; functions: number } {
    return this.#engine.statistics();
  }

  /** Lets Node end though processes of the runtime have timers, or could run. */
  unref(): this {
    this.#engine.keepAlive(false);
    return this;
  }

  /** Takes unref back. */
  ref(): this {
    this.#engine.keepAlive(true);
    return this;
  }

  /**
   * Ends the runtime: nothing runs any more, promises of calls are rejected. Its memory is given back when nothing of it is held any
   * more: the runtime itself, functions made by `function`, funs.
   */
  close(): void {
    this.#engine.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #ended(status: number | undefined): void {
    this.#closed = true;
    this.#exitStatus = status;
    for (const end of this.#monitors.values()) end({ item: undefined, reason: undefined });
    this.#monitors.clear();
    for (const stream of [this.stdout, this.stderr]) if (stream instanceof PassThrough) stream.end();
  }
}

function inputFrom(option: InputOption = 'ignore'): (() => Promise<Uint8Array | null>) | undefined {
  if (option === 'inherit') return undefined;
  const all =
    option === 'ignore'
      ? []
      : option instanceof Uint8Array
        ? [option]
        : 'text' in option
          ? [option.text]
          : option;
  const chunks = Symbol.asyncIterator in all ? all[Symbol.asyncIterator]() : all[Symbol.iterator]();
  return async () => {
    const { done, value } = await chunks.next();
    return done === true ? null : Buffer.from(value as string);
  };
}

function outputTo(
  option: OutputOption = 'inherit',
): [Readable | undefined, ((bytes: Buffer) => void) | undefined] {
  if (typeof option === 'function') return [undefined, option];
  switch (option) {
    case 'inherit':
      return [undefined, undefined];
    case 'ignore':
      return [undefined, () => {}];
    case 'pipe': {
      const stream = new PassThrough();
      return [stream, (bytes) => stream.write(bytes)];
    }
  }
  if (typeof (option as Writable | null)?.write !== 'function')
    throw new TypeError(`stdout, stderr: no stream, function or one of inherit, ignore, pipe: ${option}`);
  return [undefined, (bytes) => option.write(bytes)];
}

function otpOf(option: string | boolean | undefined): Otp | 'none' {
  if (option === undefined || option === false) return 'none';
  if (option === true) return otpOnPath() ?? 'none';
  const { otp } = libraryIn(option) ?? {};
  if (otp === undefined) throw new TypeError(`otp: ${option} has no OTP (no lib/*/ebin)`);
  return otp;
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function checkLimits(limits: TurbeamOptions['limits'], known = ['reductions', 'time']): void {
  for (const [name, value] of Object.entries(limits ?? {})) {
    if (!known.includes(name)) throw new TypeError(`limits: there is no limit ${name}`);
    if (value !== undefined && !(typeof value === 'number' && value > 0))
      throw new RangeError(`limits.${name} is to be a number above 0, not ${value}`);
  }
}
