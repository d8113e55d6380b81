// The reader of `.beam` files, OTP 24 to 29.
import { crypto } from '../host.js';
import { checkTerm, ExternalFormatError } from '../terms/external-check.js';
import { Ext } from '../terms/external-tags.js';
import { checkModule } from './check.js';
import { readCode, readRecords, splitFunctions } from './code.js';
import { ChunkReader } from './compact.js';
import { readChunks } from './iff.js';
import { type BeamModule, LoadError } from './module.js';
import { Op } from './opcodes.js';
import { readTypes } from './register-types.js';
import { rewriteCode } from './rewrite.js';
import { readAtoms, readExports, readImports, readLambdas, readLiterals, readLocations } from './tables.js';

/**
 * Reads a `.beam` file (plain or gzip-compressed).
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
  const literals = literalChunk === undefined ? [] : readLiterals(literalChunk);
  const lambdaChunk = optional('FunT');
  const lambdas = lambdaChunk === undefined ? [] : readLambdas(lambdaChunk, atoms);
  const typeChunk = optional('Type');
  const types = typeChunk && readTypes(typeChunk);
  const lineChunk = optional('Line');
  const locations = lineChunk && readLocations(lineChunk, name);
  const tables = {
    atoms,
    literalCount: literals.length,
    typeCount: types?.length,
    locationCount: locations?.length,
  };
  const code = readCode(required('Code'), tables);
  const recordChunk = optional('Recs');
  const records = recordChunk && readRecords(recordChunk, tables);
  const { module, functions } = splitFunctions(code.instructions, path);
  if (functions.length !== code.functionCount)
    throw new LoadError(
      path,
      `the Code chunk says ${code.functionCount} functions, but has ${functions.length}`,
    );
  if (functions.length > 0 && module !== name)
    throw new LoadError(path, `the module is called ${name} in one place and ${module} in another`);

  let md5: Uint8Array | undefined;
  const m: BeamModule = {
    name,
    path,
    imports,
    exports,
    functions,
    lambdas,
    literals,
    types: types ?? [],
    strings: chunks.get('StrT') ?? new Uint8Array(0),
    locations: locations ?? [{ file: '', line: 0 }],
    labelCount: code.labelCount,
    get md5() {
      md5 ??= moduleMd5(chunks);
      return md5;
    },
  };
  const attributes = chunks.get('Attr');
  if (attributes !== undefined && attributes.length > 0) {
    checkExternal(attributes, 'Attr', path);
    m.attributes = attributes;
  }
  const compileInfo = chunks.get('CInf');
  if (compileInfo !== undefined && compileInfo.length > 0) {
    checkExternal(compileInfo, 'CInf', path);
    m.compileInfo = compileInfo;
    const otp = otpRelease(compileInfo);
    if (otp !== undefined) m.otp = otp;
  }
  const onLoad = functions.find((f) => f.code.some((i) => i.op === Op.on_load));
  if (onLoad !== undefined) m.onLoad = { name: onLoad.name, arity: onLoad.arity };
  if (records !== undefined) m.records = records;
  checkModule(m);
  rewriteCode(m);
  return m;
}

/** Checks a chunk that is one term in external format. */
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

// First compiler application of a release: version prefix, release.
const COMPILERS: readonly (readonly [major: number, minor: number, otp: number])[] = [
  [10, 0, 29],
  [9, 0, 28],
  [8, 5, 27],
  [8, 3, 26],
  [8, 2, 25],
  [8, 0, 24],
];

/** The OTP release behind {version,"8.2.3"} in external term format, undefined if it is not there or not known. */
function otpRelease(compileInfo: Uint8Array): number | undefined {
  // The atom is encoded with a length of one byte or of two, then comes a string; the text is all that is needed.
  const text = Buffer.from(compileInfo.buffer, compileInfo.byteOffset, compileInfo.byteLength).toString(
    'latin1',
  );
  const match = /versionk[\s\S]{2}(\d+)\.(\d+)/.exec(text);
  if (match === null) return undefined;
  const major = Number(match[1]);
  const minor = Number(match[2]);
  if (major > 10) return undefined;
  return COMPILERS.find(([a, b]) => major > a || (major === a && minor >= b))?.[2];
}
