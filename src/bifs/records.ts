// Module records: native records (OTP 29) made, read and updated by names that are known at run time only. What the functions do
// was found out by running OTP 29.
import { findRecordDefinition } from '../interpret/records.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { badarg, raiseTagged } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import {
  isMap,
  isTuple,
  list,
  listToArray,
  mapEntries,
  mapFromPairs,
  tuple,
  tupleArity,
  tupleElement,
  tupleOf,
  tupleToArray,
} from '../terms/build.js';
import {
  fieldIndex,
  fieldsOf,
  isExported,
  isNativeRecord,
  moduleOf,
  nameOf,
  recordWords,
  startRecord,
  valueAt,
} from '../terms/native-record.js';
import { boxedAt, isAtom, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

const badrecord = (t: Term): Term => raiseTagged(am.badrecord, t);
const BADFIELD = atom('badfield');
const IS_EXPORTED = atom('is_exported');

function badfield(module: Term, name: Term, field: Term): Term {
  return raiseTagged(BADFIELD, tuple(tuple(module, name), field));
}

/** The value of is_exported, the one option that there is; undefined: something is wrong. */
function exportedOption(options: Term): Term | undefined {
  const entries = mapEntries(options);
  if (entries.length !== 1 || entries[0][0] !== IS_EXPORTED) return undefined;
  const value = entries[0][1];
  return value === Atom.True || value === Atom.False ? value : undefined;
}

/** records:create/4: fields are [{Name, Value}, ...]. */
function create(module: Term, name: Term, fields: Term, options: Term): Term {
  if (!isAtom(name)) return badrecord(name);
  if (!isAtom(module)) return badrecord(name);
  if (!isMap(options)) return raiseTagged(am.badmap, options);
  const exported = exportedOption(options);
  const items = listToArray(fields);
  if (exported === undefined || items === undefined) return badarg();
  if (!items.every((item) => isTuple(item) && tupleArity(item) === 2)) return badarg();
  const names = items.map((item) => tupleElement(item, 0));
  const wrong = names.findIndex((field) => !isAtom(field));
  if (wrong >= 0) return badfield(module, name, names[wrong]);
  if (new Set(names).size < names.length) return badarg();
  const definition = tuple(module, name, exported, tupleOf(names));
  const at = allocate(recordWords(names.length));
  startRecord(at, definition, names.length);
  items.forEach((item, i) => {
    H[valueAt(boxedAt(at), i)] = tupleElement(item, 1);
  });
  return boxedAt(at);
}

/** records:update/4: fields are a map. */
function update(record: Term, module: Term, name: Term, fields: Term): Term {
  if (!isNativeRecord(record)) return badrecord(record);
  if (moduleOf(record) !== module || nameOf(record) !== name) return badrecord(name);
  if (!isMap(fields)) return raiseTagged(am.badmap, fields);
  const names = fieldsOf(record);
  const words = recordWords(tupleArity(names));
  const at = allocate(words);
  for (let i = 0; i < words; i++) H[at + i] = H[(record >>> 3) + i];
  for (const [field, value] of mapEntries(fields)) {
    const i = fieldIndex(names, field);
    if (i < 0) return badfield(module, name, field);
    H[valueAt(boxedAt(at), i)] = value;
  }
  return boxedAt(at);
}

function get(field: Term, record: Term): Term {
  const i = isNativeRecord(record) ? fieldIndex(fieldsOf(record), field) : -1;
  return i < 0 ? badarg() : H[valueAt(record, i)];
}

/** {#{is_exported => Boolean}, [Field | {Field, Default}, ...]} */
function getDefinition(module: Term, name: Term): Term {
  const found = findRecordDefinition(module, name);
  if (found === undefined) return badarg();
  const fields = tupleToArray(found.fields).map((field, i) => {
    const value = found.defaults[i];
    return value === undefined ? field : tuple(field, value);
  });
  return tuple(mapFromPairs([[IS_EXPORTED, bool(found.exported)]]), list(fields));
}

defineBifs('records', {
  'create/4': create,
  'get/2': get,
  'get_definition/2': getDefinition,
  'get_field_names/1': (t) => (isNativeRecord(t) ? list(tupleToArray(fieldsOf(t))) : badrecord(t)),
  'get_module/1': (t) => (isNativeRecord(t) ? moduleOf(t) : badarg()),
  'get_name/1': (t) => (isNativeRecord(t) ? nameOf(t) : badarg()),
  'is_exported/1': (t) => (isNativeRecord(t) ? bool(isExported(t)) : badrecord(t)),
  'update/4': update,
});
