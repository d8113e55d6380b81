// Calendar time: local and universal time and the seconds since 1970. (Module erlang.)
// What the host's Date knows of time zones, without its limit to the year 275760.
import { badarg } from '../processes/raise.js';
import { Atom } from '../terms/atoms.js';
import { isTuple, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { integerFromBigInt, isInteger, toBigInt, toNumberIfSafe } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

/** Year, month (1 to 12), day, hour, minute, second. */
type Calendar = [number, number, number, number, number, number];

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
/** Days of 400 years, after which the calendar repeats. */
const CYCLE_DAYS = 146097;

/** Native Erlang's limits for years. */
const enum Year {
  FirstUniversal = 1600,
  FirstLocal = 1902,
  Last = 2147483646,
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** The six numbers of {{Year, Month, Day}, {Hour, Minute, Second}} if they are a time, else undefined. */
function calendarNumbers(t: Term, firstYear: number): Calendar | undefined {
  if (!isTuple(t) || tupleArity(t) !== 2) return undefined;
  const numbers: number[] = [];
  for (const half of [tupleElement(t, 0), tupleElement(t, 1)]) {
    if (!isTuple(half) || tupleArity(half) !== 3) return undefined;
    for (let i = 0; i < 3; i++) numbers.push(toNumberIfSafe(tupleElement(half, i)) ?? Number.NaN);
  }
  const [year, month, day, hour, minute, second] = numbers;
  const good =
    year >= firstYear &&
    year <= Year.Last &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    hour >= 0 &&
    hour < 24 &&
    minute >= 0 &&
    minute < 60 &&
    second >= 0 &&
    second < 60;
  return good ? (numbers as Calendar) : undefined;
}

/** Seconds since 1970 of a calendar time of the Gregorian calendar. */
function secondsOf([year, month, day, hour, minute, second]: Calendar): number {
  const cycles = Math.floor(year / 400) - 5;
  const d = new Date(Date.UTC(2000 + (year % 400), month - 1, day));
  return cycles * CYCLE_DAYS * DAY + d.getTime() / 1000 + hour * HOUR + minute * MINUTE + second;
}

/**
 * The calendar time of so many seconds since 1970. Days are counted from the 1st of March of the year 0, where leap days
 * are at the end of a year. Divisions cut off, so that times before that come out as native Erlang has them.
 */
function calendarOf(seconds: bigint): [year: bigint, ...rest: number[]] {
  let days = seconds / 86400n;
  let rest = Number(seconds % 86400n);
  if (rest < 0) {
    days--;
    rest += DAY;
  }
  days += 719468n;
  const dayOfYear = (y: bigint) => Number(days - (365n * y + y / 4n - y / 100n + y / 400n));
  let year = (10000n * days + 14780n) / 3652425n;
  let day = dayOfYear(year);
  if (day < 0) {
    year--;
    day = dayOfYear(year);
  }
  const month = Math.trunc((100 * day + 52) / 3060);
  return [
    year + BigInt(Math.trunc((month + 2) / 12)),
    ((month + 2) % 12) + 1,
    day - Math.trunc((month * 306 + 5) / 10) + 1,
    Math.floor(rest / HOUR),
    Math.floor(rest / MINUTE) % 60,
    rest % 60,
  ];
}

function calendarTerm([year, month, day, hour, minute, second]: [bigint, ...number[]]): Term {
  return tuple(
    tuple(integerFromBigInt(year), month << 1, day << 1),
    tuple(hour << 1, minute << 1, second << 1),
  );
}

const universal = (seconds: number): Term => calendarTerm(calendarOf(BigInt(seconds)));

/** Seconds that local time is ahead of universal time. */
function localOffset(seconds: number): number {
  return -new Date(seconds * 1000).getTimezoneOffset() * MINUTE;
}

const local = (seconds: number): Term => universal(seconds + localOffset(seconds));

/** From here on the calendar and the rules of time zones repeat every 400 years; the host's Date ends at 275760. */
const REPEATING_YEAR = 2400;

/** Converts a time in one of the years that the host knows, 400 years or a multiple of that before. */
function converted(time: Calendar, convert: (near: Calendar) => number): Term {
  const cycles = Math.max(0, Math.floor((time[0] - REPEATING_YEAR) / 400));
  const near: Calendar = [...time];
  near[0] -= cycles * 400;
  const [year, ...rest] = calendarOf(BigInt(convert(near)));
  return calendarTerm([year + BigInt(cycles * 400), ...rest]);
}

/** How far local time is ahead in winter and in summer of the year of a time. */
function offsetsOfYear(year: number): { standard: number; daylight: number } {
  const offsets = [1, 7].map((month) => localOffset(secondsOf([year, month, 1, 0, 0, 0])));
  const standard = Math.min(...offsets);
  const daylight = Math.max(...offsets);
  // Where there is no daylight saving time, it would be an hour.
  return { standard, daylight: daylight === standard ? standard + HOUR : daylight };
}

/** The seconds since 1970 of a local time; of two that it could be, the one in standard time. */
function secondsOfLocal(time: Calendar): number {
  const seconds = secondsOf(time);
  const { standard, daylight } = offsetsOfYear(time[0]);
  const fits = [standard, daylight].find((offset) => localOffset(seconds - offset) === offset);
  if (fits !== undefined) return seconds - fits;
  // In the hour that is left out in spring standard time goes on; else the zone itself has changed in that year.
  const before = localOffset(seconds - DAY);
  const after = localOffset(seconds + DAY);
  return localOffset(seconds - after) === after ? seconds - after : seconds - before;
}

function universalToLocal(t: Term): Term {
  const time = calendarNumbers(t, Year.FirstLocal);
  if (time === undefined) return badarg();
  return converted(time, (near) => secondsOf(near) + localOffset(secondsOf(near)));
}

/** @param isDst whether the time is daylight saving time: true, false, or undefined for "find out" */
function localToUniversal(t: Term, isDst: Term): Term {
  const time = calendarNumbers(t, Year.FirstLocal);
  if (time === undefined) return badarg();
  if (isDst === Atom.Undefined) return converted(time, secondsOfLocal);
  if (isDst !== Atom.True && isDst !== Atom.False) return badarg();
  return converted(time, (near) => {
    const { standard, daylight } = offsetsOfYear(near[0]);
    return secondsOf(near) - (isDst === Atom.True ? daylight : standard);
  });
}

/** Seconds are a machine word. */
const MAX_SECONDS = 1n << 63n;

function posixToUniversal(t: Term): Term {
  if (!isInteger(t)) return badarg();
  const seconds = toBigInt(t);
  return seconds < MAX_SECONDS && seconds >= -MAX_SECONDS ? calendarTerm(calendarOf(seconds)) : badarg();
}

const now = (): number => Math.floor(Date.now() / 1000);

defineBifs('erlang', {
  'date/0': () => tupleElement(local(now()), 0),
  'time/0': () => tupleElement(local(now()), 1),
  'localtime/0': () => local(now()),
  'universaltime/0': () => universal(now()),
  'localtime_to_universaltime/1': (t) => localToUniversal(t, Atom.Undefined),
  'localtime_to_universaltime/2': localToUniversal,
  'universaltime_to_localtime/1': universalToLocal,
  'universaltime_to_posixtime/1': (t) => {
    const time = calendarNumbers(t, Year.FirstUniversal);
    if (time === undefined) return badarg();
    const cycles = Math.floor(time[0] / 400);
    time[0] %= 400;
    return integerFromBigInt(BigInt(secondsOf(time)) + BigInt(cycles) * BigInt(CYCLE_DAYS * DAY));
  },
  'posixtime_to_universaltime/1': posixToUniversal,
});
