// What `bench` finds out, and the file (--json) that keeps it.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { writeOutput } from '../output-file.js';
import { UsageError } from '../usage-error.js';
import type { Engine } from './engines.js';
import { ENGINES } from './engines.js';
import { type Interval, median, medianInterval } from './statistics.js';

/** All that was measured of one program on one engine. Times are in milliseconds. */
export interface EngineResult {
  /** The first run of each process: it finds nothing translated. */
  first: number[];
  /** The runs of each process before its first timed one, the first run included; at most a thousand. */
  warmUp: number[][];
  /** The timed runs, by process, in the order in which they were. */
  times: number[][];
  /** Of all timed runs. */
  median: number;
  /** Of the median, see medianInterval. */
  interval: Interval;
  /** Median of what the processes spent translating, and of how many units they made; only where something was. */
  translating?: number;
  units?: number;
  value: string;
}

export interface ProgramResult {
  program: string;
  file: string;
  engines: Partial<Record<Engine, EngineResult>>;
}

export interface Machine {
  cpu: string | undefined;
  cores: number;
  node: string;
  /** OTP release of native Erlang, where it is installed. */
  otp: string | undefined;
}

/** The file. */
export interface Results {
  format: 1;
  date: string;
  machine: Machine;
  size: 'small' | 'default';
  /** Timed runs asked for. */
  runs: number;
  unit: 'ms';
  results: ProgramResult[];
}

/** The machine that we are on. */
export function thisMachine(otp: string | undefined): Machine {
  return { cpu: cpus()[0]?.model, cores: availableParallelism(), node: process.versions.node, otp };
}

/** What one process measured. */
export interface Measurement {
  warmUp: number[];
  times: number[];
  value: string;
  translating?: number;
  units?: number;
}

/** Puts the processes of one engine together. */
export function summarise(processes: readonly Measurement[]): EngineResult {
  const all = processes.flatMap((p) => p.times);
  const of = (key: 'translating' | 'units'): number | undefined => {
    const known = processes.map((p) => p[key]).filter((x) => x !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    first: processes.map((p) => p.warmUp[0] ?? p.times[0]!),
    warmUp: processes.map((p) => p.warmUp),
    times: processes.map((p) => p.times),
    median: median(all),
    interval: medianInterval(all),
    translating: of('translating'),
    units: of('units'),
    value: processes[processes.length - 1]!.value,
  };
}

/** How much the times of a process may fall from the first timed run to the last. */
const DRIFT = 0.05;

/**
 * Whether the timed runs still got faster, so that the warm-up was too short: in each of two processes or more, the last was
 * faster than the first by more than 5 %.
 */
export function isDrifting({ times }: EngineResult): boolean {
  const processes = times.filter((t) => t.length > 1);
  return processes.length > 1 && processes.every((t) => t[t.length - 1]! < t[0]! * (1 - DRIFT));
}

/** Writes the file. Throws UsageError. */
export function keepResults(path: string, results: Results): void {
  writeOutput('--json', path, `${JSON.stringify(results, null, 1)}\n`);
}

/** Reads the file that an earlier run left. Throws UsageError. */
export function readResults(option: string, path: string): Results {
  const fail = (what: string): never => {
    throw new UsageError(
      `${option} ${path}: ${what}; name a file that turbeam bench --json of this version wrote`,
    );
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail(`can not be read (${(error as NodeJS.ErrnoException).code})`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return fail('is not JSON');
  }
  if (!isResults(parsed)) return fail('has no results of this format');
  return parsed;
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null;

function isResults(x: unknown): x is Results {
  return (
    isObject(x) &&
    x['format'] === 1 &&
    isObject(x['machine']) &&
    typeof x['size'] === 'string' &&
    Array.isArray(x['results']) &&
    x['results'].every(
      (r: unknown) =>
        isObject(r) &&
        typeof r['program'] === 'string' &&
        isObject(r['engines']) &&
        Object.entries(r['engines']).every(([name, e]) => isEngine(name) && isEngineResult(e)),
    )
  );
}

function isEngine(name: string): boolean {
  return (ENGINES as readonly string[]).includes(name);
}

function isEngineResult(x: unknown): boolean {
  return (
    isObject(x) &&
    typeof x['median'] === 'number' &&
    isObject(x['interval']) &&
    typeof x['interval']['low'] === 'number' &&
    typeof x['interval']['high'] === 'number'
  );
}
