// What a run does, function by function: time, from V8's profiler; how often units gave up the JavaScript stack, and why.
import { Session } from 'node:inspector';
import { type CodeFunction, functionAt } from '../code/functions.js';
import { unwindHook } from '../interpret/transitions.js';
import { instructionAt } from '../jit/source-map.js';
import { records, type UnitRecord } from '../jit/translate.js';
import { H, Reg, Region, Why } from '../memory/arena.js';
import { Imm } from '../terms/tags.js';
import { unitLabel } from './unit-label.js';

/** Counts by reason, of one function. */
export type Counts = Map<string, number>;

export interface RunFacts {
  /** Own milliseconds by function label, with what its units called; and of everything else by what it is. */
  times: Map<string, number>;
  others: Map<string, number>;
  /** By function label. */
  unwinds: Map<string, Counts>;
  /** Samples by unit and instruction. */
  samples: Map<UnitRecord, Counts>;
}

/** Words of captured frames from which on a unit is taken to have been left because the JavaScript stack was deep. */
const DEEP = 1000;
/** Between samples, in microseconds. */
const INTERVAL = 200;

/** Starts watching: the result is what happened until it is called. */
export async function watchRun(): Promise<() => Promise<RunFacts>> {
  const unwinds = new Map<string, Counts>();
  unwindHook.heard = (why) => {
    const [label, reason] = unwound(why);
    if (label !== '') add(countsOf(unwinds, label), reason, 1);
  };
  const session = new Session();
  session.connect();
  const ask = (method: string, parameters?: object): Promise<object> =>
    new Promise((resolve, reject) =>
      session.post(method, parameters, (error, result) =>
        error === null ? resolve(result!) : reject(error),
      ),
    );
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL });
  await ask('Profiler.start');
  return async () => {
    const { profile } = (await ask('Profiler.stop')) as { profile: Profile };
    session.disconnect();
    unwindHook.heard = null;
    return { ...timesOf(profile), unwinds };
  };
}

function countsOf(of: Map<string, Counts>, label: string): Counts {
  let counts = of.get(label);
  if (counts === undefined) of.set(label, (counts = new Map()));
  return counts;
}

const add = <K>(to: Map<K, number>, key: K, n: number): void => void to.set(key, (to.get(key) ?? 0) + n);

// ---- unwinds

/** Function and reason of an unwind that has just happened, from the registers. */
function unwound(why: Why): [label: string, reason: string] {
  const pc = H[Reg.Pc];
  // A BIF goes on in code that belongs to no function: who called it is the one whose frame was captured first.
  const fn = why === Why.Call ? firstCaptured() : functionAt(pc);
  const label = fn?.label ?? '';
  switch (why) {
    case Why.Yield:
      return [label, H[Reg.CaptureTop] - Region.Capture >= DEEP ? 'depth of recursion' : 'reductions'];
    case Why.Collect:
      return [label, 'garbage collection'];
    case Why.Wait:
      return [label, 'receive'];
    case Why.Call:
      return [label, 'a BIF that yields, waits or calls Erlang code'];
    case Why.Interpret:
      return [label, fn === undefined ? 'a function that is not loaded' : leftBecause(fn, pc)];
    default:
      return [label, 'other'];
  }
}

/** The function of the first captured frame, if that is the continuation of a call. */
function firstCaptured(): CodeFunction | undefined {
  const word = H[Region.Capture];
  return H[Reg.CaptureTop] > Region.Capture && (word & Imm.Mask) === Imm.Continuation
    ? functionAt(word >>> 6)
    : undefined;
}

const reasons = new Map<CodeFunction, Map<number, string>>();

/** Why a unit goes on in the interpreter at an address of the function. */
function leftBecause(fn: CodeFunction, pc: number): string {
  if (pc === fn.entry) return 'called before it was translated';
  let known = reasons.get(fn);
  if (known?.has(pc) !== true) {
    // A unit that was made since the last look may leave at more places.
    known = new Map();
    for (const r of records) {
      if (r.fn !== fn) continue;
      for (const e of r.exits)
        if (e.kind === 'interpret') known.set(fn.module.addresses[fn.index][e.instruction], e.reason);
    }
    if (!known.has(pc)) known.set(pc, 'left to the interpreter');
    reasons.set(fn, known);
  }
  const reason = known!.get(pc)!;
  return /fails$|raises$|clause$|^badmatch$|^raise$|^badrecord$/.test(reason)
    ? `exception: ${reason}`
    : reason;
}

// ---- time

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
  hitCount: number;
  children?: number[];
  positionTicks?: { line: number; ticks: number }[];
}
interface Profile {
  nodes: ProfileNode[];
  startTime: number;
  endTime: number;
  samples: number[];
}

/** What functions of ours, and of V8, count as, below no unit. */
const OWN: Record<string, string> = {
  collect: 'garbage collection',
  makeUnit: 'translating',
  printForReaders: 'for this page',
  '(garbage collector)': "V8's own garbage collection",
  '(program)': 'V8 and Node',
  '(idle)': 'waiting',
};
const INTERPRETER = 'interpreter and built-in functions';

function timesOf(profile: Profile): Pick<RunFacts, 'times' | 'others' | 'samples'> {
  const times = new Map<string, number>();
  const others = new Map<string, number>();
  const samples = new Map<UnitRecord, Counts>();
  const nodes = new Map(profile.nodes.map((n) => [n.id, n]));
  const hits = profile.nodes.reduce((n, { hitCount }) => n + hitCount, 0);
  const milliseconds = hits === 0 ? 0 : (profile.endTime - profile.startTime) / 1000 / hits;
  const units = new Map<string, UnitRecord[]>();
  for (const r of records) units.set(r.fn.label, [...(units.get(r.fn.label) ?? []), r]);
  // Depth first, with who the time of a node belongs to if it is nobody of its own.
  const stack: [ProfileNode, { unit?: string; other: string }][] = [
    [profile.nodes[0], { other: INTERPRETER }],
  ];
  while (stack.length > 0) {
    const [node, outer] = stack.pop()!;
    const { functionName, url } = node.callFrame;
    const label =
      url.startsWith('turbeam/') || /\/\d+ \(fun\)$/.test(functionName) ? unitLabel(functionName) : '';
    const own = OWN[functionName];
    const owner = label !== '' ? { unit: label, other: '' } : own !== undefined ? { other: own } : outer;
    if (node.hitCount > 0) {
      if (owner.unit !== undefined) add(times, owner.unit, node.hitCount * milliseconds);
      else add(others, owner.other, node.hitCount * milliseconds);
    }
    if (label !== '') placeTicks(node, units.get(label) ?? [], samples);
    for (const child of node.children ?? []) stack.push([nodes.get(child)!, owner]);
  }
  return { times, others, samples };
}

/** Gives the ticks of a unit's lines to its instructions. */
function placeTicks(node: ProfileNode, units: UnitRecord[], samples: RunFacts['samples']): void {
  const { url } = node.callFrame;
  const r = units.find((u) => u.program?.includes(`//# sourceURL=${url}\n`));
  if (r === undefined) return;
  for (const { line, ticks } of node.positionTicks ?? []) {
    const instruction = instructionAt(r.map!.program, line - 1);
    if (instruction < 0) continue;
    let counts = samples.get(r);
    if (counts === undefined) samples.set(r, (counts = new Map()));
    add(counts, String(instruction), ticks);
  }
}
