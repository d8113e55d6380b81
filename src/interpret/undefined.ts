// Calls of functions that are not there: what OTP's error_handler module does. The module is loaded if it can be found; else a
// module may say itself what becomes of such calls, and a process may have an error handler of its own.
import { type ExportEntry, exportOf, findExport, isDefined } from '../code/functions.js';
import { tryToLoad } from '../code/server.js';
import { pendingModules } from '../code/versions.js';
import { H } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { argumentList } from '../processes/exceptions.js';
import { partOfModule } from '../processes/parts.js';
import { am, atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';

const handleUndefined = atom('$handle_undefined_function');
const undefinedFunction = atom('undefined_function');
const loader = atom('turbeam_code');
const processes = atom('turbeam_processes');

/**
 * The function of `e` was called, with its arguments in x0 and up, and is not there: the code address to call instead, with the
 * X registers set for it; 0: the call fails with undef.
 */
export function resolveUndefined(e: ExportEntry): number {
  if (current.settings.errorHandler !== am.error_handler)
    return callHandler(findExport(current.settings.errorHandler, undefinedFunction, 3), e);
  const part = partOfModule(e.module);
  if (part !== undefined && tryToLoad(processes)) return waitFor(part, e);
  const loaded = tryToLoad(e.module);
  if (isDefined(e)) return H[e.cell];
  if (loaded) {
    const handler = findExport(e.module, handleUndefined, 2);
    if (handler === undefined || !isDefined(handler)) return 0;
    const args = argumentList(e.arity);
    H[0] = e.name;
    H[1] = args;
    return H[handler.cell];
  }
  // Somebody has to run its on_load function first.
  if (!pendingModules.has(e.module) || !tryToLoad(loader)) return 0;
  return callHandler(findExport(loader, undefinedFunction, 3), e);
}

/** The address of a function that waits until a part of the system has begun, and then calls e. */
function waitFor(part: Term, e: ExportEntry): number {
  const args = argumentList(e.arity);
  H[0] = part;
  H[1] = e.module;
  H[2] = e.name;
  H[3] = args;
  return H[exportOf(processes, atom('await'), 4).cell];
}

function callHandler(handler: ExportEntry | undefined, e: ExportEntry): number {
  if (handler === undefined || !isDefined(handler)) return 0;
  const args = argumentList(e.arity);
  H[0] = e.module;
  H[1] = e.name;
  H[2] = args;
  return H[handler.cell];
}
