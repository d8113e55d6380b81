// Time units: parts per second, by name or as a number. (Module erlang, erlang:time_unit().)
import { atom } from '../terms/atoms.js';
import { isInteger, isNegative, toBigInt } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';

const NANO = 1000000000n;

const units = new Map<Term, bigint>(
  (
    [
      ['second', 1n],
      ['millisecond', 1000n],
      ['microsecond', 1000000n],
      ['nanosecond', NANO],
      ['native', NANO],
      ['perf_counter', NANO],
      // Names of before OTP 20 that are still accepted.
      ['seconds', 1n],
      ['milli_seconds', 1000n],
      ['micro_seconds', 1000000n],
      ['nano_seconds', NANO],
    ] as const
  ).map(([name, parts]) => [atom(name), parts]),
);

/** How many of the unit are in a second, or undefined if the term is no unit. */
export function partsPerSecond(t: Term): bigint | undefined {
  const named = units.get(t);
  if (named !== undefined) return named;
  return isInteger(t) && !isNegative(t) && t !== 0 ? toBigInt(t) : undefined;
}

/** A time in another unit, rounded down. */
export function convertUnit(time: bigint, from: bigint, to: bigint): bigint {
  const scaled = time * to;
  const quotient = scaled / from;
  return scaled % from < 0n ? quotient - 1n : quotient;
}
