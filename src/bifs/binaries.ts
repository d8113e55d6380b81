// Binaries and bitstrings: to and from lists, parts of them, module binary, checksums, the external term format.
import { crypto } from '../host.js';
import { H } from '../memory/arena.js';
import { Shared } from '../memory/off-heap.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { atom } from '../terms/atoms.js';
import {
  binary,
  binaryBytes,
  bitSizeOf,
  bitstring,
  boxedKind,
  bytesOf,
  copyBits,
  head,
  iolistSize,
  iolistToBytes,
  isBinaryTerm,
  isBitstring,
  isTaggedTuple,
  isTuple,
  list,
  listToArray,
  tail,
  tuple,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { decodeTerm, type EncodeOptions, ExternalFormatError, encodeTerm } from '../terms/external.js';
import { phash2 } from '../terms/hash.js';
import {
  integerFromBigInt,
  integerFromNumber,
  isInteger,
  isNegative,
  toBigInt,
  toNumberIfSafe,
} from '../terms/integer.js';
import { phash } from '../terms/phash.js';
import { isCons, Kind, NIL, type Term } from '../terms/tags.js';
import { bitPart, bytePart } from './arguments.js';
import { adler32, crc32 } from './checksums.js';
import { defineBifs } from './table.js';

const isList = (t: Term): boolean => isCons(t) || t === NIL;

function iolistToBinary(t: Term): Term {
  if (isBinaryTerm(t)) return t;
  const bytes = iolistToBytes(t);
  return bytes === undefined ? badarg() : binary(bytes);
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
function byteList(bytes: Uint8Array, last: Term = NIL): Term {
  const items = new Int32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) items[i] = bytes[i] << 1;
  return list(items, last);
}

/** Bytes `start` to `stop`, counted from 1, as a list. */
function binaryToListPart(t: Term, start: Term, stop: Term): Term {
  if (!isBitstring(t) || ((start | stop) & 1) !== 0) return badarg();
  const from = start >> 1;
  const to = stop >> 1;
  if (from < 1 || to < from || to > Math.floor(bitSizeOf(t) / 8)) return badarg();
  return byteList(bytesOf(t).subarray(from - 1, to));
}

function bitstringToList(t: Term): Term {
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

/** Start and length of a part of a binary, in bytes, or undefined if it is not inside. */
function partOf(t: Term, start: Term, length: Term): [number, number] | undefined {
  if (!isBitstring(t) || ((start | length) & 1) !== 0) return undefined;
  let from = start >> 1;
  let n = length >> 1;
  if (n < 0) {
    from += n;
    n = -n;
  }
  return from < 0 || start < 0 || from + n > Math.floor(bitSizeOf(t) / 8) ? undefined : [from, n];
}

const isPair = (t: Term): boolean => isTuple(t) && tupleArity(t) === 2;

function part(t: Term, start: Term, length: Term): Term {
  const found = partOf(t, start, length);
  return found === undefined ? badarg() : bytePart(t, found[0], found[1]);
}

function binToList(t: Term, start: Term, length: Term): Term {
  const found = isBinaryTerm(t) ? partOf(t, start, length) : undefined;
  return found === undefined ? badarg() : byteList(bytesOf(t).subarray(found[0], found[0] + found[1]));
}

function byteAt(t: Term, index: Term): Term {
  if (!isBinaryTerm(t) || (index & 1) !== 0) return badarg();
  const bytes = bytesOf(t);
  const i = index >> 1;
  return i < 0 || i >= bytes.length ? badarg() : bytes[i] << 1;
}

/** Largest binary that copy/2 makes, in bytes. */
const MAX_COPY = 0x7fffffff;

function copies(t: Term, count: Term): Term {
  // OTP does not look closely at what it is to copy no times.
  if (!(count === 0 ? isBitstring(t) : isBinaryTerm(t)) || (count & 1) !== 0 || count < 0) return badarg();
  const bytes = bytesOf(t);
  const n = count >> 1;
  if (n * bytes.length > MAX_COPY) return badarg();
  const all = new Uint8Array(n * bytes.length);
  if (bytes.length === 1) all.fill(bytes[0]);
  else for (let i = 0; i < n; i++) all.set(bytes, i * bytes.length);
  return binary(all);
}

const BIG = atom('big');
const LITTLE = atom('little');

function decodeUnsigned(t: Term, endianness: Term): Term {
  if (!isBinaryTerm(t) || (endianness !== BIG && endianness !== LITTLE)) return badarg();
  const bytes = endianness === BIG ? bytesOf(t) : bytesOf(t).slice().reverse();
  if (bytes.length === 0) return 0;
  if (bytes.length <= 6) {
    let n = 0;
    for (const byte of bytes) n = n * 256 + byte;
    return integerFromNumber(n);
  }
  return integerFromBigInt(BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

function encodeUnsigned(t: Term, endianness: Term): Term {
  if (!isInteger(t) || isNegative(t) || (endianness !== BIG && endianness !== LITTLE)) return badarg();
  const digits = toBigInt(t).toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return binary(endianness === BIG ? bytes : bytes.reverse());
}

/** How many bytes the binaries have in common, at their start or (reversed) at their end. */
function commonLength(t: Term, fromEnd: boolean): Term {
  const items = listToArray(t);
  if (items === undefined || items.length === 0 || !items.every(isBinaryTerm)) return badarg();
  const all = items.map((item) => (fromEnd ? bytesOf(item).slice().reverse() : bytesOf(item)));
  const shortest = all.reduce((least, bytes) => Math.min(least, bytes.length), MAX_COPY);
  for (let i = 0; i < shortest; i++) if (all.some((bytes) => bytes[i] !== all[0][i])) return i << 1;
  return shortest << 1;
}

function checksum(t: Term, start: Term, compute: (bytes: Uint8Array, start: number) => number): Term {
  const bytes = iolistToBytes(t);
  const from = toNumberIfSafe(start);
  if (bytes === undefined || from === undefined || from < 0 || from > 0xffffffff) return badarg();
  return integerFromNumber(compute(bytes, from));
}

function md5(t: Term): Term {
  const bytes = iolistToBytes(t);
  return bytes === undefined ? badarg() : binary(crypto().createHash('md5').update(bytes).digest());
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

/** The external format of a term; `wrap` makes the result of its bytes. */
function toExternal(t: Term, options: Term, wrap: (bytes: Uint8Array, options: EncodeOptions) => Term): Term {
  const chosen = encodeOptions(options);
  return chosen === undefined ? badarg() : wrap(encodeTerm(t, chosen), chosen);
}

const SAFE = atom('safe');
const USED = atom('used');

function fromExternal(t: Term, options: Term): Term {
  const chosen = listToArray(options);
  if (!chosen?.every((option) => option === SAFE || option === USED)) return badargBecause(atom('badopt'));
  if (!isBinaryTerm(t)) return badarg();
  try {
    const { term, used } = decodeTerm(bytesOf(t), undefined, { safe: chosen.includes(SAFE) });
    return chosen.includes(USED) ? tuple(term, used << 1) : term;
  } catch (error) {
    if (error instanceof ExternalFormatError) return badarg();
    throw error;
  }
}

/** external_size/2 takes no option but minor_version 0 and 1. */
function externalSize(t: Term, options: Term): Term {
  const chosen = encodeOptions(options);
  if (chosen === undefined || chosen.compressed !== undefined || chosen.minorVersion === 2) return badarg();
  return encodeTerm(t, chosen).length << 1;
}

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

function decodeHex(t: Term): Term {
  if (!isBinaryTerm(t)) return badarg();
  const text = Buffer.from(bytesOf(t)).toString('latin1');
  return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? binary(Buffer.from(text, 'hex')) : badarg();
}

function encodeHex(t: Term): Term {
  if (!isBinaryTerm(t)) return badarg();
  return binary(Buffer.from(Buffer.from(bytesOf(t)).toString('hex').toUpperCase(), 'latin1'));
}

/** A binary with bytes of its own. */
function ownBytes(t: Term): Term {
  if (!isBinaryTerm(t)) return badarg();
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const bytes = new Uint8Array(bitSize / 8);
  copyBits(byteOffset, bitOffset, bitSize, bytes, 0);
  return binary(bytes);
}

/** Bytes that the term keeps alive: of the whole that it may be a part of, with the room that has been made for it to grow. */
function referencedSize(t: Term): Term {
  if (!isBitstring(t)) return badarg();
  const whole = boxedKind(t) === Kind.SubBinary ? H[(t >>> 3) + 1] >>> 3 : t >>> 3;
  const isShared = (H[whole] & Kind.Mask) === Kind.RefcBinary;
  return (isShared ? H[H[whole + 2] + Shared.Capacity] : H[whole + 1]) << 1;
}

defineBifs('erlang', {
  'list_to_binary/1': (t) => (isList(t) ? iolistToBinary(t) : badarg()),
  'list_to_bitstring/1': listToBitstring,
  'iolist_to_binary/1': iolistToBinary,
  'iolist_size/1': (t) => {
    const size = iolistSize(t);
    return size < 0 ? badarg() : integerFromNumber(size);
  },
  'iolist_to_iovec/1': (t) => {
    const bytes = iolistToBytes(t);
    return bytes === undefined ? badarg() : iovec(isBinaryTerm(t) ? t : binary(bytes));
  },
  'binary_to_list/1': (t) => (isBinaryTerm(t) ? byteList(bytesOf(t)) : badarg()),
  'binary_to_list/3': binaryToListPart,
  'bitstring_to_list/1': bitstringToList,
  'split_binary/2': splitBinary,
  'crc32/1': (t) => checksum(t, 0, crc32),
  'crc32/2': (start, t) => checksum(t, start, crc32),
  'adler32/1': (t) => checksum(t, 1 << 1, adler32),
  'adler32/2': (start, t) => checksum(t, start, adler32),
  'md5/1': md5,
  'phash2/1': (t) => integerFromNumber(phash2(t)),
  'phash2/2': hashBelow,
  'phash/2': oldHashBelow,
  'term_to_binary/1': (t) => binary(encodeTerm(t)),
  'term_to_binary/2': (t, options) => toExternal(t, options, (bytes) => binary(bytes)),
  'term_to_iovec/1': (t) => iovec(binary(encodeTerm(t))),
  'term_to_iovec/2': (t, options) =>
    // Native Erlang gives a binary if it was to compress.
    toExternal(t, options, (bytes, { compressed = 0 }) =>
      compressed > 0 ? binary(bytes) : iovec(binary(bytes)),
    ),
  'binary_to_term/1': (t) => fromExternal(t, NIL),
  'binary_to_term/2': fromExternal,
  'external_size/1': (t) => encodeTerm(t).length << 1,
  'external_size/2': externalSize,
});

defineBifs('binary', {
  'at/2': byteAt,
  'bin_to_list/1': (t) => (isBinaryTerm(t) ? byteList(bytesOf(t)) : badarg()),
  'bin_to_list/2': (t, where) =>
    isPair(where) ? binToList(t, tupleElement(where, 0), tupleElement(where, 1)) : badarg(),
  'bin_to_list/3': binToList,
  'copy/1': ownBytes,
  'copy/2': copies,
  'decode_hex/1': decodeHex,
  'encode_hex/1': encodeHex,
  'decode_unsigned/1': (t) => decodeUnsigned(t, BIG),
  'decode_unsigned/2': decodeUnsigned,
  'encode_unsigned/1': (t) => encodeUnsigned(t, BIG),
  'encode_unsigned/2': encodeUnsigned,
  'first/1': (t) => byteAt(t, 0),
  'last/1': (t) => (isBinaryTerm(t) ? byteAt(t, (bitSizeOf(t) / 8 - 1) << 1) : badarg()),
  'list_to_bin/1': (t) => (isList(t) ? iolistToBinary(t) : badarg()),
  'longest_common_prefix/1': (t) => commonLength(t, false),
  'longest_common_suffix/1': (t) => commonLength(t, true),
  'part/2': (t, where) =>
    isPair(where) ? part(t, tupleElement(where, 0), tupleElement(where, 1)) : badarg(),
  'part/3': part,
  'referenced_byte_size/1': referencedSize,
});
