// The clocks: monotonic time counts nanoseconds from the start of the host process, so that it fits a double.
const start = process.hrtime();

/** Nanoseconds since the start; never goes back. */
export function monotonicNanoseconds(): number {
  const [seconds, nanoseconds] = process.hrtime(start);
  return seconds * 1e9 + nanoseconds;
}

const MILLI = 1000000n;

function measureOffset(): bigint {
  const wall = performance.timeOrigin + performance.now();
  return BigInt(Math.round(wall * 1000)) * 1000n - BigInt(monotonicNanoseconds());
}

/** What is added to monotonic time to get system time, in nanoseconds; it does not change (no time warp). */
export const timeOffset = measureOffset();

/** Erlang system time in nanoseconds since 1970. */
export function systemNanoseconds(): bigint {
  return BigInt(monotonicNanoseconds()) + timeOffset;
}

let osOffset = timeOffset;

/** OS system time in nanoseconds since 1970: follows the clock of the machine when somebody sets it. */
export function osNanoseconds(): bigint {
  const now = BigInt(monotonicNanoseconds());
  const wall = BigInt(Date.now()) * MILLI;
  const off = now + osOffset - wall;
  if (off < -2n * MILLI || off > 3n * MILLI) osOffset = wall - now;
  return now + osOffset;
}
