// Compares Turbeam in all modes with native Erlang on random programs:
//   npx tsx test/random/main.ts [--seed=1] [--programs=100] [--modes=off,auto,…] [--batch=200] [--keep=FOLDER] [--no-shrink]
// A program that gives another result is made smaller and printed; --keep leaves programs, results and what failed there.
// A batch goes through one native Erlang and one process of Turbeam for each mode: 10,000 programs take about 40 minutes of one
// core. Seeds can be run in pieces.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isUnfair, MODES, type Native, NativeServer, runTurbeam } from './engines.js';
import { makeProgram, type Program, source } from './program.js';
import { shrink } from './shrink.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    programs: { type: 'string', default: '100' },
    modes: { type: 'string', default: Object.keys(MODES).join(',') },
    batch: { type: 'string', default: '200' },
    keep: { type: 'string' },
    'no-shrink': { type: 'boolean', default: false },
  },
});

const BATCH = Number(values.batch);
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'random-'));
mkdirSync(folder, { recursive: true });
const native = new NativeServer();
const modes = values.modes.split(',');

/** What is different, in words; undefined: nothing that says anything. */
function difference(wanted: string[], got: string[] | undefined, output: string): string | undefined {
  if (got === undefined) return `no result: ${output}`;
  for (let i = 0; i < Math.max(wanted.length, got.length); i++) {
    if (wanted[i] === got[i] || isUnfair(wanted[i] ?? '')) continue;
    return `t${i}: ${got[i]?.slice(0, 3000)}\n  native: ${wanted[i]?.slice(0, 3000)}`;
  }
  return undefined;
}

async function compareIn(mode: string, programs: Map<string, Native>): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let names = [...programs.keys()];
  while (names.length > 0) {
    const { results, output } = await runTurbeam(mode, folder, names, 60_000 + names.length * 3000);
    const broken = names.find((name) => !results.has(name));
    for (const name of names) {
      if (!results.has(name) && name !== broken) continue;
      const what = difference(programs.get(name)!.results, results.get(name), output);
      if (what !== undefined) found.set(name, what);
    }
    // Go on behind the one that took the process down.
    names = broken === undefined ? [] : names.slice(names.indexOf(broken) + 1);
  }
  return found;
}

async function failsStill(program: Program, mode: string): Promise<string | undefined> {
  const name = program.name;
  const answer = await native.run(name, source(program));
  if (typeof answer === 'string') return undefined;
  writeFileSync(join(folder, `${name}.beam`), answer.beam);
  const { results, output } = await runTurbeam(mode, folder, [name], 40_000);
  return difference(answer.results, results.get(name), output);
}

/** What every program has is not worth reading. */
const withoutHelpers = (text: string): string => text.slice(text.indexOf('\nlim(X) -> X.') + 14);

async function report(program: Program, mode: string, what: string): Promise<void> {
  console.log(`\n=== ${program.name}, ${mode}: ${what}`);
  writeFileSync(join(folder, `${program.name}.failed.erl`), source(program));
  if (values['no-shrink']) return;
  const name = `${program.name}_small`;
  const tree = await shrink(
    program.tree,
    async (t) => (await failsStill({ ...program, name, tree: t }, mode)) !== undefined,
  );
  const small = { ...program, name, tree };
  const last = await failsStill(small, mode);
  console.log(`--- smaller: ${last}
${withoutHelpers(source(small))}`);
  writeFileSync(join(folder, `${name}.erl`), source(small));
}

let failures = 0;
let unfair = 0;
let results = 0;
const first = Number(values.seed);
const count = Number(values.programs);
for (let from = first; from < first + count; from += BATCH) {
  const programs = new Map<string, Program>();
  const natives = new Map<string, Native>();
  const seeds = Array.from({ length: Math.min(BATCH, first + count - from) }, (_, i) => from + i);
  const answers = seeds.map((seed) => {
    const program = makeProgram(`random_${seed}`, seed);
    return { program, answer: native.run(program.name, source(program)) };
  });
  for (const { program, answer: pending } of answers) {
    const answer = await pending;
    if (typeof answer === 'string') {
      console.log(`${program.name} can not be compiled: ${answer.slice(0, 300)}`);
      continue;
    }
    programs.set(program.name, program);
    natives.set(program.name, answer);
    results += answer.results.length;
    unfair += answer.results.filter(isUnfair).length;
    writeFileSync(join(folder, `${program.name}.beam`), answer.beam);
    if (values.keep) writeFileSync(join(folder, `${program.name}.erl`), source(program));
  }
  const reported = new Set<string>();
  for (const mode of modes) {
    for (const [name, what] of await compareIn(mode, natives)) {
      failures++;
      if (reported.has(name)) console.log(`=== ${name} also in ${mode}`);
      else await report(programs.get(name)!, mode, what);
      reported.add(name);
    }
  }
  if (!values.keep) for (const name of programs.keys()) rmSync(join(folder, `${name}.beam`), { force: true });
  console.log(
    `${Math.min(from + BATCH, first + count) - first} programs, ${results} results (${unfair} unfair), ${failures} differences`,
  );
}
native.stop();
process.exit(failures === 0 ? 0 : 1);
