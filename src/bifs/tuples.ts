// BIFs that make and change tuples. (Module erlang.)
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg } from '../processes/raise.js';
import { isTuple, list, listLength, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { boxedAt, header, isCons, Kind, MAX_TUPLE_ARITY, Sentinel, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

/** A tuple with room for `arity` elements: the word index of its header. */
function newTuple(arity: number): number {
  const at = allocate(arity + 1);
  H[at] = header(Kind.Tuple, arity);
  return at;
}

/** A copy of the tuple's elements [from, to) to word `at`. */
function copyElements(t: Term, from: number, to: number, at: number): void {
  const start = (t >>> 3) + 1;
  // A loop beats copyWithin for the tuples that records are.
  if (to - from < 64) for (let i = from; i < to; i++) H[at + i - from] = H[start + i];
  else H.copyWithin(at, start + from, start + to);
}

function makeTuple(arity: Term, value: Term): Term {
  if ((arity & 1) !== 0 || arity < 0 || arity >> 1 > MAX_TUPLE_ARITY) return badarg();
  const n = arity >> 1;
  const at = newTuple(n);
  H.fill(value, at + 1, at + 1 + n);
  return boxedAt(at);
}

function makeTupleOf(arity: Term, value: Term, settings: Term): Term {
  const items = listToArray(settings);
  if (items === undefined) return badarg();
  const t = makeTuple(arity, value);
  if (t === Sentinel.Unwind) return t;
  const n = arity >> 1;
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) !== 2) return badarg();
    const position = tupleElement(item, 0);
    if ((position & 1) !== 0 || position >> 1 < 1 || position >> 1 > n) return badarg();
    H[(t >>> 3) + (position >> 1)] = tupleElement(item, 1);
  }
  return t;
}

function setElement(index: Term, t: Term, value: Term): Term {
  if ((index & 1) !== 0 || !isTuple(t)) return badarg();
  const n = tupleArity(t);
  const i = index >> 1;
  if (i < 1 || i > n) return badarg();
  const at = newTuple(n);
  copyElements(t, 0, n, at + 1);
  H[at + i] = value;
  return boxedAt(at);
}

function insertElement(index: Term, t: Term, value: Term): Term {
  if ((index & 1) !== 0 || !isTuple(t)) return badarg();
  const n = tupleArity(t);
  const i = index >> 1;
  if (i < 1 || i > n + 1 || n === MAX_TUPLE_ARITY) return badarg();
  const at = newTuple(n + 1);
  copyElements(t, 0, i - 1, at + 1);
  H[at + i] = value;
  copyElements(t, i - 1, n, at + i + 1);
  return boxedAt(at);
}

function deleteElement(index: Term, t: Term): Term {
  if ((index & 1) !== 0 || !isTuple(t)) return badarg();
  const n = tupleArity(t);
  const i = index >> 1;
  if (i < 1 || i > n) return badarg();
  const at = newTuple(n - 1);
  copyElements(t, 0, i - 1, at + 1);
  copyElements(t, i, n, at + i);
  return boxedAt(at);
}

function listToTuple(t: Term): Term {
  const n = listLength(t);
  if (n < 0 || n > MAX_TUPLE_ARITY) return badarg();
  const at = newTuple(n);
  for (let i = 1; isCons(t); t = H[(t >>> 3) + 1]) H[at + i++] = H[t >>> 3];
  return boxedAt(at);
}

defineBifs('erlang', {
  'make_tuple/2': makeTuple,
  'make_tuple/3': makeTupleOf,
  'setelement/3': setElement,
  'append_element/2': (t, value) =>
    isTuple(t) ? insertElement((tupleArity(t) + 1) << 1, t, value) : badarg(),
  'insert_element/3': insertElement,
  'delete_element/2': deleteElement,
  'tuple_to_list/1': (t) => {
    if (!isTuple(t)) return badarg();
    const at = (t >>> 3) + 1;
    return list(H.subarray(at, at + tupleArity(t)));
  },
  'list_to_tuple/1': listToTuple,
});
