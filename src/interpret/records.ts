// Instructions for native records (OTP 29; terms/native-record.ts).
//
// What the instructions do was found out by running OTP 29: a name that is an atom means a record of the module itself, '_' any
// record, {Module, Name} one of another module, which must export it.
import { allocateLiteral, type LoadedModule, modules } from '../code/functions.js';
import type { Operand, RecordDefinition } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { inArea } from '../memory/literals.js';
import { raiseTagged } from '../processes/raise.js';
import { isTuple, tupleArity, tupleElement } from '../terms/access.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { tuple, tupleOf } from '../terms/build.js';
import {
  definitionOf,
  fieldIndex,
  fieldsOf,
  isExported,
  isNativeRecord,
  moduleOf,
  nameOf,
  startRecord,
  valueAt,
} from '../terms/native-record.js';
import { boxedAt, isAtom, NIL, Sentinel, type Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { addRoutine, emitForInterpreter } from './bit-operands.js';
import { integerTerm, literalOf } from './constants.js';
import { emitters } from './emitters.js';
import { I } from './ops.js';
import { defineSlow, sourceAt, storeAt } from './slow.js';

/** A record definition as terms. */
export interface Definition {
  tuple: Term;
  fields: Term;
  exported: boolean;
  /** Values that fields have if none is given; undefined: there is none. */
  defaults: (Term | undefined)[];
}

const definitions = new WeakMap<RecordDefinition, Definition>();
const badfield = atom('badfield');
const novalue = atom('novalue');
const anyRecord = atom('_');
const external = atom('external');

function definitionIn(m: LoadedModule, name: Term): Definition | undefined {
  const record = m.source.records?.find((r) => atom(r.name) === name);
  if (record === undefined) return undefined;
  let d = definitions.get(record);
  if (d === undefined) {
    d = inArea(m.literalArea, () => makeDefinition(record, m));
    definitions.set(record, d);
  }
  return d;
}

function makeDefinition(record: RecordDefinition, m: LoadedModule): Definition {
  const fields = tupleOf(
    record.fields.map((f) => atom(f.name)),
    allocateLiteral,
  );
  const parts = [m.name, atom(record.name), record.exported ? Atom.True : Atom.False, fields];
  const defaults = record.fields.map((f) => (f.value === undefined ? undefined : constant(f.value, m)));
  return { tuple: tupleOf(parts, allocateLiteral), fields, exported: record.exported, defaults };
}

function constant(o: Operand, m: LoadedModule): Term {
  switch (o.kind) {
    case 'literal':
      return literalOf(m, o.n);
    case 'integer':
      return integerTerm(o.value);
    case 'atom':
      return atom(o.name);
    default:
      return NIL;
  }
}

function isPair(t: Term): boolean {
  return isTuple(t) && tupleArity(t) === 2;
}

/** Whether a record is what the name `id` means in `module`. */
function isNamed(t: Term, module: Term, id: Term): boolean {
  if (id === anyRecord) return true;
  if (isAtom(id)) return moduleOf(t) === module && nameOf(t) === id;
  return (
    isPair(id) && isExported(t) && moduleOf(t) === tupleElement(id, 0) && nameOf(t) === tupleElement(id, 1)
  );
}

function refuse(fail: number, tag: Term, value: Term): number {
  if (fail !== 0) return fail;
  raiseTagged(tag, value);
  return 0;
}

/** badfield and novalue carry {{Module, Name}, Field}; nothing is built where they are not raised. */
function refuseField(fail: number, tag: Term, definition: Term, field: Term): number {
  if (fail !== 0) return fail;
  const name = tuple(tupleElement(definition, 0), tupleElement(definition, 1));
  return refuse(0, tag, tuple(name, field));
}

// L S
defineSlow(Op.is_any_native_record, (pc, e) => (isNativeRecord(sourceAt(pc + 3, e)) ? pc + 4 : H[pc + 2]));

// L S S S
defineSlow(Op.is_native_record, (pc, e) => {
  const t = sourceAt(pc + 3, e);
  const same = isNativeRecord(t) && moduleOf(t) === sourceAt(pc + 4, e) && nameOf(t) === sourceAt(pc + 5, e);
  return same ? pc + 6 : H[pc + 2];
});

// L S #n (S D)...: #n counts operands
const getElements = addRoutine((pc, e) => {
  const t = sourceAt(pc + 3, e);
  if (!isNativeRecord(t)) return refuse(H[pc + 2], am.badrecord, t);
  const fields = fieldsOf(t);
  const end = pc + 5 + H[pc + 4];
  for (let at = pc + 5; at < end; at += 2) {
    const field = sourceAt(at, e);
    const i = fieldIndex(fields, field);
    if (i < 0) return refuseField(H[pc + 2], badfield, definitionOf(t), field);
    storeAt(at + 1, e, H[valueAt(t, i)]);
  }
  return end;
});

emitters[Op.get_record_elements] = (a, [fail, src, list]) => {
  const { items } = list as { items: Operand[] };
  emitForInterpreter(a, getElements);
  a.label(fail);
  a.source(src);
  a.emit(items.length);
  for (const item of items) a.source(item);
};

// L S S #module
const isAccessible = addRoutine((pc, e) => {
  const t = sourceAt(pc + 3, e);
  const ok =
    isNativeRecord(t) && (isExported(t) || (sourceAt(pc + 4, e) !== external && moduleOf(t) === H[pc + 5]));
  return ok ? pc + 6 : H[pc + 2];
});
emitters[Op.is_record_accessible] = (a, [fail, src, scope]) => {
  a.emit(I.Slow, isAccessible);
  a.label(fail);
  a.source(src);
  a.source(scope);
  a.emit(a.loaded.name);
};

// L S S(name) S(field) D #module
const getField = addRoutine((pc, e) => {
  const t = sourceAt(pc + 3, e);
  if (!isNativeRecord(t) || !isNamed(t, H[pc + 7], sourceAt(pc + 4, e)))
    return refuse(H[pc + 2], am.badrecord, t);
  const field = sourceAt(pc + 5, e);
  const i = fieldIndex(fieldsOf(t), field);
  if (i < 0) return refuseField(H[pc + 2], badfield, definitionOf(t), field);
  storeAt(pc + 6, e, H[valueAt(t, i)]);
  return pc + 8;
});
emitters[Op.get_record_field] = (a, [fail, src, id, field, dst]) => {
  a.emit(I.Slow, getField);
  a.label(fail);
  a.source(src);
  a.source(id);
  a.source(field);
  a.destination(dst);
  a.emit(a.loaded.name);
};

/** Sets the fields of a new record from the operands of put_record and stores it, if all fields have a value then. */
function setFields(pc: number, e: number, record: number, fields: Term): number {
  const end = pc + 8 + H[pc + 7];
  for (let at = pc + 8; at < end; at += 2) {
    const field = sourceAt(at, e);
    const i = fieldIndex(fields, field);
    if (i < 0) return refuseField(H[pc + 2], badfield, H[record + 1], field);
    H[record + 2 + i] = sourceAt(at + 1, e);
  }
  for (let i = 0, n = tupleArity(fields); i < n; i++) {
    if (H[record + 2 + i] === UNSET)
      return refuseField(H[pc + 2], novalue, H[record + 1], tupleElement(fields, i));
  }
  storeAt(pc + 5, e, boxedAt(record));
  return end;
}

// L S(name) S(record) D #module #n (S S)...
const update = addRoutine((pc, e) => {
  const t = sourceAt(pc + 4, e);
  if (!isNativeRecord(t) || !isNamed(t, H[pc + 6], sourceAt(pc + 3, e)))
    return refuse(H[pc + 2], am.badrecord, t);
  const words = tupleArity(fieldsOf(t)) + 2;
  const record = allocate(words);
  for (let i = 0; i < words; i++) H[record + i] = H[(t >>> 3) + i];
  return setFields(pc, e, record, fieldsOf(t));
});

// The same, but the record is [].
const make = addRoutine((pc, e) => {
  const id = sourceAt(pc + 3, e);
  if (!isAtom(id) && !isPair(id)) return refuse(H[pc + 2], am.badrecord, id);
  const d = findRecordDefinition(
    isAtom(id) ? H[pc + 6] : tupleElement(id, 0),
    isAtom(id) ? id : tupleElement(id, 1),
  );
  if (d === undefined || (!isAtom(id) && !d.exported)) return refuse(H[pc + 2], am.badrecord, id);
  const n = tupleArity(d.fields);
  const record = allocate(n + 2);
  startRecord(record, d.tuple, n);
  for (let i = 0; i < n; i++) H[record + 2 + i] = d.defaults[i] ?? UNSET;
  return setFields(pc, e, record, d.fields);
});

/** In a field that has no value yet. */
const UNSET: Term = Sentinel.None;

/** The definition of a record in a module that is loaded. */
export function findRecordDefinition(module: Term, name: Term): Definition | undefined {
  const m = modules.get(module);
  return m === undefined ? undefined : definitionIn(m, name);
}

emitters[Op.put_record] = (a: Assembler, [fail, id, src, dst, , list]) => {
  const { items } = list as { items: Operand[] };
  a.emit(I.Slow, src.kind === 'nil' ? make : update);
  a.label(fail);
  a.source(id);
  a.source(src);
  a.destination(dst);
  a.emit(a.loaded.name, items.length);
  for (const item of items) a.source(item);
};
