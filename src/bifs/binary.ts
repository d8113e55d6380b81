// Module binary: bytes and parts, copies, integers. Searching is in binary-search.ts; what OTP has in Erlang is in
// lib/binary.erl.
import { B, H, Reg } from '../memory/arena.js';
import { MAX_BINARY, Shared } from '../memory/off-heap.js';
import { badarg } from '../processes/raise.js';
import { atom } from '../terms/atoms.js';
import { writeBits } from '../terms/bit-write.js';
import {
  binary,
  binaryBytes,
  bitSizeOf,
  boxedKind,
  bytesOf,
  isBinaryTerm,
  isBitstring,
  isTuple,
  listToArray,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { newBitstring } from '../terms/growing-binary.js';
import { integerFromBigInt, integerFromNumber, isInteger, isNegative, toBigInt } from '../terms/integer.js';
import { isCons, Kind, NIL, type Term } from '../terms/tags.js';
import { bytePart } from './arguments.js';
import { iolistToBinary } from './binaries.js';
import { defineBifs } from './table.js';
import { defineYieldingBifs } from './yielding.js';

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

function byteAt(t: Term, index: Term): Term {
  if (!isBinaryTerm(t) || (index & 1) !== 0) return badarg();
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const i = index >> 1;
  if (i < 0 || i * 8 >= bitSize) return badarg();
  if (bitOffset === 0) return B[byteOffset + i] << 1;
  return bytesOf(t)[i] << 1;
}

function copies(t: Term, count: Term): Term {
  // OTP does not look closely at what it is to copy no times.
  if (!(count === 0 ? isBitstring(t) : isBinaryTerm(t)) || (count & 1) !== 0 || count < 0) return badarg();
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const size = count === 0 ? 0 : bitSize / 8;
  const total = size * (count >> 1);
  if (total > MAX_BINARY) return badarg();
  const copy = newBitstring(total * 8);
  const to = H[Reg.Byte];
  if (total === 0) return copy;
  writeBits(to, 0, bitSize, byteOffset, bitOffset);
  if (size === 1) B.fill(B[to], to, to + total);
  // What is there is doubled until it is enough.
  else for (let n = size; n < total; n *= 2) B.copyWithin(to + n, to, to + Math.min(n, total - n));
  return copy;
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
  const shortest = all.reduce((least, bytes) => Math.min(least, bytes.length), MAX_BINARY);
  for (let i = 0; i < shortest; i++) if (all.some((bytes) => bytes[i] !== all[0][i])) return i << 1;
  return shortest << 1;
}

/** Bytes that the term keeps alive: of the whole that it may be a part of, with the room that has been made for it to grow. */
function referencedSize(t: Term): Term {
  if (!isBitstring(t)) return badarg();
  const whole = boxedKind(t) === Kind.SubBinary ? H[(t >>> 3) + 1] >>> 3 : t >>> 3;
  const isShared = (H[whole] & Kind.Mask) === Kind.RefcBinary;
  return (isShared ? H[H[whole + 2] + Shared.Capacity] : H[whole + 1]) << 1;
}

defineBifs('binary', {
  'at/2': byteAt,
  'copy/1': (t) => (isBinaryTerm(t) ? copies(t, 1 << 1) : badarg()),
  'copy/2': copies,
  'decode_unsigned/1': (t) => decodeUnsigned(t, BIG),
  'decode_unsigned/2': decodeUnsigned,
  'encode_unsigned/1': (t) => encodeUnsigned(t, BIG),
  'encode_unsigned/2': encodeUnsigned,
  'first/1': (t) => byteAt(t, 0),
  'last/1': (t) => (isBinaryTerm(t) ? byteAt(t, (bitSizeOf(t) / 8 - 1) << 1) : badarg()),
  'longest_common_prefix/1': (t) => commonLength(t, false),
  'longest_common_suffix/1': (t) => commonLength(t, true),
  'part/2': (t, where) =>
    isPair(where) ? part(t, tupleElement(where, 0), tupleElement(where, 1)) : badarg(),
  'part/3': part,
  'referenced_byte_size/1': referencedSize,
});

defineYieldingBifs('binary', {
  'list_to_bin/1': (t) => (isCons(t) || t === NIL ? iolistToBinary(t) : badarg()),
});
