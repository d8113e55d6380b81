// Binaries that grow at their end: what `<<Acc/binary, ...>>` in a loop makes costs amortised constant time per byte.
//
// A growing binary is a heap binary with room behind its bytes. Its last payload word, behind that room, says how many
// bits are in use. No term is the growing binary itself: the values are sub-binaries of it, so that each keeps
// its size when the next one is written behind it. A value can be appended to in place if it ends where the used bits
// end; a second append to the same value finds that no longer so and copies.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { binaryBytes, boxedKind } from './access.js';
import { writeBits } from './bit-write.js';
import { boxedAt, header, Kind, type Term } from './tags.js';

/** Largest size of a heap binary in bytes: its header counts words in 24 bits, and the last word may be in use. */
export const MAX_HEAP_BINARY = (0xffffff - 2) * 4;

const MIN_CAPACITY = 32;

/** Whether a heap binary at word index `u` is a growing one: it has more words than its bytes need. */
function isGrowing(u: number): boolean {
  return (H[u] & Kind.Mask) === Kind.HeapBinary && H[u] >>> Kind.SizeShift > 1 + ((H[u + 1] + 3) >> 2);
}

/** An empty growing binary with room for so many bytes. */
function allocateGrowing(capacity: number): number {
  const words = Math.min((capacity + 3) >> 2, MAX_HEAP_BINARY >> 2);
  const u = allocate(3 + words);
  H[u] = header(Kind.HeapBinary, 2 + words);
  H[u + 1] = 0;
  H[u + 2 + words] = 0;
  return u;
}

function capacityBits(u: number): number {
  return ((H[u] >>> Kind.SizeShift) - 2) * 32;
}

/** An empty binary to append to (bs_init_writable). */
export function emptyGrowing(capacity: number): Term {
  return partOf(allocateGrowing(Math.max(MIN_CAPACITY, Math.min(capacity, 1024))), 0, 0);
}

function partOf(u: number, byte: number, bits: number): Term {
  const at = allocate(5);
  H[at] = header(Kind.SubBinary, 4);
  H[at + 1] = boxedAt(u);
  H[at + 2] = byte << 1;
  H[at + 3] = (bits >>> 3) << 1;
  H[at + 4] = ((bits & 7) << 3) << 1;
  return boxedAt(at);
}

function use(u: number, bits: number): void {
  H[u + (H[u] >>> Kind.SizeShift)] = bits;
  H[u + 1] = (bits + 7) >>> 3;
}

/** Where `extend` left room: byte index in `B` and bit of the first new bit. */
export let extensionByte = 0;
export let extensionBit = 0;

/**
 * A bitstring that begins with the bits of `left` and has `extra` more, which the caller writes at once, from
 * extensionByte and extensionBit on. The sum must not be larger than MAX_HEAP_BINARY.
 */
export function extend(left: Term, extra: number): Term {
  const { byteOffset, bitOffset, bitSize } = binaryBytes(left);
  const total = bitSize + extra;
  if (bitOffset === 0 && boxedKind(left) === Kind.SubBinary) {
    const s = left >>> 3;
    const u = H[s + 1] >>> 3;
    if (isGrowing(u)) {
      const start = H[s + 2] >> 1;
      const used = H[u + (H[u] >>> Kind.SizeShift)];
      const wanted = start * 8 + total;
      if (start * 8 + bitSize === used && wanted <= capacityBits(u)) {
        use(u, wanted);
        extensionByte = byteOffset + (bitSize >>> 3);
        extensionBit = bitSize & 7;
        return partOf(u, start, total);
      }
    }
  }
  const u = allocateGrowing(Math.max(MIN_CAPACITY, ((total + 7) >>> 3) * 2));
  const to = (u + 2) * 4;
  writeBits(to, 0, bitSize, byteOffset, bitOffset);
  use(u, total);
  extensionByte = to + (bitSize >>> 3);
  extensionBit = bitSize & 7;
  return partOf(u, 0, total);
}

/** A binary or bitstring of `bits` bits that the caller writes at once, from extensionByte on (its first bit). */
export function newBitstring(bits: number): Term {
  const size = (bits + 7) >>> 3;
  const words = (size + 3) >>> 2;
  const partial = (bits & 7) !== 0;
  const at = allocate(2 + words + (partial ? 5 : 0));
  H[at] = header(Kind.HeapBinary, 1 + words);
  H[at + 1] = size;
  if (words > 0) H[at + 1 + words] = 0;
  extensionByte = (at + 2) * 4;
  extensionBit = 0;
  if (!partial) return boxedAt(at);
  const s = at + 2 + words;
  H[s] = header(Kind.SubBinary, 4);
  H[s + 1] = boxedAt(at);
  H[s + 2] = 0;
  H[s + 3] = (bits >>> 3) << 1;
  H[s + 4] = ((bits & 7) << 3) << 1;
  return boxedAt(s);
}
