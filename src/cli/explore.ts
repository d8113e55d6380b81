// `turbeam explore`: a module's Erlang source, listing and JavaScript side by side on a page, and what a run of it did.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { haltHook } from '../bifs/halt.js';
import type { LoadedModule } from '../code/functions.js';
import { collectPage } from '../explore/collect.js';
import type { FunctionFacts, PageData, RunData } from '../explore/data.js';
import { countDeoptimisations } from '../explore/deoptimisations.js';
import { renderPage } from '../explore/render.js';
import type { RunFacts } from '../explore/run-facts.js';
import { translatorLoader } from '../interpret/transitions.js';
import { unitName } from '../jit/print.js';
import type { UnitRecord } from '../jit/translate.js';
import type { Call } from '../load/erlang-term.js';
import { callFunction, loadFile, settings } from '../runtime.js';
import { atomName } from '../terms/atoms.js';
import { formatPretty } from '../terms/format.js';
import { type Counted, countCalls, fingerprint, type Traced, traceDeoptimisations } from './observe.js';
import type { ExploreOptions } from './options.js';
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
    const others =
      run === undefined
        ? undefined
        : await Promise.all([
            countCalls(compiled?.beam ?? file, options),
            traceDeoptimisations(compiled?.beam ?? file, options),
          ]);
    await translatorLoader.load();
    const { records, translateFunction } = await import('../jit/translate.js');
    for (const f of m.functions) if (f.call === null) translateFunction(f.id, { kind: 'asked' });
    const page = collectPage(
      m,
      records.filter((r) => r.fn.module === m),
    );
    page.file = basename(file);
    if (run !== undefined)
      addRun(page, m, run, others![0], deoptimisationsOf(records, others![1]), others![1].why);
    const output = options.output ?? `${m.source.name.replace(/[^\w.@-]/g, '_')}.html`;
    const html = renderPage(page);
    try {
      writeFileSync(output, html);
    } catch (error) {
      throw new UsageError(
        `${output} can not be written (${(error as NodeJS.ErrnoException).code}); name a file with -o in a directory that may be written to`,
      );
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
  if (!existsSync(file)) throw new UsageError(`${file}: no such file; check the path`);
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

/** Deoptimisations by function label; places only of units that were made of the same program in both processes. */
function deoptimisationsOf(
  records: readonly UnitRecord[],
  { found, programs }: Traced,
): ReturnType<typeof countDeoptimisations> {
  const nameOf = (r: UnitRecord): string => unitName(r.fn, r.start, r.isEntry, r.givens);
  const same = records.filter(
    (r) => r.program !== undefined && programs[nameOf(r)] === fingerprint(r.program),
  );
  return countDeoptimisations(found, same, nameOf);
}

/** Puts what the runs did into the page. */
function addRun(
  page: PageData,
  m: LoadedModule,
  { data, facts }: Watched,
  counted: Counted,
  deoptimisations: ReturnType<typeof countDeoptimisations>,
  untraced: string,
): void {
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
      deoptimisations: [...(deoptimisations.get(label)?.values() ?? [])]
        .sort((a, b) => b.count - a.count || a.instruction - b.instruction)
        .map(({ reason, count, instruction }) => [
          reason,
          count,
          instruction < 0 ? -1 : f.first + instruction,
        ]),
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
    untraced,
    samples,
  };
}

/** How the cause of a unit begins that only was made to be shown. */
const SHOWN = 'translated to be shown';

const round = (ms: number): number => Math.round(ms * 100) / 100;
