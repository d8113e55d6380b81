// `turbeam measure`: one measurement of one program on one engine, in a process of its own; `bench` starts it. Prints
// "times" and the microseconds of each timed run, "value" and the value, "translating" and the milliseconds that took.
import { translatorLoader } from '../interpret/transitions.js';
import { encodeTerm, parseTerm } from '../load/erlang-term.js';
import { callFunction, loadFile, settings } from '../runtime.js';
import { atomName } from '../terms/atoms.js';
import { formatWrite } from '../terms/format.js';
import type { MeasureOptions } from './options.js';
import { complain, print } from './output.js';
import { setPath } from './path.js';

/** Runs for so long, and at least once, before the first timed run: milliseconds. */
export const WARM_UP = 300;
/** No further run once the runs have taken this long: milliseconds. */
export const BUDGET = 20_000;

/** Runs the command; gives the exit code. */
export async function measure(options: MeasureOptions): Promise<number> {
  settings.jit = options.jit;
  settings.tuneV8 = true;
  for (const optimisation of options.without) settings.without[optimisation] = true;
  setPath(options);
  const module = atomName(options.files.map((file) => loadFile(file))[0]!.name);
  const size = encodeTerm(parseTerm(await resultOf(module, options.size, [])));
  let value = '';
  const timed = async (): Promise<number> => {
    const begin = performance.now();
    value = await resultOf(module, 'run', [size]);
    return performance.now() - begin;
  };
  let total = 0;
  while (total < WARM_UP) total += await timed();
  const times: number[] = [];
  do {
    const time = await timed();
    total += time;
    times.push(time);
  } while (times.length < options.runs && total < BUDGET);
  print(`\ntimes ${times.map((t) => Math.round(t * 1000)).join(' ')}\nvalue ${value}\n`);
  if (translatorLoader.loaded) {
    const { translation } = await import('../jit/translate.js');
    print(`translating ${translation.milliseconds.toFixed(2)}\n`);
  }
  return 0;
}

async function resultOf(module: string, name: string, args: Uint8Array[]): Promise<string> {
  const end = await callFunction(module, name, args, formatWrite);
  if (end.kind === 'value') return end.text;
  complain(
    `${module}:${name}/${args.length} ${end.kind === 'exit' ? `ended with ${end.text}` : 'waits for ever'}`,
  );
  process.exit(1);
}
