// File names: as Erlang has them (strings, or binaries of raw bytes) and as the operating system has them (bytes).
import { badarg } from '../../processes/raise.js';
import { bytesOf, isBinaryTerm } from '../../terms/access.js';
import { Atom, am, atom } from '../../terms/atoms.js';
import { binary, stringList, tuple } from '../../terms/build.js';
import { isCons, NIL, type Term } from '../../terms/tags.js';
import { charactersOf } from '../arguments.js';
import { defineBifs } from '../table.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Whether a string has a half of a surrogate pair without the other. */
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** The bytes of a file name; undefined if the term is none, or has a zero in it. */
export function nameBytes(t: Term): Buffer | undefined {
  let bytes: Buffer | undefined;
  if (isBinaryTerm(t)) bytes = Buffer.from(bytesOf(t));
  else if (isCons(t) || t === NIL) {
    const text = charactersOf(t);
    if (text !== undefined && !LONE_SURROGATE.test(text)) bytes = Buffer.from(text, 'utf8');
  }
  return bytes === undefined || bytes.includes(0) ? undefined : bytes;
}

/** The text of a name that is UTF-8, else undefined. */
export function nameText(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A name as a string, or as a binary if it is not UTF-8. */
export function nameTerm(bytes: Uint8Array): Term {
  const text = nameText(bytes);
  return text === undefined ? binary(bytes) : stringList(text);
}

/** {error, Reason} for what a function of node:fs threw. */
export function posixError(error: unknown): Term {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return errorTuple(/^E[A-Z0-9]+$/.test(code) ? code.toLowerCase() : 'einval');
}

/** {error, Reason} */
export function errorTuple(reason: string): Term {
  return tuple(Atom.Error, atom(reason));
}

/** {error, badarg} */
export function badArgument(): Term {
  return tuple(Atom.Error, am.badarg);
}

defineBifs('prim_file', {
  'internal_name2native/1': (t) => {
    const bytes = nameBytes(t);
    return bytes === undefined ? badarg() : binary(Buffer.concat([bytes, Buffer.alloc(1)]));
  },
  'internal_native2name/1': (t) => {
    if (!isBinaryTerm(t)) return badarg();
    const text = nameText(bytesOf(t));
    return text === undefined ? errorTuple('warning') : stringList(text);
  },
  'internal_normalize_utf8/1': (t) => {
    const text = isBinaryTerm(t) ? nameText(bytesOf(t)) : undefined;
    return text === undefined ? badarg() : stringList(text);
  },
  'is_translatable/1': (t) =>
    isBinaryTerm(t) ? (nameText(bytesOf(t)) === undefined ? Atom.False : Atom.True) : badarg(),
});

defineBifs('file', { 'native_name_encoding/0': () => atom('utf8') });
