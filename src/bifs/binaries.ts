// Binaries and bitstrings: to and from lists, split, hashed, in the external term format. Module binary is in binary.ts.
import { otpInUse } from '../code/path.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { MAX_BINARY } from '../memory/off-heap.js';
import type { Task } from '../processes/process.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { am, atom } from '../terms/atoms.js';
import {
  binary,
  bitSizeOf,
  bitstring,
  bytesOf,
  gatherShort,
  head,
  IolistSteps,
  iolistSize,
  isBinaryTerm,
  isBitstring,
  isTaggedTuple,
  list,
  listToArray,
  tail,
  tuple,
  tupleElement,
} from '../terms/build.js';
import {
  type DecodeOptions,
  decodeInSteps,
  decodeTerm,
  type EncodeOptions,
  Encoding,
  ExternalFormatError,
} from '../terms/external.js';
import { phash2 } from '../terms/hash.js';
import { integerFromNumber, toNumberIfSafe } from '../terms/integer.js';
import { phash } from '../terms/phash.js';
import { consAt, isCons, NIL, type Term } from '../terms/tags.js';
import { bitPart } from './arguments.js';
import { defineBifs } from './table.js';
import {
  CELLS_PER_REDUCTION,
  charge,
  defineYieldingBifs,
  gatherInSteps,
  inSteps,
  stepSize,
} from './yielding.js';

const isList = (t: Term): boolean => isCons(t) || t === NIL;

/** A binary of the bytes of an iolist; badarg if it is none. */
export function iolistToBinary(t: Term): Term | Task {
  if (isBinaryTerm(t)) return t;
  const bytes = gatherShort(t, stepSize());
  if (bytes === undefined) return inSteps(longIolistToBinary(t));
  charge(Math.floor(bytes.length / CELLS_PER_REDUCTION));
  return binary(bytes);
}

function* longIolistToBinary(t: Term): Generator<undefined, Term> {
  const bytes = yield* gatherInSteps(t);
  if (bytes === undefined) return badarg();
  return bytes.length > MAX_BINARY ? raiseError(am.system_limit) : binary(bytes);
}

function* iolistSizeInSteps(t: Term): Generator<undefined, Term> {
  const counting = new IolistSteps(t, true);
  for (;;) {
    const more = counting.step(stepSize());
    if (more === undefined) return badarg();
    if (!more) return integerFromNumber(counting.size);
    yield;
  }
}

/** The items of a bitstring list, nested lists and last tails taken apart; undefined if it is none. */
function bitstringParts(t: Term): Term[] | undefined {
  const parts: Term[] = [];
  const rest: Term[] = [t];
  while (rest.length > 0) {
    let item = rest.pop()!;
    while (isCons(item)) {
      const first = head(item);
      if (isCons(first)) {
        rest.push(tail(item));
        item = first;
        continue;
      }
      if (first !== NIL) parts.push(first);
      item = tail(item);
    }
    if (isBitstring(item)) parts.push(item);
    else if (item !== NIL) return undefined;
  }
  const good = (part: Term) => ((part & 1) === 0 ? part >= 0 && part >> 1 <= 255 : isBitstring(part));
  return parts.every(good) ? parts : undefined;
}

function listToBitstring(t: Term): Term {
  const parts = isList(t) ? bitstringParts(t) : undefined;
  if (parts === undefined) return badarg();
  let size = 0;
  for (const part of parts) size += (part & 1) === 0 ? 8 : bitSizeOf(part);
  const bytes = new Uint8Array(Math.ceil(size / 8) + 1);
  let at = 0;
  for (const part of parts) {
    const bits = (part & 1) === 0 ? 8 : bitSizeOf(part);
    const source = (part & 1) === 0 ? Uint8Array.of(part >> 1) : bytesOf(part);
    const shift = at & 7;
    const first = at >>> 3;
    if (shift === 0) bytes.set(source, first);
    else {
      for (let i = 0; i < source.length; i++) {
        bytes[first + i] |= source[i] >> shift;
        bytes[first + i + 1] |= source[i] << (8 - shift);
      }
    }
    at += bits;
  }
  return bitstring(bytes.subarray(0, Math.ceil(size / 8)), size);
}

/** The list of the bytes, with a tail. */
function byteList(bytes: Uint8Array, last: Term = NIL): Term | Task {
  if (bytes.length > stepSize()) return inSteps(longByteList(bytes, last));
  charge(Math.floor(bytes.length / CELLS_PER_REDUCTION));
  return listOfBytes(bytes, last);
}

function listOfBytes(bytes: Uint8Array, last: Term): Term {
  if (bytes.length === 0) return last;
  const first = allocate(2 * bytes.length);
  let at = first;
  for (let i = 0; i < bytes.length; i++, at += 2) {
    H[at] = bytes[i] << 1;
    H[at + 1] = consAt(at + 2);
  }
  H[at - 1] = last;
  return consAt(first);
}

/** From the end, so that every step leaves a list. */
function* longByteList(bytes: Uint8Array, last: Term): Generator<undefined, Term> {
  let result = last;
  for (let to = bytes.length; to > 0; ) {
    const from = Math.max(0, to - stepSize());
    result = listOfBytes(bytes.subarray(from, to), result);
    to = from;
    yield;
  }
  return result;
}

/** Bytes `start` to `stop`, counted from 1, as a list. */
function binaryToListPart(t: Term, start: Term, stop: Term): Term | Task {
  if (!isBitstring(t) || ((start | stop) & 1) !== 0) return badarg();
  const from = start >> 1;
  const to = stop >> 1;
  if (from < 1 || to < from || to > Math.floor(bitSizeOf(t) / 8)) return badarg();
  return byteList(bytesOf(t).subarray(from - 1, to));
}

function bitstringToList(t: Term): Term | Task {
  if (!isBitstring(t)) return badarg();
  const size = bitSizeOf(t);
  const extra = size & 7;
  if (extra === 0) return byteList(bytesOf(t));
  const bytes = bytesOf(t);
  return byteList(bytes.subarray(0, bytes.length - 1), list([bitPart(t, size - extra, extra)]));
}

function splitBinary(t: Term, position: Term): Term {
  if (!isBitstring(t) || (position & 1) !== 0) return badarg();
  const size = bitSizeOf(t);
  const at = (position >> 1) * 8;
  if (at < 0 || at > size - (size & 7)) return badarg();
  return tuple(bitPart(t, 0, at), bitPart(t, at, size - at));
}

const COMPRESSED = atom('compressed');
const MINOR_VERSION = atom('minor_version');
const DETERMINISTIC = atom('deterministic');
const LOCAL = atom('local');

/** Options of term_to_binary/2, or undefined. */
function encodeOptions(t: Term): EncodeOptions | undefined {
  const options: EncodeOptions = {};
  const items = listToArray(t);
  if (items === undefined) return undefined;
  for (const item of items) {
    if (item === COMPRESSED) options.compressed = 6;
    else if (item === DETERMINISTIC || item === LOCAL) options.deterministic = true;
    else if (isTaggedTuple(item, 2, COMPRESSED)) {
      const level = tupleElement(item, 1);
      if ((level & 1) !== 0 || level < 0 || level >> 1 > 9) return undefined;
      options.compressed = level >> 1;
    } else if (isTaggedTuple(item, 2, MINOR_VERSION)) {
      const version = tupleElement(item, 1);
      if ((version & 1) !== 0 || version < 0 || version >> 1 > 2) return undefined;
      options.minorVersion = (version >> 1) as 0 | 1 | 2;
    } else return undefined;
  }
  return options;
}

/** Since OTP 26 atoms are written in UTF-8 if the options do not say otherwise. */
function usualMinorVersion(): 1 | 2 {
  return Number(otpInUse()?.release ?? '25') >= 26 ? 2 : 1;
}

/** The external format of a term; `wrap` makes the result of its bytes. */
function toExternal(
  t: Term,
  options: EncodeOptions | undefined,
  wrap: (bytes: Uint8Array, options: EncodeOptions) => Term,
): Term | Task {
  if (options === undefined) return badarg();
  const { minorVersion = usualMinorVersion() } = options;
  const encoding = new Encoding(t, { ...options, minorVersion });
  if (encoding.step(stepSize())) return new ToExternal(encoding, (bytes) => wrap(bytes, options));
  const bytes = encoding.result();
  charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
  return wrap(bytes, options);
}

/** Bytes of the external format that go for a reduction. */
const BYTES_PER_REDUCTION = 64;

class ToExternal implements Task {
  bif = 0;
  readonly survives = false;

  constructor(
    private readonly encoding: Encoding,
    private readonly wrap: (bytes: Uint8Array) => Term,
  ) {}

  abandon(): void {}

  step(): Term | Task {
    return this.encoding.step(stepSize()) ? this : this.wrap(this.encoding.result());
  }
}

const NO_OPTIONS: EncodeOptions = {};

const SAFE = atom('safe');
const USED = atom('used');

/** Up to so many bytes a term in external format is read at once. */
const READ_AT_ONCE = 4096;

function fromExternal(t: Term, options: Term): Term | Task {
  const chosen = listToArray(options);
  if (!chosen?.every((option) => option === SAFE || option === USED)) return badargBecause(atom('badopt'));
  if (!isBinaryTerm(t)) return badarg();
  const bytes = bytesOf(t);
  const decodeOptions = { safe: chosen.includes(SAFE) };
  const wrap = ({ term, used }: { term: Term; used: number }): Term =>
    chosen.includes(USED) ? tuple(term, used << 1) : term;
  if (bytes.length > Math.min(READ_AT_ONCE, stepSize()))
    return inSteps(longFromExternal(bytes, decodeOptions, wrap));
  try {
    charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
    return wrap(decodeTerm(bytes, undefined, decodeOptions));
  } catch (error) {
    if (error instanceof ExternalFormatError) return badarg();
    throw error;
  }
}

function* longFromExternal(
  bytes: Uint8Array,
  options: DecodeOptions,
  wrap: (result: { term: Term; used: number }) => Term,
): Generator<undefined, Term> {
  try {
    const result = yield* decodeInSteps(bytes, options, stepSize);
    charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
    return wrap(result);
  } catch (error) {
    if (error instanceof ExternalFormatError) return badarg();
    throw error;
  }
}

/** external_size/2 takes no option but minor_version, up to OTP 25 0 and 1. */
function externalSize(t: Term, options: Term): Term | Task {
  const chosen = encodeOptions(options);
  if (chosen === undefined || chosen.compressed !== undefined) return badarg();
  if (chosen.minorVersion === 2 && usualMinorVersion() === 1) return badarg();
  return toExternal(t, chosen, sizeOf);
}

const sizeOf = (bytes: Uint8Array): Term => integerFromNumber(bytes.length);

function hashBelow(t: Term, range: Term): Term {
  const n = toNumberIfSafe(range);
  return n === undefined || n < 1 || n > 0x100000000 ? badarg() : integerFromNumber(phash2(t, n));
}

/** phash/2 counts from 1. */
function oldHashBelow(t: Term, range: Term): Term {
  const n = toNumberIfSafe(range);
  return n === undefined || n < 1 || n > 0x100000000 ? badarg() : integerFromNumber((phash(t) % n) + 1);
}

/** A list of one binary, or of none if it is empty. */
const iovec = (t: Term): Term => (bitSizeOf(t) === 0 ? NIL : list([t]));

/** Binaries of so many bytes are in an I/O vector themselves; what is smaller is put together, up to so many bytes. */
const REFERENCED = 256;
const GATHERED = 8192;

/** The bytes of an iolist as a list of binaries, none of them empty. */
function iolistToIovec(t: Term): Term {
  if (isBinaryTerm(t)) return iovec(t);
  if (iolistSize(t) < 0) return badarg();
  const parts: Term[] = [];
  const gathered = new Uint8Array(GATHERED);
  let n = 0;
  const put = (): void => {
    if (n > 0) parts.push(binary(gathered.subarray(0, n)));
    n = 0;
  };
  const rest: Term[] = [t];
  while (rest.length > 0) {
    const item = rest.pop()!;
    if (isCons(item)) rest.push(tail(item), head(item));
    else if ((item & 1) === 0) {
      if (n === GATHERED) put();
      gathered[n++] = item >> 1;
    } else if (item !== NIL) {
      const size = bitSizeOf(item) / 8;
      if (size >= REFERENCED || n + size > GATHERED) put();
      if (size >= REFERENCED) parts.push(item);
      else {
        gathered.set(bytesOf(item), n);
        n += size;
      }
    }
  }
  put();
  return list(parts);
}

defineYieldingBifs('erlang', {
  'list_to_binary/1': (t) => (isList(t) ? iolistToBinary(t) : badarg()),
  'iolist_to_binary/1': iolistToBinary,
  'iolist_size/1': (t) => (isBinaryTerm(t) ? (bitSizeOf(t) >>> 3) << 1 : inSteps(iolistSizeInSteps(t))),
  'binary_to_list/1': (t) => (isBinaryTerm(t) ? byteList(bytesOf(t)) : badarg()),
  'binary_to_list/3': binaryToListPart,
  'bitstring_to_list/1': bitstringToList,
});

defineBifs('erlang', {
  'list_to_bitstring/1': listToBitstring,
  'iolist_to_iovec/1': iolistToIovec,
  'split_binary/2': splitBinary,
  'phash2/1': (t) => integerFromNumber(phash2(t)),
  'phash2/2': hashBelow,
  'phash/2': oldHashBelow,
});

defineYieldingBifs('erlang', {
  'term_to_binary/1': (t) => toExternal(t, NO_OPTIONS, (bytes) => binary(bytes)),
  'term_to_binary/2': (t, options) => toExternal(t, encodeOptions(options), (bytes) => binary(bytes)),
  'term_to_iovec/1': (t) => toExternal(t, NO_OPTIONS, (bytes) => iovec(binary(bytes))),
  'term_to_iovec/2': (t, options) =>
    // Native Erlang gives a binary if it was to compress.
    toExternal(t, encodeOptions(options), (bytes, { compressed = 0 }) =>
      compressed > 0 ? binary(bytes) : iovec(binary(bytes)),
    ),
  'binary_to_term/1': (t) => fromExternal(t, NIL),
  'binary_to_term/2': fromExternal,
  'external_size/1': (t) => toExternal(t, NO_OPTIONS, sizeOf),
  'external_size/2': externalSize,
});
