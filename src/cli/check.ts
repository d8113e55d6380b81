// `turbeam check`: loads files and tells what of them can not be run, and what to do about it, without running anything.
import { isNativeBuiltin, isNewerBuiltin, isPreloadedCode } from '../bifs/native.js';
import { hasStandIn } from '../bifs/table.js';
import { findExport, isDefined } from '../code/functions.js';
import { readChecked, readModule } from '../code/server.js';
import { emitters } from '../interpret/emitters.js';
import { slowIndexOf } from '../interpret/slow.js';
import { placeIn } from '../jit/places.js';
import type { BeamModule, FunctionCode } from '../load/module.js';
import { LoadError } from '../load/module.js';
import { OPCODES, Op } from '../load/opcodes.js';
import { SIGNATURES } from '../load/signatures.js';
import { codeServer } from '../runtime.js';
import { atom, existingAtom } from '../terms/atoms.js';
import { absence, advice, instead } from './gaps.js';
import type { CheckOptions } from './options.js';
import { complain, print } from './output.js';
import { setPath } from './path.js';
import { compileSources } from './sources.js';

/** Runs the command; gives the exit code. */
export async function check(options: CheckOptions): Promise<number> {
  setPath(options);
  const compiled = await compileSources(options.files, options);
  let failed = false;
  const read = new Map<string, BeamModule>();
  const results: (BeamModule | undefined)[] = options.files.map((file) => {
    try {
      const m = readChecked(file, compiled.get(file)?.beam);
      read.set(m.name, m);
      return m;
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      complain(error.message);
      failed = true;
      return undefined;
    }
  });
  const finder = new Finder(read);
  for (const m of results) if (m !== undefined) print(describe(m, finder));
  return failed ? 1 : 0;
}

/** Tells whether functions of other modules are there. */
class Finder {
  private readonly exports = new Map<string, Set<string> | undefined>();
  constructor(read: Map<string, BeamModule>) {
    for (const [name, m] of read) this.exports.set(name, exportNames(m));
  }

  /** Whether module:name/arity can be called; undefined: its module can not be found. */
  has(module: string, name: string, arity: number): boolean | undefined {
    const m = existingAtom(module);
    const f = existingAtom(name);
    const entry = m !== undefined && f !== undefined ? findExport(m, f, arity) : undefined;
    if ((entry !== undefined && isDefined(entry)) || hasStandIn(module, name, arity)) return true;
    if (!this.exports.has(module)) this.exports.set(module, this.find(module));
    const names = this.exports.get(module);
    if (names?.has(`${name}/${arity}`)) return true;
    const isRuntime =
      isNativeBuiltin(module, name, arity) ||
      isPreloadedCode(module, name, arity) ||
      isNewerBuiltin(module, name, arity);
    if (isRuntime) return false;
    return names === undefined && module !== 'erlang' ? undefined : false;
  }

  private find(module: string): Set<string> | undefined {
    const file = codeServer.fileOf(atom(module));
    if (file === undefined) return undefined;
    try {
      return exportNames(readModule(file));
    } catch (error) {
      if (error instanceof LoadError) return undefined;
      throw error;
    }
  }
}

function exportNames(m: BeamModule): Set<string> {
  return new Set([...m.exports.map((e) => `${e.name}/${e.arity}`), 'module_info/0', 'module_info/1']);
}

/** Whether the engine has something to run the instruction with. */
export function canRun(op: Op): boolean {
  return op === Op.label || op === Op.line || emitters[op] !== undefined || slowIndexOf(op) >= 0;
}

/** What there is to say of a module that loads. */
function describe(m: BeamModule, finder: Finder): string {
  const problems: string[] = [];
  for (const f of m.functions) {
    const bad = new Set<number>();
    for (const [i, { op }] of f.code.entries()) {
      if (canRun(op) || bad.has(op)) continue;
      bad.add(op);
      const name = OPCODES[op]?.name ?? 'unknown';
      problems.push(`  ${m.name}:${callerText(m, f, i)}: instruction ${name} (${op}); ${advice(op)}`);
    }
  }
  const missing = new Set<string>();
  for (const i of m.imports) {
    const has = finder.has(i.module, i.name, i.arity);
    if (has === false) {
      const callers = callersOf(m, i);
      problems.push(
        `  calls ${i.module}:${i.name}/${i.arity}, ${absence(i.module, i.name, i.arity)}: the call fails with undef${callers}; ${instead(i.module, i.name, i.arity)}`,
      );
    } else if (has === undefined) missing.add(i.module);
  }
  const otp = m.otp === undefined ? '' : `, OTP ${m.otp}`;
  const head = `${m.path}: module ${m.name}, ${m.functions.length} functions${otp}`;
  const lines = [`${head}: ${problems.length === 0 ? 'ok' : 'loads, but this can not be run:'}`, ...problems];
  if (missing.size > 0)
    lines.push(`  modules that are not on the path (-pa): ${[...missing].sort().join(', ')}`);
  return `${lines.join('\n')}\n`;
}

function namesImport(op: number, args: { kind: string; n?: number }[], index: number): boolean {
  const at = SIGNATURES[op]?.indexOf('i') ?? -1;
  return at >= 0 && args[at]?.n === index;
}

/** ` (in f/1, m.erl:3, g/2)`: functions of the module that name the import, with the lines of the first that do. */
function callersOf(m: BeamModule, wanted: BeamModule['imports'][number]): string {
  const index = m.imports.indexOf(wanted);
  const callers: string[] = [];
  for (const f of m.functions) {
    const at = f.code.findIndex(({ op, args }) =>
      namesImport(op, args as { kind: string; n?: number }[], index),
    );
    if (at >= 0) callers.push(callerText(m, f, at));
  }
  if (callers.length === 0) return '';
  return ` (in ${callers.slice(0, 3).join(', ')}${callers.length > 3 ? ' and others' : ''})`;
}

/** `f/1 at m.erl:3`: a function, with the line that an instruction of it comes from. */
function callerText(m: BeamModule, f: FunctionCode, instruction: number): string {
  const place = placeIn(m, m.functions.indexOf(f), instruction);
  return `${f.name}/${f.arity}${place === undefined ? '' : ` at ${place.file}:${place.line}`}`;
}
