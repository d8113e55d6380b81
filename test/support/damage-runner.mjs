// Loads a .beam file damaged in many ways and calls its functions where it still loads.
//   node damage-runner.mjs JOB(JSON, see DamageJob in damage.ts)
// Each variant is named on stderr before it is tried, for a parent that has to end us. The last line on stdout is JSON:
// what came of it. A host error, or a run that does not end, is what must not happen.
import { readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { haltHook } from '../../dist/bifs/halt.js';
import { loadFailures } from '../../dist/code/load-failures.js';
import { parseCall } from '../../dist/load/erlang-term.js';
import { LoadError } from '../../dist/load/module.js';
import { exitProcess } from '../../dist/processes/exit.js';
import { allProcesses } from '../../dist/processes/table.js';
import { callFunction, codeServer, loadBytes, settings } from '../../dist/runtime.js';
import { work } from '../../dist/settings.js';
import { atom, atomName } from '../../dist/terms/atoms.js';
import { formatTerm } from '../../dist/terms/format.js';

const job = JSON.parse(process.argv[2]);
Object.assign(settings, { checkUnits: true }, job.settings);
codeServer.path = [fileURLToPath(new URL('../../dist/lib/ebin', import.meta.url))];
/** A damaged program may call halt; that is its good right, but it may not end us. */
class Halted extends Error {}
haltHook.halt = () => {
  throw new Halted();
};

const bytes = readFileSync(job.file);
const calls = job.calls.map(parseCall);
/** Reductions that a call may take, and words its process may have. */
const REDUCTIONS = 100_000;
settings.maxHeap = 4_000_000;

const outcome = { variants: 0, refused: 0, values: 0, exits: 0, exhausted: 0, deadlocks: 0, host: [] };

// What is thrown outside of any attempt, in a callback of the event loop.
process.on('uncaughtException', (error) => {
  outcome.host.push(`uncaught: ${error?.stack ?? error}`);
  writeSync(1, `\n${JSON.stringify(outcome)}\n`);
  process.exit(1);
});

/** Functions that turned out to be damaged when they were called. */
let damagedFunctions = 0;
loadFailures.report = () => damagedFunctions++;

async function attempt(what, damaged) {
  outcome.variants++;
  damagedFunctions = 0;
  writeSync(2, `${what}\n`);
  try {
    const module = atomName(loadBytes(damaged, job.file).name);
    for (const call of calls) {
      settings.maxReductions = work.reductions + REDUCTIONS;
      const end = await callFunction(module, call.name, call.args, formatTerm);
      if (end.kind === 'value') outcome.values++;
      else if (end.kind === 'exit') outcome.exits++;
      else if (end.kind === 'exhausted') outcome.exhausted++;
      else outcome.deadlocks++;
    }
  } catch (error) {
    if (error instanceof LoadError) outcome.refused++;
    else if (!(error instanceof Halted)) outcome.host.push(`${what}: ${error?.stack ?? error}`);
  }
  if (damagedFunctions > 0) outcome.refused++;
  for (const p of allProcesses()) exitProcess(p, atom('killed'));
}

/** The value of the byte at `at` after damage of that kind. */
function damagedByte(at, kind) {
  if (kind === 'rotating') return bytes[at] ^ (1 << (at & 7));
  return bytes[at] ^ kind;
}

if (job.whole) await attempt('whole', bytes);
for (let at = job.from; at < Math.min(job.to ?? bytes.length, bytes.length); at += job.step ?? 1)
  for (const kind of job.kinds)
    if (kind === 'cut') await attempt(`cut at ${at}`, bytes.subarray(0, at));
    else {
      const damaged = new Uint8Array(bytes);
      damaged[at] = damagedByte(at, kind);
      await attempt(`byte ${at} ^ ${damaged[at] ^ bytes[at]}`, damaged);
    }
// On a line of its own, whatever the program printed.
writeSync(1, `\n${JSON.stringify(outcome)}\n`);
process.exit(0);
