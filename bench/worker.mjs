// One engine with one program loaded: for each line on stdin it runs the program once, in a fresh Erlang process,
// and answers with a line that has the value.  node worker.mjs FILE small|default off|auto|eager [OPTIMISATION,...]
import { createInterface } from 'node:readline';
import { setPath } from '../dist/cli/path.js';
import { encodeTerm, parseTerm } from '../dist/load/erlang-term.js';
import { callFunction, loadFile, settings } from '../dist/runtime.js';
import { atomName } from '../dist/terms/atoms.js';
import { formatWrite } from '../dist/terms/format.js';

const [file, size, jit, without] = process.argv.slice(2);
settings.jit = jit;
// As the command line has it.
settings.tuneV8 = true;
for (const optimisation of without?.split(',') ?? []) settings.without[optimisation] = true;
setPath({ path: [], otp: [] });
const module = atomName(loadFile(file).name);

async function call(name, args) {
  const end = await callFunction(module, name, args, formatWrite);
  if (end.kind === 'value') return end.text;
  console.error(`${module}:${name} does not return`);
  process.exit(1);
}

const argument = encodeTerm(parseTerm(await call(size, [])));
for await (const _ of createInterface({ input: process.stdin })) console.log(await call('run', [argument]));
