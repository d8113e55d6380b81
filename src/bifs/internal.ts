// What OTP's own libraries ask of the runtime system: modules erts_internal and erts_debug.
import { H } from '../memory/arena.js';
import { badarg } from '../processes/raise.js';
import { Atom, atom } from '../terms/atoms.js';
import { bitSizeOf, boxedKind, mapEntries, stringList, tupleToArray } from '../terms/build.js';
import { compareExact } from '../terms/compare.js';
import { childrenOf } from '../terms/hamt.js';
import { integerFromNumber, isBig, toBigInt } from '../terms/integer.js';
import { Imm, isAtom, isCons, isSmall, Kind, NIL, type Term } from '../terms/tags.js';
import { displayText } from './display.js';
import { output } from './output.js';
import { type Bif, defineBifs } from './table.js';

/** Native Erlang keeps integers of 60 bits in a word. */
const NATIVE_SMALL = 1n << 59n;
/** Binaries of more bytes are outside of the process heap. */
const HEAP_BINARY_BYTES = 64;

function isNativeSmall(t: Term): boolean {
  if (isSmall(t)) return true;
  if (!isBig(t)) return false;
  const value = toBigInt(t);
  return value < NATIVE_SMALL && value >= -NATIVE_SMALL;
}

/** Words of 64 bits that native Erlang takes for a binary: on the heap if it is short, else for the reference. */
function binaryWords(bytes: number): number {
  return bytes <= HEAP_BINARY_BYTES ? 2 + Math.ceil(bytes / 8) : 6;
}

/** Words of 64 bits that a boxed term takes in native Erlang without what it refers to. */
function ownWords(t: Term): number {
  const at = t >>> 3;
  const size = H[at] >>> Kind.SizeShift;
  switch (H[at] & Kind.Mask) {
    case Kind.Tuple:
      return size === 0 ? 0 : 1 + size;
    case Kind.Float:
      return 2;
    case Kind.PositiveBig:
    case Kind.NegativeBig:
      return isNativeSmall(t) ? 0 : 1 + Math.ceil(size / 2);
    case Kind.HeapBinary:
    case Kind.RefcBinary:
      return binaryWords(bitSizeOf(t) / 8);
    case Kind.SubBinary: {
      const unaligned = ((H[at + 4] >> 1) & 7) !== 0 || (bitSizeOf(t) & 7) !== 0;
      const inHeap = bitSizeOf(H[at + 1]) / 8 <= HEAP_BINARY_BYTES;
      return (unaligned ? 5 : 0) + (inHeap ? binaryWords(Math.ceil(bitSizeOf(t) / 8)) : 6);
    }
    case Kind.FlatMap:
      // Size, keys, values; the tuple of the keys.
      return size === 1 ? 3 : 3 + (size - 1) + size;
    case Kind.HashMap:
    case Kind.HashNode:
      // Native has the bitmap in the header.
      return size;
    case Kind.Fun:
      return 5 + size - 3;
    case Kind.ExportFun:
      return 5;
    case Kind.Reference:
      return 3;
    case Kind.ExternalReference:
      return 3 + Math.ceil((size - 1) / 2);
    case Kind.ExternalPid:
    case Kind.ExternalPort:
      return 4;
    default:
      return 1 + size;
  }
}

/** The terms that a boxed term refers to. */
function partsOf(t: Term): Term[] {
  const at = t >>> 3;
  switch (boxedKind(t)) {
    case Kind.Tuple:
      return tupleToArray(t);
    case Kind.Fun:
      return Array.from(H.subarray(at + 4, at + 1 + (H[at] >>> Kind.SizeShift)));
    case Kind.FlatMap:
      return mapEntries(t).flat();
    case Kind.HashMap:
    case Kind.HashNode:
      return childrenOf(t);
    default:
      return [];
  }
}

/** Words of 64 bits that native Erlang takes for the term. @param shared counts what occurs twice only once */
function sizeOf(t: Term, shared: boolean): Term {
  const seen = new Set<Term>();
  const rest = [t];
  let words = 0;
  while (rest.length > 0) {
    const item = rest.pop()!;
    if (!isCons(item) && boxedKind(item) === 0) continue;
    if (shared) {
      if (seen.has(item)) continue;
      seen.add(item);
    }
    if (isCons(item)) {
      words += 2;
      rest.push(H[(item >>> 3) + 1], H[item >>> 3]);
    } else {
      words += ownWords(item);
      for (const part of partsOf(item)) rest.push(part);
    }
  }
  return integerFromNumber(words);
}

/** Whether two terms are one and the same word, or in native Erlang would be. */
function same(a: Term, b: Term): boolean {
  if (a === b) return true;
  if (isBig(a) && isNativeSmall(a)) return compareExact(a, b) === 0;
  return boxedKind(a) === Kind.Tuple && boxedKind(b) === Kind.Tuple && ownWords(a) === 0 && ownWords(b) === 0;
}

const kindNames: Partial<Record<Kind, string>> = {
  [Kind.Tuple]: 'tuple',
  [Kind.Fun]: 'fun',
  [Kind.ExportFun]: 'export',
  [Kind.FlatMap]: 'flatmap',
  [Kind.HashMap]: 'hashmap',
  [Kind.HashNode]: 'hashmap_node',
  [Kind.SubBinary]: 'sub_binary',
  [Kind.Float]: 'hfloat',
  [Kind.HeapBinary]: 'heap_binary',
  [Kind.RefcBinary]: 'refc_binary',
  [Kind.Reference]: 'reference',
  [Kind.ExternalPid]: 'external_pid',
  [Kind.ExternalPort]: 'external_port',
  [Kind.ExternalReference]: 'external_reference',
};

/** The name of the kind of term that it is in native Erlang. */
function termType(t: Term): string {
  if (isNativeSmall(t)) return 'fixnum';
  if (isBig(t)) return 'bignum';
  if (isCons(t)) return 'list';
  if (t === NIL) return 'nil';
  if (isAtom(t)) return 'atom';
  if ((t & Imm.Mask) === Imm.Pid) return 'pid';
  if ((t & Imm.Mask) === Imm.Port) return 'port';
  const kind = boxedKind(t) as Kind;
  if (kind === Kind.HeapBinary && bitSizeOf(t) / 8 > HEAP_BINARY_BYTES) return 'refc_binary';
  return kindNames[kind] ?? 'unknown';
}

const NANOSECONDS: Bif = () => integerFromNumber(1e9);

defineBifs('erts_internal', {
  'cmp_term/2': (a, b) => Math.sign(compareExact(a, b)) << 1,
  'term_type/1': (t) => atom(termType(t)),
  'time_unit/0': NANOSECONDS,
  'perf_counter_unit/0': NANOSECONDS,
  'system_check/1': (item) => (item === atom('schedulers') ? Atom.Ok : badarg()),
  'no_aux_work_threads/0': () => 1 << 1,
});

/** There is no lock counting, as in an ordinary native emulator. */
const noLockCounters: Record<string, Bif> = {
  'lcnt_clear/0': () => Atom.Error,
  'lcnt_collect/0': () => Atom.Error,
  'lcnt_control/1': () => badarg(),
  'lcnt_control/2': () => badarg(),
};

defineBifs('erts_debug', {
  'display/1': (t) => {
    const text = `${displayText(t)}\n`;
    output.writeError(Buffer.from(text, 'utf8'));
    return stringList(text);
  },
  'flat_size/1': (t) => sizeOf(t, false),
  'size/1': (t) => sizeOf(t, true),
  'size_shared/1': (t) => sizeOf(t, true),
  'same/2': (a, b) => (same(a, b) ? Atom.True : Atom.False),
  'interpreter_size/0': () => 0,
  ...noLockCounters,
});

defineBifs('error_logger', {
  // The log level that reports to error_logger:warning_report/1 get.
  'warning_map/0': () => atom('warning'),
});
