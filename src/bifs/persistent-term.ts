// Module persistent_term: terms that all processes read without copying. Each lies with its key in an area of literals of its
// own, which goes away when the term is erased or replaced; processes that still hold a part of it get a copy then.
import { dropReferences } from '../code/references.js';
import { Region } from '../memory/arena.js';
import { copyTo, termSize } from '../memory/copy.js';
import { LiteralArea } from '../memory/literals.js';
import { type BinaryOwner, newBinaryOwner, releaseBinaries } from '../memory/off-heap.js';
import { CodeFull } from '../memory/spaces.js';
import { badarg, raiseError } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { list, mapFromPairs, tuple, tupleElement } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { integerFromNumber } from '../terms/integer.js';
import { internalHash } from '../terms/internal-hash.js';
import type { Term } from '../terms/tags.js';
import { defineBifs } from './table.js';
import { withWholeStack } from './whole-stack.js';

interface Entry {
  /** {Key, Value}, in the area. */
  pair: Term;
  area: LiteralArea;
  /** Has the references to shared binaries. */
  binaries: BinaryOwner;
}

/** By the hashes of the keys. */
const entries = new Map<number, Entry[]>();
/** What was erased or replaced and has not been given back yet. */
let leaving: Entry[] = [];

const keyOf = (entry: Entry): Term => tupleElement(entry.pair, 0);
const storedValue = (entry: Entry): Term => tupleElement(entry.pair, 1);

function find(key: Term): Entry | undefined {
  return entries.get(internalHash(key))?.find((entry) => exactEqual(keyOf(entry), key));
}

/** Enters a term; false: there is no room, and nothing has changed. */
function add(key: Term, value: Term): boolean {
  const area = new LiteralArea();
  const binaries = newBinaryOwner();
  const given = tuple(key, value);
  let at: number;
  try {
    at = area.allocate(termSize(given, Region.LiteralStart));
  } catch (error) {
    if (error instanceof CodeFull) return false;
    throw error;
  }
  const pair = copyTo(given, at, binaries, Region.LiteralStart);
  area.trim();
  const hash = internalHash(key);
  const others = entries.get(hash);
  const entry = { pair, area, binaries };
  if (others === undefined) entries.set(hash, [entry]);
  else others.push(entry);
  return true;
}

function remove(entry: Entry): void {
  const hash = internalHash(keyOf(entry));
  const rest = entries.get(hash)!.filter((other) => other !== entry);
  if (rest.length === 0) entries.delete(hash);
  else entries.set(hash, rest);
  leaving.push(entry);
}

/** Gives back what is leaving. */
function release(): void {
  const gone = leaving;
  leaving = [];
  for (const { area, binaries } of gone) {
    dropReferences(area, undefined, []);
    releaseBinaries(binaries);
    area.release();
  }
}

const releaseAndOk = withWholeStack('persistent_put', 0, () => {
  release();
  return Atom.Ok;
});
const releaseAndTrue = withWholeStack('persistent_erase', 0, () => {
  release();
  return Atom.True;
});

function put(key: Term, value: Term): Term {
  const old = find(key);
  if (old !== undefined && exactEqual(storedValue(old), value)) return Atom.Ok;
  if (!add(key, value)) return raiseError(am.system_limit);
  if (old === undefined) return Atom.Ok;
  remove(old);
  return releaseAndOk();
}

/** OTP 26: only for a key that has no other value. */
function putNew(key: Term, value: Term): Term {
  const old = find(key);
  if (old !== undefined) return exactEqual(storedValue(old), value) ? Atom.Ok : badarg();
  return add(key, value) ? Atom.Ok : raiseError(am.system_limit);
}

function erase(key: Term): Term {
  const old = find(key);
  if (old === undefined) return Atom.False;
  remove(old);
  return releaseAndTrue();
}

function eraseAll(): Term {
  for (const entry of all()) remove(entry);
  return releaseAndOk();
}

const all = (): Entry[] => [...entries.values()].flat();

function info(): Term {
  let words = 0;
  for (const { area } of all()) words += area.words;
  return mapFromPairs([
    [atom('count'), integerFromNumber(all().length)],
    [atom('memory'), integerFromNumber(words * 4)],
  ]);
}

defineBifs('persistent_term', {
  'get/0': () => list(all().map((entry) => entry.pair)),
  'get/1': (key) => {
    const entry = find(key);
    return entry === undefined ? badarg() : storedValue(entry);
  },
  'get/2': (key, fallback) => {
    const entry = find(key);
    return entry === undefined ? fallback : storedValue(entry);
  },
  'put/2': put,
  'put_new/2': putNew,
  'erase/1': erase,
  'info/0': info,
});

defineBifs('erts_internal', { 'erase_persistent_terms/0': eraseAll });
