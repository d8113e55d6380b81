// What patterns are made of below items: what is skipped (comments, blanks, \Q), numbers of repetitions, and the verbs that a
// pattern can start with.
import { Newline } from './options.js';
import { code, END, isDigit, Reader } from './reader.js';

const MAX_REPEAT = 65535;

function isExtendedSpace(c: number): boolean {
  return (c >= 9 && c <= 13) || c === 32;
}

export class LexicalReader extends Reader {
  protected matchLimit: number | undefined;
  /** Between \Q and \E. */
  protected quoting = false;

  /** (*UTF8), (*CRLF) and others that only a pattern can start with. */
  protected leadingVerbs(): void {
    const { options } = this;
    const verbs: [string, () => void][] = [
      ['(*UTF8)', () => this.setUtf()],
      ['(*UTF)', () => this.setUtf()],
      ['(*UCP)', () => (options.ucp = true)],
      ['(*NO_AUTO_POSSESS)', () => {}],
      ['(*NO_START_OPT)', () => (options.noStartOptimize = true)],
      ['(*CR)', () => (options.newline = Newline.Cr)],
      ['(*LF)', () => (options.newline = Newline.Lf)],
      ['(*CRLF)', () => (options.newline = Newline.CrLf)],
      ['(*ANYCRLF)', () => (options.newline = Newline.AnyCrLf)],
      ['(*ANY)', () => (options.newline = Newline.Any)],
      ['(*BSR_ANYCRLF)', () => (options.bsrAnyCrLf = true)],
      ['(*BSR_UNICODE)', () => (options.bsrAnyCrLf = false)],
    ];
    for (;;) {
      const verb = verbs.find(([name]) => this.accept(name));
      if (verb !== undefined) {
        verb[1]();
        continue;
      }
      const limit = ['(*LIMIT_MATCH=', '(*LIMIT_RECURSION='].find((name) => this.is(name));
      if (limit === undefined) return;
      let end = this.at + limit.length;
      let n = 0;
      while (end < this.text.length && isDigit(this.text[end])) n = n * 10 + this.text[end++] - 48;
      if (this.text[end] !== code(')')) return;
      this.at = end + 1;
      if (limit === '(*LIMIT_MATCH=') this.matchLimit = Math.min(n, this.matchLimit ?? n);
    }
  }

  protected setUtf(): void {
    if (this.options.neverUtf) this.fail('utfDisabled', 0);
    this.options.unicode = true;
  }

  /** Blanks and comments where `extended` is on, (?#…), and \Q and \E. */
  protected skipComments(): void {
    for (;;) {
      if (this.quoting) {
        if (!this.accept('\\E')) return;
        this.quoting = false;
      } else if (this.accept('\\Q')) {
        if (this.peek() !== END) this.quoting = true;
      } else if (this.accept('\\E')) {
        // An end of nothing.
      } else if (this.accept('(?#')) {
        while (this.peek() !== code(')')) {
          if (this.peek() === END) this.fail('commentEnd');
          this.at++;
        }
        this.at++;
      } else if (this.inline.extended && isExtendedSpace(this.peek())) this.at++;
      else if (this.inline.extended && this.peek() === code('#')) {
        while (this.peek() !== END) {
          const length = this.newlineAt();
          if (length > 0) {
            this.at += length;
            break;
          }
          this.at++;
        }
      } else return;
    }
  }

  /** Length of the newline here, by the convention of the pattern. */
  protected newlineAt(): number {
    const c = this.peek();
    const crlf = c === 13 && this.peek(1) === 10;
    switch (this.options.newline) {
      case Newline.Lf:
        return c === 10 ? 1 : 0;
      case Newline.Cr:
        return c === 13 ? 1 : 0;
      case Newline.CrLf:
        return crlf ? 2 : 0;
      case Newline.AnyCrLf:
        return crlf ? 2 : c === 10 || c === 13 ? 1 : 0;
      default:
        if (crlf) return 2;
        return (c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029 ? 1 : 0;
    }
  }

  /** {n}, {n,} or {n,m} here, and past it; undefined: it is none. */
  protected range(): [number, number] | undefined {
    const number = (): number | undefined => {
      if (!isDigit(this.text[i])) return undefined;
      let n = 0;
      while (i < this.text.length && isDigit(this.text[i])) n = Math.min(n * 10 + this.text[i++] - 48, 1e9);
      return n;
    };
    let i = this.at + 1;
    const min = number();
    if (min === undefined) return undefined;
    let max: number | undefined = min;
    if (this.text[i] === code(',')) {
      i++;
      max = number() ?? Number.POSITIVE_INFINITY;
    }
    if (this.text[i] !== code('}')) return undefined;
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) {
      this.fail('quantifierTooBig', this.quantifierErrorAt(min));
    }
    this.at = i + 1;
    if (max < min) this.fail('quantifierOrder', i);
    return [min, max];
  }

  /** Behind the number that is too big. */
  protected quantifierErrorAt(min: number): number {
    let i = this.at + 1;
    while (isDigit(this.text[i])) i++;
    if (min <= MAX_REPEAT) {
      i++;
      while (isDigit(this.text[i])) i++;
    }
    return i;
  }

  protected isRangeAt(ahead: number): boolean {
    const at = this.at;
    this.at += ahead;
    const found = /^\{\d+(,\d*)?\}/.test(this.slice(this.at, this.at + 16));
    this.at = at;
    return found;
  }
}
