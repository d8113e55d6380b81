// What the file system knows of a file: the record file_info of OTP's module file.
import { accessSync, type BigIntStats, constants } from 'node:fs';
import { isTuple, listToArray, tupleArity, tupleElement } from '../../terms/access.js';
import { Atom, atom } from '../../terms/atoms.js';
import { tuple, tupleOf } from '../../terms/build.js';
import { integerFromBigInt, toNumberIfSafe } from '../../terms/integer.js';
import { makeSmall, type Term } from '../../terms/tags.js';

/** How times are given: option {time, Type}. */
export type TimeType = 'local' | 'universal' | 'posix';

/** The time type in a list of options; undefined: there is none such. */
export function timeType(options: Term): TimeType | undefined {
  for (const o of listToArray(options) ?? []) {
    if (!isTuple(o) || tupleArity(o) !== 2 || tupleElement(o, 0) !== atom('time')) continue;
    for (const type of ['local', 'universal', 'posix'] as const)
      if (tupleElement(o, 1) === atom(type)) return type;
    return undefined;
  }
  return 'local';
}

/** A time in seconds since 1970, as that type of time. */
function timeTerm(seconds: bigint, type: TimeType): Term {
  if (type === 'posix') return integerFromBigInt(seconds);
  const d = new Date(Number(seconds) * 1000);
  const [year, month, day, hour, minute, second] =
    type === 'universal'
      ? [
          d.getUTCFullYear(),
          d.getUTCMonth(),
          d.getUTCDate(),
          d.getUTCHours(),
          d.getUTCMinutes(),
          d.getUTCSeconds(),
        ]
      : [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes(), d.getSeconds()];
  return tuple(
    tuple(makeSmall(year), makeSmall(month + 1), makeSmall(day)),
    tuple(makeSmall(hour), makeSmall(minute), makeSmall(second)),
  );
}

/** Seconds since 1970 of a time of that type; undefined if it is none. */
export function secondsOf(t: Term, type: TimeType): number | undefined {
  if (type === 'posix') return toNumberIfSafe(t);
  if (!isTuple(t) || tupleArity(t) !== 2) return undefined;
  const numbers: number[] = [];
  for (const half of [tupleElement(t, 0), tupleElement(t, 1)]) {
    if (!isTuple(half) || tupleArity(half) !== 3) return undefined;
    for (let i = 0; i < 3; i++) numbers.push(toNumberIfSafe(tupleElement(half, i)) ?? Number.NaN);
  }
  const [year, month, day, hour, minute, second] = numbers;
  const milliseconds =
    type === 'universal'
      ? Date.UTC(year, month - 1, day, hour, minute, second)
      : new Date(year, month - 1, day, hour, minute, second).getTime();
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

function typeOf(stats: BigIntStats): Term {
  if (stats.isFile()) return atom('regular');
  if (stats.isDirectory()) return atom('directory');
  if (stats.isSymbolicLink()) return atom('symlink');
  return stats.isBlockDevice() || stats.isCharacterDevice() ? atom('device') : atom('other');
}

/** What this process may do with a file. */
export function accessTo(path: Buffer): Term {
  const may = (mode: number): boolean => {
    try {
      accessSync(path, mode);
      return true;
    } catch {
      return false;
    }
  };
  const write = may(constants.W_OK);
  if (may(constants.R_OK)) return write ? atom('read_write') : atom('read');
  return write ? atom('write') : atom('none');
}

const SECOND = 1_000_000_000n;

/** The record #file_info{}, with times of that type. */
export function fileInfo(stats: BigIntStats, access: Term, type: TimeType): Term {
  const time = (nanoseconds: bigint): Term => timeTerm(nanoseconds / SECOND, type);
  return tupleOf([
    atom('file_info'),
    integerFromBigInt(stats.isDirectory() || stats.isFile() || stats.isSymbolicLink() ? stats.size : 0n),
    typeOf(stats),
    access,
    time(stats.atimeNs),
    time(stats.mtimeNs),
    time(stats.ctimeNs),
    integerFromBigInt(stats.mode),
    integerFromBigInt(stats.nlink),
    integerFromBigInt(stats.dev),
    integerFromBigInt(stats.rdev),
    integerFromBigInt(stats.ino),
    integerFromBigInt(stats.uid),
    integerFromBigInt(stats.gid),
  ]);
}

/** Elements of #file_info{}, from 0, that write_file_info/2 can set. */
const enum Field {
  Atime = 4,
  Mtime = 5,
  Mode = 7,
  Uid = 12,
  Gid = 13,
  Count = 14,
}

/** What write_file_info/2 is to set; undefined in a field: leave it. */
export interface Changes {
  mode?: number;
  uid?: number;
  gid?: number;
  /** Seconds since 1970. */
  atime: number;
  mtime: number;
}

/** The changes in a record #file_info{}; undefined if it is none. */
export function changesOf(info: Term, type: TimeType): Changes | undefined {
  if (!isTuple(info) || tupleArity(info) !== Field.Count) return undefined;
  const isSet = (field: Field): boolean => tupleElement(info, field) !== Atom.Undefined;
  const number = (field: Field): number | undefined =>
    isSet(field) ? (toNumberIfSafe(tupleElement(info, field)) ?? Number.NaN) : undefined;
  const time = (field: Field): number | undefined =>
    isSet(field) ? (secondsOf(tupleElement(info, field), type) ?? Number.NaN) : undefined;
  const mode = number(Field.Mode);
  const uid = number(Field.Uid);
  const gid = number(Field.Gid);
  // A time that is not given is that of now; the time of the change follows the one of the last access.
  const atime = time(Field.Atime) ?? Math.floor(Date.now() / 1000);
  const mtime = time(Field.Mtime) ?? atime;
  const all = [mode, uid, gid, atime, mtime];
  return all.some((n) => n !== undefined && !Number.isInteger(n))
    ? undefined
    : { mode, uid, gid, atime, mtime };
}
