// BIFs on the process dictionary (module erlang).
import { current } from '../processes/current.js';
import { Dictionary } from '../processes/dictionary.js';
import { Atom } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import type { Term } from '../terms/tags.js';
import { defineBifs } from './table.js';

function entries(): [key: Term, value: Term][] {
  return current.dictionary?.entries() ?? [];
}

const all = (): Term => list(entries().map(([key, value]) => tuple(key, value)));

defineBifs('erlang', {
  'get/1': (key) => (current.dictionary === null ? Atom.Undefined : current.dictionary.get(key)),
  'get/0': all,
  'get_keys/0': () => list(entries().map(([key]) => key)),
  'get_keys/1': (value) =>
    list(
      entries()
        .filter(([, v]) => exactEqual(v, value))
        .map(([key]) => key),
    ),
  'put/2': (key, value) => {
    current.dictionary ??= new Dictionary();
    return current.dictionary.put(key, value);
  },
  'erase/1': (key) => (current.dictionary === null ? Atom.Undefined : current.dictionary.erase(key)),
  'erase/0': () => {
    const erased = all();
    current.dictionary = null;
    return erased;
  },
});
