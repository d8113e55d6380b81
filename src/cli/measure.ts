// `turbeam measure`: one measurement of one program on one engine, in a process of its own; `bench` starts it. Prints
// "warm-up" and the microseconds of each run of the warm-up, "times" and those of each timed run, "value" and the value,
// "translating" with the milliseconds that took and the number of units.
import { translatorLoader } from '../interpret/transitions.js';
import { encodeTerm, parseTerm } from '../load/erlang-term.js';
import { crashHook } from '../processes/crash.js';
import { callFunction, loadFile, settings } from '../runtime.js';
import { atomName } from '../terms/atoms.js';
import { formatPretty, formatWrite } from '../terms/format.js';
import type { MeasureOptions } from './options.js';
import { complain, print } from './output.js';
import { setPath } from './path.js';

/** Runs for so long, and at least once, before the first timed run: milliseconds. */
export const WARM_UP = 300;
/** Most of these runs that are told of: a program may take no time at all. */
export const MAX_WARM_UPS = 1000;
/** No further run once the runs have taken this long: milliseconds. */
export const BUDGET = 20_000;

/** Runs the command; gives the exit code. */
export async function measure(options: MeasureOptions): Promise<number> {
  settings.jit = options.jit;
  settings.tuneV8 = true;
  for (const optimisation of options.without) settings.without[optimisation] = true;
  setPath(options);
  crashHook.report = (_, reason) => {
    failure = formatPretty(reason).replace(/\n\s*/g, ' ');
  };
  const module = atomName(options.files.map((file) => loadFile(file))[0]!.name);
  const size = encodeTerm(parseTerm(await resultOf(module, options.size, [])));
  let value = '';
  let total = 0;
  const timed = async (): Promise<number> => {
    const begin = performance.now();
    value = await resultOf(module, 'run', [size]);
    const time = performance.now() - begin;
    total += time;
    return time;
  };
  const warmUp: number[] = [];
  for (const begin = performance.now(); warmUp.length === 0 || performance.now() - begin < WARM_UP; ) {
    const time = await timed();
    if (warmUp.length < MAX_WARM_UPS) warmUp.push(time);
  }
  const times: number[] = [];
  do times.push(await timed());
  while (times.length < options.runs && total < BUDGET);
  const text = (ts: number[]): string => ts.map((t) => ` ${Math.round(t * 1000)}`).join('');
  print(`\nwarm-up${text(warmUp)}\ntimes${text(times)}\nvalue ${value}\n`);
  if (translatorLoader.loaded) {
    const { translation } = await import('../jit/translate.js');
    print(`translating ${translation.milliseconds.toFixed(2)} ${translation.units}\n`);
  }
  return 0;
}

/** Reason of the last process that an exception ended, readable. */
let failure = '';

async function resultOf(module: string, name: string, args: Uint8Array[]): Promise<string> {
  const end = await callFunction(module, name, args, formatWrite);
  if (end.kind === 'value') return end.text;
  complain(
    `${module}:${name}/${args.length} ${end.kind === 'exit' ? `ended with ${failure || end.text}` : 'waits for ever'}`,
  );
  process.exit(1);
}
