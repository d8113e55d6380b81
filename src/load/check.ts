// Checks on a BeamModule that hold for every reader: operands are of the kind that the instruction takes, and what
// they point to exists.

import { failAt } from './failure.js';
import { type BeamModule, type FunctionCode, type Instruction, LoadError, type Operand } from './module.js';
import { Op } from './opcodes.js';
import { isRegister } from './operands.js';
import { SIGNATURES } from './signatures.js';

/**
 * Checks names of functions, exports and lambdas.
 *
 * @throws LoadError for the first thing that is wrong
 */
export function checkTables(m: BeamModule): void {
  const names = new Set<string>();
  for (const f of m.functions) {
    const name = `${f.name}/${f.arity}`;
    if (names.has(name)) throw new LoadError(m.path, `function ${name} is there twice`);
    names.add(name);
  }
  for (const e of m.exports) checkEntry(m, e.label, e.arity, `the export ${e.name}/${e.arity}`, e.name);
  for (const l of m.lambdas) checkEntry(m, l.label, l.arity, `the fun ${l.name}/${l.arity}`);
}

function checkEntry(m: BeamModule, label: number, arity: number, who: string, name?: string): void {
  const f = entryAt(m, label);
  if (f === undefined) throw new LoadError(m.path, `${who}: label ${label} is not the entry of a function`);
  if (f.arity !== arity || (name !== undefined && f.name !== name))
    throw new LoadError(m.path, `${who}: label ${label} is the entry of ${f.name}/${f.arity}`);
}

/** The function that is entered at the label, if there is one. */
export function entryAt(m: BeamModule, label: number): FunctionCode | undefined {
  const f = m.functions[(m.labelOwners[label] ?? 0) - 1];
  return f?.entry === label ? f : undefined;
}

/**
 * Finds out which function each label is in.
 *
 * @param functions of a module with labels 1..labelCount-1
 * @throws LoadError if a label is not one of these, or defined twice
 */
export function ownersOfLabels(functions: FunctionCode[], labelCount: number, path: string): Int32Array {
  const owners = new Int32Array(labelCount);
  for (const [index, f] of functions.entries())
    for (const [at, { op, args }] of f.code.entries()) {
      if (op !== Op.label) continue;
      const [label] = args;
      const n = label?.kind === 'unsigned' ? label.n : 0;
      let problem: string | undefined;
      if (n === 0 || n >= labelCount) problem = `a label must be a number from 1 to ${labelCount - 1}`;
      else if (owners[n] !== 0) problem = `label ${n} is defined twice`;
      if (problem !== undefined) {
        const line = f.code[at]!.at === undefined ? '' : `, line ${f.code[at]!.at}`;
        throw new LoadError(path, `${f.name}/${f.arity}${line}, instruction ${at + 1} (label): ${problem}`);
      }
      owners[n] = index + 1;
    }
  return owners;
}

/**
 * Checks operand kinds, register and table indexes and labels in the code of a function.
 *
 * @throws LoadError for the first thing that is wrong
 */
export function checkFunction(m: BeamModule, f: FunctionCode): void {
  new Checker(m, f).run();
}

/** Largest count or index that an instruction can have: the limit of a tuple's elements is higher than all others. */
const MAX_COUNT = 0xffffff;
/** Most bits of a field whose size is a constant. */
const MAX_BITS = 0x3fffffff;
/** Most arguments of a function. */
const MAX_ARITY = 255;

class Checker {
  private at = 0;

  constructor(
    private readonly m: BeamModule,
    private readonly f: FunctionCode,
  ) {}

  run(): void {
    const { code } = this.f;
    for (this.at = 0; this.at < code.length; this.at++) this.instruction(code[this.at]!);
  }

  private fail(what: string): never {
    const { m, f, at } = this;
    failAt(m, f, f.code, at, what);
  }

  private instruction({ op, args }: Instruction): void {
    const signature = SIGNATURES[op];
    if (signature === undefined)
      this.fail(`instruction number ${op} is of OTP 22 or older and not supported`);
    for (let i = 0; i < args.length; i++)
      if (!this.fits(signature.charCodeAt(i), args[i]!, args))
        this.fail(`operand ${i + 1} cannot be ${describe(args[i]!)}`);
    this.special(op, args);
  }

  /** What the kinds of the operands alone do not say. */
  private special(op: Op, args: Operand[]): void {
    const count = (i: number): number => (args[i] as { n: number }).n;
    switch (op) {
      case Op.func_info:
        this.arity(count(2));
        return;
      case Op.call_fun:
      case Op.apply:
      case Op.apply_last:
        this.arity(count(0));
        return;
      case Op.call_fun2:
        this.arity(count(1));
        return;
      case Op.bif0:
        this.operator(count(0), 0);
        return;
      case Op.bif1:
      case Op.bif2:
      case Op.bif3:
        this.operator(count(1), args.length - 3);
        return;
      case Op.gc_bif1:
      case Op.gc_bif2:
      case Op.gc_bif3:
        this.operator(count(2), args.length - 4);
        return;
      case Op.fmove:
        if ((args[0]!.kind === 'fr') === (args[1]!.kind === 'fr'))
          this.fail('one operand must be a float register');
        return;
      case Op.update_record:
        for (let i = 0, { items } = args[4] as { items: Operand[] }; i < items.length; i += 2) {
          const { n } = items[i] as { n: number };
          if (n < 1 || n > count(1)) this.fail(`there is no element ${n} in a tuple of ${count(1)}`);
        }
        return;
      case Op.bs_put_string:
        this.string(count(1), count(0));
        return;
      case Op.bs_match_string:
        this.string(count(3), Math.ceil(count(2) / 8));
        return;
    }
  }

  private operator(index: number, operands: number): void {
    const { module, name, arity } = this.m.imports[index]!;
    if (arity !== operands) this.fail(`${operands} operands for ${module}:${name}/${arity}`);
  }

  private arity(n: number): void {
    if (n > MAX_ARITY) this.fail(`${n} arguments; the limit is ${MAX_ARITY}`);
  }

  /** A piece of the string table. */
  private string(offset: number, size: number): void {
    const { length } = this.m.strings;
    if (offset + size > length)
      this.fail(`takes ${size} bytes from byte ${offset} of the string table, which has ${length}`);
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
        return a.kind === 'unsigned' && a.n <= MAX_COUNT;
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
    if (this.m.labelOwners[n] === 0) this.fail(`label ${n} is not defined`);
    return true;
  }

  private callee(label: number, arity: Operand): true {
    const f = entryAt(this.m, label);
    if (f === undefined) this.fail(`label ${label} is not the entry of a function`);
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
          (item) => item.kind === 'unsigned' && item.n <= MAX_COUNT,
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
      case 66: // B
        return this.segments(items);
      case 67: // C
        return this.commands(items);
      default:
        return true;
    }
  }

  /** Segments of bs_create_bin: type, number, unit, flags, value, size. */
  private segments(items: Operand[]): boolean {
    if (items.length % 6 !== 0) this.fail('a list of segments that is cut off');
    for (let i = 0; i < items.length; i += 6) {
      const [type, number, unit, flags, value, size] = items.slice(i, i + 6) as [Operand, ...Operand[]];
      if (type.kind !== 'atom' || number!.kind !== 'unsigned' || unit!.kind !== 'unsigned') return false;
      if (flags!.kind !== 'nil' && flags!.kind !== 'literal') return false;
      if (type.name === 'string') {
        const [offset, bytes] = [numberOf(value!), numberOf(size!)];
        if (offset === undefined || bytes === undefined) return false;
        this.string(offset, bytes);
      } else if (!isSource(value!) || !isSource(size!)) return false;
    }
    return true;
  }

  /** Commands of bs_match: a name, and what comes with it. */
  private commands(items: Operand[]): boolean {
    for (let i = 0; i < items.length; ) {
      const command = items[i]!;
      const shape =
        command.kind === 'atom' && Object.hasOwn(COMMANDS, command.name) ? COMMANDS[command.name] : undefined;
      if (shape === undefined || i + shape.length >= items.length)
        this.fail('a command of bs_match that is not known or cut off');
      for (let k = 0; k < shape.length; k++) {
        const o = items[i + 1 + k]!;
        if (!isOperand(shape[k]!, o))
          this.fail(`operand ${k + 1} of ${(command as { name: string }).name} cannot be ${describe(o)}`);
      }
      if (shape === 'ngnnd' && numberOf(items[i + 3]!)! * numberOf(items[i + 4]!)! > MAX_BITS)
        this.fail(`a field of more than ${MAX_BITS} bits`);
      i += shape.length + 1;
    }
    return true;
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

/** Commands of bs_match with their operands: n a number, v a number of any size, g flags, d a destination. */
export const COMMANDS: Record<string, string> = {
  ensure_at_least: 'nn',
  ensure_exactly: 'n',
  binary: 'ngnnd',
  integer: 'ngnnd',
  skip: 'n',
  get_tail: 'nnd',
  '=:=': 'gnv',
};

/** A number in an operand: a count, or an integer that could be one. */
function numberOf(o: Operand): number | undefined {
  const n = o.kind === 'unsigned' ? o.n : o.kind === 'integer' ? Number(o.value) : -1;
  return n >= 0 && n <= MAX_COUNT ? n : undefined;
}

/** Whether an operand of a bs_match command is what the letter says. */
function isOperand(letter: string, o: Operand): boolean {
  switch (letter) {
    case 'd':
      return isRegister(o);
    case 'g':
      return o.kind === 'nil' || o.kind === 'literal' || o.kind === 'unsigned' || o.kind === 'integer';
    case 'v':
      return o.kind === 'unsigned' || o.kind === 'integer';
    default:
      return numberOf(o) !== undefined;
  }
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
