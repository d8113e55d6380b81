// `bench --compare OLD.json`: what got slower or faster since.
import { ENGINE_INFO, ENGINES, type Engine } from './engines.js';
import type { EngineResult, Machine, Results } from './results.js';
import { formatTime } from './table.js';

export type Verdict = 'slower' | 'faster' | 'same';

/** One program on one engine, then and now. */
export interface Change {
  program: string;
  engine: Engine;
  before: EngineResult;
  now: EngineResult;
  /** Time now over time then. */
  ratio: number;
  verdict: Verdict;
}

/**
 * What became of each program on each engine that both have. It is slower or faster if the confidence intervals of the two
 * medians have no point in common, else nothing is shown. Two 95 % intervals that do not overlap are a stricter test than
 * one at 5 %: of a hundred pairs of equal times, fewer than one is called different.
 */
export function compareResults(old: Results, now: Results): Change[] {
  const changes: Change[] = [];
  for (const { program, engines } of now.results) {
    const then = old.results.find((r) => r.program === program)?.engines;
    for (const engine of ENGINES) {
      const a = then?.[engine];
      const b = engines[engine];
      if (a === undefined || b === undefined) continue;
      const verdict: Verdict =
        b.interval.low > a.interval.high ? 'slower' : b.interval.high < a.interval.low ? 'faster' : 'same';
      changes.push({ program, engine, before: a, now: b, ratio: b.median / a.median, verdict });
    }
  }
  return changes;
}

/** Native Erlang does not change between two runs: its differences are the machine's, not ours. */
const isOurs = (c: Change): boolean => c.engine !== 'native';

/** Whether something of ours got slower. */
export function gotSlower(changes: readonly Change[]): boolean {
  return changes.some((c) => isOurs(c) && c.verdict === 'slower');
}

/** What differs between two machines, as text; undefined if nothing does. */
export function machineDifference(old: Machine, now: Machine): string | undefined {
  const parts: string[] = [];
  for (const [key, name] of [
    ['cpu', 'processor'],
    ['cores', 'cores'],
    ['node', 'Node'],
    ['otp', 'OTP'],
  ] as const)
    if (old[key] !== now[key]) parts.push(`${name} ${old[key] ?? 'none'} then, ${now[key] ?? 'none'} now`);
  return parts.length === 0 ? undefined : parts.join('; ');
}

function describe(c: Change): string {
  const side = (e: EngineResult): string =>
    `${formatTime(e.median)} (${formatTime(e.interval.low)} to ${formatTime(e.interval.high)})`;
  return `  ${c.program.padEnd(18)}${ENGINE_INFO[c.engine].title.padEnd(13)}${side(c.before).padStart(24)}  ->${side(c.now).padStart(24)}   ${c.ratio.toFixed(2)}\n`;
}

/** The report: what got slower, the worst first, what got faster, and of how much nothing can be said. */
export function comparisonText(path: string, old: Results, now: Results): string {
  const changes = compareResults(old, now);
  const date = old.date.slice(0, 16).replace('T', ' ');
  let out = `\nCompared with ${path} (${date} UTC); milliseconds, intervals of the medians, ratio now/then\n`;
  const difference = machineDifference(old.machine, now.machine);
  if (difference !== undefined) out += `  The machines differ, so the times say little: ${difference}\n`;
  if (changes.length === 0) return `${out}  The two have no program on the same engine in common\n`;
  for (const [verdict, title] of [
    ['slower', 'Slower'],
    ['faster', 'Faster'],
  ] as const) {
    const found = changes.filter((c) => c.verdict === verdict);
    if (found.length === 0) continue;
    const sign = verdict === 'slower' ? -1 : 1;
    found.sort((a, b) => sign * (a.ratio - b.ratio));
    out += `${title}:\n${found.map(describe).join('')}`;
  }
  const same = changes.filter((c) => c.verdict === 'same').length;
  out += `No difference shown (the intervals overlap): ${same} of ${changes.length}\n`;
  if (changes.some((c) => !isOurs(c) && c.verdict !== 'same'))
    out += 'Native Erlang differs too, and that has not changed: the machine was not equally busy\n';
  return out;
}
