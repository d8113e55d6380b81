// The subject of a match: its characters, newlines and words, as the options of the pattern see them.
import { type CompileOptions, type MatchOptions, Newline } from './options.js';
import { At, equalCaseless, type Program, SingleKind } from './program.js';
import type { CharacterSet } from './sets.js';

/** What a machine needs to know of a pattern. */
export interface Matchable {
  program: Program;
  groups: number;
  unicode: boolean;
  newline: Newline;
  bsrAnyCrLf: boolean;
  /** Word characters, for \b. */
  word: CharacterSet;
  firstline: boolean;
  anchored: boolean;
  hasNewlines: boolean;
  options: CompileOptions;
}

export class Subject {
  /** Start and end of the match and of the groups, in bytes; -1: not set. */
  readonly registers: Int32Array;
  protected readonly newline: Newline;
  protected searchStart = 0;

  constructor(
    protected readonly pattern: Matchable,
    protected readonly subject: Uint8Array,
    protected readonly options: MatchOptions,
    registers: number,
  ) {
    this.newline = options.newline ?? pattern.newline;
    this.registers = new Int32Array(registers);
  }

  protected next(at: number): number {
    at++;
    if (this.pattern.unicode) while (at < this.subject.length && (this.subject[at] & 0xc0) === 0x80) at++;
    return at;
  }

  protected previous(at: number): number {
    at--;
    if (this.pattern.unicode) while (at > 0 && (this.subject[at] & 0xc0) === 0x80) at--;
    return at;
  }

  /** The character at a byte. */
  protected codeAt(at: number): number {
    const s = this.subject;
    const c = s[at];
    if (c < 0x80 || !this.pattern.unicode) return c;
    if (c < 0xe0) return ((c & 0x1f) << 6) | (s[at + 1] & 0x3f);
    if (c < 0xf0) return ((c & 0x0f) << 12) | ((s[at + 1] & 0x3f) << 6) | (s[at + 2] & 0x3f);
    return ((c & 7) << 18) | ((s[at + 1] & 0x3f) << 12) | ((s[at + 2] & 0x3f) << 6) | (s[at + 3] & 0x3f);
  }

  /** Length in bytes of the newline that starts at `at`, or 0. */
  protected newlineLength(at: number): number {
    const { subject, newline } = this;
    if (at >= subject.length) return 0;
    const c = subject[at];
    if (newline === Newline.Lf) return c === 10 ? 1 : 0;
    if (newline === Newline.Cr) return c === 13 ? 1 : 0;
    if (c === 13 && subject[at + 1] === 10) return 2;
    if (newline === Newline.CrLf) return 0;
    if (c === 10 || c === 13) return 1;
    return newline === Newline.Any ? this.otherNewlineLength(at) : 0;
  }

  /** VT, FF, NEL, LS, PS */
  protected otherNewlineLength(at: number): number {
    const c = this.codeAt(at);
    if (c === 11 || c === 12) return 1;
    if (c === 0x85) return this.pattern.unicode ? 2 : 1;
    return c === 0x2028 || c === 0x2029 ? 3 : 0;
  }

  /** Whether a newline ends before `at`. */
  protected afterNewline(at: number): boolean {
    const { subject, newline } = this;
    if (at === 0) return false;
    const c = subject[at - 1];
    switch (newline) {
      case Newline.Lf:
        return c === 10;
      case Newline.Cr:
        return c === 13;
      case Newline.CrLf:
        return c === 10 && at > 1 && subject[at - 2] === 13;
      case Newline.AnyCrLf:
        return c === 10 || c === 13;
      default:
        return c === 10 || c === 13 || this.otherNewlineLength(this.previous(at)) > 0;
    }
  }

  protected isWordAt(at: number): boolean {
    return at >= 0 && at < this.subject.length && this.pattern.word.has(this.codeAt(at));
  }

  protected holds(what: At, at: number): boolean {
    const end = this.subject.length;
    const { notbol, noteol } = this.options;
    switch (what) {
      case At.SubjectStart:
        return at === 0;
      case At.Circumflex:
        return at === 0 && !notbol;
      case At.LineStart:
        return at === 0 ? !notbol : at !== end && this.afterNewline(at);
      case At.SubjectEnd:
        return at === end;
      case At.LastLineEnd:
        return at === end || this.newlineLength(at) === end - at;
      case At.Dollar:
        return !noteol && (at === end || this.newlineLength(at) === end - at);
      case At.DollarEnd:
        return !noteol && at === end;
      case At.LineEnd:
        return at === end ? !noteol : this.newlineLength(at) > 0;
      case At.MatchStart:
        return at === this.searchStart;
      default: {
        const before = at > 0 && this.isWordAt(this.previous(at));
        return (before !== this.isWordAt(at)) === (what === At.WordBoundary);
      }
    }
  }

  /** The position behind a single character, or -1 if it is another one. */
  protected step(kind: SingleKind, argument: number, at: number): number {
    const { subject, pattern } = this;
    if (at >= subject.length) return -1;
    switch (kind) {
      case SingleKind.Char:
        if (argument < 0x80 || !pattern.unicode) return subject[at] === argument ? at + 1 : -1;
        return this.codeAt(at) === argument ? this.next(at) : -1;
      case SingleKind.Set: {
        const c = subject[at];
        const set = pattern.program.sets[argument];
        if (c < 0x80 || !pattern.unicode) return set.low[c] === 1 ? at + 1 : -1;
        return set.has(this.codeAt(at)) ? this.next(at) : -1;
      }
      case SingleKind.NotNewline:
        return this.newlineLength(at) > 0 ? -1 : this.next(at);
      case SingleKind.Any:
        return this.next(at);
      case SingleKind.Unit:
        return at + 1;
      case SingleKind.Cluster:
        return this.behindCluster(at);
    }
  }

  protected behindCluster(at: number): number {
    if (!this.pattern.unicode)
      return this.subject[at] === 13 && this.subject[at + 1] === 10 ? at + 2 : at + 1;
    const window = new TextDecoder().decode(this.subject.subarray(at, at + 512));
    const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(window);
    return at + Buffer.byteLength(first.segment);
  }

  /** The position behind what the groups have captured, or -1; the first group that is set counts. */
  protected back(groups: number[], caseless: boolean, at: number): number {
    const { registers, subject, pattern } = this;
    const group = groups.find((g) => registers[2 * g + 1] >= 0 && registers[2 * g] >= 0);
    if (group === undefined) return -1;
    let from = registers[2 * group];
    const to = registers[2 * group + 1];
    if (!caseless) {
      if (at + to - from > subject.length) return -1;
      for (; from < to; from++, at++) if (subject[from] !== subject[at]) return -1;
      return at;
    }
    while (from < to) {
      if (at >= subject.length || !equalCaseless(this.codeAt(from), this.codeAt(at), pattern.unicode))
        return -1;
      from = this.next(from);
      at = this.next(at);
    }
    return at;
  }

  protected newlineSequence(at: number): number {
    const { subject, pattern } = this;
    if (at >= subject.length) return -1;
    const c = subject[at];
    if (c === 13) return subject[at + 1] === 10 ? at + 2 : at + 1;
    if (c === 10) return at + 1;
    const other = pattern.bsrAnyCrLf ? 0 : this.otherNewlineLength(at);
    return other > 0 ? at + other : -1;
  }
}
