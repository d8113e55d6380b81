// Loading makes nothing of a function but a stub, which stands for it wherever it is called. What the first call finds there is
// the routine below: it verifies the function (load/type-guards.ts), puts its code into the arena, and goes on there; all who
// know the stub's address learn that of the code. Most functions of a library are never called.
import {
  addCode,
  CodeFunction,
  findExport,
  functionOfLabel,
  functions,
  type LoadedModule,
  STUB_WORDS,
  takeFunctionNumber,
} from '../code/functions.js';
import { bindLambda, lambdaNumber } from '../code/lambdas.js';
import { loadFailures } from '../code/load-failures.js';
import { linkBuiltIns } from '../code/versions.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { type IsBuiltIn, makeSafe } from '../load/type-guards.js';
import { H } from '../memory/arena.js';
import { LiteralArea } from '../memory/literals.js';
import { CodeFull, codeSpace } from '../memory/spaces.js';
import { argumentList } from '../processes/exceptions.js';
import { raiseError, raiseErrorWith } from '../processes/raise.js';
import { work } from '../settings.js';
import { am, atom } from '../terms/atoms.js';
import { assembleFunction } from './assemble.js';
import { I } from './ops.js';
import { stubRoutine } from './slow.js';

/** Whether a BIF is in the place of a function. */
export const isBuiltIn: IsBuiltIn = (module, name, arity) =>
  (findExport(atom(module), atom(name), arity)?.bif ?? -1) >= 0;

/** Functions whose code is damaged: calls of them fail with undef. */
const damaged = new WeakSet<CodeFunction>();

/** Sees to it that the code of a function is in the arena; false: it is damaged, or there is no room. */
export function makeReady(fn: CodeFunction): boolean {
  if (fn.isReady) return true;
  if (damaged.has(fn)) return false;
  try {
    const { source } = fn.module;
    makeSafe(source, source.functions[fn.index], isBuiltIn);
    assembleFunction(fn);
    work.functions++;
    return true;
  } catch (error) {
    if (error instanceof CodeFull) return false;
    if (!(error instanceof LoadError)) throw error;
    damaged.add(fn);
    loadFailures.report(error.message);
    return false;
  }
}

/** What stubs do, as a routine of slow.ts: #function */
export function runStub(pc: number): number {
  const fn = functions[H[pc + 2]];
  if (makeReady(fn)) return fn.entry;
  if (damaged.has(fn)) raiseErrorWith(am.undef, { args: argumentList(fn.arity), info: 0 });
  else raiseError(am.system_limit);
  return 0;
}

/**
 * Brings a module into the arena: a version of it that nothing can call yet (see code/versions.ts). Throws CodeFull if there is
 * no room.
 */
export function assembleModule(source: BeamModule): LoadedModule {
  const name = atom(source.name);
  const count = source.functions.length;
  // Even a module without functions has an address.
  const start = codeSpace.allocate(Math.max(count, 1) * STUB_WORDS);
  const m: LoadedModule = {
    name,
    source,
    ranges: [],
    functions: [],
    lambdas: source.lambdas.map(({ index, uniq, arity, free }) =>
      lambdaNumber({ module: name, source, index, uniq, arity: arity - free, free }),
    ),
    literals: [],
    literalArea: new LiteralArea(),
    addresses: new Array(count),
    returnAddresses: new Array(count),
    fillAddresses: new Array(count),
    lines: new Array(count),
    sites: [],
    units: [],
    fileAtom: undefined,
    loader: undefined,
  };
  for (let i = 0; i < count; i++) {
    const f = source.functions[i];
    const number = takeFunctionNumber();
    const stub = start + i * STUB_WORDS;
    const fn = new CodeFunction(number, m, atom(f.name), f.arity, stub, i);
    functions[number] = fn;
    m.functions.push(fn);
    H[stub] = I.Slow;
    H[stub + 1] = stubRoutine;
    H[stub + 2] = number;
  }
  for (const [i, l] of source.lambdas.entries()) bindLambda(m.lambdas[i], functionOfLabel(m, l.label));
  addCode({ start, end: start + Math.max(count, 1) * STUB_WORDS, module: m, fn: null });
  linkBuiltIns(m);
  return m;
}
