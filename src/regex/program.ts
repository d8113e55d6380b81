// Patterns as programs of the matcher: what its instructions are, and how they are made of nodes.

import { branchesOf, couldBeEmpty, fixedLength } from './lengths.js';
import { isSingle, type Node, type Position, type Single } from './nodes.js';
import { type CharacterSet, caseVariants } from './sets.js';

/** Instructions; operands in comments. */
export const enum Op {
  Match,
  /** kind, argument */
  Single,
  /** kind, argument, min, max, how, argument for the first `min` times: a single character some times */
  Repeat,
  /** address */
  Jump,
  /** address: go on here, and there if that fails */
  Split,
  /** address, choice: the same, between branches of a choice; address -1: the last branch */
  Choice,
  /** address: go on there, and here if that fails */
  SplitAway,
  /** group */
  Open,
  /** group */
  Close,
  /** loop */
  LoopStart,
  /** loop, min, max, lazy (0 or 1), address of the exit: the body follows and jumps back here */
  Loop,
  /** address to go on at if what follows fails (0: it fails as a whole), 1 for a negative lookaround */
  Mark,
  /** The atomic group ends: its alternatives are forgotten. */
  AtomicEnd,
  /** The lookaround has matched: back to where it started. */
  LookEnd,
  /** address: a negative lookaround has matched what it should not; go on there, or (0) fail */
  NegativeEnd,
  /** characters: back by so many */
  Behind,
  /** index of a list of groups, caseless */
  Back,
  /** group, address */
  Call,
  /** index of a list of groups, address if none of them has matched */
  IfGroup,
  /** group or -1 for any, address if not in such a recursion */
  IfRecursion,
  /** position */
  Position,
  Newline,
  Keep,
  Accept,
  Fail,
  Commit,
  Prune,
  Skip,
  /** choice around it, or -1 */
  Then,
}

/** Kinds of single characters: see nodes.ts. */
export const enum SingleKind {
  /** argument: code point */
  Char,
  /** argument: index of the set */
  Set,
  NotNewline,
  Any,
  Unit,
  Cluster,
}

export const enum How {
  Greedy,
  Lazy,
  Possessive,
}

export const enum At {
  SubjectStart,
  Circumflex,
  LineStart,
  SubjectEnd,
  LastLineEnd,
  Dollar,
  DollarEnd,
  LineEnd,
  MatchStart,
  WordBoundary,
  NotWordBoundary,
}

const POSITIONS: Record<Position, At> = {
  subjectStart: At.SubjectStart,
  circumflex: At.Circumflex,
  lineStart: At.LineStart,
  subjectEnd: At.SubjectEnd,
  lastLineEnd: At.LastLineEnd,
  dollar: At.Dollar,
  dollarEnd: At.DollarEnd,
  lineEnd: At.LineEnd,
  matchStart: At.MatchStart,
  wordBoundary: At.WordBoundary,
  notWordBoundary: At.NotWordBoundary,
};

/** `max` of a repetition without limit. */
export const UNLIMITED = 0x7fffffff;

export interface Program {
  code: Int32Array;
  sets: CharacterSet[];
  groupLists: number[][];
  loops: number;
  /** The choice that a group consists of, or -1. */
  choiceOfGroup: Int32Array;
  /** Bytes that a match can start with; undefined: any, or it can be empty. */
  first: Uint8Array | undefined;
  /** A byte that every match has in it, the last one known; -1: none is. */
  required: number;
  /** It can only match where the search starts, or behind newlines (`.*` in front). */
  atLineStart: boolean;
}

/** The program of a pattern. */
export function makeProgram(node: Node, groups: number, unicode: boolean): Program {
  return new Emitter(groups, unicode).program(node);
}

/** What an (*ACCEPT) ends: the innermost lookaround around it. */
type Around = 'look' | 'negative' | undefined;

class Emitter {
  private readonly code: number[] = [];
  private readonly sets: CharacterSet[] = [];
  private readonly groupLists: number[][] = [];
  private loops = 0;
  private readonly entries: Int32Array;
  private readonly calls: [at: number, group: number][] = [];
  /** Groups that are open, the innermost last. */
  private open: number[] = [];
  private around: Around;
  /** There is an (*ACCEPT): what is behind it may not be needed. */
  private accepts = false;
  private choices = 0;
  /** The choice that a (*THEN) here is in. */
  private choiceAround = -1;
  private readonly choiceOfGroup: Int32Array;
  /** Operands to set to where the lookaround around an (*ACCEPT) goes on. */
  private lookExits: number[] = [];

  constructor(
    groups: number,
    private readonly unicode: boolean,
  ) {
    this.entries = new Int32Array(groups + 1).fill(-1);
    this.entries[0] = 0;
    this.choiceOfGroup = new Int32Array(groups + 1).fill(-1);
  }

  program(node: Node): Program {
    if (node.kind === 'choice') this.choiceOfGroup[0] = 1;
    this.emit(node);
    this.put(Op.Match);
    for (const [at, group] of this.calls) this.code[at] = this.entries[group];
    const first = new Uint8Array(256);
    const known = firstBytes(node, first, this.unicode) === 'some';
    return {
      code: Int32Array.from(this.code),
      sets: this.sets,
      groupLists: this.groupLists,
      loops: this.loops,
      choiceOfGroup: this.choiceOfGroup,
      first: known && !this.accepts ? first : undefined,
      required: this.accepts ? -1 : requiredByte(node),
      atLineStart: startsWithAnything(node),
    };
  }

  private put(...words: number[]): number {
    this.code.push(...words);
    return this.code.length - 1;
  }

  private here(): number {
    return this.code.length;
  }

  private emit(node: Node): void {
    if (isSingle(node)) {
      this.put(Op.Single, ...this.single(node));
      return;
    }
    switch (node.kind) {
      case 'sequence':
        for (const item of node.items) this.emit(item);
        break;
      case 'choice':
        this.choice(node.branches.map((branch) => () => this.emit(branch)));
        break;
      case 'capture':
        // With branch resets there can be several: calls go to the first.
        if (this.entries[node.group] < 0) {
          this.entries[node.group] = this.here();
          if (node.body.kind === 'choice') this.choiceOfGroup[node.group] = this.choices + 1;
        }
        this.put(Op.Open, node.group);
        this.open.push(node.group);
        this.emit(node.body);
        this.open.pop();
        this.put(Op.Close, node.group);
        break;
      case 'atomic':
        this.put(Op.Mark, 0, 0);
        this.emit(node.body);
        this.put(Op.AtomicEnd);
        break;
      case 'look':
        this.look(node);
        break;
      case 'repeat':
        this.repeat(node);
        break;
      case 'back':
        this.put(Op.Back, this.groupList(node.groups), node.caseless ? 1 : 0);
        break;
      case 'call':
        this.calls.push([this.put(Op.Call, node.group, 0), node.group]);
        break;
      case 'condition':
        this.condition(node);
        break;
      case 'position':
        this.put(Op.Position, POSITIONS[node.at]);
        break;
      case 'newline':
        this.put(Op.Newline);
        break;
      case 'keep':
        this.put(Op.Keep);
        break;
      case 'verb':
        this.verb(node.verb);
        break;
    }
  }

  private groupList(groups: number[]): number {
    return this.groupLists.push(groups) - 1;
  }

  private single(node: Single): [SingleKind, number] {
    switch (node.kind) {
      case 'char':
        return [SingleKind.Char, node.code];
      case 'set':
        return [SingleKind.Set, this.sets.push(node.set) - 1];
      case 'notNewline':
        return [SingleKind.NotNewline, 0];
      case 'any':
        return [SingleKind.Any, 0];
      case 'unit':
        return [SingleKind.Unit, 0];
      case 'cluster':
        return [SingleKind.Cluster, 0];
    }
  }

  private choice(branches: (() => void)[]): void {
    const ends: number[] = [];
    const around = this.choiceAround;
    const choice = ++this.choices;
    this.choiceAround = branches.length > 1 ? choice : around;
    branches.forEach((branch, i) => {
      const last = i === branches.length - 1;
      if (last && branches.length === 1) branch();
      else {
        const next = this.put(Op.Choice, -1, choice) - 1;
        branch();
        if (!last) {
          ends.push(this.put(Op.Jump, 0));
          this.code[next] = this.here();
        }
      }
    });
    this.choiceAround = around;
    for (const end of ends) this.code[end] = this.here();
  }

  /** The body of a lookaround; of one that looks behind, each branch goes back by its length first. */
  private lookBody(node: Node & { kind: 'look' }): number[] {
    const { open, around, lookExits } = this;
    this.open = [];
    this.lookExits = [];
    this.around = node.negative ? 'negative' : 'look';
    if (node.ahead) this.emit(node.body);
    else {
      this.choice(
        branchesOf(node.body).map((branch) => () => {
          this.put(Op.Behind, fixedLength(branch, this.unicode) as number);
          this.emit(branch);
        }),
      );
    }
    const exits = this.lookExits;
    this.open = open;
    this.around = around;
    this.lookExits = lookExits;
    return exits;
  }

  private look(node: Node & { kind: 'look' }): void {
    const mark = this.put(Op.Mark, 0, Number(node.negative)) - 1;
    const exits = this.lookBody(node);
    if (node.negative) {
      this.put(Op.NegativeEnd, 0);
      this.code[mark] = this.here();
      return;
    }
    this.put(Op.LookEnd);
    for (const exit of exits) this.code[exit] = this.here();
  }

  private repeat({ body, min, max, how }: Node & { kind: 'repeat' }): void {
    const most = max === Number.POSITIVE_INFINITY ? UNLIMITED : max;
    if (most === 0) {
      // Never, but it can be called.
      const end = this.put(Op.Jump, 0);
      this.emit(body);
      this.code[end] = this.here();
      return;
    }
    if (isSingle(body) && body.kind !== 'cluster') {
      const hows = { greedy: How.Greedy, lazy: How.Lazy, possessive: How.Possessive };
      const [kind, argument] = this.single(body);
      const least =
        body.kind === 'set' && body.least !== undefined && (min > 1 || (min === 1 && most === UNLIMITED))
          ? this.sets.push(body.least) - 1
          : argument;
      this.put(Op.Repeat, kind, argument, min, most, hows[how], least);
      return;
    }
    if (how === 'possessive') this.put(Op.Mark, 0, 0);
    this.loop(body, min, most, how === 'lazy');
    if (how === 'possessive') this.put(Op.AtomicEnd);
  }

  private loop(body: Node, min: number, max: number, lazy: boolean): void {
    if (min === 1 && max === 1) this.emit(body);
    else if (min === 0 && max === 1) {
      const exit = this.put(lazy ? Op.SplitAway : Op.Split, 0);
      this.emit(body);
      this.code[exit] = this.here();
    } else if (max === UNLIMITED && min <= 1 && !canBeEmpty(body)) {
      // Without a counter: (…)* is an optional (…)+.
      const exit = min === 0 ? this.put(lazy ? Op.SplitAway : Op.Split, 0) : -1;
      const start = this.here();
      this.emit(body);
      if (lazy) this.put(Op.Split, start);
      else this.put(Op.SplitAway, start);
      if (exit >= 0) this.code[exit] = this.here();
    } else {
      const loop = this.loops++;
      this.put(Op.LoopStart, loop);
      const start = this.here();
      const exit = this.put(Op.Loop, loop, min, max, lazy ? 1 : 0, 0);
      this.emit(body);
      this.put(Op.Jump, start);
      this.code[exit] = this.here();
    }
  }

  private condition({ test, yes, no }: Node & { kind: 'condition' }): void {
    let otherwise: number[] = [];
    switch (test.kind) {
      case 'define': {
        const end = this.put(Op.Jump, 0);
        this.emit(yes);
        this.code[end] = this.here();
        return;
      }
      case 'group':
        otherwise = [this.put(Op.IfGroup, this.groupList(test.groups), 0)];
        break;
      case 'recursion':
        otherwise = [this.put(Op.IfRecursion, test.group ?? -1, 0)];
        break;
      case 'look': {
        const mark = this.put(Op.Mark, 0, Number(test.look.negative)) - 1;
        const exits = this.lookBody(test.look);
        if (test.look.negative) {
          otherwise = [this.put(Op.NegativeEnd, 0), ...exits];
          this.code[mark] = this.here();
        } else {
          this.put(Op.LookEnd);
          for (const exit of exits) this.code[exit] = this.here();
          otherwise = [mark];
        }
      }
    }
    this.emit(yes);
    const end = this.put(Op.Jump, 0);
    for (const at of otherwise) this.code[at] = this.here();
    this.emit(no);
    this.code[end] = this.here();
  }

  private verb(verb: (Node & { kind: 'verb' })['verb']): void {
    switch (verb) {
      case 'accept':
        this.accepts = true;
        // What is open so far is captured.
        for (const group of [...this.open].reverse()) this.put(Op.Close, group);
        if (this.around === 'look') {
          this.put(Op.LookEnd);
          this.lookExits.push(this.put(Op.Jump, 0));
        } else if (this.around === 'negative') this.lookExits.push(this.put(Op.NegativeEnd, 0));
        else this.put(Op.Accept);
        break;
      case 'mark':
        break;
      case 'fail':
        this.put(Op.Fail);
        break;
      case 'commit':
        this.put(Op.Commit);
        break;
      case 'prune':
        this.put(Op.Prune);
        break;
      case 'skip':
        this.put(Op.Skip);
        break;
      case 'then':
        this.put(Op.Then, this.choiceAround);
        break;
    }
  }
}

const canBeEmpty = (node: Node): boolean => couldBeEmpty(node, () => undefined);

/** What a match can start with: `some` bytes that are known now, those and `more` (it can be empty), or `unknown`. */
type First = 'some' | 'more' | 'unknown';

/** Adds the bytes that a match of the node can start with. */
function firstBytes(node: Node, to: Uint8Array, unicode: boolean): First {
  const add = (c: number) => {
    to[unicode && c > 127 ? Buffer.from(String.fromCodePoint(c))[0] : c] = 1;
  };
  switch (node.kind) {
    case 'char':
      add(node.code);
      return 'some';
    case 'set':
      if (unicode && node.starts === 'unknown') return 'unknown';
      for (let c = 0; c < (unicode ? 128 : 256); c++) if (node.set.low[c] === 1) add(c);
      if (unicode && node.starts !== 'ascii') to.fill(1, 0xc2);
      return 'some';
    case 'any':
    case 'notNewline':
    case 'unit':
    case 'cluster':
    case 'newline':
      to.fill(1);
      return 'some';
    case 'sequence':
      for (const item of node.items) {
        const first = firstBytes(item, to, unicode);
        if (first !== 'more') return first;
      }
      return 'more';
    case 'choice': {
      // All of them have to be looked at.
      const all = node.branches.map((branch) => firstBytes(branch, to, unicode));
      return all.includes('unknown') ? 'unknown' : all.includes('more') ? 'more' : 'some';
    }
    case 'capture':
    case 'atomic':
      return firstBytes(node.body, to, unicode);
    case 'repeat': {
      if (node.max === 0) return 'more';
      const first = firstBytes(node.body, to, unicode);
      return first === 'some' && node.min === 0 ? 'more' : first;
    }
    case 'position':
    case 'look':
      return 'more';
    case 'verb':
      return node.verb === 'accept' ? 'unknown' : 'more';
    default:
      return 'unknown';
  }
}

/** The last byte that is in every match as such, or -1. */
function requiredByte(node: Node): number {
  switch (node.kind) {
    case 'char':
      return node.code < 128 ? node.code : -1;
    case 'sequence': {
      for (let i = node.items.length - 1; i >= 0; i--) {
        const byte = requiredByte(node.items[i]);
        if (byte >= 0) return byte;
      }
      return -1;
    }
    case 'capture':
    case 'atomic':
      return requiredByte(node.body);
    case 'repeat':
      return node.min > 0 ? requiredByte(node.body) : -1;
    default:
      return -1;
  }
}

/** Whether every branch starts with .*: then, if it does not match at a place, it does not before the next newline. */
function startsWithAnything(node: Node): boolean {
  switch (node.kind) {
    case 'sequence':
      return node.items.length > 0 && startsWithAnything(node.items[0]);
    case 'choice':
      return node.branches.every(startsWithAnything);
    case 'repeat':
      return (
        node.min === 0 &&
        node.max === Number.POSITIVE_INFINITY &&
        node.how !== 'possessive' &&
        node.body.kind === 'notNewline'
      );
    default:
      return false;
  }
}

/** Whether two code points are equal but for case. */
export function equalCaseless(a: number, b: number, unicode: boolean): boolean {
  return a === b || caseVariants(a, unicode).includes(b);
}
