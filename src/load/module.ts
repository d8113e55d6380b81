// What the two readers (beam files, listings) make of a file, and what the assembler and the translator work on.
// Nothing in here is in the arena yet.

/** An operand of an instruction. */
export type Operand =
  | { kind: 'x'; n: number; type?: number } // X register; type: index into BeamModule.types, if annotated
  | { kind: 'y'; n: number; type?: number }
  | { kind: 'fr'; n: number } // float register
  | { kind: 'integer'; value: number | bigint } // bigint only beyond 2^53
  | { kind: 'atom'; name: string }
  | { kind: 'nil' }
  | { kind: 'label'; n: number } // 0: no label (raise an exception)
  | { kind: 'unsigned'; n: number } // counts, arities, indexes into tables
  | { kind: 'literal'; n: number } // index into BeamModule.literals
  | { kind: 'list'; items: Operand[] }
  | { kind: 'alloc'; words: number; floats: number; funs: number };

/** A generic BEAM instruction. */
export interface Instruction {
  /** Opcode number, see opcodes.ts. */
  op: number;
  args: Operand[];
  /** Offset in the Code chunk, or line of the listing; missing where no file has it. */
  at?: number;
}

export interface FunctionCode {
  name: string;
  arity: number;
  /** Label of the entry, behind func_info. */
  entry: number;
  /**
   * From the label before func_info to the last instruction, with operands of the kinds that the instructions take. Of a
   * `.beam` file it is read when it is first wanted, and throws LoadError if it is damaged.
   */
  code: Instruction[];
  /** Whether the code has been verified, and tests have been put where they are needed (type-guards.ts). */
  isSafe?: boolean;
}

export interface Lambda {
  name: string;
  /** Arity of the function with its free variables. */
  arity: number;
  label: number;
  index: number;
  free: number;
  uniq: number;
}

/** What the Type chunk says of a register: a union of kinds, with bounds for integers. */
export interface TypeInfo {
  /** Bit set of TypeBit. */
  bits: number;
  min?: bigint;
  max?: bigint;
  /** For bitstrings: size is a multiple of this. */
  unit?: number;
}

/** A function of another module, or a BIF, that a module names. */
export interface Import {
  module: string;
  name: string;
  arity: number;
}

/** Bits of TypeInfo.bits, our own order: readers translate from the version at hand. */
export const enum TypeBit {
  Atom = 1,
  Bitstring = 2,
  Cons = 4,
  Float = 8,
  Fun = 16,
  Integer = 32,
  Map = 64,
  Nil = 128,
  Pid = 256,
  Port = 512,
  Reference = 1024,
  Tuple = 2048,
  Record = 4096,
  MatchContext = 8192,
  Any = 16383,
}

export interface BeamModule {
  name: string;
  /** Path of the file, for messages. */
  path: string;
  imports: Import[];
  exports: { name: string; arity: number; label: number }[];
  functions: FunctionCode[];
  lambdas: Lambda[];
  /** Each in external term format, with the leading 131. Like types and locations read when first wanted; throws LoadError. */
  readonly literals: Uint8Array[];
  /** Empty if the file has none or in a version we do not know. */
  readonly types: TypeInfo[];
  /** The StrT chunk. */
  strings: Uint8Array;
  /** `line` instruction operand n: locations[n]; 0 is "no location". */
  readonly locations: { file: string; line: number }[];
  /** Labels are 1..labelCount-1. */
  labelCount: number;
  /** By label, as the file has them: 1 + index of the function that it is in; 0: there is no such label. */
  labelOwners: Int32Array;
  /** How many instructions the file has. */
  size: number;
  /** External term format; undefined if the chunk is missing. Checked when first wanted; throws LoadError. */
  readonly attributes?: Uint8Array | undefined;
  readonly compileInfo?: Uint8Array | undefined;
  /** MD5 of the essential chunks, as module_info(md5) gives it. */
  md5: Uint8Array;
  /** OTP release that the compiler version in CInf points to, if it can be told. */
  readonly otp?: number | undefined;
  /** Function of the on_load instruction, if any. */
  onLoad?: { name: string; arity: number };
  /** Native records that the module defines (OTP 29). */
  records?: RecordDefinition[];
}

/** A native record. */
export interface RecordDefinition {
  name: string;
  exported: boolean;
  /** value: the default, an atom, integer, nil or literal; undefined if there is none. */
  fields: { name: string; value?: Operand }[];
}

/**
 * A file that cannot be loaded. The message is one line: what is wrong and where (chunk and offset, or function and
 * instruction), which module that is, and what to do.
 */
export class LoadError extends Error {
  /** Which module it is, and what compiled it; empty: not known. */
  private about = '';

  /** @param next what to do; without it, what is right for a file that no compiler makes */
  constructor(
    readonly path: string,
    private readonly what: string,
    private readonly next = path.endsWith('.S') ? 'correct the listing' : 'compile the source again',
  ) {
    super();
    this.name = 'LoadError';
    this.message = this.text();
  }

  /** Adds which module it is about; the first to know counts. */
  concerns(about: string): this {
    this.about ||= about;
    this.message = this.text();
    return this;
  }

  private text(): string {
    const about = this.about === '' ? '' : ` (${this.about})`;
    // Names in a message come from the file: a line break in one must not make two lines of it.
    return `${this.path}: ${this.what}${about}; ${this.next}`.replace(/\p{Cc}/gu, '?');
  }
}
