// The table that `bench` prints.
import { ENGINE_INFO, type Engine } from './engines.js';
import type { EngineResult, ProgramResult } from './results.js';
import { geometricMean, relativeError } from './statistics.js';

/** Ratios of the table, and of the chart: which engine over which. */
export const RATIOS: readonly { over: Engine; under: Engine; title: string }[] = [
  { over: 'interpreter', under: 'jit', title: 'interp/JIT' },
  { over: 'jit', under: 'native', title: 'JIT/native' },
];

const NAME_WIDTH = 17;
const TIME_WIDTH = 13;
const WIDTH = 12;
const MEAN = 'geometric mean';

/** The table for these engines. */
export class Table {
  private readonly ratios: typeof RATIOS;
  private readonly showsWarmUp: boolean;
  private readonly rule: string;

  /** @param warmUp with columns for what warming up costs the JIT */
  constructor(
    private readonly engines: readonly Engine[],
    warmUp: boolean,
  ) {
    this.ratios = RATIOS.filter((r) => engines.includes(r.over) && engines.includes(r.under));
    this.showsWarmUp = warmUp && engines.includes('jit');
    const columns = this.ratios.length + (this.showsWarmUp ? 2 : 0);
    this.rule = `${'-'.repeat(NAME_WIDTH + TIME_WIDTH * engines.length + WIDTH * columns)}\n`;
  }

  head(): string {
    return (
      this.line(
        'program',
        this.engines.map((e) => ENGINE_INFO[e].title),
        [...this.ratios.map((r) => r.title), ...(this.showsWarmUp ? ['first run', 'translating'] : [])],
      ) + this.rule
    );
  }

  row({ program, engines }: ProgramResult): string {
    const jit = engines.jit;
    return this.line(
      program,
      this.engines.map((e) => timeWithError(engines[e])),
      [
        ...this.ratios.map((r) => quotient(engines, r.over, r.under)?.toFixed(2)),
        ...(this.showsWarmUp
          ? [
              jit && formatTime(firstRun(jit)),
              jit?.translating === undefined ? undefined : formatTime(jit.translating),
            ]
          : []),
      ],
    );
  }

  /** The last line: geometric means of the ratios, over the programs that have them. */
  means(results: readonly ProgramResult[]): string {
    if (this.ratios.length === 0) return this.rule;
    const means = this.ratios.map((r) => meanRatio(results, r.over, r.under)?.toFixed(2));
    return (
      this.rule +
      this.line(
        MEAN,
        this.engines.map(() => ''),
        means,
      )
    );
  }

  private line(
    name: string,
    times: readonly (string | undefined)[],
    others: readonly (string | undefined)[],
  ): string {
    const cells = (texts: readonly (string | undefined)[], width: number) =>
      texts.map((c) => ` ${(c ?? '-').padStart(width - 1)}`).join('');
    return `${name.padEnd(NAME_WIDTH)}${cells(times, TIME_WIDTH)}${cells(others, WIDTH)}`
      .trimEnd()
      .concat('\n');
  }
}

/** Median of the first runs, in milliseconds. */
export function firstRun(e: EngineResult): number {
  const sorted = [...e.first].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** Time of one engine over that of another; undefined if one of them was not measured. */
export function quotient(engines: ProgramResult['engines'], over: Engine, under: Engine): number | undefined {
  const a = engines[over]?.median;
  const b = engines[under]?.median;
  return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}

export function meanRatio(
  results: readonly ProgramResult[],
  over: Engine,
  under: Engine,
): number | undefined {
  return geometricMean(
    results.map((r) => quotient(r.engines, over, under)).filter((x): x is number => x !== undefined),
  );
}

/** Milliseconds to three digits. */
export function formatTime(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

/** `275 ±2%`: the median, and how far its confidence interval reaches; without the latter after a single run. */
function timeWithError(e: EngineResult | undefined): string | undefined {
  if (e === undefined) return undefined;
  const times = e.times.flat();
  const error = times.length < 2 ? '' : ` ±${Math.round(relativeError(times) * 100)}%`;
  return `${formatTime(e.median)}${error.padEnd(6)}`;
}
