// The hash that says in which bucket of a table a key lies, and (key-hash.ts) where in a large map: 32 bits, equal for keys
// that are =:=. It gives native Erlang's numbers (OTP 25) for all keys that have the same words there, so that tables and maps are
// gone over in the same order; atoms inside of other terms, pids, references and funs do not.
//
// It is the mixing function of phash2 (terms/hash.ts) with other constants for the types, over words of 64 bits.
import { B, H } from '../memory/arena.js';
import { binaryBytes, bytesOf, mapEntries } from './access.js';
import { floatValue } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { atomHash, blockHash } from './hash.js';
import { salt } from './hash-constants.js';
import { Imm, Kind, NIL, Tag, type Term } from './tags.js';

/** The hash of nothing. */
const SEED = 0xcc9e2d51 | 0;

const WORD = salt(1);
const BYTES_OF_LIST = salt(4);
const REFERENCE = salt(7);
const REFERENCE_REST = salt(8);
const TUPLE = salt(9);
const NEGATIVE_BIG = salt(10);
const POSITIVE_BIG = salt(11);
const FLOAT = salt(12);
const BINARY = salt(13);
const BITS = salt(15);
const MAP = salt(16);
const HEAD = salt(17);
const TAIL = salt(18);
const LAST_BYTES_OF_LIST = salt(22);

/** What native has in the low bits of immediates of 64 bits. */
const SMALL_TAG = 15;
const ATOM_TAG = 11;
const PID_TAG = 3;
const PORT_TAG = 7;
const NIL_WORD = 59;

/** On the stack: the tail of an improper list follows. No term has this word (it is a header). */
const BEFORE_TAIL = 0x17f;

/** The hash of a key, as an int32. */
export function internalHash(t: Term): number {
  if ((t & 1) === 0) return mix((t << 3) | SMALL_TAG, t >> 29, WORD, SEED);
  if ((t & Imm.Mask) === Imm.Atom) return atomHash(t);
  return deepHash(t);
}

/** Mixes two words into a hash: Bob Jenkins' function of 1996. */
function mix(x: number, y: number, constant: number, h: number): number {
  let a = (constant + x) | 0;
  let b = (constant + y) | 0;
  let c = h;
  a = (a - b - c) ^ (c >>> 13);
  b = (b - c - a) ^ (a << 8);
  c = (c - a - b) ^ (b >>> 13);
  a = (a - b - c) ^ (c >>> 12);
  b = (b - c - a) ^ (a << 16);
  c = (c - a - b) ^ (b >>> 5);
  a = (a - b - c) ^ (c >>> 3);
  b = (b - c - a) ^ (a << 10);
  c = (c - a - b) ^ (b >>> 15);
  return c;
}

/** Notes that something begins which has no words of its own. */
function mark(h: number, constant: number): number {
  const x = h ^ constant;
  return (x << 17) ^ (x >>> 15);
}

function deepHash(t: Term): number {
  const stack: Term[] = [];
  let h = SEED;
  for (;;) {
    if (t === BEFORE_TAIL) h = mark(h, TAIL);
    else if ((t & Tag.Mask) === Tag.Cons) {
      // The bytes at the head of a list, four at a time.
      let bytes = 0;
      let count = 0;
      let at = t >>> 3;
      while ((H[at] & ~0x1fe) === 0) {
        bytes = (bytes << 8) + (H[at] >> 1);
        if (++count === 4) {
          h = mix(bytes, 0, BYTES_OF_LIST, h);
          bytes = count = 0;
        }
        t = H[at + 1];
        if ((t & Tag.Mask) !== Tag.Cons) break;
        at = t >>> 3;
      }
      if (count > 0) h = mix(bytes, count, LAST_BYTES_OF_LIST, h);
      if ((t & Tag.Mask) === Tag.Cons) {
        const tail = H[at + 1];
        h = mark(h, HEAD);
        stack.push(tail);
        if ((tail & Tag.Mask) !== Tag.Cons) stack.push(BEFORE_TAIL);
        t = H[at];
      }
      continue;
    } else if ((t & Tag.Mask) === Tag.Boxed) {
      const at = t >>> 3;
      const size = H[at] >>> Kind.SizeShift;
      switch (H[at] & Kind.Mask) {
        case Kind.Tuple:
        case Kind.Record:
          h = mix(size, 0, TUPLE, h);
          for (let i = size; i > 0; i--) stack.push(H[at + i]);
          break;
        case Kind.FlatMap:
          h = mix(size - 1, 0, MAP, h);
          for (let i = size; i > 1; i--) stack.push(H[at + i], H[(H[at + 1] >>> 3) + i - 1]);
          break;
        case Kind.HashMap:
          h = largeMapHash(t, h);
          break;
        case Kind.Fun: {
          const { module, oldIndex, oldUniq } = externalHooks.lambdaOf(H[at + 1] >> 1);
          h = mix(oldIndex, oldUniq, WORD, mix(size, atomHash(module), WORD, h));
          for (let i = size; i > 3; i--) stack.push(H[at + i]);
          break;
        }
        default:
          h = leafHash(t, at, size, h);
      }
    } else h = immediateHash(t, h);
    if (stack.length === 0) return h;
    t = stack.pop()!;
  }
}

function immediateHash(t: Term, h: number): number {
  if ((t & 1) === 0) return mix((t << 3) | SMALL_TAG, t >> 29, WORD, h);
  if (t === NIL) return mix(NIL_WORD, 0, WORD, h);
  switch (t & Imm.Mask) {
    case Imm.Atom:
      // Native has the number of the atom here, which depends on what was loaded before.
      return mix(ATOM_TAG, atomHash(t), WORD, h);
    case Imm.Pid:
      return mix(((t >>> 6) << 4) | PID_TAG, 0, WORD, h);
    default:
      return mix(((t >>> 6) << 4) | PORT_TAG, 0, WORD, h);
  }
}

/** The pairs of a large map, which come in any order. */
function largeMapHash(t: Term, h: number): number {
  const entries = mapEntries(t);
  let pairs = 0;
  for (const [key, value] of entries) pairs ^= mix(deepHash(key), deepHash(value), MAP, SEED);
  return mix(entries.length, pairs, MAP, h);
}

/** A boxed term without other terms in it. */
function leafHash(t: Term, at: number, size: number, h: number): number {
  switch (H[at] & Kind.Mask) {
    case Kind.PositiveBig:
    case Kind.NegativeBig:
      return bigHash(at, size, (H[at] & Kind.Mask) === Kind.NegativeBig, h);
    case Kind.Float: {
      const zero = floatValue(t) === 0;
      return mix(zero ? 0 : H[at + 1], zero ? 0 : H[at + 2], FLOAT, h);
    }
    case Kind.HeapBinary:
    case Kind.RefcBinary:
    case Kind.SubBinary:
      return bitstringHash(t, h);
    case Kind.ExternalReference:
      return size < 3 ? h : mix(H[at + 3], 0, REFERENCE, h);
    case Kind.ExportFun: {
      const { module, name, arity } = externalHooks.exportMfa(H[at + 1] >> 1);
      return mix(atomHash(name), arity, WORD, mix(atomHash(module), 0, WORD, h));
    }
    case Kind.ExternalPid:
    case Kind.ExternalPort:
      return mix(H[at + 2], H[at + 3], REFERENCE, h);
    default:
      return mix(H[at + 2], H[at + 3], REFERENCE_REST, mix(H[at + 1], 0, REFERENCE, h));
  }
}

/** Integers that have a word in native Erlang have up to 60 bits with the sign. */
const WORD_BITS = 59;

function bigHash(at: number, size: number, negative: boolean, h: number): number {
  const low = H[at + 1];
  const high = size > 1 ? H[at + 2] : 0;
  const top = high >>> 0;
  const limit = 2 ** (WORD_BITS - 32);
  if (size <= 2 && (top < limit || (negative && top === limit && low === 0))) {
    const x = negative ? -low | 0 : low;
    const y = negative ? ~high + (low === 0 ? 1 : 0) : high;
    return mix((x << 4) | SMALL_TAG, (y << 4) | (x >>> 28), WORD, h);
  }
  const constant = negative ? NEGATIVE_BIG : POSITIVE_BIG;
  for (let i = 1; i <= size; i += 2) h = mix(H[at + i], i < size ? H[at + i + 1] : 0, constant, h);
  return h;
}

function bitstringHash(t: Term, h: number): number {
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const initial = (BINARY + h) | 0;
  if (bitSize === 0) return initial;
  const whole = Math.floor(bitSize / 8);
  const extra = bitSize % 8;
  const aligned = bitOffset === 0;
  const bytes = aligned ? B : bytesOf(t);
  const start = aligned ? byteOffset : 0;
  const hash = blockHash(bytes, start, whole, initial);
  return extra > 0 ? mix(extra, bytes[start + whole] >> (8 - extra), BITS, hash) : hash;
}
