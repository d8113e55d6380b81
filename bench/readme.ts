// The table of measured times in the README: made of bench/results.json, between two comments.
//   tsx bench/readme.ts     makes it again
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ENGINE_INFO, ENGINES, type Engine } from '../dist/cli/bench/engines.js';
import type { Machine, ProgramResult } from '../dist/cli/bench/results.js';
import { geometricMean } from '../dist/cli/bench/statistics.js';
import { formatTime } from '../dist/cli/bench/table.js';

const README = new URL('../README.md', import.meta.url);
const RESULTS = new URL('results.json', import.meta.url);

export const BEGIN = '<!-- npm run bench writes this table -->';
export const END = '<!-- end of the table -->';

/** What bench/results.json has of a program. */
export interface Times {
  program: string;
  /** Day on which it was measured. */
  date: string;
  machine: Machine;
  /** Milliseconds: median, and its 95 % interval where that is known. */
  engines: Partial<Record<Engine, { median: number; low?: number; high?: number }>>;
}

function readTimes(): Times[] {
  try {
    return JSON.parse(readFileSync(RESULTS, 'utf8')) as Times[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Keeps the times of a program in place of those that were there. */
export function keepTimes(result: ProgramResult, machine: Machine): void {
  const times = readTimes().filter((t) => t.program !== result.program);
  const round = (ms: number): number => +ms.toPrecision(4);
  times.push({
    program: result.program,
    date: new Date().toISOString().slice(0, 10),
    machine,
    engines: Object.fromEntries(
      Object.entries(result.engines).map(([engine, e]) => [
        engine,
        { median: round(e.median), low: round(e.interval.low), high: round(e.interval.high) },
      ]),
    ),
  });
  times.sort((a, b) => (a.program < b.program ? -1 : 1));
  writeFileSync(RESULTS, `${JSON.stringify(times, null, 1)}\n`);
}

/** Columns that are quotients of two others. */
const RATIOS: [title: string, over: Engine, under: Engine][] = [
  ['interpreter / JIT', 'interpreter', 'jit'],
  ['JIT / native', 'jit', 'native'],
];

/** The table, with what it was measured on above it. */
export function tableText(times: readonly Times[]): string {
  const engines = ENGINES.filter((e) => times.some((t) => t.engines[e] !== undefined));
  const row = (cells: string[]): string => `| ${cells.join(' | ')} |\n`;
  const titles = engines.map((e) => ENGINE_INFO[e].title);
  let out = `\n${circumstances(times)}\n\n`;
  out += row(['program', ...titles, ...RATIOS.map(([title]) => title)]);
  out += `|---|${'---:|'.repeat(engines.length + RATIOS.length)}\n`;
  const quotient = (t: Times, over: Engine, under: Engine): number | undefined => {
    const [a, b] = [t.engines[over], t.engines[under]];
    return a === undefined || b === undefined ? undefined : a.median / b.median;
  };
  for (const t of times) {
    const cells = engines.map((e) => (t.engines[e] === undefined ? '' : formatTime(t.engines[e].median)));
    const ratios = RATIOS.map(([, over, under]) => quotient(t, over, under)?.toFixed(2) ?? '');
    out += row([t.program, ...cells, ...ratios]);
  }
  const means = RATIOS.map(([, over, under]) =>
    geometricMean(times.map((t) => quotient(t, over, under)).filter((x) => x !== undefined)),
  );
  const slowdown = engines.map((e) => {
    if (e === 'jit' || e === 'interpreter' || e === 'native') return '';
    const mean = geometricMean(times.map((t) => quotient(t, e, 'jit')).filter((x) => x !== undefined));
    return mean === undefined ? '' : `${mean.toFixed(2)} × JIT`;
  });
  out += row([
    '**geometric mean**',
    ...slowdown,
    ...means.map((mean) => (mean === undefined ? '' : `**${mean.toFixed(2)}**`)),
  ]);
  return `${out}\n`;
}

function circumstances(times: readonly Times[]): string {
  const dates = times.map((t) => t.date).sort();
  const machines = [...new Set(times.map(({ machine }) => describe(machine)))];
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  return `Milliseconds, medians, measured ${when} on ${machines.join(' and ')}.`;
}

function describe({ cpu, cores, node, otp }: Machine): string {
  const processor = cpu === undefined || cpu === 'unknown' ? '' : ` (${cpu})`;
  const native = otp === undefined ? '' : `, native Erlang/OTP ${otp}`;
  return `a machine with ${cores} cores${processor}, Node ${node}${native}`;
}

/** The README with the table of these times. */
export function withTable(readme: string, times: readonly Times[]): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`README.md has no lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${tableText(times)}${readme.slice(end)}`;
}

/** Puts the table of bench/results.json into the README. */
export function updateReadme(): void {
  writeFileSync(README, withTable(readFileSync(README, 'utf8'), readTimes()));
}

if (argv[1] === fileURLToPath(import.meta.url)) updateReadme();
