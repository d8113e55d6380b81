// The list functions that are built in: module lists, and the operators ++ and --.
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg, raiseError } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { list, listLength, listToArray, tuple } from '../terms/build.js';
import { compareExact, equal, exactEqual } from '../terms/compare.js';
import { consAt, isCons, Kind, NIL, Sentinel, Tag, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

/** Whether =:= is the identity of words for this term: small integers and immediates. */
const isWord = (t: Term): boolean => (t & 1) === 0 || (t & Tag.Mask) === Tag.Immediate;

function member(item: Term, t: Term): Term {
  if (isWord(item)) {
    for (; isCons(t); t = H[(t >>> 3) + 1]) if (H[t >>> 3] === item) return Atom.True;
  } else {
    for (; isCons(t); t = H[(t >>> 3) + 1]) if (exactEqual(H[t >>> 3], item)) return Atom.True;
  }
  return t === NIL ? Atom.False : badarg();
}

function reverse(t: Term, rest: Term): Term {
  const n = listLength(t);
  if (n <= 0) return n === 0 ? rest : badarg();
  let at = allocate(2 * n);
  for (; t !== NIL; t = H[(t >>> 3) + 1]) {
    H[at] = H[t >>> 3];
    H[at + 1] = rest;
    rest = consAt(at);
    at += 2;
  }
  return rest;
}

/** reverse/1: Erlang code in OTP, which takes the first two elements itself. */
function reverseAll(t: Term): Term {
  const tail = isCons(t) ? H[(t >>> 3) + 1]! : t;
  return tail === NIL || isCons(tail) ? reverse(t, NIL) : raiseError(am.function_clause);
}

/** The first tuple of the list whose element number `position` is equal (==) to the key; None; Unwind. */
function keySearch(key: Term, position: Term, t: Term): Term {
  if ((position & 1) !== 0 || position < 2) return badarg();
  const i = position >> 1;
  // == is the identity of words for atoms and other immediates, not for small integers (1 == 1.0).
  const word = (key & Tag.Mask) === Tag.Immediate;
  for (; isCons(t); t = H[(t >>> 3) + 1]) {
    const item = H[t >>> 3];
    if ((item & Tag.Mask) !== Tag.Boxed) continue;
    const at = item >>> 3;
    if ((H[at] & Kind.Mask) !== Kind.Tuple || H[at] >>> Kind.SizeShift < i) continue;
    const element = H[at + i];
    if (element === key || (!word && equal(element, key))) return item;
  }
  return t === NIL ? Sentinel.None : badarg();
}

const VALUE = atom('value');

function append(left: Term, right: Term): Term {
  const n = listLength(left);
  if (n <= 0) return n === 0 ? right : badarg();
  const first = allocate(2 * n);
  let at = first;
  for (; left !== NIL; left = H[(left >>> 3) + 1]) {
    H[at] = H[left >>> 3];
    H[at + 1] = consAt(at + 2);
    at += 2;
  }
  H[at - 1] = right;
  return consAt(first);
}

/** How often each term is there: words in a map, the others sorted. */
class Counts {
  private readonly words = new Map<Term, number>();
  private readonly others: Term[] = [];
  private readonly otherCounts: number[] = [];

  constructor(items: Term[]) {
    const compound: Term[] = [];
    for (const item of items) {
      if (isWord(item)) this.words.set(item, (this.words.get(item) ?? 0) + 1);
      else compound.push(item);
    }
    compound.sort(compareExact);
    for (const item of compound) {
      const last = this.others.length - 1;
      if (last >= 0 && compareExact(this.others[last], item) === 0) this.otherCounts[last]++;
      else {
        this.others.push(item);
        this.otherCounts.push(1);
      }
    }
  }

  /** Takes one away if there is one. */
  take(item: Term): boolean {
    if (isWord(item)) {
      const n = this.words.get(item) ?? 0;
      if (n > 0) this.words.set(item, n - 1);
      return n > 0;
    }
    let low = 0;
    let high = this.others.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = compareExact(this.others[middle], item);
      if (order === 0) return this.otherCounts[middle] > 0 && this.otherCounts[middle]-- > 0;
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return false;
  }
}

function subtract(left: Term, right: Term): Term {
  const items = listToArray(left);
  const taken = listToArray(right);
  if (items === undefined || taken === undefined) return badarg();
  if (taken.length === 0 || items.length === 0) return left;
  const counts = new Counts(taken);
  let missing = taken.length;
  const kept: Term[] = [];
  for (let t = left; t !== NIL; t = H[(t >>> 3) + 1]) {
    if (missing === 0) return list(kept, t);
    const item = H[t >>> 3];
    if (counts.take(item)) missing--;
    else kept.push(item);
  }
  return list(kept);
}

defineBifs('lists', {
  'member/2': member,
  // Erlang code in OTP. type-flow.ts relies on its giving the elements that it was given.
  'reverse/1': reverseAll,
  'reverse/2': reverse,
  'keyfind/3': (key, position, t) => {
    const found = keySearch(key, position, t);
    return found === Sentinel.None ? Atom.False : found;
  },
  'keymember/3': (key, position, t) => {
    const found = keySearch(key, position, t);
    return found === Sentinel.Unwind ? found : bool(found !== Sentinel.None);
  },
  'keysearch/3': (key, position, t) => {
    const found = keySearch(key, position, t);
    if (found === Sentinel.Unwind) return found;
    return found === Sentinel.None ? Atom.False : tuple(VALUE, found);
  },
});

defineBifs('erlang', {
  '++/2': append,
  'append/2': append,
  '--/2': subtract,
  'subtract/2': subtract,
});
