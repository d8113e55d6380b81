// Where a runtime's output goes: it is collected while processes run and handed on when none does, so that whoever takes it may
// call the runtime.
import { output } from '../bifs/output.js';

/** Takes what a program prints. */
export type Sink = (bytes: Buffer) => void;

interface Channel {
  sink: Sink;
  chunks: Uint8Array[];
}

const channels: Channel[] = [];

function channel(sink: Sink): (bytes: Uint8Array) => void {
  const c: Channel = { sink, chunks: [] };
  channels.push(c);
  return (bytes) => {
    if (c.chunks.length === 0) setImmediate(flushOutput);
    c.chunks.push(Buffer.from(bytes));
  };
}

/** Sends output to the sinks; undefined: where the host's goes. */
export function redirect(stdout: Sink | undefined, stderr: Sink | undefined): void {
  if (stdout !== undefined) output.write = channel(stdout);
  if (stderr !== undefined) output.writeError = channel(stderr);
}

/** Hands on what has been collected. What a sink throws goes to the host as an uncaught exception. */
export function flushOutput(): void {
  for (const c of channels) {
    if (c.chunks.length === 0) continue;
    const bytes = Buffer.concat(c.chunks);
    c.chunks = [];
    try {
      c.sink(bytes);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}
