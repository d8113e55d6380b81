// Searching in binaries: match, matches, split and compiled patterns. (Module binary.)
//
// A pattern is a binary or a list of binaries. Of all places where one of them is found the first counts, and there the longest
// of them. A compiled pattern is {bm, Binary} or {ac, [Binary]}: nothing is gained by compiling here, so it is what it
// was made of under OTP's tags.
import { badarg } from '../processes/raise.js';
import { atom } from '../terms/atoms.js';
import {
  bitSizeOf,
  bytesOf,
  head,
  isBinaryTerm,
  isTaggedTuple,
  isTuple,
  list,
  listToArray,
  tail,
  tuple,
  tupleArity,
  tupleElement,
} from '../terms/build.js';
import { isCons, NIL, type Term } from '../terms/tags.js';
import { bytePart } from './arguments.js';
import { defineBifs } from './table.js';
import { charge, defineYieldingBifs, inSteps, stepBytes, stepSize } from './yielding.js';

const NOMATCH = atom('nomatch');
const BM = atom('bm');
const AC = atom('ac');

/** The binaries of a pattern, or undefined if it is none. */
function patternsOf(t: Term): Uint8Array[] | undefined {
  for (const tag of [BM, AC]) if (isTaggedTuple(t, 2, tag)) return patternsOf(tupleElement(t, 1));
  const items = isCons(t) ? listToArray(t) : [t];
  if (items === undefined || !items.every((item) => isBinaryTerm(item) && bitSizeOf(item) > 0))
    return undefined;
  return items.map(bytesOf);
}

/** Below so many bytes a loop is faster than setting up a search of the host. */
const SHORT = 128;

/** Where `pattern` begins in [from, end), or `end`. */
function find(subject: Uint8Array, pattern: Uint8Array, from: number, end: number): number {
  const n = pattern.length;
  const last = end - n;
  if (last - from >= SHORT) {
    const buffer = Buffer.from(subject.buffer, subject.byteOffset, end);
    const at = buffer.indexOf(pattern, from);
    return at < 0 ? end : at;
  }
  const first = pattern[0];
  for (let at = from; at <= last; at++) {
    if (subject[at] !== first) continue;
    let i = 1;
    while (i < n && subject[at + i] === pattern[i]) i++;
    if (i === n) return at;
  }
  return end;
}

/** Goes from match to match in the bytes [from, end) of a subject. */
class Search {
  /** The match that `next` has found. */
  start = 0;
  length = 0;
  /** Where each pattern is found next, if that is in front of `known`; below `from`: not known. */
  private readonly places: number[];
  /** What begins in front of this byte has been looked for. */
  private known: number;
  /** Matches that a step may still find. */
  private left = matchesInStep();

  constructor(
    private readonly subject: Uint8Array,
    private readonly patterns: Uint8Array[],
    private from: number,
    private readonly end: number,
  ) {
    this.places = patterns.map(() => -1);
    this.known = from;
  }

  /** Whether there is a match; undefined: a step has ended, there may be. */
  next(): boolean | undefined {
    if (--this.left < 0) {
      this.left = matchesInStep();
      return undefined;
    }
    const { places, patterns, end, subject } = this;
    if (this.known <= this.from) {
      this.known = Math.min(end, this.from + stepBytes());
      places.fill(-1);
    }
    const { known } = this;
    let start = known;
    let length = 0;
    for (let i = 0; i < places.length; i++) {
      const pattern = patterns[i];
      let place = places[i];
      if (place < this.from) {
        const last = Math.min(end, known + pattern.length - 1);
        place = find(subject, pattern, this.from, last);
        // Nothing begins in front of `known`: the next window starts there.
        places[i] = place = place === last ? known : place;
      }
      if (place < start || (place === start && place < known && pattern.length > length)) {
        start = place;
        length = pattern.length;
      }
    }
    if (start >= known) {
      if (known >= end) return false;
      this.from = known;
      return undefined;
    }
    this.start = start;
    this.length = length;
    this.from = start + length;
    return true;
  }
}

/** Matches that are found in a step. */
const matchesInStep = (): number => Math.ceil(stepSize() / 16);

interface Options {
  isGlobal: boolean;
  trim: boolean;
  trimAll: boolean;
  from: number;
  end: number;
}

const GLOBAL = atom('global');
const TRIM = atom('trim');
const TRIM_ALL = atom('trim_all');
const SCOPE = atom('scope');

/** Options for a subject of so many bytes; those of split only if `isSplit`. */
function optionsOf(t: Term, size: number, isSplit: boolean): Options | undefined {
  // OTP does not look at what comes behind the last cons.
  const items: Term[] = [];
  let rest = t;
  for (; isCons(rest); rest = tail(rest)) items.push(head(rest));
  if (items.length === 0 && t !== NIL) return undefined;
  const options: Options = { isGlobal: false, trim: false, trimAll: false, from: 0, end: size };
  for (const item of items) {
    if (isTaggedTuple(item, 2, SCOPE)) {
      const scope = tupleElement(item, 1);
      if (!isTuple(scope) || tupleArity(scope) !== 2) return undefined;
      const start = tupleElement(scope, 0);
      const length = tupleElement(scope, 1);
      if (((start | length) & 1) !== 0) return undefined;
      const [a, b] = [start >> 1, (start >> 1) + (length >> 1)];
      options.from = Math.min(a, b);
      options.end = Math.max(a, b);
      if (options.from < 0 || a < 0 || options.end > size) return undefined;
    } else if (!isSplit) return undefined;
    else if (item === GLOBAL) options.isGlobal = true;
    else if (item === TRIM) options.trim = true;
    else if (item === TRIM_ALL) options.trimAll = true;
    else return undefined;
  }
  return options;
}

interface Task extends Options {
  search: Search;
}

function taskOf(subject: Term, pattern: Term, options: Term, isSplit: boolean): Task | undefined {
  if (!isBinaryTerm(subject)) return undefined;
  const size = bitSizeOf(subject) / 8;
  const chosen = optionsOf(options, size, isSplit);
  // In an empty binary nothing is found, whatever is looked for.
  const patterns = size === 0 ? [] : patternsOf(pattern);
  if (chosen === undefined || patterns === undefined) return undefined;
  return { ...chosen, search: new Search(bytesOf(subject), patterns, chosen.from, chosen.end) };
}

function* match(subject: Term, pattern: Term, options: Term): Generator<undefined, Term> {
  const task = taskOf(subject, pattern, options, false);
  if (task === undefined) return badarg();
  const { search } = task;
  let found = search.next();
  while (found === undefined) {
    yield;
    found = search.next();
  }
  return found ? tuple(search.start << 1, search.length << 1) : NOMATCH;
}

function* matches(subject: Term, pattern: Term, options: Term): Generator<undefined, Term> {
  const task = taskOf(subject, pattern, options, false);
  if (task === undefined) return badarg();
  const { search } = task;
  const places: Term[] = [];
  for (let found = search.next(); found !== false; found = search.next()) {
    if (found === undefined) yield;
    else places.push(tuple(search.start << 1, search.length << 1));
  }
  charge(Math.floor(places.length / MATCHES_PER_REDUCTION));
  return list(places);
}

/** Matches that go for a reduction. */
const MATCHES_PER_REDUCTION = 8;

function* split(subject: Term, pattern: Term, options: Term): Generator<undefined, Term> {
  const task = taskOf(subject, pattern, options, true);
  if (task === undefined) return badarg();
  const { search, isGlobal, trim, trimAll } = task;
  const parts: Term[] = [];
  const size = bitSizeOf(subject) / 8;
  let from = 0;
  let isWhole = true;
  for (let found = search.next(); found !== false; found = search.next()) {
    if (found === undefined) {
      yield;
      continue;
    }
    isWhole = false;
    if (!trimAll || search.start > from) parts.push(bytePart(subject, from, search.start - from));
    from = search.start + search.length;
    if (!isGlobal) break;
  }
  if (isWhole) parts.push(subject);
  else if (!trimAll || from < size) parts.push(bytePart(subject, from, size - from));
  if (trim || trimAll) while (parts.length > 0 && bitSizeOf(parts[parts.length - 1]) === 0) parts.pop();
  charge(Math.floor(parts.length / MATCHES_PER_REDUCTION));
  return list(parts);
}

function compilePattern(t: Term): Term {
  // What is compiled already is no pattern here.
  const patterns = isTuple(t) ? undefined : patternsOf(t);
  if (patterns === undefined) return badarg();
  if (!isCons(t)) return tuple(BM, t);
  return patterns.length === 1 ? tuple(BM, listToArray(t)![0]) : tuple(AC, t);
}

defineYieldingBifs('binary', {
  'match/2': (t, pattern) => inSteps(match(t, pattern, NIL)),
  'match/3': (t, pattern, options) => inSteps(match(t, pattern, options)),
  'matches/2': (t, pattern) => inSteps(matches(t, pattern, NIL)),
  'matches/3': (t, pattern, options) => inSteps(matches(t, pattern, options)),
  'split/2': (t, pattern) => inSteps(split(t, pattern, NIL)),
  'split/3': (t, pattern, options) => inSteps(split(t, pattern, options)),
});

defineBifs('binary', { 'compile_pattern/1': compilePattern });
