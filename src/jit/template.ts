// Templates: acorn parses the source of a stub, an ordinary function, once; a use of it is a copy of the body with the
// parameters replaced by the operands at hand and constant expressions folded.
//
// In a stub, a parameter may be assigned (a destination), and the name FAIL in a statement of its own stands for
// the statements that the emitter gives for the slow way out.
import { parse } from 'acorn';
import type * as E from 'estree';
import { folded, literalValue, type Name } from './ast.js';

export interface Template {
  readonly name: string;
  readonly parameters: string[];
  readonly body: E.Statement[];
  /** Names that are neither parameters nor declared inside: what a unit must be given. */
  readonly free: string[];
  /** Constants declared inside. */
  readonly locals: string[];
  /** The source, for the shared copy. */
  readonly source: string;
}

/** What a parameter is replaced by: an expression, or statements for FAIL. */
export type Arguments = Record<string, E.Expression>;

const templates = new Map<(...args: never[]) => unknown, Template>();

/** The template of a stub. Parsed at the first use. */
// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
export function templateOf(stub: (...args: any[]) => unknown): Template {
  let t = templates.get(stub);
  if (t === undefined) templates.set(stub, (t = parseStub(stub.toString())));
  return t;
}

/** Names that mean the same everywhere. */
const BUILT_IN = new Set(['FAIL', 'Math', 'BigInt']);

function parseStub(source: string): Template {
  const program = parse(source, { ecmaVersion: 2022 }) as unknown as E.Program;
  const fn = program.body[0] as E.FunctionDeclaration;
  const parameters = fn.params.map((p) => (p as E.Identifier).name);
  const declared = new Set(parameters);
  const used = new Set<string>();
  visit(fn.body, (n) => {
    if (n.type === 'VariableDeclarator') declared.add((n.id as E.Identifier).name);
    else if (n.type === 'Identifier') used.add(n.name);
  });
  return {
    name: fn.id!.name,
    parameters,
    body: fn.body.body,
    free: [...used].filter((n) => !declared.has(n) && !BUILT_IN.has(n)),
    locals: [...declared].filter((n) => !parameters.includes(n)),
    source,
  };
}

/** Calls f for every node, parents first; names of properties are no nodes of interest. */
export function visit(node: E.Node, f: (n: E.Node) => void): void {
  f(node);
  for (const key of Object.keys(node)) {
    if (node.type === 'MemberExpression' && !node.computed && key === 'property') continue;
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) for (const v of value) if (v && typeof v.type === 'string') visit(v, f);
    if (value && typeof (value as E.Node).type === 'string') visit(value as E.Node, f);
  }
}

/** The statements of a stub for these arguments. `fail` replaces FAIL. */
export function instantiate(t: Template, args: Arguments, fail: E.Statement[] = []): E.Statement[] {
  const all = { ...args };
  for (const name of t.locals) all[name] = { type: 'Identifier', name: hoisted(name) };
  return t.body.flatMap((s) => copyStatements(s, all, fail));
}

/**
 * The unit's variable for a constant that a stub declares. All stubs share them: V8's interpreter would give each
 * declaration a slot of its own in the frame, and frames have to be small.
 */
export function hoisted(name: string): string {
  return name === 'p' ? 'q' : name;
}

/** The expression of a stub that is one return statement. */
export function instantiateExpression(t: Template, args: Arguments): E.Expression {
  return copyExpression((t.body[0] as E.ReturnStatement).argument!, args);
}

function copyStatements(s: E.Statement, args: Arguments, fail: E.Statement[]): E.Statement[] {
  switch (s.type) {
    case 'ExpressionStatement':
      if (s.expression.type === 'Identifier' && s.expression.name === 'FAIL') return fail;
      return [{ type: 'ExpressionStatement', expression: copyExpression(s.expression, args) }];
    case 'VariableDeclaration':
      return s.declarations.map((d) => ({
        type: 'ExpressionStatement',
        expression: {
          type: 'AssignmentExpression',
          operator: '=',
          left: copyExpression(d.id as E.Identifier, args) as E.Identifier,
          right: copyExpression(d.init!, args),
        },
      }));
    case 'BlockStatement':
      return [{ type: 'BlockStatement', body: s.body.flatMap((x) => copyStatements(x, args, fail)) }];
    case 'IfStatement': {
      const test = copyExpression(s.test, args);
      const value = literalValue(test);
      if (value !== undefined) {
        if (value) return copyStatements(s.consequent, args, fail);
        return s.alternate ? copyStatements(s.alternate, args, fail) : [];
      }
      const alternate = s.alternate ? oneStatement(copyStatements(s.alternate, args, fail)) : null;
      return [
        {
          type: 'IfStatement',
          test,
          consequent: oneStatement(copyStatements(s.consequent, args, fail)),
          alternate,
        },
      ];
    }
    case 'ReturnStatement':
      return [{ type: 'ReturnStatement', argument: s.argument ? copyExpression(s.argument, args) : null }];
    case 'ForStatement':
      return [
        {
          type: 'ForStatement',
          init: s.init
            ? s.init.type === 'VariableDeclaration'
              ? (copyStatements(s.init, args, fail)[0] as E.ExpressionStatement).expression
              : copyExpression(s.init, args)
            : null,
          test: s.test ? copyExpression(s.test, args) : null,
          update: s.update ? copyExpression(s.update, args) : null,
          body: oneStatement(copyStatements(s.body, args, fail)),
        },
      ];
    case 'EmptyStatement':
      return [];
    default:
      throw new Error(`a stub can not have a ${s.type}`);
  }
}

function oneStatement(body: E.Statement[]): E.Statement {
  return body.length === 1 ? body[0] : { type: 'BlockStatement', body };
}

function copyExpression(
  e: E.Expression | E.Super | E.PrivateIdentifier | E.SpreadElement,
  args: Arguments,
): E.Expression {
  switch (e.type) {
    case 'Identifier':
      return args[e.name] ?? e;
    case 'Literal':
      return e;
    case 'BinaryExpression':
      return fold({ ...e, left: copyExpression(e.left, args), right: copyExpression(e.right, args) });
    case 'LogicalExpression':
      return foldLogical({ ...e, left: copyExpression(e.left, args), right: copyExpression(e.right, args) });
    case 'UnaryExpression': {
      const argument = copyExpression(e.argument, args);
      const value = literalValue(argument);
      if (e.operator === '!' && value !== undefined) return { type: 'Literal', value: !value };
      if (e.operator === '~' && typeof value === 'number') return number(~value);
      return { ...e, argument };
    }
    case 'AssignmentExpression':
      return {
        ...e,
        left: copyExpression(e.left as E.Expression, args) as unknown as E.Pattern,
        right: copyExpression(e.right, args),
      } as E.AssignmentExpression;
    case 'UpdateExpression':
      return { ...e, argument: copyExpression(e.argument, args) };
    case 'MemberExpression':
      return {
        ...e,
        object: copyExpression(e.object, args),
        property: e.computed ? copyExpression(e.property, args) : e.property,
      };
    case 'CallExpression':
      return {
        ...e,
        callee: copyExpression(e.callee, args),
        arguments: e.arguments.map((a) => copyExpression(a, args)),
      };
    case 'ConditionalExpression': {
      const test = copyExpression(e.test, args);
      const value = literalValue(test);
      if (value !== undefined) return copyExpression(value ? e.consequent : e.alternate, args);
      return {
        ...e,
        test,
        consequent: copyExpression(e.consequent, args),
        alternate: copyExpression(e.alternate, args),
      };
    }
    case 'ParenthesizedExpression' as never:
      return copyExpression((e as unknown as { expression: E.Expression }).expression, args);
    default:
      throw new Error(`a stub can not have a ${e.type}`);
  }
}

function number(value: number): E.Expression {
  return value < 0
    ? { type: 'UnaryExpression', operator: '-', prefix: true, argument: { type: 'Literal', value: -value } }
    : { type: 'Literal', value };
}

/** The operands of a chain of |, e.g. a | b | 1. */
function orOperands(e: E.Expression): E.Expression[] {
  return e.type === 'BinaryExpression' && e.operator === '|'
    ? [...orOperands(e.left as E.Expression), ...orOperands(e.right)]
    : [e];
}

const isEven = (e: E.Expression): boolean => {
  const value = literalValue(e);
  if (typeof value === 'number') return (value & 1) === 0;
  return e.type === 'Identifier' && (e as Name).known?.small === true;
};

/** Folds what is known: literals, and the tag test (a | b | …) & 1 of operands that are small integers for sure. */
function fold(e: E.BinaryExpression): E.Expression {
  const a = literalValue(e.left as E.Expression);
  const b = literalValue(e.right);
  if (typeof a === 'number' && typeof b === 'number') {
    switch (e.operator) {
      case '+':
        return folded(a + b, e.operator, e.left as E.Expression, e.right);
      case '-':
        return folded(a - b, e.operator, e.left as E.Expression, e.right);
      case '*':
        return folded(a * b, e.operator, e.left as E.Expression, e.right);
      case '|':
        return folded(a | b, e.operator, e.left as E.Expression, e.right);
      case '&':
        return folded(a & b, e.operator, e.left as E.Expression, e.right);
      case '^':
        return folded(a ^ b, e.operator, e.left as E.Expression, e.right);
      case '<<':
        return folded(a << b, e.operator, e.left as E.Expression, e.right);
      case '>>':
        return folded(a >> b, e.operator, e.left as E.Expression, e.right);
      case '>>>':
        return folded(a >>> b, e.operator, e.left as E.Expression, e.right);
      case '===':
        return { type: 'Literal', value: a === b };
      case '!==':
        return { type: 'Literal', value: a !== b };
      case '<':
        return { type: 'Literal', value: a < b };
      case '<=':
        return { type: 'Literal', value: a <= b };
      case '>':
        return { type: 'Literal', value: a > b };
      case '>=':
        return { type: 'Literal', value: a >= b };
    }
  }
  if (e.operator === '&' && b === 1) {
    const operands = orOperands(e.left as E.Expression);
    const unknown = operands.filter((o) => !isEven(o));
    if (unknown.length === 0) return { type: 'Literal', value: 0 };
    if (unknown.length < operands.length) {
      const left = unknown.reduce((x, y) => ({ type: 'BinaryExpression', operator: '|', left: x, right: y }));
      return { ...e, left };
    }
  }
  if (e.operator === '+' && b === 0) return e.left as E.Expression;
  return e;
}

function foldLogical(e: E.LogicalExpression): E.Expression {
  const a = literalValue(e.left);
  if (e.operator === '&&') {
    if (a === false) return e.left;
    if (a === true) return e.right;
    if (literalValue(e.right) === true) return e.left;
  } else if (e.operator === '||') {
    if (a === true) return e.left;
    if (a === false) return e.right;
  }
  return e;
}
