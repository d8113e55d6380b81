// Heads of match specifications: a pattern becomes a function that says whether a term matches and binds the variables.
import { H } from '../memory/arena.js';
import { am } from '../terms/atoms.js';
import { isMap, mapEntries, mapGet } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { Kind, Sentinel, Tag, type Term } from '../terms/tags.js';
import { bindings } from './state.js';
import { variableNumber } from './variables.js';

/** Whether a term matches; variables get their values. */
export type Matcher = (t: Term) => boolean;

const ANY = am['_'];

const matchAny: Matcher = () => true;

/** A pattern that can not be compiled: why, as native Erlang says it. */
export class BadPattern extends Error {}

/** Places of a clause's variables in `bindings`, by their numbers. */
export type Variables = Map<number, number>;

/** The matcher of a pattern. `variables` holds those that are bound before it, and gets those that it binds. */
export function compilePattern(pattern: Term, variables: Variables): Matcher {
  switch (pattern & Tag.Mask) {
    case Tag.Cons:
      return compileList(pattern, variables);
    case Tag.Boxed:
      if ((H[pattern >>> 3] & Kind.Mask) === Kind.Tuple) return compileTuple(pattern, variables);
      if (isMap(pattern)) return compileMap(pattern, variables);
      return (t) => exactEqual(t, pattern);
  }
  if (pattern === ANY) return matchAny;
  const n = variableNumber(pattern);
  if (n < 0) return (t) => t === pattern;
  const place = variables.get(n);
  if (place !== undefined) return (t) => exactEqual(bindings[place], t);
  const free = variables.size;
  variables.set(n, free);
  return (t) => {
    bindings[free] = t;
    return true;
  };
}

/** Whether a pattern is a single word and no variable. */
function isWord(t: Term): boolean {
  const tag = t & Tag.Mask;
  return tag !== Tag.Cons && tag !== Tag.Boxed && t !== ANY && variableNumber(t) < 0;
}

/** A tuple: constant words first, then variables that are new, then the rest. */
function compileTuple(pattern: Term, variables: Variables): Matcher {
  const from = pattern >>> 3;
  const header = H[from];
  const words: number[] = [];
  const bound: number[] = [];
  const rest: number[] = [];
  for (let i = 1; i <= header >>> Kind.SizeShift; i++) {
    const t = H[from + i];
    if (t === ANY) continue;
    const n = variableNumber(t);
    if (isWord(t)) words.push(i, t);
    else if (n >= 0 && !variables.has(n)) {
      bound.push(i, variables.size);
      variables.set(n, variables.size);
    } else rest.push(i);
  }
  const matchers = rest.map((i) => compilePattern(H[from + i], variables));
  const [nWords, nBound, nRest] = [words.length, bound.length, rest.length];
  return (t) => {
    if ((t & Tag.Mask) !== Tag.Boxed) return false;
    const at = t >>> 3;
    if (H[at] !== header) return false;
    for (let i = 0; i < nWords; i += 2) if (H[at + words[i]] !== words[i + 1]) return false;
    for (let i = 0; i < nBound; i += 2) bindings[bound[i + 1]] = H[at + bound[i]];
    for (let i = 0; i < nRest; i++) if (!matchers[i](H[at + rest[i]])) return false;
    return true;
  };
}

function compileList(pattern: Term, variables: Variables): Matcher {
  const heads: Matcher[] = [];
  let t = pattern;
  for (; (t & Tag.Mask) === Tag.Cons; t = H[(t >>> 3) + 1]) heads.push(compilePattern(H[t >>> 3], variables));
  const tail = compilePattern(t, variables);
  const n = heads.length;
  return (list) => {
    for (let i = 0; i < n; i++) {
      if ((list & Tag.Mask) !== Tag.Cons || !heads[i](H[list >>> 3])) return false;
      list = H[(list >>> 3) + 1];
    }
    return tail(list);
  };
}

/** A map: it matches maps that have at least these keys, each with a value that matches. */
function compileMap(pattern: Term, variables: Variables): Matcher {
  const entries = mapEntries(pattern).map(([key, value]) => {
    if (key === ANY) throw new BadPattern('Underscore found in map key.');
    if (variableNumber(key) >= 0) throw new BadPattern('Variable found in map key.');
    return { key, matches: compilePattern(value, variables) };
  });
  return (t) => {
    if (!isMap(t)) return false;
    for (const { key, matches } of entries) {
      const value = mapGet(t, key);
      if (value === Sentinel.None || !matches(value)) return false;
    }
    return true;
  };
}

/** Whether there are no variables in a pattern, so that only equal terms match it. Maps count as they are. */
export function isBound(pattern: Term): boolean {
  const stack: Term[] = [pattern];
  for (let t = stack.pop(); t !== undefined; t = stack.pop()) {
    if ((t & Tag.Mask) === Tag.Cons) stack.push(H[t >>> 3], H[(t >>> 3) + 1]);
    else if ((t & Tag.Mask) === Tag.Boxed) {
      const at = t >>> 3;
      if ((H[at] & Kind.Mask) === Kind.Tuple)
        for (let i = H[at] >>> Kind.SizeShift; i > 0; i--) stack.push(H[at + i]);
      else if (isMap(t)) for (const [key, value] of mapEntries(t)) stack.push(key, value);
    } else if (t === ANY || variableNumber(t) >= 0) return false;
  }
  return true;
}
