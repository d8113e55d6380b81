// A process that is JavaScript's own.
import type { Engine } from './instance.js';
import type { Actor } from './mailboxes.js';
import { type Argument, type Pid, TurbeamError, type Value } from './values.js';

interface Waiting {
  where: (message: Value) => boolean;
  resolve: (message: Value) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
}

/** Messages that are kept on JavaScript's side; others wait on Erlang's, where they count for the memory that the runtime may have. */
const MOST_MESSAGES = 1000;

export interface ReceiveOptions {
  /** Takes the first message for which this says true; others stay. */
  where?: (message: Value) => boolean;
  /** Milliseconds; then the promise is rejected. */
  timeout?: number;
}

/**
 * An Erlang process whose messages JavaScript gets. Functions can be called in it, so that it has what they leave behind: links,
 * monitors, flags, the process dictionary. Get one from `Turbeam.mailbox()`.
 */
export class Mailbox {
  readonly #engine: typeof Engine;
  readonly #actor: Actor;
  readonly #messages: Value[] = [];
  readonly #waiting: Waiting[] = [];
  #end: { reason: Value } | undefined;

  /** @internal */
  constructor(engine: typeof Engine, listener?: (message: Value) => void) {
    this.#engine = engine;
    this.#actor = engine.mailbox({
      message: listener ?? ((message) => this.#arrived(message)),
      isFull: () => this.#messages.length >= MOST_MESSAGES && this.#waiting.length === 0,
      ended: (reason) => this.#ended(reason),
    });
  }

  get pid(): Pid {
    return this.#actor.pid;
  }

  /** Messages that nobody has taken yet; above 1000, others wait behind them. */
  get length(): number {
    return this.#messages.length;
  }

  /** The next message. */
  receive(options: ReceiveOptions = {}): Promise<Value> {
    const where = options.where ?? (() => true);
    const at = this.#messages.findIndex(where);
    if (at >= 0) {
      const [message] = this.#messages.splice(at, 1);
      if (this.#messages.length === MOST_MESSAGES - 1) this.#engine.wakeMailbox(this.#actor.process);
      return Promise.resolve(message);
    }
    if (this.#end !== undefined) return Promise.reject(this.#gone());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { where, resolve, reject, timer: undefined };
      if (options.timeout !== undefined) {
        waiting.timer = setTimeout(() => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          reject(new Error(`no message in ${options.timeout} ms`));
        }, options.timeout);
      }
      this.#waiting.push(waiting);
      if (this.#messages.length >= MOST_MESSAGES) this.#engine.wakeMailbox(this.#actor.process);
    });
  }

  /** The messages, as they come, until the process ends. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Value, void> {
    for (;;) {
      if (this.#messages.length === 0 && this.#end !== undefined) return;
      let message: Value;
      try {
        message = await this.receive();
      } catch (error) {
        if (this.#end !== undefined) return;
        throw error;
      }
      yield message;
    }
  }

  /** Calls a function in this process; see `Turbeam.callSync`. */
  callSync<T = Value>(module: string, name: string, args: readonly Argument[] = []): T {
    return this.#engine.callInMailbox(this.#actor.process, module, name, args) as T;
  }

  /** Ends the process, with reason normal. */
  close(): void {
    this.#engine.endMailbox(this.#actor.process);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #arrived(message: Value): void {
    const at = this.#waiting.findIndex(({ where }) => where(message));
    if (at < 0) {
      this.#messages.push(message);
      return;
    }
    const [waiting] = this.#waiting.splice(at, 1);
    clearTimeout(waiting!.timer);
    waiting!.resolve(message);
  }

  #ended(reason: Value): void {
    this.#end = { reason };
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(this.#gone());
    }
  }

  #gone(): TurbeamError {
    return new TurbeamError('closed', `the process ${this.pid} has ended`);
  }
}
