// `turbeam bench`: what it says of times, how it compares, what it writes. No test looks at how long anything took.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { withTable } from '../bench/readme.js';
import { chartPage } from '../dist/cli/bench/chart.js';
import { compareResults, comparisonText, gotSlower } from '../dist/cli/bench/compare.js';
import type { Engine } from '../dist/cli/bench/engines.js';
import { Progress } from '../dist/cli/bench/progress.js';
import { isDrifting, type Results, summarise } from '../dist/cli/bench/results.js';
import { geometricMean, median, medianInterval } from '../dist/cli/bench/statistics.js';
import { command, hasErlang, turbeam } from './support/turbeam.js';

const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it('npm run bench finds the benchmarks, and its engines run them', async () => {
  const worker = (...args: string[]) =>
    command('sh', ['-c', `printf 'run\\nrun\\n' | "${process.execPath}" bench/worker.mjs ${args.join(' ')}`]);
  const twice = { code: 0, stdout: '317811\n317811\n', stderr: '' };
  expect(await worker('examples/fib.beam', 'small', 'off')).toEqual(twice);
  expect(await worker('examples/fib.beam', 'small', 'auto', 'stubs,direct')).toEqual(twice);
  const { code, stderr } = await command(process.execPath, ['--import', 'tsx', 'bench/run.ts', 'hello']);
  expect(code).toBe(2);
  expect(stderr).toBe('There is no benchmark hello in examples/: name programs without .beam\n');
});

describe('statistics', () => {
  it.each([
    [[3], 3],
    [[4, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %d', (numbers, expected) => {
    expect(median(numbers)).toBe(expected);
  });

  // Level: 1 - 2 P(B(n, 1/2) < k), as tables of the sign test have it.
  it.each([
    [1, 1, 0],
    [2, 1, 0.5],
    [3, 1, 0.75],
    [5, 1, 0.9375],
    [6, 1, 0.96875],
    [8, 1, 0.9921875],
    [9, 2, 0.9609375],
    [10, 2, 0.978515625],
    [12, 3, 0.96142578125],
    [20, 6, 0.9586105346679688],
  ])('of %d runs the interval leaves out %d - 1 on each side, level %d', (n, k, level) => {
    const numbers = Array.from({ length: n }, (_, i) => ((i * 7) % n) + 1);
    numbers.sort((a, b) => b - a);
    const interval = medianInterval(numbers);
    expect(interval).toMatchObject({ low: k, high: n + 1 - k });
    expect(interval.level).toBeCloseTo(level, 9);
  });

  it('holds the true median as often as it says', () => {
    // A fixed sequence of numbers (xorshift), skewed by the exponential: what times of runs look like.
    let state = 88172645;
    const random = (): number => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return (state >>> 0) / 2 ** 32;
    };
    const held = (n: number): number => {
      let inside = 0;
      for (let i = 0; i < 4000; i++) {
        const { low, high } = medianInterval(Array.from({ length: n }, () => -Math.log(1 - random())));
        if (low <= Math.LN2 && Math.LN2 <= high) inside++;
      }
      return inside / 4000;
    };
    expect(held(3)).toBeCloseTo(0.75, 1);
    for (const n of [6, 9, 20]) expect(held(n)).toBeGreaterThan(0.945);
  });

  it('takes the greatest number of runs', () => {
    const { low, high, level } = medianInterval(Array.from({ length: 1000 }, (_, i) => i));
    expect([low, high]).toEqual([468, 531]);
    expect(level).toBeGreaterThan(0.95);
  });

  it('means of ratios', () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(geometricMean([])).toBeUndefined();
  });
});

/** Results of one program; times by engine. */
function resultsOf(times: Partial<Record<Engine, number[]>>, cpu = 'a'): Results {
  const engines = Object.fromEntries(
    Object.entries(times).map(([engine, ts]) => [
      engine,
      summarise([{ warmUp: [ts[0]! * 2, ts[0]!], times: ts, value: '1', translating: 3, units: 2 }]),
    ]),
  );
  return {
    format: 1,
    date: '2026-01-02T03:04:05.000Z',
    machine: { cpu, cores: 2, node: '20.0.0', otp: undefined },
    size: 'small',
    runs: 6,
    unit: 'ms',
    results: [{ program: 'p', file: 'p.beam', engines }],
  };
}

const around = (n: number): number[] => [n, n + 1, n + 2, n + 3, n + 4, n + 5];

describe('comparing', () => {
  it.each([
    [100, 106, 'slower'],
    [100, 105, 'same'],
    [100, 95, 'same'],
    [100, 94, 'faster'],
  ])('six runs from %d ms on, then from %d ms on: %s', (then, now, verdict) => {
    const changes = compareResults(resultsOf({ jit: around(then) }), resultsOf({ jit: around(now) }));
    expect(changes.map((c) => c.verdict)).toEqual([verdict]);
    expect(gotSlower(changes)).toBe(verdict === 'slower');
  });

  it('native Erlang is only a witness', () => {
    const old = resultsOf({ native: around(100), jit: around(100) });
    const now = resultsOf({ native: around(200), jit: around(100) });
    expect(gotSlower(compareResults(old, now))).toBe(false);
    expect(comparisonText('old.json', old, now)).toContain('the machine was not equally busy');
  });

  it('names what got slower, and what does not allow to compare', () => {
    const old = resultsOf({ interpreter: around(100), jit: around(10) }, 'a');
    const now = resultsOf({ interpreter: around(50), jit: around(30) }, 'b');
    const lines = comparisonText('old.json', old, now).split('\n');
    expect(lines).toContainEqual(expect.stringMatching(/^Compared with old\.json \(2026-01-02 03:04 UTC\)/));
    expect(lines).toContainEqual(expect.stringMatching(/machines differ.*processor a then, b now/));
    const slower = lines.indexOf('Slower:');
    expect(lines[slower + 1]).toMatch(
      /^ {2}p +JIT +12\.5 \(10\.0 to 15\.0\) +-> +32\.5 \(30\.0 to 35\.0\) +2\.60$/,
    );
    expect(lines[lines.indexOf('Faster:') + 1]).toMatch(/^ {2}p +interpreter .* 0\.51$/);
    expect(comparisonText('x', resultsOf({}), now)).toContain('no program on the same engine in common');
  });
});

it('sees that the timed runs still got faster', () => {
  const measured = (...times: number[][]) =>
    summarise(times.map((ts) => ({ warmUp: [9], times: ts, value: '' })));
  expect(isDrifting(measured([100, 98, 90], [100, 95, 94]))).toBe(true);
  expect(isDrifting(measured([100, 98, 90], [100, 95, 96]))).toBe(false);
  expect(isDrifting(measured([100, 98, 90]))).toBe(false);
});

describe('the page', () => {
  const page = chartPage(
    resultsOf({ interpreter: around(400), jit: around(50), 'no-stubs': around(70), native: around(60) }),
  );

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|https?:|@import|url\(/);
  });

  it('is well-formed: what is opened is closed', () => {
    const open: string[] = [];
    const bare = page.replace(/<style>[\s\S]*?<\/style>/, '').replace(/<!doctype html>/, '');
    for (const [, closing, name] of bare.matchAll(/<(\/?)([a-z0-9]+)(?: [^>]*)?>/g)) {
      if (['meta', 'input'].includes(name!)) continue;
      if (closing === '') open.push(name!);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('has a chart for each base, with ratios and times', () => {
    for (const base of ['native', 'jit', 'interpreter']) expect(page).toContain(`class="chart base-${base}"`);
    expect(page).toContain(`title="JIT: ${(52.5 / 62.5).toFixed(2)}×, 52.5 ms"`);
    expect(page).toContain('first run 100 ms, of which 3.00 ms translating 2 units; steady 52.5 ms');
  });

  it('says nothing of engines that were not measured', () => {
    const text = chartPage(resultsOf({ jit: around(5) })).replace(/<style>[\s\S]*?<\/style>/, '');
    expect(text).not.toMatch(/interpreter<|native/);
    expect(chartPage(resultsOf({}))).toContain('<h1>');
  });

  it('can show what took no time', () => {
    const text = chartPage(
      resultsOf({ interpreter: around(0), jit: [0, 0, 0, 0, 0, 0], native: [0, 0, 0, 0, 0, 0] }),
    );
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('takes names as text', () => {
    const results = resultsOf({ jit: around(5) });
    results.results[0]!.program = '<b>&"';
    expect(chartPage(results)).toContain('&#60;b&#62;&#38;&#34;');
  });
});

describe('the command', () => {
  const json = join(scratch, 'results.json');
  const html = join(scratch, 'chart.html');
  const FIB = 'examples/fib.beam';

  it('measures, compares values and keeps the results', async () => {
    const args = ['--size=small', '--runs=1', '--json', json, '--html', html, '--progress'];
    const { code, stdout, stderr } = await turbeam(['bench', ...args, FIB, 'examples/hello.beam']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^program +interpreter +JIT +no stubs .*first run +translating$/m);
    expect(stdout).toMatch(/^fib( +[\d.]+){3} +[\d.]+( +[\d.]+)* *$/m);
    expect(stdout).toMatch(/^geometric mean/m);
    expect(stdout).toContain('Not measured, without run/1, default/0 and small/0: hello');
    const steps = hasErlang ? 4 : 3;
    const shown = stderr.trimEnd().split('\n');
    expect(shown).toHaveLength(steps);
    expect(shown[0]).toBe(`[1/${steps}] fib, interpreter`);
    const results = JSON.parse(readFileSync(json, 'utf8')) as Results;
    const { engines } = results.results[0]!;
    expect(Object.keys(engines)).toEqual([
      'interpreter',
      'jit',
      'no-stubs',
      ...(hasErlang ? ['native'] : []),
    ]);
    for (const e of Object.values(engines)) {
      expect(e.value).toBe('317811');
      expect(e.times.flat()).toHaveLength(1);
      expect(e.warmUp[0]!.length).toBeGreaterThan(0);
      expect(e.first).toEqual([e.warmUp[0]![0]]);
      expect(e.interval).toMatchObject({ low: e.median, high: e.median, level: 0 });
    }
    expect(engines.jit!.units).toBeGreaterThan(0);
    expect(engines.interpreter!.units).toBeUndefined();
    expect(readFileSync(html, 'utf8')).toContain('<h3>fib</h3>');
  });

  // What is compared with is made up, so that the answer does not depend on the machine.
  it.each([
    ['slower', 1e-6, 3],
    ['faster', 1e9, 0],
  ])('exit code where everything got %s', async (what, time, expected) => {
    const old = join(scratch, `${what}.json`);
    const results = resultsOf({ 'no-direct': around(time) });
    results.results[0]!.program = 'fib';
    const interval = { low: time, high: time, level: 0.95 };
    Object.assign(results.results[0]!.engines['no-direct']!, { median: time, interval });
    writeFileSync(old, JSON.stringify(results));
    const { code, stdout } = await turbeam([
      'bench',
      '--size=small',
      '--runs=1',
      '--engines=no-direct',
      '--compare',
      old,
      FIB,
    ]);
    expect(code).toBe(expected);
    expect(stdout).toMatch(/^program +no direct\n/m);
    expect(stdout.toLowerCase()).toMatch(new RegExp(`^${what}:\\n {2}fib +no direct `, 'm'));
  });

  it('compares only what is of the same size', async () => {
    const old = join(scratch, 'small.json');
    writeFileSync(old, JSON.stringify(resultsOf({ jit: around(5) })));
    const { code, stderr } = await turbeam(['bench', '--compare', old, FIB]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/was measured at size small; give --size=small, or compare with another file\n$/);
  });

  it('goes on when a program fails, and says so', async () => {
    const { code, stdout, stderr } = await turbeam([
      'bench',
      '--size=small',
      '--runs=1',
      '--engines=jit',
      'test/fixtures/cli/bench_fails.beam',
      FIB,
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^fib /m);
    expect(stderr).toBe(
      'turbeam: bench_fails: JIT: bench_fails:run/1 ended with {badarith,[{erlang,\'div\',[1,0],[{error_info,#{module => erl_erts_errors}}]}, {bench_fails,run,1,[{file,"bench_fails.erl"},{line,9}]}]}\n',
    );
  });
});

it('progress: nothing without a terminal, unless asked for', () => {
  // A terminal gets one line that is written over; that is looked at by hand.
  const progress = new Progress(2, false, false);
  progress.begin('nothing to see');
  progress.clear();
});

it('the table in the README is what the script makes of bench/results.json', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(readme).toBe(withTable(readme, JSON.parse(readFileSync('bench/results.json', 'utf8'))));
});
