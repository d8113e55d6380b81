// `turbeam compile`: compiles Erlang sources with OTP's compiler, in a process of its own that `sources.ts` starts.
import { dirname, resolve } from 'node:path';
import { reads } from '../bifs/files/reads.js';
import { output } from '../bifs/output.js';
import { codePath, libraryPath } from '../code/path.js';
import { loadingHook } from '../code/server.js';
import { encodeTerm, type TermAst } from '../load/erlang-term.js';
import { callFunction, settings } from '../runtime.js';
import { type Dependency, digestOfFile } from '../sources/cache.js';
import { type Answer, writeAnswer } from '../sources/request.js';
import { isTuple, tupleElement } from '../terms/access.js';
import { atomName } from '../terms/atoms.js';
import { bytesOf } from '../terms/build.js';
import { formatPretty } from '../terms/format.js';
import type { Term } from '../terms/tags.js';
import type { CompileOptions } from './options.js';
import { complain } from './output.js';
import { setPath } from './path.js';
import { startReports } from './report.js';

/** Runs the command; gives the exit code. Stops at the first source that can not be compiled. */
export async function compile(options: CompileOptions): Promise<number> {
  // Measured: a compilation calls thousands of functions, none of them often enough to pay for its translation.
  settings.jit = 'off';
  setPath({ ...options, path: [options.out, ...options.path] });
  startReports();
  for (const [i, file] of options.files.entries()) {
    const answer = await compileFile(file, options);
    writeAnswer(options.out, i, answer);
    if (!('beam' in answer)) return 1;
  }
  return 0;
}

const atomAst = (name: string): TermAst => ({ kind: 'atom', name });

function stringAst(text: string): TermAst {
  return {
    kind: 'list',
    items: Array.from(text, (c) => ({ kind: 'integer', value: BigInt(c.codePointAt(0)!) })),
  };
}

/** What erlc passes to compile:file/2 if it is given nothing but directories of include files. */
function compilerOptions(include: string[]): TermAst {
  return {
    kind: 'list',
    items: [
      ...['binary', 'report_errors', 'report_warnings'].map(atomAst),
      ...include.map((dir): TermAst => ({ kind: 'tuple', items: [atomAst('i'), stringAst(dir)] })),
    ],
  };
}

async function compileFile(file: string, { include, out }: CompileOptions): Promise<Answer> {
  const said: Uint8Array[] = [];
  output.write = (bytes) => said.push(bytes.slice());
  const used = new Set<string>();
  reads.heard = (path) => used.add(resolve(path));
  loadingHook.loading = (path) => used.add(resolve(path));
  let module = '';
  let beam: Uint8Array | undefined;
  const take = (t: Term): string => {
    if (!isTuple(t)) return formatPretty(t);
    module = atomName(tupleElement(t, 1));
    beam = bytesOf(tupleElement(t, 2)).slice();
    return '';
  };
  const args = [stringAst(file), compilerOptions(include)].map(encodeTerm);
  const end = await callFunction('compile', 'file', args, take);
  const text = Buffer.concat(said).toString();
  if (beam !== undefined) return { beam, module, output: text, dependencies: dependencies(used, out) };
  if (end.kind !== 'value')
    complain(`${file}: the compiler ended with ${end.kind === 'exit' ? end.text : end.kind}`);
  return { output: text };
}

/** Of the files that were used: those that may change, with what is in them now. The libraries are known by OTP's version. */
function dependencies(used: Set<string>, out: string): Dependency[] {
  const { system, fallback } = codePath;
  const stable = new Set([out, ...system, ...fallback, ...libraryPath()].map((dir) => resolve(dir)));
  return [...used]
    .filter((path) => !stable.has(dirname(path)))
    .sort()
    .map((path) => ({ path, digest: digestOfFile(path) }));
}
