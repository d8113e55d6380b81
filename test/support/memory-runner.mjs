// Whether memory returns to where it was: runs each function of memory_returns (test/fixtures/memory) several times and
// prints a line of JSON for each: what is in use after each time, in words of the arena, words of code, words of literals, bytes
// of the JavaScript heap (if node has --expose-gc), and what the first and the last runs differ in.
//   node [--expose-gc] test/support/memory-runner.mjs [SETTINGS(JSON)] [FUNCTION:SIZE:TIMES...]
// Without functions it does the full numbers: 10^5 processes 100 times, a module loaded 1,000 times, and so on, in some minutes.
import { readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeTerm } from '../../dist/load/erlang-term.js';
import { blockUse } from '../../dist/memory/blocks.js';
import { codeSpace, literalSpace } from '../../dist/memory/spaces.js';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';
import { formatTerm } from '../../dist/terms/format.js';

const FULL = [
  'processes:100000:100',
  'related:10000:20',
  'tables:100000:10',
  'binaries:2000:20',
  'resources:20000:20',
  'reloading:1000:5',
];

const [chosen = '{}', ...wanted] = process.argv.slice(2);
Object.assign(settings, JSON.parse(chosen));
const folder = fileURLToPath(new URL('../fixtures/memory/', import.meta.url));
codeServer.path = [fileURLToPath(new URL('../../dist/lib/ebin', import.meta.url))];
loadFile(`${folder}memory_returns.beam`);

const integer = (value) => encodeTerm({ kind: 'integer', value: BigInt(value) });

/** A binary in external term format. */
function binary(bytes) {
  const term = Buffer.alloc(bytes.length + 6);
  term.writeUInt8(131, 0);
  term.writeUInt8(109, 1);
  term.writeUInt32BE(bytes.length, 2);
  term.set(bytes, 6);
  return term;
}

const code = readFileSync(`${folder}memory_reloaded.beam`);

async function run(name, size) {
  const args = name === 'reloading' ? [binary(code), integer(size)] : [integer(size)];
  const end = await callFunction('memory_returns', name, args, formatTerm);
  if (end.kind !== 'value' || end.text !== 'ok') throw new Error(`${name}: ${JSON.stringify(end)}`);
}

for (const what of wanted.length === 0 ? FULL : wanted) {
  const [name, size, times] = what.split(':');
  // The first run loads and translates; the engine's own tables grow.
  await run(name, Number(size));
  const used = [];
  for (let i = 0; i < Number(times); i++) {
    await run(name, Number(size));
    // Processes that were told to end do so while something short runs.
    await run('processes', 2);
    globalThis.gc?.();
    used.push({
      arena: blockUse().words,
      code: codeSpace.used,
      literals: literalSpace.used,
      ...(globalThis.gc === undefined ? {} : { javascript: process.memoryUsage().heapUsed }),
    });
  }
  const [first, last] = [used[0], used.at(-1)];
  const more = Object.fromEntries(Object.keys(first).map((key) => [key, last[key] - first[key]]));
  writeSync(1, `${JSON.stringify({ name, size: Number(size), times: used.length, first, more })}\n`);
}
process.exit(0);
