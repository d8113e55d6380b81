// BIFs on the process dictionary.
import { current } from '../processes/current.js';
import { Atom } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import type { Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

function dictionaryEntries(): [Term, Term][] {
  const entries = [...current.dictionary];
  const pairs = current.boxedDictionary;
  for (let i = 0; i < pairs.length; i += 2) entries.push([pairs[i], pairs[i + 1]]);
  return entries;
}

const isPointer = (t: Term): boolean => (t & 7) === 3 || (t & 7) === 1;

function boxedIndex(key: Term): number {
  const pairs = current.boxedDictionary;
  for (let i = 0; i < pairs.length; i += 2) if (exactEqual(pairs[i], key)) return i;
  return -1;
}

function dictionaryGet(key: Term): Term {
  if (!isPointer(key)) return current.dictionary.get(key) ?? Atom.Undefined;
  const i = boxedIndex(key);
  return i < 0 ? Atom.Undefined : current.boxedDictionary[i + 1];
}

function dictionaryPut(key: Term, value: Term): Term {
  const old = dictionaryGet(key);
  if (!isPointer(key)) current.dictionary.set(key, value);
  else {
    const i = boxedIndex(key);
    if (i < 0) current.boxedDictionary.push(key, value);
    else current.boxedDictionary[i + 1] = value;
  }
  return old;
}

function dictionaryErase(key: Term): Term {
  const old = dictionaryGet(key);
  if (!isPointer(key)) current.dictionary.delete(key);
  else {
    const i = boxedIndex(key);
    if (i >= 0) current.boxedDictionary.splice(i, 2);
  }
  return old;
}

defineBifs('erlang', {
  'get/1': dictionaryGet,
  'get/0': () => list(dictionaryEntries().map(([k, v]) => tuple(k, v))),
  'get_keys/0': () => list(dictionaryEntries().map(([k]) => k)),
  'get_keys/1': (value) =>
    list(
      dictionaryEntries()
        .filter(([, v]) => exactEqual(v, value))
        .map(([k]) => k),
    ),
  'put/2': dictionaryPut,
  'erase/1': dictionaryErase,
  'erase/0': () => {
    const all = list(dictionaryEntries().map(([k, v]) => tuple(k, v)));
    current.dictionary.clear();
    current.boxedDictionary.length = 0;
    return all;
  },
});
