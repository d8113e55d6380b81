// Module prim_buffer: queues of bytes, which OTP's raw files with read_ahead, delayed_write or compressed are made of.
import { current } from '../../processes/current.js';
import { exitHooks, possessions } from '../../processes/exit.js';
import { badarg } from '../../processes/raise.js';
import { Handle, handleNumber, handleTerm, newReferenceNumber } from '../../processes/references.js';
import { Atom, atom } from '../../terms/atoms.js';
import { binary, list, tuple } from '../../terms/build.js';
import { integerFromNumber, toNumberIfSafe } from '../../terms/integer.js';
import { iolistToBytes } from '../../terms/iolist.js';
import type { Term } from '../../terms/tags.js';
import { defineBifs } from '../table.js';

class ByteQueue {
  readonly owner = current.pid;
  locked = false;
  size = 0;
  private parts: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.size += bytes.length;
  }

  /** The first n bytes, which there are; they stay. */
  peek(n: number): Uint8Array {
    if (this.parts.length > 1 && this.parts[0]!.length < n) this.parts = [Buffer.concat(this.parts)];
    return (this.parts[0] ?? new Uint8Array()).subarray(0, n);
  }

  skip(n: number): void {
    this.size -= n;
    while (n > 0) {
      const first = this.parts[0]!;
      if (first.length > n) this.parts[0] = first.subarray(n);
      else this.parts.shift();
      n -= Math.min(n, first.length);
    }
  }

  indexOf(byte: number): number {
    let before = 0;
    for (const part of this.parts) {
      const at = part.indexOf(byte);
      if (at >= 0) return before + at;
      before += part.length;
    }
    return -1;
  }
}

/** By the number of the reference, until the process ends that made them. */
const queues = new Map<number, ByteQueue>();

exitHooks.onExit.push((p) => {
  for (const [number, queue] of queues) if (queue.owner === p.pid) queues.delete(number);
});

/** What `use` makes of a queue and of a number of bytes that are in it. */
function onBytes(t: Term, size: Term, use: (queue: ByteQueue, n: number) => Term): Term {
  const queue = queues.get(handleNumber(t, Handle.Buffer));
  const n = toNumberIfSafe(size);
  return queue === undefined || n === undefined || n < 0 || n > queue.size ? badarg() : use(queue, n);
}

function onQueue(t: Term, use: (queue: ByteQueue) => Term): Term {
  const queue = queues.get(handleNumber(t, Handle.Buffer));
  return queue === undefined ? badarg() : use(queue);
}

/** The first n bytes, which are taken out. */
function take(queue: ByteQueue, n: number): Term {
  const bytes = binary(queue.peek(n));
  queue.skip(n);
  return bytes;
}

defineBifs('prim_buffer', {
  'new/0': () => {
    const number = newReferenceNumber();
    queues.set(number, new ByteQueue());
    possessions.acquired++;
    return handleTerm(number, Handle.Buffer);
  },
  'size/1': (t) => onQueue(t, (queue) => integerFromNumber(queue.size)),
  'write/2': (t, data) => {
    const bytes = iolistToBytes(data);
    if (bytes === undefined) return badarg();
    return onQueue(t, (queue) => {
      queue.write(bytes);
      return Atom.Ok;
    });
  },
  'read/2': (t, size) => onBytes(t, size, take),
  'read_iovec/2': (t, size) => onBytes(t, size, (queue, n) => list([take(queue, n)])),
  'skip/2': (t, size) =>
    onBytes(t, size, (queue, n) => {
      queue.skip(n);
      return Atom.Ok;
    }),
  'wipe/1': (t) =>
    onQueue(t, (queue) => {
      queue.skip(queue.size);
      return Atom.Ok;
    }),
  'find_byte_index/2': (t, byte) =>
    onQueue(t, (queue) => {
      const wanted = toNumberIfSafe(byte);
      if (wanted === undefined || wanted < 0 || wanted > 255) return badarg();
      const at = queue.indexOf(wanted);
      return at < 0 ? atom('not_found') : tuple(Atom.Ok, integerFromNumber(at));
    }),
  'try_lock/1': (t) =>
    onQueue(t, (queue) => {
      if (queue.locked) return atom('busy');
      queue.locked = true;
      return atom('acquired');
    }),
  'unlock/1': (t) =>
    onQueue(t, (queue) => {
      queue.locked = false;
      return Atom.Ok;
    }),
});
