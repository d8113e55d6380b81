// Modules atomics and counters: arrays of integers of 64 bits that wrap around. There is one thread, so every operation is
// atomic, and counters are atomics with another name.
import { ArenaFull } from '../memory/allocate.js';
import { H, I64 } from '../memory/arena.js';
import { MAX_BINARY, Shared } from '../memory/off-heap.js';
import { RESOURCE_PREFIX, resourceOf } from '../memory/resources.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { Handle, resourceTerm } from '../processes/references.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, mapFromPairs, tuple, tupleArity, tupleElement } from '../terms/build.js';
import {
  integerFromBigInt,
  integerFromNumber,
  isInteger,
  isNegative,
  toBigInt,
  toNumberIfSafe,
} from '../terms/integer.js';
import { isSmall, NIL, Sentinel, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

/** An array, which is a resource (memory/resources.ts): where in I64 its elements are, and how many. */
interface Atomics {
  first: number;
  size: number;
  signed: boolean;
}

const TWO_64 = 1n << 64n;
const MAX_SIGNED = (1n << 63n) - 1n;
const MIN_SIGNED = -(1n << 63n);

/** Most elements of an array. */
const MAX_SIZE = Math.floor((MAX_BINARY - RESOURCE_PREFIX) / 8);

const BADOPT = atom('badopt');
const SIGNED = atom('signed');
const ATOMICS = atom('atomics');
const WRITE_CONCURRENCY = atom('write_concurrency');

/** The reference of a new array of zeros; raises for what is no size. */
function newArray(size: Term, signed: boolean): Term {
  if (!isInteger(size) || isNegative(size) || size === 0) return badarg();
  const n = toNumberIfSafe(size);
  if (n === undefined || n > MAX_SIZE) return raiseError(am.system_limit);
  try {
    return resourceTerm(signed ? Handle.SignedAtomics : Handle.UnsignedAtomics, 8 * n);
  } catch (error) {
    if (error instanceof ArenaFull) return raiseError(am.system_limit);
    throw error;
  }
}

function newAtomics(size: Term, options: Term): Term {
  const items = listToArray(options);
  let signed = true;
  for (const item of items ?? []) {
    const value =
      isTuple(item) && tupleArity(item) === 2 && tupleElement(item, 0) === SIGNED
        ? tupleElement(item, 1)
        : NIL;
    if (value !== Atom.True && value !== Atom.False) return badargBecause(BADOPT);
    signed = value === Atom.True;
  }
  return items === undefined ? badargBecause(BADOPT) : newArray(size, signed);
}

function newCounters(size: Term, options: Term): Term {
  const items = listToArray(options);
  if (items === undefined || items.length > 1) return badargBecause(BADOPT);
  const kind = items[0] ?? ATOMICS;
  if (kind !== ATOMICS && kind !== WRITE_CONCURRENCY) return badargBecause(BADOPT);
  const array = newArray(size, true);
  return array === Sentinel.Unwind ? array : tuple(kind, array);
}

function atomicsOf(t: Term): Atomics | undefined {
  let signed = true;
  let bytes = resourceOf(t, Handle.SignedAtomics);
  if (bytes === 0) {
    bytes = resourceOf(t, Handle.UnsignedAtomics);
    if (bytes === 0) return undefined;
    signed = false;
  }
  return {
    first: (bytes >>> 1) + RESOURCE_PREFIX / 8,
    size: (H[bytes + Shared.Capacity] - RESOURCE_PREFIX) / 8,
    signed,
  };
}

/** The array of {atomics | write_concurrency, Reference}. */
function countersOf(t: Term): Atomics | undefined {
  if (!isTuple(t) || tupleArity(t) !== 2) return undefined;
  const kind = tupleElement(t, 0);
  return kind === ATOMICS || kind === WRITE_CONCURRENCY ? atomicsOf(tupleElement(t, 1)) : undefined;
}

/** Which element is meant, from 0; -1: there is none. */
function indexOf(array: Atomics, index: Term): number {
  return isSmall(index) && index > 0 && index >> 1 <= array.size ? (index >> 1) - 1 : -1;
}

/** A number that an element can have; undefined for others. */
function numberOf(array: Atomics, t: Term): bigint | undefined {
  if (!isInteger(t)) return undefined;
  const value = toBigInt(t);
  const fits = array.signed ? value >= MIN_SIGNED && value <= MAX_SIGNED : value >= 0n && value < TWO_64;
  return fits ? value : undefined;
}

/** A number that can be added: of 64 bits with or without sign. */
function incrementOf(t: Term, sign: bigint): bigint | undefined {
  if (!isInteger(t)) return undefined;
  const value = sign * toBigInt(t);
  return value >= MIN_SIGNED && value < TWO_64 ? value : undefined;
}

function read(array: Atomics, at: number): Term {
  const value = I64[array.first + at];
  return integerFromBigInt(array.signed ? value : BigInt.asUintN(64, value));
}

type Find = (t: Term) => Atomics | undefined;

const get =
  (find: Find) =>
  (t: Term, index: Term): Term => {
    const array = find(t);
    const at = array === undefined ? -1 : indexOf(array, index);
    return at < 0 ? badarg() : read(array!, at);
  };

const put =
  (find: Find) =>
  (t: Term, index: Term, value: Term): Term => {
    const array = find(t);
    const at = array === undefined ? -1 : indexOf(array, index);
    const number = at < 0 ? undefined : numberOf(array!, value);
    if (number === undefined) return badarg();
    I64[array!.first + at] = number;
    return Atom.Ok;
  };

const add =
  (find: Find, sign: bigint, gives: boolean) =>
  (t: Term, index: Term, increment: Term): Term => {
    // Native subtracts by adding the negative number, which has to be one.
    if (sign < 0n && !isInteger(increment)) return raiseError(am.badarith);
    const array = find(t);
    const at = array === undefined ? -1 : indexOf(array, index);
    const number = at < 0 ? undefined : incrementOf(increment, sign);
    if (number === undefined) return badarg();
    I64[array!.first + at] += number;
    return gives ? read(array!, at) : Atom.Ok;
  };

function exchange(t: Term, index: Term, value: Term): Term {
  const array = atomicsOf(t);
  const at = array === undefined ? -1 : indexOf(array, index);
  const number = at < 0 ? undefined : numberOf(array!, value);
  if (number === undefined) return badarg();
  const old = read(array!, at);
  I64[array!.first + at] = number;
  return old;
}

function compareExchange(t: Term, index: Term, expected: Term, value: Term): Term {
  const array = atomicsOf(t);
  const at = array === undefined ? -1 : indexOf(array, index);
  const wanted = at < 0 ? undefined : numberOf(array!, expected);
  const number = at < 0 ? undefined : numberOf(array!, value);
  if (wanted === undefined || number === undefined) return badarg();
  if (I64[array!.first + at] !== BigInt.asIntN(64, wanted)) return read(array!, at);
  I64[array!.first + at] = number;
  return Atom.Ok;
}

function info(array: Atomics | undefined, bounds: boolean): Term {
  if (array === undefined) return badarg();
  const n = array.size;
  const pairs: [Term, Term][] = [
    [atom('size'), integerFromNumber(n)],
    [atom('memory'), integerFromNumber(8 * n + 40)],
  ];
  if (bounds)
    pairs.push(
      [atom('max'), integerFromBigInt(array.signed ? MAX_SIGNED : TWO_64 - 1n)],
      [atom('min'), integerFromBigInt(array.signed ? MIN_SIGNED : 0n)],
    );
  return mapFromPairs(pairs);
}

defineBifs('atomics', {
  'new/2': newAtomics,
  'get/2': get(atomicsOf),
  'put/3': put(atomicsOf),
  'add/3': add(atomicsOf, 1n, false),
  'add_get/3': add(atomicsOf, 1n, true),
  'sub/3': add(atomicsOf, -1n, false),
  'sub_get/3': add(atomicsOf, -1n, true),
  'exchange/3': exchange,
  'compare_exchange/4': compareExchange,
  'info/1': (t) => info(atomicsOf(t), true),
});

defineBifs('counters', {
  'new/2': newCounters,
  'get/2': get(countersOf),
  'put/3': put(countersOf),
  'add/3': add(countersOf, 1n, false),
  'sub/3': add(countersOf, -1n, false),
  'info/1': (t) => info(countersOf(t), tupleElement(t, 0) === ATOMICS),
});
