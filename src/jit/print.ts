// From the statements of a unit to source text: a function under the Erlang function's name, so that stack dumps and
// profiles show that name, printed by astring.
import { GENERATOR, generate, type State } from 'astring';
import type * as E from 'estree';
import type { CodeFunction } from '../code/functions.js';
import { locationAt } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { settings } from '../settings.js';
import { NIL } from '../terms/tags.js';
import { bigLit, lit } from './ast.js';
import { Marks, textMap, type UnitMap } from './source-map.js';
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
const TWIN = 'twin';

/** Prints, of a unit, a copy that calls the other one where it calls itself. */
const callingTwin = {
  ...GENERATOR,
  Identifier(node: E.Identifier, state: State): void {
    state.write(node.name === SELF ? TWIN : node.name, node as Parameters<State['write']>[1]);
  },
};

/** A unit as text. */
export interface PrintedUnit {
  /** What a reader sees: the body of a function (as for `new Function`) that returns the unit. */
  source: string;
  /**
   * What is evaluated: the same, but for a small unit that calls itself, two copies that call each other. V8 does not inline a
   * function into itself; it does inline one copy into the other, some levels deep (fib(38): 352 -> 302 ms).
   */
  program: string;
  /** Where instructions are in both, if settings.mapUnits is set. */
  map?: UnitMap;
}

/** A piece of text, with what was noted while it was printed. */
interface Printed {
  text: string;
  marks?: Marks;
}

/** Prints a unit from its statements, with its name and place in a comment before it. */
export function printUnit(
  fn: CodeFunction,
  start: number,
  isEntry: boolean,
  parameters: string[],
  locals: string[],
  body: E.Statement[],
  u: Unit,
): PrintedUnit {
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
  const where = locationAt(u.address(start));
  const header = `// ${oneLine(`${name}${where ? `  ${where.file}:${where.line}` : ''}`)}`;
  const whole = (parts: (string | Printed)[], isProgram: boolean) =>
    assemble([`'use strict';\n${header}\n`, ...parts, `\n${sourceUrl(name)}\n`], start, isProgram);
  const unitText = print(unit, GENERATOR);
  if (!u.callsSelf) {
    const parts = ['return ', unitText, ';'];
    const [source, sourceMap] = whole(parts, false);
    return sourceMap === undefined
      ? { source, program: source }
      : { source, program: source, map: { source: sourceMap, program: whole(parts, true)[1]! } };
  }
  // A function expression of that name would hide the Erlang name from profiles, so the unit is a constant around itself.
  const once = [`const ${SELF} = `, unitText, `;\nreturn ${SELF};`];
  const [source, sourceMap] = whole(once, false);
  const isSmall = unitText.text.length <= MAX_TWIN;
  const parts = isSmall
    ? [`const ${SELF} = `, print(unit, callingTwin), `;\nconst ${TWIN} = `, unitText, `;\nreturn ${SELF};`]
    : once;
  const [program, programMap] = whole(parts, true);
  return sourceMap === undefined
    ? { source, program }
    : { source, program, map: { source: sourceMap, program: programMap! } };
}

function print(node: E.Node, generator: typeof GENERATOR): Printed {
  if (!settings.mapUnits) return { text: generate(node, { comments: true, indent: '  ', generator }) };
  const marks = new Marks();
  return {
    text: generate(node, { comments: true, indent: '  ', generator: marks.noting(generator) }),
    marks,
  };
}

/** Strings pieces together; with their map, if what was printed has marks. */
function assemble(
  parts: (string | Printed)[],
  start: number,
  isProgram: boolean,
): [string, UnitMap['source'] | undefined] {
  let text = '';
  const pieces: Parameters<typeof textMap>[1][number][] = [];
  for (const part of parts) {
    const printed = typeof part === 'string' ? { text: part } : part;
    const { marks } = printed as Printed;
    if (marks !== undefined)
      pieces.push({ marks, start: text.length, length: printed.text.length, instruction: start });
    text += printed.text;
  }
  return [text, pieces.length === 0 ? undefined : textMap(text, pieces, isProgram)];
}

/** The comment that tells V8 the name of a unit's source, as stack dumps and profiles show it. */
function sourceUrl(name: string): string {
  const path = encodeURIComponent(name.replace(/\p{Cs}/gu, '?'))
    .replace(/%2F/g, '_')
    .replace(/%3A/g, '/');
  return `//# sourceURL=turbeam/${path}.js`;
}
