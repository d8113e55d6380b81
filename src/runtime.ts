// The engine as one thing: brings up BIFs and tables, loads files, runs calls. What the command line and an embedder use.
import './code/fun-identity.js';
import './bifs/index.js';
import './interpret/binary-building.js';
import './interpret/binary-matching.js';
import './interpret/binary-steps.js';
import './interpret/maps.js';
import './interpret/match-commands.js';
import './interpret/records.js';
import './interpret/test-emitters.js';
import { exportOf, findExport, isDefined } from './code/functions.js';
import { codeServer, loadBytes, loadFile } from './code/server.js';
import { pendingModules } from './code/versions.js';
import { profile } from './interpret/flat-profile.js';
import { interpret } from './interpret/loop.js';
import { rehearse } from './interpret/rehearsal.js';
import { finishHook, translatorLoader } from './interpret/transitions.js';
import { H } from './memory/arena.js';
import { current, setCurrent } from './processes/current.js';
import { exitHooks } from './processes/exit.js';
import type { Process } from './processes/process.js';
import { createProcess, RunEnd, runUntil, startProcess } from './processes/scheduler.js';
import { settings } from './settings.js';
import { atom } from './terms/atoms.js';
import { decodeTerm } from './terms/external.js';
import type { Term } from './terms/tags.js';

profile.actions.push(() => rehearse(interpret));

export { codeServer, loadBytes, loadFile, settings };

/** How a call ended. `format` turned the terms to text while they were still there. */
export type CallEnd =
  | { kind: 'value'; text: string }
  | { kind: 'exit'; pid: Term; text: string }
  | { kind: 'deadlock' }
  | { kind: 'exhausted' };

/** The process of the call that runs; 0: none. */
export const mainProcess: { pid: Term } = { pid: 0 };

/** Makes the translator ready before anything runs (eager); in auto it comes when the first function is hot. */
export async function prepare(): Promise<void> {
  if (settings.jit === 'eager') await translatorLoader.load();
}

/**
 * Runs module:name(args) in a process of its own until that process ends.
 * @param args each in external term format
 * @param format makes text of the value or exit reason
 */
export async function callFunction(
  module: string,
  name: string,
  args: Uint8Array[],
  format: (t: Term) => string,
): Promise<CallEnd> {
  await prepare();
  const m = atom(module);
  codeServer.ensureLoaded(m);
  const entry = exportOf(m, atom(name), args.length);
  const words = args.reduce((n, a) => n + a.length * 4 + 64, 256);
  const p = createProcess(words)!;
  setCurrent(p);
  mainProcess.pid = p.pid;
  const terms = args.map((bytes) => {
    const { term } = decodeTerm(bytes, (n) => {
      const at = p.htop;
      p.htop += n;
      return at;
    });
    return term;
  });
  p.initialCall = entry;
  let end: CallEnd | undefined;
  finishHook.value = (value) => {
    if (current === p) end = { kind: 'value', text: format(value) };
  };
  const onExit = (q: Process, reason: Term): void => {
    if (q === p && end === undefined) end = { kind: 'exit', pid: q.pid, text: format(reason) };
  };
  exitHooks.onExit.push(onExit);
  startProcess(p, H[entry.cell], terms);
  try {
    const how = await runUntil(() => end !== undefined);
    if (how === RunEnd.Deadlock) return { kind: 'deadlock' };
    if (how === RunEnd.Exhausted) return { kind: 'exhausted' };
    return end!;
  } finally {
    exitHooks.onExit.splice(exitHooks.onExit.indexOf(onExit), 1);
  }
}

/** Whether module:name/arity is there, loading the module if needed. */
export function isExported(module: string, name: string, arity: number): boolean {
  codeServer.ensureLoaded(atom(module));
  const m = atom(module);
  const e = findExport(m, atom(name), arity);
  // What waits for its on_load function gets its chance with the first call.
  const exports = pendingModules.get(m)?.source.exports;
  return (
    (e !== undefined && isDefined(e)) || exports?.some((x) => x.name === name && x.arity === arity) === true
  );
}
