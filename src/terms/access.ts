// Reading terms: what kind a term is and what it is made of.
import { B, H } from '../memory/arena.js';
import { Kind, NIL, Tag, type Term } from './tags.js';

export * from './map-access.js';

/** Kind of a boxed term (the low byte of its header), or 0 if the term is not boxed. */
export function boxedKind(t: Term): number {
  return (t & Tag.Mask) === Tag.Boxed ? H[t >>> 3]! & Kind.Mask : 0;
}

/** Payload words of a boxed term. */
export function boxedSize(t: Term): number {
  return H[t >>> 3]! >>> Kind.SizeShift;
}

/** The elements of a list, or undefined if the term is no proper list. */
export function listToArray(t: Term): Term[] | undefined {
  const items: Term[] = [];
  while ((t & Tag.Mask) === Tag.Cons) {
    const at = t >>> 3;
    items.push(H[at]!);
    t = H[at + 1]!;
  }
  return t === NIL ? items : undefined;
}

/** Number of elements of a list, or -1 if the term is no proper list. */
export function listLength(t: Term): number {
  let n = 0;
  for (; (t & Tag.Mask) === Tag.Cons; t = H[(t >>> 3) + 1]!) n++;
  return t === NIL ? n : -1;
}

/** First element of a cons. */
export function head(t: Term): Term {
  return H[t >>> 3]!;
}

/** Rest of a cons. */
export function tail(t: Term): Term {
  return H[(t >>> 3) + 1]!;
}

export function isTuple(t: Term): boolean {
  return boxedKind(t) === Kind.Tuple;
}

/** Number of elements of a tuple. */
export function tupleArity(t: Term): number {
  return H[t >>> 3]! >>> Kind.SizeShift;
}

/** Element i of a tuple, counted from 0. */
export function tupleElement(t: Term, i: number): Term {
  return H[(t >>> 3) + 1 + i]!;
}

/** The elements of a tuple. */
export function tupleToArray(t: Term): Term[] {
  const at = (t >>> 3) + 1;
  return Array.from(H.subarray(at, at + tupleArity(t)));
}

/** Whether the tuple has this arity and its first element is that atom. */
export function isTaggedTuple(t: Term, arity: number, tag: Term): boolean {
  return isTuple(t) && tupleArity(t) === arity && tupleElement(t, 0) === tag;
}

/** Whether the term is a bitstring of any length. */
export function isBitstring(t: Term): boolean {
  const kind = boxedKind(t);
  return kind === Kind.HeapBinary || kind === Kind.SubBinary || kind === Kind.RefcBinary;
}

/** Whether the term is a bitstring with a whole number of bytes. */
export function isBinaryTerm(t: Term): boolean {
  const kind = boxedKind(t);
  if (kind === Kind.SubBinary) return H[(t >>> 3) + 4]! >> 4 === 0;
  return kind === Kind.HeapBinary || kind === Kind.RefcBinary;
}

/** Where the bits of a bitstring lie in the arena's bytes `B`. */
export interface BitView {
  /** Index in `B` of the byte with the first bit. */
  byteOffset: number;
  /** 0 to 7: where in that byte the first bit is, counted from the most significant one. */
  bitOffset: number;
  /** Length in bits. */
  bitSize: number;
}

/** Byte index in `B` of the first byte of a heap binary or of a shared one (whose second word is a word index). */
export function binaryStart(t: Term): number {
  const at = t >>> 3;
  return (H[at]! & Kind.Mask) === Kind.HeapBinary ? (at + 2) * 4 : H[at + 2]! * 4;
}

/** Where the bits of a bitstring are. The view holds until the next collection. */
export function binaryBytes(t: Term): BitView {
  const at = t >>> 3;
  if ((H[at]! & Kind.Mask) === Kind.SubBinary) {
    const bits = H[at + 4]! >> 1;
    return {
      byteOffset: binaryStart(H[at + 1]!) + (H[at + 2]! >> 1),
      bitOffset: bits & 7,
      bitSize: (H[at + 3]! >> 1) * 8 + (bits >> 3),
    };
  }
  return { byteOffset: binaryStart(t), bitOffset: 0, bitSize: H[at + 1]! * 8 };
}

/** Length of a bitstring in bits. */
export function bitSizeOf(t: Term): number {
  const at = t >>> 3;
  if ((H[at]! & Kind.Mask) === Kind.SubBinary) return (H[at + 3]! >> 1) * 8 + (H[at + 4]! >> 4);
  return H[at + 1]! * 8;
}

/**
 * The bytes of a bitstring; a last byte that is not full is padded with zero bits. It is a view into the arena
 * that holds until the next collection; a copy if the bits do not start or end at a byte.
 */
export function bytesOf(t: Term): Uint8Array {
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const size = Math.ceil(bitSize / 8);
  if (bitOffset === 0 && (bitSize & 7) === 0) return B.subarray(byteOffset, byteOffset + size);
  const copy = new Uint8Array(size);
  copyBits(byteOffset, bitOffset, bitSize, copy, 0);
  return copy;
}

/** Copies bits out of the arena to whole bytes of `to` from byte `at` on; the last byte is padded with zeros. */
export function copyBits(
  byteOffset: number,
  bitOffset: number,
  bitSize: number,
  to: Uint8Array,
  at: number,
): void {
  const size = Math.ceil(bitSize / 8);
  if (bitOffset === 0) to.set(B.subarray(byteOffset, byteOffset + size), at);
  else {
    for (let i = 0; i < size; i++) {
      const next = byteOffset + i + 1;
      to[at + i] = (B[next - 1]! << bitOffset) | (B[next]! >> (8 - bitOffset));
    }
  }
  const extra = bitSize & 7;
  if (extra !== 0) to[at + size - 1]! &= 0xff << (8 - extra);
}
