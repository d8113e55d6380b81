// Streams of module zlib: what the functions that are native in OTP's module do, on pako, a port of the library that OTP uses. Its
// output is the same to the byte; that of Node's own zlib is not.
import { createRequire } from 'node:module';
import type { Term } from '../../terms/tags.js';

const require = createRequire(import.meta.url);

/** What zlib's functions return. */
export const enum Z {
  Ok = 0,
  StreamEnd = 1,
  NeedDictionary = 2,
  StreamError = -2,
  DataError = -3,
  MemoryError = -4,
  BufferError = -5,
}

const NO_FLUSH = 0;

/** What happens with input behind the end of a compressed stream: the third argument of zlib:inflateInit/3. */
const enum AtEnd {
  Error = 0,
  Reset = 1,
  Cut = 2,
}

interface DeflateState {
  level: number;
  strategy: number;
  matches: number;
  head: Uint16Array;
  max_lazy_match: number;
  good_match: number;
  nice_match: number;
  max_chain_length: number;
}

interface InflateState {
  mode: number;
  wsize: number;
  whave: number;
  wnext: number;
  window: Uint8Array | null;
}

interface ZStream {
  input: Uint8Array | null;
  next_in: number;
  avail_in: number;
  output: Uint8Array | null;
  next_out: number;
  avail_out: number;
  adler: number;
  state: unknown;
}

type Codec = (stream: ZStream, flush: number) => number;

interface Deflater {
  deflateInit2(
    stream: ZStream,
    level: number,
    method: number,
    windowBits: number,
    memory: number,
    strategy: number,
  ): number;
  deflateReset(stream: ZStream): number;
  deflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
  deflateEnd(stream: ZStream): number;
  deflate: Codec;
}

interface Inflater {
  inflateInit2(stream: ZStream, windowBits: number): number;
  inflateReset(stream: ZStream): number;
  inflateSetDictionary(stream: ZStream, dictionary: Uint8Array): number;
  inflateEnd(stream: ZStream): number;
  inflate: Codec;
}

// Loaded when they are first used.
const deflater = (): Deflater => require('pako/lib/zlib/deflate.js') as Deflater;
const inflater = (): Inflater => require('pako/lib/zlib/inflate.js') as Inflater;
const newStream = (): ZStream => new (require('pako/lib/zlib/zstream.js') as new () => ZStream)();

/** A part of the output. */
export interface Part {
  result: 'continue' | 'finished' | 'need_dictionary' | Z;
  bytes: Uint8Array;
}

/** A stream as zlib:open/0 makes it: it compresses, decompresses, or (after open and end) neither. */
export class Stream {
  /** The process that may use it. */
  owner: Term;
  kind: 'none' | 'deflate' | 'inflate' = 'none';
  /** zlib:setBufSize/2 */
  bufferSize = 4000;
  /** What zlib.erl keeps here between two calls, in external format. */
  stash: Uint8Array | undefined;
  private z = newStream();
  private input: Uint8Array[] = [];
  private atEnd: AtEnd = AtEnd.Cut;
  private endSeen = false;
  /** Only raw streams count a sum of their own: others have one inside. */
  private sums = false;
  private sum = 0;

  constructor(owner: Term) {
    this.owner = owner;
  }

  enqueue(parts: Uint8Array[]): void {
    this.input.push(...parts.filter((p) => p.length > 0));
  }

  /** zlib:crc32/1: of the data of a raw stream, 0 for others. */
  checksum(): number {
    return this.sum;
  }

  get adler(): number {
    return this.z.adler >>> 0;
  }

  deflateInit(level: number, method: number, windowBits: number, memory: number, strategy: number): Z {
    this.z = newStream();
    const result = deflater().deflateInit2(this.z, level, method, windowBits, memory, strategy);
    if (result === Z.Ok) this.begin('deflate', windowBits < 0);
    return result;
  }

  inflateInit(windowBits: number, atEnd: number): Z {
    this.z = newStream();
    const result = inflater().inflateInit2(this.z, windowBits);
    if (result === Z.Ok) this.begin('inflate', windowBits < 0);
    this.atEnd = atEnd;
    return result;
  }

  private begin(kind: 'deflate' | 'inflate', sums: boolean): void {
    this.kind = kind;
    this.sums = sums;
    this.restart();
  }

  private restart(): void {
    this.endSeen = false;
    this.sum = 0;
    this.input = [];
  }

  reset(): Z {
    this.restart();
    return this.kind === 'deflate' ? deflater().deflateReset(this.z) : inflater().inflateReset(this.z);
  }

  setDictionary(dictionary: Uint8Array): Z {
    return this.kind === 'deflate'
      ? deflater().deflateSetDictionary(this.z, dictionary)
      : inflater().inflateSetDictionary(this.z, dictionary);
  }

  /** The last bytes that were decompressed, up to the size of the window. */
  dictionary(): Uint8Array {
    const { window, whave, wnext } = this.z.state as InflateState;
    if (window === null || whave === 0) return new Uint8Array(0);
    return Buffer.concat([window.subarray(wnext, whave), window.subarray(0, wnext)]);
  }

  /** Other parameters from here on; the caller has flushed what went before. */
  setParameters(level: number, strategy: number): Z {
    const model = newStream();
    const result = deflater().deflateInit2(model, level, 8, 15, 8, strategy);
    if (result !== Z.Ok) return result;
    const from = model.state as DeflateState;
    const s = this.z.state as DeflateState;
    if (s.level !== from.level) {
      // Positions that were found without compression are not in the table.
      if (s.level === 0 && s.matches !== 0) {
        s.head.fill(0);
        s.matches = 0;
      }
      s.level = from.level;
      s.max_lazy_match = from.max_lazy_match;
      s.good_match = from.good_match;
      s.nice_match = from.nice_match;
      s.max_chain_length = from.max_chain_length;
    }
    s.strategy = strategy;
    return Z.Ok;
  }

  /** Ends compressing or decompressing; a data error if that is before the end. */
  end(): Z {
    const result =
      this.kind === 'deflate' ? deflater().deflateEnd(this.z) : this.endSeen ? Z.Ok : Z.DataError;
    const unread = this.input.length > 0;
    this.kind = 'none';
    this.input = [];
    this.z = newStream();
    return unread ? Z.DataError : result;
  }

  /** Takes up to `inputSize` bytes of the input and gives up to `outputSize` bytes. */
  deflate(inputSize: number, outputSize: number, flush: number): Part {
    return this.step(deflater().deflate, inputSize, outputSize, flush);
  }

  inflate(inputSize: number, outputSize: number, flush: number): Part {
    if (this.endSeen && this.input.length > 0) {
      if (this.atEnd === AtEnd.Error) return { result: Z.DataError, bytes: new Uint8Array(0) };
      if (this.atEnd === AtEnd.Cut) this.input = [];
      else {
        inflater().inflateReset(this.z);
        this.endSeen = false;
      }
    }
    const part = this.step(inflater().inflate, inputSize, outputSize, flush);
    return part;
  }

  private step(codec: Codec, inputSize: number, outputSize: number, flush: number): Part {
    const { z } = this;
    const output = new Uint8Array(outputSize);
    z.output = output;
    z.next_out = 0;
    z.avail_out = outputSize;
    let result: Z = this.consume(codec, inputSize);
    if (result === Z.Ok && flush !== NO_FLUSH && this.input.length === 0) {
      z.input = new Uint8Array(0);
      z.next_in = 0;
      z.avail_in = 0;
      result = codec(z, flush);
    }
    const bytes = output.subarray(0, outputSize - z.avail_out);
    if (this.sums && this.kind === 'inflate') this.sum = crc(bytes, this.sum);
    // No progress is possible: the output is full, or the input has run out.
    if (result === Z.BufferError) result = Z.Ok;
    if (result === Z.StreamEnd) {
      this.endSeen = true;
      return { result: this.input.length > 0 ? 'continue' : 'finished', bytes };
    }
    if (result === Z.NeedDictionary) return { result: 'need_dictionary', bytes };
    if (result !== Z.Ok) return { result, bytes };
    return { result: this.input.length > 0 || z.avail_out === 0 ? 'continue' : 'finished', bytes };
  }

  private consume(codec: Codec, most: number): Z {
    const { z, input } = this;
    let result: Z = Z.Ok;
    for (let used = 0; result === Z.Ok && input.length > 0 && used < most; ) {
      const first = input[0]!;
      const size = Math.min(first.length, most - used);
      z.input = first;
      z.next_in = 0;
      z.avail_in = size;
      result = codec(z, NO_FLUSH);
      const n = size - z.avail_in;
      if (this.sums && this.kind === 'deflate') this.sum = crc(first.subarray(0, n), this.sum);
      used += n;
      if (n === first.length) input.shift();
      else input[0] = first.subarray(n);
      if (n === 0) break;
    }
    return result;
  }
}

type Crc = (sum: number, bytes: Uint8Array, size: number, from: number) => number;

function crc(bytes: Uint8Array, sum: number): number {
  const crc32 = require('pako/lib/zlib/crc32.js') as Crc;
  return crc32(sum, bytes, bytes.length, 0) >>> 0;
}
