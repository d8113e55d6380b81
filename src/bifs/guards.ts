// BIFs that are allowed in guards, and the operators as functions. Compiled code has the common ones inlined for small
// integers; these are for everything else and for calls by name. (Module erlang.)

import { modules } from '../code/functions.js';
import { H } from '../memory/arena.js';
import { badarg, raiseTagged } from '../processes/raise.js';
import {
  absolute,
  add,
  bitAnd,
  bitNot,
  bitOr,
  bitXor,
  ceil,
  divide,
  floor,
  intDivide,
  multiply,
  negate,
  remainder,
  round,
  shiftLeft,
  shiftRight,
  subtract,
  toFloat,
  trunc,
} from '../terms/arithmetic.js';
import { Atom, am } from '../terms/atoms.js';
import {
  bitSizeOf,
  boxedKind,
  isBinaryTerm,
  isBitstring,
  isMap,
  listLength,
  mapGet,
  mapSize,
} from '../terms/build.js';
import { compare, equal, exactEqual } from '../terms/compare.js';
import { integerFromNumber, isBig, isInteger, isNegative, toNumberIfSafe } from '../terms/integer.js';
import { bitsLeft } from '../terms/match-context.js';
import { isNativeRecord, moduleOf, nameOf } from '../terms/native-record.js';
import { Imm, isAtom, isCons, Kind, NIL, Sentinel, Small, Tag, type Term } from '../terms/tags.js';
import { arithmetic, bool, bytePart } from './arguments.js';
import { defineBifs } from './table.js';
import { CELLS_PER_REDUCTION, charge } from './yielding.js';

const isTuple = (t: Term): boolean => (t & Tag.Mask) === Tag.Boxed && (H[t >>> 3] & Kind.Mask) === Kind.Tuple;

/** A count as a term; counts are below 2^30 but for sizes in bits. */
const count = (n: number): Term => (n <= Small.Max ? n << 1 : integerFromNumber(n));

/** Whether the term is a pid, of this or another node. */
export const isPid = (t: Term): boolean => (t & Imm.Mask) === Imm.Pid || boxedKind(t) === Kind.ExternalPid;

/** Whether the term is a port, of this or another node. */
export const isPort = (t: Term): boolean => (t & Imm.Mask) === Imm.Port || boxedKind(t) === Kind.ExternalPort;

/** Whether the term is a reference, of this or another node. */
export function isReference(t: Term): boolean {
  const kind = boxedKind(t);
  return kind === Kind.Reference || kind === Kind.ExternalReference;
}

/** Whether the term is a fun. */
export function isFun(t: Term): boolean {
  const kind = boxedKind(t);
  return kind === Kind.Fun || kind === Kind.ExportFun;
}

function isFunOf(t: Term, arity: Term): Term {
  if (!isInteger(arity) || isNegative(arity)) return badarg();
  return bool(isFun(t) && H[(t >>> 3) + 2] === arity);
}

function element(index: Term, t: Term): Term {
  if ((t & Tag.Mask) !== Tag.Boxed || (index & 1) !== 0) return badarg();
  const at = t >>> 3;
  const word = H[at];
  const i = index >> 1;
  if ((word & Kind.Mask) !== Kind.Tuple || i < 1 || i > word >>> Kind.SizeShift) return badarg();
  return H[at + i];
}

/** A list of more cells costs reductions when it is counted. */
const MANY_CELLS = 1000;

function length(t: Term): Term {
  const n = listLength(t);
  if (n > MANY_CELLS) charge(Math.floor(n / CELLS_PER_REDUCTION));
  return n < 0 ? badarg() : n << 1;
}

/** The bits of a bitstring, or what is left of a match context (OTP 26 and later ask for that); -1 for other terms. */
function bitsOf(t: Term): number {
  if (isBitstring(t)) return bitSizeOf(t);
  return (t & 7) === 3 && (H[t >>> 3] & Kind.Mask) === Kind.MatchContext ? bitsLeft(t >>> 3) : -1;
}

function byteSize(t: Term): Term {
  const bits = bitsOf(t);
  return bits >= 0 ? count(Math.ceil(bits / 8)) : badarg();
}

function bitSize(t: Term): Term {
  const bits = bitsOf(t);
  return bits >= 0 ? count(bits) : badarg();
}

function size(t: Term): Term {
  if (isTuple(t)) return (H[t >>> 3] >>> Kind.SizeShift) << 1;
  return isBitstring(t) ? count(Math.floor(bitSizeOf(t) / 8)) : badarg();
}

function mapValue(key: Term, map: Term): Term {
  if (!isMap(map)) return raiseTagged(am.badmap, map);
  const value = mapGet(map, key);
  return value === Sentinel.None ? raiseTagged(am.badkey, key) : value;
}

function binaryPart(t: Term, start: Term, length: Term): Term {
  if (!isBitstring(t) || ((start | length) & 1) !== 0) return badarg();
  let from = start >> 1;
  let n = length >> 1;
  if (n < 0) {
    from += n;
    n = -n;
  }
  if (from < 0 || start < 0 || from + n > Math.floor(bitSizeOf(t) / 8)) return badarg();
  return bytePart(t, from, n);
}

function isRecord(t: Term, tag: Term): Term {
  if (!isAtom(tag)) return badarg();
  if (isNativeRecord(t)) return bool(nameOf(t) === tag);
  return bool(isTuple(t) && H[t >>> 3] >>> Kind.SizeShift > 0 && H[(t >>> 3) + 1] === tag);
}

/**
 * is_record/3: of a tuple with a tag and a size, or (OTP 29) of a native record of a module. An atom as size is an error before
 * OTP 29, and here unless a module with native records is loaded.
 */
function isRecordOf(t: Term, tag: Term, arity: Term): Term {
  if (isAtom(tag) && isAtom(arity)) {
    if (isNativeRecord(t)) return bool(moduleOf(t) === tag && nameOf(t) === arity);
    for (const m of modules.values()) if (m.source.records !== undefined) return Atom.False;
    return badarg();
  }
  if (!isAtom(tag) || toNumberIfSafe(arity) === undefined) return badarg();
  return bool(
    isTuple(t) &&
      (arity & 1) === 0 &&
      arity > 0 &&
      H[t >>> 3] >>> Kind.SizeShift === arity >> 1 &&
      H[(t >>> 3) + 1] === tag,
  );
}

const THIS_NODE = am['nonode@nohost'];

function nodeOf(t: Term): Term {
  const kind = boxedKind(t);
  if (kind === Kind.ExternalPid || kind === Kind.ExternalPort || kind === Kind.ExternalReference) {
    return H[(t >>> 3) + 1];
  }
  const imm = t & Imm.Mask;
  return imm === Imm.Pid || imm === Imm.Port || kind === Kind.Reference ? THIS_NODE : badarg();
}

function isNumber(t: Term): boolean {
  return (t & 1) === 0 || boxedKind(t) === Kind.Float || isBig(t);
}

const isBoolean = (t: Term): boolean => t === Atom.True || t === Atom.False;

defineBifs('erlang', {
  'abs/1': (a) => arithmetic(absolute(a)),
  'ceil/1': (a) => ((a & 1) === 0 ? a : arithmetic(ceil(a))),
  'floor/1': (a) => ((a & 1) === 0 ? a : arithmetic(floor(a))),
  'round/1': (a) => ((a & 1) === 0 ? a : arithmetic(round(a))),
  'trunc/1': (a) => ((a & 1) === 0 ? a : arithmetic(trunc(a))),
  'float/1': (a) => arithmetic(toFloat(a)),

  'element/2': element,
  'hd/1': (t) => (isCons(t) ? H[t >>> 3] : badarg()),
  'tl/1': (t) => (isCons(t) ? H[(t >>> 3) + 1] : badarg()),
  'length/1': length,
  'tuple_size/1': (t) => (isTuple(t) ? (H[t >>> 3] >>> Kind.SizeShift) << 1 : badarg()),
  'byte_size/1': byteSize,
  'bit_size/1': bitSize,
  'size/1': size,
  'map_size/1': (t) => (isMap(t) ? mapSize(t) << 1 : raiseTagged(am.badmap, t)),
  'map_get/2': mapValue,
  'is_map_key/2': (key, map) =>
    isMap(map) ? bool(mapGet(map, key) !== Sentinel.None) : raiseTagged(am.badmap, map),
  'binary_part/2': (t, where) => {
    if (!isTuple(where) || H[where >>> 3] >>> Kind.SizeShift !== 2) return badarg();
    return binaryPart(t, H[(where >>> 3) + 1], H[(where >>> 3) + 2]);
  },
  'binary_part/3': binaryPart,
  'node/0': () => THIS_NODE,
  'node/1': nodeOf,

  'is_atom/1': (t) => bool(isAtom(t)),
  'is_binary/1': (t) => bool(isBinaryTerm(t)),
  'is_bitstring/1': (t) => bool(isBitstring(t)),
  'is_boolean/1': (t) => bool(isBoolean(t)),
  'is_float/1': (t) => bool(boxedKind(t) === Kind.Float),
  'is_function/1': (t) => bool(isFun(t)),
  'is_function/2': isFunOf,
  'is_integer/1': (t) => bool(isInteger(t)),
  // OTP 29: within bounds.
  'is_integer/3': (t, low, high) =>
    isInteger(low) && isInteger(high)
      ? bool(isInteger(t) && compare(low, t) <= 0 && compare(t, high) <= 0)
      : badarg(),
  'is_list/1': (t) => bool(isCons(t) || t === NIL),
  'is_map/1': (t) => bool(isMap(t)),
  'is_number/1': (t) => bool(isNumber(t)),
  'is_pid/1': (t) => bool(isPid(t)),
  'is_port/1': (t) => bool(isPort(t)),
  'is_record/1': (t) => bool(isNativeRecord(t)),
  'is_record/2': isRecord,
  'is_record/3': isRecordOf,
  'is_reference/1': (t) => bool(isReference(t)),
  'is_tuple/1': (t) => bool(isTuple(t)),

  '=:=/2': (a, b) => bool(exactEqual(a, b)),
  '=/=/2': (a, b) => bool(!exactEqual(a, b)),
  '==/2': (a, b) => bool(equal(a, b)),
  '/=/2': (a, b) => bool(!equal(a, b)),
  '</2': (a, b) => bool(compare(a, b) < 0),
  '>/2': (a, b) => bool(compare(a, b) > 0),
  '=</2': (a, b) => bool(compare(a, b) <= 0),
  '>=/2': (a, b) => bool(compare(a, b) >= 0),
  'max/2': (a, b) => (compare(a, b) >= 0 ? a : b),
  'min/2': (a, b) => (compare(a, b) <= 0 ? a : b),

  '+/1': (a) => (isNumber(a) ? a : arithmetic(negate(a))),
  '-/1': (a) => arithmetic(negate(a)),
  '+/2': (a, b) => arithmetic(add(a, b)),
  '-/2': (a, b) => arithmetic(subtract(a, b)),
  '*/2': (a, b) => arithmetic(multiply(a, b)),
  '//2': (a, b) => arithmetic(divide(a, b)),
  'div/2': (a, b) => arithmetic(intDivide(a, b)),
  'rem/2': (a, b) => arithmetic(remainder(a, b)),
  'band/2': (a, b) => arithmetic(bitAnd(a, b)),
  'bor/2': (a, b) => arithmetic(bitOr(a, b)),
  'bxor/2': (a, b) => arithmetic(bitXor(a, b)),
  'bnot/1': (a) => arithmetic(bitNot(a)),
  'bsl/2': (a, b) => arithmetic(shiftLeft(a, b)),
  'bsr/2': (a, b) => arithmetic(shiftRight(a, b)),

  'and/2': (a, b) => (isBoolean(a) && isBoolean(b) ? bool(a === Atom.True && b === Atom.True) : badarg()),
  'or/2': (a, b) => (isBoolean(a) && isBoolean(b) ? bool(a === Atom.True || b === Atom.True) : badarg()),
  'xor/2': (a, b) => (isBoolean(a) && isBoolean(b) ? bool(a !== b) : badarg()),
  'not/1': (a) => (isBoolean(a) ? bool(a === Atom.False) : badarg()),
});
