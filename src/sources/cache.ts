// The cache of compiled sources: one file per entry, in the user's cache directory. An entry that is damaged, or whose
// dependencies are no longer what they were, counts as absent; writing replaces it at once.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { crypto } from '../host.js';

/** What compiling a source gave. */
export interface Compiled {
  /** The .beam file. */
  beam: Uint8Array;
  module: string;
  /** The warnings, as they are printed. */
  output: string;
  /** Files that were read, or looked for: path, and the digest of what was in it (undefined: no such file). */
  dependencies: Dependency[];
}

export interface Dependency {
  path: string;
  digest?: string;
}

/** Entries that nobody has used for so long are deleted: milliseconds. */
const FORGET = 30 * 24 * 3600 * 1000;
/** An entry's time of use is only noted again after that. */
const NOTE = 24 * 3600 * 1000;

const SUFFIX = '.entry';

/** $XDG_CACHE_HOME/turbeam or ~/.cache/turbeam */
export function cacheDirectory(): string {
  const base = process.env.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(base) ? base : join(homedir(), '.cache'), 'turbeam');
}

/** SHA-256 in hexadecimal digits. */
export function digest(data: Uint8Array | string): string {
  return crypto().createHash('sha256').update(data).digest('hex');
}

/** The digest of a file; undefined: there is none, or it can not be read. */
export function digestOfFile(path: string): string | undefined {
  try {
    return digest(readFileSync(path));
  } catch {
    return undefined;
  }
}

const fileOf = (key: string): string => join(cacheDirectory(), key + SUFFIX);

/**
 * The entry of that key, if there is one that still holds.
 * @param key as `digest` makes it
 */
export function lookUp(key: string): Compiled | undefined {
  const file = fileOf(key);
  try {
    const entry = readEntry(readFileSync(file));
    if (entry === undefined) return undefined;
    if (entry.dependencies.some((d) => digestOfFile(d.path) !== d.digest)) return undefined;
    const now = Date.now();
    if (now - statSync(file).mtimeMs > NOTE) utimesSync(file, now / 1000, now / 1000);
    return entry;
  } catch {
    return undefined;
  }
}

/** Keeps a result. Where that can not be done, nothing happens: the cache is no more than one. */
export function store(key: string, compiled: Compiled): void {
  const file = fileOf(key);
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(cacheDirectory(), { recursive: true });
    writeFileSync(temporary, entryBytes(compiled));
    renameSync(temporary, file);
    forgetOld();
  } catch {
    rmSync(temporary, { force: true });
  }
}

/** An entry is a line with the digest of the rest, a line of JSON, and the .beam file. */
function entryBytes({ beam, ...head }: Compiled): Uint8Array {
  const rest = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), beam]);
  return Buffer.concat([Buffer.from(`${digest(rest)}\n`), rest]);
}

const DIGITS = 64;

function readEntry(bytes: Buffer): Compiled | undefined {
  const rest = bytes.subarray(DIGITS + 1);
  if (bytes.toString('latin1', 0, DIGITS) !== digest(rest)) return undefined;
  const end = rest.indexOf(10);
  const head = JSON.parse(rest.toString('utf8', 0, end)) as Omit<Compiled, 'beam'>;
  return { ...head, beam: rest.subarray(end + 1) };
}

function forgetOld(): void {
  const directory = cacheDirectory();
  const before = Date.now() - FORGET;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true && stats.mtimeMs < before) rmSync(path, { force: true });
  }
}
