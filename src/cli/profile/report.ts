// What `profile` prints.
import type { ErlangProfile, OwnTime } from './attribute.js';
import type { Tier } from './frames.js';

/** A function in both tiers, or a part of the engine. */
interface Row {
  label: string;
  where: string;
  time: number;
  tiers: Map<Tier, number>;
}

/** Lines of source that are shown. */
const LINES = 8;

/**
 * The report.
 * @param interval microseconds between two samples
 * @param top how many functions
 */
export function reportText(p: ErlangProfile, interval: number, top: number): string {
  if (p.samples === 0)
    return `No samples: the run ended within the ${interval / 1000} ms between two; give it more to do, or --interval less\n`;
  const share = (time: number): string => ((time / p.time) * 100).toFixed(1);
  const rows = rowsOf(p.owners);
  let out = `${(p.time / 1000).toFixed(2)} s in ${p.samples} samples`;
  if (p.waiting >= 1) out += `, waiting ${(p.waiting / 1000).toFixed(2)} s`;
  // A share of one half has the greatest error: 1.96 * sqrt(0.5 * 0.5 / n).
  out += `; ${tierShares(p)}; shares are right to ±${(98 / Math.sqrt(p.samples)).toFixed(1)} at most (95 %)\n\n`;
  out += line('own %', 'own ms', 'tier', 'function', 'where');
  for (const r of rows.slice(0, top))
    out += line(share(r.time), r.time.toFixed(1), tierText(r), printable(r.label), printable(r.where));
  const rest = rows.slice(top);
  if (rest.length > 0) {
    const time = rest.reduce((sum, r) => sum + r.time, 0);
    out += line(share(time), time.toFixed(1), '', `${rest.length} more (--top=N shows more)`, '');
  }
  if (p.lines.length > 0) {
    out += '\nLines that were seen most, in samples of their own:\n';
    for (const l of mergedLines(p).slice(0, LINES))
      out += `${((l.samples / p.samples) * 100).toFixed(1).padStart(7)}  ${printable(`${l.file}:${l.line}`)}  ${printable(l.label)}\n`;
  }
  if (p.interpreted > 0)
    out += `\nFunctions of the ${p.interpreted} samples in the interpreter are from a second sampler, ${p.distance.toFixed(0)} µs away in the median: right in sum, not for each sample.\n`;
  return out;
}

function line(share: string, time: string, tier: string, label: string, where: string): string {
  const name = where === '' ? label : `${label.padEnd(36)} ${where}`;
  return `${share.padStart(7)} ${time.padStart(10)}  ${tier.padEnd(12)} ${name}`.trimEnd().concat('\n');
}

function rowsOf(owners: readonly OwnTime[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { owner, time } of owners) {
    let row = rows.get(owner.label);
    const where = owner.place === undefined ? '' : `${owner.place.file}:${owner.place.line}`;
    if (row === undefined)
      rows.set(owner.label, (row = { label: owner.label, where, time: 0, tiers: new Map() }));
    row.time += time;
    row.tiers.set(owner.tier, (row.tiers.get(owner.tier) ?? 0) + time);
  }
  return [...rows.values()].sort((a, b) => b.time - a.time);
}

const TIERS: Record<Tier, string> = {
  jit: 'JIT',
  interpreter: 'interpreter',
  'built-in': 'built-in',
  engine: 'engine',
};

/** `JIT`, `interpreter`, or how much of the time in translated code: `JIT 93 %`. */
function tierText({ tiers, time }: Row): string {
  const jit = tiers.get('jit') ?? 0;
  const names = [...tiers.keys()].map((t) => TIERS[t]);
  if (names.length === 1) return names[0]!;
  const share = time === 0 ? 0 : Math.min(99, Math.max(1, Math.round((jit / time) * 100)));
  return `JIT ${share} %`;
}

/** `JIT 80 %, interpreter 12 %`. */
function tierShares(p: ErlangProfile): string {
  const sums = new Map<Tier, number>();
  for (const { owner, time } of p.owners) sums.set(owner.tier, (sums.get(owner.tier) ?? 0) + time);
  return [...sums]
    .sort((a, b) => b[1] - a[1])
    .map(([tier, time]) => `${TIERS[tier]} ${p.time === 0 ? 0 : Math.round((time / p.time) * 100)} %`)
    .join(', ');
}

/** Lines in both tiers together. */
function mergedLines(p: ErlangProfile): ErlangProfile['lines'] {
  return [...p.lines].sort((a, b) => b.samples - a.samples);
}

/** Names come from files: in a terminal nothing of them may be a control. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
