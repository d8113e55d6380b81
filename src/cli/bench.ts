// `turbeam bench`: programs on several engines (interpreter, JIT, JIT with optimisations left out, native Erlang), in
// alternation. Every measurement is a fresh process: a warm-up, then a few timed runs, each in a fresh Erlang process.
// Rounds of measurements follow each other so that what else the machine does falls on all engines alike.
import { readModule } from '../code/server.js';
import { compareResults, comparisonText, gotSlower } from './bench/compare.js';
import { ENGINE_INFO, type Engine } from './bench/engines.js';
import { isBenchmark, WANTED_TEXT } from './bench/programs.js';
import { Progress } from './bench/progress.js';
import {
  isDrifting,
  keepResults,
  type Measurement,
  type ProgramResult,
  type Results,
  readResults,
  summarise,
  thisMachine,
} from './bench/results.js';
import { LEVEL } from './bench/statistics.js';
import { Table } from './bench/table.js';
import { runChild } from './child.js';
import { withTemporaryDirectory } from './interrupt.js';
import { nativeArguments, nativeRelease } from './native.js';
import type { BenchOptions } from './options.js';
import { complain, print } from './output.js';
import { checkOutput, writeOutput } from './output-file.js';
import { setPath } from './path.js';
import { compileInto } from './sources.js';
import { UsageError } from './usage-error.js';

/** Timed runs in one process. */
const RUNS_PER_PROCESS = 3;

/** Exit codes, beside 0. */
const DISAGREE = 1;
const SLOWER = 3;

interface Program {
  name: string;
  /** As the user names it. */
  file: string;
  /** What is run: a .beam file or a listing. */
  beam: string;
}

/** Runs the command; gives the exit code. */
export async function bench(options: BenchOptions): Promise<number> {
  setPath(options);
  return withTemporaryDirectory(async (directory) =>
    benchFiles(options, await compileInto(directory, options.files, options)),
  );
}

/** @param beams the options' files, those that are sources compiled */
async function benchFiles(options: BenchOptions, beams: string[]): Promise<number> {
  const old = options.compare === undefined ? undefined : readResults('--compare', options.compare);
  if (old !== undefined && old.size !== options.size)
    throw new UsageError(
      `--compare ${options.compare}: was measured at size ${old.size}; give --size=${old.size}, or compare with another file`,
    );
  if (options.json !== undefined && options.json === options.html)
    throw new UsageError(`--json and --html name one file, ${options.json}; give each its own`);
  // Nobody should wait for results that can not be kept.
  if (options.json !== undefined) checkOutput('--json', options.json, options.files);
  if (options.html !== undefined) checkOutput('--html', options.html, options.files);
  const { programs, others } = findPrograms(options.files, beams);
  const release = options.engines.includes('native') ? nativeRelease() : undefined;
  const engines = options.engines.filter((e) => e !== 'native' || release !== undefined);
  if (engines.length === 0)
    throw new UsageError(
      '--engines=native: erl is not on the PATH; install Erlang/OTP or name another engine',
    );
  print(
    `Medians of ${options.runs} run${options.runs === 1 ? '' : 's'} at size ${options.size}, milliseconds; Node ${process.versions.node}`,
  );
  if (release !== undefined) print(`, native is OTP ${release}`);
  else if (options.engines.includes('native')) print(', no erl on the PATH');
  print('\n\n');
  const table = new Table(engines, true);
  print(table.head());
  const rounds = Math.ceil(options.runs / RUNS_PER_PROCESS);
  const progress = new Progress(programs.length * engines.length * rounds, options.progress);
  const results: ProgramResult[] = [];
  let failures = 0;
  for (const program of programs) {
    const result = await measureProgram(program, engines, options, progress);
    progress.clear();
    if (typeof result === 'string') {
      complain(`${program.name}: ${result}`);
      failures++;
      continue;
    }
    results.push(result);
    print(table.row(result));
    const values = Object.entries(result.engines).map(([engine, e]) => [engine, e.value]);
    if (new Set(values.map(([, v]) => v)).size > 1) {
      complain(
        `${program.name}: the engines do not agree: ${values.map(([e, v]) => `${e} ${v}`).join(', ')} (a bug in turbeam, unless the program's value is not the same each time)`,
      );
      failures++;
    }
  }
  print(table.means(results));
  print(notes(results, others));
  const all: Results = {
    format: 1,
    date: new Date().toISOString(),
    machine: thisMachine(release),
    size: options.size,
    runs: options.runs,
    unit: 'ms',
    results,
  };
  if (options.json !== undefined) keepResults(options.json, all);
  if (options.html !== undefined) {
    const { chartPage } = await import('./bench/chart.js');
    writeOutput('--html', options.html, chartPage(all));
  }
  if (old !== undefined) print(comparisonText(options.compare!, old, all));
  if (failures > 0) return DISAGREE;
  return old !== undefined && gotSlower(compareResults(old, all)) ? SLOWER : 0;
}

/** Those of the files that are benchmarks, and the names of the others. Throws UsageError if none is. */
function findPrograms(files: string[], beams: string[]): { programs: Program[]; others: string[] } {
  const programs: Program[] = [];
  const others: string[] = [];
  for (const [i, file] of files.entries()) {
    const beam = beams[i]!;
    const m = readModule(beam);
    if (isBenchmark(m)) programs.push({ name: m.name, file, beam });
    else others.push(m.name);
  }
  if (programs.length === 0)
    throw new UsageError(
      `none of these modules exports ${WANTED_TEXT}; export them, or time a call with turbeam run --stats`,
    );
  return { programs, others };
}

/** What stands below the table. */
function notes(results: readonly ProgramResult[], others: readonly string[]): string {
  const lines: string[] = [];
  const levels = results.flatMap((r) => Object.values(r.engines).map((e) => e.interval.level));
  const least = Math.min(...levels);
  if (least > 0)
    lines.push(
      `±: interval of the median, ${least < LEVEL ? `level ${Math.floor(least * 100)} % or more (95 % takes 6 runs)` : '95 %'}; first run: JIT in a fresh process, translating included`,
    );
  for (const { program, engines } of results)
    for (const [engine, e] of Object.entries(engines))
      if (isDrifting(e))
        lines.push(
          `${program}, ${ENGINE_INFO[engine as Engine].title}: still got faster during the timed runs; more --runs show the steady state`,
        );
  if (others.length > 0) lines.push(`Not measured, without ${WANTED_TEXT}: ${others.join(', ')}`);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

/** Measures a program on all engines; gives what went wrong if one fails. */
async function measureProgram(
  { name, file, beam }: Program,
  usable: readonly Engine[],
  options: BenchOptions,
  progress: Progress,
): Promise<ProgramResult | string> {
  const rounds = Math.ceil(options.runs / RUNS_PER_PROCESS);
  // Listings are no files that native Erlang loads.
  const engines = usable.filter((e) => e !== 'native' || beam.endsWith('.beam'));
  progress.skip((usable.length - engines.length) * rounds);
  const processes = new Map<Engine, Measurement[]>(engines.map((e) => [e, []]));
  let steps = rounds * engines.length;
  for (let left = options.runs; left > 0; left -= RUNS_PER_PROCESS) {
    for (const engine of engines) {
      progress.begin(`${name}, ${ENGINE_INFO[engine].title}`);
      const measurement = await measureOnce(engine, beam, options, Math.min(left, RUNS_PER_PROCESS));
      if (typeof measurement === 'string') {
        progress.skip(steps);
        return `${ENGINE_INFO[engine].title}: ${measurement}`;
      }
      steps--;
      progress.end();
      processes.get(engine)!.push(measurement);
    }
  }
  return {
    program: name,
    file,
    engines: Object.fromEntries([...processes].map(([engine, of]) => [engine, summarise(of)])),
  };
}

/** One measurement in a process of its own. */
async function measureOnce(
  engine: Engine,
  file: string,
  options: BenchOptions,
  runs: number,
): Promise<Measurement | string> {
  const { size, path } = options;
  const { jit, without } = ENGINE_INFO[engine];
  const left = [...new Set([...without, ...(jit === 'off' ? [] : options.without)])];
  const { status, stdout, stderr } =
    engine === 'native'
      ? await runChild('erl', nativeArguments(file, path, size, runs), { ERL_CRASH_DUMP_SECONDS: '0' })
      : await runChild(process.execPath, [
          process.argv[1]!,
          'measure',
          `--jit=${jit}`,
          `--size=${size}`,
          `--runs=${runs}`,
          ...(left.length > 0 ? [`--without=${left.join(',')}`] : []),
          ...path.map((dir) => `--pa=${dir}`),
          ...options.otp.map((dir) => `--otp=${dir}`),
          file,
        ]);
  // What the program itself printed stands before the results.
  const match = /\nwarm-up([ \d]*)\ntimes([ \d]+)\nvalue (.*)\n(?:translating ([\d.]+) (\d+)\n)?$/.exec(
    stdout,
  );
  if (status !== 0 || match === null) {
    const said = stderr
      .trim()
      .split('\n')[0]!
      .replace(/^turbeam: /, '');
    return said || `ended with exit code ${status}`;
  }
  const times = (text: string): number[] =>
    text
      .split(' ')
      .slice(1)
      .map((us) => Number(us) / 1000);
  const measurement: Measurement = {
    warmUp: times(match[1]!),
    times: times(match[2]!),
    value: match[3]!,
  };
  if (match[4] !== undefined) {
    measurement.translating = Number(match[4]);
    measurement.units = Number(match[5]);
  }
  return measurement;
}
