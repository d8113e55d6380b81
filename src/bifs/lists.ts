// The list functions that are built in: module lists, and the operators ++ and --. All work in steps (yielding.ts).
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import type { Task } from '../processes/process.js';
import { badarg, raiseError } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { equal, exactEqual } from '../terms/compare.js';
import { keyHash } from '../terms/key-hash.js';
import { consAt, isCons, Kind, NIL, Tag, type Term } from '../terms/tags.js';
import { CELLS_PER_REDUCTION, charge, defineYieldingBifs, inSteps, stepSize } from './yielding.js';

/** Whether =:= is the identity of words for this term: small integers and immediates. */
const isWord = (t: Term): boolean => (t & 1) === 0 || (t & Tag.Mask) === Tag.Immediate;

/** Whether the last find or findKey has found something, at the cell that it gave; else the list ends there, or the step does. */
let isFound = false;

/** Charges for going over cells in a step of which `left` were not gone over. */
function chargeCells(left: number): void {
  const cells = stepSize() - left;
  if (cells >= CELLS_PER_REDUCTION) charge(Math.floor(cells / CELLS_PER_REDUCTION));
}

/** Looks for an item (=:=) in a step. */
function find(item: Term, t: Term): Term {
  const word = isWord(item);
  let left = stepSize();
  isFound = true;
  for (; left > 0 && isCons(t); left--) {
    const other = H[t >>> 3];
    if (other === item || (!word && exactEqual(other, item))) {
      chargeCells(left);
      return t;
    }
    t = H[(t >>> 3) + 1];
  }
  isFound = false;
  chargeCells(left);
  return t;
}

/** Looks for a tuple whose element number `i` is equal (==) to the key, in a step. */
function findKey(key: Term, i: number, t: Term): Term {
  // == is the identity of words for atoms and other immediates, not for small integers (1 == 1.0).
  const word = (key & Tag.Mask) === Tag.Immediate;
  let left = stepSize();
  isFound = true;
  for (; left > 0 && isCons(t); left--, t = H[(t >>> 3) + 1]) {
    const item = H[t >>> 3];
    if ((item & Tag.Mask) !== Tag.Boxed) continue;
    const at = item >>> 3;
    if ((H[at] & Kind.Mask) !== Kind.Tuple || H[at] >>> Kind.SizeShift < i) continue;
    const element = H[at + i];
    if (element === key || (!word && equal(element, key))) {
      chargeCells(left);
      return t;
    }
  }
  isFound = false;
  chargeCells(left);
  return t;
}

/** Looks for something in a list, step by step. */
class Find implements Task {
  bif = 0;
  readonly survives = false;

  /**
   * @param rest where to go on
   * @param search looks in one step
   * @param result what the BIF gives for an item that was found
   */
  constructor(
    private rest: Term,
    private readonly search: (t: Term) => Term,
    private readonly result: (item: Term) => Term,
  ) {}

  abandon(): void {}

  step(): Term | Task {
    this.rest = this.search(this.rest);
    if (isFound) return this.result(H[this.rest >>> 3]);
    if (isCons(this.rest)) return this;
    return this.rest === NIL ? Atom.False : badarg();
  }
}

function member(item: Term, t: Term): Term | Task {
  const end = find(item, t);
  if (isFound) return Atom.True;
  if (isCons(end)) {
    return new Find(
      end,
      (rest) => find(item, rest),
      () => Atom.True,
    );
  }
  return end === NIL ? Atom.False : badarg();
}

/** lists:keyfind/3 and its like; `result` makes theirs of the tuple. */
const keySearch =
  (result: (item: Term) => Term) =>
  (key: Term, position: Term, t: Term): Term | Task => {
    if ((position & 1) !== 0 || position < 2) return badarg();
    const i = position >> 1;
    const end = findKey(key, i, t);
    if (isFound) return result(H[end >>> 3]);
    if (isCons(end)) return new Find(end, (rest) => findKey(key, i, rest), result);
    return end === NIL ? Atom.False : badarg();
  };

const VALUE = atom('value');

/** Number of cells of a proper list that is not long; negative: it is no list, or long. */
function shortLength(t: Term): number {
  let n = 0;
  const most = stepSize();
  for (; isCons(t); t = H[(t >>> 3) + 1]) if (++n > most) return -2;
  return t === NIL ? n : -1;
}

function reverse(t: Term, rest: Term): Term | Task {
  const n = shortLength(t);
  if (n === -2) return inSteps(reverseLong(t, rest));
  if (n <= 0) return n === 0 ? rest : badarg();
  charge(Math.floor(n / CELLS_PER_REDUCTION));
  return reverseCells(t, n, rest);
}

/** The first n cells reversed in front of `rest`. */
function reverseCells(t: Term, n: number, rest: Term): Term {
  let at = allocate(2 * n);
  for (; n > 0; n--) {
    H[at] = H[t >>> 3];
    H[at + 1] = rest;
    rest = consAt(at);
    at += 2;
    t = H[(t >>> 3) + 1];
  }
  return rest;
}

/** Where a list goes on behind at most a step's cells, and how many they are. */
function skip(t: Term): { rest: Term; cells: number } {
  const most = stepSize();
  let cells = 0;
  for (; cells < most && isCons(t); cells++) t = H[(t >>> 3) + 1];
  return { rest: t, cells };
}

function* reverseLong(t: Term, last: Term): Generator<undefined, Term> {
  let result = last;
  for (let from = t; from !== NIL; ) {
    const { rest, cells } = skip(from);
    if (cells === 0) return badarg();
    result = reverseCells(from, cells, result);
    from = rest;
    yield;
  }
  return result;
}

function append(left: Term, right: Term): Term | Task {
  const n = shortLength(left);
  if (n === -2) return inSteps(appendLong(left, right));
  if (n <= 0) return n === 0 ? right : badarg();
  charge(Math.floor(n / CELLS_PER_REDUCTION));
  const first = copyCells(left, n);
  H[first + 2 * n - 1] = right;
  return consAt(first);
}

/** A copy of the first n cells, in a row; the last tail is []. The index of the first. */
function copyCells(t: Term, n: number): number {
  const first = allocate(2 * n);
  let at = first;
  for (let i = 0; i < n; i++) {
    H[at] = H[t >>> 3];
    H[at + 1] = consAt(at + 2);
    at += 2;
    t = H[(t >>> 3) + 1];
  }
  H[at - 1] = NIL;
  return first;
}

function* appendLong(left: Term, right: Term): Generator<undefined, Term> {
  let first = 0;
  let last = 0;
  for (let from = left; from !== NIL; ) {
    const { rest, cells } = skip(from);
    if (cells === 0) return badarg();
    const copied = copyCells(from, cells);
    if (first === 0) first = copied;
    else H[last] = consAt(copied);
    last = copied + 2 * cells - 1;
    from = rest;
    yield;
  }
  H[last] = right;
  return consAt(first);
}

/** How often each term is there: words by themselves, others by a hash. */
class Counts {
  private readonly words = new Map<Term, number>();
  private readonly others = new Map<number, { item: Term; count: number }[]>();

  add(item: Term): void {
    if (isWord(item)) {
      this.words.set(item, (this.words.get(item) ?? 0) + 1);
      return;
    }
    const hash = keyHash(item);
    const same = this.others.get(hash);
    const known = same?.find((other) => exactEqual(other.item, item));
    if (known !== undefined) known.count++;
    else if (same !== undefined) same.push({ item, count: 1 });
    else this.others.set(hash, [{ item, count: 1 }]);
  }

  /** Takes one away if there is one. */
  take(item: Term): boolean {
    if (isWord(item)) {
      const n = this.words.get(item) ?? 0;
      if (n > 0) this.words.set(item, n - 1);
      return n > 0;
    }
    if (this.others.size === 0) return false;
    const known = this.others.get(keyHash(item))?.find((other) => exactEqual(other.item, item));
    return known !== undefined && known.count > 0 && known.count-- > 0;
  }
}

/** Cells that are counted or looked up in a step: each is more work than to go over it. */
const COUNTING = 8;

/** Whether a list is proper, in steps. */
function* isProper(t: Term): Generator<undefined, boolean> {
  while (isCons(t)) {
    t = skip(t).rest;
    if (isCons(t)) yield;
  }
  return t === NIL;
}

function* subtractLong(left: Term, right: Term): Generator<undefined, Term> {
  if (!(yield* isProper(left)) || !(yield* isProper(right))) return badarg();
  if (left === NIL || right === NIL) return left;
  const counts = new Counts();
  const perStep = Math.ceil(stepSize() / COUNTING);
  let n = 0;
  let missing = 0;
  for (let t = right; t !== NIL; t = H[(t >>> 3) + 1]) {
    counts.add(H[t >>> 3]);
    missing++;
    if (++n % perStep === 0) yield;
  }
  const kept: Term[] = [];
  for (let t = left; t !== NIL; t = H[(t >>> 3) + 1]) {
    if (missing === 0) return list(kept, t);
    const item = H[t >>> 3];
    if (counts.take(item)) missing--;
    else kept.push(item);
    if (++n % perStep === 0) yield;
  }
  charge(Math.floor((n * COUNTING) / CELLS_PER_REDUCTION));
  return list(kept);
}

/** Up to so many items on the right of --, comparing with each is fastest. */
const FEW = 8;
const few: Term[] = [];

function subtract(left: Term, right: Term): Term | Task {
  const n = shortLength(right);
  const m = n === -1 ? -1 : shortLength(left);
  if (n === -2 || m === -2 || n > FEW) return inSteps(subtractLong(left, right));
  if (n < 0 || m < 0) return badarg();
  chargeCells(stepSize() - m);
  few.length = 0;
  for (let t = right; t !== NIL; t = H[(t >>> 3) + 1]) few.push(H[t >>> 3]);
  const kept: Term[] = [];
  let t = left;
  for (; t !== NIL && few.length > 0; t = H[(t >>> 3) + 1]) {
    const item = H[t >>> 3];
    const at = isWord(item) ? few.indexOf(item) : few.findIndex((other) => exactEqual(other, item));
    if (at < 0) kept.push(item);
    else few.splice(at, 1);
  }
  return list(kept, t);
}

/** reverse/1: Erlang code in OTP, which takes the first two elements itself. */
function reverseAll(t: Term): Term | Task {
  const tail = isCons(t) ? H[(t >>> 3) + 1]! : t;
  return tail === NIL || isCons(tail) ? reverse(t, NIL) : raiseError(am.function_clause);
}

defineYieldingBifs('lists', {
  'member/2': member,
  // Erlang code in OTP. type-flow.ts relies on its giving the elements that it was given.
  'reverse/1': reverseAll,
  'reverse/2': reverse,
  'keyfind/3': keySearch((item) => item),
  'keymember/3': keySearch(() => Atom.True),
  'keysearch/3': keySearch((item) => tuple(VALUE, item)),
});

defineYieldingBifs('erlang', {
  '++/2': append,
  'append/2': append,
  '--/2': subtract,
  'subtract/2': subtract,
});
