// npm run bench [-- [--size=small] [PROGRAM...]]
//
// The example programs under Benchmark.js. For each program three engines are up at the same time, each in a child
// process: the interpreter, the JIT and, if erl is installed, native Erlang. What Benchmark.js times is one line to the
// child and one line back, in between one run of the program in a fresh Erlang process; the same for all engines. The
// engines take turns: each has a warm-up, then Benchmark.js samples one after the other (sampling it does not
// interleave; `turbeam bench` does, with fresh processes). Shown are mean times in milliseconds.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Benchmark from 'benchmark';
import { type Row, tableHead, tableMeans, tableRow } from '../dist/cli/table.js';
import { type Engine, native, turbeam } from './engine.js';

const EXAMPLES = fileURLToPath(new URL('../examples/', import.meta.url));
/** Examples that are no benchmarks. */
const OTHERS = new Set(['add', 'bench_main', 'calculator', 'hello']);
/** Milliseconds that an engine runs before it is measured. */
const WARM_UP = 1000;

const args = process.argv.slice(2);
const size = args.includes('--size=small') ? 'small' : 'default';
const names = args.filter((a) => !a.startsWith('-'));
const programs = readdirSync(EXAMPLES)
  .filter((file) => file.endsWith('.beam'))
  .map((file) => file.slice(0, -5))
  .filter((name) => (names.length === 0 ? !OTHERS.has(name) : names.includes(name)));
const hasErlang = spawnSync('erl', ['-noshell', '-eval', 'halt().']).status === 0;

/** Mean time of a run in milliseconds, as Benchmark.js finds it. */
function sample(name: string, engine: Engine): Promise<number> {
  return new Promise((resolve, reject) => {
    new Benchmark(name, {
      defer: true,
      minSamples: 5,
      maxTime: 2,
      fn: (deferred: { resolve(): void }) => {
        engine.run().then(() => deferred.resolve(), reject);
      },
      onComplete(this: Benchmark) {
        resolve(this.stats.mean * 1000);
      },
    }).run({ async: true });
  });
}

async function measure(program: string): Promise<Row> {
  const file = `${EXAMPLES}${program}.beam`;
  const engines: Partial<Record<'interpreter' | 'jit' | 'native', Engine>> = {
    interpreter: turbeam('off', file, size),
    jit: turbeam('auto', file, size),
  };
  if (hasErlang) engines.native = native(file, size);
  const row: Row = { program };
  let value: string | undefined;
  for (const [name, engine] of Object.entries(engines)) {
    for (const begin = performance.now(); performance.now() - begin < WARM_UP; ) {
      const got = await engine.run();
      value ??= got;
      if (got !== value) throw new Error(`${program}: ${name} gives ${got}, not ${value}`);
    }
    row[name as 'jit'] = await sample(`${program} ${name}`, engine);
  }
  for (const engine of Object.values(engines)) engine.stop();
  return row;
}

console.log(`Mean times at size ${size}, milliseconds; Node ${process.versions.node}\n`);
process.stdout.write(tableHead());
const rows: Row[] = [];
for (const program of programs) {
  const row = await measure(program);
  rows.push(row);
  process.stdout.write(tableRow(row));
}
process.stdout.write(tableMeans(rows));
process.exit(0);
