// New engines. The engine keeps its state in module variables, which V8 turns into constants of the machine code; so a second runtime
// needs a second evaluation of its modules. The build has bundled them into one script (bundle.mjs), and every evaluation of that
// has variables, feedback and machine code of its own, while the bytecode is shared. Unlike a module that is imported again under
// another name, such an engine is garbage as soon as nobody has anything of it any more.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import * as arithmetic from '../jit/stubs/arithmetic.js';
import * as building from '../jit/stubs/building.js';
import * as calls from '../jit/stubs/calls.js';
import * as data from '../jit/stubs/data.js';
import * as floats from '../jit/stubs/floats.js';
import * as maps from '../jit/stubs/maps.js';
import * as matching from '../jit/stubs/matching.js';
import * as tests from '../jit/stubs/tests.js';
import * as wide from '../jit/stubs/wide.js';
import * as module from '../load/module.js';
import { type Host, withoutAccess } from './access.js';
import type * as Engine from './engine.js';
import * as values from './values.js';

export type { Engine };

/** What all engines share: the translator's stubs, whose source it reads, and the classes of values and errors. */
const shared: Record<string, unknown> = {
  'stubs/arithmetic': arithmetic,
  'stubs/building': building,
  'stubs/calls': calls,
  'stubs/data': data,
  'stubs/floats': floats,
  'stubs/maps': maps,
  'stubs/matching': matching,
  'stubs/tests': tests,
  'stubs/wide': wide,
  'api/values': values,
  'load/module': module,
};

type Evaluate = (
  require: (name: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  url: string,
  process: object,
) => void;

let script: Script | undefined;
const require = createRequire(import.meta.url);

/**
 * A new engine.
 * @param directories those whose files it may read, if it is to have no other access to the host
 * @param stdin whether it may read the host's standard input
 */
export function newEngine(directories: string[] | undefined, stdin: boolean): typeof Engine {
  const url = new URL('engine.bundle.js', import.meta.url);
  script ??= new Script(readFileSync(url, 'utf8'), { filename: fileURLToPath(url) });
  const full: Host = { require: (name) => shared[name] ?? require(name), process };
  const host = directories === undefined ? full : withoutAccess(full, directories, stdin);
  const made = { exports: {} };
  const evaluate = script.runInThisContext() as Evaluate;
  evaluate(host.require, made, made.exports, url.href, host.process);
  return made.exports as typeof Engine;
}
