// Open files: what a #file_descriptor{} of prim_file refers to. A file belongs to the process that opened it, and is closed
// when that ends.
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { current } from '../../processes/current.js';
import { exitHooks, possessions } from '../../processes/exit.js';
import { raiseError } from '../../processes/raise.js';
import { makeReference, referenceNumber } from '../../processes/references.js';
import { isTaggedTuple, isTuple, tupleElement } from '../../terms/access.js';
import { atom } from '../../terms/atoms.js';
import { tuple } from '../../terms/build.js';
import { isMap, mapGet } from '../../terms/map-access.js';
import { mapFromPairs } from '../../terms/map-update.js';
import { Sentinel, type Term } from '../../terms/tags.js';

export interface OpenFile {
  readonly fd: number;
  readonly owner: Term;
  /** Where the next read or write happens; -1: the file has no positions (a pipe, a terminal). */
  position: number;
  /** Writes go to the end. */
  readonly append: boolean;
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
}

const open = new Map<number, OpenFile>();

const FILE_DESCRIPTOR = atom('file_descriptor');
const PRIM_FILE = atom('prim_file');
const HANDLE = atom('handle');

/** Opens a file; throws what node:fs throws. Modes are those of prim_file:open/2, by name; others mean nothing. */
export function openFile(name: Buffer, modes: Set<string>): Term {
  const append = modes.has('append');
  const exclusive = modes.has('exclusive');
  const mayWrite = modes.has('write') || append;
  const mayRead = modes.has('read') || !mayWrite;
  let flags: number = mayWrite ? (mayRead ? constants.O_RDWR : constants.O_WRONLY) : constants.O_RDONLY;
  if (mayWrite || exclusive) flags |= constants.O_CREAT;
  if (mayWrite && !mayRead && !append) flags |= constants.O_TRUNC;
  if (append) flags |= constants.O_APPEND;
  if (exclusive) flags |= constants.O_EXCL;
  if (modes.has('sync')) flags |= constants.O_SYNC;
  if (modes.has('directory')) flags |= constants.O_DIRECTORY;
  const fd = openSync(name, flags, 0o666);
  const stats = fstatSync(fd);
  if (stats.isDirectory() && !modes.has('directory')) {
    closeSync(fd);
    throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  }
  const handle = makeReference();
  const position = stats.isFile() || stats.isBlockDevice() ? 0 : -1;
  open.set(referenceNumber(handle), { fd, owner: current.pid, position, append, mayRead, mayWrite });
  possessions.acquired++;
  const data = mapFromPairs([
    [HANDLE, handle],
    [atom('owner'), current.pid],
  ]);
  return tuple(FILE_DESCRIPTOR, PRIM_FILE, data);
}

/** The handle in a #file_descriptor{}: a reference number, 0 if the term is none. */
function handleOf(t: Term): number {
  if (!isTaggedTuple(t, 3, FILE_DESCRIPTOR)) return 0;
  const data = tupleElement(t, 2);
  const handle = isMap(data) ? mapGet(data, HANDLE) : Sentinel.None;
  return handle === Sentinel.None ? 0 : referenceNumber(handle);
}

/**
 * Calls `use` with an open file of the running process. What it returns is the result; a closed file gives {error, einval}, one
 * of another process raises not_on_controlling_process.
 */
export function withFile(t: Term, use: (file: OpenFile) => Term): Term {
  const handle = handleOf(t);
  if (handle === 0)
    return isTuple(t) ? tuple(atom('error'), atom('badarg')) : raiseError(atom('function_clause'));
  const file = open.get(handle);
  if (file === undefined) return tuple(atom('error'), atom('einval'));
  return file.owner === current.pid ? use(file) : raiseError(atom('not_on_controlling_process'));
}

/** Closes a file; the process may not have it. */
export function closeFile(t: Term): void {
  const handle = handleOf(t);
  const file = open.get(handle);
  open.delete(handle);
  if (file !== undefined) closeSync(file.fd);
}

exitHooks.onExit.push((p) => {
  if (open.size === 0) return;
  for (const [handle, file] of open) {
    if (file.owner !== p.pid) continue;
    open.delete(handle);
    closeSync(file.fd);
  }
});

/** Up to `size` bytes from a position, or from the file's own (undefined), which then moves. Empty at the end. */
export function readBytes(file: OpenFile, size: number, at?: number): Uint8Array {
  const from = at ?? file.position;
  // What is asked for may be far more than there is.
  const left = from < 0 ? size : Math.max(0, Math.min(size, fstatSync(file.fd).size - from));
  const buffer = Buffer.allocUnsafe(from >= 0 && left === 0 ? Math.min(size, 4096) : Math.min(left, 1 << 30));
  let n = 0;
  while (n < buffer.length) {
    const got = readSync(file.fd, buffer, n, buffer.length - n, from < 0 ? null : from + n);
    n += got;
    if (got === 0 || from < 0) break;
  }
  if (at === undefined && from >= 0) file.position += n;
  return buffer.subarray(0, n);
}

/** Writes all bytes, to a position or to the file's own (undefined), which then moves. */
export function writeBytes(file: OpenFile, bytes: Uint8Array, at?: number): void {
  const to = at ?? file.position;
  const positioned = to >= 0 && !(file.append && at === undefined);
  for (let n = 0; n < bytes.length; )
    n += writeSync(file.fd, bytes, n, bytes.length - n, positioned ? to + n : null);
  if (at !== undefined || file.position < 0) return;
  file.position = file.append ? fstatSync(file.fd).size : to + bytes.length;
}
