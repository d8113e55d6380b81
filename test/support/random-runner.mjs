// Runs the tests of random programs and prints a line of JSON for each: [module, results as ~w prints them]. Settings are
// read when code is loaded and translated, so this is a process of its own for each mode:
//   node random-runner.mjs SETTINGS(JSON) FOLDER MODULE...
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeTerm } from '../../dist/load/erlang-term.js';
import { callFunction, codeServer, isExported, loadFile, settings } from '../../dist/runtime.js';
import { listToArray } from '../../dist/terms/build.js';
import { formatTerm } from '../../dist/terms/format.js';

const [chosen, folder, ...modules] = process.argv.slice(2);
Object.assign(settings, { checkUnits: true }, JSON.parse(chosen));
codeServer.path = [folder, fileURLToPath(new URL('../../dist/lib/ebin', import.meta.url))];
loadFile(fileURLToPath(new URL('../fixtures/random/random_run.beam', import.meta.url)));

const name = (text) => ({ kind: 'atom', name: text });

for (const module of modules) {
  const file = join(folder, `${module}.beam`);
  if (!existsSync(file)) continue;
  let results;
  try {
    loadFile(file);
    const tests = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
      .map((i) => `t${i}`)
      .filter((test) => isExported(module, test, 0));
    const list = encodeTerm({ kind: 'list', items: tests.map(name) });
    let texts = [];
    const end = await callFunction('random_run', 'run', [encodeTerm(name(module)), list], (t) => {
      texts = (listToArray(t) ?? [t]).map((result) => formatTerm(result));
      return '';
    });
    results = end.kind === 'value' ? texts : [`${end.kind} ${texts}`];
  } catch (error) {
    // What must never happen; the caller shows it beside what was expected.
    results = [`host: ${error?.stack ?? error}`];
  }
  writeSync(1, `${JSON.stringify([module, results])}\n`);
}
process.exit(0);
