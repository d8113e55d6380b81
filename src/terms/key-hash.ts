// The hash that places a key in a large map: 32 bits, equal for terms that are =:=. It never leaves the runtime (that is phash2,
// hash.ts). It is the hash that native Erlang (OTP 25) has for the purpose, so that large maps are gone over in native's order; but for
// keys that are atoms or hold some: native hashes their numbers, which depend on what was loaded before. Here atoms count by
// their names, so that the order of a map is the same in every run. Other keys that are not where native has them: pids,
// references, funs, large maps, and keys that have the same hash.
import { atomName } from './atoms.js';
import { internalHash } from './internal-hash.js';
import { Imm, type Term } from './tags.js';

/** The finaliser of MurmurHash3 (Austin Appleby, public domain): a bijection. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The hash of a key, as an int32. Its highest four bits count at the root of a map. */
export function keyHash(t: Term): number {
  return (t & Imm.Mask) === Imm.Atom ? atomKeyHash(t) : turned(internalHash(t));
}

/** The eight groups of four bits in reverse order: native starts with the lowest. */
function turned(h: number): number {
  h = ((h >>> 4) & 0x0f0f0f0f) | ((h & 0x0f0f0f0f) << 4);
  h = ((h >>> 8) & 0x00ff00ff) | ((h & 0x00ff00ff) << 8);
  return (h >>> 16) | (h << 16);
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
