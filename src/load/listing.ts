// The reader of assembly listings, as `erlc -S` prints them.
import { crypto } from '../host.js';
import { checkFunction, checkTables, ownersOfLabels } from './check.js';
import { splitFunctions } from './code.js';
import { encodeTerm } from './encode-term.js';
import { type Form, parseForms, type TermAst, TermSyntaxError } from './erlang-term.js';
import { ListingTables, OperandReader } from './listing-operands.js';
import {
  type BeamModule,
  type Instruction,
  LoadError,
  type Operand,
  type RecordDefinition,
} from './module.js';
import { Op, opcodeByName } from './opcodes.js';
import { rewriteFunction } from './rewrite.js';

interface Header {
  name: string;
  arity: number;
  entry: number;
  line: number;
}

/**
 * Reads a listing.
 *
 * What a listing of a whole module has in front may be missing: the module is then the one that func_info names, and
 * everything is exported. A local call to a label that is nowhere defined (the rest of the module was not pasted)
 * loads and raises undef when it is reached. Type annotations are dropped. The MD5 is that of the text.
 *
 * @param text the listing
 * @param path where it comes from, for messages
 * @throws LoadError with the line, if it is not a listing or not a possible module
 */
export function readListing(text: string, path: string): BeamModule {
  let forms: Form[];
  try {
    forms = parseForms(text);
  } catch (error) {
    if (error instanceof TermSyntaxError) throw new LoadError(path, error.message);
    throw error;
  }
  return new ListingReader(forms, text, path).read();
}

class ListingReader {
  private readonly tables = new ListingTables();
  private readonly operands: OperandReader;
  private readonly headers: Header[] = [];
  private readonly instructions: Instruction[] = [];
  private readonly definedLabels = new Set<number>();
  private readonly md5: Uint8Array;
  private module: string | undefined;
  private exports: { name: string; arity: number }[] | undefined;
  private attributes: TermAst[] = [];
  private onLoad: { name: string; arity: number } | undefined;
  private records: RecordDefinition[] | undefined;
  private labelCount = 1;
  private line = 0;

  constructor(
    private readonly forms: Form[],
    text: string,
    private readonly path: string,
  ) {
    this.md5 = new Uint8Array(crypto().createHash('md5').update(text).digest());
    this.operands = new OperandReader(this.tables, (what) => this.fail(what));
  }

  private fail(what: string): never {
    throw new LoadError(this.path, `line ${this.line}: ${what}`);
  }

  read(): BeamModule {
    this.collectEntries();
    for (const form of this.forms) {
      this.line = form.line;
      this.form(form.term);
    }
    const { module, functions } = splitFunctions(this.instructions, this.path);
    if (functions.length === 0) throw new LoadError(this.path, 'there is no function in this listing');
    if (this.module !== undefined && this.module !== module)
      throw new LoadError(this.path, `{module, ${this.module}} has functions of the module ${module}`);
    for (const header of this.headers) {
      this.line = header.line;
      const f = functions.find((g) => g.name === header.name && g.arity === header.arity);
      if (f === undefined) this.fail(`function ${header.name}/${header.arity} has no func_info`);
      if (f.entry !== header.entry)
        this.fail(
          `function ${f.name}/${f.arity} says entry label ${header.entry}, but label ${f.entry} follows func_info`,
        );
    }
    const exports = (this.exports ?? functions).map(({ name, arity }) => {
      const f = functions.find((g) => g.name === name && g.arity === arity);
      if (f === undefined)
        throw new LoadError(this.path, `the exported function ${name}/${arity} is not there`);
      return { name, arity, label: f.entry };
    });
    const m: BeamModule = {
      name: module,
      path: this.path,
      imports: this.tables.imports,
      exports,
      functions,
      lambdas: this.tables.lambdas,
      literals: this.tables.literals,
      types: [],
      strings: this.tables.strings(),
      locations: this.tables.locations,
      labelCount: this.labelCount,
      labelOwners: ownersOfLabels(functions, this.labelCount, this.path),
      size: this.instructions.length,
      attributes: this.encodedAttributes(),
      md5: this.md5,
    };
    if (this.onLoad !== undefined) m.onLoad = this.onLoad;
    if (this.records !== undefined) m.records = this.records;
    for (const lambda of m.lambdas) lambda.uniq = new DataView(this.md5.buffer).getUint32(0) >>> 5;
    for (const f of functions) checkFunction(m, f);
    checkTables(m);
    for (const f of functions) rewriteFunction(m, f);
    return m;
  }

  /** Entries by label, before any instruction is read: funs are named by the label of their function. */
  private collectEntries(): void {
    let pending: { name: string; arity: number } | undefined;
    for (const { term } of this.forms) {
      if (isTagged(term, 'func_info', 4)) {
        const name = atomIn(term.items[2]!);
        const arity = integerIn(term.items[3]!);
        pending = name !== undefined && arity !== undefined ? { name, arity } : undefined;
      } else if (isTagged(term, 'label', 2)) {
        const label = integerIn(term.items[1]!);
        if (label === undefined) continue;
        if (pending !== undefined) this.tables.entries.set(label, pending);
        this.definedLabels.add(label);
        pending = undefined;
      }
    }
  }

  private form(term: TermAst): void {
    if (term.kind === 'atom') {
      this.instruction(term.name, []);
      return;
    }
    if (term.kind !== 'tuple' || term.items[0]?.kind !== 'atom')
      this.fail('neither an instruction nor a part of a listing');
    const [head, ...rest] = term.items as [TermAst & { kind: 'atom' }, ...TermAst[]];
    switch (`${head.name}/${rest.length}`) {
      case '%/1':
        return;
      case 'records/1':
        this.records = this.list(rest[0]!).map((item) => this.record(item));
        return;
      case 'module/1':
        if (rest[0]!.kind !== 'atom') this.fail('the module name must be an atom');
        this.module = rest[0]!.name;
        return;
      case 'exports/1':
        this.exports = this.list(rest[0]!).map((item) => this.nameAndArity(item));
        return;
      case 'attributes/1':
        this.readAttributes(this.list(rest[0]!));
        return;
      case 'labels/1':
        this.useLabel(this.operands.count(rest[0]!) - 1);
        return;
      case 'function/3': {
        const [name, arity, entry] = rest;
        if (name!.kind !== 'atom') this.fail('the name of a function must be an atom');
        this.headers.push({
          name: name!.name,
          arity: this.operands.count(arity!),
          entry: this.operands.count(entry!),
          line: this.line,
        });
        return;
      }
      case 'label/1': {
        const label = this.operands.count(rest[0]!);
        this.useLabel(label);
        this.push('label', [{ kind: 'unsigned', n: label }]);
        if (this.onLoad !== undefined && this.isEntryOf(label, this.onLoad)) this.push('on_load', []);
        return;
      }
      default:
        this.instruction(head.name, rest);
    }
  }

  private isEntryOf(label: number, f: { name: string; arity: number }): boolean {
    const entry = this.tables.entries.get(label);
    return entry !== undefined && entry.name === f.name && entry.arity === f.arity;
  }

  private list(term: TermAst): TermAst[] {
    if (term.kind !== 'list' || term.tail !== undefined) this.fail('a list was expected');
    return term.items;
  }

  private nameAndArity(term: TermAst): { name: string; arity: number } {
    if (term.kind !== 'tuple' || term.items.length !== 2 || term.items[0]!.kind !== 'atom')
      this.fail('{name,arity} was expected');
    return { name: term.items[0]!.name, arity: this.operands.count(term.items[1]!) };
  }

  /** {Name,Exported,[Field or {Field,Default}]} */
  private record(term: TermAst): RecordDefinition {
    const [name, exported, fields] = term.kind === 'tuple' && term.items.length === 3 ? term.items : [];
    if (name?.kind !== 'atom' || exported?.kind !== 'atom') this.fail('a record definition was expected');
    return {
      name: name.name,
      exported: exported.name === 'true',
      fields: this.list(fields!).map((field) => {
        if (field.kind === 'atom') return { name: field.name };
        const [key, value] = field.kind === 'tuple' && field.items.length === 2 ? field.items : [];
        if (key?.kind !== 'atom') this.fail(`record ${name.name} has a field without a name`);
        return { name: key.name, value: this.operands.literal(value!) };
      }),
    };
  }

  private readAttributes(attributes: TermAst[]): void {
    // As in a .beam file: on_load is an instruction there, not an attribute.
    const onLoad = attributes.find((a) => isTagged(a, 'on_load', 2));
    if (onLoad !== undefined && onLoad.kind === 'tuple') {
      const [function_] = this.list(onLoad.items[1]!);
      if (function_ !== undefined) this.onLoad = this.nameAndArity(function_);
    }
    this.attributes = attributes.filter((a) => a !== onLoad);
  }

  /** The attributes with the `vsn` that the compiler adds, the MD5 as a number. */
  private encodedAttributes(): Uint8Array {
    const attributes = [...this.attributes];
    if (!attributes.some((a) => isTagged(a, 'vsn', 2))) {
      const value = BigInt(`0x${Buffer.from(this.md5).toString('hex')}`);
      const version: TermAst = { kind: 'list', items: [{ kind: 'integer', value }] };
      attributes.unshift({ kind: 'tuple', items: [{ kind: 'atom', name: 'vsn' }, version] });
    }
    return encodeTerm({ kind: 'list', items: attributes });
  }

  private useLabel(n: number): void {
    if (n > 1 << 24) this.fail(`label ${n} is out of range`);
    if (n >= this.labelCount) this.labelCount = n + 1;
  }

  /** From the shape of a listing to that of a .beam file. */
  private instruction(name: string, args: TermAst[]): void {
    const { operands } = this;
    switch (name) {
      case 'test':
        this.test(args);
        return;
      case 'bif':
        this.bif(args);
        return;
      case 'gc_bif': {
        this.shape(args.length === 5, 'gc_bif');
        const [bif, fail, live, list, dst] = args;
        const values = this.list(list!);
        const import_ = this.bifImport(bif!, values.length);
        this.push(`gc_bif${values.length}`, [
          ...operands.all([fail!, live!]),
          import_,
          ...operands.all([...values, dst!]),
        ]);
        return;
      }
      case 'bs_add': {
        this.shape(args.length === 3, name);
        this.push(name, operands.all([args[0]!, ...this.list(args[1]!), args[2]!]));
        return;
      }
      case 'make_fun2': {
        this.shape(args.length === 4, name);
        this.push(name, [operands.lambda(operands.label(args[0]!), operands.count(args[3]!))]);
        return;
      }
      case 'make_fun3': {
        this.shape(args.length === 5, name);
        const free = operands.operand(args[4]!);
        if (free.kind !== 'list') this.fail('make_fun3 needs the free variables as {list,...}');
        const fun = operands.lambda(operands.label(args[0]!), free.items.length);
        this.push(name, [fun, operands.operand(args[3]!), free]);
        return;
      }
      case 'call_fun2': {
        this.shape(args.length === 3, name);
        let tag = operands.operand(args[0]!);
        const arity = operands.operand(args[1]!);
        if (tag.kind === 'label' && arity.kind === 'unsigned') {
          const total = this.tables.entries.get(tag.n)?.arity;
          if (total === undefined) this.fail(`label ${tag.n} is not the entry of a function`);
          tag = operands.lambda(tag.n, total - arity.n);
        }
        this.push(name, [tag, arity, operands.operand(args[2]!)]);
        return;
      }
      case 'kill':
        this.push('init', operands.all(args));
        return;
      case 'call':
      case 'call_only':
      case 'call_last':
        this.call(name, operands.all(args));
        return;
      default:
        this.push(name, operands.all(args));
    }
  }

  private shape(right: boolean, name: string): void {
    if (!right) this.fail(`this is not the shape of a ${name} instruction`);
  }

  /** {test,Op,Fail,Args}, {test,Op,Fail,Src,{list,Args}} or {test,Op,Fail,Live,Args,Dst}. */
  private test(args: TermAst[]): void {
    const { operands } = this;
    const [name, fail] = args;
    this.shape(args.length >= 3 && args.length <= 5 && name!.kind === 'atom', 'test');
    const op = (name as { name: string }).name;
    if (args.length === 3) this.push(op, operands.all([fail!, ...this.list(args[2]!)]));
    else if (args.length === 4) this.push(op, operands.all([fail!, args[2]!, args[3]!]));
    else {
      const [first, ...others] = this.list(args[3]!);
      if (first === undefined) this.fail(`${op} without operands`);
      this.push(op, operands.all([fail!, first, args[2]!, ...others, args[4]!]));
    }
  }

  private bif(args: TermAst[]): void {
    const { operands } = this;
    this.shape(args.length === 4 && args[0]!.kind === 'atom', 'bif');
    const [bif, fail, list, dst] = args;
    const values = this.list(list!);
    const name = (bif as { name: string }).name;
    if (name === 'raise' && values.length === 2) this.push('raise', operands.all(values));
    else if (BIFS_WITH_OPCODE.has(`${name}/${values.length}`))
      this.push(name, operands.all([fail!, ...values, dst!]));
    else if (values.length === 0) this.push('bif0', [this.bifImport(bif!, 0), operands.operand(dst!)]);
    else
      this.push(`bif${values.length}`, [
        operands.operand(fail!),
        this.bifImport(bif!, values.length),
        ...operands.all([...values, dst!]),
      ]);
  }

  private bifImport(bif: TermAst, arity: number): Operand {
    if (bif.kind !== 'atom') this.fail('the name of a BIF must be an atom');
    return { kind: 'unsigned', n: this.tables.import('erlang', bif.name, arity) };
  }

  /** A call to a label that is not in the listing becomes one to a function that does not exist. */
  private call(name: 'call' | 'call_only' | 'call_last', args: Operand[]): void {
    const [arity, target, ...rest] = args;
    if (target?.kind !== 'label' || arity?.kind !== 'unsigned' || this.definedLabels.has(target.n)) {
      this.push(name, args);
      return;
    }
    const module = this.module ?? this.moduleOfFirstFunction();
    const n = this.tables.import(module, `label ${target.n}`, arity.n);
    this.push(EXTERNAL_CALLS[name], [arity, { kind: 'unsigned', n }, ...rest]);
  }

  private moduleOfFirstFunction(): string {
    const info = this.instructions.find((i) => i.op === Op.func_info);
    return info?.args[0]?.kind === 'atom' ? info.args[0].name : '';
  }

  private push(name: string, args: Operand[]): void {
    const info = opcodeByName.get(name);
    if (info === undefined) this.fail(`there is no instruction ${name}`);
    if (args.length !== info.arity) this.fail(`${name} takes ${info.arity} operands, not ${args.length}`);
    for (const arg of args) this.checkLabels(arg);
    this.instructions.push({ op: info.number, args, at: this.line });
  }

  private checkLabels(arg: Operand): void {
    if (arg.kind === 'list') for (const item of arg.items) this.checkLabels(item);
    if (arg.kind !== 'label' || arg.n === 0) return;
    if (!this.definedLabels.has(arg.n)) this.fail(`label ${arg.n} is not in this listing`);
  }
}

const EXTERNAL_CALLS = { call: 'call_ext', call_only: 'call_ext_only', call_last: 'call_ext_last' } as const;

const BIFS_WITH_OPCODE = new Set(['fnegate/1', 'fadd/2', 'fsub/2', 'fmul/2', 'fdiv/2', 'get_record_field/3']);

type Tuple = TermAst & { kind: 'tuple' };

// The tag is part of the type, so that a term that is not tagged so can still be another tuple.
function isTagged<T extends string>(term: TermAst, tag: T, size: number): term is Tuple & { tag?: T } {
  if (term.kind !== 'tuple' || term.items.length !== size) return false;
  const [head] = term.items;
  return head?.kind === 'atom' && head.name === tag;
}

/** The atom of {atom,Name}. */
function atomIn(term: TermAst): string | undefined {
  if (!isTagged(term, 'atom', 2)) return undefined;
  const [, name] = term.items;
  return name?.kind === 'atom' ? name.name : undefined;
}

function integerIn(term: TermAst): number | undefined {
  return term.kind === 'integer' ? Number(term.value) : undefined;
}
