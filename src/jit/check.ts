// Checks generated code: it is parsed again, and every name in it must be declared there, given to it, or JavaScript's own.
import { parse } from 'acorn';
import type * as E from 'estree';
import { visit } from './template.js';

const BUILT_IN = new Set(['BigInt', 'Math', 'undefined']);

/**
 * Throws if the source of a unit (the body of a function) does not parse or uses a name that nobody gives it.
 * @param names what the unit is given
 */
export function checkUnit(source: string, names: readonly string[]): void {
  const program = parse(source, {
    ecmaVersion: 2022,
    allowReturnOutsideFunction: true,
  }) as unknown as E.Program;
  const declared = new Set<string>(names);
  const used = new Set<string>();
  visit(program, (n) => {
    if (n.type === 'VariableDeclarator') declared.add((n.id as E.Identifier).name);
    else if (n.type === 'FunctionExpression')
      for (const p of n.params) declared.add((p as E.Identifier).name);
    else if (n.type === 'LabeledStatement') declared.add(n.label.name);
    else if (n.type === 'Identifier') used.add(n.name);
  });
  const strangers = [...used].filter((n) => !declared.has(n) && !BUILT_IN.has(n));
  if (strangers.length > 0)
    throw new Error(`generated code uses ${strangers.join(', ')}, which nobody declares`);
}
