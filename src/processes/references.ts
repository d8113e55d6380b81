// References of this node: a counter, in the words of the reference and as one number on the JavaScript side.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { newResource } from '../memory/resources.js';
import type { Allocate } from '../terms/build.js';
import { boxedAt, header, Kind, type Term } from '../terms/tags.js';

/** OTP prints references of 18 + 32 + 32 bits, lowest last. */
const LOW_BITS = 18;
let next = 0x40001;

/** The number of a new reference; it has 53 bits at most. */
export function newReferenceNumber(): number {
  return next++;
}

/** The reference term of a number, on the heap of the running process unless another allocator is given. */
export function referenceTerm(n: number, into: Allocate = allocate): Term {
  const at = into(4);
  H[at] = header(Kind.Reference, 3);
  H[at + 1] = n & ((1 << LOW_BITS) - 1);
  H[at + 2] = Math.floor(n / (1 << LOW_BITS)) | 0;
  H[at + 3] = 0;
  return boxedAt(at);
}

/** make_ref/0 */
export function makeReference(): Term {
  return referenceTerm(newReferenceNumber());
}

/** The number of a local reference, 0 if the term is none. */
export function referenceNumber(t: Term): number {
  if ((t & 7) !== 3) return 0;
  const at = t >>> 3;
  if ((H[at] & Kind.Mask) !== Kind.Reference) return 0;
  return (H[at + 2] >>> 0) * (1 << LOW_BITS) + H[at + 1];
}

/** What a reference stands for besides itself; 0: nothing. It is the highest of the words that are printed. */
export const enum Handle {
  Table = 1,
  Buffer = 6,
  Zlib = 7,
  /** Those below are resources: they go with the last reference to them. */
  MatchSpec = 2,
  SignedAtomics = 3,
  UnsignedAtomics = 4,
  Prepared = 5,
}

/**
 * A new reference, of the running process, that holds a resource of that sort.
 * @param bytes of the resource, see newResource
 */
export function resourceTerm(handle: Handle, bytes: number, whenGone: (() => void) | null = null): Term {
  const n = newReferenceNumber();
  return newResource(
    [n & ((1 << LOW_BITS) - 1), Math.floor(n / (1 << LOW_BITS)) | 0, handle],
    bytes,
    whenGone,
  );
}

/** The reference term of a number that stands for something, on the heap of the running process. */
export function handleTerm(n: number, handle: Handle): Term {
  const t = referenceTerm(n);
  H[(t >>> 3) + 3] = handle;
  return t;
}

/** The number of a reference that stands for a thing of that sort, 0 if the term is none. */
export function handleNumber(t: Term, handle: Handle): number {
  if ((t & 7) !== 3) return 0;
  const at = t >>> 3;
  if (H[at] !== ((3 << Kind.SizeShift) | Kind.Reference) || H[at + 3] !== handle) return 0;
  return (H[at + 2] >>> 0) * (1 << LOW_BITS) + H[at + 1];
}
