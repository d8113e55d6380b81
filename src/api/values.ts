// Erlang's values as JavaScript has them: the classes of those that JavaScript has no type for. All runtimes of a program
// share this module, so that `instanceof` means the same for the values of each.
import { inspect } from 'node:util';

/** What can be given to Erlang. See the table in the README for what each becomes. */
export type Argument =
  | Value
  | readonly Argument[]
  | Tuple<readonly Argument[]>
  | ImproperList<Argument>
  | ReadonlyMap<Argument, Argument>
  | { readonly [key: string]: Argument }
  | ArrayBuffer
  | ArrayBufferView
  | string
  | Charlist
  // biome-ignore lint/suspicious/noExplicitAny: the function says what it expects
  | ((...args: any[]) => unknown);

/** What comes back from Erlang. */
export type Value =
  | number
  | bigint
  | boolean
  | symbol
  | undefined
  | null
  | Value[]
  | Map<Value, Value>
  | Uint8Array
  | Float
  | Tuple
  | ImproperList
  | Bitstring
  | Pid
  | Port
  | Reference
  | Fun
  | Opaque;

/** The atom of that name: a symbol of the global registry, so that `===` and `switch` work. */
export function atom(name: string): symbol {
  return Symbol.for(name);
}

/** A tuple. Destructure it like an array: `const [tag, value] = tuple`. */
export class Tuple<T extends readonly Argument[] = Value[]> {
  constructor(readonly elements: T) {}
  get length(): number {
    return this.elements.length;
  }
  /** Element i, counted from 0 as JavaScript does. */
  at(i: number): T[number] | undefined {
    return this.elements[i];
  }
  [Symbol.iterator](): IterableIterator<T[number]> {
    return this.elements[Symbol.iterator]() as IterableIterator<T[number]>;
  }
  [inspect.custom](_depth: number, options: object): string {
    return `{${this.elements.map((e) => inspect(e, options)).join(', ')}}`;
  }
}

/** The tuple of the arguments: `tuple(atom('ok'), 1)`. */
export function tuple<T extends readonly Argument[]>(...elements: T): Tuple<T> {
  return new Tuple(elements);
}

/** A float, where a plain number would become an integer: `float(2)` is 2.0. */
export class Float {
  constructor(readonly value: number) {}
  valueOf(): number {
    return this.value;
  }
  toString(): string {
    return Number.isInteger(this.value) && Math.abs(this.value) < 1e21
      ? `${Object.is(this.value, -0) ? '-0' : this.value}.0`
      : String(this.value);
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

/** The number as a float, whatever its value. */
export function float(value: number): Float {
  return new Float(value);
}

/** A string as a list of code points, for functions that want that and not a binary. */
export class Charlist {
  constructor(readonly text: string) {}
}

/** The string as a list of code points: `charlist('abc')` is `"abc"`, while `'abc'` is `<<"abc">>`. */
export function charlist(text: string): Charlist {
  return new Charlist(text);
}

/**
 * The string that a value stands for: a binary (UTF-8), a list of code points, or a list of both, nested in any way.
 * Throws TypeError for anything else.
 */
export function text(value: Value): string {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.length).toString('utf8');
  if (!Array.isArray(value) && !(value instanceof ImproperList)) throw notText(value);
  let out = '';
  // What is still to come, last first.
  const rest: Value[] = [value];
  while (rest.length > 0) {
    const v = rest.pop();
    if (typeof v === 'number' && Number.isInteger(v) && v >= 0 && v <= 0x10ffff)
      out += String.fromCodePoint(v);
    else if (v instanceof Uint8Array) out += text(v);
    else if (Array.isArray(v)) for (let i = v.length - 1; i >= 0; i--) rest.push(v[i]);
    else if (v instanceof ImproperList) {
      rest.push(v.tail);
      for (let i = v.items.length - 1; i >= 0; i--) rest.push(v.items[i] as Value);
    } else throw notText(v);
  }
  return out;
}

function notText(value: unknown): TypeError {
  return new TypeError(`no string in Erlang's sense: ${inspect(value, { depth: 1, breakLength: Infinity })}`);
}

/** A list that does not end in `[]`: `[1, 2 | tail]`. */
export class ImproperList<T extends Argument = Value> {
  constructor(
    readonly items: T[],
    readonly tail: T,
  ) {}
}

/** Bits that are no whole number of bytes. */
export class Bitstring {
  /** @param bytes the last one holds `bitSize % 8` bits, the most significant ones; the others of it are 0 */
  constructor(
    readonly bytes: Uint8Array,
    readonly bitSize: number,
  ) {}
}

/** What only has meaning in the runtime that it comes from: nothing but its text can be seen. */
abstract class Identifier {
  /**
   * @param owner the runtime that it belongs to
   * @param words how that runtime knows it
   * @param shown as Erlang prints it
   */
  constructor(
    /** @internal */ readonly owner: object,
    /** @internal */ readonly words: readonly number[],
    private readonly shown: string,
  ) {}
  /** Whether both name the same. Two objects can. */
  equals(other: unknown): boolean {
    return (
      other instanceof Identifier &&
      other.constructor === this.constructor &&
      other.owner === this.owner &&
      other.words.length === this.words.length &&
      this.words.every((w, i) => w === other.words[i])
    );
  }
  /** As Erlang prints it: `<0.64.0>`. Different for different processes, so it will do as a key. */
  toString(): string {
    return this.shown;
  }
  [inspect.custom](): string {
    return this.shown;
  }
}

/** A process. */
export class Pid extends Identifier {
  declare private readonly isPid: true;
}
/** A port. */
export class Port extends Identifier {
  declare private readonly isPort: true;
}
/** A reference. */
export class Reference extends Identifier {
  declare private readonly isReference: true;
}

/**
 * An Erlang fun. It is called like a function, from JavaScript as long as its runtime is open, and can be given back to
 * Erlang. Erlang keeps it until JavaScript's collector finds that nobody has it any more.
 */
export interface Fun {
  /** Calls it; see `Turbeam.callSync`. */
  (...args: Argument[]): Value;
  /** Calls it where it may wait; see `Turbeam.call`. */
  async(...args: Argument[]): Promise<Value>;
  /** Number of arguments. */
  readonly arity: number;
  /** As Erlang prints it. */
  toString(): string;
}

/** Number of arguments of functions for which it is not their number of parameters. */
const arities = new WeakMap<object, number>();

/** @internal */
export function arityOf(fn: ((...args: never[]) => unknown) & { arity?: number }): number {
  // A fun of another runtime says its arity itself.
  return arities.get(fn) ?? fn.arity ?? fn.length;
}

/**
 * A JavaScript function as an Erlang fun with that many arguments, where its number of parameters does not tell it: because it has
 * default values or takes the rest.
 */
export function erlangFun<F extends (...args: never[]) => unknown>(arity: number, fn: F): F {
  const fun = ((...args: never[]) => fn(...args)) as F;
  arities.set(fun, arity);
  return fun;
}

/** A term that JavaScript has no use for but to hand it back, a native record of OTP 29 say. Erlang keeps it as it does a fun. */
export class Opaque {
  constructor(
    /** @internal */ readonly owner: object,
    private readonly shown: string,
  ) {}
  toString(): string {
    return this.shown;
  }
  [inspect.custom](): string {
    return this.shown;
  }
}

/** Where a call stood when an exception was raised, as in a stack trace of Erlang's. */
export interface StackEntry {
  module: string;
  function: string;
  arity: number;
  /** The arguments, if the exception has them (function_clause, undef, badarg of built-in functions). */
  args?: Value[];
  file?: string;
  line?: number;
}

/** An exception of class error, exit or throw that nobody in Erlang caught. */
export class ErlangError extends Error {
  override readonly name: string = 'ErlangError';
  /**
   * @param errorClass as in `catch Class:Reason:Stack`
   * @param reason the value
   * @param stacktrace innermost call first
   * @param shown the reason as Erlang prints it
   */
  constructor(
    readonly errorClass: 'error' | 'exit' | 'throw',
    readonly reason: Value,
    readonly stacktrace: StackEntry[] = [],
    shown = inspect(reason),
    options?: ErrorOptions,
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit += ENGINE_FRAMES;
    super(`${errorClass}:${shown}`, options);
    Error.stackTraceLimit = stackTraceLimit;
    const lines = (this.stack ?? '').split('\n');
    const first = lines.findIndex((l) => /^\s+at /.test(l));
    const calls = stacktrace.map(
      (e) =>
        `    at ${e.module}:${e.function}/${e.arity}${e.file === undefined ? '' : ` (${e.file}:${e.line})`}`,
    );
    if (first < 0) lines.push(...calls);
    else {
      const outside = lines.slice(first).filter((l) => !l.includes('engine.bundle.js'));
      lines.splice(first, lines.length, ...calls, ...outside.slice(0, stackTraceLimit));
    }
    Object.defineProperty(this, 'stack', { value: lines.join('\n'), writable: true, configurable: true });
  }
}

/** Frames of the engine's own that may be on the JavaScript stack: they are left out of the stack of an error. */
const ENGINE_FRAMES = 20;

/** A call, and all processes that came of it, were ended because they used more than they may. */
export class LimitError extends Error {
  override readonly name: string = 'LimitError';
  constructor(
    readonly limit: 'reductions' | 'time' | 'memory',
    message: string,
  ) {
    super(message);
  }
}

/** What the runtime itself has to say: it is closed, a call waits that must not, a value has no counterpart in Erlang. */
export class TurbeamError extends Error {
  override readonly name: string = 'TurbeamError';
  constructor(
    /**
     * closed: the runtime is, or was while the call waited. halted: the program called halt. would_wait: callSync of something that
     * waits. busy: called from inside of the engine. failed: the engine met a fault that it does not recover from.
     */
    readonly code: 'closed' | 'halted' | 'would_wait' | 'busy' | 'failed',
    message: string,
  ) {
    super(message);
  }
}
