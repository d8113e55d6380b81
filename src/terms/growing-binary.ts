// Making bitstrings that the caller then fills: of a known size, or by appending. What `<<Acc/binary, ...>>` in a loop
// makes costs amortised constant time per byte.
//
// A growing binary is a shared binary (memory/off-heap.ts) with room behind its bytes, which counts the bits in use. No term
// is the growing binary itself: the values are sub-binaries of it from its start on, so that each keeps its size when the
// next one is written behind it. A value can be appended to in place if it ends where the used bits end; a second append to
// the same value finds that no longer so and copies. Only one reference to a growing binary exists: when it is copied
// to another process, it stops growing. So its bytes may move when they need more room.
import { allocate } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import {
  allocateShared,
  growShared,
  MAX_BINARY,
  MAX_HEAP_BINARY,
  makeReference,
  NOT_GROWING,
  Shared,
} from '../memory/off-heap.js';
import { binaryBytes, boxedKind } from './access.js';
import { writeBits } from './bit-write.js';
import { boxedAt, header, Kind, type Term } from './tags.js';

/** Least room of a growing binary, in bytes, as in OTP. */
const MIN_CAPACITY = 256;

/** Room for a binary that has grown to so many bytes: as much again. */
function roomFor(bytes: number): number {
  return Math.min(Math.max(MIN_CAPACITY, bytes * 2), MAX_BINARY);
}

/** An empty binary to append to, with room for so many bytes (bs_init_writable); undefined: the default. */
export function emptyGrowing(capacity = MIN_CAPACITY): Term {
  return partOf(makeReference(allocateShared(capacity, 0), 0), 0);
}

/** The first bits of a growing binary. */
function partOf(u: Term, bits: number): Term {
  const at = allocate(5);
  H[at] = header(Kind.SubBinary, 4);
  H[at + 1] = u;
  H[at + 2] = 0;
  H[at + 3] = (bits >>> 3) << 1;
  H[at + 4] = ((bits & 7) << 3) << 1;
  return boxedAt(at);
}

/** What a register can say of the bits that are to be written. */
const MOST_LEFT = 0x7fffffff;

/**
 * A bitstring that begins with the bits of `left` and has `extra` more, which the caller writes at once, from the place
 * in Reg.Byte and Reg.Bit on. The sum must not be more than MAX_BINARY bytes.
 */
export function extend(left: Term, extra: number): Term {
  H[Reg.BitsLeft] = Math.min(extra, MOST_LEFT);
  const s = left >>> 3;
  if (boxedKind(left) === Kind.SubBinary && H[s + 2] === 0) {
    const u = H[s + 1] >>> 3;
    const bits = H[s + 4] >> 1;
    const size = (H[s + 3] >> 1) * 8 + (bits >> 3);
    if ((H[u] & Kind.Mask) === Kind.RefcBinary && (bits & 7) === 0) {
      let bytes = H[u + 2];
      if (H[bytes + Shared.Used] === (size | 0)) {
        const total = size + extra;
        const wanted = Math.ceil(total / 8);
        if (wanted > H[bytes + Shared.Capacity]) {
          growShared(u, roomFor(wanted));
          bytes = H[u + 2];
        }
        H[bytes + Shared.Used] = total;
        H[u + 1] = wanted;
        H[Reg.Byte] = bytes * 4 + (size >>> 3);
        H[Reg.Bit] = size & 7;
        return partOf(boxedAt(u), total);
      }
    }
  }
  const { byteOffset, bitOffset, bitSize } = binaryBytes(left);
  const total = bitSize + extra;
  const wanted = Math.ceil(total / 8);
  const bytes = allocateShared(roomFor(wanted), total);
  writeBits(bytes * 4, 0, bitSize, byteOffset, bitOffset);
  H[Reg.Byte] = bytes * 4 + (bitSize >>> 3);
  H[Reg.Bit] = bitSize & 7;
  return partOf(makeReference(bytes, wanted), total);
}

/** A binary or bitstring of `bits` bits that the caller writes at once, from the place in Reg.Byte and Reg.Bit on. */
export function newBitstring(bits: number): Term {
  H[Reg.BitsLeft] = Math.min(bits, MOST_LEFT);
  const size = Math.ceil(bits / 8);
  let whole: Term;
  if (size <= MAX_HEAP_BINARY) {
    const words = (size + 3) >>> 2;
    const at = allocate(2 + words);
    H[at] = header(Kind.HeapBinary, 1 + words);
    H[at + 1] = size;
    // What is behind the last byte is defined, so that equal binaries have equal words.
    if (words > 0) H[at + 1 + words] = 0;
    H[Reg.Byte] = (at + 2) * 4;
    whole = boxedAt(at);
  } else {
    const bytes = allocateShared(size, NOT_GROWING);
    H[Reg.Byte] = bytes * 4;
    whole = makeReference(bytes, size);
  }
  H[Reg.Bit] = 0;
  if ((bits & 7) === 0) return whole;
  const s = allocate(5);
  H[s] = header(Kind.SubBinary, 4);
  H[s + 1] = whole;
  H[s + 2] = 0;
  H[s + 3] = Math.floor(bits / 8) << 1;
  H[s + 4] = ((bits & 7) << 3) << 1;
  return boxedAt(s);
}
