// Connects the term functions to the tables of exports and lambdas: how funs are compared, printed and encoded.
import { externalHooks, type LambdaIdentity } from '../terms/fun-hooks.js';
import { exportOf, exports } from './functions.js';
import { lambdaNumber, lambdas } from './lambdas.js';

externalHooks.makeExport = (module, name, arity) => exportOf(module, name, arity).id;
externalHooks.exportMfa = (n) => exports[n];
externalHooks.lambdaOf = (n): LambdaIdentity => {
  const { module, arity, free, index, uniq, source } = lambdas[n];
  return { module, arity, free, index, oldIndex: index, oldUniq: uniq, uniq: source.md5 };
};
externalHooks.makeLambda = ({ module, arity, free, index, oldUniq, uniq }) =>
  lambdaNumber({ module, arity, free, index, uniq: oldUniq, source: { md5: uniq } });
