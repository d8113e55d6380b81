// The reader of `.beam` files, OTP 24 to 29.
import { crypto } from '../host.js';
import { checkTerm, ExternalFormatError } from '../terms/external-check.js';
import { Ext } from '../terms/external-tags.js';
import { checkFunction, checkTables } from './check.js';
import { CodeReader, type CodeTables, readRecords } from './code.js';
import { ChunkReader } from './compact.js';
import { identityText, otpRelease } from './identify.js';
import { readChunks } from './iff.js';
import { type BeamModule, type FunctionCode, type Instruction, LoadError, type TypeInfo } from './module.js';
import { countTypes, readTypes } from './register-types.js';
import { rewriteFunction } from './rewrite.js';
import { type FunctionPlace, scanCode } from './scan.js';
import {
  countLocations,
  readAtoms,
  readExports,
  readImports,
  readLambdas,
  readLiterals,
  readLocations,
} from './tables.js';

/** A function of a `.beam` file: its code is read when somebody wants it. */
class BeamFunction implements FunctionCode {
  readonly entry: number;
  readonly arity: number;
  private instructions: Instruction[] | undefined;

  constructor(
    readonly name: string,
    private readonly place: FunctionPlace,
    private readonly source: CodeSource,
  ) {
    this.entry = place.entry;
    this.arity = place.arity;
  }

  get code(): Instruction[] {
    if (this.instructions === undefined) {
      const { source, name, arity, entry } = this;
      const f = { name, arity, entry, code: this.read() };
      checkFunction(source.module, f);
      rewriteFunction(source.module, f);
      this.instructions = f.code;
    }
    return this.instructions;
  }

  private read(): Instruction[] {
    const { source, place, name, arity } = this;
    try {
      return source.reader.instructions(place.start, place.end);
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      const { name: module, otp } = source.module;
      throw error.concerns(`in ${name}/${arity}, ${identityText({ module, otp })}`);
    }
  }

  set code(instructions: Instruction[]) {
    this.instructions = instructions;
  }
}

interface CodeSource {
  reader: CodeReader;
  module: BeamModule;
}

/**
 * Reads a `.beam` file (plain or gzip-compressed): what is in it, and where; the code of a function, literals, types and
 * locations are read when they are first wanted.
 *
 * @param bytes the whole file
 * @param path where it comes from, for messages
 * @throws LoadError, and nothing else, if the file is damaged, cut off, or made for another machine
 */
export function readBeam(bytes: Uint8Array, path: string): BeamModule {
  const chunks = readChunks(bytes, path);
  const optional = (name: string) => {
    const chunk = chunks.get(name);
    return chunk === undefined ? undefined : new ChunkReader(chunk, name, path);
  };
  const required = (name: string) =>
    optional(name) ??
    missing(path, `the ${name} chunk is missing: this is not a compiled module, or it is damaged`);

  const utf8 = optional('AtU8');
  const atoms = utf8 !== undefined ? readAtoms(utf8, 'utf8') : readAtoms(required('Atom'), 'latin1');
  const name = atoms[1]!;
  const imports = readImports(required('ImpT'), atoms);
  const exports = readExports(required('ExpT'), atoms);
  const literalChunk = optional('LitT');
  const lambdaChunk = optional('FunT');
  const lambdas = lambdaChunk === undefined ? [] : readLambdas(lambdaChunk, atoms);
  const typeChunk = optional('Type');
  const typeCount = typeChunk && countTypes(typeChunk);
  const lineChunk = optional('Line');
  const locationCount = lineChunk && countLocations(lineChunk);
  const codeChunk = required('Code');
  const code = scanCode(codeChunk);
  const moduleInCode = atoms[code.module];
  if (code.functions.length > 0 && moduleInCode !== name)
    throw new LoadError(path, `the module is called ${name} in one place and ${moduleInCode} in another`);

  let md5: Uint8Array | undefined;
  let literals: Uint8Array[] | undefined;
  let types: TypeInfo[] | undefined;
  let locations: BeamModule['locations'] | undefined;
  let otp: number | undefined;
  const attributes = new ExternalChunk(chunks, 'Attr', path);
  const compileInfo = new ExternalChunk(chunks, 'CInf', path);
  const m: BeamModule = {
    name,
    path,
    imports,
    exports,
    functions: [],
    lambdas,
    get literals() {
      literals ??= literalChunk === undefined ? [] : readLiterals(literalChunk);
      return literals;
    },
    get types() {
      types ??= typeCount === undefined ? [] : readTypes(typeChunk!);
      return types;
    },
    strings: chunks.get('StrT') ?? new Uint8Array(0),
    get locations() {
      locations ??= locationCount === undefined ? [{ file: '', line: 0 }] : readLocations(lineChunk!, name);
      return locations;
    },
    labelCount: code.labelCount,
    labelOwners: code.labelOwners,
    size: code.instructions,
    get md5() {
      md5 ??= moduleMd5(chunks);
      return md5;
    },
    get attributes() {
      return attributes.bytes;
    },
    get compileInfo() {
      return compileInfo.bytes;
    },
    get otp() {
      const info = chunks.get('CInf');
      otp ??= info && otpRelease(info);
      return otp;
    },
  };
  const tables: CodeTables = {
    atoms,
    get literalCount() {
      return m.literals.length;
    },
    typeCount,
    locationCount,
  };
  const source = { reader: new CodeReader(codeChunk, tables, code.labelCount), module: m };
  for (const place of code.functions) {
    const f = atoms[place.name];
    if (place.name === 0 || f === undefined) codeChunk.fail(`there is no atom ${place.name}`, place.start);
    m.functions.push(new BeamFunction(f, place, source));
  }
  const onLoad = m.functions[code.onLoad];
  if (onLoad !== undefined) m.onLoad = { name: onLoad.name, arity: onLoad.arity };
  const recordChunk = optional('Recs');
  const records = recordChunk && readRecords(recordChunk, tables);
  if (records !== undefined) m.records = records;
  checkTables(m);
  return m;
}

/** A chunk that is one term in external format, checked when it is first wanted. */
class ExternalChunk {
  private isChecked = false;

  constructor(
    private readonly chunks: Map<string, Uint8Array>,
    private readonly name: string,
    private readonly path: string,
  ) {}

  /** undefined if it is empty or not there. Throws LoadError. */
  get bytes(): Uint8Array | undefined {
    const { chunks, name, path } = this;
    const bytes = chunks.get(name);
    if (bytes === undefined || bytes.length === 0) return undefined;
    if (!this.isChecked) checkExternal(bytes, name, path);
    this.isChecked = true;
    return bytes;
  }
}

/** Checks that bytes are one term in external format. */
function checkExternal(bytes: Uint8Array, chunk: string, path: string): void {
  try {
    if (bytes[0] !== Ext.Version) throw new ExternalFormatError('no version byte', 0);
    checkTerm(bytes, 1, false, bytes.length, false);
  } catch (error) {
    if (!(error instanceof ExternalFormatError)) throw error;
    throw new LoadError(path, `${chunk} chunk: ${error.message}`);
  }
}

function missing(path: string, what: string): never {
  throw new LoadError(path, what);
}

// Order matters. code:module_md5/1 is the judge.
const ESSENTIAL_CHUNKS = ['Atom', 'AtU8', 'Code', 'StrT', 'ImpT', 'ExpT', 'FunT', 'LitT', 'Meta', 'Recs'];

function moduleMd5(chunks: Map<string, Uint8Array>): Uint8Array {
  const hash = crypto().createHash('md5');
  for (const name of ESSENTIAL_CHUNKS) {
    let chunk = chunks.get(name);
    if (chunk === undefined) continue;
    if (name === 'FunT') {
      // The last word of each entry is made from the MD5 itself, so it counts as 0.
      chunk = chunk.slice();
      for (let at = 4 + 20; at + 4 <= chunk.length; at += 24) chunk.fill(0, at, at + 4);
    }
    hash.update(chunk);
  }
  return new Uint8Array(hash.digest());
}
