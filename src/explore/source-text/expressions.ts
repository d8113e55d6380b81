// Expressions and patterns, which have the same syntax.
import { writeBinary } from './binaries.js';
import { writeClauses, writeFunClauses, writeIfClauses, writeTryClauses } from './clauses.js';
import { writeComprehension } from './comprehensions.js';
import { Float, Tuple, type Value } from './external-term.js';
import { atomText, characterText, floatText, stringText } from './literals.js';
import { atomNodeName, atomOf, listOf, nodeOf, tagOf, tupleOf, unknown } from './nodes.js';
import { type Operands, writeBinaryOperator, writePrefix } from './operators.js';
import { binaryOperator, Level } from './precedence.js';
import { Break, type Writer } from './writer.js';

const OPERANDS: Operands = { bindingOf: binaryOperator, levelOf, write: writeExpression };

/** Writes an expression or a pattern, in parentheses if it binds less than `least`. */
export function writeExpression(w: Writer, node: Value | undefined, least: Level = Level.Any): void {
  writeIn(w, node, levelOf(node) < least);
}

function writeIn(w: Writer, node: Value | undefined, parentheses: boolean): void {
  if (parentheses) w.parentheses(() => write(w, node));
  else write(w, node);
}

/** Writes expressions with commas between. */
export function writeExpressions(w: Writer, nodes: Value | undefined): void {
  w.commas(listOf(nodes), (node) => writeExpression(w, node));
}

/** Writes the expressions of a body, each in a line of its own if no lines are known. */
export function writeBody(w: Writer, nodes: Value | undefined): void {
  w.depth++;
  w.mayBreak(Break.Part);
  w.commas(listOf(nodes), (node) => writeExpression(w, node), Break.Part);
  w.depth--;
}

/** How tightly an expression binds. */
function levelOf(node: Value | undefined): Level {
  const items = nodeOf(node);
  switch (items[0]) {
    case 'catch':
      return Level.Any;
    case 'match':
    case 'maybe_match':
      return Level.Match;
    case 'op':
      return items.length === 4 ? Level.Prefix : (binaryOperator(atomOf(items[2]))?.level ?? unknown(node));
    case 'integer':
    case 'float':
      return numberText(node).startsWith('-') ? Level.Prefix : Level.Max;
    case 'record':
    case 'record_index':
    case 'record_field':
    case 'map':
      return Level.Access;
    case 'call':
      return Level.Call;
    case 'remote':
      return Level.Remote;
    default:
      return Level.Max;
  }
}

function numberText(node: Value | undefined): string {
  const value = nodeOf(node)[2];
  if (value instanceof Float) return floatText(value.value);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : unknown(node);
}

function write(w: Writer, node: Value | undefined): void {
  const items = nodeOf(node);
  const [tag, annotation, a, b, c, d] = items;
  switch (tag) {
    case 'atom':
      w.put(atomText(atomOf(a)), annotation);
      return;
    case 'var':
      w.put(atomOf(a), annotation);
      return;
    case 'integer':
    case 'float':
      w.put(numberText(node), annotation);
      return;
    case 'char':
      w.put((typeof a === 'number' ? characterText(a) : undefined) ?? unknown(node), annotation);
      return;
    case 'string':
      w.put(stringText(listOf(a)) ?? unknown(node), annotation);
      return;
    case 'nil':
      w.put('[]', annotation);
      return;
    case 'cons':
      writeList(w, items);
      return;
    case 'tuple':
      w.put('{', annotation);
      writeExpressions(w, a);
      w.put('}');
      return;
    case 'bin':
      writeBinary(w, items);
      return;
    case 'map':
      writeMap(w, items);
      return;
    case 'record':
      writeRecord(w, items);
      return;
    case 'record_index':
      w.put(`#${recordName(a)}.${atomText(atomNodeName(b))}`, annotation);
      return;
    case 'record_field':
      writeAccessed(w, a, isRecordAccess);
      w.put(`#${recordName(b)}.${atomText(atomNodeName(c))}`, annotation);
      return;
    case 'match':
    case 'maybe_match': {
      const { left, right } = binaryOperator('=')!;
      writeExpression(w, a, left);
      if (tag === 'match') w.spaced('=');
      else w.spaced('?=', annotation);
      writeExpression(w, b, right);
      return;
    }
    case 'op':
      if (items.length === 4) writePrefix(w, OPERANDS, atomOf(a), annotation, b);
      else writeBinaryOperator(w, OPERANDS, atomOf(a), annotation, b, c);
      return;
    case 'catch':
      w.put('catch', annotation);
      w.space();
      writeExpression(w, a);
      return;
    case 'call':
      // Funs and such need no parentheses, but nobody would see where they end.
      writeIn(w, a, !/^(atom|var|remote)$/.test(tagOf(a)));
      w.put('(');
      writeExpressions(w, b);
      w.put(')');
      return;
    case 'remote':
      writeExpression(w, a, Level.Max);
      w.put(':', annotation);
      writeExpression(w, b, Level.Max);
      return;
    case 'lc':
    case 'bc':
    case 'mc':
      writeComprehension(w, items);
      return;
    case 'block': {
      const opener = w.put('begin', annotation);
      w.space();
      writeBody(w, a);
      w.closing('end', Break.End, opener);
      return;
    }
    case 'if': {
      const opener = w.put('if', annotation);
      w.space();
      writeIfClauses(w, listOf(a));
      w.closing('end', Break.End, opener);
      return;
    }
    case 'case': {
      const opener = w.put('case', annotation);
      w.space();
      writeExpression(w, a);
      w.spaced('of');
      writeClauses(w, listOf(b));
      w.closing('end', Break.End, opener);
      return;
    }
    case 'receive':
      writeReceive(w, items);
      return;
    case 'try':
      writeTry(w, annotation, a, b, c, d);
      return;
    case 'maybe':
      writeMaybe(w, items);
      return;
    case 'fun':
      writeFun(w, annotation, nodeOf(a));
      return;
    case 'named_fun': {
      const opener = w.put('fun', annotation);
      w.space();
      writeFunClauses(w, listOf(b), atomOf(a));
      w.closing('end', Break.End, opener);
      return;
    }
    default:
      unknown(node);
  }
}

/** A list is a chain of pairs, which may be longer than JavaScript's stack is deep. */
function writeList(w: Writer, first: Value[]): void {
  w.put('[', first[1]);
  writeExpression(w, first[2]);
  let tail = first[3];
  for (; tagOf(tail) === 'cons'; tail = nodeOf(tail)[3]) {
    w.put(',');
    w.space();
    writeExpression(w, nodeOf(tail)[2]);
  }
  if (tagOf(tail) !== 'nil') {
    w.put('|');
    writeExpression(w, tail);
  }
  w.put(']');
}

/** What `#` follows: an access of the same kind, or what needs no parentheses anywhere. */
function writeAccessed(
  w: Writer,
  node: Value | undefined,
  isSameKind: (node: Value | undefined) => boolean,
): void {
  writeIn(w, node, !isSameKind(node) && levelOf(node) < Level.Max);
}

function isRecordAccess(node: Value | undefined): boolean {
  return /^record(_field)?$/.test(tagOf(node));
}

function writeMap(w: Writer, items: Value[]): void {
  const isUpdate = items.length === 4;
  const [, annotation, ...rest] = items;
  if (isUpdate) writeAccessed(w, rest[0], (node) => tagOf(node) === 'map');
  w.put('#{', annotation);
  w.commas(listOf(rest[isUpdate ? 1 : 0]), (field) => writeMapField(w, field));
  w.put('}');
}

/** `K => V` or `K := V`. */
export function writeMapField(w: Writer, field: Value | undefined): void {
  const [tag, annotation, key, value] = nodeOf(field);
  if (tag !== 'map_field_assoc' && tag !== 'map_field_exact') unknown(field);
  writeExpression(w, key);
  w.spaced(tag === 'map_field_assoc' ? '=>' : ':=', annotation);
  writeExpression(w, value);
}

function writeRecord(w: Writer, items: Value[]): void {
  const isUpdate = items.length === 5;
  const [, annotation, ...rest] = items;
  if (isUpdate) writeAccessed(w, rest[0], isRecordAccess);
  const [name, fields] = rest.slice(isUpdate ? 1 : 0);
  w.put(`#${recordName(name)}{`, annotation);
  w.commas(listOf(fields), (field) => {
    const [tag, , fieldName, value] = nodeOf(field);
    if (tag !== 'record_field') unknown(field);
    writeExpression(w, fieldName);
    w.spaced('=');
    writeExpression(w, value);
  });
  w.put('}');
}

/** The name of a record; a native one may be of another module, `{M, R}`, or any, `[]`. */
export function recordName(name: Value | undefined): string {
  if (Array.isArray(name) && name.length === 0) return '_';
  if (!(name instanceof Tuple)) return atomText(atomOf(name));
  const [module, record] = tupleOf(name, 2);
  return `${atomText(atomOf(module))}:${atomText(atomOf(record))}`;
}

function writeReceive(w: Writer, [, annotation, clauses, timeout, body]: Value[]): void {
  const opener = w.put('receive', annotation);
  w.space();
  writeClauses(w, listOf(clauses));
  if (timeout !== undefined) {
    w.closing('after', Break.Section, opener);
    w.space();
    writeExpression(w, timeout);
    w.spaced('->');
    writeBody(w, body);
  }
  w.closing('end', Break.End, opener);
}

function writeTry(
  w: Writer,
  annotation: Value | undefined,
  body: Value | undefined,
  clauses: Value | undefined,
  handlers: Value | undefined,
  after: Value | undefined,
): void {
  const opener = w.put('try', annotation);
  w.space();
  writeBody(w, body);
  const section = (keyword: string, nodes: Value | undefined, write: (nodes: Value[]) => void): void => {
    const list = listOf(nodes);
    if (list.length === 0) return;
    w.closing(keyword, Break.Section, opener);
    w.space();
    write(list);
  };
  section('of', clauses, (nodes) => writeClauses(w, nodes));
  section('catch', handlers, (nodes) => writeTryClauses(w, nodes));
  section('after', after, (nodes) => writeBody(w, nodes));
  w.closing('end', Break.End, opener);
}

function writeMaybe(w: Writer, [, annotation, body, otherwise]: Value[]): void {
  const opener = w.put('maybe', annotation);
  w.space();
  writeBody(w, body);
  if (otherwise !== undefined) {
    const [tag, at, clauses] = nodeOf(otherwise);
    if (tag !== 'else') unknown(otherwise);
    w.closing('else', Break.Section, opener, at);
    w.space();
    writeClauses(w, listOf(clauses));
  }
  w.closing('end', Break.End, opener);
}

function writeFun(w: Writer, annotation: Value | undefined, [kind, ...rest]: Value[]): void {
  const opener = w.put('fun', annotation);
  if (kind === 'clauses') {
    writeFunClauses(w, listOf(rest[0]), '');
    w.closing('end', Break.End, opener);
    return;
  }
  if (kind !== 'function') unknown(new Tuple(['fun', 0, kind!]));
  w.space();
  if (rest.length === 2) {
    w.put(`${atomText(atomOf(rest[0]))}/${rest[1]}`);
    return;
  }
  // Before OTP 15 module, name and arity were no nodes.
  const part = (value: Value | undefined): void => {
    if (typeof value === 'string') w.put(atomText(value));
    else if (typeof value === 'number') w.put(String(value));
    else writeExpression(w, value, Level.Max);
  };
  part(rest[0]);
  w.put(':');
  part(rest[1]);
  w.put('/');
  part(rest[2]);
}
