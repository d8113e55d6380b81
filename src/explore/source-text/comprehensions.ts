// Comprehensions of lists, binaries and maps, and their generators.

import { writeExpression, writeMapField } from './expressions.js';
import type { Value } from './external-term.js';
import { listOf, nodeOf, tagOf } from './nodes.js';
import { Level } from './precedence.js';
import type { Writer } from './writer.js';

const BRACKETS: Record<string, [string, string]> = {
  lc: ['[', ']'],
  bc: ['<<', '>>'],
  mc: ['#{', '}'],
};

const ARROWS: Record<string, string> = {
  generate: '<-',
  generate_strict: '<:-',
  b_generate: '<=',
  b_generate_strict: '<:=',
  m_generate: '<-',
  m_generate_strict: '<:-',
};

/** Writes an `{lc | bc | mc, _, Template, Qualifiers}`; from OTP 29 on there may be a list of templates. */
export function writeComprehension(w: Writer, [tag, annotation, template, qualifiers]: Value[]): void {
  const [open, close] = BRACKETS[tag as string]!;
  w.put(open, annotation);
  if (tag === 'bc') w.space();
  w.commas(Array.isArray(template) ? template : [template], (each) => {
    if (tag === 'mc') writeMapField(w, each);
    else writeExpression(w, each, tag === 'bc' ? Level.Max : Level.Any);
  });
  w.spaced('||');
  w.commas(listOf(qualifiers), (qualifier) => writeQualifier(w, qualifier));
  if (tag === 'bc') w.space();
  w.put(close);
}

function writeQualifier(w: Writer, node: Value): void {
  const [tag, annotation, a, b] = nodeOf(node);
  if (tag === 'zip') {
    listOf(a).forEach((generator, i) => {
      if (i > 0) w.spaced('&&');
      writeQualifier(w, generator);
    });
    return;
  }
  const arrow = ARROWS[tag as string];
  if (arrow === undefined) {
    writeExpression(w, node);
    return;
  }
  if (tagOf(a) === 'map_field_exact') writeMapField(w, a);
  else writeExpression(w, a, Level.Compare);
  w.spaced(arrow, annotation);
  writeExpression(w, b);
}
