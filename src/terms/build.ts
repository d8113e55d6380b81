// Making terms. Every builder takes an allocator as its last argument; without one it uses the heap of the
// running process. The functions that read terms are in access.ts and come along from here.

import { allocate } from '../memory/allocate.js';
import { B, H } from '../memory/arena.js';
import { allocateShared, MAX_HEAP_BINARY, makeReference, NOT_GROWING } from '../memory/off-heap.js';
import { boxedAt, consAt, header, Imm, Kind, makeImmediate, NIL, type Term } from './tags.js';

export * from './access.js';
export * from './iolist.js';
export * from './map-update.js';

/** Room for so many words of terms: the word index of the first. */
export type Allocate = (words: number) => number;

/** The cons `[head | tail]`. */
export function cons(head: Term, tail: Term, into: Allocate = allocate): Term {
  const at = into(2);
  H[at] = head;
  H[at + 1] = tail;
  return consAt(at);
}

/** A list of the items, with another tail than `[]` if one is given. */
export function list(items: ArrayLike<Term>, tail: Term = NIL, into: Allocate = allocate): Term {
  const n = items.length;
  if (n === 0) return tail;
  const at = into(2 * n);
  for (let i = 0; i < n; i++) {
    H[at + 2 * i] = items[i]!;
    H[at + 2 * i + 1] = consAt(at + 2 * i + 2);
  }
  H[at + 2 * n - 1] = tail;
  return consAt(at);
}

/** A tuple of the arguments. */
export function tuple(...items: Term[]): Term {
  return tupleOf(items);
}

/** A tuple of the items. */
export function tupleOf(items: ArrayLike<Term>, into: Allocate = allocate): Term {
  const n = items.length;
  const at = into(1 + n);
  H[at] = header(Kind.Tuple, n);
  for (let i = 0; i < n; i++) H[at + 1 + i] = items[i]!;
  return boxedAt(at);
}

/** A string as Erlang has them: the list of the code points. */
export function stringList(text: string, into: Allocate = allocate): Term {
  const items: Term[] = [];
  for (let i = 0; i < text.length; i++) {
    const point = text.codePointAt(i)!;
    if (point > 0xffff) i++;
    items.push(point << 1);
  }
  return list(items, NIL, into);
}

/**
 * A binary with a copy of the bytes. On the heap of the running process it refers to a shared block if it is large; elsewhere it
 * has its bytes itself.
 */
export function binary(bytes: Uint8Array, into: Allocate = allocate): Term {
  const n = bytes.length;
  if (n > MAX_HEAP_BINARY && into === allocate) {
    const at = allocateShared(n, NOT_GROWING);
    B.set(bytes, at * 4);
    return makeReference(at, n);
  }
  const words = (n + 3) >>> 2;
  const at = into(2 + words);
  H[at] = header(Kind.HeapBinary, 1 + words);
  H[at + 1] = n;
  // What is behind the last byte is defined, so that equal binaries have equal words.
  if (words > 0) H[at + 1 + words] = 0;
  const to = (at + 2) * 4;
  if (n < 64) for (let i = 0; i < n; i++) B[to + i] = bytes[i]!;
  else B.set(bytes, to);
  return boxedAt(at);
}

/** A bitstring of the first `bitSize` bits of the bytes: a binary, or a sub-binary of one if they are no whole bytes. */
export function bitstring(bytes: Uint8Array, bitSize: number, into: Allocate = allocate): Term {
  const whole = binary(bytes.subarray(0, Math.ceil(bitSize / 8)), into);
  return bitSize % 8 === 0 ? whole : subBinary(whole, 0, bitSize, into);
}

/**
 * A part of a bitstring that shares its bytes.
 * @param from a heap binary or shared binary, not a sub-binary
 * @param bitOffset where the part starts in it, in bits
 * @param bitSize length in bits
 */
export function subBinary(from: Term, bitOffset: number, bitSize: number, into: Allocate = allocate): Term {
  const at = into(5);
  H[at] = header(Kind.SubBinary, 4);
  H[at + 1] = from;
  H[at + 2] = Math.floor(bitOffset / 8) << 1;
  H[at + 3] = Math.floor(bitSize / 8) << 1;
  H[at + 4] = ((bitOffset % 8) | ((bitSize % 8) << 3)) << 1;
  return boxedAt(at);
}

/** The local process number n, `<0.n.0>`. */
export function localPid(n: number): Term {
  return makeImmediate(Imm.Pid, n);
}

/** The local port number n, `#Port<0.n>`. */
export function localPort(n: number): Term {
  return makeImmediate(Imm.Port, n);
}

/** A reference of this node, `#Ref<0.w2.w1.w0>`. */
export function reference(w0: number, w1: number, w2: number, into: Allocate = allocate): Term {
  return raw(Kind.Reference, [w0, w1, w2], into);
}

/** A process of another node (atom), or one whose numbers do not fit a local pid. */
export function externalPid(
  node: Term,
  number: number,
  serial: number,
  creation: number,
  into: Allocate = allocate,
): Term {
  return raw(Kind.ExternalPid, [node, number, serial, creation], into);
}

/** A port of another node (atom); its number has 64 bits, in two words. */
export function externalPort(
  node: Term,
  low: number,
  high: number,
  creation: number,
  into: Allocate = allocate,
): Term {
  return raw(Kind.ExternalPort, [node, low, high, creation], into);
}

/** A reference of another node (atom); words as in `reference`, the one printed last first. */
export function externalReference(
  node: Term,
  creation: number,
  words: ArrayLike<number>,
  into: Allocate = allocate,
): Term {
  return raw(Kind.ExternalReference, [node, creation, ...Array.from(words)], into);
}

function raw(kind: Kind, words: number[], into: Allocate): Term {
  const at = into(1 + words.length);
  H[at] = header(kind, words.length);
  for (let i = 0; i < words.length; i++) H[at + 1 + i] = words[i]!;
  return boxedAt(at);
}
