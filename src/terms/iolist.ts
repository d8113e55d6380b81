// Iolists and iodata: bytes, binaries, lists of them with a binary or [] at the end, nested as deep as memory allows.
import { B, H } from '../memory/arena.js';
import { binaryBytes, bitSizeOf, bytesOf, copyBits, isBinaryTerm } from './access.js';
import { NIL, Tag, type Term } from './tags.js';

/** Most bytes that an iolist may have. */
const MAX_BYTES = 0x7fffffff;

/** Bytes of iolists up to this size are gathered in one pass, here; of larger ones counted first. */
const GATHERED = 1 << 20;
let gathered = new Uint8Array(1 << 12);

/** What `walk` gives for a term that is no iolist, and where it has run out of room. */
const NOT_ONE = -1;
const NO_ROOM = -2;

/**
 * Copies the bytes of an iolist to the start of `to`: how many they are, or why it has stopped.
 * @param most binaries and lists in it that are too many
 */
function walk(t: Term, to: Uint8Array, most = Number.POSITIVE_INFINITY): number {
  const rest: Term[] = [];
  const room = to.length;
  let n = 0;
  for (;;) {
    while ((t & Tag.Mask) === Tag.Cons) {
      const first = H[t >>> 3]!;
      t = H[(t >>> 3) + 1]!;
      if ((first & 1) === 0) {
        if (first < 0 || first > 255 << 1) return NOT_ONE;
        if (n === room) return NO_ROOM;
        to[n++] = first >> 1;
        continue;
      }
      if (t !== NIL) rest.push(t);
      t = first;
    }
    if (t !== NIL) {
      if (!isBinaryTerm(t)) return NOT_ONE;
      const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
      const size = bitSize / 8;
      if (n + size > room) return NO_ROOM;
      if (bitOffset === 0 && size < 64) for (let i = 0; i < size; i++) to[n + i] = B[byteOffset + i]!;
      else copyBits(byteOffset, bitOffset, bitSize, to, n);
      n += size;
    }
    if (rest.length === 0) return n;
    if (--most < 0) return NO_ROOM;
    t = rest.pop()!;
  }
}

/** Number of bytes of an iolist or iodata, or -1 if the term is none (iolist_size/1). */
export function iolistSize(t: Term): number {
  if (isBinaryTerm(t)) return bitSizeOf(t) / 8;
  const rest: Term[] = [];
  let n = 0;
  for (;;) {
    while ((t & Tag.Mask) === Tag.Cons) {
      const first = H[t >>> 3]!;
      t = H[(t >>> 3) + 1]!;
      if ((first & 1) === 0) {
        if (first < 0 || first > 255 << 1) return -1;
        n++;
        continue;
      }
      if (t !== NIL) rest.push(t);
      t = first;
    }
    if (t !== NIL) {
      if (!isBinaryTerm(t)) return -1;
      n += bitSizeOf(t) / 8;
      if (n > MAX_BYTES) return -1;
    }
    if (rest.length === 0) return n;
    t = rest.pop()!;
  }
}

/** Up to so many bytes, and as many binaries and lists, an iolist is short. */
const SHORT = 1 << 16;

/**
 * The bytes of an iolist that is short, as gatherIolist gives them; undefined: it may be long, or no iolist.
 * @param most bytes, and binaries and lists, that it may have
 */
export function gatherShort(t: Term, most = SHORT): Uint8Array | undefined {
  const room = Math.min(most, SHORT);
  if (gathered.length < room) gathered = new Uint8Array(SHORT);
  const n = walk(t, room < gathered.length ? gathered.subarray(0, room) : gathered, room);
  return n >= 0 ? gathered.subarray(0, n) : undefined;
}

/**
 * The bytes of an iolist or iodata, or undefined if the term is none. They hold until the next call of anything that
 * gathers, makes or moves terms.
 */
export function gatherIolist(t: Term): Uint8Array | undefined {
  if (isBinaryTerm(t)) return bytesOf(t);
  let n = walk(t, gathered);
  while (n === NO_ROOM && gathered.length < GATHERED) {
    gathered = new Uint8Array(gathered.length * 4);
    n = walk(t, gathered);
  }
  if (n >= 0) return gathered.subarray(0, n);
  const size = n === NO_ROOM ? iolistSize(t) : NOT_ONE;
  if (size < 0) return undefined;
  const bytes = new Uint8Array(size);
  walk(t, bytes);
  return bytes;
}

/** The same in memory of its own. */
export function iolistToBytes(t: Term): Uint8Array | undefined {
  return gatherIolist(t)?.slice();
}

/** Gathers the bytes of an iolist, or only counts them, in steps. Nothing may move in between. */
export class IolistSteps {
  /** Bytes so far. */
  size = 0;
  private bytes: Uint8Array;
  private readonly rest: Term[] = [];

  constructor(
    private t: Term,
    private readonly counts = false,
  ) {
    this.bytes = new Uint8Array(counts ? 0 : 1 << 12);
  }

  /** The bytes, when all have been gathered. */
  get gathered(): Uint8Array {
    return this.bytes.subarray(0, this.size);
  }

  /**
   * Goes over so many items, and copies about as many words.
   * @returns whether there is more; undefined: it is no iolist
   */
  step(items: number): boolean | undefined {
    const { rest, counts } = this;
    let { t } = this;
    for (let left = items; left > 0; left--) {
      if ((t & Tag.Mask) === Tag.Cons) {
        const first = H[t >>> 3]!;
        t = H[(t >>> 3) + 1]!;
        if ((first & 1) === 0) {
          if (first < 0 || first > 255 << 1) return undefined;
          if (!counts) this.reserve(1)[this.size] = first >> 1;
          this.size++;
        } else {
          if (t !== NIL) rest.push(t);
          t = first;
        }
        continue;
      }
      if (t !== NIL) {
        if (!isBinaryTerm(t)) return undefined;
        const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
        const size = bitSize / 8;
        if (this.size + size > MAX_BYTES) return undefined;
        if (!counts) {
          copyBits(byteOffset, bitOffset, bitSize, this.reserve(size), this.size);
          left -= size >>> 4;
        }
        this.size += size;
      }
      if (rest.length === 0) return false;
      t = rest.pop()!;
    }
    this.t = t;
    return true;
  }

  /** The bytes, with room for n more. */
  private reserve(n: number): Uint8Array {
    const wanted = this.size + n;
    if (wanted > this.bytes.length) {
      const larger = new Uint8Array(Math.max(wanted, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, this.size));
      this.bytes = larger;
    }
    return this.bytes;
  }
}
