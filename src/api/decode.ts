// Terms to JavaScript values: copies, so that nothing on JavaScript's side depends on Erlang's heaps; but for funs and what
// is opaque, of which copies are kept on Erlang's side (held.ts). Terms may be nested as deep as they like.
import { H } from '../memory/arena.js';
import { bitSizeOf, bytesOf, isBinaryTerm } from '../terms/access.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import { floatValue } from '../terms/float.js';
import { formatWrite } from '../terms/format.js';
import { safeDouble, toBigInt } from '../terms/integer.js';
import { mapKeys, mapValues } from '../terms/map-access.js';
import { Imm, Kind, NIL, type Term } from '../terms/tags.js';
import { hold, owner } from './held.js';
import {
  Bitstring,
  Float,
  type Fun,
  ImproperList,
  Opaque,
  Pid,
  Port,
  Reference,
  Tuple,
  TurbeamError,
  type Value,
} from './values.js';

/** Whether floats with an integral value come back as Float objects. */
export const exactFloats = { on: false };

/** Makes the function that JavaScript calls for a fun. */
export const funMaker: { make: (fun: Term, arity: number) => Fun } = {
  make: () => {
    throw new Error('no maker of funs');
  },
};

/**
 * Most words of terms that one value is made of. Terms share their parts and values do not, so that a term of a few words can be
 * a value of any size.
 */
export const decodeLimit = { words: 1 << 28 };
/** What an array or the like takes besides its elements, in words. */
const CONTAINER_WORDS = 8;
let left = 0;

function take(words: number): void {
  left -= words;
  if (left < 0)
    throw new TurbeamError(
      'failed',
      'the value is too large for JavaScript: its parts are shared in Erlang, copies would take more memory than there is',
    );
}

/** Arrays, tuples and maps whose elements have still to be made, with their terms. */
const containers: unknown[] = [];
const terms: Term[] = [];

/** The value of a term. */
export function decode(t: Term): Value {
  if ((t & 1) === 0) return t >> 1;
  left = decodeLimit.words;
  return decodeAll(t);
}

function decodeAll(t: Term): Value {
  try {
    const value = shallow(t);
    while (containers.length > 0) fill(containers.pop(), terms.pop()!);
    return value;
  } catch (error) {
    containers.length = terms.length = 0;
    throw error;
  }
}

const TOO_LARGE = '#<a value that is too large for JavaScript>';

/** Whether the value stands for one that decodeOrHide has hidden. */
export const isTooLarge = (value: Opaque): boolean => String(value) === TOO_LARGE;

/** The same where nobody could take an error; for what is larger than so many words, an opaque value. */
export function decodeOrHide(t: Term, words = decodeLimit.words): Value {
  left = words;
  try {
    return decodeAll(t);
  } catch (error) {
    if (error instanceof TurbeamError) return new Opaque(owner, TOO_LARGE);
    throw error;
  }
}

function fill(container: unknown, t: Term): void {
  if (container instanceof Map) {
    const keys = mapKeys(t);
    take(2 * keys.length);
    const values = mapValues(t);
    for (let i = 0; i < keys.length; i++) container.set(shallow(keys[i]!), shallow(values[i]!));
    return;
  }
  const items = container as Value[];
  if ((t & 7) === 1) {
    for (let i = 0; i < items.length; i++) {
      const at = t >>> 3;
      const e = H[at]!;
      items[i] = (e & 1) === 0 ? e >> 1 : shallow(e);
      t = H[at + 1]!;
    }
    return;
  }
  const at = (t >>> 3) + 1;
  for (let i = 0; i < items.length; i++) {
    const e = H[at + i]!;
    items[i] = (e & 1) === 0 ? e >> 1 : shallow(e);
  }
}

function later<T>(container: T, t: Term): T {
  containers.push(container);
  terms.push(t);
  return container;
}

/** A value whose elements are made later. */
function shallow(t: Term): Value {
  if ((t & 1) === 0) return t >> 1;
  if ((t & 7) === 1) return list(t);
  if ((t & 7) === 3) return boxed(t);
  switch (t & Imm.Mask) {
    case Imm.Nil:
      return [];
    case Imm.Atom:
      return atomValue(t);
    case Imm.Pid:
      return new Pid(owner, [t], formatWrite(t));
    case Imm.Port:
      return new Port(owner, [t], formatWrite(t));
  }
  return new Opaque(owner, formatWrite(t));
}

const NULL = atom('null');
const symbols: symbol[] = [];

function atomValue(t: Term): symbol | boolean | undefined | null {
  switch (t) {
    case Atom.True:
      return true;
    case Atom.False:
      return false;
    case Atom.Undefined:
      return undefined;
    case NULL:
      return null;
  }
  const n = t >>> 6;
  return (symbols[n] ??= Symbol.for(atomName(t)));
}

function list(t: Term): Value[] | ImproperList {
  let n = 0;
  let tail = t;
  for (; (tail & 7) === 1; tail = H[(tail >>> 3) + 1]!) n++;
  take(2 * n + CONTAINER_WORDS);
  const items = later(n < 50_000 ? new Array<Value>(n) : Array.from<Value>({ length: n }), t);
  return tail === NIL ? items : new ImproperList(items, shallow(tail));
}

function boxed(t: Term): Value {
  const at = t >>> 3;
  const size = H[at]! >>> Kind.SizeShift;
  take(size + CONTAINER_WORDS);
  switch (H[at]! & Kind.Mask) {
    case Kind.Tuple:
      return new Tuple(later(new Array<Value>(size), t));
    case Kind.Float: {
      const d = floatValue(t);
      return exactFloats.on && Number.isSafeInteger(d) ? new Float(d) : d;
    }
    case Kind.PositiveBig:
    case Kind.NegativeBig: {
      const n = safeDouble(t);
      return n === n ? n : toBigInt(t);
    }
    case Kind.FlatMap:
    case Kind.HashMap:
      return later(new Map<Value, Value>(), t);
    case Kind.HeapBinary:
    case Kind.RefcBinary:
      return Buffer.from(bytesOf(t));
    case Kind.SubBinary:
      return isBinaryTerm(t)
        ? Buffer.from(bytesOf(t))
        : new Bitstring(Uint8Array.from(bytesOf(t)), bitSizeOf(t));
    case Kind.Reference:
    case Kind.ExternalReference:
      return new Reference(owner, words(at, size), formatWrite(t));
    case Kind.ExternalPid:
      return new Pid(owner, words(at, size), formatWrite(t));
    case Kind.ExternalPort:
      return new Port(owner, words(at, size), formatWrite(t));
    case Kind.Fun:
    case Kind.ExportFun:
      return funMaker.make(t, H[at + 2]! >> 1);
  }
  const opaque = new Opaque(owner, formatWrite(t));
  hold(opaque, t);
  return opaque;
}

function words(at: number, size: number): number[] {
  return Array.from(H.subarray(at, at + size + 1));
}
