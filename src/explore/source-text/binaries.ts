// Binaries and their elements: `<<Value:Size/Types>>`.

import { writeExpression } from './expressions.js';
import { Tuple, type Value } from './external-term.js';
import { atomText } from './literals.js';
import { atomOf, listOf, nodeOf, tagOf, tupleOf, unknown } from './nodes.js';
import { Level } from './precedence.js';
import type { Writer } from './writer.js';

/** Writes a `{bin, _, Elements}`. */
export function writeBinary(w: Writer, [, annotation, elements]: Value[]): void {
  w.put('<<', annotation);
  // `<<<` would be read as something else.
  const [first] = listOf(elements);
  if (first !== undefined && tagOf(nodeOf(first)[2]) === 'bin') w.space();
  w.commas(listOf(elements), (element) => writeElement(w, element));
  w.put('>>');
}

function writeElement(w: Writer, element: Value): void {
  const [tag, , value, size, types] = nodeOf(element);
  if (tag !== 'bin_element') unknown(element);
  writeElementValue(w, value);
  if (size !== 'default') {
    w.put(':');
    writeExpression(w, size, Level.Max);
  }
  if (types !== 'default') w.put(`/${listOf(types).map(typeText).join('-')}`);
}

/** A sign may stand before what needs no parentheses. */
function writeElementValue(w: Writer, value: Value | undefined): void {
  const items = nodeOf(value);
  const isSigned = items[0] === 'op' && items.length === 4 && tagOf(items[3]) !== 'op';
  writeExpression(w, value, isSigned ? Level.Prefix : Level.Max);
}

function typeText(type: Value): string {
  if (!(type instanceof Tuple)) return atomText(atomOf(type));
  const [name, size] = tupleOf(type, 2);
  return `${atomText(atomOf(name))}:${size}`;
}
