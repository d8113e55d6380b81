// From the statements of a unit to source text: a function under the Erlang function's name, so that stack dumps and
// profiles show that name, printed by astring.
import { generate } from 'astring';
import type * as E from 'estree';
import type { CodeFunction } from '../code/functions.js';
import { locationAt } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { NIL } from '../terms/tags.js';
import { bigLit, lit } from './ast.js';
import { type Givens, SELF, type Unit } from './unit.js';

/** What a local begins with: nil in Y registers, so that the collector may see it; numbers of the kind that it will hold. */
function initial(local: string): E.Expression {
  if (local.endsWith('w')) return bigLit(0n);
  return local[0] === 'y' && !local.endsWith('d') ? lit(NIL) : lit(0);
}

/** Names come from the file; in a comment nothing of them may end the line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
}

/** Name of a unit: the function, and for those that begin inside it the instruction. */
export function unitName(fn: CodeFunction, start: number, isEntry: boolean, givens?: Givens): string {
  if (!isEntry) return `${fn.label}+${start}`;
  if (givens === undefined || givens.size === 0) return fn.label;
  return `${fn.label} for ${[...givens.values()].map((l) => lambdas[l].fn.label).join(' and ')}`;
}

/** Source text beyond which V8 would not inline the unit into itself. */
const MAX_TWIN = 8000;

/**
 * What is evaluated for a unit that calls itself: two copies that call each other. V8 does not inline a function into
 * itself, but it does inline one copy into the other, some levels deep (fib(38): 352 -> 302 ms).
 */
export function twins(source: string): string {
  const from = source.indexOf(DECLARATION);
  const to = source.lastIndexOf(RESULT);
  if (from < 0 || to < 0 || source.length > MAX_TWIN) return source;
  const unit = source.slice(from + DECLARATION.length, to);
  const other = unit.replaceAll(`${SELF}(`, 'twin(');
  return `${source.slice(0, from)}${DECLARATION}${other}const twin = ${unit}${source.slice(to)}`;
}
const DECLARATION = `const ${SELF} = `;
const RESULT = `return ${SELF};`;

/** The body of a function (as for `new Function`) that returns the unit. */
export function printUnit(
  fn: CodeFunction,
  start: number,
  isEntry: boolean,
  parameters: string[],
  locals: string[],
  body: E.Statement[],
  u: Unit,
): string {
  const name = unitName(fn, start, isEntry, u.givens);
  const declaration: E.Statement[] =
    locals.length === 0
      ? []
      : [
          {
            type: 'VariableDeclaration',
            kind: 'let',
            declarations: locals.map((l) => ({
              type: 'VariableDeclarator',
              id: { type: 'Identifier', name: l },
              init: initial(l),
            })),
          },
        ];
  const key: E.Literal = { type: 'Literal', value: name, raw: JSON.stringify(name) };
  const unit: E.Expression = {
    type: 'MemberExpression',
    object: {
      type: 'ObjectExpression',
      properties: [
        {
          type: 'Property',
          kind: 'init',
          method: false,
          shorthand: false,
          computed: false,
          key,
          value: {
            type: 'FunctionExpression',
            params: parameters.map((p) => ({ type: 'Identifier', name: p })),
            body: { type: 'BlockStatement', body: [...declaration, ...body] },
          },
        },
      ],
    },
    property: key,
    computed: true,
    optional: false,
  };
  // A function expression of that name would hide the Erlang name from profiles, so the unit is a constant around itself.
  const program: E.Statement[] = u.callsSelf
    ? [
        {
          type: 'VariableDeclaration',
          kind: 'const',
          declarations: [{ type: 'VariableDeclarator', id: { type: 'Identifier', name: SELF }, init: unit }],
        },
        { type: 'ReturnStatement', argument: { type: 'Identifier', name: SELF } },
      ]
    : [{ type: 'ReturnStatement', argument: unit }];
  const where = locationAt(u.address(start));
  const header = `// ${oneLine(`${name}${where ? `  ${where.file}:${where.line}` : ''}`)}`;
  const text = generate({ type: 'Program', sourceType: 'script', body: program } as E.Node, {
    comments: true,
    indent: '  ',
  });
  return `'use strict';\n${header}\n${text}\n//# sourceURL=turbeam/${encodeURIComponent(
    name.replace(/\p{Cs}/gu, '?'),
  )
    .replace(/%2F/g, '_')
    .replace(/%3A/g, '/')}.js\n`;
}
