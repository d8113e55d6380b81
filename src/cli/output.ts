// Writing to the standard streams: at once, in order with what the program itself writes, and whole.
import { writeSync } from 'node:fs';

function write(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Who reads is slower than we are, and the pipe was set not to block.
      if (code === 'EAGAIN') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      else if (code === 'EPIPE') process.exit(0);
      else throw error;
    }
  }
}

/** Writes to stdout. */
export function print(text: string): void {
  write(1, text);
}

/** Writes to stderr. */
export function printError(text: string): void {
  write(2, text);
}

/** Writes one line to stderr that says who complains. */
export function complain(what: string): void {
  printError(`turbeam: ${what}\n`);
}
