import { badarg } from '../processes/raise.js';
import { atom } from '../terms/atoms.js';
import { listToArray, tuple } from '../terms/build.js';
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
});

defineBifs('os', {
  'timestamp/0': () => timestamp(micros(osNanoseconds())),
  'system_time/0': () => integerFromBigInt(osNanoseconds()),
  'system_time/1': (unit) => inUnit(osNanoseconds(), unit),
  'perf_counter/0': () => integerFromNumber(monotonicNanoseconds()),
  'perf_counter/1': monotonicIn,
});
