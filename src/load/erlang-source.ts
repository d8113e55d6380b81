// Finding the Erlang text that a module was compiled from: files only hold its path, at most.
import { readFileSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { BeamModule } from './module.js';

export interface SourceText {
  /** Path of the file. */
  path: string;
  text: string;
}

/** More than this is no source that somebody wrote. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * The text of a source file of a module: beside the module's file, in `../src`, or where the compiler found it.
 * @param file as the module's line table names it; undefined: the module's main source
 * @returns undefined if it is nowhere
 */
export function findSource(m: BeamModule, file?: string): SourceText | undefined {
  const compiled = compiledFrom(m.compileInfo);
  const name = file ?? sourceName(m);
  const folder = dirname(m.path);
  const candidates = [join(folder, basename(name)), join(folder, '../src', basename(name))];
  if (isAbsolute(name)) candidates.push(name);
  else if (!name.startsWith('..')) candidates.push(join(folder, name), join(folder, '../src', name));
  if (compiled !== undefined) candidates.push(join(dirname(compiled), basename(name)));
  for (const path of new Set(candidates)) {
    if (extname(path) === '.beam') continue;
    try {
      const bytes = readFileSync(path);
      if (bytes.length <= MAX_BYTES) return { path, text: decode(bytes) };
    } catch {
      // Not there, or no file: the next one may be.
    }
  }
  return undefined;
}

/** The name of a module's main source, without folder. */
export function sourceName(m: BeamModule): string {
  const compiled = compiledFrom(m.compileInfo);
  return compiled === undefined ? `${m.name}.erl` : basename(compiled);
}

/** Erlang's sources are UTF-8; old ones are Latin-1. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** The `source` entry of the CInf chunk, as far as it is plain text. */
function compiledFrom(info: Uint8Array | undefined): string | undefined {
  if (info === undefined) return undefined;
  const bytes = Buffer.from(info.buffer, info.byteOffset, info.byteLength);
  // {source, "..."}: the atom, then a string of up to 65535 bytes.
  const at = bytes.indexOf('source', 0, 'latin1');
  if (at < 0 || bytes[at + 6] !== 107 || at + 9 > bytes.length) return undefined;
  const length = bytes.readUInt16BE(at + 7);
  return at + 9 + length > bytes.length ? undefined : bytes.toString('utf8', at + 9, at + 9 + length);
}
