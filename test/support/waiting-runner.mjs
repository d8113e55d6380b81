// What a process costs: spawns many that wait in a receive, and prints a line of JSON: how many wait, and what that takes in
// bytes: of all memory of this operating system process (resident), of the arena, of the JavaScript heap.
//   node --expose-gc test/support/waiting-runner.mjs [NUMBER] [SETTINGS(JSON)]        (one million: some seconds, below 3 GB)
import { writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodeTerm } from '../../dist/load/erlang-term.js';
import { blockUse } from '../../dist/memory/blocks.js';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';

const [number = '1000000', chosen = '{}'] = process.argv.slice(2);
Object.assign(settings, JSON.parse(chosen));
codeServer.path = [fileURLToPath(new URL('../../dist/lib/ebin', import.meta.url))];
loadFile(fileURLToPath(new URL('../fixtures/memory/memory_returns.beam', import.meta.url)));

function measure() {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, arena: blockUse().words * 4, javascript: heapUsed };
}

const run = (n) =>
  callFunction('memory_returns', 'waiting', [encodeTerm({ kind: 'integer', value: BigInt(n) })], (t) =>
    String(t >> 1),
  );

await run(10);
const before = measure();
const end = await run(Number(number));
const after = measure();
const each = Object.fromEntries(
  Object.keys(after).map((key) => [key, Math.round((after[key] - before[key]) / Number(number))]),
);
writeSync(1, `${JSON.stringify({ waiting: end.text ?? end, total: after, each })}\n`);
process.exit(0);
