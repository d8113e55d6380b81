// The hash that places a key in a large map: 32 bits, equal for terms that are =:=. It never leaves the runtime (that
// is phash2, hash.ts). Atoms count by their names, so that the order of a map is the same in every run.
import { B, H } from '../memory/arena.js';
import { binaryBytes, bytesOf } from './access.js';
import { atomName } from './atoms.js';
import { floatValue } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { leavesOf } from './hamt.js';
import { Imm, Kind, Tag, type Term } from './tags.js';

/** The finaliser of MurmurHash3 (Austin Appleby, public domain): a bijection, so different small integers never collide. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The hash of the terms so far and of one word more. */
function add(h: number, word: number): number {
  return mix((Math.imul(h, 31) + word) | 0);
}

/** The hash of a key, as an int32. */
export function keyHash(t: Term): number {
  if ((t & 1) === 0) return mix(t);
  if ((t & Imm.Mask) === Imm.Atom) return atomKeyHash(t);
  if ((t & Tag.Mask) === Tag.Immediate) return mix(t);
  return compoundHash(t);
}

/** Hashes of atoms by number; 0: not known yet. */
let atomHashes = new Int32Array(1024);

function atomKeyHash(t: Term): number {
  const n = t >>> 6;
  if (n >= atomHashes.length) {
    const larger = new Int32Array(Math.max(n + 1, atomHashes.length * 2));
    larger.set(atomHashes);
    atomHashes = larger;
  }
  const known = atomHashes[n];
  if (known !== 0) return known;
  const name = atomName(t);
  let h = name.length;
  for (let i = 0; i < name.length; i++) h = (Math.imul(h, 0x01000193) ^ name.charCodeAt(i)) | 0;
  // An odd word: no small integer has it.
  h = mix((h << 1) | 1);
  atomHashes[n] = h;
  return h;
}

/** Tells lists, and the places where they end, from other terms. */
const LIST = 0x4c69;
const BITS = 0x4269;
const MAP = 0x4d61;

function compoundHash(t: Term): number {
  // What is still to be hashed: word indexes and counts of terms behind each other.
  const stack: number[] = [];
  let h = 0;
  for (;;) {
    if ((t & Tag.Mask) === Tag.Cons) {
      h = add(h, LIST);
      for (;;) {
        const at = t >>> 3;
        const head = H[at];
        if ((head & 5) === 1) {
          stack.push(at + 1, 1);
          t = head;
          break;
        }
        h = add(h, keyHash(head));
        t = H[at + 1];
        if ((t & Tag.Mask) !== Tag.Cons) break;
      }
      continue;
    }
    if ((t & Tag.Mask) !== Tag.Boxed) h = add(h, keyHash(t));
    else {
      const at = t >>> 3;
      const size = H[at] >>> Kind.SizeShift;
      switch (H[at] & Kind.Mask) {
        case Kind.Tuple:
        case Kind.Record:
          h = add(h, H[at]);
          if (size > 0) stack.push(at + 1, size);
          break;
        case Kind.FlatMap:
          h = add(h, H[at]);
          stack.push(at + 1, size);
          break;
        case Kind.HashMap:
          h = add(h, hashOfMap(t));
          break;
        case Kind.Fun: {
          const { module, oldIndex, oldUniq } = externalHooks.lambdaOf(H[at + 1] >> 1);
          h = add(add(add(h, keyHash(module)), oldIndex), oldUniq);
          if (size > 3) stack.push(at + 4, size - 3);
          break;
        }
        default:
          h = leafHash(h, t, at, size);
      }
    }
    const top = stack.length - 2;
    if (top < 0) return h;
    t = H[stack[top]];
    if (stack[top + 1] === 1) stack.length = top;
    else {
      stack[top]++;
      stack[top + 1]--;
    }
  }
}

/** The pairs of a large map in any order. */
function hashOfMap(t: Term): number {
  const leaves = leavesOf(t);
  let pairs = 0;
  for (const leaf of leaves) {
    const at = leaf >>> 3;
    pairs = (pairs + add(keyHash(H[at]), keyHash(H[at + 1]))) | 0;
  }
  return add(pairs, MAP + leaves.length);
}

/** A boxed term without other terms in it. */
function leafHash(h: number, t: Term, at: number, size: number): number {
  switch (H[at] & Kind.Mask) {
    case Kind.Float:
      // 0.0 =:= -0.0.
      return floatValue(t) === 0 ? add(h, Kind.Float) : add(add(h, H[at + 1]), H[at + 2]);
    case Kind.PositiveBig:
    case Kind.NegativeBig:
      for (let i = 0; i <= size; i++) h = add(h, H[at + i]);
      return h;
    case Kind.Reference:
      return add(add(h, H[at + 1]), H[at + 2]);
    case Kind.ExternalReference:
      return add(add(h, H[at + 3]), size > 3 ? H[at + 4] : 0);
    case Kind.ExternalPid:
    case Kind.ExternalPort:
      return add(add(h, H[at + 2]), H[at + 3]);
    case Kind.ExportFun: {
      const { module, name, arity } = externalHooks.exportMfa(H[at + 1] >> 1);
      return add(add(add(h, keyHash(module)), keyHash(name)), arity);
    }
    case Kind.HeapBinary:
    case Kind.SubBinary:
    case Kind.RefcBinary:
      return bitsHash(h, t);
    default:
      // Terms of a kind that is not known here are told apart by comparison only.
      return add(h, H[at] & Kind.Mask);
  }
}

function bitsHash(h: number, t: Term): number {
  const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
  const aligned = ((bitOffset | bitSize) & 7) === 0;
  const bytes = aligned ? B : bytesOf(t);
  let at = aligned ? byteOffset : 0;
  const end = at + ((bitSize + 7) >>> 3);
  h = add(h, BITS + bitSize);
  for (; at + 4 <= end; at += 4) {
    h = add(h, bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
  }
  let rest = 0;
  for (; at < end; at++) rest = (rest << 8) | bytes[at];
  return add(h, rest);
}
