// Module prim_file: OTP's lowest layer of files, on which its modules file and file_server stand. Everything is synchronous.
import {
  chmodSync,
  chownSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { isTuple, listToArray, tupleArity, tupleElement } from '../../terms/access.js';
import { Atom, atom, atomName } from '../../terms/atoms.js';
import { binary, list, tuple } from '../../terms/build.js';
import { integerFromNumber, isInteger, toNumberIfSafe } from '../../terms/integer.js';
import { iolistToBytes } from '../../terms/iolist.js';
import { isAtom, makeSmall, NIL, type Term } from '../../terms/tags.js';
import { defineBifs } from '../table.js';
import { closeFile, type OpenFile, openFile, readBytes, withFile, writeBytes } from './handles.js';
import { accessTo, changesOf, fileInfo, type TimeType, timeType } from './info.js';
import { badArgument, errorTuple, nameBytes, nameTerm, nameText, posixError } from './names.js';
import { reads } from './reads.js';

const OK = Atom.Ok;
const EOF = atom('eof');

/** {ok, Value} */
function ok(value: Term): Term {
  return tuple(OK, value);
}

/** What `act` gives, or {error, Reason} if it throws. */
function attempt(act: () => Term): Term {
  try {
    return act();
  } catch (error) {
    return posixError(error);
  }
}

/** What is done to the file of that name, or {error, badarg} if it is no name. */
function onFile(name: Term, act: (path: Buffer) => Term): Term {
  const path = nameBytes(name);
  return path === undefined ? badArgument() : attempt(() => act(path));
}

/** A function of a name that gives ok. */
function command(act: (path: Buffer) => void): (name: Term) => Term {
  return (name) =>
    onFile(name, (path) => {
      act(path);
      return OK;
    });
}

/** A function of two names that gives ok. */
function commandOfTwo(act: (from: Buffer, to: Buffer) => void): (a: Term, b: Term) => Term {
  return (a, b) => {
    const to = nameBytes(b);
    if (to === undefined) return badArgument();
    return command((from) => act(from, to))(a);
  };
}

function onHandle(handle: Term, act: (file: OpenFile) => Term): Term {
  return withFile(handle, (file) => attempt(() => act(file)));
}

function fail(code: string): never {
  throw Object.assign(new Error(code), { code });
}

/** A number that is no offset gives {error, einval}, something else {error, badarg}. */
function offset(t: Term): number {
  const n = isInteger(t) ? (toNumberIfSafe(t) ?? -1) : Number.NaN;
  return n;
}

function openModes(t: Term): Set<string> | undefined {
  const items = listToArray(t);
  return items && new Set(items.filter(isAtom).map(atomName));
}

function read(file: OpenFile, size: number, at?: number): Uint8Array {
  if (!file.mayRead) fail('EBADF');
  return readBytes(file, size, at);
}

function write(file: OpenFile, data: Term, at?: number): Term {
  const bytes = iolistToBytes(data);
  if (bytes === undefined) return badArgument();
  if (!file.mayWrite) fail('EBADF');
  writeBytes(file, bytes, at);
  return OK;
}

/** {ok, Bytes} or eof for what a read gave. */
function dataOrEof(bytes: Uint8Array, size: number): Term {
  return bytes.length === 0 && size > 0 ? EOF : ok(binary(bytes));
}

const LINE_PART = 4096;

/** The next line, its end as one newline; undefined at the end of the file. */
function readLine(file: OpenFile): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  const start = file.position;
  let n = 0;
  for (;;) {
    // A file without positions can not give back what is behind the line.
    const part = read(file, start < 0 ? 1 : LINE_PART);
    if (part.length === 0) break;
    const end = part.indexOf(10);
    if (end < 0) {
      parts.push(part);
      n += part.length;
      continue;
    }
    parts.push(part.subarray(0, end + 1));
    n += end + 1;
    if (start >= 0) file.position = start + n;
    break;
  }
  if (n === 0) return undefined;
  const line = Buffer.concat(parts);
  if (n > 1 && line[n - 1] === 10 && line[n - 2] === 13) {
    line[n - 2] = 10;
    return line.subarray(0, n - 1);
  }
  return line;
}

/** position/2: `mark` is cur, bof or eof. */
function seek(file: OpenFile, mark: Term, by: Term): Term {
  const n = offset(by);
  if (Number.isNaN(n) && !isInteger(by)) return badArgument();
  if (file.position < 0) fail('ESPIPE');
  let from = 0;
  if (mark === atom('cur')) from = file.position;
  else if (mark === EOF) from = fstatSync(file.fd).size;
  else if (mark !== atom('bof')) return badArgument();
  const to = from + (toNumberIfSafe(by) ?? Number.NaN);
  if (!(to >= 0)) fail('EINVAL');
  file.position = to;
  return ok(integerFromNumber(to));
}

function position(handle: Term, where: Term): Term {
  return onHandle(handle, (file) => {
    if (isTuple(where) && tupleArity(where) === 2)
      return seek(file, tupleElement(where, 0), tupleElement(where, 1));
    return isAtom(where) ? seek(file, where, makeSmall(0)) : seek(file, atom('bof'), where);
  });
}

function pread(file: OpenFile, at: Term, size: Term): Term {
  const from = offset(at);
  const n = offset(size);
  if (Number.isNaN(from) || Number.isNaN(n) || n < 0) return badArgument();
  if (from < 0) fail('EINVAL');
  const bytes = read(file, n, from);
  return bytes.length === 0 ? EOF : ok(binary(bytes));
}

function pwrite(file: OpenFile, at: Term, data: Term): Term {
  const to = offset(at);
  if (Number.isNaN(to)) return badArgument();
  if (to < 0) fail('EINVAL');
  return write(file, data, to);
}

const COPY_PART = 1 << 16;

/** copy/3: {ok, BytesCopied} */
function copy(from: OpenFile, to: OpenFile, most: Term): Term {
  const limit = isInteger(most)
    ? (toNumberIfSafe(most) ?? Number.POSITIVE_INFINITY)
    : Number.POSITIVE_INFINITY;
  if (limit < 0 || (!isInteger(most) && most !== atom('infinity'))) return badArgument();
  if (!to.mayWrite) fail('EBADF');
  let n = 0;
  while (n < limit) {
    const part = read(from, Math.min(COPY_PART, limit - n));
    if (part.length === 0) break;
    writeBytes(to, part);
    n += part.length;
  }
  return ok(integerFromNumber(n));
}

/** The pairs in a list of them; undefined if it is none. */
function pairs(t: Term): [Term, Term][] | undefined {
  const all: [Term, Term][] = [];
  for (const item of listToArray(t) ?? [NIL]) {
    if (!isTuple(item) || tupleArity(item) !== 2) return undefined;
    all.push([tupleElement(item, 0), tupleElement(item, 1)]);
  }
  return all;
}

function readInfo(name: Term, type: TimeType | undefined, follow: boolean): Term {
  if (type === undefined) return badArgument();
  return onFile(name, (path) => {
    const stats = follow ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
    return ok(fileInfo(stats, accessTo(path), type));
  });
}

function readHandleInfo(handle: Term, type: TimeType | undefined): Term {
  if (type === undefined) return badArgument();
  return onHandle(handle, (file) => {
    const access = file.mayRead ? (file.mayWrite ? 'read_write' : 'read') : 'write';
    return ok(fileInfo(fstatSync(file.fd, { bigint: true }), atom(access), type));
  });
}

function writeInfo(name: Term, info: Term, type: TimeType | undefined): Term {
  const changes = type && changesOf(info, type);
  if (changes === undefined) return badArgument();
  return command((path) => {
    const { uid, gid, mode } = changes;
    if (uid !== undefined || gid !== undefined) {
      const now = statSync(path);
      chownSync(path, uid ?? now.uid, gid ?? now.gid);
    }
    if (mode !== undefined) chmodSync(path, mode & 0o7777);
    utimesSync(path, changes.atime, changes.mtime);
  })(name);
}

function readLink(name: Term, raw: boolean): Term {
  return onFile(name, (path) => {
    const target = readlinkSync(path, { encoding: 'buffer' });
    if (nameText(target) === undefined && !raw) return errorTuple('einval');
    return ok(nameTerm(target));
  });
}

function listDirectory(name: Term, raw: boolean): Term {
  return onFile(name, (path) => {
    const names = readdirSync(path, { encoding: 'buffer' }).filter((n) => raw || nameText(n) !== undefined);
    return ok(list(names.map(nameTerm)));
  });
}

/** Ends with the reason that OTP gives for taking away what can not be deleted so. */
function deletion(act: (path: Buffer) => void): (name: Term) => Term {
  return command((path) => {
    try {
      act(path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EISDIR') fail('EPERM');
      if (code === 'ENOTEMPTY') fail('EEXIST');
      throw error;
    }
  });
}

/** read_file/1 says eisdir before it opens, as OTP does. */
function readWhole(path: Buffer): Term {
  reads.heard?.(path.toString());
  return ok(binary(readFileSync(path)));
}

const ADVICE = new Set(
  ['normal', 'random', 'sequential', 'will_need', 'dont_need', 'no_reuse'].map((name) => atom(name)),
);

defineBifs('prim_file', {
  'start/0': () => OK,
  'open/2': (name, modes) => {
    const set = openModes(modes);
    return set === undefined
      ? badArgument()
      : onFile(name, (path) => {
          reads.heard?.(path.toString());
          return ok(openFile(path, set));
        });
  },
  'close/1': (handle) =>
    onHandle(handle, () => {
      closeFile(handle);
      return OK;
    }),
  'read/2': (handle, size) =>
    onHandle(handle, (file) => {
      const n = offset(size);
      return n >= 0 ? dataOrEof(read(file, n), n) : badArgument();
    }),
  'read_line/1': (handle) =>
    onHandle(handle, (file) => {
      const line = readLine(file);
      return line === undefined ? EOF : ok(binary(line));
    }),
  'write/2': (handle, data) => onHandle(handle, (file) => write(file, data)),
  'position/2': position,
  'pread/2': (handle, places) =>
    onHandle(handle, (file) => {
      const results: Term[] = [];
      for (const [at, size] of pairs(places) ?? [[NIL, NIL]]) {
        const result = pread(file, at, size);
        if (result === EOF) results.push(EOF);
        else if (tupleElement(result, 0) === OK) results.push(tupleElement(result, 1));
        else return result;
      }
      return ok(list(results));
    }),
  'pread/3': (handle, at, size) => onHandle(handle, (file) => pread(file, at, size)),
  'pwrite/2': (handle, places) =>
    onHandle(handle, (file) => {
      const all = pairs(places);
      if (all === undefined) return badArgument();
      for (let i = 0; i < all.length; i++) {
        const result = attempt(() => pwrite(file, ...all[i]));
        if (result !== OK) return tuple(Atom.Error, tuple(makeSmall(i), tupleElement(result, 1)));
      }
      return OK;
    }),
  'pwrite/3': (handle, at, data) => onHandle(handle, (file) => pwrite(file, at, data)),
  'truncate/1': (handle) =>
    onHandle(handle, (file) => {
      if (!file.mayWrite) fail('EINVAL');
      ftruncateSync(file.fd, Math.max(0, file.position));
      return OK;
    }),
  'sync/1': (handle) =>
    onHandle(handle, (file) => {
      fsyncSync(file.fd);
      return OK;
    }),
  'datasync/1': (handle) =>
    onHandle(handle, (file) => {
      fdatasyncSync(file.fd);
      return OK;
    }),
  // Advice may be ignored.
  'advise/4': (handle, _from, _length, advice) =>
    onHandle(handle, () => (ADVICE.has(advice) ? OK : errorTuple('einval'))),
  'allocate/3': (handle) => onHandle(handle, () => errorTuple('enotsup')),
  'ipread_s32bu_p32bu/3': (handle, at, largest) =>
    onHandle(handle, (file) => {
      const from = offset(at);
      const most = isAtom(largest) ? 0x7fffffff : offset(largest);
      if (Number.isNaN(from) || Number.isNaN(most)) return badArgument();
      const head = Buffer.from(read(file, 8, from));
      if (head.length < 8) return EOF;
      const size = head.readUInt32BE(0);
      const to = head.readUInt32BE(4);
      if (size > most) return EOF;
      const bytes = read(file, size, to);
      const data = bytes.length === 0 ? EOF : binary(bytes);
      return tuple(OK, tuple(integerFromNumber(size), integerFromNumber(to), data));
    }),
  'sendfile/8': () => errorTuple('enotsup'),
  'get_handle/1': (handle) =>
    onHandle(handle, (file) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(file.fd);
      return binary(bytes);
    }),
  'read_handle_info/1': (handle) => readHandleInfo(handle, 'local'),
  'read_handle_info/2': (handle, options) => readHandleInfo(handle, timeType(options)),

  'read_file/1': (name) => onFile(name, readWhole),
  'write_file/2': (name, data) => writeWhole(name, data, false),
  // OTP 27 has the modes here too.
  'write_file/3': (name, data, modes) => writeWhole(name, data, openModes(modes)?.has('append') ?? false),
  'read_file_info/1': (name) => readInfo(name, 'local', true),
  'read_file_info/2': (name, options) => readInfo(name, timeType(options), true),
  'read_link_info/1': (name) => readInfo(name, 'local', false),
  'read_link_info/2': (name, options) => readInfo(name, timeType(options), false),
  'write_file_info/2': (name, info) => writeInfo(name, info, 'local'),
  'write_file_info/3': (name, info, options) => writeInfo(name, info, timeType(options)),
  'read_link/1': (name) => readLink(name, false),
  'read_link_all/1': (name) => readLink(name, true),
  'list_dir/1': (name) => listDirectory(name, false),
  'list_dir_all/1': (name) => listDirectory(name, true),
  'make_dir/1': command((path) => mkdirSync(path)),
  'del_dir/1': deletion((path) => rmdirSync(path)),
  'delete/1': deletion((path) => unlinkSync(path)),
  'rename/2': commandOfTwo((from, to) => renameSync(from, to)),
  'make_link/2': commandOfTwo((from, to) => linkSync(from, to)),
  'make_symlink/2': commandOfTwo((from, to) => symlinkSync(from, to)),
  'altname/1': () => errorTuple('enotsup'),
  'get_cwd/0': () => attempt(() => ok(nameTerm(Buffer.from(process.cwd())))),
  'get_cwd/1': () => errorTuple('enotsup'),
  'set_cwd/1': command((path) => process.chdir(nameText(path) ?? fail('EINVAL'))),
  'copy/3': (from, to, most) =>
    onHandle(from, (source) => onHandle(to, (target) => copy(source, target, most))),
});

function writeWhole(name: Term, data: Term, append: boolean): Term {
  const bytes = iolistToBytes(data);
  if (bytes === undefined) return badArgument();
  return command((path) => writeFileSync(path, bytes, append ? { flag: 'a' } : undefined))(name);
}
