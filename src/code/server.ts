// Finding modules: where the beam file of a module that is called for the first time comes from.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install } from '../interpret/assemble.js';
import { readBeam } from '../load/beam.js';
import { readListing } from '../load/listing.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { verifyModule } from '../load/verify.js';
import { H } from '../memory/arena.js';
import { atomName } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { type ExportEntry, isDefined, type LoadedModule, modules } from './functions.js';

/** Reads and checks a `.beam` file or a listing. Throws LoadError. */
function readBytes(bytes: Uint8Array, path: string): BeamModule {
  const module = path.endsWith('.S')
    ? readListing(new TextDecoder().decode(bytes), path)
    : readBeam(bytes, path);
  verifyModule(module);
  return module;
}

/** Reads and checks a file without loading it. Throws LoadError, also if the file can not be read. */
export function readModule(path: string): BeamModule {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new LoadError(path, code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`);
  }
  return readBytes(bytes, path);
}

/** Reads, checks and installs a `.beam` file or a listing. Throws LoadError. */
export function loadBytes(bytes: Uint8Array, path: string): LoadedModule {
  return install(readBytes(bytes, path));
}

/** Reads a file and loads it. Throws LoadError, also if the file can not be read. */
export function loadFile(path: string): LoadedModule {
  return install(readModule(path));
}

export const codeServer = {
  /** Directories in which modules are looked for, first to last. */
  path: [] as string[],
  /** Modules that are not there have been looked for already. */
  missing: new Set<Term>(),
  /** Loads the module if it is not loaded and can be found; whether it is loaded now. */
  ensureLoaded(module: Term): boolean {
    if (modules.has(module)) return true;
    if (codeServer.missing.has(module)) return false;
    const name = atomName(module);
    if (/^[^/\\\0]+$/.test(name)) {
      for (const dir of codeServer.path) {
        const file = join(dir, `${name}.beam`);
        if (existsSync(file)) {
          loadFile(file);
          return true;
        }
      }
    }
    codeServer.missing.add(module);
    return false;
  },
};

/** What is printed when a module that is called can not be loaded. */
export const loadFailures: { report: (message: string) => void } = { report: () => {} };

/** A function without code was called: loads its module if it can be found. The code address to call, or 0. */
export function loadFor(entry: ExportEntry): number {
  try {
    codeServer.ensureLoaded(entry.module);
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    codeServer.missing.add(entry.module);
    loadFailures.report(error.message);
  }
  return isDefined(entry) ? H[entry.cell] : 0;
}
