// Types, as in specs, type definitions and fields of records.
import { recordName } from './expressions.js';
import { Tuple, type Value } from './external-term.js';
import { atomText, characterText } from './literals.js';
import { atomNodeName, atomOf, listOf, nodeOf, tagOf, unknown } from './nodes.js';
import { type Operands, writeBinaryOperator, writePrefix } from './operators.js';
import { TypeLevel, typeOperator } from './precedence.js';
import type { Writer } from './writer.js';

const OPERANDS: Operands = {
  bindingOf: typeOperator,
  levelOf,
  write: (w, node, least) => writeType(w, node, least as TypeLevel),
};

/** Writes a type, in parentheses if it binds less than `least`. */
export function writeType(w: Writer, node: Value | undefined, least: TypeLevel = TypeLevel.Any): void {
  if (levelOf(node) < least) w.parentheses(() => write(w, node));
  else write(w, node);
}

function writeTypes(w: Writer, nodes: Value | undefined): void {
  w.commas(listOf(nodes), (node) => writeType(w, node));
}

function levelOf(node: Value | undefined): TypeLevel {
  const items = nodeOf(node);
  switch (items[0]) {
    case 'ann_type':
      return TypeLevel.Annotation;
    case 'op':
      return items.length === 4
        ? TypeLevel.Prefix
        : ((typeOperator(atomOf(items[2]))?.level as TypeLevel | undefined) ?? unknown(node));
    case 'integer':
      return Number(items[2]) < 0 ? TypeLevel.Prefix : TypeLevel.Max;
    case 'type':
      if (items[2] === 'union') return TypeLevel.Union;
      return items[2] === 'range' ? TypeLevel.Range : TypeLevel.Max;
    default:
      return TypeLevel.Max;
  }
}

function write(w: Writer, node: Value | undefined): void {
  const items = nodeOf(node);
  const [tag, annotation, a, b, c] = items;
  switch (tag) {
    case 'atom':
      w.put(atomText(atomOf(a)), annotation);
      return;
    case 'var':
      w.put(atomOf(a), annotation);
      return;
    case 'integer':
      w.put(typeof a === 'number' || typeof a === 'bigint' ? String(a) : unknown(node), annotation);
      return;
    case 'char':
      w.put((typeof a === 'number' ? characterText(a) : undefined) ?? unknown(node), annotation);
      return;
    case 'op':
      if (items.length === 4) writePrefix(w, OPERANDS, atomOf(a), annotation, b);
      else writeBinaryOperator(w, OPERANDS, atomOf(a), annotation, b, c);
      return;
    case 'ann_type': {
      const [variable, type] = listOf(a);
      writeType(w, variable);
      w.spaced('::');
      writeType(w, type);
      return;
    }
    case 'paren_type':
      w.put('(', annotation);
      writeTypes(w, a);
      w.put(')');
      return;
    case 'remote_type': {
      const [module, name, args] = listOf(a);
      w.put(`${atomText(atomNodeName(module))}:${atomText(atomNodeName(name))}(`, annotation);
      writeTypes(w, args);
      w.put(')');
      return;
    }
    case 'user_type':
      writeNamed(w, annotation, a, b);
      return;
    case 'type':
      writeBuiltIn(w, annotation, atomOf(a), b);
      return;
    default:
      unknown(node);
  }
}

function writeNamed(
  w: Writer,
  annotation: Value | undefined,
  name: Value | undefined,
  args: Value | undefined,
): void {
  w.put(`${atomText(atomOf(name))}(`, annotation);
  writeTypes(w, args);
  w.put(')');
}

/** A `{type, _, Name, Arguments}`. */
function writeBuiltIn(w: Writer, annotation: Value | undefined, name: string, args: Value | undefined): void {
  if (args === 'any' && (name === 'tuple' || name === 'map')) {
    w.put(`${name}()`, annotation);
    return;
  }
  const parts = listOf(args);
  const [first, second] = parts;
  switch (name) {
    case 'union':
      parts.forEach((type, i) => {
        if (i > 0) w.spaced('|');
        // Only the last may be `V :: T`; a union in a union was in parentheses.
        writeType(w, type, i < parts.length - 1 ? TypeLevel.Range : TypeLevel.Union);
      });
      return;
    case 'range':
      writeType(w, first, TypeLevel.Add);
      w.put('..', annotation);
      if (levelOf(second) === TypeLevel.Prefix) w.space();
      writeType(w, second, TypeLevel.Add);
      return;
    case 'tuple':
      w.put('{', annotation);
      writeTypes(w, parts);
      w.put('}');
      return;
    case 'map':
      w.put('#{', annotation);
      w.commas(parts, (field) => writeMapField(w, field));
      w.put('}');
      return;
    case 'record':
      // Without a name it is the type of all records (OTP 29).
      if (first === undefined) break;
      writeRecord(w, annotation, parts);
      return;
    case 'nil':
      w.put('[]', annotation);
      return;
    case 'list':
    case 'nonempty_list':
      if (parts.length !== 1) break;
      w.put('[', annotation);
      writeType(w, first);
      w.put(name === 'list' ? ']' : ', ...]');
      return;
    case 'binary':
      if (parts.length !== 2) break;
      writeBinary(w, annotation, first!, second!);
      return;
    case 'fun':
      w.put('fun(', annotation);
      if (parts.length === 2) writeFunction(w, first, second);
      else if (parts.length > 0) unknown(first);
      w.put(')');
      return;
  }
  writeNamed(w, annotation, name, parts);
}

/** `(Arguments) -> Result`, the two parts of a fun type. */
export function writeFunction(w: Writer, args: Value | undefined, result: Value | undefined): void {
  const [tag, annotation, kind, types] = nodeOf(args);
  if (tag !== 'type') unknown(args);
  w.put('(', annotation);
  if (kind === 'any') w.put('...');
  else writeTypes(w, types);
  w.put(')');
  w.spaced('->');
  writeType(w, result);
}

function writeMapField(w: Writer, field: Value): void {
  const [tag, annotation, kind, types] = nodeOf(field);
  if (tag !== 'type' || (kind !== 'map_field_assoc' && kind !== 'map_field_exact')) unknown(field);
  const [key, value] = listOf(types);
  writeType(w, key);
  w.spaced(kind === 'map_field_assoc' ? '=>' : ':=', annotation);
  writeType(w, value);
}

/** `#r{f :: T}`; the first part is the name, or a tuple of the names of module and native record. */
function writeRecord(w: Writer, annotation: Value | undefined, [name, ...fields]: Value[]): void {
  const names = tagOf(name) === 'tuple' ? listOf(nodeOf(name)[2]).map(atomNodeName) : undefined;
  w.put(`#${recordName(names === undefined ? atomNodeName(name) : new Tuple(names))}{`, annotation);
  w.commas(fields, (field) => {
    const [tag, at, kind, parts] = nodeOf(field);
    if (tag !== 'type' || kind !== 'field_type') unknown(field);
    const [fieldName, type] = listOf(parts);
    w.put(atomText(atomNodeName(fieldName)), at);
    w.spaced('::');
    writeType(w, type);
  });
  w.put('}');
}

/** `<<_:M, _:_*N>>`, either of them left out if it is 0. */
function writeBinary(w: Writer, annotation: Value | undefined, base: Value, unit: Value): void {
  const isZero = (node: Value): boolean => tagOf(node) === 'integer' && nodeOf(node)[2] === 0;
  w.put('<<', annotation);
  if (!isZero(base)) {
    w.put('_:');
    writeType(w, base);
    if (!isZero(unit)) {
      w.put(',');
      w.space();
    }
  }
  if (!isZero(unit)) {
    w.put('_:_*');
    writeType(w, unit, TypeLevel.Max);
  }
  w.put('>>');
}
