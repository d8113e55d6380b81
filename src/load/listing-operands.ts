// Operands of a listing, and the tables that a .beam file would have for what they spell out.
import { MAX_REGISTERS } from './code.js';
import { smallest } from './compact.js';
import { encodeTerm } from './encode-term.js';
import type { TermAst } from './erlang-term.js';
import type { BeamModule, Lambda, Operand } from './module.js';

/** Tables that grow while a listing is read. */
export class ListingTables {
  readonly imports: BeamModule['imports'] = [];
  readonly literals: Uint8Array[] = [];
  readonly lambdas: Lambda[] = [];
  readonly locations: BeamModule['locations'] = [{ file: '', line: 0 }];
  /** Functions by the label of their entry. */
  readonly entries = new Map<number, { name: string; arity: number }>();
  private readonly index = new Map<string, number>();
  private stringBytes = Buffer.alloc(0);

  /** The index of an entry, which is appended by `add` if it is new. */
  private find(key: string, add: () => number): number {
    let n = this.index.get(key);
    if (n === undefined) {
      n = add() - 1;
      this.index.set(key, n);
    }
    return n;
  }

  import(module: string, name: string, arity: number): number {
    return this.find(`i${JSON.stringify([module, name])}${arity}`, () =>
      this.imports.push({ module, name, arity }),
    );
  }

  literal(bytes: Uint8Array): number {
    return this.find(`l${Buffer.from(bytes).toString('latin1')}`, () => this.literals.push(bytes));
  }

  location(file: string, line: number): number {
    return this.find(`p${line} ${file}`, () => this.locations.push({ file, line }));
  }

  lambda(label: number, name: string, arity: number, free: number): number {
    return this.find(`f${label} ${free}`, () =>
      this.lambdas.push({ name, arity, label, index: this.lambdas.length, free, uniq: 0 }),
    );
  }

  /** Offset of the bytes in the string table. */
  string(bytes: Uint8Array): number {
    let at = this.stringBytes.indexOf(bytes);
    if (at < 0) {
      at = this.stringBytes.length;
      this.stringBytes = Buffer.concat([this.stringBytes, bytes]);
    }
    return at;
  }

  strings(): Uint8Array {
    return new Uint8Array(this.stringBytes);
  }
}

const FLAGS: Record<string, number> = { little: 2, big: 0, signed: 4, unsigned: 0, native: 16 };
const NIL: Operand = { kind: 'nil' };
/** Integers from here on are literals in a .beam file. */
const LITERAL_INTEGER = 1n << 128n;

/** Reads operands. What is wrong goes to `fail`, which throws. */
export class OperandReader {
  constructor(
    private readonly tables: ListingTables,
    private readonly fail: (what: string) => never,
  ) {}

  all(terms: TermAst[]): Operand[] {
    return terms.map((term) => this.operand(term));
  }

  /** A number from 0 to 2^32 - 1. */
  count(term: TermAst): number {
    if (term.kind !== 'integer' || term.value < 0n || term.value > 0xffffffffn)
      return this.fail('a number that is not negative was expected');
    return Number(term.value);
  }

  /** The number in {f,Label}. */
  label(term: TermAst): number {
    const operand = this.operand(term);
    return operand.kind === 'label' ? operand.n : this.fail('{f,Label} was expected');
  }

  /** The index of the fun whose function is entered at `label`. */
  lambda(label: number, free: number): Operand {
    const f = this.tables.entries.get(label);
    if (f === undefined) return this.fail(`label ${label} is not the entry of a function`);
    if (free < 0 || free > f.arity)
      return this.fail(`${f.name}/${f.arity} cannot have ${free} free variables`);
    return { kind: 'unsigned', n: this.tables.lambda(label, f.name, f.arity, free) };
  }

  operand(term: TermAst): Operand {
    if (term.kind === 'integer') return { kind: 'unsigned', n: this.count(term) };
    if (term.kind === 'atom' && term.name === 'nil') return NIL;
    if (term.kind === 'list') return this.location(term);
    if (term.kind !== 'tuple' || term.items[0]?.kind !== 'atom' || term.items.length < 2)
      return this.fail('this is not an operand');
    const [, value, ...more] = term.items;
    const tag = term.items[0].name;
    if (tag === 'tr' && more.length === 1) return this.operand(value!);
    if (tag === 'extfunc' && more.length === 2) return this.external(value!, more);
    if (more.length > 0) return this.fail(`{${tag},...} is not an operand`);
    return this.tagged(tag, value!);
  }

  private tagged(tag: string, value: TermAst): Operand {
    switch (tag) {
      case 'x':
      case 'y':
      case 'fr': {
        const n = this.count(value);
        if (n >= MAX_REGISTERS)
          this.fail(`there is no register {${tag},${n}}; they go to ${MAX_REGISTERS - 1}`);
        return { kind: tag, n };
      }
      case 'f':
        return { kind: 'label', n: this.count(value) };
      case 'u':
        return { kind: 'unsigned', n: this.count(value) };
      case 'atom':
        return value.kind === 'atom'
          ? { kind: 'atom', name: value.name }
          : this.fail('{atom,...} without an atom');
      case 'integer':
        return value.kind === 'integer' ? this.literal(value) : this.fail('{integer,...} without an integer');
      case 'float':
      case 'literal':
        return this.literal(value);
      case 'string':
        return { kind: 'unsigned', n: this.tables.string(this.bytes(value)) };
      case 'list':
        return { kind: 'list', items: this.all(this.items(value)) };
      case 'commands':
        return { kind: 'list', items: this.items(value).flatMap((command) => this.command(command)) };
      case 'field_flags':
        return {
          kind: 'unsigned',
          n: value.kind === 'integer' ? this.count(value) : this.flags(this.items(value)),
        };
      case 'alloc':
        return this.allocation(this.items(value));
      default:
        return this.fail(`{${tag},...} is not an operand`);
    }
  }

  private items(term: TermAst): TermAst[] {
    return term.kind === 'list' && term.tail === undefined ? term.items : this.fail('a list was expected');
  }

  /** A term as an operand: an immediate if there is one for it. */
  literal(term: TermAst): Operand {
    if (term.kind === 'atom') return { kind: 'atom', name: term.name };
    if (term.kind === 'list' && term.items.length === 0) return NIL;
    if (term.kind === 'integer' && term.value > -LITERAL_INTEGER && term.value < LITERAL_INTEGER)
      return { kind: 'integer', value: smallest(term.value) };
    return { kind: 'literal', n: this.tables.literal(encodeTerm(term)) };
  }

  private bytes(term: TermAst): Uint8Array {
    if (term.kind === 'bitstring' && term.bits % 8 === 0) return term.bytes;
    return Uint8Array.from(this.items(term), (item) => this.count(item));
  }

  private flags(flags: TermAst[]): number {
    let bits = 0;
    for (const flag of flags) {
      // {anno,...} is for messages of the compiler.
      if (flag.kind === 'tuple') continue;
      const bit = flag.kind === 'atom' ? FLAGS[flag.name] : undefined;
      if (bit === undefined) this.fail('an unknown field flag');
      else bits |= bit;
    }
    return bits;
  }

  private allocation(entries: TermAst[]): Operand {
    const alloc = { kind: 'alloc' as const, words: 0, floats: 0, funs: 0 };
    for (const entry of entries) {
      const [what, n] = entry.kind === 'tuple' && entry.items.length === 2 ? entry.items : [];
      if (what?.kind !== 'atom' || n === undefined)
        return this.fail('{words,N} was expected in {alloc,[...]}');
      if (what.name !== 'words' && what.name !== 'floats' && what.name !== 'funs')
        return this.fail(`an allocation of unknown kind ${what.name}`);
      alloc[what.name] = this.count(n);
    }
    return alloc;
  }

  /** A command of bs_match is spelled out: its name and its operands. */
  private command(term: TermAst): Operand[] {
    if (term.kind !== 'tuple' || term.items[0]?.kind !== 'atom')
      return this.fail('this is not a command of bs_match');
    return [{ kind: 'atom', name: term.items[0].name }, ...this.all(term.items.slice(1))];
  }

  private external(module: TermAst, [name, arity]: TermAst[]): Operand {
    if (module.kind !== 'atom' || name?.kind !== 'atom')
      return this.fail('{extfunc,Module,Name,Arity} was expected');
    return { kind: 'unsigned', n: this.tables.import(module.name, name.name, this.count(arity!)) };
  }

  /** [] or [{location,"file.erl",12}]. */
  private location(term: TermAst): Operand {
    for (const item of this.items(term)) {
      if (item.kind !== 'tuple' || item.items.length !== 3) continue;
      const [tag, file, line] = item.items;
      if (tag!.kind !== 'atom' || tag!.name !== 'location' || file!.kind !== 'list') continue;
      const name = file!.items.map((c) => String.fromCodePoint(Math.min(this.count(c), 0x10ffff))).join('');
      return { kind: 'unsigned', n: this.tables.location(name, this.count(line!)) };
    }
    return { kind: 'unsigned', n: 0 };
  }
}
