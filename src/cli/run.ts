// `turbeam run`: loads the files, calls a function, tells what came of it.
import { haltHook } from '../bifs/halt.js';
import { readerGone } from '../bifs/output.js';
import { started } from '../bifs/system.js';
import { functionAt, locationAt } from '../code/functions.js';
import { type Call, encodeTerm, parseCall, type TermAst, TermSyntaxError } from '../load/erlang-term.js';
import { registered } from '../processes/exit.js';
import { runUntil } from '../processes/scheduler.js';
import { localProcess } from '../processes/table.js';
import { callFunction, isExported, loadBytes, loadFile, mainProcess, settings } from '../runtime.js';
import { atom, atomName } from '../terms/atoms.js';
import { formatPretty } from '../terms/format.js';
import type { RunOptions } from './options.js';
import { complain, print, printError } from './output.js';
import { setPath } from './path.js';
import { crashReport, isReported, startReports } from './report.js';
import { UsageError } from './usage-error.js';

/** The process that logs, if it has begun. */
const LOGGER = atom('logger');
/** The process that has reports for it until then. */
const REPORTER = atom('turbeam_reporter');

/** The program called halt: goes through the engine, as an exception, up to us. */
export class Halt extends Error {
  constructor(readonly status: number) {
    super('halt');
  }
}

/** What is told when the program's call begins and ends. */
export interface Observer {
  begin(): void | Promise<void>;
  end(): void | Promise<void>;
}

/** Runs the command; gives the exit code. */
export async function run(options: Omit<RunOptions, 'command'>, observer?: Observer): Promise<number> {
  settings.jit = options.jit;
  settings.tuneV8 = true;
  if (options.threshold !== undefined) settings.threshold = options.threshold;
  for (const optimisation of options.without) settings.without[optimisation] = true;
  settings.stressGc = options.stressGc;
  settings.stressUnwind = options.stressUnwind;
  settings.maxHeap = options.maxHeap;
  setPath(options);
  started.plainArguments = options.args ?? [];
  const call = options.call === undefined ? undefined : readCall('--call', options.call);
  const stats = options.stats ? (await import('./stats.js')).startStats() : undefined;
  const compiled = options.files.some((file) => file.endsWith('.erl'))
    ? await (await import('./sources.js')).compileSources(options.files, options)
    : undefined;
  const first = options.files.map((file) => {
    const source = compiled?.get(file);
    return source === undefined ? loadFile(file) : loadBytes(source.beam, file);
  })[0]!;
  const wantsDump = options.dump !== undefined || options.dumpDir !== undefined;
  const dump = wantsDump ? (await import('./dump.js')).startDump(options.dump, options.dumpDir) : undefined;
  const main = call ?? entryPoint(atomName(first.name), options.args ?? []);
  const runsElixir = main?.module === ELIXIR_RUNNER;
  if (main === undefined && !wantsDump)
    throw new UsageError(
      `${options.files[0]}: ${atomName(first.name)} exports no main/1, main/0 or start/0; use --call 'm:f(Args)'`,
    );

  startReports();
  // As a signal would: natively the program fails when it next prints.
  readerGone.hook = () => process.exit(0);
  haltHook.halt = (status) => {
    throw new Halt(status);
  };
  let status = 0;
  let value = '';
  if (main !== undefined) {
    await observer?.begin();
    stats?.begin();
    try {
      const end = await callFunction(main.module, main.name, main.args, formatPretty);
      // init:stop: the run ends by halt/1.
      if (started.stopping) await runUntil(() => false);
      if (end.kind === 'value' && runsElixir) status = Number(end.text);
      else if (end.kind === 'value') value = call === undefined ? '' : `${end.text}\n`;
      else {
        status = 1;
        if (end.kind === 'deadlock')
          complain(
            `deadlock: every process waits for a message, and nobody is left to send one${waitingIn()}; have somebody send one, or give the receive an after clause`,
          );
        else if (end.kind === 'exhausted')
          complain('the limit of reductions is used up; allow more with settings.maxReductions');
        else if (!isReported(end.pid)) printError(crashReport(end.pid, end.text));
      }
      if (registered.has(LOGGER) || registered.has(REPORTER))
        await callFunction('turbeam_processes', 'flush', [], () => '');
    } catch (error) {
      if (!(error instanceof Halt)) throw error;
      status = error.status;
    }
    stats?.end();
    await observer?.end();
  }
  await dump?.finish(options.stats);
  print(value);
  await stats?.print();
  return status;
}

/** ` (the call waits in m:f/1, m.erl:3)`: where the process of the call waits. */
function waitingIn(): string {
  const pc = localProcess(mainProcess.pid)?.pc ?? 0;
  const fn = functionAt(pc);
  if (fn === undefined) return '';
  const place = locationAt(pc);
  return ` (the call waits in ${fn.label}${place === undefined ? '' : `, ${place.file}:${place.line}`})`;
}

/** Reads a call as `m:f(Args)`; a UsageError names the option. */
export function readCall(option: string, text: string): Call {
  try {
    return parseCall(text);
  } catch (error) {
    if (error instanceof TermSyntaxError)
      throw new UsageError(`${option}: ${error.message}; write it as in ${option} 'lists:seq(1, 3)'`);
    throw error;
  }
}

/** Calls a function of Elixir's as its command does, and gives the exit code. */
const ELIXIR_RUNNER = 'turbeam_elixir';

/** What is called when the user does not say. */
function entryPoint(module: string, args: string[]): Call | undefined {
  const isElixir = module.startsWith('Elixir.');
  const main = (name: string, ...values: TermAst[]): Call =>
    isElixir
      ? {
          module: ELIXIR_RUNNER,
          name: 'main',
          args: [atomTerm(module), atomTerm(name), { kind: 'list' as const, items: values }].map(encodeTerm),
        }
      : { module, name, args: values.map(encodeTerm) };
  const texts = args.map(isElixir ? binaryTerm : stringTerm);
  if (isExported(module, 'main', 1)) return main('main', { kind: 'list', items: texts });
  if (isExported(module, 'main', 0)) return main('main');
  if (isExported(module, 'start', 0)) return main('start');
  return undefined;
}

function atomTerm(name: string): TermAst {
  return { kind: 'atom', name };
}

function stringTerm(text: string): TermAst {
  const items = Array.from(text, (c) => ({ kind: 'integer' as const, value: BigInt(c.codePointAt(0)!) }));
  return { kind: 'list', items };
}

function binaryTerm(text: string): TermAst {
  const bytes = Buffer.from(text);
  return { kind: 'bitstring', bytes, bits: 8 * bytes.length };
}
