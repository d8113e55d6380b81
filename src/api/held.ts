// Terms that JavaScript holds: each is a copy in a block of the arena that belongs to no process, as an object of a table does,
// and goes with the JavaScript object that stands for it.
import { termHolders } from '../code/references.js';
import { ArenaFull } from '../memory/allocate.js';
import { Region } from '../memory/arena.js';
import { allocateBlock, freeBlock } from '../memory/blocks.js';
import { copyTo, termSize } from '../memory/copy.js';
import { newBinaryOwner, releaseChain } from '../memory/off-heap.js';
import { current } from '../processes/current.js';
import type { Allocate } from '../terms/build.js';
import type { Term } from '../terms/tags.js';

/** What values of this runtime are marked with. */
export const owner: object = {};

/** A term that is kept. */
export class Held {
  private constructor(
    private readonly term: Term,
    private readonly block: number,
    private readonly words: number,
    private readonly binaries: number,
  ) {}

  /** Keeps a copy of the term, with copies of all literals in it. */
  static of(t: Term): Held {
    const words = termSize(t, Region.LiteralStart);
    const block = allocateBlock(words);
    if (block === 0) throw new ArenaFull(`no room for ${words} words`);
    const binaries = newBinaryOwner();
    const copy = copyTo(t, block, binaries, Region.LiteralStart);
    const held = new Held(copy, block, words, binaries.youngBinaries);
    all.add(held);
    return held;
  }

  /** A copy for the running process. */
  copyOut(into: Allocate): Term {
    return copyTo(this.term, into(termSize(this.term)), current);
  }

  look(visit: (from: number, to: number) => void): void {
    visit(this.block, this.block + this.words);
  }

  release(): void {
    all.delete(this);
    releaseChain(this.binaries);
    freeBlock(this.block);
  }
}

const all = new Set<Held>();
termHolders.push((look) => {
  for (const h of all) h.look(look);
});

const byObject = new WeakMap<object, Held>();
const registry = new FinalizationRegistry<Held>((h) => h.release());

/** Keeps the term as long as the object lives that stands for it. */
export function hold(object: object, t: Term): Held {
  const held = Held.of(t);
  byObject.set(object, held);
  registry.register(object, held);
  return held;
}

/** What the object stands for; undefined: nothing of this runtime. */
export function heldOf(object: object): Held | undefined {
  return byObject.get(object);
}

/** How many terms JavaScript holds. */
export function heldCount(): number {
  return all.size;
}
