// `turbeam bench`: programs on three engines (interpreter, JIT, native Erlang), in alternation. Every measurement is a fresh
// process: a warm-up, then a few timed runs, each in a fresh Erlang process. Rounds of measurements follow each other
// so that what else the machine does falls on all engines alike.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModule } from '../code/server.js';
import { nativeArguments, nativeRelease } from './native.js';
import type { BenchOptions } from './options.js';
import { complain, print } from './output.js';
import { setPath } from './path.js';
import { compileSources } from './sources.js';
import { type Row, tableHead, tableMeans, tableRow } from './table.js';
import { UsageError } from './usage-error.js';

/** Timed runs in one process. */
const RUNS_PER_PROCESS = 3;

/** The engines, in the order of a round. */
export type Engine = 'interpreter' | 'jit' | 'native';

/** What one process measured. */
interface Measurement {
  /** Milliseconds of each run. */
  times: number[];
  value: string;
  /** Milliseconds spent translating. */
  translating: number;
}

/** All that is known of one program. */
interface Result {
  program: string;
  file: string;
  values: Partial<Record<Engine, string>>;
  times: Partial<Record<Engine, number[]>>;
  medians: Partial<Record<Engine, number>>;
  translating?: number;
}

/** Runs the command; gives the exit code. */
export async function bench(options: BenchOptions): Promise<number> {
  setPath(options);
  const compiled = await compileSources(options.files, options);
  if (compiled.size === 0) return benchFiles(options, options.files);
  const directory = mkdtempSync(join(tmpdir(), 'turbeam-'));
  try {
    const beams = options.files.map((file) => {
      const source = compiled.get(file);
      if (source === undefined) return file;
      const beam = join(directory, `${source.module}.beam`);
      writeFileSync(beam, source.beam);
      return beam;
    });
    return await benchFiles(options, beams);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param beams the options' files, those that are sources compiled */
async function benchFiles(options: BenchOptions, beams: string[]): Promise<number> {
  const programs: { name: string; file: string; beam: string }[] = [];
  const others: string[] = [];
  for (const [i, file] of options.files.entries()) {
    const beam = beams[i]!;
    const m = readModule(beam);
    const has = (name: string, arity: number) => m.exports.some((e) => e.name === name && e.arity === arity);
    if (has('run', 1) && has('default', 0) && has('small', 0)) programs.push({ name: m.name, file, beam });
    else others.push(m.name);
  }
  if (programs.length === 0)
    throw new UsageError('none of these modules exports run/1, default/0 and small/0');
  const release = nativeRelease();
  print(
    `Medians of ${options.runs} runs at size ${options.size}, milliseconds; Node ${process.versions.node}`,
  );
  print(release === undefined ? ', no erl on the PATH\n\n' : `, native is OTP ${release}\n\n`);
  print(tableHead());
  const results: Result[] = [];
  let failures = 0;
  for (const { name, file, beam } of programs) {
    const result = await measureProgram(name, file, beam, options, release !== undefined);
    if (typeof result === 'string') {
      complain(`${name}: ${result}`);
      failures++;
      continue;
    }
    results.push(result);
    print(tableRow(rowOf(result)));
    const values = new Set(Object.values(result.values));
    if (values.size > 1) {
      complain(
        `${name}: the engines do not agree: ${Object.entries(result.values)
          .map(([engine, v]) => `${engine} ${v}`)
          .join(', ')}`,
      );
      failures++;
    }
  }
  print(tableMeans(results.map(rowOf)));
  if (others.length > 0)
    print(`\nNot measured, without run/1, default/0 and small/0: ${others.join(', ')}\n`);
  if (options.json !== undefined) keep(options.json, options, release, results);
  return failures > 0 ? 1 : 0;
}

function rowOf(r: Result): Row {
  return { program: r.program, ...r.medians, translating: r.translating };
}

/** Measures a program on all engines; gives what went wrong if one fails. */
async function measureProgram(
  program: string,
  file: string,
  beam: string,
  options: BenchOptions,
  native: boolean,
): Promise<Result | string> {
  const engines: Engine[] = ['interpreter', 'jit'];
  if (native && beam.endsWith('.beam')) engines.push('native');
  const result: Result = { program, file, values: {}, times: {}, medians: {} };
  const translating: number[] = [];
  for (let left = options.runs; left > 0; left -= RUNS_PER_PROCESS) {
    for (const engine of engines) {
      const measurement = await measureOnce(engine, beam, options, Math.min(left, RUNS_PER_PROCESS));
      if (typeof measurement === 'string') return `${engine}: ${measurement}`;
      result.values[engine] = measurement.value;
      result.times[engine] = [...(result.times[engine] ?? []), ...measurement.times];
      if (engine === 'jit') translating.push(measurement.translating);
    }
  }
  for (const engine of engines) result.medians[engine] = median(result.times[engine]!);
  result.translating = median(translating);
  return result;
}

/** One measurement in a process of its own. */
async function measureOnce(
  engine: Engine,
  file: string,
  options: BenchOptions,
  runs: number,
): Promise<Measurement | string> {
  const { size, path } = options;
  const jit = engine === 'interpreter' ? 'off' : 'auto';
  const { status, stdout, stderr } =
    engine === 'native'
      ? await start('erl', nativeArguments(file, path, size, runs))
      : await start(process.execPath, [
          process.argv[1]!,
          'measure',
          `--jit=${jit}`,
          `--size=${size}`,
          `--runs=${runs}`,
          ...(options.without.length > 0 ? [`--without=${options.without.join(',')}`] : []),
          ...path.map((dir) => `--pa=${dir}`),
          ...options.otp.map((dir) => `--otp=${dir}`),
          file,
        ]);
  // What the program itself printed stands before the results.
  const match = /\ntimes ([\d ]+)\nvalue (.*)\n(?:translating ([\d.]+)\n)?$/.exec(stdout);
  if (status !== 0 || match === null) return stderr.trim().split('\n')[0] || `ended with exit code ${status}`;
  const times = match[1]!.split(' ').map((us) => Number(us) / 1000);
  return { times, value: match[2]!, translating: Number(match[3] ?? 0) };
}

function start(
  command: string,
  args: string[],
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ERL_CRASH_DUMP_SECONDS: '0' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** The median: the middle, or the mean of the two in the middle. */
export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

function keep(path: string, options: BenchOptions, release: string | undefined, results: Result[]): void {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    node: process.versions.node,
    otp: release,
  };
  const text = JSON.stringify(
    { date: new Date().toISOString(), machine, size: options.size, runs: options.runs, unit: 'ms', results },
    null,
    2,
  );
  try {
    writeFileSync(path, `${text}\n`);
  } catch (error) {
    throw new UsageError(`--json ${path}: can not be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
