// Finding modules: where the beam file of a module that is called for the first time comes from.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { linkStandIns } from '../bifs/table.js';
import { assembleModule, isBuiltIn } from '../interpret/first-call.js';
import { readBeam } from '../load/beam.js';
import { unreadable } from '../load/failure.js';
import { identify, identityText } from '../load/identify.js';
import { readListing } from '../load/listing.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { makeSafe } from '../load/type-guards.js';
import { CodeFull } from '../memory/spaces.js';
import { atomName } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { type LoadedModule, modules } from './functions.js';
import { loadFailures } from './load-failures.js';
import { codePath, findFile } from './path.js';
import { purgeByForce } from './purge.js';
import { activate, canReplace, pendingModules, versionHooks } from './versions.js';

/**
 * Reads a `.beam` file or a listing. Throws LoadError if its tables are damaged, or where its functions are can not be told. The
 * code of each function of a `.beam` file is checked when it is first called; listings, which people write, are checked as a whole.
 */
export function readBytes(bytes: Uint8Array, path: string): BeamModule {
  if (!path.endsWith('.S')) return readBeam(bytes, path);
  const module = readListing(new TextDecoder().decode(bytes), path);
  checkAll(module);
  return module;
}

/** Reads bytes; an error says what the file is. */
function identified(read: typeof readBytes, bytes: Uint8Array, path: string): BeamModule {
  try {
    return read(bytes, path);
  } catch (error) {
    throw error instanceof LoadError ? error.concerns(identityText(identify(bytes))) : error;
  }
}

/** Checks what loading leaves for later. Throws LoadError. */
export function checkAll(m: BeamModule): void {
  try {
    for (const f of m.functions) makeSafe(m, f, isBuiltIn);
    // Are read when they are asked for.
    void [m.literals, m.types, m.locations, m.attributes, m.compileInfo];
  } catch (error) {
    throw error instanceof LoadError ? error.concerns(identityText({ module: m.name, otp: m.otp })) : error;
  }
}

/** Reads a file without loading it. Throws LoadError, also if the file can not be read. */
export function readModule(path: string): BeamModule {
  return identified(readBytes, readContent(path), path);
}

/** The same, and checks what loading leaves for later. */
export function readChecked(path: string, bytes = readContent(path)): BeamModule {
  const m = identified(readBytes, bytes, path);
  checkAll(m);
  return m;
}

function readContent(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Brings a module into the system, as the current version; one with an on_load function waits for the first call of the
 * module, which runs it. Throws LoadError.
 */
export function install(source: BeamModule): LoadedModule {
  const m = assemble(source);
  if (!canReplace(m.name)) purgeByForce(m.name);
  if (source.onLoad === undefined) activate(m);
  else pendingModules.set(m.name, m);
  return m;
}

/** A new version of a module that nobody can call yet. Throws LoadError. */
export function assemble(source: BeamModule): LoadedModule {
  try {
    return assembleModule(source);
  } catch (error) {
    const known =
      error instanceof CodeFull ? new LoadError(source.path, error.message, 'load fewer modules') : error;
    throw known instanceof LoadError
      ? known.concerns(identityText({ module: source.name, otp: source.otp }))
      : known;
  }
}

/** Reads and installs a `.beam` file or a listing. Throws LoadError. */
export function loadBytes(bytes: Uint8Array, path: string): LoadedModule {
  return install(identified(readBytes, bytes, path));
}

/** Hears the path of each file that is loaded; undefined: nobody listens. */
export const loadingHook: { loading: ((path: string) => void) | undefined } = { loading: undefined };

/** Reads a file and loads it. Throws LoadError, also if the file can not be read. */
export function loadFile(path: string): LoadedModule {
  loadingHook.loading?.(path);
  return install(readModule(path));
}

export const codeServer = {
  /** The user's directories, in which modules are looked for first to last, before OTP's and our own. */
  get path(): string[] {
    return codePath.user;
  },
  set path(directories: string[]) {
    codePath.user = directories;
  },
  /** Modules that are not there have been looked for already. */
  missing: new Set<Term>(),
  /** The file that a module would be loaded from; undefined: there is none. */
  fileOf(module: Term): string | undefined {
    const name = atomName(module);
    return /^[^/\\\0]+$/.test(name) ? findFile(`${name}.beam`) : undefined;
  },
  /**
   * Loads the module if it is not loaded and can be found; whether it is there now, be it that its on_load function has still
   * to run.
   */
  ensureLoaded(module: Term): boolean {
    if (modules.has(module) || pendingModules.has(module)) return true;
    if (codeServer.missing.has(module)) return false;
    const file = codeServer.fileOf(module);
    if (file !== undefined && canReplace(module)) loadFile(file);
    else codeServer.missing.add(module);
    if (file === undefined || codePath.fallback.includes(dirname(file))) linkStandIns(module);
    return file !== undefined;
  },
};
versionHooks.activated.push((m) => codeServer.missing.delete(m.name));

/** Something of a module that is not loaded is called: loads it if it can be found; whether it is current now. */
export function tryToLoad(module: Term): boolean {
  try {
    codeServer.ensureLoaded(module);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    codeServer.missing.add(module);
    loadFailures.report(error.message);
  }
  return modules.has(module);
}
