// Runs functions without arguments of a test program, each through engine:run/2, and prints a line of JSON for each:
// [function, result as ~w prints it]. Settings are the engine's own and are read when code is loaded and
// translated, so this is a process of its own for each program and mode:
//   node engine-runner.mjs FOLDER MODULE SETTINGS(JSON) FUNCTION...
// MODULE can be several with commas between them; then functions are named as in `lists:sort`.
// Two settings are none of the engine's: `otp`, the directory of the OTP whose libraries the program uses, and `quiet`: its logger is to
// be silent.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryIn } from '../../dist/code/otp.js';
import { setOtp } from '../../dist/code/path.js';
import { encodeTerm } from '../../dist/load/erlang-term.js';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';
import { formatTerm } from '../../dist/terms/format.js';

const [folder, names, chosen, ...functions] = process.argv.slice(2);
const modules = names.split(',');
const { otp, quiet, ...ours } = JSON.parse(chosen);
Object.assign(settings, { tuneV8: true }, { checkUnits: true }, ours);
codeServer.path = [folder];
if (otp !== undefined) setOtp(libraryIn(otp).otp);
loadFile(fileURLToPath(new URL('../fixtures/engine/engine.beam', import.meta.url)));
for (const module of modules) loadFile(join(folder, `${module}.beam`));

/** File names in stack traces are lists of integers, pids and references differ from run to run. */
function readable(text) {
  let t = text;
  for (const file of [...modules.map((module) => `${module}.erl`), 'engine.erl'])
    t = t.replaceAll(`[${[...Buffer.from(file)].join(',')}]`, `"${file}"`);
  return t.replace(/<\d+\.\d+\.\d+>/g, '<pid>').replace(/#Ref<[\d.]+>/g, '#Ref');
}

const name = (text) => encodeTerm({ kind: 'atom', name: text });

if (quiet) await callFunction('logger', 'set_primary_config', [name('level'), name('none')], formatTerm);

for (const f of functions) {
  let text;
  try {
    const [module, fn] = modules.length === 1 ? [names, f] : f.split(':');
    const end = await callFunction('engine', 'run', [name(module), name(fn)], formatTerm);
    text = end.kind === 'deadlock' ? 'deadlock' : end.kind === 'exit' ? `exit: ${end.text}` : end.text;
  } catch (error) {
    // What must never happen; the test shows it beside what was expected.
    text = `host: ${error?.stack ?? error}`;
  }
  writeSync(1, `${JSON.stringify([f, readable(text)])}\n`);
}
// Processes that a function left behind do not keep us.
process.exit(0);
