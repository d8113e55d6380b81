// Purging: the old version of a module goes away for good. Its funs lose their code; calls of them raise badfun from then on.

import { exitProcess } from '../processes/exit.js';
import { allProcesses } from '../processes/table.js';
import { am } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import type { LoadedModule } from './functions.js';
import { codeless, removeLambda, unbindLambdas } from './lambdas.js';
import { dropReferences, isInCode } from './references.js';
import { oldModules, unload, versionsOf } from './versions.js';

/**
 * Frees a version that nobody runs. The stack of the running process has to be in place, and no JavaScript variable may hold
 * a term.
 */
export function purge(m: LoadedModule): void {
  unbindLambdas(m, versionsOf(m.name));
  const gone = [...codeless];
  const held = dropReferences(m.literalArea, m, gone);
  for (const n of gone) if (!held.has(n)) removeLambda(n);
  unload(m);
}

/** Purges the old version of a module, if it has one, and ends the processes that run it. Not for use by processes. */
export function purgeByForce(name: Term): void {
  const m = oldModules.get(name);
  if (m === undefined) return;
  for (const p of allProcesses()) if (isInCode(p, m)) exitProcess(p, am.killed);
  purge(m);
}
