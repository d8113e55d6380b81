// Forms: attributes and functions.
import { writeFunctionClauses } from './clauses.js';
import { recordName, writeExpression } from './expressions.js';
import { Tuple, type Value } from './external-term.js';
import { atomText } from './literals.js';
import {
  atomNodeName,
  atomOf,
  listOf,
  nodeOf,
  positionOf,
  tagOf,
  tupleOf,
  UnknownNode,
  unknown,
} from './nodes.js';
import { writeFunction, writeType } from './types.js';
import { writeValue } from './values.js';
import { Break, type Word, Writer } from './writer.js';

/** The words of a form; none for what is no text of the source. What can not be said becomes a comment. */
export function wordsOf(form: Value): Word[] {
  const [tag, annotation, name] = form instanceof Tuple ? form.items : [];
  const w = new Writer();
  try {
    if (tag === 'attribute') writeAttribute(w, form);
    else if (tag === 'function') writeFunctionForm(w, form);
    else if (tag !== 'eof' && tag !== 'error' && tag !== 'warning') unknown(form);
  } catch (error) {
    // A RangeError: it is nested deeper than JavaScript's stack goes.
    if (!(error instanceof UnknownNode || error instanceof RangeError)) throw error;
    const why = error instanceof UnknownNode ? error.message : 'it is nested too deeply';
    const what = [tag ?? '', name]
      .filter((part) => typeof part === 'string')
      .map(atomText)
      .join(' ');
    const comment = new Writer();
    comment.put(`%% No text can be made of ${what}: ${why}.`, annotation);
    return comment.words;
  }
  return w.words;
}

function writeFunctionForm(w: Writer, form: Value): void {
  const [, , name, , clauses] = nodeOf(form);
  writeFunctionClauses(w, atomOf(name), listOf(clauses));
  w.put('.');
}

function writeAttribute(w: Writer, form: Value): void {
  const [, annotation, attribute, value] = nodeOf(form);
  const name = atomOf(attribute);
  // The annotation is where the name stands, behind the hyphen.
  w.put('-', before(annotation));
  w.put(atomText(name));
  w.depth = 1;
  switch (name) {
    case 'record':
    case 'native_record':
      writeRecordDefinition(w, name, value);
      break;
    case 'type':
    case 'opaque':
    case 'nominal':
      writeTypeDefinition(w, value);
      break;
    case 'spec':
    case 'callback':
      writeSpec(w, value);
      break;
    case 'export':
    case 'export_type':
    case 'optional_callbacks':
      w.put('(');
      writeNames(w, value);
      w.put(')');
      break;
    case 'import': {
      w.put('(');
      const [module, names] = value instanceof Tuple ? tupleOf(value, 2) : [value];
      w.put(atomText(atomOf(module)));
      if (names !== undefined) {
        w.put(',');
        w.space();
        writeNames(w, names);
      }
      w.put(')');
      break;
    }
    case 'import_record': {
      const [module, names] = tupleOf(value, 2);
      w.put(`(${atomText(atomOf(module))},`);
      w.space();
      writeValue(w, names);
      w.put(')');
      break;
    }
    default:
      w.put('(');
      writeValue(w, value);
      w.put(')');
  }
  w.put('.');
}

/** The annotation of what stands one column to the left. */
function before(annotation: Value | undefined): Value {
  const { line, column } = positionOf(annotation);
  return new Tuple([line, column - 1]);
}

/** `[f/1, g/2]`; what is not of that kind as a term. */
function writeNames(w: Writer, value: Value | undefined): void {
  w.put('[');
  w.commas(
    listOf(value),
    (item) => {
      const [name, arity] = item instanceof Tuple ? item.items : [];
      if (typeof name === 'string' && typeof arity === 'number') w.put(`${atomText(name)}/${arity}`);
      else writeValue(w, item);
    },
    Break.Wrap,
  );
  w.put(']');
}

function writeRecordDefinition(w: Writer, kind: string, value: Value | undefined): void {
  const [name, fields] = tupleOf(value, 2);
  if (kind === 'record') {
    w.put('(');
    w.put(atomText(atomOf(name)));
    w.put(',');
    w.space().put('{');
  } else {
    // Both kinds are attributes of this name.
    w.words[1]!.text = 'record';
    w.space().put(`#${recordName(name)}{`);
  }
  w.commas(listOf(fields), (field) => writeFieldDefinition(w, field), Break.Part);
  w.put(kind === 'record' ? '})' : '}');
}

function writeFieldDefinition(w: Writer, node: Value): void {
  const isTyped = tagOf(node) === 'typed_record_field';
  const [, field, type] = isTyped ? nodeOf(node) : [undefined, node];
  const [tag, , name, value] = nodeOf(field);
  if (tag !== 'record_field') unknown(field);
  writeExpression(w, name);
  if (value !== undefined) {
    w.spaced('=');
    writeExpression(w, value);
  }
  if (isTyped) {
    w.spaced('::');
    writeType(w, type);
  }
}

function writeTypeDefinition(w: Writer, value: Value | undefined): void {
  const [name, type, variables] = tupleOf(value, 3);
  w.space().put(`${atomText(atomOf(name))}(`);
  w.commas(listOf(variables), (variable) => writeType(w, variable));
  w.put(')');
  w.spaced('::');
  writeType(w, type);
}

function writeSpec(w: Writer, value: Value | undefined): void {
  const [id, signatures] = tupleOf(value, 2);
  const names = id instanceof Tuple ? id.items.slice(0, -1) : [];
  if (names.length < 1 || names.length > 2) unknown(id);
  w.space().put(names.map((name) => atomText(atomOf(name))).join(':'));
  listOf(signatures).forEach((signature, i) => {
    if (i > 0) {
      w.put(';');
      w.space();
    }
    writeSignature(w, signature);
  });
}

function writeSignature(w: Writer, signature: Value): void {
  const [tag, , kind, parts] = nodeOf(signature);
  if (tag !== 'type') unknown(signature);
  const [first, second] = listOf(parts);
  if (kind === 'fun') {
    writeFunction(w, first, second);
    return;
  }
  if (kind !== 'bounded_fun') unknown(signature);
  writeSignature(w, first!);
  w.spaced('when');
  w.commas(listOf(second), (constraint) => {
    const [, , what, operands] = nodeOf(constraint);
    const [relation, types] = listOf(operands);
    const [variable, type] = listOf(types);
    if (what !== 'constraint' || atomNodeName(relation) !== 'is_subtype') unknown(constraint);
    writeType(w, variable);
    w.spaced('::');
    writeType(w, type);
  });
}
