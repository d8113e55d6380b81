// Code that one does not trust, and several runtimes side by side:  node examples/embed/sandbox.mjs
import { Turbeam, tuple } from 'turbeam';

const files = [new URL('stock.beam', import.meta.url).pathname];
const limits = { reductions: 10_000_000, memory: 64 << 20 };
const runtimes = [
  new Turbeam({ files, limits }),
  new Turbeam({ files, limits: { ...limits, reductions: 500_000 } }),
];

for (const rt of runtimes) {
  for (const [name, args] of [
    ['spin', []],
    ['hoard', [[]]],
  ]) {
    try {
      await rt.call('stock', name, args);
    } catch (error) {
      console.log(`${name}: ${error.name}, ${error.limit}`);
    }
  }
  // It can still be used.
  console.log(rt.callSync('erlang', 'tuple_to_list', [tuple(1, 2)]));
  rt.close();
}
