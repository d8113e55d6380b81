// `bench --html`: the results as a page of its own, without scripts and without anything from the network. Bars are
// boxes whose places are percentages, so that they fit every width and their texts stay texts.
import { CHART_STYLE } from './chart-style.js';
import { ENGINE_INFO, ENGINES, type Engine } from './engines.js';
import type { EngineResult, ProgramResult, Results } from './results.js';
import { geometricMean } from './statistics.js';
import { firstRun, formatTime, meanRatio, quotient } from './table.js';

/** Engines that times may be set against, the usual one first. */
const BASES: readonly Engine[] = ['native', 'jit', 'interpreter'];

/** Marks of the ratio axis: powers of two, and closer ones where the ratios span less than two octaves. */
const WIDE_TICKS = [1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const NARROW_TICKS = [1 / 4, 1 / 3, 1 / 2, 2 / 3, 0.8, 1, 1.25, 1.5, 2, 3, 4];

/** The page. */
export function chartPage(r: Results): string {
  const engines = ENGINES.filter((e) => r.results.some((p) => p.engines[e] !== undefined));
  const bases = BASES.filter((e) => engines.includes(e));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Turbeam: ${plural(r.results.length, 'program')} measured</title>
<style>${CHART_STYLE}</style>
</head>
<body>
<header>
<h1>Turbeam, measured</h1>
<p>${escapeHtml(circumstances(r))}</p>
</header>
<main>
${summary(r.results)}
${engines.length > 1 && bases.length > 0 ? ratioSection(r.results, engines, bases) : ''}
${r.results.some((p) => p.engines.jit !== undefined) ? warmUpSection(r.results) : ''}
${numbersSection(r.results, engines)}
</main>
</body>
</html>
`;
}

function circumstances({ date, machine, size, runs }: Results): string {
  const parts = [
    date.slice(0, 10),
    `${plural(runs, 'timed run')} each at size ${size}`,
    machine.cpu === undefined || machine.cpu === 'unknown' ? undefined : machine.cpu,
    plural(machine.cores, 'core'),
    `Node ${machine.node}`,
    machine.otp === undefined ? undefined : `native Erlang/OTP ${machine.otp}`,
  ];
  return parts.filter((p) => p !== undefined).join(' · ');
}

/** The geometric means, as large numbers. */
function summary(results: readonly ProgramResult[]): string {
  const cards: [Engine, Engine, string][] = [
    ['interpreter', 'jit', 'speed of the JIT against the interpreter'],
    ['native', 'jit', 'speed of the JIT against native Erlang'],
    ['no-stubs', 'jit', 'speed with inlined stubs against without'],
  ];
  const shown = cards.flatMap(([over, under, text]) => {
    const ratio = meanRatio(results, over, under);
    return ratio === undefined ? [] : [`<li><strong>${times(ratio)}</strong><span>${text}</span></li>`];
  });
  return shown.length === 0 ? '' : `<ul class="means">${shown.join('')}</ul>`;
}

/** Bars on a logarithmic axis: how much slower or faster than the base each engine is, for each base that there is. */
function ratioSection(
  results: readonly ProgramResult[],
  engines: readonly Engine[],
  bases: readonly Engine[],
): string {
  const radios = bases
    .map((b, i) => `<input type="radio" name="base" id="base-${b}"${i === 0 ? ' checked' : ''}>`)
    .join('');
  const labels = bases.map((b) => `<label for="base-${b}">${ENGINE_INFO[b].title}</label>`).join('');
  return `<section>
<h2>Steady state</h2>
<p>Time of a run once everything is warm, over that of the engine chosen. Each step of the axis is a factor; bars to the left
are faster, to the right slower. Whiskers are confidence intervals of the medians.</p>
<div class="ratios">${radios}
<div class="choice"><span>Set against</span><div class="segments">${labels}</div></div>
${bases.map((base) => ratioChart(results, engines, base)).join('\n')}
</div>
</section>`;
}

function ratioChart(results: readonly ProgramResult[], engines: readonly Engine[], base: Engine): string {
  const others = engines.filter((e) => e !== base);
  const all = results.flatMap((p) =>
    others.flatMap((e) => {
      const b = p.engines[base]?.median;
      const { low, high } = p.engines[e]?.interval ?? {};
      return b === undefined || b === 0 || low === undefined || high === undefined ? [] : [low / b, high / b];
    }),
  );
  const axis = new RatioAxis(all);
  const mean = others
    .map((e) => bar(e, meanRatio(results, e, base), undefined, '', axis))
    .filter((b) => b !== '');
  const rows = results.map((p) => {
    const b = p.engines[base]?.median;
    const bars = others.map((e) => {
      const result = p.engines[e];
      if (result === undefined || b === undefined) return '';
      return bar(
        e,
        quotient(p.engines, e, base),
        [result.interval.low / b, result.interval.high / b],
        milliseconds(result.median),
        axis,
      );
    });
    return group(p.program, bars.join(''));
  });
  return `<div class="chart base-${base}" role="group" aria-label="Times over those of ${ENGINE_INFO[base].title}">
<ul class="legend">${others.map((e) => `<li><i class="${e}"></i><b>${ENGINE_INFO[e].title}</b> ${escapeHtml(ENGINE_INFO[e].meaning)}</li>`).join('')}</ul>
<div class="axis"><span></span><div>${axis.marks()}</div><span></span></div>
${group('geometric mean', mean.join(''), 'mean')}
${rows.join('\n')}
<div class="ends"><span>← faster than ${ENGINE_INFO[base].title}</span><span>slower →</span></div>
</div>`;
}

/** Places on a logarithmic axis that holds 1 and all ratios given. */
class RatioAxis {
  private readonly from: number;
  private readonly to: number;
  private readonly ticks: number[];
  constructor(ratios: readonly number[]) {
    const logs = [0, ...ratios.filter((x) => x > 0).map(Math.log2)];
    const low = Math.min(...logs);
    const high = Math.max(...logs);
    // A little room, so that no bar ends at the edge.
    const room = Math.max(0.12, (high - low) * 0.04);
    this.from = low - room;
    this.to = high + room;
    const ticks = high - low < 2 ? NARROW_TICKS : WIDE_TICKS;
    this.ticks = ticks.filter((t) => Math.log2(t) > this.from && Math.log2(t) < this.to);
  }

  /** Percent from the left; what took no time at all is at the left end. */
  at(ratio: number): number {
    return Math.max(0, ((Math.log2(ratio) - this.from) / (this.to - this.from)) * 100);
  }

  marks(): string {
    return this.ticks
      .map(
        (t) =>
          `<i${t === 1 ? ' class="one"' : ''} style="left:${percent(this.at(t))}"><b>${tickText(t)}</b></i>`,
      )
      .join('');
  }

  lines(): string {
    return this.ticks
      .map((t) => `<i${t === 1 ? ' class="one"' : ''} style="left:${percent(this.at(t))}"></i>`)
      .join('');
  }
}

function tickText(t: number): string {
  return t < 1 && Math.abs(1 / t - Math.round(1 / t)) < 1e-9 ? `1/${Math.round(1 / t)}` : `${+t.toFixed(2)}×`;
}

/** A program's bars, beside its name. */
function group(name: string, bars: string, kind = ''): string {
  return `<div class="row ${kind}"><h3>${escapeHtml(name)}</h3><div class="bars">${bars}</div></div>`;
}

function bar(
  engine: Engine,
  ratio: number | undefined,
  interval: [number, number] | undefined,
  time: string,
  axis: RatioAxis,
): string {
  if (ratio === undefined || !Number.isFinite(ratio)) return '';
  const one = axis.at(1);
  const at = axis.at(ratio);
  const left = Math.min(one, at);
  const whisker =
    interval === undefined || interval[0] === interval[1]
      ? ''
      : `<u style="left:${percent(axis.at(interval[0]))};width:${percent(axis.at(interval[1]) - axis.at(interval[0]))}"></u>`;
  return `<div class="bar" title="${ENGINE_INFO[engine].title}: ${times(ratio)}${time === '' ? '' : `, ${time}`}"><div class="plot">${axis.lines()}<s class="${engine}${ratio < 1 ? ' left' : ''}" style="left:${percent(left)};width:${percent(Math.abs(at - one))}"></s>${whisker}</div><span class="ratio">${times(ratio)}</span><span class="time">${time}</span></div>`;
}

/** The first run of a fresh process beside the steady state: what warming up costs. */
function warmUpSection(results: readonly ProgramResult[]): string {
  const measured = results
    .map((p) => [p.program, p.engines.jit] as const)
    .filter((x): x is readonly [string, EngineResult] => x[1] !== undefined);
  const most = Math.max(1e-3, ...measured.map(([, e]) => Math.max(firstRun(e), e.median)));
  const scale = linearScale(most);
  const part = (kind: string, from: number, to: number): string =>
    to <= from
      ? ''
      : `<s class="${kind}" style="left:${percent((from / scale.end) * 100)};width:${percent(((to - from) / scale.end) * 100)}"></s>`;
  const lines = scale.ticks.map((t) => `<i style="left:${percent((t / scale.end) * 100)}"></i>`).join('');
  const rows = measured.map(([name, e]) => {
    const first = firstRun(e);
    const translating = Math.min(e.translating ?? 0, Math.max(first - e.median, 0));
    const translated = e.median + translating;
    const said = `first run ${milliseconds(first)}, of which ${milliseconds(e.translating ?? 0)} translating ${plural(e.units ?? 0, 'unit')}; steady ${milliseconds(e.median)}`;
    return group(
      name,
      `<div class="bar" title="${escapeHtml(said)}"><div class="plot">${lines}${part('jit', 0, e.median)}${part('translating', e.median, translated)}${part('warming', translated, first)}</div><span class="ratio">${times(first / e.median)}</span><span class="time">${milliseconds(first)}</span></div>`,
    );
  });
  const mean = geometricMean(measured.map(([, e]) => firstRun(e) / e.median));
  const marks = scale.ticks
    .map((t) => `<i style="left:${percent((t / scale.end) * 100)}"><b>${t}</b></i>`)
    .join('');
  return `<section>
<h2>Warming up</h2>
<p>The first run of the JIT in a fresh process: what a steady run takes, what translating takes, and what comes on top while
functions are interpreted still and V8 optimises. ${mean === undefined ? '' : `In the geometric mean a first run takes ${times(mean)} a steady one.`}</p>
<div class="chart">
<ul class="legend"><li><i class="jit"></i><b>steady run</b></li><li><i class="translating"></i><b>translating</b></li><li><i class="warming"></i><b>other warming up</b></li></ul>
<div class="axis"><span></span><div>${marks}</div><span>ms</span></div>
${rows.join('\n')}
</div>
</section>`;
}

/** Round marks for 0 to `most`. */
function linearScale(most: number): { end: number; ticks: number[] } {
  const rough = Math.max(most, 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((s) => s >= rough)!;
  const end = most * 1.03;
  const ticks: number[] = [];
  for (let t = 0; t <= end; t += step) ticks.push(+t.toFixed(6));
  return { end, ticks };
}

/** Everything as a table. */
function numbersSection(results: readonly ProgramResult[], engines: readonly Engine[]): string {
  const head = engines.map((e) => `<th scope="col">${ENGINE_INFO[e].title}</th>`).join('');
  const rows = results.map(({ program, engines: of }) => {
    const cells = engines.map((e) => {
      const r = of[e];
      if (r === undefined) return '<td>–</td>';
      const { low, high } = r.interval;
      return `<td>${formatTime(r.median)}<small>${formatTime(low)}–${formatTime(high)}</small></td>`;
    });
    const jit = of.jit;
    const warm =
      jit === undefined
        ? ''
        : `<td>${formatTime(firstRun(jit))}</td><td>${formatTime(jit.translating ?? 0)}<small>${plural(jit.units ?? 0, 'unit')}</small></td>`;
    return `<tr><th scope="row">${escapeHtml(program)}</th>${cells.join('')}${warm}</tr>`;
  });
  const least = Math.min(...results.flatMap((p) => Object.values(p.engines).map((e) => e.interval.level)));
  const warmHead = engines.includes('jit')
    ? '<th scope="col">JIT, first run</th><th scope="col">translating</th>'
    : '';
  return `<section>
<h2>Numbers</h2>
<p>Medians in milliseconds; below them their confidence intervals, from ranks${Number.isFinite(least) ? `, at a level of ${Math.floor(least * 100)} % or more` : ''}.</p>
<div class="scroll"><table><thead><tr><th scope="col">program</th>${head}${warmHead}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>
</section>`;
}

/** `1.24×`: to three digits. */
function times(ratio: number): string {
  if (!Number.isFinite(ratio)) return '–';
  return `${ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)}×`;
}

function milliseconds(ms: number): string {
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${formatTime(ms)} ms`;
}

function percent(n: number): string {
  return `${+n.toFixed(2)}%`;
}

function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
