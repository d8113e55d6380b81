// What term functions must know of funs. The tables of exports and lambdas belong to the engine, which fills
// these hooks in; until then a small table of our own stands in, so that terms work without an engine.
import type { Term } from './tags.js';

/** An external fun's function: `fun module:name/arity`. */
export interface ExportIdentity {
  /** Atom. */
  module: Term;
  /** Atom. */
  name: Term;
  arity: number;
}

/** What tells a closure's function from others, as NEW_FUN_EXT carries it (External Term Format). */
export interface LambdaIdentity {
  /** Atom. */
  module: Term;
  /** Arity of calls: without the free variables. */
  arity: number;
  /** Number of free variables. */
  free: number;
  /** Position in the lambda table of the module. */
  index: number;
  /** The index that `#Fun<module.index.uniq>` shows; the same number in all compilers we know. */
  oldIndex: number;
  /** The uniq that `#Fun<module.index.uniq>` shows. */
  oldUniq: number;
  /** 16 bytes: the MD5 of the module. */
  uniq: Uint8Array;
}

export interface FunHooks {
  /** The number of an export, made if it is not there yet (no such function needs to exist). */
  makeExport(module: Term, name: Term, arity: number): number;
  exportMfa(exportNumber: number): ExportIdentity;
  lambdaOf(lambdaNumber: number): LambdaIdentity;
  /** The number of a lambda, made if it is not there yet (its module may not be loaded). */
  makeLambda(identity: LambdaIdentity): number;
}

const exports: ExportIdentity[] = [];
const lambdas: LambdaIdentity[] = [];

/** How term functions reach the tables of funs; the engine assigns its own functions at start. */
export const externalHooks: FunHooks = {
  makeExport(module, name, arity) {
    const found = exports.findIndex((e) => e.module === module && e.name === name && e.arity === arity);
    return found >= 0 ? found : exports.push({ module, name, arity }) - 1;
  },
  exportMfa: (n) => exports[n]!,
  lambdaOf: (n) => lambdas[n]!,
  makeLambda(identity) {
    const same = (l: LambdaIdentity) =>
      l.module === identity.module &&
      l.index === identity.index &&
      l.oldUniq === identity.oldUniq &&
      l.uniq.every((byte, i) => byte === identity.uniq[i]);
    const found = lambdas.findIndex(same);
    return found >= 0 ? found : lambdas.push(identity) - 1;
  },
};
