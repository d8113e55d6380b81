// Room for code and for literals: two regions of the arena from which ranges of words are taken and given back. Modules come
// and go rarely, so a sorted list of what is free does.
import { Region } from './arena.js';

/** There is no room for code or literals. */
export class CodeFull extends Error {}

export class Space {
  /** Words handed out. */
  used = 0;
  /** Free ranges, by address; neighbours never touch. */
  private readonly starts: number[];
  private readonly sizes: number[];

  constructor(
    from: number,
    to: number,
    private readonly what: string,
  ) {
    this.starts = [from];
    this.sizes = [to - from];
  }

  /** Room for `words` words (at least one): the index of the first. */
  allocate(words: number): number {
    const { starts, sizes } = this;
    for (let i = 0; i < sizes.length; i++) {
      const size = sizes[i];
      if (size < words) continue;
      const at = starts[i];
      if (size === words) {
        starts.splice(i, 1);
        sizes.splice(i, 1);
      } else {
        starts[i] = at + words;
        sizes[i] = size - words;
      }
      this.used += words;
      return at;
    }
    throw new CodeFull(`no room for more ${this.what}`);
  }

  /** Gives back `words` words from `at` on, which may be a part of what was taken. */
  release(at: number, words: number): void {
    if (words === 0) return;
    const { starts, sizes } = this;
    this.used -= words;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] < at) low = middle + 1;
      else high = middle;
    }
    const joinsPrevious = low > 0 && starts[low - 1] + sizes[low - 1] === at;
    const joinsNext = low < starts.length && starts[low] === at + words;
    if (joinsPrevious && joinsNext) {
      sizes[low - 1] += words + sizes[low];
      starts.splice(low, 1);
      sizes.splice(low, 1);
    } else if (joinsPrevious) sizes[low - 1] += words;
    else if (joinsNext) {
      starts[low] = at;
      sizes[low] += words;
    } else {
      starts.splice(low, 0, at);
      sizes.splice(low, 0, words);
    }
  }
}

/** Code of the interpreter. The words before it are code that never changes: the end of a process. */
export const codeSpace = new Space(Region.CodeStart + 16, Region.CodeEnd, 'code');
/** Literals. */
export const literalSpace = new Space(Region.LiteralStart, Region.LiteralEnd, 'literals');
