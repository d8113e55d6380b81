// npm run bench:api
//
// What a call of Erlang from JavaScript costs, under Benchmark.js: microseconds per call, with all that the call does. The functions
// do next to nothing themselves. Last, 10^6 calls of examples/add.beam in one go.
import { fileURLToPath } from 'node:url';
import Benchmark from 'benchmark';
import { type Argument, atom, type Fun, Turbeam, tuple } from '../dist/index.js';

const file = fileURLToPath(new URL('../examples/add.beam', import.meta.url));
const rt = new Turbeam({ files: [file] });
rt.module('bench_js', { add: (a, b) => a + b });
rt.module('bench_direct', { add: (a, b) => a + b }, { direct: true });

const add = rt.function('add', 'add', 2);
const viaJs = rt.function('bench_js', 'add', 2);
const viaDirect = rt.function('bench_direct', 'add', 2);
const hd = rt.function('erlang', 'hd', 1);
const size = rt.function('erlang', 'tuple_size', 1);
const copy = rt.function('erlang', 'list_to_tuple', 1);
const bytes = rt.function('erlang', 'byte_size', 1);
const fun = rt.callSync<Fun>('erlang', 'make_fun', [atom('add'), atom('add'), 2]);
const list = Array.from({ length: 100 }, (_, i) => i);
const map: Argument = { name: 'a name', id: 17, tags: [atom('a'), atom('b')] };
const maps = rt.function('erlang', 'map_size', 1);

const CASES: Record<string, () => unknown> = {
  'prepared, two small integers': () => add(1, 2),
  'prepared, floats': () => add(1.5, 2.5),
  'prepared, integers beyond 31 bits': () => add(2 ** 40, 2 ** 41),
  'callSync by name': () => rt.callSync('add', 'add', [1, 2]),
  'a fun': () => fun(1, 2),
  'list of 5 in': () => hd([1, 2, 3, 4, 5]),
  'list of 100 in, tuple of 100 out': () => copy(list),
  'tuple in': () => size(tuple(1, atom('a'))),
  'string of 20 bytes in': () => bytes('twenty bytes of text'),
  'object with three keys in': () => maps(map),
  'JavaScript function called by Erlang': () => viaJs(1, 2),
  'the same, registered as direct': () => viaDirect(1, 2),
};

console.log(`Microseconds per call; Node ${process.versions.node}\n`);
const suite = new Benchmark.Suite();
for (const [name, fn] of Object.entries(CASES)) suite.add(name, fn, { maxTime: 1 });
suite.on('cycle', ({ target }: Benchmark.Event) => {
  const { name, stats } = target as unknown as Benchmark;
  console.log(
    `${String(name).padEnd(40)}${(stats!.mean * 1e6).toFixed(3).padStart(8)} ±${stats!.rme.toFixed(1)}%`,
  );
});
suite.run();

const begin = performance.now();
let sum = 0;
for (let i = 0; i < 1e6; i++) sum += add(i, 1) as number;
console.log(`\n10^6 calls of add:add/2 in one go: ${(performance.now() - begin).toFixed(0)} ms (sum ${sum})`);
rt.close();
