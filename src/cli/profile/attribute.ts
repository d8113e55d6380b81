// From what was recorded to what is shown: each sample goes to one Erlang function (or part of the engine), and the frames of
// JavaScript become frames of Erlang.
import type { Profiler } from 'node:inspector';
import { locationAt } from '../../code/functions.js';
import { placeOf } from '../../jit/places.js';
import { instructionAt } from '../../jit/source-map.js';
import type { UnitRecord } from '../../jit/translate.js';
import { median } from '../bench/statistics.js';
import { type Frame, IDLE, OTHER, type Owner } from './frames.js';
import type { Recording } from './recorder.js';

/** What a function, or a part of the engine, took itself. */
export interface OwnTime {
  owner: Owner;
  samples: number;
  /** Milliseconds of the clock on the wall. */
  time: number;
}

/** A line of Erlang. Samples in helpers of the engine that a line calls are not among its own. */
export interface LineTime {
  file: string;
  line: number;
  label: string;
  samples: number;
}

/** The whole. */
export interface ErlangProfile {
  /** What took most first; without waiting. */
  owners: OwnTime[];
  lines: LineTime[];
  /** Samples, and their milliseconds; without waiting. */
  samples: number;
  time: number;
  /** Milliseconds in which nothing ran. */
  waiting: number;
  /** Samples that were the interpreter's own. */
  interpreted: number;
  /** Microseconds between such a sample and the look that tells its function: the median. */
  distance: number;
  /** For Chrome's DevTools and others that read V8's profiles. */
  cpuProfile: Profiler.Profile;
}

/** A node of the tree that is written. */
interface Node {
  id: number;
  owner: Owner;
  hits: number;
  children: Node[];
  lines: Map<number, number>;
}

/** Tells what call frames and code addresses are; see Frames. */
export interface FrameTeller {
  frame(f: Profiler.ProfileNode['callFrame']): Frame;
  interpreted(address: number): Owner;
  unit(f: Profiler.ProfileNode['callFrame']): Pick<UnitRecord, 'fn' | 'map'> | undefined;
}

/** Gives every sample to its function. */
export function attribute(
  { profile, markers }: Omit<Recording, 'names'>,
  frames: FrameTeller,
): ErlangProfile {
  const byId = new Map(profile.nodes.map((n) => [n.id, n]));
  const parents = new Map<number, number>();
  for (const n of profile.nodes) for (const child of n.children ?? []) parents.set(child, n.id);
  const kinds = new Map(profile.nodes.map((n) => [n.id, frames.frame(n.callFrame)]));
  const looks = new Looks(markers.times, markers.addresses);

  const tree = new Tree();
  const own = new Map<Owner, OwnTime>();
  const lines = new Map<string, LineTime>();
  const result = { samples: 0, time: 0, waiting: 0, interpreted: 0 };
  const distances: number[] = [];
  const ids: number[] = [];
  /** For each of V8's nodes the nodes that its samples went to. */
  const wentTo = new Map<number, Map<Node, number>>();

  const samples = profile.samples ?? [];
  const deltas = profile.timeDeltas ?? [];
  let at = profile.startTime;
  samples.forEach((id, i) => {
    at += deltas[i] ?? 0;
    const time = Math.max(0, deltas[i + 1] ?? 0) / 1000;
    const path: Owner[] = [];
    let isInterpreted = false;
    let look: Look | undefined;
    for (let n: number | undefined = id; n !== undefined; n = parents.get(n)) {
      const kind = kinds.get(n);
      if (kind === undefined) continue;
      if (kind === 'interpreter') {
        // What it does itself, or what it has called: the marker tells them apart.
        const wanted = n === id ? Wanted.Own : path.length > 0 ? Wanted.Called : Wanted.Any;
        look ??= looks.at(at, wanted);
        if (path.length === 0) isInterpreted = true;
        // To enter a unit the interpreter stands at that function's entry already.
        const owner = frames.interpreted(look.address);
        if (owner.label !== path[path.length - 1]?.label) path.push(owner);
      } else if (kind.tier !== 'engine' || path.length === 0) path.push(kind);
    }
    if (path.length === 0) path.push(OTHER);
    const owner = path[0]!;
    const node = tree.node(path);
    node.hits++;
    ids.push(node.id);
    if (owner === IDLE) {
      result.waiting += time;
      return;
    }
    result.samples++;
    result.time += time;
    let mine = own.get(owner);
    if (mine === undefined) own.set(owner, (mine = { owner, samples: 0, time: 0 }));
    mine.samples++;
    mine.time += time;
    if (isInterpreted) {
      result.interpreted++;
      distances.push(look!.distance);
      const place = locationAt(look!.address);
      if (place !== undefined && owner.place !== undefined) addLine(lines, owner, place, node, 1);
      return;
    }
    const nodes = wentTo.get(id) ?? new Map<Node, number>();
    wentTo.set(id, nodes.set(node, (nodes.get(node) ?? 0) + 1));
  });
  // V8 tells lines only for all samples of a node together.
  for (const [id, nodes] of wentTo) placeTicks(byId.get(id)!, nodes, frames, lines);
  return {
    ...result,
    distance: distances.length === 0 ? 0 : median(distances),
    owners: [...own.values()].sort((a, b) => b.time - a.time || b.samples - a.samples),
    lines: [...lines.values()].sort((a, b) => b.samples - a.samples),
    cpuProfile: {
      nodes: tree.nodes(),
      startTime: profile.startTime,
      endTime: profile.endTime,
      samples: ids,
      timeDeltas: deltas,
    },
  };
}

/** Lines of a node that is a unit: those of its text, taken back to Erlang. */
function placeTicks(
  n: Profiler.ProfileNode,
  nodes: ReadonlyMap<Node, number>,
  frames: FrameTeller,
  lines: Map<string, LineTime>,
): void {
  const record = frames.unit(n.callFrame);
  if (record?.map === undefined) return;
  const all = [...nodes.values()].reduce((a, b) => a + b, 0);
  for (const { line, ticks } of n.positionTicks ?? []) {
    const instruction = instructionAt(record.map.program, line - 1);
    const place = instruction < 0 ? undefined : placeOf(record.fn, instruction);
    if (place === undefined) continue;
    let left = ticks;
    let rest = all;
    for (const [node, samples] of nodes) {
      const share = Math.round((left * samples) / rest);
      left -= share;
      rest -= samples;
      if (share > 0) addLine(lines, node.owner, place, node, share);
    }
  }
}

function addLine(
  lines: Map<string, LineTime>,
  owner: Owner,
  { file, line }: { file: string; line: number },
  node: Node,
  samples: number,
): void {
  const key = `${owner.label} ${file} ${line}`;
  let entry = lines.get(key);
  if (entry === undefined) lines.set(key, (entry = { file, line, label: owner.label, samples: 0 }));
  entry.samples += samples;
  if (file === owner.place?.file) node.lines.set(line, (node.lines.get(line) ?? 0) + samples);
}

/** Which looks at the marker may tell of a sample. */
const enum Wanted {
  /** Those that found the interpreter itself at work. */
  Own,
  /** Those that found it waiting for what it had called. */
  Called,
  Any,
}

interface Look {
  address: number;
  /** Microseconds from the sample. */
  distance: number;
}

/** Looks on each side among which one of the kind wanted is searched for. */
const REACH = 16;

/** What the other thread saw: which address when. */
class Looks {
  private next = 0;
  constructor(
    private readonly times: Float64Array,
    private readonly addresses: Int32Array,
  ) {}

  /**
   * The look of that kind that is nearest to a time; the nearest of all if none of that kind is near. Times are asked for in
   * ascending order. The looks are where they are without regard to what runs, so with many samples each function gets its
   * share; the kind matters, because a function that calls something long would else get samples of what runs around.
   */
  at(time: number, wanted: Wanted): Look {
    const { times, addresses } = this;
    while (this.next < times.length && times[this.next]! < time) this.next++;
    const last = times.length - 1;
    const distance = (i: number): number => Math.abs(times[i]! - time);
    let best = -1;
    for (let i = Math.max(0, this.next - REACH); i <= Math.min(last, this.next + REACH - 1); i++) {
      const fits = wanted === Wanted.Any || addresses[i]! < 0 === (wanted === Wanted.Called);
      if (fits && (best < 0 || distance(i) < distance(best))) best = i;
    }
    if (best < 0) {
      best = Math.min(this.next, last);
      if (best > 0 && distance(best - 1) < distance(best)) best--;
    }
    return { address: Math.abs(addresses[best]!), distance: distance(best) };
  }
}

/** The tree of Erlang frames. */
class Tree {
  private readonly root: Node;
  private readonly all: Node[] = [];
  constructor() {
    this.root = this.add({ tier: 'engine', label: '(root)' });
  }

  private add(owner: Owner): Node {
    const node: Node = { id: this.all.length + 1, owner, hits: 0, children: [], lines: new Map() };
    this.all.push(node);
    return node;
  }

  /** The node of a stack, whose top comes first. */
  node(path: readonly Owner[]): Node {
    let node = this.root;
    for (let i = path.length - 1; i >= 0; i--) {
      const owner = path[i]!;
      let child = node.children.find((c) => c.owner === owner);
      if (child === undefined) node.children.push((child = this.add(owner)));
      node = child;
    }
    return node;
  }

  nodes(): Profiler.ProfileNode[] {
    const scripts = new Map<string, string>();
    return this.all.map(({ id, owner, hits, children, lines }) => {
      const url = owner.url ?? '';
      if (url !== '' && !scripts.has(url)) scripts.set(url, String(scripts.size + 1));
      return {
        id,
        callFrame: {
          functionName: owner.tier === 'interpreter' ? `${owner.label} [interpreted]` : owner.label,
          scriptId: scripts.get(url) ?? '0',
          url,
          lineNumber: (owner.place?.line ?? 0) - 1,
          columnNumber: owner.place === undefined ? -1 : 0,
        },
        hitCount: hits,
        children: children.map((c) => c.id),
        positionTicks: [...lines].sort((a, b) => a[0] - b[0]).map(([line, ticks]) => ({ line, ticks })),
      };
    });
  }
}
