// Parts of a running system that have processes and tables of their own: the application controller and the logger of OTP's
// kernel, which need each other, and Elixir's runtime with its logger. A program that uses none of them does not pay for them: each begins when somebody first asks for something of it, who then waits until it has
// begun (src/lib/system/turbeam_processes.erl), while the processes that it consists of go on.
import { elixirInPlay, otpInUse } from '../code/path.js';
import { versionHooks } from '../code/versions.js';
import { atom, atomName } from '../terms/atoms.js';
import { isAtom, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { registered } from './exit.js';
import { loggerHook } from './system-log.js';
import { processOf } from './table.js';

/** A part, by the registered name of the process that begins it (see on-demand.ts). */
const KERNEL = atom('turbeam_kernel');
const ELIXIR = atom('turbeam_elixir_runtime');

/** Modules whose functions ask for a part; others use these. */
const MODULES = new Map([
  [atom('application_controller'), KERNEL],
  [atom('logger_server'), KERNEL],
  [atom('elixir_code_server'), ELIXIR],
]);

/** Tables of parts, as they are named. */
const TABLES = new Map([
  [atom('ac_tab'), KERNEL],
  [atom('logger'), KERNEL],
  [atom('elixir_config'), ELIXIR],
]);

/** Names of processes that parts have. */
const NAMES = new Map([
  [atom('application_controller'), KERNEL],
  [atom('logger'), KERNEL],
  [atom('erl_signal_server'), KERNEL],
  [atom('elixir_config'), ELIXIR],
  [atom('elixir_sup'), ELIXIR],
  [atom('elixir_code_server'), ELIXIR],
  [atom('Elixir.Logger'), ELIXIR],
]);

versionHooks.activated.push((m) => {
  if (!elixirInPlay.value && atomName(m.name).startsWith('Elixir.')) elixirInPlay.value = true;
});

const begun = new Set<Term>();

/** The part has begun. */
export function setBegun(part: Term): void {
  begun.add(part);
}

/** Whether the running process is one of those that the part consists of, or that begin it. */
function belongsTo(part: Term): boolean {
  if (!registered.has(part)) return false;
  const beginner = registered.get(part);
  for (let p = processOf(current.pid); p !== undefined; p = processOf(p.parent))
    if (p === beginner) return true;
  return false;
}

/** Whether the running process has to wait for a part. */
export function mustWaitFor(part: Term): boolean {
  return !begun.has(part) && otpInUse() !== undefined && !belongsTo(part);
}

/** What of a part the running process has to wait for, undefined: nothing. Where Elixir runs, its runtime comes along with any part. */
function ifAwaited(part: Term | undefined): Term | undefined {
  if (part === undefined || begun.has(ELIXIR) || otpInUse() === undefined) return undefined;
  if (elixirInPlay.value && ![KERNEL, ELIXIR].some(belongsTo)) return ELIXIR;
  return part !== ELIXIR && mustWaitFor(part) ? part : undefined;
}

/** The part that the running process has to wait for before it calls a function of that module; undefined: none. */
export function partOfModule(module: Term): Term | undefined {
  return ifAwaited(MODULES.get(module));
}

/** The part that the running process has to wait for before it can find a table that is not there; undefined: none. */
export function partOfTable(table: Term): Term | undefined {
  return ifAwaited(isAtom(table) ? TABLES.get(table) : undefined);
}

/** The part that the running process has to wait for before it can find a process of that name that is not there; undefined: none. */
export function partOfName(name: Term): Term | undefined {
  return ifAwaited(NAMES.get(name));
}

/** The process that keeps reports until the logger has begun. */
const REPORTER = atom('turbeam_reporter');

// With Elixir, reports are for its logger to print, and it begins for the first of them.
loggerHook.start = () => (ifAwaited(ELIXIR) === undefined ? undefined : registered.get(REPORTER));
