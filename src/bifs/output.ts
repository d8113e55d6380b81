// Where programs print to. Tests and embedders put their own functions in place of these.
import { writeSync } from 'node:fs';

export interface Output {
  /** Takes what a program prints on standard output. */
  write(bytes: Uint8Array): void;
  /** The same for standard error. */
  writeError(bytes: Uint8Array): void;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));
/** A pipe whose reader is gone takes nothing any more. */
const closed = new Set<number>();

/** What is done when nobody reads what is written to standard output any more, besides dropping it. */
export const readerGone: { hook: (() => void) | null } = { hook: null };

/** How much the program has written. */
export const written = { bytes: 0 };

function writeAll(fd: number, bytes: Uint8Array): void {
  written.bytes += bytes.length;
  let at = 0;
  while (at < bytes.length && !closed.has(fd)) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A pipe that is full for now: wait a millisecond.
      if (code === 'EAGAIN') Atomics.wait(sleeper, 0, 0, 1);
      else if (code === 'EPIPE') {
        closed.add(fd);
        if (fd === 1) readerGone.hook?.();
      } else throw error;
    }
  }
}

export const output: Output = {
  write: (bytes) => writeAll(1, bytes),
  writeError: (bytes) => writeAll(2, bytes),
};
