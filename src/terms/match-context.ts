// Match contexts: where a match in a bitstring has got to. They change in place as fields are taken; the compiler
// sees to it that nobody looks at one who still wants an earlier position.
//
// Positions count from the first byte of the underlying binary, in bytes and bits; all words are small integers.
import { allocate } from '../memory/allocate.js';
import { B, H } from '../memory/arena.js';
import { MAX_HEAP_BINARY } from '../memory/off-heap.js';
import { binaryStart, boxedKind } from './access.js';
import { readFloat, readInteger } from './bit-read.js';
import { writeBits } from './bit-write.js';
import { makeFloat } from './float.js';
import { IntegerLimit, integerFromNumber, toNumberIfSafe } from './integer.js';
import { boxedAt, header, Kind, Sentinel, Small, type Term } from './tags.js';

const enum Context {
  Binary = 1,
  Byte = 2,
  Bit = 3,
  EndByte = 4,
  EndBit = 5,
  Words = 6,
}

/** A match context for a bitstring from its start; a context as it is; Sentinel.None for any other term. */
export function startMatch(t: Term): Term {
  const kind = boxedKind(t);
  if (kind === Kind.MatchContext) return t;
  const from = t >>> 3;
  if (kind === Kind.SubBinary) {
    const at = allocate(Context.Words);
    const bits = H[from + 4] >> 1;
    const end = (bits & 7) + (bits >> 3);
    H[at] = header(Kind.MatchContext, 5);
    H[at + Context.Binary] = H[from + 1];
    H[at + Context.Byte] = H[from + 2];
    H[at + Context.Bit] = (bits & 7) << 1;
    H[at + Context.EndByte] = H[from + 2] + H[from + 3] + ((end >> 3) << 1);
    H[at + Context.EndBit] = (end & 7) << 1;
    return boxedAt(at);
  }
  if (kind !== Kind.HeapBinary && kind !== Kind.RefcBinary) return Sentinel.None;
  const at = allocate(Context.Words);
  H[at] = header(Kind.MatchContext, 5);
  H[at + Context.Binary] = t;
  H[at + Context.Byte] = 0;
  H[at + Context.Bit] = 0;
  H[at + Context.EndByte] = H[from + 1] << 1;
  H[at + Context.EndBit] = 0;
  return boxedAt(at);
}

/** Bits that are left. `c`, here and below, is the word index of the context. */
export function bitsLeft(c: number): number {
  return (
    ((H[c + Context.EndByte] - H[c + Context.Byte]) >> 1) * 8 +
    ((H[c + Context.EndBit] - H[c + Context.Bit]) >> 1)
  );
}

/** Byte index in `B` of the byte where the match is. */
export function currentByte(c: number): number {
  return binaryStart(H[c + Context.Binary]) + (H[c + Context.Byte] >> 1);
}

/** Which bit of that byte, 0 to 7. */
export function currentBit(c: number): number {
  return H[c + Context.Bit] >> 1;
}

/** Goes on by `n` bits, which must be there. */
export function advance(c: number, n: number): void {
  const bit = (H[c + Context.Bit] >> 1) + (n & 7);
  H[c + Context.Byte] += (Math.floor(n / 8) + (bit >> 3)) << 1;
  H[c + Context.Bit] = (bit & 7) << 1;
}

/** The position as a term, for bs_get_position. */
export function positionTerm(c: number): Term {
  const bits = (H[c + Context.Byte] >> 1) * 8 + (H[c + Context.Bit] >> 1);
  return bits <= Small.Max ? bits << 1 : integerFromNumber(bits);
}

/** Goes back to a position that `positionTerm` gave; what is no position of this bitstring counts as its end. */
export function restorePosition(c: number, position: Term): void {
  const end = (H[c + Context.EndByte] >> 1) * 8 + (H[c + Context.EndBit] >> 1);
  const wanted = (position & 1) === 0 ? position >> 1 : (toNumberIfSafe(position) ?? -1);
  const bits = wanted >= 0 && wanted <= end ? wanted : end;
  H[c + Context.Byte] = Math.floor(bits / 8) << 1;
  H[c + Context.Bit] = (bits % 8) << 1;
}

/** Takes one byte as an unsigned integer, or Sentinel.None. */
export function takeByte(c: number): Term {
  const byte = H[c + Context.Byte];
  if (H[c + Context.Bit] !== 0 || byte >= H[c + Context.EndByte]) return takeInteger(c, 8, 0);
  H[c + Context.Byte] = byte + 2;
  return B[binaryStart(H[c + Context.Binary]) + (byte >> 1)] << 1;
}

/** Takes an integer of `n` bits, or Sentinel.None if there are fewer or the integer would be beyond all limits. */
export function takeInteger(c: number, n: number, flags: number): Term {
  if (n > bitsLeft(c) || n > IntegerLimit.Bits) return Sentinel.None;
  const value = readInteger(currentByte(c), H[c + Context.Bit] >> 1, n, flags);
  advance(c, n);
  return value;
}

/** Takes a float of 0, 16, 32 or 64 bits, or Sentinel.None if there is none. */
export function takeFloat(c: number, n: number, flags: number): Term {
  if (n > bitsLeft(c)) return Sentinel.None;
  if (n !== 64 && n !== 32 && n !== 16) return n === 0 ? makeFloat(0) : Sentinel.None;
  const d = readFloat(currentByte(c), H[c + Context.Bit] >> 1, n, flags);
  if (Number.isNaN(d)) return Sentinel.None;
  advance(c, n);
  return makeFloat(d);
}

/** Takes `n` bits as a bitstring, or Sentinel.None if there are fewer. */
export function takeBitstring(c: number, n: number): Term {
  if (n > bitsLeft(c)) return Sentinel.None;
  const part = partAt(c, 0, n);
  advance(c, n);
  return part;
}

/** The rest as a bitstring; the position stays. */
export function restOf(c: number): Term {
  return partAt(c, 0, bitsLeft(c));
}

/**
 * `n` bits, which must be there, from `offset` bits behind the position on. Whole bytes up to the size of a heap binary are
 * copied, as in OTP: they keep nothing alive.
 */
export function partAt(c: number, offset: number, n: number): Term {
  const from = (H[c + Context.Bit] >> 1) + offset;
  const bit = from & 7;
  const byte = (H[c + Context.Byte] >> 1) + (from >> 3);
  if (n <= MAX_HEAP_BINARY * 8 && (n & 7) === 0) {
    const size = n >> 3;
    const words = (size + 3) >> 2;
    const at = allocate(2 + words);
    H[at] = header(Kind.HeapBinary, 1 + words);
    H[at + 1] = size;
    if (words > 0) {
      H[at + 1 + words] = 0;
      writeBits((at + 2) * 4, 0, n, binaryStart(H[c + Context.Binary]) + byte, bit);
    }
    return boxedAt(at);
  }
  const at = allocate(5);
  H[at] = header(Kind.SubBinary, 4);
  H[at + 1] = H[c + Context.Binary];
  H[at + 2] = byte << 1;
  H[at + 3] = Math.floor(n / 8) << 1;
  H[at + 4] = (bit | ((n & 7) << 3)) << 1;
  return boxedAt(at);
}
