// erlang:phash2/1,2: the portable hash, with the values that native Erlang has. It goes over the term with the
// mixing function of Bob Jenkins' hash of 1996 ("lookup2", Dr. Dobb's Journal, September 1997).
import { B, H } from '../memory/arena.js';
import { binaryBytes, bytesOf, mapKeys, mapValues } from './access.js';
import { atomName } from './atoms.js';
import { floatValue } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { GOLDEN, salt } from './hash-constants.js';
import { Imm, Kind, LocalPid, Tag, type Term } from './tags.js';

/** The range of phash2/1. */
export const PHASH2_RANGE = 1 << 27;

/**
 * erlang:phash2(t, range): a number from 0 to range - 1.
 * @param range 1 to 2^32
 */
export function phash2(t: Term, range = PHASH2_RANGE): number {
  return new Hasher().hash(t) % range;
}

const SMALL = salt(1);
const NIL_SALT = salt(2);
const ATOM = salt(3);
const BYTES_OF_LIST = salt(4);
const PID = salt(5);
const PORT = salt(6);
const REFERENCE = salt(7);
const TUPLE = salt(9);
const NEGATIVE_BIG = salt(10);
const POSITIVE_BIG = salt(11);
const FLOAT = salt(12);
const BINARY = salt(13);
const EXPORT = salt(14);
const BITS = salt(15);
const MAP = salt(16);
const MAP_END = salt(19);

/** The hash of [] at the top. */
const NIL_HASH = 3468870702;
/** What stands for [] inside of other terms. */
const NIL_NUMBER = 2;

/** Integers of so many bits hash as such, larger ones as bigs (which they were on machines with 32 bits). */
const SMALL_BITS = 28;
const SMALL_LIMIT = 1 << (SMALL_BITS - 1);

// What there is to do on the stack besides terms: no term has these words (they are headers).
const MAP_PAIR_DONE = 0x17f;
const MAP_DONE = 0x27f;

class Hasher {
  private value = 0;

  /** An unsigned number of 32 bits. */
  hash(t: Term): number {
    const stack: number[] = [];
    // The pairs of a map may come in any order: their hashes are joined by exclusive or.
    let pairs = 0;
    for (;;) {
      if ((t & Tag.Mask) === Tag.Cons) {
        const next = this.list(t, stack);
        if (next !== undefined) {
          t = next;
          continue;
        }
      } else if (t === MAP_PAIR_DONE) {
        pairs ^= this.value;
        this.value = 0;
      } else if (t === MAP_DONE) {
        this.value = stack.pop()!;
        this.mix(pairs, 0, MAP_END);
        pairs = stack.pop()!;
      } else if ((t & Tag.Mask) === Tag.Boxed) {
        const at = t >>> 3;
        const size = H[at]! >>> Kind.SizeShift;
        switch (H[at]! & Kind.Mask) {
          case Kind.Tuple:
            this.mix(size, 0, TUPLE);
            for (let i = size; i > 0; i--) stack.push(H[at + i]!);
            break;
          case Kind.FlatMap:
          case Kind.HashMap: {
            const keys = mapKeys(t);
            const values = mapValues(t);
            this.mix(keys.length, 0, MAP);
            if (keys.length > 0) {
              stack.push(pairs, this.value, MAP_DONE);
              for (let i = 0; i < keys.length; i++) stack.push(MAP_PAIR_DONE, values[i], keys[i]);
              this.value = 0;
              pairs = 0;
            }
            break;
          }
          case Kind.Fun: {
            const { module, oldIndex, oldUniq } = externalHooks.lambdaOf(H[at + 1]! >> 1);
            this.mix(size - 3, atomHash(module), SMALL);
            this.mix(oldIndex, oldUniq, SMALL);
            for (let i = size; i > 3; i--) stack.push(H[at + i]!);
            break;
          }
          default:
            this.leaf(t, at, size);
        }
      } else this.immediate(t);
      if (stack.length === 0) return this.value >>> 0;
      t = stack.pop()!;
    }
  }

  /** Mixes two numbers of 32 bits into the hash. */
  private mix(x: number, y: number, salt: number): void {
    this.value = mix3((salt + x) | 0, (salt + y) | 0, this.value);
  }

  private immediate(t: Term): void {
    if ((t & 1) === 0) {
      this.integer(t >> 1);
      return;
    }
    switch (t & Imm.Mask) {
      case Imm.Atom:
        if (this.value === 0) this.value = atomHash(t);
        else this.mix(atomHash(t), 0, ATOM);
        break;
      case Imm.Pid:
        this.mix((t >>> 6) & LocalPid.NumberMask, 0, PID);
        break;
      case Imm.Port:
        this.mix(t >>> 6, 0, PORT);
        break;
      default:
        if (this.value === 0) this.value = NIL_HASH | 0;
        else this.mix(NIL_NUMBER, 0, NIL_SALT);
    }
  }

  private integer(n: number): void {
    if (n >= SMALL_LIMIT || n < -SMALL_LIMIT) this.mix(Math.abs(n), 0, n < 0 ? NEGATIVE_BIG : POSITIVE_BIG);
    else {
      // Native mixes negative numbers twice.
      if (n < 0) this.mix(-n, 0, SMALL);
      this.mix(n, 0, SMALL);
    }
  }

  /** The bytes at the head of a list four at a time. @returns the first element that is none, if there is one */
  private list(t: Term, stack: number[]): Term | undefined {
    let word = 0;
    let count = 0;
    for (;;) {
      const item = H[t >>> 3]!;
      if ((item & ~0x1fe) !== 0) break;
      word = (word << 8) + (item >> 1);
      if (++count === 4) {
        this.mix(word, 0, BYTES_OF_LIST);
        word = 0;
        count = 0;
      }
      t = H[(t >>> 3) + 1]!;
      if ((t & Tag.Mask) !== Tag.Cons) break;
    }
    if (count > 0) this.mix(word, 0, BYTES_OF_LIST);
    if ((t & Tag.Mask) !== Tag.Cons) return t;
    stack.push(H[(t >>> 3) + 1]!);
    return H[t >>> 3]!;
  }

  private leaf(t: Term, at: number, size: number): void {
    switch (H[at]! & Kind.Mask) {
      case Kind.Float: {
        // -0.0 hashes like 0.0; the high word comes first.
        const zero = floatValue(t) === 0;
        this.mix(zero ? 0 : H[at + 2]!, zero ? 0 : H[at + 1]!, FLOAT);
        break;
      }
      case Kind.PositiveBig:
      case Kind.NegativeBig: {
        const salt = (H[at]! & Kind.Mask) === Kind.NegativeBig ? NEGATIVE_BIG : POSITIVE_BIG;
        for (let i = 1; i <= size; i += 2) this.mix(H[at + i]!, i < size ? H[at + i + 1]! : 0, salt);
        break;
      }
      case Kind.HeapBinary:
      case Kind.RefcBinary:
      case Kind.SubBinary:
        this.bitstring(t);
        break;
      case Kind.Reference:
        this.mix(H[at + 1]!, 0, REFERENCE);
        break;
      case Kind.ExternalReference:
        this.mix(H[at + 3]!, 0, REFERENCE);
        break;
      case Kind.ExternalPid:
        this.mix(H[at + 2]!, 0, PID);
        break;
      case Kind.ExternalPort:
        this.mix(H[at + 2]!, H[at + 3]!, PORT);
        break;
      case Kind.ExportFun: {
        const { module, name, arity } = externalHooks.exportMfa(H[at + 1]! >> 1);
        this.mix(arity, atomHash(module), SMALL);
        this.mix(atomHash(name), 0, EXPORT);
        break;
      }
      default:
        throw new Error(`no hash for a boxed term of kind ${H[at]! & Kind.Mask}`);
    }
  }

  private bitstring(t: Term): void {
    const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
    const initial = (BINARY + this.value) | 0;
    if (bitSize === 0) {
      this.value = initial;
      return;
    }
    const whole = Math.floor(bitSize / 8);
    const extra = bitSize % 8;
    const aligned = bitOffset === 0;
    const bytes = aligned ? B : bytesOf(t);
    const start = aligned ? byteOffset : 0;
    this.value = blockHash(bytes, start, whole, initial);
    if (extra > 0) this.mix(extra, bytes[start + whole]! >> (8 - extra), BITS);
  }
}

function mix3(a: number, b: number, c: number): number {
  a = (a - b - c) ^ (c >>> 13);
  b = (b - c - a) ^ (a << 8);
  c = (c - a - b) ^ (b >>> 13);
  a = (a - b - c) ^ (c >>> 12);
  b = (b - c - a) ^ (a << 16);
  c = (c - a - b) ^ (b >>> 5);
  a = (a - b - c) ^ (c >>> 3);
  b = (b - c - a) ^ (a << 10);
  mixedA = a;
  mixedB = b;
  c = (c - a - b) ^ (b >>> 15);
  return c;
}

/** The other two numbers that mix3 has made. */
let mixedA = 0;
let mixedB = 0;

/** The hash of bytes, an int32; a hash that goes on takes the last one as its initial value. */
export function blockHash(bytes: Uint8Array, start: number, length: number, initial: number): number {
  let a = GOLDEN | 0;
  let b = GOLDEN | 0;
  let c = initial;
  let at = start;
  const word = (i: number) =>
    bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
  let left = length;
  for (; left >= 12; left -= 12, at += 12) {
    c = mix3((a + word(at)) | 0, (b + word(at + 4)) | 0, (c + word(at + 8)) | 0);
    a = mixedA;
    b = mixedB;
  }
  c = (c + length) | 0;
  // The lowest byte of c holds the length; the last bytes go above it.
  for (let i = left - 1; i >= 8; i--) c = (c + (bytes[at + i]! << ((i - 7) * 8))) | 0;
  for (let i = Math.min(left, 8) - 1; i >= 4; i--) b = (b + (bytes[at + i]! << ((i - 4) * 8))) | 0;
  for (let i = Math.min(left, 4) - 1; i >= 0; i--) a = (a + (bytes[at + i]! << (i * 8))) | 0;
  return mix3(a, b, c);
}

const atomHashes: number[] = [];

/** The hash of an atom, an int32: P. J. Weinberger's, over the characters if they are Latin-1, else over UTF-8. */
export function atomHash(t: Term): number {
  const n = t >>> 6;
  const known = atomHashes[n];
  if (known !== undefined) return known;
  let h = 0;
  for (const character of atomName(t)) {
    const point = character.codePointAt(0)!;
    if (point < 256) h = hashByte(h, point);
    else for (const byte of Buffer.from(character, 'utf8')) h = hashByte(h, byte);
  }
  atomHashes[n] = h;
  return h;
}

function hashByte(h: number, byte: number): number {
  h = ((h << 4) + byte) | 0;
  const high = h & 0xf0000000;
  return high === 0 ? h : h ^ (high >>> 24) ^ high;
}
