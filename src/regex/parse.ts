// Parses patterns: the syntax of PCRE 8, which OTP's re has.
import { PatternError } from './errors.js';
import { branchesOf, fixedLength } from './lengths.js';
import type { Node, Repeat, Test, Verb } from './nodes.js';
import type { CompileOptions } from './options.js';
import { code, END, type Inline, isDigit, isLetter, MAX_NUMBER } from './reader.js';
import { ReferenceReader } from './references.js';
import { CharacterSet, caseVariants } from './sets.js';

/** A parsed pattern. */
export interface Pattern {
  node: Node;
  /** Number of capturing groups. */
  groups: number;
  /** Groups by name; several if names may be duplicate. */
  names: Map<string, number[]>;
  /** The options, with what the pattern itself sets at its start. */
  options: CompileOptions;
  /** (*LIMIT_MATCH=n) */
  matchLimit?: number;
  /** Contains CR or LF as such. */
  hasNewlines: boolean;
}

const MAX_NESTING = 250;

const EMPTY: Node = { kind: 'sequence', items: [] };

/**
 * Parses a pattern.
 * @param text the code points of the pattern
 * @param positions where each starts in the pattern, in bytes; one more for the end
 */
export function parsePattern(
  text: ArrayLike<number>,
  positions: ArrayLike<number>,
  options: CompileOptions,
): Pattern {
  return new Parser(text, positions, options).parse();
}
class Parser extends ReferenceReader {
  private depth = 0;
  private readonly nameOf = new Map<number, string>();
  /** Where the branches that were read last end, in bytes. */
  private branchEnds: number[] = [];

  parse(): Pattern {
    this.leadingVerbs();
    const node = this.alternatives(false, 0);
    for (const call of this.allCalls) call.target = call.group === 0 ? node : this.bodies.get(call.group);
    for (const check of this.late) check();
    if (this.at < this.text.length) this.fail('unmatched', this.at);
    if (this.highestReference > this.groups) this.fail('noSuchGroup', this.text.length);
    const { groups, names, options, matchLimit, hasNewlines } = this;
    return { node, groups, names, options, matchLimit, hasNewlines };
  }

  /** Branches up to a closing parenthesis or the end. Inline options hold to the end of the group. */
  private alternatives(reset = false, group = -1): Node {
    if (++this.depth > MAX_NESTING) this.fail('tooDeep');
    const before = { ...this.inline };
    const first = this.groups;
    let most = first;
    const branches: Node[] = [];
    const ends: number[] = [];
    do {
      if (reset) {
        most = Math.max(most, this.groups);
        this.groups = first;
      }
      branches.push(this.branch(group));
      ends.push(this.end);
    } while (this.accept('|'));
    if (reset) this.groups = Math.max(most, this.groups);
    this.inline = before;
    this.branchEnds = ends;
    this.depth--;
    return branches.length === 1 ? branches[0] : { kind: 'choice', branches };
  }

  private branch(group: number): Node {
    const items: Node[] = [];
    this.openBranches.push({ group, items });
    for (;;) {
      this.skipComments();
      const c = this.peek();
      if (c === END) break;
      if (!this.quoting && (c === code('|') || c === code(')'))) break;
      const start = this.at;
      const item = this.item();
      if (item !== undefined) items.push(this.quantified(item, start));
    }
    this.openBranches.pop();
    return items.length === 1 ? items[0] : { kind: 'sequence', items };
  }

  /** An item; undefined: something that leaves nothing to match (inline options). */
  private item(): Node | undefined {
    const c = this.peek();
    if (this.quoting) {
      this.at++;
      return this.character(c);
    }
    switch (c) {
      case code('^'):
        this.at++;
        return { kind: 'position', at: this.inline.multiline ? 'lineStart' : 'circumflex' };
      case code('$'):
        this.at++;
        if (this.inline.multiline) return { kind: 'position', at: 'lineEnd' };
        return { kind: 'position', at: this.options.dollarEndOnly ? 'dollarEnd' : 'dollar' };
      case code('.'):
        this.at++;
        return { kind: this.inline.dotall ? 'any' : 'notNewline' };
      case code('['):
        return this.characterClass();
      case code('('):
        return this.group();
      case code('\\'):
        return this.escape();
      case code('*'):
      case code('+'):
      case code('?'):
        return this.fail('nothingToRepeat');
      case code('{'): {
        const range = this.range();
        if (range !== undefined) this.failBefore('nothingToRepeat');
      }
    }
    this.at++;
    return this.character(c);
  }

  private character(c: number): Node {
    if (c === 10 || c === 13) this.hasNewlines = true;
    if (!this.inline.caseless) return { kind: 'char', code: c };
    const variants = caseVariants(c, this.options.unicode);
    if (variants.length === 1) return { kind: 'char', code: c };
    return { kind: 'set', set: CharacterSet.of((d) => variants.includes(d)) };
  }

  private quantified(item: Node, start: number): Node {
    if (this.quoting && !this.is('\\E')) return item;
    this.skipComments();
    if (this.quoting) return item;
    let min = 0;
    let max = Number.POSITIVE_INFINITY;
    const c = this.peek();
    if (c === code('*')) this.at++;
    else if (c === code('+')) {
      this.at++;
      min = 1;
    } else if (c === code('?')) {
      this.at++;
      max = 1;
    } else if (c === code('{')) {
      const range = this.range();
      if (range === undefined) return item;
      [min, max] = range;
    } else return item;
    if (!isRepeatable(item)) this.failBefore('nothingToRepeat');
    let how: Repeat = this.inline.ungreedy ? 'lazy' : 'greedy';
    if (this.accept('?')) how = this.inline.ungreedy ? 'greedy' : 'lazy';
    else if (this.accept('+')) how = 'possessive';
    // An assertion matches or does not: more than once is once.
    if (item.kind === 'look') {
      min = Math.min(min, 1);
      max = Math.min(max, 1);
    }
    const repeated: Node = { kind: 'repeat', body: item, min, max, how };
    return this.quantified2(repeated, start);
  }

  /** A quantifier behind a quantifier has nothing to repeat. */
  private quantified2(item: Node, _start: number): Node {
    this.skipComments();
    if (this.quoting) return item;
    const c = this.peek();
    if (c === code('*') || c === code('+') || c === code('?')) this.fail('nothingToRepeat');
    if (c === code('{') && this.range() !== undefined) this.failBefore('nothingToRepeat');
    return item;
  }

  // ---- Escapes

  private escape(): Node {
    const start = this.at;
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('backslashAtEnd');
    const letter = String.fromCodePoint(c);
    switch (letter) {
      case 'A':
        return this.position('subjectStart', 1);
      case 'Z':
        return this.position('lastLineEnd', 1);
      case 'z':
        return this.position('subjectEnd', 1);
      case 'G':
        return this.position('matchStart', 1);
      case 'b':
        return this.position('wordBoundary', 1);
      case 'B':
        return this.position('notWordBoundary', 1);
      case 'C':
        this.at++;
        return { kind: 'unit' };
      case 'K':
        this.at++;
        return { kind: 'keep' };
      case 'N':
        if (this.peek(1) === code('{') && !this.isRangeAt(1)) this.fail('perlCase');
        this.at++;
        return { kind: 'notNewline' };
      case 'R':
        this.at++;
        return { kind: 'newline' };
      case 'X':
        this.at++;
        return { kind: 'cluster' };
      case 'd':
      case 's':
      case 'w':
      case 'h':
      case 'v':
      case 'D':
      case 'S':
      case 'W':
      case 'H':
      case 'V':
        this.at++;
        return this.escapedSet(letter);
      case 'p':
      case 'P': {
        const test = this.property();
        return { kind: 'set', set: CharacterSet.of(test) };
      }
      case 'g':
        return this.groupReference(start);
      case 'k':
        return this.nameReference();
    }
    if (isDigit(c) && c !== 48) {
      const reference = this.numberedReference();
      if (reference !== undefined) return reference;
    }
    return this.character(this.escapedCharacter(false));
  }

  private position(at: (Node & { kind: 'position' })['at'], length: number): Node {
    this.at += length;
    return { kind: 'position', at };
  }

  // ---- Groups

  private group(): Node | undefined {
    const start = this.at;
    this.at++;
    if (this.peek() === code('*')) {
      const verb = this.verb();
      if (verb !== undefined) return verb;
    }
    if (this.peek() !== code('?')) {
      if (this.options.noAutoCapture) return this.close(grouped(this.alternatives()), start);
      return this.capture(start);
    }
    this.at++;
    const c = this.peek();
    if (c === END) this.fail('groupStart');
    switch (String.fromCodePoint(c)) {
      case ':':
        this.at++;
        return this.close(grouped(this.alternatives()), start);
      case '|':
        this.at++;
        return this.close(grouped(this.alternatives(true)), start);
      case '>':
        this.at++;
        return this.close({ kind: 'atomic', body: this.alternatives() }, start);
      case '=':
      case '!':
        this.at++;
        return this.look(true, c === code('!'), start);
      case '<':
        return this.angle(start);
      case "'":
        this.at++;
        return this.namedCapture(code("'"), start);
      case 'P':
        return this.python(start);
      case '(':
        return this.condition(start);
      case 'R':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9':
      case '+':
        return this.recursion();
      case '&':
        this.at++;
        return this.callByName(this.name(code(')')));
      case 'C':
        return this.callout();
      case '-':
        if (isDigit(this.peek(1))) return this.recursion();
    }
    return this.inlineOptions(start);
  }

  /** The group is closed here. */
  private close(node: Node, _start: number): Node {
    if (!this.accept(')')) this.fail('missingParenthesis');
    return node;
  }

  private capture(start: number, name?: string): Node {
    const group = ++this.groups;
    if (name !== undefined) this.bind(name, group);
    const body = this.alternatives(false, group);
    if (!this.bodies.has(group)) this.bodies.set(group, body);
    const node: Node = { kind: 'capture', group, body };
    return this.close(this.selfReferring.delete(group) ? { kind: 'atomic', body: node } : node, start);
  }

  private bind(name: string, group: number): void {
    const other = this.nameOf.get(group);
    if (other !== undefined && other !== name) this.failBefore('otherName');
    this.nameOf.set(group, name);
    const groups = this.names.get(name);
    if (groups === undefined) this.names.set(name, [group]);
    else if (!groups.includes(group)) {
      if (!this.inline.dupnames) this.failBefore('sameName');
      groups.push(group);
    }
  }

  private namedCapture(close: number, start: number): Node {
    const name = this.name(close, true);
    return this.capture(start, name);
  }

  private angle(start: number): Node {
    const next = this.peek(1);
    if (next === code('=') || next === code('!')) {
      this.at += 2;
      return this.look(false, next === code('!'), start);
    }
    this.at++;
    if (next === END || this.nameBytes(next) === 0) this.fail('afterAngle');
    return this.namedCapture(code('>'), start);
  }

  private look(ahead: boolean, negative: boolean, start: number): Node {
    // (?!) always fails.
    if (ahead && negative && this.accept(')')) return { kind: 'verb', verb: 'fail' };
    const body = this.alternatives();
    const ends = this.branchEnds;
    const node: Node = { kind: 'look', ahead, negative, body };
    const closed = this.close(node, start);
    if (!ahead) this.checkLength(body, ends);
    return closed;
  }

  /** Every branch of a lookbehind has to have a length of its own. */
  private checkLength(body: Node, ends: number[]): void {
    this.late.push(() => {
      branchesOf(body).forEach((branch, i) => {
        const length = fixedLength(branch, this.options.unicode);
        if (length === 'unit') throw new PatternError('unitInLookbehind', ends[i]);
        if (length === undefined) throw new PatternError('lookbehindLength', ends[i]);
      });
    });
  }

  /** (?P<name>…), (?P=name), (?P>name) */
  private python(start: number): Node {
    this.at++;
    if (this.accept('<')) return this.namedCapture(code('>'), start);
    if (this.accept('=')) return this.backByName(this.name(code(')')));
    if (this.accept('>')) return this.callByName(this.name(code(')')));
    return this.fail('afterP', this.at);
  }

  /** (?R), (?1), (?-1), (?+1) */
  private recursion(): Node {
    if (this.accept('R')) {
      if (!this.accept(')')) this.fail('recursionEnd');
      return this.call(0);
    }
    const group = this.relativeNumber();
    if (!this.accept(')')) this.fail('recursionEnd');
    return this.call(group);
  }

  private callout(): undefined {
    this.at++;
    let n = 0;
    while (isDigit(this.peek())) {
      n = Math.min(n * 10 + this.peek() - 48, 100000);
      this.at++;
    }
    if (this.peek() !== code(')')) this.fail('calloutEnd');
    if (n > 255) this.fail('calloutNumber');
    this.at++;
    return undefined;
  }

  /** (?i), (?i-s), (?i:…) */
  private inlineOptions(start: number): Node | undefined {
    const changed: Inline = { ...this.inline };
    let value = true;
    for (; ; this.at++) {
      const c = this.peek();
      if (c === END) this.fail('groupStart');
      const letter = String.fromCodePoint(c);
      if (letter === ')' || letter === ':') break;
      switch (letter) {
        case '-':
          value = false;
          break;
        case 'i':
          changed.caseless = value;
          break;
        case 'm':
          changed.multiline = value;
          break;
        case 's':
          changed.dotall = value;
          break;
        case 'x':
          changed.extended = value;
          break;
        case 'U':
          changed.ungreedy = value;
          break;
        case 'J':
          changed.dupnames = value;
          break;
        case 'X':
          changed.extra = value;
          break;
        default:
          this.fail('groupStart');
      }
    }
    if (this.accept(')')) {
      this.inline = changed;
      return undefined;
    }
    this.at++;
    const before = this.inline;
    this.inline = changed;
    const body = this.alternatives();
    this.inline = before;
    return this.close(grouped(body), start);
  }

  // ---- Conditions

  private condition(start: number): Node {
    this.at++;
    const test = this.test();
    const first = this.groups;
    const body = this.alternatives();
    void first;
    const branches = body.kind === 'choice' ? body.branches : [body];
    if (test.kind === 'define' && branches.length > 1) this.fail('defineBranches');
    if (branches.length > 2) this.fail('conditionBranches');
    const node: Node = { kind: 'condition', test, yes: branches[0], no: branches[1] ?? EMPTY };
    return this.close(node, start);
  }

  /** What is behind (?( ; the opening parenthesis has been read. */
  private test(): Test {
    if (this.is('?=') || this.is('?!') || this.is('?<=') || this.is('?<!')) {
      this.at--;
      const look = this.group();
      if (look?.kind === 'look') return { kind: 'look', look };
      // (?!) never holds back anything.
      return { kind: 'look', look: { kind: 'look', ahead: true, negative: true, body: EMPTY } };
    }
    if (this.is('?')) this.fail('conditionAssertion');
    const c = this.peek();
    if (isDigit(c) || c === code('+') || c === code('-')) {
      if ((c === code('+') || c === code('-')) && !isDigit(this.peek(1))) this.fail('conditionName');
      const group = this.conditionNumber();
      if (!this.accept(')')) this.fail('conditionName');
      if (group === 0) this.fail('conditionZero');
      this.resolveGroup(group, this.end);
      return { kind: 'group', groups: [group] };
    }
    if (this.accept('<')) return this.testByName(code('>'));
    if (this.accept("'")) return this.testByName(code("'"));
    return this.testByWord();
  }

  private conditionNumber(): number {
    const sign = this.peek();
    if (!isDigit(sign)) this.at++;
    let n = 0;
    while (isDigit(this.peek())) n = n * 10 + this.text[this.at++] - 48;
    if (n > MAX_NUMBER) this.fail('numberTooBig');
    if (isDigit(sign)) return n;
    if (n === 0) return 0;
    if (sign === code('+')) return this.groups + n;
    return n > this.groups ? MAX_NUMBER : this.groups - n + 1;
  }

  private testByName(close: number): Test {
    const name = this.name(close);
    if (!this.accept(')')) this.fail('conditionName');
    return this.namedTest(name);
  }

  private namedTest(name: string): Test {
    const test: Test = { kind: 'group', groups: [] };
    this.resolveName(name, this.end, (groups) => {
      test.groups = groups;
    });
    return test;
  }

  /** (?(R)…), (?(R1)…), (?(R&name)…), (?(DEFINE)…), (?(name)…) */
  private testByWord(): Test {
    const start = this.at;
    if (this.accept('R&')) {
      const name = this.name(code(')'));
      const test: Test = { kind: 'recursion', group: 0 };
      this.resolveName(name, this.end, (groups) => {
        test.group = groups[0];
      });
      return test;
    }
    while (this.isNameCharacter(this.peek())) this.at++;
    const word = this.slice(start, this.at);
    if (word === '') this.fail('conditionAssertion');
    if (!this.accept(')')) this.fail('conditionName');
    if (this.names.has(word)) return this.namedTest(word);
    if (word === 'R') return { kind: 'recursion' };
    if (/^R\d+$/.test(word)) {
      const group = Number(word.slice(1));
      this.resolveGroup(group, this.end);
      return { kind: 'recursion', group };
    }
    if (word === 'DEFINE') return { kind: 'define' };
    return this.namedTest(word);
  }

  // ---- Verbs

  private verb(): Node | undefined {
    // (*a is no verb, and * has nothing to repeat.
    const next = this.peek(1);
    if (next !== code(':') && !(next >= 65 && next <= 90) && !(next >= 97 && next <= 122)) return undefined;
    this.at++;
    const start = this.at;
    while (isLetter(this.peek()) || this.peek() === 95) this.at++;
    const word = this.slice(start, this.at);
    let name: string | undefined;
    if (this.accept(':')) {
      const from = this.at;
      while (this.peek() !== END && this.peek() !== code(')')) this.at++;
      name = this.slice(from, this.at);
    }
    if (this.peek() !== code(')')) this.fail('badVerb');
    const verbs: Record<string, Verb> = {
      ACCEPT: 'accept',
      F: 'fail',
      FAIL: 'fail',
      COMMIT: 'commit',
      PRUNE: 'prune',
      SKIP: 'skip',
      THEN: 'then',
    };
    if (word === 'MARK' || word === '') {
      if (name === undefined || name === '') this.fail('markArgument');
      this.at++;
      return { kind: 'verb', verb: 'mark' };
    }
    if (!Object.hasOwn(verbs, word)) this.fail('badVerb');
    const verb = verbs[word];
    if (name !== undefined && (verb === 'accept' || verb === 'fail' || verb === 'commit')) {
      this.fail('verbArgument');
    }
    this.at++;
    return { kind: 'verb', verb, name: name === '' ? undefined : name };
  }
}

/** A group that captures nothing is one item, whatever is in it. */
function grouped(node: Node): Node {
  return { kind: 'sequence', items: [node] };
}

/** What a quantifier can stand behind. */
function isRepeatable(node: Node): boolean {
  return node.kind !== 'position' && node.kind !== 'keep' && node.kind !== 'verb';
}
