// References and calls: \1, \k<name>, (?1), (?&name). Whether a group is there, and whether a call can come to an end, is only
// known when the whole pattern has been read.
import { ClassReader } from './classes.js';
import { PatternError } from './errors.js';
import { couldBeEmpty } from './lengths.js';
import type { Node } from './nodes.js';
import { code, END, isDigit, MAX_NUMBER } from './reader.js';

export class ReferenceReader extends ClassReader {
  protected groups = 0;
  /** What can only be checked when the whole pattern has been read, in the order of the pattern. */
  protected readonly late: (() => void)[] = [];
  /** The highest group that a back reference names. */
  protected highestReference = 0;
  protected readonly names = new Map<string, number[]>();
  /** Branches that are being read, with the group that they belong to (-1: of none). */
  protected readonly openBranches: { group: number; items: Node[] }[] = [];
  /** The bodies of groups that are closed. */
  protected readonly bodies = new Map<number, Node>();
  protected readonly allCalls: (Node & { kind: 'call' })[] = [];
  protected readonly selfReferring = new Set<number>();

  /** Finds the groups of a name when all are known; if there are none, the pattern is wrong at a byte. */
  protected resolveName(name: string, position: number, resolve: (groups: number[]) => void): void {
    this.late.push(() => {
      const groups = this.names.get(name);
      if (groups === undefined) throw new PatternError('noSuchGroup', position);
      resolve(groups);
    });
  }

  /** The same for the number of a group. */
  protected resolveGroup(group: number, position: number): void {
    this.late.push(() => {
      if (group > this.groups) throw new PatternError('noSuchGroup', position);
    });
  }

  /** \1 and so on, if it is a reference and no octal number. */
  protected numberedReference(): Node | undefined {
    let i = this.at;
    let n = 0;
    while (isDigit(this.text[i])) n = n * 10 + this.text[i++] - 48;
    if (n > MAX_NUMBER) this.fail('numberTooBig', i);
    if (n >= 8 && n > this.groups) return undefined;
    this.at = i;
    return this.back([n]);
  }

  protected back(groups: number[]): Node {
    this.highestReference = Math.max(this.highestReference, ...groups);
    for (const group of groups) this.refersTo(group);
    return { kind: 'back', groups, caseless: this.inline.caseless };
  }

  /** \g in its forms: a reference backwards, or (with angle brackets or quotes) a call. */
  protected groupReference(start: number): Node {
    this.at++;
    const open = this.peek();
    if (open === code('<') || open === code("'")) {
      const close = open === code('<') ? code('>') : open;
      this.at++;
      const c = this.peek();
      if (isDigit(c) || c === code('+') || c === code('-')) {
        const group = this.relativeNumber();
        if (this.peek() !== close) this.fail('referenceSyntax', start + 2);
        this.at++;
        return this.call(group);
      }
      const name = this.name(close);
      return this.callByName(name);
    }
    const braced = this.accept('{');
    const c = this.peek();
    if (braced && !isDigit(c) && c !== code('-') && c !== code('+')) {
      const name = this.name(code('}'));
      return this.backByName(name);
    }
    const negative = this.accept('-');
    if (c === END && !braced) this.failBefore('referenceZero');
    if (!isDigit(this.peek())) this.fail('referenceSyntax', braced ? this.at : start + 2);
    let n = 0;
    while (isDigit(this.peek())) n = n * 10 + this.text[this.at++] - 48;
    if (n > MAX_NUMBER) this.fail('numberTooBig');
    if (braced && !this.accept('}')) this.fail('referenceSyntax');
    if (n === 0) this.failBefore('referenceZero');
    if (!negative) return this.back([n]);
    if (n > this.groups) this.failBefore('noSuchGroup');
    return this.back([this.groups - n + 1]);
  }

  /** \k<name>, \k'name', \k{name} */
  protected nameReference(): Node {
    this.at++;
    const closes: Record<number, string> = { [code('<')]: '>', [code("'")]: "'", [code('{')]: '}' };
    const close = closes[this.peek()];
    if (close === undefined) this.failBefore('nameReferenceSyntax');
    this.at++;
    return this.backByName(this.name(code(close)));
  }

  protected backByName(name: string): Node {
    const node: Node & { kind: 'back' } = { kind: 'back', groups: [], caseless: this.inline.caseless };
    this.resolveName(name, this.end - 1, (groups) => {
      node.groups = groups;
    });
    for (const group of this.names.get(name) ?? []) this.refersTo(group);
    return node;
  }

  protected call(group: number): Node {
    const position = this.end - 1;
    this.resolveGroup(group, position);
    this.checkLoop(group, position);
    return this.called({ kind: 'call', group });
  }

  protected called(node: Node & { kind: 'call' }): Node {
    this.allCalls.push(node);
    return node;
  }

  /** A call of a group from inside of it, before anything has been matched, never comes to an end. */
  protected checkLoop(group: number, position: number): void {
    if (!this.couldLoop(group)) return;
    this.late.push(() => {
      throw new PatternError('endlessCall', position);
    });
  }

  /** A group that refers to itself is atomic. */
  protected refersTo(group: number): void {
    if (this.openBranches.some((open) => open.group === group)) this.selfReferring.add(group);
  }

  /** Whether the group is still open, and nothing in it has to match a character before this call. */
  protected couldLoop(group: number): boolean {
    if (this.bodies.has(group)) return false;
    for (let i = this.openBranches.length - 1; i >= 0; i--) {
      const { group: open, items } = this.openBranches[i];
      if (!items.every((item) => this.canBeEmpty(item))) return false;
      if (open === group) return true;
    }
    return false;
  }

  protected canBeEmpty(node: Node): boolean {
    return couldBeEmpty(node, (group) => this.bodies.get(group));
  }

  protected callByName(name: string): Node {
    const known = this.names.get(name);
    if (known !== undefined) this.checkLoop(known[0], this.end - 1);
    const node: Node & { kind: 'call' } = { kind: 'call', group: 0 };
    this.resolveName(name, this.end - 1, (groups) => {
      node.group = groups[0];
      node.target = this.bodies.get(groups[0]);
    });
    return this.called(node);
  }

  /** A number, counted from here if it has a sign. */
  protected relativeNumber(): number {
    const plus = this.accept('+');
    const minus = !plus && this.accept('-');
    let n = 0;
    if (!isDigit(this.peek())) this.fail(plus ? 'digitExpected' : 'groupStart');
    while (isDigit(this.peek())) n = n * 10 + this.text[this.at++] - 48;
    if (n > MAX_NUMBER) this.fail('numberTooBig');
    if (!plus && !minus) return n;
    if (n === 0) this.fail('referenceZero');
    if (plus) return this.groups + n;
    if (n > this.groups) this.fail('noSuchGroup');
    return this.groups - n + 1;
  }
}
