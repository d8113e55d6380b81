// Checks on a BeamModule that hold for every reader: operands are of the kind that the instruction takes, and what
// they point to exists.
import { type BeamModule, type FunctionCode, type Instruction, LoadError, type Operand } from './module.js';
import { OPCODES, Op } from './opcodes.js';
import { SIGNATURES } from './signatures.js';

/**
 * Checks operand kinds, register and table indexes, labels, exports and lambdas.
 *
 * @throws LoadError for the first thing that is wrong
 */
export function checkModule(m: BeamModule): void {
  new Checker(m).run();
}

class Checker {
  /** By label: its function if the label is an entry, true if it is another one, undefined if there is none. */
  private readonly labels: (FunctionCode | true | undefined)[];
  private code: FunctionCode | undefined;
  private at = 0;

  constructor(private readonly m: BeamModule) {
    this.labels = new Array(m.labelCount);
  }

  run(): void {
    const { m } = this;
    const names = new Set<string>();
    for (const f of m.functions) {
      this.code = f;
      const name = `${f.name}/${f.arity}`;
      if (names.has(name)) throw new LoadError(m.path, `function ${name} is there twice`);
      names.add(name);
      this.defineLabels(f);
    }
    for (const f of m.functions) {
      this.code = f;
      for (this.at = 0; this.at < f.code.length; this.at++) this.instruction(f.code[this.at]!);
    }
    for (const e of m.exports) this.entry(e.label, e.arity, `the export ${e.name}/${e.arity}`, e.name);
    for (const l of m.lambdas) this.entry(l.label, l.arity, `the fun ${l.name}/${l.arity}`);
  }

  private fail(what: string): never {
    const { code, at } = this;
    const name = OPCODES[code!.code[at]!.op]!.name;
    throw new LoadError(
      this.m.path,
      `${code!.name}/${code!.arity}, instruction ${at + 1} (${name}): ${what}`,
    );
  }

  private defineLabels(f: FunctionCode): void {
    for (this.at = 0; this.at < f.code.length; this.at++) {
      const { op, args } = f.code[this.at]!;
      if (op !== Op.label) continue;
      const label = args[0]!;
      if (label.kind !== 'unsigned' || label.n === 0 || label.n >= this.m.labelCount)
        this.fail(`a label must be a number from 1 to ${this.m.labelCount - 1}`);
      if (this.labels[label.n] !== undefined) this.fail(`label ${label.n} is defined twice`);
      this.labels[label.n] = label.n === f.entry ? f : true;
    }
  }

  private entry(label: number, arity: number, who: string, name?: string): void {
    const f = this.labels[label];
    if (typeof f !== 'object')
      throw new LoadError(this.m.path, `${who}: label ${label} is not the entry of a function`);
    if (f.arity !== arity || (name !== undefined && f.name !== name))
      throw new LoadError(this.m.path, `${who}: label ${label} is the entry of ${f.name}/${f.arity}`);
  }

  private instruction({ op, args }: Instruction): void {
    const signature = SIGNATURES[op];
    if (signature === undefined)
      this.fail(`instruction number ${op} is of OTP 22 or older and not supported; compile the source again`);
    for (let i = 0; i < args.length; i++)
      if (!this.fits(signature.charCodeAt(i), args[i]!, args))
        this.fail(`operand ${i + 1} cannot be ${describe(args[i]!)}`);
  }

  private fits(letter: number, a: Operand, args: Operand[]): boolean {
    switch (letter) {
      case 115: // s
        return isSource(a);
      case 100: // d
      case 114: // r
      case 119: // w
        return a.kind === 'x' || a.kind === 'y';
      case 121: // y
      case 113: // q
        return a.kind === 'y';
      case 102: // f
        return a.kind === 'label' && (a.n === 0 || this.label(a.n));
      case 106: // j
        return a.kind === 'label' && a.n !== 0 && this.label(a.n);
      case 98: // b
        return a.kind === 'atom' || (a.kind === 'label' && (a.n === 0 || this.label(a.n)));
      case 99: // c
        return a.kind === 'label' && this.callee(a.n, args[0]!);
      case 117: // u
      case 108: // l
      case 111: // o
        return a.kind === 'unsigned';
      case 76: // L
        return a.kind === 'unsigned' && a.n <= 1024;
      case 104: // h
        return a.kind === 'unsigned' || a.kind === 'alloc';
      case 122: // z
        return a.kind === 'unsigned' || isSource(a);
      case 97: // a
        return a.kind === 'atom';
      case 105: // i
        return (
          a.kind === 'unsigned' && (a.n < this.m.imports.length || this.fail(`there is no import ${a.n}`))
        );
      case 109: // m
        return a.kind === 'unsigned' && (a.n < this.m.lambdas.length || this.fail(`there is no fun ${a.n}`));
      case 116: // t
        return a.kind === 'atom' || (a.kind === 'unsigned' && a.n < this.m.lambdas.length);
      case 70: // F
      case 71: // G
        return a.kind === 'fr';
      case 83: // S
        return a.kind === 'fr' || isSource(a);
      case 68: // D
        return a.kind === 'fr' || a.kind === 'x' || a.kind === 'y';
      case 42: // *
        return true;
      default:
        return a.kind === 'list' && this.list(letter, a.items);
    }
  }

  private label(n: number): true {
    if (this.labels[n] === undefined) this.fail(`label ${n} is not defined`);
    return true;
  }

  private callee(label: number, arity: Operand): true {
    const f = this.labels[label];
    if (typeof f !== 'object') this.fail(`label ${label} is not the entry of a function`);
    if (arity.kind !== 'unsigned' || arity.n !== f.arity)
      this.fail(`a call to ${f.name}/${f.arity} with another number of arguments`);
    return true;
  }

  private list(letter: number, items: Operand[]): boolean {
    switch (letter) {
      case 86: // V
      case 75: // K
        return items.every(isSource);
      case 89: // Y
        return items.every((item) => item.kind === 'y');
      case 80: // P
        return this.pairs(items, isSelectable, (item) => this.target(item));
      case 84: // T
        return this.pairs(
          items,
          (item) => item.kind === 'unsigned',
          (item) => this.target(item),
        );
      case 77: // M
        return this.pairs(items, isSource, isSource);
      case 69: // E
        return this.pairs(items, isSource, isRegister);
      case 85: // U
        return this.pairs(items, (item) => item.kind === 'unsigned', isSource);
      case 82: // R
        return this.pairs(items, isSource, isRegister);
      default:
        return true;
    }
  }

  private pairs(items: Operand[], first: (o: Operand) => boolean, second: (o: Operand) => boolean): boolean {
    if (items.length % 2 !== 0) this.fail('a list of pairs with an odd number of operands');
    for (let i = 0; i < items.length; i += 2) if (!first(items[i]!) || !second(items[i + 1]!)) return false;
    return true;
  }

  private target(item: Operand): boolean {
    return item.kind === 'label' && item.n !== 0 && this.label(item.n);
  }
}

function isRegister(a: Operand): boolean {
  return a.kind === 'x' || a.kind === 'y';
}

function isSelectable(a: Operand): boolean {
  return a.kind === 'atom' || a.kind === 'integer' || a.kind === 'literal';
}

function isSource(a: Operand): boolean {
  switch (a.kind) {
    case 'x':
    case 'y':
    case 'integer':
    case 'atom':
    case 'nil':
    case 'literal':
      return true;
    default:
      return false;
  }
}

function describe(a: Operand): string {
  switch (a.kind) {
    case 'x':
    case 'y':
    case 'fr':
      return `register ${a.kind}${a.n}`;
    case 'label':
      return `label ${a.n}`;
    case 'unsigned':
      return `the count ${a.n}`;
    case 'integer':
      return 'an integer';
    case 'atom':
      return 'an atom';
    case 'literal':
      return 'a literal';
    case 'list':
      return 'this list';
    case 'alloc':
      return 'an allocation list';
    default:
      return 'nil';
  }
}
