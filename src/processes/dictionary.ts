// The process dictionary: keys that are immediates are looked up as they are, others by their hash.

import { Atom } from '../terms/atoms.js';
import { exactEqual } from '../terms/compare.js';
import { phash2 } from '../terms/hash.js';
import type { Term } from '../terms/tags.js';

const isPointer = (t: Term): boolean => (t & 7) === 3 || (t & 7) === 1;

/** Keys and values of one process. They lie on its heap and are roots for the collector. */
export class Dictionary {
  private readonly plain = new Map<Term, Term>();
  /** By hash of the key: keys and values, in pairs. */
  private boxed: Map<number, Term[]> | null = null;

  get(key: Term): Term {
    if (!isPointer(key)) return this.plain.get(key) ?? Atom.Undefined;
    const pairs = this.boxed?.get(phash2(key));
    const i = pairs === undefined ? -1 : indexOf(pairs, key);
    return i < 0 ? Atom.Undefined : pairs![i + 1];
  }

  /** Gives what was there before, or undefined (the atom). */
  put(key: Term, value: Term): Term {
    if (!isPointer(key)) {
      const old = this.plain.get(key) ?? Atom.Undefined;
      this.plain.set(key, value);
      return old;
    }
    this.boxed ??= new Map();
    const hash = phash2(key);
    const pairs = this.boxed.get(hash);
    if (pairs === undefined) {
      this.boxed.set(hash, [key, value]);
      return Atom.Undefined;
    }
    const i = indexOf(pairs, key);
    if (i < 0) {
      pairs.push(key, value);
      return Atom.Undefined;
    }
    const old = pairs[i + 1];
    pairs[i + 1] = value;
    return old;
  }

  /** Gives what was there, or undefined (the atom). */
  erase(key: Term): Term {
    if (!isPointer(key)) {
      const old = this.plain.get(key) ?? Atom.Undefined;
      this.plain.delete(key);
      return old;
    }
    const hash = phash2(key);
    const pairs = this.boxed?.get(hash);
    const i = pairs === undefined ? -1 : indexOf(pairs, key);
    if (i < 0) return Atom.Undefined;
    const [, old] = pairs!.splice(i, 2);
    if (pairs!.length === 0) this.boxed!.delete(hash);
    return old;
  }

  entries(): [key: Term, value: Term][] {
    const all: [Term, Term][] = [...this.plain];
    for (const pairs of this.boxed?.values() ?? [])
      for (let i = 0; i < pairs.length; i += 2) all.push([pairs[i], pairs[i + 1]]);
    return all;
  }

  /** @see HeapOwner.moveRoots */
  moveRoots(move: (t: Term) => Term): void {
    for (const [key, value] of this.plain) if (isPointer(value)) this.plain.set(key, move(value));
    if (this.boxed === null) return;
    for (const pairs of this.boxed.values()) for (let i = 0; i < pairs.length; i++) pairs[i] = move(pairs[i]);
  }
}

function indexOf(pairs: Term[], key: Term): number {
  for (let i = 0; i < pairs.length; i += 2) if (exactEqual(pairs[i], key)) return i;
  return -1;
}
