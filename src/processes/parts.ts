// Parts of OTP's kernel that have processes and tables of their own: the application controller and the logger. A program that
// uses neither does not pay for them: each begins when somebody first asks for something of it, who then waits until it has
// begun (src/lib/system/turbeam_processes.erl), while the processes that it consists of go on.
import { otpInUse } from '../code/path.js';
import { atom } from '../terms/atoms.js';
import { isAtom, type Term } from '../terms/tags.js';
import { current } from './current.js';
import { registered } from './exit.js';
import { processOf } from './table.js';

/** A part, by the registered name of the process that begins it (see on-demand.ts). */
const APPLICATIONS = atom('turbeam_applications');
const LOGGER = atom('turbeam_logger');

/** Modules whose functions ask for a part; others use these. */
const MODULES = new Map([
  [atom('application_controller'), APPLICATIONS],
  [atom('logger_server'), LOGGER],
]);

/** Tables of parts, as they are named. */
const TABLES = new Map([
  [atom('ac_tab'), APPLICATIONS],
  [atom('logger'), LOGGER],
]);

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

/** The part that the running process has to wait for before it calls a function of that module; undefined: none. */
export function partOfModule(module: Term): Term | undefined {
  const part = MODULES.get(module);
  return part !== undefined && mustWaitFor(part) ? part : undefined;
}

/** The part that the running process has to wait for before it can find a table that is not there; undefined: none. */
export function partOfTable(table: Term): Term | undefined {
  const part = isAtom(table) ? TABLES.get(table) : undefined;
  return part !== undefined && mustWaitFor(part) ? part : undefined;
}
