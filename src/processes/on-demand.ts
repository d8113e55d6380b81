// Processes that a running Erlang system always has. Here each begins when somebody first asks for its name: most programs
// need none of them.
import { exportOf } from '../code/functions.js';
import { H } from '../memory/arena.js';
import { Atom, atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { registered } from './exit.js';
import type { Process } from './process.js';
import { createProcess, startProcess } from './scheduler.js';

/** Registered name, and the function without arguments that the process runs. */
const BEGINNINGS: [name: string, module: string, name: string][] = [
  ['user', 'turbeam_io', 'user'],
  ['standard_error', 'turbeam_io', 'standard_error'],
  ['file_server_2', 'turbeam_processes', 'file_server'],
  ['kernel_sup', 'turbeam_processes', 'kernel_sup'],
  ['kernel_safe_sup', 'turbeam_processes', 'kernel_safe_sup'],
  ['turbeam_kernel', 'turbeam_processes', 'kernel'],
  ['turbeam_reporter', 'turbeam_processes', 'reporter'],
  ['turbeam_elixir_runtime', 'turbeam_elixir', 'runtime'],
];

/** Starts a process of the system that runs module:fn() and has a registered name. */
function startSystemProcess(name: Term, module: Term, fn: Term): Process | undefined {
  const p = createProcess();
  if (p === undefined) return undefined;
  p.initialCall = exportOf(module, fn, 0);
  p.registeredName = name;
  registered.set(name, p);
  startProcess(p, H[p.initialCall.cell], []);
  return p;
}

const beginnings = new Map(BEGINNINGS.map(([name, m, f]) => [atom(name), [atom(m), atom(f)] as const]));

/** Starts the process of that name, if it is one of these. */
function start(name: Term): Process | undefined {
  const beginning = beginnings.get(name);
  beginnings.delete(name);
  return beginning && startSystemProcess(name, ...beginning);
}
registered.start = start;

/** The group leader of processes that got no other: the process that prints to standard output. */
export function defaultGroupLeader(): Term {
  return registered.get(atom('user'))?.pid ?? Atom.Undefined;
}
