// Parts of a running OTP system that programs take for granted: the applications with their controller and the logger, and what
// Elixir's runtime has of its own. A part begins when somebody first asks for a table or process of it by name; most programs
// need none. src/lib/system/turbeam_system.erl starts them.
import { type ExportEntry, findExport } from '../code/functions.js';
import { elixirInPlay, otpInUse } from '../code/path.js';
import { tryToLoad } from '../code/server.js';
import { versionHooks } from '../code/versions.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { loggerHook } from './crash.js';
import { current } from './current.js';
import { exitHooks } from './exit.js';
import { isSystemProcess, startSystemProcess } from './on-demand.js';
import type { Process } from './process.js';
import { suspend } from './suspend.js';
import { allProcesses } from './table.js';

/** Tables and processes that only a running part has. */
const NAMES = {
  kernel: ['ac_tab', 'logger', 'application_controller', 'kernel_sup', 'logger_sup', 'logger_proxy'],
  elixir: ['elixir_config', 'elixir_sup', 'elixir_code_server', 'Elixir.Logger', 'Elixir.Logger.Supervisor'],
};

const partOf = new Map(
  Object.entries(NAMES).flatMap(([part, names]) => names.map((name) => [atom(name), atom(part)] as const)),
);
const begun = new Set<Term>();
const ELIXIR = atom('elixir');

versionHooks.activated.push((m) => {
  if (!elixirInPlay.value && atomName(m.name).startsWith('Elixir.')) elixirInPlay.value = true;
});

/** Whether a part has been begun. */
export function partsRun(): boolean {
  return begun.size > 0;
}

/** The part that has a table or process of that name, if it has not begun and could; else 0. */
export function missingPart(name: Term): Term {
  const part = partOf.get(name);
  if (part === undefined || begun.has(part) || otpInUse() === undefined) return 0;
  return part === ELIXIR && !elixirInPlay.value ? 0 : part;
}

/** The caller begins with that part, unless it has been begun; whether it has to. */
export function beginPart(part: Term): Term {
  if (begun.has(part)) return Atom.False;
  begun.add(part);
  return Atom.True;
}

const LOGGER = atom('logger');
let keepsReports: Process | undefined;

/** The process that keeps reports until the logger runs. */
export function reporter(): Process | undefined {
  return keepsReports;
}

// Reports of a system with Elixir are Elixir's to print. The logger can not begin where a process ends, so another begins it.
loggerHook.start = () => {
  if (!elixirInPlay.value || missingPart(LOGGER) === 0 || keepsReports !== undefined) return undefined;
  return (keepsReports = startSystemProcess(LOGGER, atom('turbeam_system'), atom('reporter')));
};
exitHooks.onExit.push((p) => {
  if (p === keepsReports) keepsReports = undefined;
});

/** turbeam_system:demand/4, loaded. */
export function demandFunction(): ExportEntry | undefined {
  const system = atom('turbeam_system');
  return tryToLoad(system) ? findExport(system, atom('demand'), 4) : undefined;
}

/** The process that begins parts, while it does. */
let beginner: Process | undefined;
exitHooks.onExit.push((p) => {
  if (p === beginner) beginner = undefined;
});

/** Until the running process ends, only it, what it starts, and processes of the system itself run. */
export function stopOthers(): void {
  if (beginner !== undefined) return;
  beginner = current;
  for (const p of allProcesses()) if (p !== current && !isSystemProcess(p)) suspend(p);
}
