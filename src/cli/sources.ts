// Erlang sources on the command line: each becomes a .beam file, from the cache or by a process that compiles it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findFile, otpInUse } from '../code/path.js';
import { unreadable } from '../load/failure.js';
import { LoadError } from '../load/module.js';
import { type Compiled, digest, lookUp, store } from '../sources/cache.js';
import { beamIn, readAnswer } from '../sources/request.js';
import { runChild } from './child.js';
import { withTemporaryDirectory } from './interrupt.js';
import { printError } from './output.js';
import { setPath } from './path.js';

/** What compiling depends on besides the sources. */
export interface SourceOptions {
  path: string[];
  otp: string[];
  /** Directories of include files. */
  include: string[];
  cache: boolean;
}

/** A source has errors, which have been printed. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}

export function isSource(file: string): boolean {
  return file.endsWith('.erl');
}

/**
 * Compiles those of the files that are Erlang sources: the .beam file of each, by its name on the command line. What the
 * compiler says goes to stderr. Throws SourceError if a source has errors, LoadError if it can not be compiled at all.
 */
export async function compileSources(
  files: string[],
  options: SourceOptions,
): Promise<Map<string, Compiled>> {
  const sources = files.filter(isSource);
  const done = new Map<string, Compiled>();
  if (sources.length === 0) return done;
  const texts = sources.map(readSource);
  setPath(options);
  // A source may use the modules of those before it: as behaviours, as parse transforms.
  const before: string[] = [];
  const context = keyOfContext(options);
  const keyOf = (file: string, i: number): string =>
    digest(JSON.stringify([context, file, resolve(file), digest(texts[i]!), before]));
  const add = (file: string, compiled: Compiled): void => {
    done.set(file, compiled);
    before.push(digest(compiled.beam));
  };
  for (const [i, file] of sources.entries()) {
    const found = options.cache ? lookUp(keyOf(file, i)) : undefined;
    if (found === undefined) break;
    add(file, found);
  }
  const first = done.size;
  if (first < sources.length) {
    needCompiler(sources[first]!, options);
    const made = await compileAll(sources.slice(first), [...done.values()], options);
    for (const [n, compiled] of made.entries()) {
      const file = sources[first + n]!;
      if (options.cache) store(keyOf(file, first + n), compiled);
      add(file, compiled);
    }
  }
  for (const { output } of done.values()) printError(output);
  return done;
}

/**
 * Compiles those of the files that are Erlang sources into a directory.
 * @returns the files, with what they were compiled to instead of sources
 */
export async function compileInto(
  directory: string,
  files: string[],
  options: SourceOptions,
): Promise<string[]> {
  const compiled = await compileSources(files, options);
  return files.map((file) => {
    const source = compiled.get(file);
    if (source === undefined) return file;
    const beam = join(directory, `${source.module}.beam`);
    writeFileSync(beam, source.beam);
    return beam;
  });
}

function readSource(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Format of the cache, Turbeam, OTP and options: whatever may make another .beam file of the same source. */
function keyOfContext({ path, include }: SourceOptions): unknown[] {
  const own = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(own) as { version: string };
  const { root, release, erts } = otpInUse() ?? {};
  const absolute = (dirs: string[]) => dirs.map((dir) => resolve(dir));
  const { ERL_COMPILER_OPTIONS } = process.env;
  const compiler = findFile('compile.beam');
  return [
    1,
    version,
    root,
    release,
    erts,
    compiler,
    absolute(path),
    include,
    absolute(include),
    ERL_COMPILER_OPTIONS,
  ];
}

function needCompiler(file: string, { otp }: SourceOptions): void {
  if (findFile('compile.beam') !== undefined) return;
  const why = otp.length > 0 ? `--otp ${otp.join(', ')} names none` : 'there is none on the PATH';
  throw new LoadError(
    file,
    `needs the compiler of an installed Erlang/OTP, and ${why}`,
    `install one (Debian: apt-get install erlang-base; macOS: brew install erlang), or name it with --otp DIR`,
  );
}

/** Compiles the sources in a process of its own; `before` are the modules that they may use. */
async function compileAll(
  files: string[],
  before: Compiled[],
  { path, otp, include }: SourceOptions,
): Promise<Compiled[]> {
  return withTemporaryDirectory(async (out) => {
    for (const { module, beam } of before) writeFileSync(beamIn(out, module), beam);
    const flags = [
      `--out=${out}`,
      ...path.map((dir) => `--pa=${dir}`),
      ...otp.map((dir) => `--otp=${dir}`),
      ...include.map((dir) => `--I=${dir}`),
    ];
    const { status, stderr } = await runChild(process.execPath, [
      process.argv[1]!,
      'compile',
      ...flags,
      ...files,
    ]);
    const done: Compiled[] = [];
    for (const [i, file] of files.entries()) {
      const answer = readAnswer(out, i);
      if (answer === undefined || (!('beam' in answer) && answer.output === ''))
        throw new LoadError(
          file,
          `the compiler failed: ${stderr.trim().split('\n')[0] || `exit code ${status}`}`,
          'compile it with erlc and name the .beam file',
        );
      if (!('beam' in answer)) {
        for (const { output } of [...before, ...done]) printError(output);
        printError(answer.output);
        throw new SourceError(file);
      }
      done.push(answer);
    }
    return done;
  });
}
