// Things that references of programs stand for, and that go with the last such reference: arrays of atomics and counters,
// compiled match specifications (OTP's magic references). A resource is a shared block off the heap (off-heap.ts), and a
// reference that holds one is in its owner's chain like a reference to a binary: the collector, the end of processes and
// tables release it.
//
// Holding reference: [header of a Reference of 7 words][words 0 to 2][HOLDER][0][word index of the bytes][next in the chain];
// the chain leads to its fifth word, so that what is linked looks like a reference to a binary.
// Bytes: [words 0 and 1 of the reference][what the sort needs...]
import { boxedAt, header, Kind, type Term } from '../terms/tags.js';
import { allocate } from './allocate.js';
import { H } from './arena.js';
import { allocateShared, HOLDER, linkHolder, NOT_GROWING, Shared, sharedHooks } from './off-heap.js';

/** Words of a reference that holds a resource, with the header. */
export const HOLDING_WORDS = 8;

/** The header of one. */
const HOLDING = header(Kind.Reference, HOLDING_WORDS - 1);

/** Bytes of a resource before what is its own. */
export const RESOURCE_PREFIX = 8;

/** What is to be done when a resource has gone; null: its memory was all. */
type Gone = (() => void) | null;

/** By number of the reference (see `resourceNumber`), the word index of the bytes. */
const live = new Map<number, number>();
/** By the word index of the bytes. */
const gone = new Map<number, () => void>();
/** What is still to be done for resources that have gone: one may hold another. */
const pending: (() => void)[] = [];
let isReleasing = false;

/** How many resources there are. */
export function resourceCount(): number {
  return live.size;
}

function resourceNumber(w0: number, w1: number): number {
  return (w1 >>> 0) * 0x40000 + w0;
}

/**
 * A new resource: a reference of the running process that holds it.
 * @param words words 0 to 2 of the reference; the third, not 0, says what sort of thing it stands for
 * @param bytes how many the resource has of its own, from RESOURCE_PREFIX on; they are cleared
 * @throws ArenaFull
 */
export function newResource(words: readonly [number, number, number], bytes: number, whenGone: Gone): Term {
  const at = allocateShared(RESOURCE_PREFIX + bytes, NOT_GROWING);
  H.fill(0, at, at + ((RESOURCE_PREFIX + bytes + 3) >>> 2));
  H[at] = words[0];
  H[at + 1] = words[1];
  H[at + Shared.Resource] = words[2];
  live.set(resourceNumber(words[0], words[1]), at);
  if (whenGone !== null) gone.set(at, whenGone);
  return holdingReference(words, at, allocate(HOLDING_WORDS));
}

/** A reference, with room at word index `at`, of the running process to the resource whose bytes are at `bytes`. */
export function holdingReference(
  words: readonly [number, number, number],
  bytes: number,
  at = allocate(HOLDING_WORDS),
): Term {
  H[at] = HOLDING;
  H[at + 1] = words[0];
  H[at + 2] = words[1];
  H[at + 3] = words[2];
  H[at + 4] = HOLDER;
  H[at + 5] = 0;
  H[at + 6] = bytes;
  linkHolder(at + 4);
  return boxedAt(at);
}

/** The word index of the bytes of the resource with these words in its references, 0: there is none (any more). */
export function liveResource(w0: number, w1: number, w2: number): number {
  const bytes = w2 === 0 ? undefined : live.get(resourceNumber(w0, w1));
  return bytes !== undefined && H[bytes + Shared.Resource] === w2 ? bytes : 0;
}

/** The word index of the bytes of the resource that the term holds, 0: it holds none with that third word. */
export function resourceOf(t: Term, w2: number): number {
  if ((t & 7) !== 3) return 0;
  const at = t >>> 3;
  return H[at] === HOLDING && H[at + 3] === w2 ? H[at + 6] : 0;
}

sharedHooks.resourceGone = (bytes) => {
  live.delete(resourceNumber(H[bytes], H[bytes + 1]));
  const whenGone = gone.get(bytes);
  if (whenGone === undefined) return;
  gone.delete(bytes);
  pending.push(whenGone);
  if (isReleasing) return;
  isReleasing = true;
  try {
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) next();
  } finally {
    isReleasing = false;
  }
};
