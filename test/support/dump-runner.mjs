// Loads example programs, runs each at its small size, and dumps all that was translated:
//   node dump-runner.mjs DIRECTORY auto|eager MODULE...
// What is loaded first gets other addresses, so that an order of files is something a dump must not depend on.
import { readFileSync } from 'node:fs';
import { startDump } from '../../dist/cli/dump.js';
import { callFunction, codeServer, loadFile, settings } from '../../dist/runtime.js';

const [directory, jit, ...modules] = process.argv.slice(2);
const examples = new URL('../../examples/', import.meta.url);
codeServer.path = [new URL('../../dist/lib/ebin', import.meta.url).pathname];
settings.jit = jit;
const dump = startDump(undefined, directory);
for (const m of modules) loadFile(new URL(`${m}.beam`, examples).pathname);
for (const m of [...modules].sort()) {
  const size = Number(/^small\(\) -> (\d+)\./m.exec(readFileSync(new URL(`${m}.erl`, examples), 'utf8'))[1]);
  // Integers as external terms: INTEGER_EXT.
  const term = Uint8Array.of(131, 98, size >> 24, size >> 16, size >> 8, size);
  const end = await callFunction(m, 'run', [term], () => '');
  if (end.kind !== 'value') throw new Error(`${m}: ${JSON.stringify(end)}`);
}
await dump.finish(false);
process.exit(0);
