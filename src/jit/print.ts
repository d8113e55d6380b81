// From the statements of a unit to source text: a function under the Erlang function's name, so that stack dumps and
// profiles show that name, printed by astring.
import { GENERATOR, generate, type State } from 'astring';
import type * as E from 'estree';
import type { CodeFunction } from '../code/functions.js';
import { locationAt } from '../code/functions.js';
import { lambdas } from '../code/lambdas.js';
import { Reg } from '../memory/arena.js';
import { settings } from '../settings.js';
import { NIL } from '../terms/tags.js';
import { bigLit, lit, type Named } from './ast.js';
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

/** Special registers as dumps name them, by their word index in the arena. */
const REGISTERS = new Map<number, string>([
  [Reg.Htop, 'Htop'],
  [Reg.E, 'E'],
  [Reg.Reds, 'Reds'],
  [Reg.Reason, 'Reason'],
  [Reg.Self, 'Self'],
  [Reg.EntryReds, 'EntryReds'],
  [Reg.Cell, 'Cell'],
  [Reg.Wide, 'Wide'],
  [Reg.Byte, 'Byte'],
  [Reg.Bit, 'Bit'],
  [Reg.BitsLeft, 'BitsLeft'],
]);

/** Prints names in place of words that are others in each run, and of special registers. */
const readable = {
  ...GENERATOR,
  Literal(node: E.Literal & Named, state: State): void {
    if (node.shown !== undefined) state.write(node.shown);
    else GENERATOR.Literal(node, state);
  },
  UnaryExpression(node: E.UnaryExpression & Named, state: State): void {
    if (node.shown !== undefined) state.write(node.shown);
    else GENERATOR.UnaryExpression.call(this, node, state);
  },
  MemberExpression(node: E.MemberExpression, state: State): void {
    const { object, property } = node;
    const isWord = object.type === 'Identifier' && object.name === 'H' && property.type === 'Literal';
    const register = isWord ? REGISTERS.get(property.value as number) : undefined;
    if (register !== undefined) state.write(`H[${register}]`);
    else GENERATOR.MemberExpression.call(this, node, state);
  },
};

/** A unit as text. */
export interface PrintedUnit {
  /**
   * What a reader sees: the body of a function (as for `new Function`) that returns the unit. If settings.mapUnits is set, words
   * that are others in each run have names.
   */
  source: string;
  /**
   * What is evaluated: the same, but for a small unit that calls itself, two copies that call each other. V8 does not inline a
   * function into itself; it does inline one copy into the other, some levels deep (fib(38): 352 -> 302 ms).
   */
  program: string;
  /** Where instructions are in both, if settings.mapUnits is set. */
  map?: UnitMap;
  /** Milliseconds that went into `source`, which nobody needs to run the program. */
  forReaders?: number;
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
  // A function expression of that name would hide the Erlang name from profiles, so the unit is a constant around itself.
  const once = (text: Printed) =>
    u.callsSelf ? [`const ${SELF} = `, text, `;\nreturn ${SELF};`] : ['return ', text, ';'];
  const text = print(unit, GENERATOR);
  const hasTwin = u.callsSelf && text.text.length <= MAX_TWIN;
  const parts = hasTwin
    ? [`const ${SELF} = `, print(unit, callingTwin), `;\nconst ${TWIN} = `, text, `;\nreturn ${SELF};`]
    : once(text);
  const [program, programMap] = whole(parts, true);
  if (programMap === undefined) return { source: hasTwin ? whole(once(text), false)[0] : program, program };
  const began = performance.now();
  const [source, sourceMap] = printForReaders(() => whole(once(print(unit, readable)), false));
  const forReaders = performance.now() - began;
  return { source, program, map: { source: sourceMap!, program: programMap }, forReaders };
}

/** Has a name of its own so that profiles can tell it from translating. */
export function printForReaders<T>(print: () => T): T {
  return print();
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
