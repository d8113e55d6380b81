// Records what native Erlang gives for the programs in test/fixtures/elixir, with Elixir 1.14 and OTP 25:
//   node test/golden/elixir.mjs
import { writeFileSync } from 'node:fs';
import { native, PROGRAMS, RUNS, sections } from '../support/elixir.mjs';

const write = (name, value) =>
  writeFileSync(new URL(`./elixir/${name}`, import.meta.url), `${JSON.stringify(value, undefined, 1)}\n`);

const { stdout } = await native('Programs', PROGRAMS, '');
for (const [program, text] of Object.entries(sections(stdout)))
  writeFileSync(new URL(`./elixir/${program.toLowerCase()}.txt`, import.meta.url), text);
const runs = {};
for (const [name, module, args, input] of RUNS) runs[name] = await native(module, args, input);
write('runs.json', runs);
