// The runs of `turbeam explore --run`, and what they add to the page.
import { haltHook } from '../bifs/halt.js';
import type { LoadedModule } from '../code/functions.js';
import type { FunctionFacts, PageData, RunData } from '../explore/data.js';
import { countDeoptimisations } from '../explore/deoptimisations.js';
import { type Counts, watchUnwinds } from '../explore/unwinds.js';
import { translatorLoader } from '../interpret/transitions.js';
import { printForReaders, unitName } from '../jit/print.js';
import { instructionAt } from '../jit/source-map.js';
import { records, type UnitRecord } from '../jit/translate.js';
import type { Call } from '../load/erlang-term.js';
import { callFunction } from '../runtime.js';
import { atomName } from '../terms/atoms.js';
import { formatPretty } from '../terms/format.js';
import { type Counted, countCalls, fingerprint, type Traced, traceDeoptimisations } from './observe.js';
import type { ExploreOptions } from './options.js';
import { attribute, type ErlangProfile } from './profile/attribute.js';
import { Frames, namedFunctions } from './profile/frames.js';
import { Recorder } from './profile/recorder.js';
import { startReports } from './report.js';
import { Halt } from './run.js';

/** Microseconds between two samples. */
const INTERVAL = 200;
const MAX_RESULT = 300;

/** What the runs showed, once the call has been made. */
export interface Runs {
  /** Puts it into the page of a module. */
  addTo(page: PageData, m: LoadedModule): void;
}

/** Makes the call, three times: for a profile, to count calls, and to see what V8 deoptimises. */
export async function runCall(call: Call, file: string, options: ExploreOptions): Promise<Runs> {
  const watched = await watch(call, options.run!);
  const [counted, traced] = await Promise.all([
    countCalls(file, options),
    traceDeoptimisations(file, options),
  ]);
  return { addTo: (page, m) => addRun(page, m, watched, counted, traced) };
}

interface Watched {
  data: Pick<RunData, 'call' | 'result' | 'failed' | 'milliseconds'>;
  profile: ErlangProfile;
  /** Samples in units, by unit and instruction. */
  samples: Map<UnitRecord, Map<number, number>>;
  unwinds: Map<string, Counts>;
}

/** Runs the call under the profiler, and counts unwinds. */
async function watch(call: Call, text: string): Promise<Watched> {
  await translatorLoader.load();
  startReports();
  haltHook.halt = (status) => {
    throw new Halt(status);
  };
  const recorder = new Recorder(INTERVAL);
  await recorder.begin();
  const stop = watchUnwinds();
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
  const unwinds = stop();
  const recording = await recorder.end([
    ...namedFunctions(),
    { fn: printForReaders, name: 'making the text for this page' },
  ]);
  const frames = new Frames(recording.names);
  const samples: Watched['samples'] = new Map();
  for (const { callFrame, positionTicks } of recording.profile.nodes) {
    const r = frames.unit(callFrame);
    if (r?.map === undefined) continue;
    let counts = samples.get(r);
    if (counts === undefined) samples.set(r, (counts = new Map()));
    for (const { line, ticks } of positionTicks ?? []) {
      const instruction = instructionAt(r.map.program, line - 1);
      if (instruction >= 0) counts.set(instruction, (counts.get(instruction) ?? 0) + ticks);
    }
  }
  if (result.length > MAX_RESULT) result = `${result.slice(0, MAX_RESULT)}…`;
  return {
    data: { call: text, result, failed, milliseconds },
    profile: attribute(recording, frames),
    samples,
    unwinds,
  };
}

/** Deoptimisations by function label; places only of units that were made of the same program in both processes. */
function deoptimisationsOf({ found, programs }: Traced): ReturnType<typeof countDeoptimisations> {
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
  { data, profile, samples, unwinds }: Watched,
  counted: Counted,
  traced: Traced,
): void {
  const deoptimisations = deoptimisationsOf(traced);
  const times = new Map<string, number>();
  for (const { owner, time } of profile.owners) times.set(`${owner.tier} ${owner.label}`, time);
  page.functions.forEach((f, i) => {
    const { label } = m.functions[i];
    const calls = counted.calls === undefined ? undefined : (counted.calls[label] ?? 0);
    const milliseconds = round(times.get(`jit ${label}`) ?? 0);
    const interpreted = round(times.get(`interpreter ${label}`) ?? 0);
    const ran = f.units.some((u) => !u.cause.startsWith(SHOWN));
    const facts: FunctionFacts = {
      calls,
      milliseconds,
      interpreted,
      tier: ran ? 'translated' : calls === 0 && interpreted === 0 ? 'not run' : 'interpreted',
      unwinds: [...(unwinds.get(label) ?? [])].sort((a, b) => b[1] - a[1]),
      deoptimisations: [...(deoptimisations.get(label)?.values() ?? [])]
        .sort((a, b) => b.count - a.count || a.instruction - b.instruction)
        .map(({ reason, count, instruction }) => [
          reason,
          count,
          instruction < 0 ? -1 : f.first + instruction,
        ]),
    };
    f.facts = facts;
  });
  page.run = {
    ...data,
    milliseconds: round(data.milliseconds),
    times: timesOf(profile, atomName(m.name)),
    uncounted: counted.why,
    untraced: traced.why,
    ...samplesOf(page, m, profile, samples),
  };
}

/** How the cause of a unit begins that only was made to be shown. */
const SHOWN = 'translated to be shown';

const round = (ms: number): number => Math.round(ms * 100) / 100;

/** Where the time went: code of the module, other code, parts of the engine. */
function timesOf(profile: ErlangProfile, module: string): RunData['times'] {
  const sums = new Map<string, number>();
  const add = (what: string, ms: number): void => void sums.set(what, (sums.get(what) ?? 0) + ms);
  for (const { owner, time } of profile.owners) {
    const whose = owner.label.startsWith(`${module}:`) ? module : 'other modules';
    if (owner.tier === 'jit') add(`translated code of ${whose}`, time);
    else if (owner.tier === 'interpreter') add(`interpreted code of ${whose}`, time);
    else if (owner.tier === 'built-in') add('built-in functions', time);
    else add(owner.label.replace(/^\((.*)\)$/, '$1'), time);
  }
  if (profile.waiting > 0) add('waiting', profile.waiting);
  return [...sums].map(([what, ms]): [string, number] => [what, round(ms)]).filter(([, ms]) => ms > 0);
}

/** Samples by instruction, of units, and by row of the Erlang column. */
function samplesOf(
  page: PageData,
  m: LoadedModule,
  profile: ErlangProfile,
  samples: Watched['samples'],
): Pick<RunData, 'samples' | 'lineSamples'> {
  const found: Pick<RunData, 'samples' | 'lineSamples'> = { samples: [], lineSamples: [] };
  for (const [r, counts] of samples) {
    if (r.fn.module !== m) continue;
    for (const [instruction, n] of counts)
      found.samples.push(page.functions[r.fn.index].first + instruction, n);
  }
  // A line belongs to the function it was in: its row is one that instructions of that function come from.
  const rows = new Map<string, number>();
  m.functions.forEach(({ label }, i) => {
    const { first, end } = page.functions[i];
    for (let k = first; k < end; k++) {
      const row = page.erlangRows[k];
      if (row >= 0) rows.set(`${label} ${page.erlang.lines[row]}`, row);
    }
  });
  for (const { label, line, samples: n } of profile.lines) {
    const row = rows.get(`${label} ${line}`);
    if (row !== undefined) found.lineSamples.push(row, n);
  }
  return found;
}
