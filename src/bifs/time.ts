// Time: monotonic, system and calendar time, unique integers, statistics.
import { collections } from '../memory/collect.js';
import { current } from '../processes/current.js';
import { badarg } from '../processes/raise.js';
import { allProcesses } from '../processes/table.js';
import { Atom, atom } from '../terms/atoms.js';
import { isTuple, list, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import {
  integerFromBigInt,
  integerFromNumber,
  isInteger,
  toBigInt,
  toNumberIfSafe,
} from '../terms/integer.js';
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
function timestamp(microseconds: number): Term {
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

function calendarDate(d: Date, utc: boolean): Term {
  return utc
    ? tuple(d.getUTCFullYear() << 1, (d.getUTCMonth() + 1) << 1, d.getUTCDate() << 1)
    : tuple(d.getFullYear() << 1, (d.getMonth() + 1) << 1, d.getDate() << 1);
}

function clockTime(d: Date, utc: boolean): Term {
  return utc
    ? tuple(d.getUTCHours() << 1, d.getUTCMinutes() << 1, d.getUTCSeconds() << 1)
    : tuple(d.getHours() << 1, d.getMinutes() << 1, d.getSeconds() << 1);
}

function calendar(d: Date, utc: boolean): Term {
  return tuple(calendarDate(d, utc), clockTime(d, utc));
}

/** The six numbers of {{Year, Month, Day}, {Hour, Minute, Second}} if they are a time, else undefined. */
function calendarNumbers(t: Term): number[] | undefined {
  if (!isTuple(t) || tupleArity(t) !== 2) return undefined;
  const numbers: number[] = [];
  for (const half of [tupleElement(t, 0), tupleElement(t, 1)]) {
    if (!isTuple(half) || tupleArity(half) !== 3) return undefined;
    for (let i = 0; i < 3; i++) {
      const n = tupleElement(half, i);
      if ((n & 1) !== 0) return undefined;
      numbers.push(n >> 1);
    }
  }
  const [year, month, day, hour, minute, second] = numbers;
  const good =
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
  return good && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
    ? numbers
    : undefined;
}

function dateOf(t: Term, utc: boolean): Date | undefined {
  const numbers = calendarNumbers(t);
  if (numbers === undefined) return undefined;
  const [year, month, day, hour, minute, second] = numbers;
  const d = new Date(0);
  if (utc) {
    d.setUTCFullYear(year, month - 1, day);
    d.setUTCHours(hour, minute, second);
  } else {
    d.setFullYear(year, month - 1, day);
    d.setHours(hour, minute, second);
  }
  return d;
}

/** A time of the calendar on the other side: local for UTC, or the other way round. */
function otherSide(t: Term, utc: boolean): Term {
  const d = dateOf(t, utc);
  return d === undefined ? badarg() : calendar(d, !utc);
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
  'date/0': () => calendarDate(new Date(), false),
  'time/0': () => clockTime(new Date(), false),
  'localtime/0': () => calendar(new Date(), false),
  'universaltime/0': () => calendar(new Date(), true),
  'localtime_to_universaltime/1': (t) => otherSide(t, false),
  'localtime_to_universaltime/2': (t) => otherSide(t, false),
  'universaltime_to_localtime/1': (t) => otherSide(t, true),
  'universaltime_to_posixtime/1': (t) => {
    const d = dateOf(t, true);
    return d === undefined ? badarg() : integerFromNumber(d.getTime() / 1000);
  },
  'posixtime_to_universaltime/1': (t) => {
    const seconds = toNumberIfSafe(t);
    return seconds === undefined || Math.abs(seconds) > 8.64e12
      ? badarg()
      : calendar(new Date(seconds * 1000), true);
  },
  'statistics/1': (what) => statisticsByAtom.get(what)?.() ?? badarg(),
});

defineBifs('os', {
  'timestamp/0': () => timestamp(micros(osNanoseconds())),
  'system_time/0': () => integerFromBigInt(osNanoseconds()),
  'system_time/1': (unit) => inUnit(osNanoseconds(), unit),
  'perf_counter/0': () => integerFromNumber(monotonicNanoseconds()),
  'perf_counter/1': monotonicIn,
});
