// npm run bench [-- [--size=small] [--no-readme] [PROGRAM...]]
//
// The example programs under Benchmark.js, with the optimisations of the translator on and off. Each engine is a child process
// with one program loaded; what Benchmark.js times is one line to the child and one line back, in between one run of the
// program in a fresh Erlang process; the same for all engines. The engines come one after the other (`turbeam bench` takes
// turns, with fresh processes): each has a warm-up, then Benchmark.js samples. Shown are medians of its samples in
// milliseconds.
//
// At size default the times go to bench/results.json, those of the programs named replacing what was there, and from there
// into the table of the README.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Benchmark from 'benchmark';
import { ENGINE_INFO, ENGINES, type Engine as EngineName } from '../dist/cli/bench/engines.js';
import { isBenchmark } from '../dist/cli/bench/programs.js';
import { Progress } from '../dist/cli/bench/progress.js';
import { type ProgramResult, thisMachine } from '../dist/cli/bench/results.js';
import { median, medianInterval } from '../dist/cli/bench/statistics.js';
import { Table } from '../dist/cli/bench/table.js';
import { nativeRelease } from '../dist/cli/native.js';
import { readModule } from '../dist/code/server.js';
import { type Engine, native, turbeam } from './engine.js';
import { keepTimes, updateReadme } from './readme.js';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
/** Milliseconds that an engine runs before it is measured. */
const WARM_UP = 1000;

const args = process.argv.slice(2);
const size = args.includes('--size=small') ? 'small' : 'default';
const names = args.filter((a) => !a.startsWith('-'));
const programs = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.beam'))
  .map((file) => file.slice(0, -5))
  .filter((name) => names.length === 0 || names.includes(name))
  .filter((name) => isBenchmark(readModule(`${EXAMPLES}${name}.beam`)));
const unknown = names.filter((name) => !programs.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')} in examples/: name programs without .beam`);
  process.exit(2);
}
const otp = nativeRelease();
const engines = ENGINES.filter((e) => e !== 'native' || otp !== undefined);
const progress = new Progress(programs.length * engines.length, false);

/** Times of the samples that Benchmark.js takes, in milliseconds. */
function sample(name: string, engine: Engine): Promise<number[]> {
  return new Promise((resolve, reject) => {
    new Benchmark(name, {
      defer: true,
      minSamples: 3,
      maxTime: 2,
      fn: (deferred: { resolve(): void }) => {
        engine.run().then(() => deferred.resolve(), reject);
      },
      onComplete(this: Benchmark) {
        resolve(this.stats.sample.map((seconds) => seconds * 1000));
      },
    }).run({ async: true });
  });
}

async function measure(program: string): Promise<ProgramResult> {
  const file = `${EXAMPLES}${program}.beam`;
  const result: ProgramResult = { program, file, engines: {} };
  let value: string | undefined;
  for (const name of engines) {
    progress.begin(`${program}, ${ENGINE_INFO[name].title}`);
    const engine = name === 'native' ? native(file, size) : turbeam(ENGINE_INFO[name], file, size);
    const warmUp: number[] = [];
    for (const begin = performance.now(); performance.now() - begin < WARM_UP; ) {
      const start = performance.now();
      const got = await engine.run();
      warmUp.push(performance.now() - start);
      value ??= got;
      if (got !== value) throw new Error(`${program}: ${name} gives ${got}, not ${value}`);
    }
    const times = await sample(`${program} ${name}`, engine);
    engine.stop();
    progress.end();
    result.engines[name as EngineName] = {
      first: [warmUp[0]!],
      warmUp: [warmUp],
      times: [times],
      median: median(times),
      interval: medianInterval(times),
      value: value!,
    };
  }
  return result;
}

const table = new Table(engines, false);
console.log(`Medians at size ${size}, milliseconds; Node ${process.versions.node}\n`);
process.stdout.write(table.head());
const results: ProgramResult[] = [];
for (const program of programs) {
  const result = await measure(program);
  progress.clear();
  results.push(result);
  process.stdout.write(table.row(result));
  if (size === 'default' && !args.includes('--no-readme')) {
    keepTimes(result, thisMachine(otp));
    updateReadme();
  }
}
process.stdout.write(table.means(results));
process.exit(0);
