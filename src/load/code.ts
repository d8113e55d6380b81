// The Code chunk: from the bytes of a function to instructions; and, for listings, from one stream of instructions to functions.
// Where functions are in the chunk says scan.ts.
import { type ChunkReader, CompactTag, ExtendedTag } from './compact.js';
import {
  type FunctionCode,
  type Instruction,
  LoadError,
  type Operand,
  type RecordDefinition,
} from './module.js';
import { OPCODES, Op } from './opcodes.js';

/** One more than the highest X, Y or float register of a file. As in OTP there is one more X register, which is for loaders. */
export const MAX_REGISTERS = 1023;

/** The tables that operands point into. */
export interface CodeTables {
  atoms: string[];
  /** How many literals there are; asked for when the first is met. */
  readonly literalCount: number;
  /** Undefined: no types known, annotations are dropped. */
  typeCount: number | undefined;
  /** Undefined: no line table; `line` instructions say "no location". */
  locationCount: number | undefined;
}

// Operands are never changed, so those with small numbers are shared.
const SHARED = 64;
const xs: Operand[] = Array.from({ length: SHARED }, (_, n) => ({ kind: 'x', n }));
const ys: Operand[] = Array.from({ length: SHARED }, (_, n) => ({ kind: 'y', n }));
const counts: Operand[] = Array.from({ length: SHARED }, (_, n) => ({ kind: 'unsigned', n }));
const integers: Operand[] = Array.from({ length: SHARED }, (_, value) => ({ kind: 'integer', value }));
const NIL: Operand = { kind: 'nil' };
const NO_LABEL: Operand = { kind: 'label', n: 0 };
const NO_ARGS: Operand[] = [];

/**
 * Reads the Recs chunk: the native records that the module defines. It is made of compact terms like code.
 *
 * @returns undefined for a version that is not known
 */
export function readRecords(reader: ChunkReader, tables: CodeTables): RecordDefinition[] | undefined {
  if (reader.u32() !== 0) return undefined;
  const count = reader.count(4);
  reader.u32(); // how many fields there are in all
  return new CodeReader(reader, tables, 1).records(count);
}

/** Makes instructions of the bytes of a Code chunk. */
export class CodeReader {
  private readonly atoms: (Operand | undefined)[] = [NIL];
  private readonly labels: (Operand | undefined)[] = [NO_LABEL];

  /** @param labelCount one more than the highest label */
  constructor(
    private readonly reader: ChunkReader,
    private readonly tables: CodeTables,
    private readonly labelCount: number,
  ) {}

  /**
   * The instructions in bytes [start, end) of the chunk.
   *
   * @throws LoadError if they are damaged
   */
  instructions(start: number, end: number): Instruction[] {
    const reader: ChunkReader = this.reader;
    reader.position = start;
    const instructions: Instruction[] = [];
    while (reader.position < end) {
      const at = reader.position;
      const op = reader.u8();
      const arity = OPCODES[op]!.arity;
      let args = NO_ARGS;
      if (arity > 0) {
        args = new Array<Operand>(arity);
        for (let i = 0; i < arity; i++) args[i] = this.operand(false);
      }
      if (op === Op.line) this.location(args, at);
      instructions.push({ op, args, at });
    }
    return instructions;
  }

  /** A record: label 0, name, whether it is exported, list of field names with defaults; the count 0 is "no default". */
  records(count: number): RecordDefinition[] {
    const reader: ChunkReader = this.reader;
    const records: RecordDefinition[] = [];
    for (let i = 0; i < count; i++) {
      const at = reader.position;
      this.operand(false);
      const name = this.operand(false);
      const exported = this.operand(false);
      const list = this.operand(false);
      if (
        name.kind !== 'atom' ||
        exported.kind !== 'atom' ||
        list.kind !== 'list' ||
        list.items.length % 2 !== 0
      )
        reader.fail(`record ${i + 1} is not a record definition`, at);
      const fields: RecordDefinition['fields'] = [];
      for (let j = 0; j < list.items.length; j += 2) {
        const field = list.items[j]!;
        const value = list.items[j + 1]!;
        if (field.kind !== 'atom') reader.fail(`record ${name.name} has a field without a name`, at);
        fields.push(value.kind === 'unsigned' ? { name: field.name } : { name: field.name, value });
      }
      records.push({ name: name.name, exported: exported.name === 'true', fields });
    }
    return records;
  }

  private location(args: Operand[], at: number): void {
    const [location] = args;
    const { locationCount } = this.tables;
    if (locationCount === undefined) args[0] = counts[0]!;
    else if (location!.kind !== 'unsigned' || location!.n >= locationCount)
      this.reader.fail('a line instruction points outside the line table', at);
  }

  private operand(inList: boolean): Operand {
    const reader: ChunkReader = this.reader;
    const at = reader.position;
    const n = reader.compact();
    switch (reader.tag) {
      case CompactTag.Unsigned:
        if (typeof n !== 'number' || n < 0 || n > 0xffffffff)
          reader.fail(`the count ${n} is out of range`, at);
        return n < SHARED ? counts[n]! : { kind: 'unsigned', n };
      case CompactTag.Integer:
        return typeof n === 'number' && n >= 0 && n < SHARED ? integers[n]! : { kind: 'integer', value: n };
      case CompactTag.Atom:
        return this.atoms[n as number] ?? this.atom(n, at);
      case CompactTag.X:
        return shared(xs, n) ?? { kind: 'x', n: this.register('X', n, at) };
      case CompactTag.Y:
        return shared(ys, n) ?? { kind: 'y', n: this.register('Y', n, at) };
      case CompactTag.Label:
        return this.labels[n as number] ?? this.label(n, at);
      case CompactTag.Extended:
        return this.extended(n, at, inList);
      default:
        reader.fail('a character operand; no compiler writes those', at);
    }
  }

  private atom(n: number | bigint, at: number): Operand {
    const name = this.tables.atoms[n as number] ?? this.reader.fail(`there is no atom ${n}`, at);
    return (this.atoms[n as number] = { kind: 'atom', name });
  }

  private label(n: number | bigint, at: number): Operand {
    if (typeof n !== 'number' || n < 1 || n >= this.labelCount)
      this.reader.fail(`there is no label ${n}; labels go to ${this.labelCount - 1}`, at);
    return (this.labels[n] = { kind: 'label', n });
  }

  private register(name: string, n: number | bigint, at: number): number {
    if (typeof n !== 'number' || n < 0 || n >= MAX_REGISTERS)
      this.reader.fail(`there is no ${name} register ${n}; they go to ${MAX_REGISTERS - 1}`, at);
    return n;
  }

  private extended(tag: number | bigint, at: number, inList: boolean): Operand {
    const reader: ChunkReader = this.reader;
    switch (tag) {
      case ExtendedTag.List: {
        if (inList) reader.fail('a list inside a list', at);
        const size = reader.unsigned();
        if (size > reader.left)
          reader.fail(`a list of ${size} operands cannot fit into ${reader.left} bytes`, at);
        const items = new Array<Operand>(size);
        for (let i = 0; i < size; i++) items[i] = this.operand(true);
        return { kind: 'list', items };
      }
      case ExtendedTag.FloatRegister:
        return { kind: 'fr', n: this.register('float', reader.unsigned(), at) };
      case ExtendedTag.AllocationList:
        return this.allocation(at);
      case ExtendedTag.Literal: {
        const n = reader.unsigned();
        if (n >= this.tables.literalCount) reader.fail(`there is no literal ${n}`, at);
        return { kind: 'literal', n };
      }
      case ExtendedTag.TypedRegister: {
        const n = reader.compact();
        const tag = reader.tag;
        if (tag !== CompactTag.X && tag !== CompactTag.Y)
          reader.fail('a type annotation on something that is no register', at);
        const register = this.register(tag === CompactTag.X ? 'X' : 'Y', n, at);
        const type = reader.unsigned();
        const kind = tag === CompactTag.X ? 'x' : 'y';
        const { typeCount } = this.tables;
        if (typeCount === undefined) return { kind, n: register };
        if (type >= typeCount) reader.fail(`there is no type ${type}`, at);
        return { kind, n: register, type };
      }
      default:
        reader.fail(`an extended operand of unknown kind ${tag}`, at);
    }
  }

  private allocation(at: number): Operand {
    const reader: ChunkReader = this.reader;
    const size = reader.unsigned();
    if (size * 2 > reader.left)
      reader.fail(`an allocation list of ${size} entries cannot fit into ${reader.left} bytes`, at);
    const alloc = { kind: 'alloc' as const, words: 0, floats: 0, funs: 0 };
    for (let i = 0; i < size; i++) {
      const what = reader.unsigned();
      const n = reader.unsigned();
      if (what === 0) alloc.words = n;
      else if (what === 1) alloc.floats = n;
      else if (what === 2) alloc.funs = n;
      else reader.fail(`an allocation of unknown kind ${what}`, at);
    }
    return alloc;
  }
}

function shared(table: Operand[], n: number | bigint): Operand | undefined {
  return typeof n === 'number' ? table[n] : undefined;
}

/**
 * Cuts an instruction stream into functions: each starts at the label before its func_info, and is entered at the
 * label behind it.
 *
 * @throws LoadError if the stream does not have that shape
 */
export function splitFunctions(
  instructions: Instruction[],
  path: string,
): { module: string; functions: FunctionCode[] } {
  const functions: FunctionCode[] = [];
  let module = '';
  let start = 0;
  const finish = (end: number) => {
    const last = functions.at(-1);
    if (last !== undefined) last.code = instructions.slice(start, end);
  };
  for (let i = 0; i < instructions.length; i++) {
    if (instructions[i]!.op !== Op.func_info) continue;
    const [moduleAtom, nameAtom, arity] = instructions[i]!.args;
    if (moduleAtom!.kind !== 'atom' || nameAtom!.kind !== 'atom' || arity!.kind !== 'unsigned')
      throw new LoadError(
        path,
        `function ${functions.length + 1}: func_info needs a module, a name and an arity`,
      );
    const name = `${nameAtom.name}/${arity.n}`;
    let first = i - 1;
    while (first >= 0 && isLocation(instructions[first]!.op)) first--;
    const entry = instructions[i + 1];
    if (first < start || instructions[first]!.op !== Op.label || entry?.op !== Op.label)
      throw new LoadError(path, `function ${name}: func_info must stand between two labels`);
    if (functions.length === 0 && first > 0)
      throw new LoadError(path, `${first} instructions stand before the first function`);
    finish(first);
    start = first;
    module = moduleAtom.name;
    functions.push({
      name: nameAtom.name,
      arity: arity.n,
      entry: (entry.args[0] as { n: number }).n,
      code: [],
    });
  }
  finish(instructions.length);
  if (functions.length === 0 && instructions.length > 0)
    throw new LoadError(path, 'the code has instructions but no function');
  return { module, functions };
}

function isLocation(op: number): boolean {
  return op === Op.line || op === Op.executable_line || op === Op.debug_line;
}
