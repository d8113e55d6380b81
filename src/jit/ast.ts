// Building ESTree nodes by hand, for what is not a stub.
import type * as E from 'estree';

/** Facts about a local that a template may use to fold its tests away. */
export interface Known {
  /** A small integer for sure. */
  small?: boolean;
}

export type Name = E.Identifier & { known?: Known };

export const id = (name: string, known?: Known): Name => ({
  type: 'Identifier',
  name,
  ...(known && { known }),
});

/** An integer literal; negative ones are an operator and a literal in ESTree. */
export function lit(value: number): E.Expression {
  if (value < 0 || Object.is(value, -0))
    return {
      type: 'UnaryExpression',
      operator: '-',
      prefix: true,
      argument: { type: 'Literal', value: -value },
    };
  return { type: 'Literal', value };
}

/** A constant with the name that dumps show in its place; see Unit.constantWord. */
export interface Named {
  shown?: string;
}

/** How a constant is written in dumps: by its name, or as the number that it is. */
const shownAs = (e: E.Expression): string => (e as Named).shown ?? String(literalValue(e));

/** A literal that was computed from others, of which one may have a name. */
export function folded(
  value: number,
  operator: string,
  left: E.Expression,
  right: E.Expression,
): E.Expression {
  const literal = lit(value);
  if ((left as Named).shown !== undefined || (right as Named).shown !== undefined)
    (literal as Named).shown = `(${shownAs(left)} ${operator} ${shownAs(right)})`;
  return literal;
}

export const bin = (
  left: E.Expression,
  operator: E.BinaryOperator,
  right: E.Expression,
): E.BinaryExpression => ({ type: 'BinaryExpression', operator, left, right });

export const and = (left: E.Expression, right: E.Expression): E.LogicalExpression => ({
  type: 'LogicalExpression',
  operator: '&&',
  left,
  right,
});

export const or = (left: E.Expression, right: E.Expression): E.LogicalExpression => ({
  type: 'LogicalExpression',
  operator: '||',
  left,
  right,
});

export const not = (argument: E.Expression): E.UnaryExpression => ({
  type: 'UnaryExpression',
  operator: '!',
  prefix: true,
  argument,
});

export const call = (callee: E.Expression | string, ...args: E.Expression[]): E.CallExpression => ({
  type: 'CallExpression',
  callee: typeof callee === 'string' ? id(callee) : callee,
  arguments: args,
  optional: false,
});

export const member = (object: string, property: string): E.MemberExpression => ({
  type: 'MemberExpression',
  object: id(object),
  property: id(property),
  computed: false,
  optional: false,
});

/** An element of the arena: H[index]. */
export const word = (index: E.Expression): E.MemberExpression => ({
  type: 'MemberExpression',
  object: id('H'),
  property: index,
  computed: true,
  optional: false,
});

export const assignment = (
  left: E.Identifier | E.MemberExpression,
  right: E.Expression,
): E.AssignmentExpression => ({ type: 'AssignmentExpression', operator: '=', left, right });

export const assign = (
  left: E.Identifier | E.MemberExpression,
  right: E.Expression,
): E.ExpressionStatement => ({ type: 'ExpressionStatement', expression: assignment(left, right) });

export const set = (name: string, right: E.Expression): E.ExpressionStatement => assign(id(name), right);

export const expression = (e: E.Expression): E.ExpressionStatement => ({
  type: 'ExpressionStatement',
  expression: e,
});

export const ret = (argument: E.Expression): E.ReturnStatement => ({ type: 'ReturnStatement', argument });

export const block = (body: E.Statement[]): E.BlockStatement => ({ type: 'BlockStatement', body });

export const when = (test: E.Expression, then: E.Statement[]): E.IfStatement => ({
  type: 'IfStatement',
  test,
  consequent: then.length === 1 ? then[0] : block(then),
  alternate: null,
});

export const either = (test: E.Expression, then: E.Statement[], otherwise: E.Statement[]): E.IfStatement => ({
  type: 'IfStatement',
  test,
  consequent: block(then),
  alternate: block(otherwise),
});

export const conditional = (
  test: E.Expression,
  consequent: E.Expression,
  alternate: E.Expression,
): E.ConditionalExpression => ({ type: 'ConditionalExpression', test, consequent, alternate });

export const labeled = (label: string, body: E.Statement): E.LabeledStatement => ({
  type: 'LabeledStatement',
  label: id(label),
  body,
});

export const breakTo = (label: string): E.BreakStatement => ({ type: 'BreakStatement', label: id(label) });

export const continueTo = (label: string): E.ContinueStatement => ({
  type: 'ContinueStatement',
  label: id(label),
});

export const forever = (body: E.Statement[]): E.ForStatement => ({
  type: 'ForStatement',
  init: null,
  test: null,
  update: null,
  body: block(body),
});

/** A node that prints with a comment line before it. */
export interface Commented {
  comments?: { type: 'Line' | 'Block'; value: string; instruction?: number }[];
}

/** A BigInt literal. */
export function bigLit(value: bigint): E.Expression {
  const literal: E.Expression = {
    type: 'Literal',
    value: value < 0n ? -value : value,
    bigint: String(value < 0n ? -value : value),
    raw: `${value < 0n ? -value : value}n`,
  };
  return value < 0n ? { type: 'UnaryExpression', operator: '-', prefix: true, argument: literal } : literal;
}

/** (a, b): b, after a. */
export const sequence = (...expressions: E.Expression[]): E.SequenceExpression => ({
  type: 'SequenceExpression',
  expressions,
});

/** The value of a literal node, if it is one. */
export function literalValue(e: E.Node): number | boolean | undefined {
  if (e.type === 'Literal' && (typeof e.value === 'number' || typeof e.value === 'boolean')) return e.value;
  if (e.type === 'UnaryExpression' && e.operator === '-') {
    const v = literalValue(e.argument);
    return typeof v === 'number' ? -v : undefined;
  }
  return undefined;
}
