// The table chunks of a `.beam` file: atoms, literals, imports, exports, lambdas, lines.
import { zlib } from '../host.js';
import { MAX_ATOM_CHARACTERS } from '../terms/atoms.js';
import { ChunkReader, CompactTag } from './compact.js';
import type { BeamModule, Lambda } from './module.js';

/** The largest literal table, in bytes after inflate, that is accepted. */
export const MAX_LITERAL_BYTES = 256 * 1024 * 1024;

/** Most arguments a function can have. */
export const MAX_ARITY = 255;

/** Atoms by index; index 0 is a placeholder, the first atom is the module name. Like all readers here: throws LoadError. */
export function readAtoms(reader: ChunkReader, encoding: 'utf8' | 'latin1'): string[] {
  // From OTP 28 on the count is negative and the lengths are compact terms.
  const signed = reader.u32() | 0;
  const compactLengths = signed < 0;
  const count = Math.abs(signed);
  if (count > reader.left) reader.fail(`${count} atoms cannot fit into ${reader.left} bytes`, 0);
  if (count === 0) reader.fail('there is no atom, not even the module name', 0);
  const atoms: string[] = [''];
  for (let i = 1; i <= count; i++) {
    const at = reader.position;
    const size = compactLengths ? reader.unsigned() : reader.u8();
    const name = reader.text(size, encoding);
    if (name.length > MAX_ATOM_CHARACTERS && [...name].length > MAX_ATOM_CHARACTERS)
      reader.fail(`atom ${i} is longer than ${MAX_ATOM_CHARACTERS} characters`, at);
    atoms.push(name);
  }
  return atoms;
}

/** The literals, each in external term format with the leading 131. */
export function readLiterals(reader: ChunkReader): Uint8Array[] {
  reader.position = 0;
  const size = reader.u32();
  // From OTP 28 on the size is 0 and the table is not compressed.
  if (size !== 0) reader = new ChunkReader(inflate(reader, size), 'LitT', reader.path);
  const count = reader.count(4);
  const literals: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const at = reader.position;
    const literal = reader.take(reader.u32());
    if (literal.length < 2 || literal[0] !== 131)
      reader.fail(`literal ${i} is not in external term format`, at);
    literals.push(literal);
  }
  return literals;
}

function inflate(reader: ChunkReader, size: number): Uint8Array {
  if (size > MAX_LITERAL_BYTES)
    reader.fail(`says that the literals take ${size} bytes; the limit is ${MAX_LITERAL_BYTES}`, 0);
  let data: Buffer;
  try {
    data = zlib().inflateSync(reader.bytes.subarray(reader.position), { maxOutputLength: size });
  } catch {
    reader.fail(`cannot be unpacked into the ${size} bytes it says it has`);
  }
  if (data.length !== size) reader.fail(`unpacks to ${data.length} bytes, not to the ${size} it says it has`);
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function atomAt(reader: ChunkReader, atoms: string[]): string {
  const at = reader.position;
  const n = reader.u32();
  if (n === 0 || n >= atoms.length) reader.fail(`there is no atom ${n}`, at);
  return atoms[n]!;
}

function arity(reader: ChunkReader): number {
  const at = reader.position;
  const n = reader.u32();
  if (n > MAX_ARITY) reader.fail(`a function with ${n} arguments; the limit is ${MAX_ARITY}`, at);
  return n;
}

/** The imported functions, in the order that call_ext and BIF instructions count them. */
export function readImports(reader: ChunkReader, atoms: string[]): BeamModule['imports'] {
  const count = reader.count(12);
  const imports: BeamModule['imports'] = [];
  for (let i = 0; i < count; i++)
    imports.push({ module: atomAt(reader, atoms), name: atomAt(reader, atoms), arity: arity(reader) });
  return imports;
}

/** ExpT and LocT: functions with the labels of their entries. Whether the labels fit is checked with the code. */
export function readExports(reader: ChunkReader, atoms: string[]): BeamModule['exports'] {
  const count = reader.count(12);
  const exports: BeamModule['exports'] = [];
  for (let i = 0; i < count; i++)
    exports.push({ name: atomAt(reader, atoms), arity: arity(reader), label: reader.u32() });
  return exports;
}

/** The funs, in the order that make_fun3 counts them. */
export function readLambdas(reader: ChunkReader, atoms: string[]): Lambda[] {
  const count = reader.count(24);
  const lambdas: Lambda[] = [];
  for (let i = 0; i < count; i++) {
    const at = reader.position;
    const lambda = {
      name: atomAt(reader, atoms),
      arity: arity(reader),
      label: reader.u32(),
      index: reader.u32(),
      free: reader.u32(),
      uniq: reader.u32(),
    };
    if (lambda.free > lambda.arity)
      reader.fail(`lambda ${i} has ${lambda.free} free variables but only ${lambda.arity} arguments`, at);
    lambdas.push(lambda);
  }
  return lambdas;
}

/**
 * How many locations the line table has, with location 0, "no location".
 *
 * @returns undefined for a version that is not known
 */
export function countLocations(reader: ChunkReader): number | undefined {
  if (reader.u32() !== 0) return undefined;
  reader.u32(); // flags
  reader.u32(); // how many line instructions there are
  const lineCount = reader.u32();
  const fileCount = reader.u32();
  if (lineCount > reader.left || fileCount * 2 > reader.left)
    reader.fail(`${lineCount} lines and ${fileCount} files cannot fit into ${reader.left} bytes`, 12);
  return lineCount + 1;
}

/**
 * The line table, in a version that is known.
 *
 * @param moduleName names file 0
 */
export function readLocations(reader: ChunkReader, moduleName: string): BeamModule['locations'] {
  reader.position = 12;
  const lineCount = reader.u32();
  const fileCount = reader.u32();
  const lines: { file: number; line: number }[] = [];
  let file = 0;
  for (let i = 0; i < lineCount; i++) {
    const at = reader.position;
    let n = reader.compact();
    if (reader.tag === CompactTag.Atom) {
      file = Number(n);
      if (file < 0 || file > fileCount) reader.fail(`there is no file ${file}`, at);
      n = reader.compact();
    }
    if (reader.tag !== CompactTag.Integer || typeof n !== 'number' || n < 0)
      reader.fail('not a line number', at);
    lines.push({ file, line: n });
  }
  const files = [`${moduleName}.erl`];
  for (let i = 0; i < fileCount; i++) files.push(reader.text(reader.u16(), 'utf8'));
  return [{ file: '', line: 0 }, ...lines.map((l) => ({ file: files[l.file]!, line: l.line }))];
}
