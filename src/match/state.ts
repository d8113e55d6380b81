// What a match specification works on while it runs: the term that is matched, what the variables are bound to, and which
// memory belongs to somebody else, so that results have to be copied out of it. One runs at a time, and never into another.
import { copyObject, copyPart, Obj, wordsOf } from '../tables/objects.js';
import type { Term } from '../terms/tags.js';

/** What the variables of the clause that runs are bound to, by their place in it. */
export let bindings = new Int32Array(64);

/** Makes room for that many variables. */
export function reserveBindings(n: number): void {
  if (n > bindings.length) bindings = new Int32Array(Math.max(n, bindings.length * 2));
}

/** The term that is matched. */
export let subject: Term = 0;
/** The object in a table that it is the tuple of, 0: it belongs to the running process. */
let object = 0;

// Words of that object, [from, to), and of the constants of the specification if they are not the process's own.
let from = 0;
let to = 0;
let constantsFrom = 0;
let constantsTo = 0;

/** The terms to be matched belong to the process; so do the constants, but for those in the words given. */
export function prepare(constants: number, words: number): void {
  object = from = to = 0;
  constantsFrom = constants;
  constantsTo = constants + words;
}

/** A term of the process comes next. */
export function setSubject(t: Term): void {
  subject = t;
}

/** An object of a table comes next. */
export function setObject(at: number): void {
  object = at;
  from = at;
  to = at + Obj.Tuple + wordsOf(at);
  subject = ((at + Obj.Tuple) << 3) | 3;
}

/** What the process may keep: a copy of what lies in a table or among the constants, the term itself else. */
export function own(t: Term): Term {
  const tag = t & 7;
  if (tag !== 1 && tag !== 3) return t;
  const at = t >>> 3;
  return (at >= from && at < to) || (at >= constantsFrom && at < constantsTo) ? copyPart(t) : t;
}

/** The whole subject for the process to keep: `'$_'` in a result. */
export function ownSubject(): Term {
  return object === 0 ? subject : copyObject(object);
}
