// Time: monotonic and system time, unique integers, statistics. Calendar time is in calendar.ts.
import { collections } from '../memory/collect.js';
import { current } from '../processes/current.js';
import { badarg } from '../processes/raise.js';
import { allProcesses } from '../processes/table.js';
import { Atom, atom } from '../terms/atoms.js';
import { list, listToArray, tuple } from '../terms/build.js';
import { integerFromBigInt, integerFromNumber, isInteger, toBigInt } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import { monotonicNanoseconds, osNanoseconds, systemNanoseconds, timeOffset } from './clock.js';
import { defineBifs } from './table.js';
import { convertUnit, partsPerSecond } from './time-units.js';

const NANO = 1000000000n;

/** A time in nanoseconds in the unit asked for. */
function inUnit(nanoseconds: bigint, unit: Term): Term {
  const parts = partsPerSecond(unit);
  return parts === undefined ? badarg() : integerFromBigInt(convertUnit(nanoseconds, NANO, parts));
}

const MILLISECOND = atom('millisecond');
const MICROSECOND = atom('microsecond');

function monotonicIn(unit: Term): Term {
  const now = monotonicNanoseconds();
  if (unit === MILLISECOND) return integerFromNumber((now - (now % 1e6)) / 1e6);
  if (unit === MICROSECOND) return integerFromNumber((now - (now % 1e3)) / 1e3);
  return inUnit(BigInt(now), unit);
}

/** {MegaSeconds, Seconds, MicroSeconds} */
export function timestamp(microseconds: number): Term {
  const seconds = Math.floor(microseconds / 1e6);
  return tuple(
    Math.floor(seconds / 1e6) << 1,
    (seconds % 1e6) << 1,
    Math.round(microseconds - seconds * 1e6) << 1,
  );
}

const micros = (nanoseconds: bigint): number => Number(nanoseconds / 1000n);

let lastNow = 0;

/** now/0: always later than before. */
function now(): Term {
  lastNow = Math.max(micros(systemNanoseconds()), lastNow + 1);
  return timestamp(lastNow);
}

let unique = 0;
let uniqueMonotonic = 0;

function uniqueInteger(modifiers: Term): Term {
  const items = listToArray(modifiers);
  const monotonic = atom('monotonic');
  if (items === undefined || !items.every((m) => m === monotonic || m === atom('positive'))) return badarg();
  return integerFromNumber(items.includes(monotonic) ? ++uniqueMonotonic : ++unique);
}

function convert(time: Term, from: Term, to: Term): Term {
  const fromParts = partsPerSecond(from);
  const toParts = partsPerSecond(to);
  if (!isInteger(time) || fromParts === undefined || toParts === undefined) return badarg();
  if (fromParts === toParts) return time;
  return integerFromBigInt(convertUnit(toBigInt(time), fromParts, toParts));
}

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

function allReductions(): number {
  let sum = 0;
  for (const p of allProcesses()) sum += p.reductions;
  return allProcesses().includes(current) ? sum : sum + current.reductions;
}

function processorMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const reductions = sinceLast(allReductions);
const ZERO: Term = 0;
const statistics: Record<string, () => Term> = {
  runtime: sinceLast(processorMilliseconds),
  wall_clock: sinceLast(() => monotonicNanoseconds() / 1e6),
  reductions,
  exact_reductions: reductions,
  garbage_collection: () =>
    tuple(
      integerFromNumber(collections.minor + collections.major),
      integerFromNumber(collections.wordsCopied),
      ZERO,
    ),
  context_switches: () => tuple(ZERO, ZERO),
  io: () => tuple(tuple(atom('input'), ZERO), tuple(atom('output'), ZERO)),
  run_queue: () => ZERO,
  run_queue_lengths: () => list([ZERO]),
  total_run_queue_lengths: () => ZERO,
  scheduler_wall_time: () => Atom.Undefined,
};
const statisticsByAtom = new Map(Object.entries(statistics).map(([name, read]) => [atom(name), read]));

defineBifs('erlang', {
  'monotonic_time/0': () => integerFromNumber(monotonicNanoseconds()),
  'monotonic_time/1': monotonicIn,
  'system_time/0': () => integerFromBigInt(systemNanoseconds()),
  'system_time/1': (unit) => inUnit(systemNanoseconds(), unit),
  'time_offset/0': () => integerFromBigInt(timeOffset),
  'time_offset/1': (unit) => inUnit(timeOffset, unit),
  'timestamp/0': () => timestamp(micros(systemNanoseconds())),
  'now/0': now,
  'convert_time_unit/3': convert,
  'unique_integer/0': () => integerFromNumber(++unique),
  'unique_integer/1': uniqueInteger,
  'statistics/1': (what) => statisticsByAtom.get(what)?.() ?? badarg(),
});

defineBifs('os', {
  'timestamp/0': () => timestamp(micros(osNanoseconds())),
  'system_time/0': () => integerFromBigInt(osNanoseconds()),
  'system_time/1': (unit) => inUnit(osNanoseconds(), unit),
  'perf_counter/0': () => integerFromNumber(monotonicNanoseconds()),
  'perf_counter/1': monotonicIn,
});
