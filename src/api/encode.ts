// JavaScript values to terms, in memory of the running process. Arrays and tuples may be nested as deep as one likes; what is
// in maps is made by recursion.
import { inspect, types } from 'node:util';
import { D, H } from '../memory/arena.js';

import { MAX_BINARY, MAX_HEAP_BINARY } from '../memory/off-heap.js';
import { Atom, atom, MAX_ATOM_CHARACTERS } from '../terms/atoms.js';
import { binary, stringList, subBinary } from '../terms/build.js';
import { IntegerLimit, integerFromBigInt, integerInto } from '../terms/integer.js';
import { mapOf as mapOfTerms } from '../terms/map-update.js';
import { boxedAt, consAt, header, Imm, Kind, MAX_TUPLE_ARITY, NIL, Small, type Term } from '../terms/tags.js';
import type { HostFunction } from './functions.js';
import { heldOf, owner } from './held.js';
import { closeRoom, openRoom, room } from './room.js';
import {
  type Argument,
  Bitstring,
  Charlist,
  Float,
  ImproperList,
  Opaque,
  Pid,
  Port,
  Reference,
  Tuple,
} from './values.js';

/** Deeper than that arrays are taken for cyclic; maps, for which JavaScript's stack is used. */
const MAX_DEPTH = 1_000_000;
const MAX_MAP_DEPTH = 500;

/**
 * Arrays and tuples whose elements have still to be made: the elements, where the first goes, the step, the depth, and how many there
 * is room for. A getter that runs meanwhile may change the array.
 */
const elementsOf: (readonly Argument[])[] = [];
const places: number[] = [];

const NULL = atom('null');

let mapDepth = 0;

/** Makes funs of JavaScript functions; set by engine.ts. */
export const closures: { term: (fn: HostFunction, room: (words: number) => number) => Term } = {
  term: () => NIL,
};

/** The term of a value. Throws TypeError or RangeError for what Erlang has no counterpart for. */
export function encode(v: Argument): Term {
  switch (typeof v) {
    case 'number':
      if (v <= Small.Max && v >= Small.Min && v === (v | 0)) return v << 1;
      return number(v);
    case 'boolean':
      return v ? Atom.True : Atom.False;
    case 'undefined':
      return Atom.Undefined;
    case 'symbol':
      return symbolTerm(v);
  }
  if (v === null) return NULL;
  openRoom();
  try {
    return build(v);
  } finally {
    closeRoom();
    elementsOf.length = places.length = 0;
    mapDepth = 0;
  }
}

/** The same for a part of a value. */
function build(v: Argument): Term {
  const from = elementsOf.length;
  const term = shallow(v, 0);
  while (elementsOf.length > from) {
    const elements = elementsOf.pop()!;
    const n = places.pop()!;
    const depth = places.pop()!;
    const step = places.pop()!;
    let at = places.pop()!;
    for (let i = 0; i < n; i++) {
      const e = elements[i];
      H[at] =
        typeof e === 'number' && e <= Small.Max && e >= Small.Min && e === (e | 0)
          ? e << 1
          : shallow(e, depth);
      at += step;
    }
  }
  return term;
}

function later(elements: readonly Argument[], n: number, at: number, step: number, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('the value is cyclic, or nested too deep');
  // It must not lead anywhere until then.
  for (let i = 0; i < n; i++) H[at + i * step] = NIL;
  elementsOf.push(elements);
  places.push(at, step, depth + 1, n);
}

/** A term whose elements are made later. */
function shallow(v: Argument, depth: number): Term {
  switch (typeof v) {
    case 'number':
      return number(v);
    case 'string':
      return bytes(Buffer.from(v, 'utf8'));
    case 'boolean':
      return v ? Atom.True : Atom.False;
    case 'undefined':
      return Atom.Undefined;
    case 'symbol':
      return symbolTerm(v);
    case 'bigint':
      return bigint(v);
    case 'function':
      return held(v);
  }
  if (v === null) return NULL;
  if (Array.isArray(v)) return listOf(v, NIL, depth);
  if (v instanceof Tuple) return tupleOf(v.elements, depth);
  if (v instanceof Map) return mapOf([...v.keys()], [...v.values()], build);
  if (v instanceof Uint8Array) return bytes(v);
  if (v instanceof Float) return float(v.value);
  if (v instanceof Pid || v instanceof Port || v instanceof Reference) return identifier(v);
  if (v instanceof Charlist) return stringList(v.text, room);
  if (v instanceof ImproperList) return improper(v, depth);
  if (v instanceof Bitstring) return bitstring(v);
  if (v instanceof Opaque) return held(v);
  if (ArrayBuffer.isView(v)) return bytes(new Uint8Array(v.buffer, v.byteOffset, v.byteLength));
  if (types.isAnyArrayBuffer(v)) return bytes(new Uint8Array(v));
  const prototype = Object.getPrototypeOf(v);
  if (prototype === Object.prototype || prototype === null) return objectOf(v as Record<string, Argument>);
  throw new TypeError(`no counterpart in Erlang: ${show(v)}`);
}

const show = (v: unknown): string => inspect(v, { depth: 0, breakLength: Infinity });

function number(v: number): Term {
  if (Number.isSafeInteger(v)) return integerInto(v, room);
  return float(v);
}

function float(d: number): Term {
  if (!Number.isFinite(d)) throw new RangeError(`Erlang's floats are finite, ${d} is not`);
  const at = room(3);
  H[at] = header(Kind.Float, 2);
  D.setFloat64((at + 1) * 4, d, true);
  return boxedAt(at);
}

/** bigints of more bits take longer to be made. */
const LIMIT = 1n << 64n;

function bigint(v: bigint): Term {
  if ((v > LIMIT || v < -LIMIT) && v.toString(16).length * 4 > IntegerLimit.Bits)
    throw new RangeError('the integer is larger than Erlang allows');
  return integerFromBigInt(v);
}

const atomOfSymbol = new Map<symbol, Term>();

function symbolTerm(s: symbol): Term {
  return atomOfSymbol.get(s) ?? newAtom(s);
}

function newAtom(s: symbol): Term {
  const name = Symbol.keyFor(s);
  if (name === undefined)
    throw new TypeError(`${String(s)} is no atom: make atoms with atom(name) or Symbol.for(name)`);
  if (name.length > MAX_ATOM_CHARACTERS && [...name].length > MAX_ATOM_CHARACTERS)
    throw new RangeError(`an atom has at most ${MAX_ATOM_CHARACTERS} characters`);
  const term = atom(name);
  atomOfSymbol.set(s, term);
  return term;
}

function listOf(items: readonly Argument[], tail: Term, depth: number): Term {
  const n = items.length;
  if (n === 0) return tail;
  const at = room(2 * n);
  later(items, n, at, 2, depth);
  for (let i = 1; i < n; i++) H[at + 2 * i - 1] = consAt(at + 2 * i);
  H[at + 2 * n - 1] = tail;
  return consAt(at);
}

function improper({ items, tail }: ImproperList<Argument>, depth: number): Term {
  const n = items.length;
  if (n === 0) throw new TypeError('an ImproperList has at least one item before its tail');
  const list = listOf(items, NIL, depth);
  // The tail's word is that of the last cell.
  later([tail], 1, (list >>> 3) + 2 * n - 1, 1, depth);
  return list;
}

function tupleOf(elements: readonly Argument[], depth: number): Term {
  const n = elements.length;
  if (n > MAX_TUPLE_ARITY) throw new RangeError(`a tuple has at most ${MAX_TUPLE_ARITY} elements`);
  const at = room(1 + n);
  H[at] = header(Kind.Tuple, n);
  later(elements, n, at + 1, 1, depth);
  return boxedAt(at);
}

/** Keys have to be complete before the map is made, so this is by recursion. */
function mapOf<K>(keys: readonly K[], values: readonly Argument[], keyTerm: (key: K) => Term): Term {
  if (++mapDepth > MAX_MAP_DEPTH)
    throw new RangeError(`maps are cyclic, or nested deeper than ${MAX_MAP_DEPTH}`);
  const n = keys.length;
  const keyTerms = new Array<Term>(n);
  const valueTerms = new Array<Term>(n);
  for (let i = 0; i < n; i++) {
    keyTerms[i] = keyTerm(keys[i]!);
    valueTerms[i] = build(values[i]);
  }
  mapDepth--;
  return mapOfTerms(keyTerms, valueTerms, room);
}

function objectOf(v: Record<string, Argument>): Term {
  const names = Object.keys(v);
  const values = new Array<Argument>(names.length);
  for (let i = 0; i < names.length; i++) values[i] = v[names[i]!];
  return mapOf(names, values, nameTerm);
}

const atomOfName = new Map<string, Term>();

/** The atom of a name. Throws RangeError if that is too long. */
export function nameTerm(name: string): Term {
  let term = atomOfName.get(name);
  if (term === undefined) {
    term = symbolTerm(Symbol.for(name));
    atomOfName.set(name, term);
  }
  return term;
}

function bytes(b: Uint8Array): Term {
  if (b.length > MAX_BINARY) throw new RangeError(`a binary has at most ${MAX_BINARY} bytes`);
  // A large one has its bytes off the heap.
  return b.length > MAX_HEAP_BINARY ? binary(b) : binary(b, room);
}

function bitstring({ bytes: b, bitSize }: Bitstring): Term {
  const size = Math.ceil(bitSize / 8);
  if (!Number.isInteger(bitSize) || bitSize < 0 || size > b.length)
    throw new RangeError(`no bitstring: ${bitSize} bits in ${b.length} bytes`);
  const whole = bytes(b.subarray(0, size));
  return bitSize % 8 === 0 ? whole : subBinary(whole, 0, bitSize, room);
}

function foreign(what: object): TypeError {
  return new TypeError(`${String(what)} belongs to another runtime`);
}

function identifier(v: Pid | Port | Reference): Term {
  if (v.owner !== owner) throw foreign(v);
  const { words } = v;
  if (words.length === 1) return words[0]!;
  const at = room(words.length);
  for (let i = 0; i < words.length; i++) H[at + i] = words[i]!;
  return boxedAt(at);
}

// biome-ignore lint/complexity/noBannedTypes: whatever function the user gives
function held(v: Function | Opaque): Term {
  const h = heldOf(v);
  if (h !== undefined) return h.copyOut(room);
  if (v instanceof Opaque) throw foreign(v);
  return closures.term(v as HostFunction, room);
}

/** Whether the term is an immediate, which needs no memory. */
export function isImmediate(t: Term): boolean {
  return (t & 1) === 0 || (t & 7) === Imm.Nil;
}
