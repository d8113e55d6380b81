// Escapes that stand for a character or a set of them: \n, \x{…}, \d, \p{…}

import { LexicalReader } from './lexical.js';
import type { Node } from './nodes.js';
import { code, END, isDigit, isWordCharacter } from './reader.js';
import { CharacterSet, escapeClass, propertyClass } from './sets.js';

const hexValue = (c: number): number => {
  if (isDigit(c)) return c - 48;
  const lower = c | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
};

export class EscapeReader extends LexicalReader {
  /** The set of \d, \W and their like. */
  protected escapedSet(letter: string): Node {
    const { ucp, unicode } = this.options;
    const small = letter.toLowerCase();
    const negative = letter !== small;
    const test = escapeClass(small, ucp);
    const set = CharacterSet.of(negative ? (c) => !test(c) : test);
    if (small === 'h' || small === 'v') return { kind: 'set', set };
    if (ucp) return { kind: 'set', set, starts: 'unknown' };
    if (!unicode) return { kind: 'set', set };
    const least = CharacterSet.of((c) => (c < 128 ? test(c) !== negative : negative));
    return { kind: 'set', set, starts: negative ? undefined : 'ascii', least };
  }

  /** The test of \p or \P. */
  protected property(): (c: number) => boolean {
    let negative = this.peek() === code('P');
    this.at++;
    let name: string;
    if (this.accept('{')) {
      if (this.accept('^')) negative = !negative;
      const start = this.at;
      while (this.peek() !== code('}')) {
        if (this.peek() === END || this.at - start > 60) this.fail('badProperty');
        this.at++;
      }
      name = this.slice(start, this.at);
      this.at++;
    } else {
      if (this.peek() === END) this.fail('badProperty');
      name = String.fromCodePoint(this.peek());
      this.at++;
    }
    const test = propertyClass(name);
    if (test === undefined) this.failBefore('unknownProperty');
    return negative ? (c) => !test(c) : test;
  }

  /** The character that an escape stands for; the backslash has been read. */
  protected escapedCharacter(inClass: boolean): number {
    const c = this.peek();
    const letter = String.fromCodePoint(c);
    switch (letter) {
      case 'a':
        this.at++;
        return 7;
      case 'e':
        this.at++;
        return 27;
      case 'f':
        this.at++;
        return 12;
      case 'n':
        this.at++;
        return 10;
      case 'r':
        this.at++;
        return 13;
      case 't':
        this.at++;
        return 9;
      case 'c':
        return this.control();
      case 'x':
        return this.hexadecimal();
      case 'o':
        return this.octalInBraces();
      case 'L':
      case 'l':
      case 'N':
      case 'U':
      case 'u':
        return this.fail('perlCase');
    }
    if (isDigit(c)) return this.octal(inClass);
    const known = isWordCharacter(c) && c !== 95;
    if (known && this.inline.extra) this.fail('unknownEscape');
    this.at++;
    return c;
  }

  protected control(): number {
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('controlAtEnd');
    if (c > 127) this.fail('controlCharacter');
    this.at++;
    return (c >= 97 && c <= 122 ? c - 32 : c) ^ 64;
  }

  protected checked(c: number): number {
    if (c > (this.options.unicode ? 0x10ffff : 255)) this.fail('characterTooLarge');
    if (this.options.unicode && c >= 0xd800 && c <= 0xdfff) this.failBefore('surrogate');
    return c;
  }

  protected hexadecimal(): number {
    this.at++;
    let c = 0;
    if (this.peek() === code('{')) {
      let i = 1;
      while (hexValue(this.peek(i)) >= 0) {
        c = Math.min(c * 16 + hexValue(this.peek(i)), 0x7fffffff);
        i++;
        if (c > (this.options.unicode ? 0x10ffff : 255)) {
          while (hexValue(this.peek(i)) >= 0) i++;
          this.at += i;
          this.fail('characterTooLarge');
        }
      }
      if (i === 1) {
        this.at += 1;
        this.fail(this.peek() === code('}') ? 'noDigits' : 'hexDigits');
      }
      if (this.peek(i) !== code('}')) this.fail('hexDigits', this.at + i);
      this.at += i + 1;
      return this.checked(c);
    }
    for (let i = 0; i < 2 && hexValue(this.peek()) >= 0; i++) c = c * 16 + hexValue(this.text[this.at++]);
    return c;
  }

  protected octalInBraces(): number {
    if (!this.is('{', 1)) this.fail('octalBrace');
    if (this.is('}', 2)) this.fail('noDigits');
    this.at += 2;
    let c = 0;
    while (this.peek() >= 48 && this.peek() <= 55) {
      c = Math.min(c * 8 + this.peek() - 48, 0x7fffffff);
      this.at++;
    }
    if (c > (this.options.unicode ? 0x10ffff : 255)) this.fail('characterTooLarge');
    if (!this.accept('}')) this.fail('octalDigits');
    return this.checked(c);
  }

  /** Up to three octal digits; 8 and 9 stand for themselves. */
  protected octal(inClass: boolean): number {
    const first = this.peek();
    if (first >= 56) {
      this.at++;
      return inClass ? first : first;
    }
    let c = 0;
    for (let i = 0; i < 3 && this.peek() >= 48 && this.peek() <= 55; i++)
      c = c * 8 + this.text[this.at++] - 48;
    if (!this.options.unicode && c > 255) this.failBefore('octalTooBig');
    return c;
  }
}
