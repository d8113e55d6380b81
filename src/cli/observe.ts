// Further runs for `turbeam explore`, each in a process of its own: one counts calls, one has V8 write down what it deoptimises.
// What the program prints there is thrown away.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { haltHook } from '../bifs/halt.js';
import { type Deoptimisation, readTrace, traceOptions } from '../explore/deoptimisations.js';
import { I } from '../interpret/ops.js';
import { translatorLoader } from '../interpret/transitions.js';
import { H } from '../memory/arena.js';
import { callFunction, loadFile, settings } from '../runtime.js';
import { endWithUs } from './child.js';
import { withTemporaryDirectory } from './interrupt.js';
import type { ExploreOptions, ObserveOptions } from './options.js';
import { setPath } from './path.js';
import { Halt, readCall } from './run.js';

/** More than this, in milliseconds, nobody wants to wait for. */
const MOST = 60_000;

/** What a process tells us: a number or a text for each function or unit. */
type Report = Record<string, number | string>;

/** Runs the program in another process; gives what that reports, or why there is nothing. */
function observe(
  what: ObserveOptions['what'],
  file: string,
  { run, path, otp, elixir, threshold }: ExploreOptions,
  nodeOptions: string[] = [],
): Promise<{ report: Report } | { why: string }> {
  const options = [
    `--what=${what}`,
    `--call=${run}`,
    ...(threshold === undefined ? [] : [`--jit-threshold=${threshold}`]),
    ...path.map((dir) => `--pa=${dir}`),
    ...otp.map((dir) => `--otp=${dir}`),
    ...(elixir === undefined ? [] : [`--elixir=${elixir}`]),
  ];
  const child = spawn(process.execPath, [...nodeOptions, process.argv[1], 'observe', ...options, file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  endWithUs(child);
  return new Promise((resolve) => {
    let report: Report | undefined;
    let why: string | undefined;
    const timer = setTimeout(() => {
      why = `the run that finds them out takes more than ${MOST / 1000} s`;
      child.kill('SIGKILL');
    }, MOST);
    child.on('message', (message) => {
      report = message as Report;
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ why: `no process for them could be started: ${error.message}` });
    });
    // V8 writes the end of its log when the process ends.
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve(
        report === undefined
          ? { why: why ?? `the run that finds them out ended with ${signal ?? `status ${status}`}` }
          : { report },
      );
    });
  });
}

export interface Counted {
  /** By function label. */
  calls?: Record<string, number>;
  /** Why there are none; '' if there are. */
  why: string;
}

/** Counts calls: translated code does not, so this run is the interpreter's. */
export async function countCalls(file: string, options: ExploreOptions): Promise<Counted> {
  const result = await observe('calls', file, options);
  return 'why' in result ? result : { calls: result.report as Record<string, number>, why: '' };
}

export interface Traced {
  found: Deoptimisation[];
  /** What was evaluated for each unit, as `fingerprint` has it, by the name that V8 knows the unit by. */
  programs: Record<string, string>;
  /** Why nothing is known; '' if something is. */
  why: string;
}

/** Has V8 write down what it deoptimises. It does not while it takes a profile, so this is another run. */
export async function traceDeoptimisations(file: string, options: ExploreOptions): Promise<Traced> {
  return withTemporaryDirectory(async (folder) => {
    const result = await observe('deoptimisations', file, options, traceOptions(folder));
    if ('why' in result) return { found: [], programs: {}, why: result.why };
    const found = readTrace(folder);
    return {
      found: found ?? [],
      programs: result.report as Record<string, string>,
      why: found === undefined ? 'V8 did not write them down' : '',
    };
  });
}

/** Two programs with the same fingerprint are the same. */
export function fingerprint(program: string): string {
  return createHash('sha256').update(program).digest('base64');
}

// ---- in the other process

/** A threshold that no function reaches, so that its counter tells how often it was called. */
const NEVER = 1 << 30;

/** Runs the call and sends the parent what was asked for. */
export async function observed(options: ObserveOptions): Promise<number> {
  setPath(options);
  const counting = options.what === 'calls';
  settings.mapUnits = !counting;
  settings.tuneV8 = true;
  if (counting) settings.threshold = NEVER;
  else if (options.threshold !== undefined) settings.threshold = options.threshold;
  const call = readCall('--call', options.call);
  const m = loadFile(options.files[0]);
  haltHook.halt = (status) => {
    throw new Halt(status);
  };
  if (!counting) await translatorLoader.load();
  try {
    await callFunction(call.module, call.name, call.args, () => '');
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
  }
  const report: Report = {};
  if (counting) {
    for (const f of m.functions) if (H[f.entry] === I.Entry) report[f.label] = NEVER - H[f.entry + 3];
  } else {
    const { records } = await import('../jit/translate.js');
    const { unitName } = await import('../jit/print.js');
    for (const r of records)
      if (r.program !== undefined)
        report[unitName(r.fn, r.start, r.isEntry, r.givens)] = fingerprint(r.program);
  }
  await new Promise((resolve) => process.send?.(report, resolve));
  return 0;
}
