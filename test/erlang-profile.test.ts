// `turbeam profile`: samples in terms of Erlang. What is measured differs from run to run; tested is what functions, lines and
// tiers are seen, and that the sums are right.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Profiler } from 'node:inspector';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { attribute, type FrameTeller } from '../dist/cli/profile/attribute.js';
import { Frames, IDLE, type Owner } from '../dist/cli/profile/frames.js';
import { reportText } from '../dist/cli/profile/report.js';
import { golden } from './support/terms.js';
import { ROOT, turbeam } from './support/turbeam.js';

const MIXED = 'test/fixtures/cli/mixed.beam';
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Row {
  share: number;
  tier: string;
  name: string;
  where: string | undefined;
}

const source = pathToFileURL(join(ROOT, 'test/fixtures/cli/mixed.erl')).href;

/** The rows of a report, by function. */
function rowsOf(stdout: string): Map<string, Row> {
  const rows = [
    ...stdout.matchAll(/^ +([\d.]+) +[\d.]+ {2}(JIT \d+ %|[\w-]+) +(\S+:\S+\/\d+|\(.*\))(?: +(\S+:\d+))?$/gm),
  ];
  return new Map(
    rows.map(([, share, tier, name, where]) => [
      name!,
      { share: Number(share), tier: tier!, name: name!, where },
    ]),
  );
}

/** Samples by function of a .cpuprofile, and the nodes. */
function readProfile(path: string): { profile: Profiler.Profile; samples: Map<string, number> } {
  const profile = JSON.parse(readFileSync(path, 'utf8')) as Profiler.Profile;
  const samples = new Map<string, number>();
  for (const { callFrame, hitCount } of profile.nodes)
    samples.set(callFrame.functionName, (samples.get(callFrame.functionName) ?? 0) + hitCount!);
  return { profile, samples };
}

describe('a run', () => {
  it.concurrent.each([
    ['auto', 'JIT'],
    ['eager', 'JIT'],
    ['off', 'interpreter'],
  ])('in both tiers, --jit=%s', async (jit, tier) => {
    const file = join(scratch, `${jit}.cpuprofile`);
    const { code, stdout, stderr } = await turbeam([
      'profile',
      `--jit=${jit}`,
      MIXED,
      '--call',
      'mixed:run(20000)',
      '-o',
      file,
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^.*\.cpuprofile: open it in Chrome [^\n]+\n$/);
    expect(stdout).toMatch(/^13\n\n[\d.]+ s in \d+ samples/);
    const rows = rowsOf(stdout);
    const inner = rows.get('mixed:inner/13')!;
    expect(inner).toMatchObject({ tier: 'interpreter', where: 'mixed.erl:15' });
    expect(inner.share).toBeGreaterThan(0);
    const countdown = rows.get('mixed:countdown/1')!;
    expect(countdown.where).toBe('mixed.erl:20');
    expect(countdown.tier.startsWith(tier)).toBe(true);
    const sum = [...rows.values()].reduce((n, r) => n + r.share, 0);
    expect(sum).toBeGreaterThan(98.5);
    expect(sum).toBeLessThan(101.5);
    expect(stdout).toMatch(/^ +[\d.]+ {2}mixed\.erl:1[5-8] {2}mixed:inner\/13$/m);

    const { profile, samples } = readProfile(file);
    const ids = new Set(profile.nodes.map((n) => n.id));
    expect(ids.size).toBe(profile.nodes.length);
    expect(profile.samples!.every((id) => ids.has(id))).toBe(true);
    expect(profile.timeDeltas!.length).toBe(profile.samples!.length);
    const children = profile.nodes.flatMap((n) => n.children ?? []);
    expect([...children].sort((a, b) => a - b)).toEqual([...ids].filter((id) => id !== profile.nodes[0]!.id));
    expect([...samples.values()].reduce((a, b) => a + b)).toBe(profile.samples!.length);
    expect(samples.get('mixed:inner/13 [interpreted]')).toBeGreaterThan(0);
    expect(samples.has('mixed:countdown/1')).toBe(jit !== 'off');
    for (const { callFrame, positionTicks } of profile.nodes) {
      const name = /^mixed:(inner|outer|countdown)/.exec(callFrame.functionName)?.[1];
      if (name === undefined) continue;
      const [first, last] = { outer: [8, 13], inner: [15, 18], countdown: [20, 23] }[name]!;
      expect(callFrame).toMatchObject({ lineNumber: first! - 1 });
      expect(callFrame.url).toBe(source);
      for (const { line } of positionTicks!) {
        expect(line).toBeGreaterThanOrEqual(first!);
        expect(line).toBeLessThanOrEqual(last!);
      }
    }
  });

  const programs = golden<{ program: string; size: number; value: string }>('programs.jsonl').filter((p) =>
    ['bintrees', 'closures', 'exceptions', 'pingpong', 'binparse'].includes(p.program),
  );
  it.concurrent.each(programs.flatMap((p) => ['off', 'auto'].map((jit) => ({ ...p, jit }))))(
    '$program has its value, --jit=$jit',
    async ({ program, size, value, jit }) => {
      const call = `${program}:run(${size})`;
      const { code, stdout } = await turbeam([
        'profile',
        `--jit=${jit}`,
        `examples/${program}.beam`,
        '--call',
        call,
      ]);
      expect(code).toBe(0);
      expect(stdout.split('\n')[0]).toBe(value);
    },
  );

  it.concurrent('that fails is shown all the same', async () => {
    const { code, stdout, stderr } = await turbeam(['profile', MIXED, '--call', 'mixed:fails(20000)']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/with exit value:\nenough\n/);
    expect(rowsOf(stdout).has('mixed:inner/13')).toBe(true);
  });

  it.concurrent('built-in functions have rows of their own', async () => {
    const { stdout } = await turbeam([
      'profile',
      'examples/ets_bench.beam',
      '--call',
      'ets_bench:run(50000)',
    ]);
    expect(rowsOf(stdout).get('ets:insert/2')).toMatchObject({ tier: 'built-in', where: undefined });
  });
});

describe('attribution', () => {
  const callFrame = (functionName: string) => ({
    functionName,
    scriptId: '0',
    url: '',
    lineNumber: 0,
    columnNumber: 0,
  });
  const owner = (tier: Owner['tier'], label: string): Owner => ({ tier, label });
  const owners: Record<string, Owner> = {
    unit: owner('jit', 'm:unit/1'),
    bif: owner('built-in', 'lists:reverse/1'),
    collect: owner('engine', '(garbage collection)'),
    schedule: owner('engine', '(scheduling)'),
    '(idle)': IDLE,
  };
  const interpreted: Record<number, Owner> = {
    100: owner('interpreter', 'm:a/0'),
    200: owner('interpreter', 'm:b/0'),
  };
  const frames: FrameTeller = {
    frame: ({ functionName }) => (functionName === 'interpret' ? 'interpreter' : owners[functionName]),
    interpreted: (address) => interpreted[address]!,
    unit: () => undefined,
  };
  /** A recording of stacks, bottom first, a millisecond apart; and of looks: time in milliseconds, marker. */
  const profileOf = (stacks: string[][], looks: [number, number][]) => {
    const nodes: Profiler.ProfileNode[] = [{ id: 1, callFrame: callFrame('(root)'), children: [] }];
    const samples = stacks.map((stack) => {
      let at = nodes[0]!;
      for (const name of stack) {
        let next = nodes.find((n) => at.children!.includes(n.id) && n.callFrame.functionName === name);
        if (next === undefined) {
          nodes.push((next = { id: nodes.length + 1, callFrame: callFrame(name), children: [] }));
          at.children!.push(next.id);
        }
        at = next;
      }
      return at.id;
    });
    const profile = {
      nodes,
      startTime: 0,
      endTime: stacks.length * 1000,
      samples,
      timeDeltas: stacks.map((_, i) => (i === 0 ? 0 : 1000)),
    };
    const markers = {
      times: Float64Array.from(looks, ([t]) => t * 1000),
      addresses: Int32Array.from(looks, ([, address]) => address),
    };
    return attribute({ profile, markers }, frames);
  };
  const shares = (p: ReturnType<typeof profileOf>) =>
    Object.fromEntries(p.owners.map((o) => [`${o.owner.tier} ${o.owner.label}`, o.samples]));

  it.each<[string, string[][], [number, number][], Record<string, number>]>([
    [
      'a unit has what it calls of the engine, but not built-in functions, collecting, and other units',
      [
        ['schedule', 'interpret', 'unit'],
        ['schedule', 'interpret', 'unit', 'helper', 'helper2'],
        ['schedule', 'interpret', 'unit', 'bif', 'helper'],
        ['schedule', 'interpret', 'unit', 'bif', 'collect', 'helper'],
      ],
      [[0, -100]],
      { 'jit m:unit/1': 2, 'built-in lists:reverse/1': 1, 'engine (garbage collection)': 1 },
    ],
    [
      'the interpreter has the function that was looked at nearest',
      [['interpret'], ['interpret'], ['interpret', 'helper']],
      [
        [0.1, 100],
        [0.7, 200],
        [1.6, 200],
        [1.9, 100],
      ],
      { 'interpreter m:a/0': 2, 'interpreter m:b/0': 1 },
    ],
    [
      'its own samples are not those of what has called something',
      [['interpret'], ['interpret']],
      [
        [0, -100],
        [0.4, 200],
        [1, -100],
      ],
      { 'interpreter m:b/0': 2 },
    ],
    ['nothing but such looks: better than nothing', [['interpret']], [[0, -100]], { 'interpreter m:a/0': 1 }],
    [
      'what is no function of Erlang',
      [['main'], ['schedule', 'helper'], ['(idle)']],
      [[0, 100]],
      { 'engine (engine)': 1, 'engine (scheduling)': 1 },
    ],
  ])('%s', (_, stacks, looks, expected) => {
    expect(shares(profileOf(stacks, looks))).toEqual(expected);
  });

  it('shows who called, with the interpreter named after the function it is in', () => {
    const { cpuProfile } = profileOf(
      [['schedule', 'interpret', 'unit', 'helper', 'bif']],
      [
        [0, 200],
        [0.1, -100],
      ],
    );
    expect(cpuProfile.nodes.map((n) => [n.callFrame.functionName, n.hitCount])).toEqual([
      ['(root)', 0],
      ['m:a/0 [interpreted]', 0],
      ['m:unit/1', 0],
      ['lists:reverse/1', 1],
    ]);
  });

  it('knows a unit that V8 has inlined, of which it tells no address', () => {
    const frames = new Frames(new Map([['7:1:2', 'scheduling']]));
    const frame = (functionName: string, url: string) =>
      frames.frame({ functionName, url, scriptId: '7', lineNumber: 1, columnNumber: 2 });
    for (const url of ['', 'turbeam/m/f_1%2B3.js'])
      expect(frame('m:f/1+3', url)).toEqual({ tier: 'jit', label: 'm:f/1' });
    expect(frame('runUntil', '')).toEqual({ tier: 'engine', label: '(scheduling)' });
    expect(frame('m:f/1', 'file:///main.js')).toEqual({ tier: 'engine', label: '(scheduling)' });
  });
  it('keeps waiting apart', () => {
    const p = profileOf([['(idle)'], ['(idle)'], ['interpret', 'unit'], ['(idle)']], [[0, 100]]);
    expect(p).toMatchObject({ samples: 1, time: 1, waiting: 2 });
  });

  it('prints one row for a function in both tiers, and the rest in one', () => {
    const p = profileOf([['unit'], ['unit'], ['unit'], ['interpret'], ['bif'], ['end']], [[0, 100]]);
    const merged = {
      ...p,
      owners: p.owners.map((o) =>
        o.owner.label === 'm:a/0' ? { ...o, owner: owner('interpreter', 'm:unit/1') } : o,
      ),
    };
    const text = reportText(merged, 1000, 1);
    expect(text).toMatch(/^ +80\.0 +4\.0 {2}JIT 75 % +m:unit\/1$/m);
    expect(text).toMatch(/^ +20\.0 +1\.0 +2 more \(--top=N shows more\)$/m);
  });

  it('has something to say when there is nothing to show', () => {
    expect(reportText(profileOf([], []), 500, 20)).toMatch(/^No samples: .*--interval/);
  });
});

describe('wrong command lines', () => {
  it.concurrent.each<[string[], RegExp]>([
    [['profile'], /turbeam profile needs at least one file/],
    [['profile', MIXED, '-o'], /-o needs a value/],
    [
      ['profile', MIXED, '-o', 'no/such/dir/x', '--call', 'mixed:run(1)'],
      /-o no\/such\/dir\/x: can not be written/,
    ],
    [['profile', MIXED, '--interval=1'], /--interval is a whole number from 50/],
    [['profile', MIXED, '--top=0'], /--top is a whole number from 1/],
    [['profile', MIXED], /mixed exports no main\/1, main\/0 or start\/0/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await turbeam(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^turbeam: [^\n]+\n$/);
  });
});
