// Puts the words of forms on lines: each word that knows its line on that one, as far as those before it leave it free.
import { Break, type Word } from './writer.js';

/** Lines of attributes get broken behind so many characters. */
const WIDTH = 100;

/** The rows of a text in which each form is on its lines. */
export function layOut(forms: readonly Word[][]): string[] {
  const late: Word[][] = [];
  const lineOf = new Map(forms.map((words) => [words, words.find((w) => w.line > 0)?.line ?? 0]));
  // What a generator has made jumps to and fro in the file that it was made of.
  const sorted = forms
    .filter((words) => lineOf.get(words)! > 0)
    .sort((a, b) => lineOf.get(a)! - lineOf.get(b)!);
  const nexts = nextLines(sorted);
  const page = new Page(hasTabs(sorted));
  sorted.forEach((words, i) => {
    if (page.hasRoom(lineOf.get(words)!)) page.form(words, nexts[i]!);
    else late.push(words);
  });
  // What knows no line, or finds no room on it (code that a parse transform has made), goes behind everything else.
  late.push(...forms.filter((words) => lineOf.get(words) === 0));
  for (const words of late) page.looseForm(words);
  return page.rows;
}

/** Whether lines begin with tabs, which annotations count as one column: then some begin further left than they can. */
function hasTabs(forms: readonly Word[][]): boolean {
  let line = 0;
  for (const words of forms)
    for (const word of words) {
      if (word.line <= line) continue;
      line = word.line;
      if (word.column > 1 && word.column - 1 < word.depth) return true;
    }
  return false;
}

/** For each word the line of the next one that knows its own, behind it. */
function nextLines(forms: readonly Word[][]): number[][] {
  let next = Number.POSITIVE_INFINITY;
  const all = forms.map((words) => new Array<number>(words.length));
  for (let f = forms.length - 1; f >= 0; f--)
    for (let w = forms[f]!.length - 1; w >= 0; w--) {
      all[f]![w] = next;
      const { line } = forms[f]![w]!;
      if (line > 0) next = line;
    }
  return all;
}

class Page {
  /** All rows but the last. */
  private readonly done: string[] = [];
  /** What is on the last row, behind its indentation; rows may be long, and are put together once. */
  private texts: string[] = [];
  private indent = 0;
  /** Characters in the last row. */
  private width = 0;
  /** The last line, from 1; 0: there is none. */
  private line = 0;
  /** Where words went: row and column, from 0. */
  private readonly places = new Map<Word, [row: number, column: number]>();

  constructor(private readonly hasTabs: boolean) {}

  get rows(): string[] {
    return this.line === 0 ? [] : [...this.done, this.row()];
  }

  /** Whether a form can begin on a line. */
  hasRoom(line: number): boolean {
    return line > this.line || (line === this.line && this.width < WIDTH);
  }

  /** Adds a form that knows its lines. */
  form(words: readonly Word[], nexts: readonly number[]): void {
    words.forEach((word, i) => {
      if (word.line > this.line) this.goTo(word.line, this.indentOf(word));
      else if (this.breaksAt(word, nexts[i]!)) this.goTo(this.line + 1, this.indentUnder(word));
      this.add(word, word.space || i === 0);
    });
  }

  /** Adds a form that knows no lines, or whose lines are taken. */
  looseForm(words: readonly Word[]): void {
    this.goTo(this.line + 1, 0);
    words.forEach((word, i) => {
      if (i === 0 || word.break === Break.Part || this.isTooLong(word) || this.isFarFromOpener(word))
        this.goTo(this.line + 1, 4 * word.depth);
      this.add(word, word.space);
    });
  }

  /** Whether a word that knows no line begins one, where those behind it leave a line free. */
  private breaksAt(word: Word, next: number): boolean {
    if (word.line > 0) return false;
    const free = next - this.line;
    if (word.break === Break.Wrap) return free > 1 && this.isTooLong(word);
    return this.isFarFromOpener(word) && free > (word.break === Break.End ? 1 : 0);
  }

  private isTooLong(word: Word): boolean {
    return word.break === Break.Wrap && this.width + word.text.length > WIDTH;
  }

  /** Whether what a word belongs to began on another line. */
  private isFarFromOpener({ opener }: Word): boolean {
    return opener !== undefined && this.places.get(opener)![0] < this.line - 1;
  }

  private indentUnder({ opener, depth }: Word): number {
    return opener === undefined ? 4 * depth : this.places.get(opener)![1];
  }

  private indentOf({ column, depth }: Word): number {
    const expected = 4 * depth;
    if (column === 0) return expected;
    if (!this.hasTabs) return column - 1;
    // As many tabs of eight, with less than eight spaces behind them, as come nearest to what its depth lets expect.
    let best = 0;
    let distance = Number.POSITIVE_INFINITY;
    const isTab = expected > 0 && column - 1 < 4;
    for (let tabs = Math.max(isTab ? 1 : 0, column - 8); tabs < column; tabs++) {
      const indent = 7 * tabs + column - 1;
      if (Math.abs(indent - expected) >= distance) continue;
      distance = Math.abs(indent - expected);
      best = indent;
    }
    return best;
  }

  private row(): string {
    return this.texts.length === 0 ? '' : ' '.repeat(this.indent) + this.texts.join('');
  }

  private goTo(line: number, indent: number): void {
    if (this.line > 0) this.done.push(this.row());
    while (this.done.length < line - 1) this.done.push('');
    this.line = line;
    this.texts = [];
    this.indent = indent;
    this.width = indent;
  }

  private add(word: Word, isSpaced: boolean): void {
    const text = isSpaced && this.texts.length > 0 ? ` ${word.text}` : word.text;
    this.places.set(word, [this.line - 1, this.width + text.length - word.text.length]);
    this.texts.push(text);
    this.width += text.length;
  }
}
