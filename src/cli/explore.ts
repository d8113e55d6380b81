// `turbeam explore`: a module's Erlang source, listing and JavaScript side by side on a page, and what a run of it did.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { haltHook } from '../bifs/halt.js';
import type { LoadedModule } from '../code/functions.js';
import { collectPage } from '../explore/collect.js';
import type { FunctionFacts, PageData, RunData } from '../explore/data.js';
import { renderPage } from '../explore/render.js';
import type { RunFacts } from '../explore/run-facts.js';
import { I } from '../interpret/ops.js';
import { translatorLoader } from '../interpret/transitions.js';
import type { Call } from '../load/erlang-term.js';
import { H } from '../memory/arena.js';
import { callFunction, loadFile, settings } from '../runtime.js';
import { atomName } from '../terms/atoms.js';
import { formatPretty } from '../terms/format.js';
import type { CountOptions, ExploreOptions } from './options.js';
import { complain, print } from './output.js';
import { setPath } from './path.js';
import { startReports } from './report.js';
import { Halt, readCall } from './run.js';
import { UsageError } from './usage-error.js';

/** Runs the command; gives the exit code. */
export async function explore(options: ExploreOptions): Promise<number> {
  const [file] = options.files;
  const call = options.run === undefined ? undefined : readCall('--run', options.run);
  setPath(options);
  settings.mapUnits = true;
  settings.tuneV8 = true;
  if (options.threshold !== undefined) settings.threshold = options.threshold;
  const compiled = extname(file) === '.erl' ? compile(file) : undefined;
  try {
    const m = loadFile(compiled?.beam ?? file);
    const run = call === undefined ? undefined : await watch(call, options.run!);
    const counted = run === undefined ? undefined : await countCalls(compiled?.beam ?? file, options);
    await translatorLoader.load();
    const { records, translateFunction } = await import('../jit/translate.js');
    for (const f of m.functions) if (f.call === null) translateFunction(f.id, { kind: 'asked' });
    const page = collectPage(
      m,
      records.filter((r) => r.fn.module === m),
    );
    page.file = basename(file);
    if (run !== undefined) addRun(page, m, run, counted!);
    const output = options.output ?? `${m.source.name.replace(/[^\w.@-]/g, '_')}.html`;
    const html = renderPage(page);
    try {
      writeFileSync(output, html);
    } catch (error) {
      throw new UsageError(`${output} can not be written (${(error as NodeJS.ErrnoException).code})`);
    }
    print(`${output}: ${m.functions.length} functions, ${Math.ceil(html.length / 1024)} KB\n`);
    if (page.erlang.missing !== '') complain(page.erlang.missing);
    return 0;
  } finally {
    if (compiled !== undefined) rmSync(compiled.folder, { recursive: true, force: true });
  }
}

/** Compiles an Erlang source with erlc, into a folder of its own. */
function compile(file: string): { folder: string; beam: string } {
  if (!existsSync(file)) throw new UsageError(`${file}: no such file`);
  const folder = mkdtempSync(join(tmpdir(), 'turbeam-explore-'));
  const { status, stdout, stderr, error } = spawnSync('erlc', ['+debug_info', '-o', folder, file], {
    encoding: 'utf8',
  });
  const beam = readdirSync(folder).find((name) => extname(name) === '.beam');
  if (beam !== undefined && status === 0) return { folder, beam: join(folder, beam) };
  rmSync(folder, { recursive: true, force: true });
  if (error !== undefined)
    throw new UsageError(
      `${file}: erlc is needed to compile it, and is not on the PATH; give its .beam file instead`,
    );
  const lines = `${stdout}\n${stderr}`.split('\n').map((l) => l.trim());
  const first = lines.find((l) => /:\d+:(\d+:)? (?!Warning)/.test(l)) ?? lines.find((l) => l !== '');
  throw new UsageError(`${first ?? `${file}: erlc made no .beam file of it`}`);
}

interface Watched {
  data: Omit<RunData, 'uncounted' | 'samples' | 'times' | 'untraced'>;
  facts: RunFacts;
}

const MAX_RESULT = 300;

/** Runs the call and watches it. */
async function watch(call: Call, text: string): Promise<Watched> {
  // The parts of the page that need V8's profiler and the translator are only loaded now.
  await translatorLoader.load();
  const { watchRun } = await import('../explore/run-facts.js');
  startReports();
  haltHook.halt = (status) => {
    throw new Halt(status);
  };
  const stop = await watchRun();
  const began = performance.now();
  let result: string;
  let failed = true;
  try {
    const end = await callFunction(call.module, call.name, call.args, formatPretty);
    failed = end.kind !== 'value';
    result =
      end.kind === 'value'
        ? end.text
        : end.kind === 'exit'
          ? `exception: ${end.text}`
          : end.kind === 'deadlock'
            ? 'deadlock: every process waits for a message'
            : 'the limit of reductions is used up';
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
    failed = error.status !== 0;
    result = `halted with status ${error.status}`;
  }
  const milliseconds = performance.now() - began;
  const facts = await stop();
  if (result.length > MAX_RESULT) result = `${result.slice(0, MAX_RESULT)}…`;
  return { data: { call: text, result, failed, milliseconds }, facts };
}

/** Puts what the run did into the page. */
function addRun(page: PageData, m: LoadedModule, { data, facts }: Watched, counted: Counted): void {
  const name = atomName(m.name);
  const samples: number[] = [];
  for (const [r, counts] of facts.samples) {
    if (r.fn.module !== m) continue;
    for (const [instruction, n] of counts)
      samples.push(page.functions[r.fn.index].first + Number(instruction), n);
  }
  const byCount = (counts: Map<string, number> | undefined): [string, number][] =>
    [...(counts ?? [])].sort((a, b) => b[1] - a[1]);
  page.functions.forEach((f, i) => {
    const { label } = m.functions[i];
    const calls = counted.calls?.[label] ?? (counted.calls === undefined ? undefined : 0);
    const ran = f.units.some((u) => !u.cause.startsWith(SHOWN));
    const facts1: FunctionFacts = {
      calls,
      milliseconds: round(facts.times.get(label) ?? 0),
      tier: ran ? 'translated' : calls === 0 ? 'not run' : 'interpreted',
      unwinds: byCount(facts.unwinds.get(label)),
      deoptimisations: byCount(facts.deoptimisations.get(label)),
    };
    f.facts = facts1;
  });
  let here = 0;
  let elsewhere = 0;
  for (const [label, ms] of facts.times) {
    if (label.startsWith(`${name}:`)) here += ms;
    else elsewhere += ms;
  }
  const times: [string, number][] = [
    [`translated code of ${name}`, here],
    ['translated code of other modules', elsewhere],
    ...facts.others,
  ];
  page.run = {
    ...data,
    milliseconds: round(data.milliseconds),
    times: times.map(([what, ms]): [string, number] => [what, round(ms)]).filter(([, ms]) => ms > 0),
    uncounted: counted.why,
    untraced: facts.untraced,
    samples,
  };
}

/** How the cause of a unit begins that only was made to be shown. */
const SHOWN = 'translated to be shown';

const round = (ms: number): number => Math.round(ms * 100) / 100;

// ---- counting calls

interface Counted {
  /** By function label. */
  calls?: Record<string, number>;
  /** Why there are none. */
  why: string;
}

/** More than this, in milliseconds, nobody wants to wait for counts. */
const MAX_COUNTING = 60_000;

/**
 * Counts calls: translated code does not, so the program runs once more, in a process of its own, where nothing is translated.
 * What it prints is thrown away.
 */
function countCalls(file: string, options: ExploreOptions): Promise<Counted> {
  const paths = [...options.path.map((dir) => `--pa=${dir}`), ...options.otp.map((dir) => `--otp=${dir}`)];
  const child = spawn(process.execPath, [process.argv[1], 'count', `--call=${options.run}`, ...paths, file], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({
        why: `the run that counts calls, in the interpreter, takes more than ${MAX_COUNTING / 1000} s`,
      });
    }, MAX_COUNTING);
    child.on('message', (calls) => resolve({ calls: calls as Record<string, number>, why: '' }));
    child.on('error', () => resolve({ why: 'the process that counts calls could not be started' }));
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ why: `the run that counts calls ended with status ${status}` });
    });
  });
}

/** A threshold that no function reaches, so that its counter tells how often it was called. */
const NEVER = 1 << 30;

/** The process that counts: runs the call in the interpreter, and sends the calls of each function to its parent. */
export async function count(options: CountOptions): Promise<number> {
  setPath(options);
  settings.threshold = NEVER;
  const call = readCall('--call', options.call);
  const m = loadFile(options.files[0]);
  haltHook.halt = (status) => {
    throw new Halt(status);
  };
  try {
    await callFunction(call.module, call.name, call.args, () => '');
  } catch (error) {
    if (!(error instanceof Halt)) throw error;
  }
  const calls: Record<string, number> = {};
  for (const f of m.functions) if (H[f.entry] === I.Entry) calls[f.label] = NEVER - H[f.entry + 3];
  await new Promise((resolve) => process.send?.(calls, resolve));
  return 0;
}
