// Connects the term functions to the tables of exports and lambdas: how funs are compared, printed and encoded.
import { externalHooks, type LambdaIdentity } from '../terms/fun-hooks.js';
import type { Term } from '../terms/tags.js';
import { exportOf, exports, lambdas, modules } from './functions.js';

/** Lambdas of modules that are not loaded, known only from external terms; their numbers are negative. */
const strangers: LambdaIdentity[] = [];

function lambdaOf(n: number): LambdaIdentity {
  if (n < 0) return strangers[-1 - n];
  const l = lambdas[n];
  return {
    module: l.module.name,
    arity: l.arity,
    free: l.free,
    index: l.index,
    oldIndex: l.index,
    oldUniq: l.uniq,
    uniq: l.module.source.md5,
  };
}

function makeLambda(identity: LambdaIdentity): number {
  const m = modules.get(identity.module);
  if (m !== undefined) {
    const n = lambdas.findIndex(
      (l, i) =>
        i >= m.firstLambda && l.module === m && l.index === identity.index && l.uniq === identity.oldUniq,
    );
    if (n >= 0) return n;
  }
  return -strangers.push(identity);
}

externalHooks.makeExport = (module: Term, name: Term, arity: number) => exportOf(module, name, arity).id;
externalHooks.exportMfa = (n) => exports[n];
externalHooks.lambdaOf = lambdaOf;
externalHooks.makeLambda = makeLambda;
