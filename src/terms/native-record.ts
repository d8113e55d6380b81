// Native records (OTP 29) as terms: a definition and the values of the fields. The definition is a tuple
// {Module, Name, Exported, {Field, ...}}, so that a record can be read when its module has been replaced.
import { H } from '../memory/arena.js';
import { boxedKind, tupleArity, tupleElement } from './access.js';
import { Atom } from './atoms.js';
import { header, Kind, type Term } from './tags.js';

/** Words of a definition that is not shared, for a record of n fields: the tuple and that of the fields. */
export const definitionWords = (n: number): number => 6 + n;

/** Words of a record of n fields without its definition. */
export const recordWords = (n: number): number => 2 + n;

export const isNativeRecord = (t: Term): boolean => boxedKind(t) === Kind.Record;

/** The definition of a record. */
export const definitionOf = (t: Term): Term => H[(t >>> 3) + 1];
export const moduleOf = (t: Term): Term => tupleElement(definitionOf(t), 0);
export const nameOf = (t: Term): Term => tupleElement(definitionOf(t), 1);
export const isExported = (t: Term): boolean => tupleElement(definitionOf(t), 2) === Atom.True;

/** The tuple of a record's field names. */
export const fieldsOf = (t: Term): Term => tupleElement(definitionOf(t), 3);

/** The word index of the value of field number i, from 0. */
export const valueAt = (t: Term, i: number): number => (t >>> 3) + 2 + i;

/** Where a field is among those of a definition, or -1. */
export function fieldIndex(fields: Term, name: Term): number {
  const n = tupleArity(fields);
  for (let i = 0; i < n; i++) if (tupleElement(fields, i) === name) return i;
  return -1;
}

/** Writes the header of a record of n fields and its definition to word index `at`; the values are to follow. */
export function startRecord(at: number, definition: Term, n: number): void {
  H[at] = header(Kind.Record, n + 1);
  H[at + 1] = definition;
}
