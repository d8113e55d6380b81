// The thread that looks where the interpreter is. V8's own sampler sees the interpreter as one function; this one reads the
// address of the Erlang instruction out of shared memory, at times that are set beside V8's later.
import { parentPort, workerData } from 'node:worker_threads';

export interface SamplerData {
  /** The interpreter's marker; see interpret/marker.ts. */
  marker: Int32Array;
  /** Word 0: not 0 from when this is to end. Word 1: set to 1 when the first sample has been taken. */
  control: Int32Array;
  /** Milliseconds between two looks. */
  interval: number;
}

/** What is sent at the end: when, in microseconds of the monotonic clock, and which code address; the same number of each. */
export interface MarkerSamples {
  times: Float64Array;
  addresses: Int32Array;
}

const { marker, control, interval } = workerData as SamplerData;

let times = new Float64Array(1 << 14);
let addresses = new Int32Array(1 << 14);
let count = 0;

while (Atomics.load(control, 0) === 0) {
  if (count === times.length) {
    const more = new Float64Array(count * 2);
    more.set(times);
    times = more;
    const moreAddresses = new Int32Array(count * 2);
    moreAddresses.set(addresses);
    addresses = moreAddresses;
  }
  // The clock on both sides, so that a thread that was held up between them notes no wrong time.
  const before = process.hrtime.bigint();
  const address = Atomics.load(marker, 0);
  const after = process.hrtime.bigint();
  times[count] = Number((before + after) / 2n) / 1000;
  addresses[count++] = address;
  if (count === 1) {
    Atomics.store(control, 1, 1);
    Atomics.notify(control, 1);
  }
  Atomics.wait(control, 0, 0, interval);
}
const samples: MarkerSamples = { times: times.slice(0, count), addresses: addresses.slice(0, count) };
parentPort!.postMessage(samples);
