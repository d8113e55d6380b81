// Character classes: […], with POSIX names in them.
import { EscapeReader } from './escapes.js';
import type { Node } from './nodes.js';
import { code, END } from './reader.js';
import { CharacterSet, ClassBuilder, escapeClass, posixClass } from './sets.js';

export class ClassReader extends EscapeReader {
  // ---- Character classes

  protected characterClass(): Node {
    const start = this.at;
    const boundary = this.is('[[:<:]]') ? 'start' : this.is('[[:>:]]') ? 'end' : undefined;
    if (boundary !== undefined) {
      this.at += 7;
      return wordEdge(boundary, this.options.ucp);
    }
    const posix = this.posixAt(start);
    if (posix !== undefined) this.fail(posix === ':' ? 'posixOutside' : 'posixCollating', start);
    this.at++;
    const { unicode, ucp } = this.options;
    const negative = this.accept('^');
    const builder = new ClassBuilder();
    let first = true;
    let quoting = false;
    for (;;) {
      const c = this.peek();
      if (c === END) this.fail('classEnd');
      if (quoting) {
        if (this.accept('\\E')) {
          quoting = false;
          continue;
        }
      } else if (this.accept('\\Q')) {
        quoting = true;
        continue;
      } else if (this.accept('\\E')) continue;
      else if (c === code(']') && !first) break;
      first = false;
      if (!quoting && c === code('[')) {
        const kind = this.posixAt(this.at);
        if (kind !== undefined) {
          if (kind !== ':') this.fail('posixCollating', this.at);
          builder.test(this.posix(ucp));
          continue;
        }
      }
      const from = this.classItem(builder, quoting);
      if (from === undefined) {
        if (!quoting && this.peek() === code('-') && this.peek(1) !== code(']') && this.peek(1) !== END) {
          // A hyphen behind a class stands for itself, but nothing can follow that looks like a range.
          const at = this.at;
          this.at++;
          if (this.peek() === code('\\') || this.peek() !== END) this.at = at;
        }
        continue;
      }
      let to = from;
      const quotedEnd = quoting && this.is('\\E-');
      if ((!quoting && this.peek() === code('-')) || quotedEnd) {
        const at = this.at;
        if (quotedEnd) {
          this.at += 2;
          quoting = false;
        }
        this.at++;
        while (this.accept('\\E')) {}
        let quoted = false;
        if (this.accept('\\Q')) quoted = true;
        const next = this.peek();
        if (next === code(']') || next === END) this.at = at + (quotedEnd ? 2 : 0);
        else if (!quoted && next === code('[') && this.posixAt(this.at) !== undefined) this.fail('badRange');
        else {
          quoting = quoted;
          const end = this.classItem(new ClassBuilder(), quoted);
          if (end === undefined) this.failBefore('badRange');
          if (end < from) this.failBefore('rangeOrder');
          to = end;
        }
      }
      if ((from <= 10 && to >= 10) || (from <= 13 && to >= 13)) this.hasNewlines = true;
      builder.add(from, to);
    }
    this.at++;
    const set = builder.finish(negative, this.inline.caseless, unicode);
    return { kind: 'set', set };
  }

  /** `:`, `.` or `=` if there is something that looks like a POSIX class at `at`. */
  protected posixAt(at: number): string | undefined {
    const kind = this.text[at + 1];
    if (this.text[at] !== code('[') || (kind !== code(':') && kind !== code('.') && kind !== code('=')))
      return undefined;
    for (let i = at + 2; i < this.text.length - 1; i++) {
      const c = this.text[i];
      if (c === code('\\') && (this.text[i + 1] === code(']') || this.text[i + 1] === code('\\'))) i++;
      else if ((c === code('[') && this.text[i + 1] === kind) || c === code(']')) return undefined;
      else if (c === kind && this.text[i + 1] === code(']')) return String.fromCodePoint(kind);
    }
    return undefined;
  }

  protected posix(ucp: boolean): (c: number) => boolean {
    const start = this.at;
    this.at += 2;
    const negative = this.accept('^');
    const from = this.at;
    while (this.peek() !== code(':')) this.at++;
    let name = this.slice(from, this.at);
    // Without regard to case, lower and upper are all letters.
    if (this.inline.caseless && (name === 'lower' || name === 'upper')) name = 'alpha';
    const test = posixClass(name, ucp);
    if (test === undefined) this.fail('posixName', start + 2);
    this.at += 2;
    return negative ? (c) => !test(c) : test;
  }

  /** A character of a class; undefined: it was a class by itself, and is in the builder. */
  protected classItem(builder: ClassBuilder, quoting: boolean): number | undefined {
    const c = this.peek();
    if (quoting || c !== code('\\')) {
      this.at++;
      return c;
    }
    this.at++;
    const next = this.peek();
    if (next === END) this.fail('backslashAtEnd');
    const letter = String.fromCodePoint(next);
    const { ucp } = this.options;
    switch (letter) {
      case 'b':
        this.at++;
        return 8;
      case 'd':
      case 's':
      case 'w':
      case 'h':
      case 'v':
        this.at++;
        builder.test(escapeClass(letter, ucp));
        return undefined;
      case 'D':
      case 'S':
      case 'W':
      case 'H':
      case 'V': {
        this.at++;
        const test = escapeClass(letter.toLowerCase(), ucp);
        builder.test((d) => !test(d));
        return undefined;
      }
      case 'p':
      case 'P':
        builder.test(this.property());
        return undefined;
      case 'N':
        return this.fail('notNewlineInClass');
      case 'B':
      case 'R':
      case 'X':
        if (this.inline.extra) this.fail('classEscape');
        this.at++;
        return next;
    }
    return this.escapedCharacter(true);
  }
}

/** The one edge of a word that [[:<:]] and [[:>:]] stand for. */
function wordEdge(edge: 'start' | 'end', ucp: boolean): Node {
  const word: Node = { kind: 'set', set: CharacterSet.of(escapeClass('w', ucp)) };
  return {
    kind: 'sequence',
    items: [
      { kind: 'position', at: 'wordBoundary' },
      { kind: 'look', ahead: edge === 'start', negative: false, body: word },
    ],
  };
}
