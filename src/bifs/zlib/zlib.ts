// Module zlib: the functions that are native in OTP, below its module zlib.erl.
import { current } from '../../processes/current.js';
import { exitHooks, possessions } from '../../processes/exit.js';
import { badarg, raiseError } from '../../processes/raise.js';
import { Handle, handleNumber, handleTerm, newReferenceNumber } from '../../processes/references.js';
import { localProcess } from '../../processes/table.js';
import { bytesOf, isBinaryTerm, listToArray } from '../../terms/access.js';
import { Atom, atom } from '../../terms/atoms.js';
import { binary, list, tuple } from '../../terms/build.js';
import { decodeTerm, encodeTerm } from '../../terms/external.js';
import { integerFromNumber, isInteger, toNumberIfSafe } from '../../terms/integer.js';
import { iolistToBytes } from '../../terms/iolist.js';
import { isLocalPid, isSmall, NIL, type Term } from '../../terms/tags.js';
import { defineBifs } from '../table.js';
import { type Part, Stream, Z } from './streams.js';

/** By the number of the reference, until they are closed or their owner ends. */
const streams = new Map<number, Stream>();

exitHooks.onExit.push((p) => {
  for (const [number, stream] of streams) if (stream.owner === p.pid) streams.delete(number);
});

const NOT_INITIALIZED = atom('not_initialized');
const ALREADY_INITIALIZED = atom('already_initialized');
const NOT_ON_CONTROLLING_PROCESS = atom('not_on_controlling_process');
const NEED_DICTIONARY = atom('need_dictionary');

const FAILURES: Partial<Record<Z, Term>> = {
  [Z.StreamError]: atom('stream_error'),
  [Z.DataError]: atom('data_error'),
  [Z.MemoryError]: atom('mem_error'),
  [Z.BufferError]: atom('buf_error'),
};

/** ok, or the error that a result of zlib's stands for. */
function okOrRaise(result: Z): Term {
  return result === Z.Ok ? Atom.Ok : raiseError(FAILURES[result] ?? NEED_DICTIONARY);
}

/** Calls `use` with the running process's stream that a term refers to; raises `whenClosed` if it has been closed. */
function withStream(t: Term, whenClosed: Term, use: (stream: Stream, number: number) => Term): Term {
  const number = handleNumber(t, Handle.Zlib);
  if (number === 0) return badarg();
  const stream = streams.get(number);
  if (stream === undefined) return raiseError(whenClosed);
  return stream.owner === current.pid ? use(stream, number) : raiseError(NOT_ON_CONTROLLING_PROCESS);
}

type Act<Result> = (stream: Stream, ...numbers: number[]) => Result;

/** The values of small integers; undefined if others are among them. */
function numbers(args: Term[]): number[] | undefined {
  return args.every(isSmall) ? args.map((t) => t >> 1) : undefined;
}

/**
 * A function of a stream that is compressing or (and) decompressing, and of `count` numbers: functions of more than three arguments
 * are given some too many.
 */
function during(kinds: Stream['kind'][], count: number, act: Act<Term>): (t: Term, ...args: Term[]) => Term {
  return (t, ...args) =>
    withStream(t, NOT_INITIALIZED, (stream) => {
      if (!kinds.includes(stream.kind)) return raiseError(NOT_INITIALIZED);
      const given = numbers(args.slice(0, count));
      return given === undefined ? badarg() : act(stream, ...given);
    });
}

const deflating = (count: number, act: Act<Term>) => during(['deflate'], count, act);
const inflating = (count: number, act: Act<Term>) => during(['inflate'], count, act);

/** A function of a stream that is doing nothing yet, and of `count` numbers. */
function beginning(count: number, act: Act<Z>): (t: Term, ...args: Term[]) => Term {
  return (t, ...args) =>
    withStream(t, ALREADY_INITIALIZED, (stream) => {
      if (stream.kind !== 'none') return raiseError(ALREADY_INITIALIZED);
      const given = numbers(args.slice(0, count));
      return given === undefined ? badarg() : okOrRaise(act(stream, ...given));
    });
}

/** {continue | finished, Output} or {need_dictionary, Adler, Output}, where Output is a list. */
function partTerm({ result, bytes }: Part, stream: Stream): Term {
  if (typeof result === 'number') return okOrRaise(result);
  const output = bytes.length === 0 ? NIL : list([binary(bytes)]);
  return result === 'need_dictionary'
    ? tuple(NEED_DICTIONARY, integerFromNumber(stream.adler), output)
    : tuple(atom(result), output);
}

function setDictionary(kind: Stream['kind'], result: (stream: Stream) => Term): (z: Term, d: Term) => Term {
  return (z, dictionary) =>
    withStream(z, NOT_INITIALIZED, (stream) => {
      if (stream.kind !== kind) return raiseError(NOT_INITIALIZED);
      const bytes = iolistToBytes(dictionary);
      if (bytes === undefined) return badarg();
      const code = stream.setDictionary(bytes.slice());
      return code === Z.Ok ? result(stream) : okOrRaise(code);
    });
}

defineBifs('zlib', {
  'on_load/0': () => Atom.Ok,
  'open_nif/0': () => {
    const number = newReferenceNumber();
    streams.set(number, new Stream(current.pid));
    possessions.acquired++;
    return handleTerm(number, Handle.Zlib);
  },
  'close_nif/1': (z) =>
    withStream(z, NOT_INITIALIZED, (_, number) => {
      streams.delete(number);
      return Atom.Ok;
    }),
  'set_controller_nif/2': (z, pid) => {
    if (!isLocalPid(pid)) return badarg();
    const closed = handleNumber(z, Handle.Zlib);
    if (closed !== 0 && !streams.has(closed)) return Atom.Ok;
    return withStream(z, NOT_INITIALIZED, (stream, number) => {
      stream.owner = pid;
      if (localProcess(pid) === undefined) streams.delete(number);
      return Atom.Ok;
    });
  },
  'deflateInit_nif/6': beginning(5, (stream, level, method, bits, memory, strategy) =>
    stream.deflateInit(level!, method!, bits!, memory!, strategy!),
  ),
  'deflateSetDictionary_nif/2': setDictionary('deflate', (stream) => integerFromNumber(stream.adler)),
  'deflateReset_nif/1': deflating(0, (stream) => okOrRaise(stream.reset())),
  'deflateParams_nif/3': deflating(2, (stream, level, strategy) =>
    okOrRaise(stream.setParameters(level!, strategy!)),
  ),
  'deflate_nif/4': deflating(3, (stream, inputSize, outputSize, flush) =>
    partTerm(stream.deflate(inputSize!, outputSize!, flush!), stream),
  ),
  'deflateEnd_nif/1': deflating(0, (stream) => okOrRaise(stream.end())),
  'inflateInit_nif/3': beginning(2, (stream, bits, atEnd) => stream.inflateInit(bits!, atEnd!)),
  'inflateSetDictionary_nif/2': setDictionary('inflate', () => Atom.Ok),
  'inflateGetDictionary_nif/1': inflating(0, (stream) => binary(stream.dictionary())),
  'inflateReset_nif/1': inflating(0, (stream) => okOrRaise(stream.reset())),
  'inflate_nif/4': inflating(3, (stream, inputSize, outputSize, flush) =>
    partTerm(stream.inflate(inputSize!, outputSize!, flush!), stream),
  ),
  'inflateEnd_nif/1': inflating(0, (stream) => okOrRaise(stream.end())),
  'crc32_nif/1': during(['deflate', 'inflate'], 0, (stream) => integerFromNumber(stream.checksum())),
  'getBufSize_nif/1': (z) => withStream(z, NOT_INITIALIZED, (stream) => integerFromNumber(stream.bufferSize)),
  'setBufSize_nif/2': (z, size) =>
    withStream(z, NOT_INITIALIZED, (stream) => {
      if (!isInteger(size)) return badarg();
      stream.bufferSize = toNumberIfSafe(size) ?? stream.bufferSize;
      return Atom.Ok;
    }),
  'getStash_nif/1': (z) =>
    withStream(z, NOT_INITIALIZED, ({ stash }) =>
      stash === undefined ? atom('empty') : tuple(Atom.Ok, decodeTerm(stash).term),
    ),
  'setStash_nif/2': (z, term) =>
    withStream(z, NOT_INITIALIZED, (stream) => {
      if (stream.stash !== undefined) return badarg();
      stream.stash = encodeTerm(term);
      return Atom.Ok;
    }),
  'clearStash_nif/1': (z) =>
    withStream(z, NOT_INITIALIZED, (stream) => {
      stream.stash = undefined;
      return Atom.Ok;
    }),
  'enqueue_nif/2': (z, parts) =>
    withStream(z, NOT_INITIALIZED, (stream) => {
      if (stream.kind === 'none') return raiseError(NOT_INITIALIZED);
      const items = listToArray(parts);
      if (items === undefined || !items.every(isBinaryTerm)) return badarg();
      // The arena's bytes may be given to others before they are read here.
      stream.enqueue(items.map((item) => bytesOf(item).slice()));
      return Atom.Ok;
    }),
});
