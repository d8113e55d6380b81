// What the printer of a form writes: words, some of which know where they stand in the source.
import type { Value } from './external-term.js';
import { positionOf } from './nodes.js';

/** How a word may go to a line of its own, which no annotation asks for. */
export const enum Break {
  None,
  /** Between things of which a form without any lines has one in each line: clauses, expressions of a body. */
  Part,
  /** `catch`, `after`, `else`: at the beginning of a line if what they belong to takes several. */
  Section,
  /** `end`: the same, if the line has nothing else. */
  End,
  /** Between values of an attribute, which know no lines: where the line gets long. */
  Wrap,
}

export interface Word {
  text: string;
  /** Whether a space stands before it, unless a line begins. */
  space: boolean;
  /** From 1; 0: not known. */
  line: number;
  column: number;
  break: Break;
  /** For Section and End: the word that begins what they belong to. */
  opener: Word | undefined;
  /** How deep it is nested, for lines that begin with a word whose column is not known. */
  depth: number;
}

export class Writer {
  readonly words: Word[] = [];
  depth = 0;
  private isSpaced = false;
  private nextBreak = Break.None;

  /** Writes a word, right behind the one before unless space() was called. */
  put(text: string, annotation?: Value): Word {
    const { line, column } = positionOf(annotation);
    const word: Word = {
      text,
      space: this.isSpaced,
      line,
      column,
      break: this.nextBreak,
      opener: undefined,
      depth: this.depth,
    };
    this.words.push(word);
    this.isSpaced = false;
    this.nextBreak = Break.None;
    return word;
  }

  /** Writes parentheses around something; the first is on the line of what it stands before. */
  parentheses(write: () => void): void {
    const open = this.put('(');
    const at = this.words.length;
    write();
    const { line = 0, column = 0 } = this.words[at] ?? {};
    open.line = line;
    open.column = Math.max(0, column - 1);
    this.put(')');
  }

  /** A space before the next word. */
  space(): this {
    this.isSpaced = true;
    return this;
  }

  /** A word with a space before and behind it. */
  spaced(text: string, annotation?: Value): void {
    this.space().put(text, annotation);
    this.space();
  }

  /** The next word may begin a line. */
  mayBreak(how: Break.Part | Break.Wrap): this {
    this.nextBreak = how;
    return this;
  }

  /** A keyword inside or at the end of what `opener` begins. */
  closing(text: string, how: Break.Section | Break.End, opener: Word, annotation?: Value): void {
    const word = this.space().put(text, annotation);
    word.break = how;
    word.opener = opener;
  }

  /** Writes things with commas between. */
  commas<T>(items: readonly T[], write: (item: T) => void, how?: Break.Part | Break.Wrap): void {
    items.forEach((item, i) => {
      if (i > 0) {
        this.put(',');
        this.space();
        if (how !== undefined) this.mayBreak(how);
      }
      write(item);
    });
  }
}
