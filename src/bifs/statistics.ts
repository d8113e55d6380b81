// erlang:statistics/1 and erlang:memory/0,1: what the runtime has done and how much memory it takes.

import { blockUse } from '../memory/blocks.js';
import { collections } from '../memory/collect.js';
import { codeSpace, literalSpace } from '../memory/spaces.js';
import { current } from '../processes/current.js';
import { processBytes } from '../processes/memory-info.js';
import { badarg } from '../processes/raise.js';
import { queueLength } from '../processes/run-queue.js';
import { allProcesses } from '../processes/table.js';
import { work } from '../settings.js';
import { Atom, atom, atomCount } from '../terms/atoms.js';
import { list, listToArray, tuple } from '../terms/build.js';
import { integerFromNumber } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import { monotonicNanoseconds } from './clock.js';
import { written } from './output.js';
import { defineBifs } from './table.js';

/** The value of a counter, and how much it is more than at the last call. */
function sinceLast(read: () => number): () => Term {
  let last = 0;
  return () => {
    const value = Math.floor(read());
    const result = tuple(integerFromNumber(value), integerFromNumber(value - last));
    last = value;
    return result;
  };
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const reductions = sinceLast(() => work.reductions);
const queue = (): Term => queueLength() << 1;
/** The one that runs and those that wait for their turn. */
const active = (): Term => (queueLength() + 1) << 1;

const statistics: Record<string, () => Term> = {
  runtime: sinceLast(processorMilliseconds),
  wall_clock: sinceLast(() => monotonicNanoseconds() / 1e6),
  reductions,
  exact_reductions: reductions,
  garbage_collection: () =>
    tuple(
      integerFromNumber(collections.minor + collections.major),
      integerFromNumber(collections.wordsReclaimed),
      0,
    ),
  context_switches: () => tuple(integerFromNumber(work.slices), 0),
  io: () => tuple(tuple(atom('input'), 0), tuple(atom('output'), integerFromNumber(written.bytes))),
  run_queue: queue,
  run_queue_lengths: () => list([queue()]),
  run_queue_lengths_all: () => list([queue()]),
  total_run_queue_lengths: queue,
  total_run_queue_lengths_all: queue,
  active_tasks: () => list([active()]),
  active_tasks_all: () => list([active()]),
  total_active_tasks: active,
  total_active_tasks_all: active,
  scheduler_wall_time: () => Atom.Undefined,
  scheduler_wall_time_all: () => Atom.Undefined,
  microstate_accounting: () => Atom.Undefined,
};
const statisticsByAtom = new Map(Object.entries(statistics).map(([name, read]) => [atom(name), read]));

/** Bytes by what they are for, in the order of memory/0. */
function memory(): Map<Term, number> {
  const blocks = blockUse().words * 4;
  let processes = 0;
  for (const p of allProcesses()) processes += processBytes(p);
  if (!allProcesses().includes(current)) processes += processBytes(current);
  const code = (codeSpace.used + literalSpace.used) * 4;
  const atoms = atomCount() * ATOM_BYTES;
  const system = Math.max(blocks - processes, 0) + code + atoms;
  return new Map(
    Object.entries({
      total: processes + system,
      processes,
      processes_used: processes,
      system,
      atom: atoms,
      atom_used: atoms,
      binary: Math.max(blocks - processes, 0),
      code,
      ets: 0,
    }).map(([name, bytes]) => [atom(name), bytes]),
  );
}

/** What an atom takes of the host's memory, more or less. */
const ATOM_BYTES = 100;

function memoryOf(items: Term): Term {
  const all = memory();
  const wanted = listToArray(items);
  if (wanted === undefined) {
    const bytes = all.get(items);
    return bytes === undefined ? badarg() : integerFromNumber(bytes);
  }
  if (!wanted.every((item) => all.has(item))) return badarg();
  return list(wanted.map((item) => tuple(item, integerFromNumber(all.get(item)!))));
}

defineBifs('erlang', {
  'statistics/1': (what) => statisticsByAtom.get(what)?.() ?? badarg(),
  'memory/0': () => list([...memory()].map(([name, bytes]) => tuple(name, integerFromNumber(bytes)))),
  'memory/1': memoryOf,
});
