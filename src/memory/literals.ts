// Literals: terms that belong to no process, lie below the heap region and are never moved or copied. Those that go away
// together, the constants of a module say, share an area. Before an area is released, processes that still hold terms in
// it have to get copies (code/references.ts).
import { literalSpace } from './spaces.js';

const FIRST_CHUNK = 64;
const LARGEST_CHUNK = 1 << 16;

export class LiteralArea {
  /** First word and number of words, in pairs. */
  private readonly chunks: number[] = [];
  private top = 0;
  private end = 0;
  private nextChunk = FIRST_CHUNK;

  /** Room for `words` words of terms: the index of the first. A function of its own, to be handed to term builders. */
  readonly allocate = (words: number): number => {
    if (this.top + words > this.end) this.grow(words);
    const at = this.top;
    this.top += words;
    return at;
  };

  private grow(words: number): void {
    this.trim();
    const size = Math.max(words, this.nextChunk);
    this.nextChunk = Math.min(this.nextChunk * 2, LARGEST_CHUNK);
    this.top = literalSpace.allocate(size);
    this.end = this.top + size;
    this.chunks.push(this.top, size);
  }

  /** Gives back what the last chunk has not used. */
  trim(): void {
    const unused = this.end - this.top;
    if (unused === 0) return;
    literalSpace.release(this.top, unused);
    this.end = this.top;
    const last = this.chunks.length - 1;
    this.chunks[last] -= unused;
    if (this.chunks[last] === 0) this.chunks.length -= 2;
  }

  /** Words in use. */
  get words(): number {
    let words = this.top - this.end;
    for (let i = 1; i < this.chunks.length; i += 2) words += this.chunks[i];
    return words;
  }

  /** Lowest word, and the word behind the highest; between them may be words of others. */
  get bounds(): [low: number, high: number] {
    let low = 0;
    let high = 0;
    for (let i = 0; i < this.chunks.length; i += 2) {
      const at = this.chunks[i];
      if (high === 0 || at < low) low = at;
      high = Math.max(high, at + this.chunks[i + 1]);
    }
    return [low, high];
  }

  /** Whether a word of the arena belongs to the area. */
  contains(index: number): boolean {
    const { chunks } = this;
    for (let i = 0; i < chunks.length; i += 2)
      if (index >= chunks[i] && index < chunks[i] + chunks[i + 1]) return true;
    return false;
  }

  /** Gives all of it back. Nothing may point into it any more. */
  release(): void {
    for (let i = 0; i < this.chunks.length; i += 2) literalSpace.release(this.chunks[i], this.chunks[i + 1]);
    this.chunks.length = 0;
    this.top = this.end = 0;
  }
}

/** Literals that stay as long as the runtime. */
export const permanentLiterals = new LiteralArea();

let present = permanentLiterals;

/** Room for literals of whatever is being loaded or translated at the moment. */
export function allocateLiteral(words: number): number {
  return present.allocate(words);
}

/** What `build` allocates with allocateLiteral goes to that area. */
export function inArea<T>(area: LiteralArea, build: () => T): T {
  const before = present;
  present = area;
  try {
    return build();
  } finally {
    present = before;
  }
}
