// Binaries off the process heap. The bytes of a binary of more than 64 bytes are in a shared block; on the heap is only
// a reference to it (RefcBinary, OTP's ProcBin). A block counts its references and is freed with the last one.
//
// Every process has its references in two chains through their last word, young and old as the heap they lie in. The
// collector walks the chains after it has copied: a reference that was not copied is dead and releases its block. The end
// of a process releases all of both.
//
// Shared block: [references][capacity in bytes][bits in use, or NOT_GROWING][0, or what resources.ts says][bytes...]
// Reference:    [header][size in bytes][word index of the bytes][next in the chain, 0: last]
// What resources.ts says of its references ends like that, and has HOLDER in place of the header.
import { boxedAt, header, Kind, type Term } from '../terms/tags.js';
import { ArenaFull, allocate } from './allocate.js';
import { H, Reg } from './arena.js';
import { allocateBlock, freeBlock, shrinkBlock } from './blocks.js';

/** Largest binary on a process heap, in bytes, as in OTP (ERL_ONHEAP_BIN_LIMIT). */
export const MAX_HEAP_BINARY = 64;

/** Largest binary at all, in bytes: its length in bits fits 32 bits. */
export const MAX_BINARY = 0x1fffffff;

/** Bytes of new binaries after which a process collects, counted in words of 8 bytes, as in OTP (min_bin_vheap_size). */
export const MIN_BINARY_WORDS = 46422;

/** Words of a reference on the heap, with the header. */
export const REFERENCE_WORDS = 4;

/** Words of a shared block before the bytes. */
const PREFIX = 4;

/** Offsets from the first word with bytes. */
export const enum Shared {
  References = -4,
  /** Bytes there is room for; what binary:referenced_byte_size/1 tells. */
  Capacity = -3,
  /** Bits that have been given out, as a 32-bit number; appending in place goes on from there. */
  Used = -2,
  /** 0 for a binary; for a resource (resources.ts) the third word of its references. */
  Resource = -1,
}

/** Shared.Used of a binary that nothing can be appended to in place. */
export const NOT_GROWING = -1;

/** In place of the header in the second half of a reference that holds a resource: four words behind the real one. */
export const HOLDER = header(Kind.Reference, 3);

/** What happens when the last reference to a resource has gone; its bytes are still there. */
export const sharedHooks: { resourceGone: (bytes: number) => void } = { resourceGone: () => {} };

/** Who has references: a process, or whatever else keeps terms. */
export interface BinaryOwner {
  /** First reference in the young heap and its fragments; in the old heap. */
  youngBinaries: number;
  oldBinaries: number;
  /** Size of what was made or received since the last collection, in words of 8 bytes; and when to collect. */
  binaryWords: number;
  binaryLimit: number;
  /** The same of what the old heap refers to; over the limit, the next collection is a major one. */
  oldBinaryWords: number;
  oldBinaryLimit: number;
}

/** An owner that has nothing yet. */
export function newBinaryOwner(): BinaryOwner {
  return {
    youngBinaries: 0,
    oldBinaries: 0,
    binaryWords: 0,
    binaryLimit: MIN_BINARY_WORDS,
    oldBinaryWords: 0,
    oldBinaryLimit: MIN_BINARY_WORDS,
  };
}

let owner: BinaryOwner = newBinaryOwner();

/** Whose references `makeReference` adds to: the process that runs. The scheduler swaps it. */
export function useBinaries(of: BinaryOwner): void {
  owner = of;
}

/** Runs `build` with references that it makes being those of another owner. */
export function buildFor<T>(of: BinaryOwner, build: () => T): T {
  const before = owner;
  owner = of;
  try {
    return build();
  } finally {
    owner = before;
  }
}

/**
 * A block for `capacity` bytes that nobody refers to yet: the word index of its bytes. They are not cleared, but for
 * those that share a word with the last.
 */
export function allocateShared(capacity: number, used: number): number {
  const words = (capacity + 3) >>> 2;
  const block = allocateBlock(PREFIX + words);
  if (block === 0) throw new ArenaFull(`cannot allocate ${capacity} bytes of memory (of type "binary")`);
  H[block] = 0;
  H[block + 1] = capacity;
  H[block + 2] = used;
  H[block + 3] = 0;
  if (words > 0) H[block + PREFIX + words - 1] = 0;
  return block + PREFIX;
}

/** Counts `bytes` more for the process, and has it collect soon if they are too many. */
function charge(of: BinaryOwner, bytes: number): void {
  of.binaryWords += (bytes + 7) >>> 3;
  if (of.binaryWords > of.binaryLimit && of === owner) H[Reg.Reds] = 0;
}

/** A reference of the running process to the shared bytes at word index `bytes`; `at` is where it has room already. */
export function makeReference(bytes: number, size: number, at = allocate(REFERENCE_WORDS)): Term {
  H[at] = header(Kind.RefcBinary, REFERENCE_WORDS - 1);
  H[at + 1] = size;
  H[at + 2] = bytes;
  linkReference(at, owner);
  return boxedAt(at);
}

/** Makes the reference at word index `at`, complete but for its last word, one of the owner's. */
export function linkReference(at: number, of: BinaryOwner): void {
  H[at + 3] = of.youngBinaries;
  of.youngBinaries = at;
  H[H[at + 2] + Shared.References]++;
  charge(of, H[H[at + 2] + Shared.Capacity]);
}

/** Links the second half of a new reference that holds a resource, for the running process. */
export function linkHolder(at: number): void {
  linkReference(at, owner);
}

/** What has been copied to word index `at` is a reference to a binary, or of the kind Reference: links it if need be. */
export function shareCopied(at: number, of: BinaryOwner): void {
  if ((H[at] & Kind.Mask) === Kind.RefcBinary) shareReference(at, of);
  else if (H[at] >>> Kind.SizeShift !== 3) shareReference(at + 4, of);
}

/**
 * Makes a copy of a reference, at word index `at`, one of the owner's. A binary with two references does not grow any
 * more: its room is given back.
 */
export function shareReference(at: number, of: BinaryOwner): void {
  const bytes = H[at + 2];
  if (H[bytes + Shared.Used] !== NOT_GROWING) {
    const size = (H[bytes + Shared.Used] >>> 3) + ((H[bytes + Shared.Used] & 7) === 0 ? 0 : 1);
    H[bytes + Shared.Used] = NOT_GROWING;
    H[bytes + Shared.Capacity] = size;
    shrinkBlock(bytes - PREFIX, PREFIX + ((size + 3) >>> 2));
  }
  linkReference(at, of);
}

/**
 * Gives the one reference at word index `at` to a growing binary more room; the bytes move.
 * @param capacity wanted, in bytes
 */
export function growShared(at: number, capacity: number): void {
  const from = H[at + 2];
  const used = H[from + Shared.Used];
  const to = allocateShared(capacity, used);
  const words = ((used >>> 3) + 4) >>> 2;
  H.copyWithin(to, from, from + words);
  H[to + Shared.References] = 1;
  H[at + 2] = to;
  charge(owner, capacity - H[from + Shared.Capacity]);
  freeBlock(from - PREFIX);
}

/** Takes back the newest references of the running process, as long as they lie in the words [from, to); whether there were any. */
export function unlinkReferences(from: number, to: number): boolean {
  const first = owner.youngBinaries;
  while (owner.youngBinaries >= from && owner.youngBinaries < to) {
    const at = owner.youngBinaries;
    owner.youngBinaries = H[at + 3];
    release(H[at + 2]);
  }
  return owner.youngBinaries !== first;
}

/** Releases the blocks of a chain of references that is not a process's. */
export function releaseChain(first: number): void {
  for (let at = first; at !== 0; at = H[at + 3]) release(H[at + 2]);
}

function release(bytes: number): void {
  if (--H[bytes + Shared.References] !== 0) return;
  if (H[bytes + Shared.Resource] !== 0) sharedHooks.resourceGone(bytes);
  freeBlock(bytes - PREFIX);
}

/** Moves the dead out of a chain. What was copied goes to the owner's old chain if it lies in [oldFrom, oldEnd). */
function sweep(first: number, p: BinaryOwner, oldFrom: number, oldEnd: number): number {
  let words = 0;
  for (let at = first; at !== 0; ) {
    const next = H[at + 3];
    let head = H[at];
    let half = 0;
    if (head === HOLDER) {
      half = 4;
      head = H[at - half];
    }
    // A copied object has the pointer to its copy in place of the header.
    if ((head & 7) === 7) release(H[at + 2]);
    else {
      const to = (head >>> 3) + half;
      const size = (H[H[to + 2] + Shared.Capacity] + 7) >>> 3;
      words += size;
      if (to >= oldFrom && to < oldEnd) {
        H[to + 3] = p.oldBinaries;
        p.oldBinaries = to;
        p.oldBinaryWords += size;
      } else {
        H[to + 3] = p.youngBinaries;
        p.youngBinaries = to;
      }
    }
    at = next;
  }
  return words;
}

/**
 * After a minor collection has copied, before it frees what it copied from: releases what the young heap no longer refers
 * to. [oldFrom, oldEnd) is the old block, where survivors may have gone.
 */
export function sweepYoung(p: BinaryOwner, oldFrom: number, oldEnd: number): void {
  const young = p.youngBinaries;
  p.youngBinaries = 0;
  const lived = sweep(young, p, oldFrom, oldEnd);
  setLimit(p, lived + p.oldBinaryWords);
}

/** The same after a major collection, which leaves all that lives in the old block. */
export function sweepAll(p: BinaryOwner, oldFrom: number, oldEnd: number): void {
  const young = p.youngBinaries;
  const old = p.oldBinaries;
  p.youngBinaries = 0;
  p.oldBinaries = 0;
  p.oldBinaryWords = 0;
  const lived = sweep(young, p, oldFrom, oldEnd) + sweep(old, p, oldFrom, oldEnd);
  p.oldBinaryLimit = Math.max(MIN_BINARY_WORDS, p.oldBinaryWords * 2);
  setLimit(p, lived);
}

/** What lives may be made once more before the next collection, so that its cost stays proportional. */
function setLimit(p: BinaryOwner, lived: number): void {
  p.binaryWords = 0;
  p.binaryLimit = Math.max(MIN_BINARY_WORDS, lived);
}

/** Releases everything the owner refers to: it ends. Its heap must still be there. */
export function releaseBinaries(p: BinaryOwner): void {
  releaseChain(p.youngBinaries);
  releaseChain(p.oldBinaries);
  p.youngBinaries = 0;
  p.oldBinaries = 0;
  p.binaryWords = 0;
  p.oldBinaryWords = 0;
}

/** Size in bytes and number of references of each binary that the owner refers to, with its address as its name. */
export function binariesOf(p: BinaryOwner): { id: number; size: number; references: number }[] {
  const found: { id: number; size: number; references: number }[] = [];
  for (const first of [p.youngBinaries, p.oldBinaries]) {
    for (let at = first; at !== 0; at = H[at + 3]) {
      const bytes = H[at + 2];
      if (H[bytes + Shared.Resource] !== 0) continue;
      found.push({
        id: bytes * 4,
        size: H[bytes + Shared.Capacity],
        references: H[bytes + Shared.References],
      });
    }
  }
  return found;
}
