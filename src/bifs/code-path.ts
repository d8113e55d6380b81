// What the Erlang side of loading (src/lib/system/code.erl, turbeam_code.erl) is made of: the code path, files of modules, and who runs
// an on_load function. Functions of a module `turbeam` of our own.
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modules } from '../code/functions.js';
import { directories, otpInUse, setDirectories } from '../code/path.js';
import { isPreloaded } from '../code/preloaded.js';
import { codeServer } from '../code/server.js';
import { pendingModules } from '../code/versions.js';
import { current } from '../processes/current.js';
import { badarg } from '../processes/raise.js';
import { logReport, unloggedHook } from '../processes/system-log.js';
import { processOf } from '../processes/table.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import { binary, list, listToArray, stringList, tuple } from '../terms/build.js';
import { formatPretty } from '../terms/format-pretty.js';
import { isAtom, type Term } from '../terms/tags.js';
import { bool, charactersOf } from './arguments.js';
import { defineBifs } from './table.js';

function stat(path: Term): ReturnType<typeof statSync> {
  const text = charactersOf(path);
  return text === undefined || text.includes('\0') ? undefined : statSync(text, { throwIfNoEntry: false });
}

/** How deep the result of an on_load function is shown that is not ok. */
const REPORTED_DEPTH = 10;

defineBifs('turbeam', {
  'code_path/0': () => list(directories().map((dir) => stringList(dir))),
  'set_code_path/1': (dirs) => {
    const path = listToArray(dirs)?.map((dir) => charactersOf(dir));
    if (path === undefined || path.includes(undefined)) return badarg();
    setDirectories(path as string[]);
    codeServer.missing.clear();
    return Atom.True;
  },
  'is_directory/1': (path) => bool(stat(path)?.isDirectory() === true),
  'is_file/1': (path) => bool(stat(path)?.isFile() === true),
  'absolute/1': (path) => {
    const text = charactersOf(path);
    return text === undefined ? badarg() : stringList(resolve(text));
  },
  'read_file/1': (path) => {
    const text = charactersOf(path);
    if (text === undefined) return badarg();
    try {
      return tuple(Atom.Ok, binary(readFileSync(text)));
    } catch (error) {
      return tuple(Atom.Error, atom(((error as NodeJS.ErrnoException).code ?? 'einval').toLowerCase()));
    }
  },
  'module_file/1': (name) => {
    const file = isAtom(name) ? codeServer.fileOf(name) : undefined;
    return file === undefined ? Atom.False : stringList(resolve(file));
  },
  'loaded_from/1': (name) => {
    const m = modules.get(name);
    if (m === undefined) return isPreloaded(name) ? atom('preloaded') : badarg();
    return m.fileAtom ?? stringList(m.source.path);
  },
  'set_module_file/2': (name, file) => {
    for (const m of [modules.get(name), pendingModules.get(name)]) {
      if (m === undefined) continue;
      if (isAtom(file)) m.fileAtom = file;
      else m.source.path = charactersOf(file) ?? m.source.path;
    }
    return Atom.True;
  },
  'root_dir/0': () => stringList(otpInUse()?.root ?? dirname(fileURLToPath(new URL('..', import.meta.url)))),
  /** Who runs the on_load function that the module is waiting for: a pid, `nobody`, or `none`: it waits for none. */
  'on_load_process/1': (name) => {
    const m = pendingModules.get(name);
    if (m === undefined) return atom('none');
    return m.loader !== undefined && processOf(m.loader) !== undefined ? m.loader : atom('nobody');
  },
  /** The caller is going to run it, unless another does already. */
  'claim_on_load/1': (name) => {
    const m = pendingModules.get(name);
    if (m === undefined || (m.loader !== undefined && processOf(m.loader) !== undefined)) return Atom.False;
    m.loader = current.pid;
    return Atom.True;
  },
  'report_on_load/2': (name, result) => {
    if (isAtom(result)) return Atom.True;
    const format = 'The on_load function for module ~s returned:~n~P~n';
    if (!logReport('warning', format, (room) => [name, room.copy(result), REPORTED_DEPTH << 1])) {
      const value = formatPretty(result, { depth: REPORTED_DEPTH });
      unloggedHook.report(
        'warning',
        `The on_load function for module ${atomName(name)} returned:\n${value}\n`,
      );
    }
    return Atom.True;
  },
});
