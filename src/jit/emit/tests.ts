// Emitters of tests, comparisons and selections: a condition, and where to go if it does not hold.
import type * as E from 'estree';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { itemsOf, num } from '../../load/operands.js';
import { block, lit, not, when } from '../ast.js';
import * as floats from '../stubs/floats.js';
import * as stubs from '../stubs/tests.js';
import * as wide from '../stubs/wide.js';
import type { Unit } from '../unit.js';

/** Goes to the label unless the condition holds. */
export function branchUnless(u: Unit, condition: E.Expression, label: Operand): void {
  const away = u.jumpTo(label);
  u.emit(when(negated(condition), away));
}

function negated(e: E.Expression): E.Expression {
  if (e.type === 'BinaryExpression') {
    if (e.operator === '===') return { ...e, operator: '!==' };
    if (e.operator === '!==') return { ...e, operator: '===' };
  }
  return not(e);
}

// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
const unary: Partial<Record<Op, (...args: any[]) => boolean>> = {
  [Op.is_nonempty_list]: stubs.isNonemptyList,
  [Op.is_list]: stubs.isList,
  [Op.is_integer]: stubs.isInteger,
  [Op.is_float]: stubs.isFloat,
  [Op.is_number]: stubs.isNumber,
  [Op.is_atom]: stubs.isAtom,
  [Op.is_boolean]: stubs.isBoolean,
  [Op.is_pid]: stubs.isPid,
  [Op.is_port]: stubs.isPort,
  [Op.is_reference]: stubs.isReference,
  [Op.is_tuple]: stubs.isTuple,
  [Op.is_function]: stubs.isFunction,
  [Op.is_map]: stubs.isMap,
  [Op.is_binary]: stubs.isBinaryTerm,
  [Op.is_bitstr]: stubs.isBitstring,
};

/** Comparisons of what are floats for sure. */
// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
const floatTests: Partial<Record<Op, (...args: any[]) => boolean>> = {
  [Op.is_lt]: floats.less,
  [Op.is_ge]: floats.greaterOrEqual,
  [Op.is_eq]: floats.equals,
  [Op.is_eq_exact]: floats.equals,
  [Op.is_ne]: floats.equals,
  [Op.is_ne_exact]: floats.equals,
};

/** Comparisons of integers of which one is unboxed. */
// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
const wideTests: Partial<Record<Op, (...args: any[]) => boolean>> = {
  [Op.is_lt]: wide.less,
  [Op.is_ge]: wide.greaterOrEqual,
  [Op.is_eq]: wide.equals,
  [Op.is_eq_exact]: wide.equals,
  [Op.is_ne]: wide.equals,
  [Op.is_ne_exact]: wide.equals,
};

/** Whether an operand is an integer that is unboxed, small, or a small constant. */
function isKnownInteger(u: Unit, o: Operand): boolean {
  const constant = u.constant(o);
  if (constant !== undefined) return (constant & 1) === 0;
  return u.wide(o) !== undefined || u.info(o)?.small === true;
}

/** Emits a test; false: the instruction is none. */
export function emitTest(u: Unit, op: Op, args: Operand[]): boolean {
  const ofFloats = floatTests[op];
  if (ofFloats !== undefined && u.isFloat(args[1]) && u.isFloat(args[2])) {
    const condition = u.inlineExpression(ofFloats, { a: u.doubleOf(args[1]), b: u.doubleOf(args[2]) });
    branchUnless(u, op === Op.is_ne || op === Op.is_ne_exact ? negated(condition) : condition, args[0]);
    return true;
  }
  const ofWide = wideTests[op];
  if (
    ofWide !== undefined &&
    (u.wide(args[1]) !== undefined || u.wide(args[2]) !== undefined) &&
    isKnownInteger(u, args[1]) &&
    isKnownInteger(u, args[2])
  ) {
    const condition = u.inlineExpression(ofWide, { a: u.wideOf(args[1]), b: u.wideOf(args[2]) });
    branchUnless(u, op === Op.is_ne || op === Op.is_ne_exact ? negated(condition) : condition, args[0]);
    return true;
  }
  const stub = unary[op];
  if (stub !== undefined) {
    branchUnless(u, u.inlineExpression(stub, { t: u.source(args[1]) }), args[0]);
    return true;
  }
  switch (op) {
    case Op.is_nil:
      branchUnless(u, u.inlineExpression(stubs.isIdentical, { a: u.source(args[1]), b: lit(5) }), args[0]);
      return true;
    case Op.test_arity:
      branchUnless(
        u,
        u.inlineExpression(stubs.hasArity, { t: u.source(args[1]), header: lit((num(args[2]) << 8) | 0x0f) }),
        args[0],
      );
      return true;
    case Op.is_tagged_tuple:
      branchUnless(
        u,
        u.inlineExpression(stubs.isTaggedTuple, {
          t: u.source(args[1]),
          header: lit((num(args[2]) << 8) | 0x0f),
          tag: u.source(args[3]),
        }),
        args[0],
      );
      return true;
    case Op.is_function2: {
      const arity = u.constant(args[2]);
      if (arity === undefined || (arity & 1) !== 0) return false;
      branchUnless(
        u,
        u.inlineExpression(stubs.isFunctionOf, { t: u.source(args[1]), arity: lit(arity) }),
        args[0],
      );
      return true;
    }
    case Op.is_eq_exact:
    case Op.is_ne_exact: {
      const condition = u.inlineExpression(
        isPlain(u, args[1]) || isPlain(u, args[2]) ? stubs.isIdentical : stubs.isExactlyEqual,
        { a: u.source(args[1]), b: u.source(args[2]) },
      );
      branchUnless(u, op === Op.is_eq_exact ? condition : negated(condition), args[0]);
      return true;
    }
    case Op.is_eq:
    case Op.is_ne: {
      const condition = u.inlineExpression(
        isAtomOperand(u, args[1]) || isAtomOperand(u, args[2]) ? stubs.isIdentical : stubs.isEqual,
        { a: u.source(args[1]), b: u.source(args[2]) },
      );
      branchUnless(u, op === Op.is_eq ? condition : negated(condition), args[0]);
      return true;
    }
    case Op.is_lt:
      branchUnless(
        u,
        u.inlineExpression(stubs.less, { a: u.source(args[1]), b: u.source(args[2]) }),
        args[0],
      );
      return true;
    case Op.is_ge:
      branchUnless(
        u,
        u.inlineExpression(stubs.greaterOrEqual, { a: u.source(args[1]), b: u.source(args[2]) }),
        args[0],
      );
      return true;
    default:
      return false;
  }
}

/** Equal only to what is identical: an immediate constant, or a small integer for sure. */
function isPlain(u: Unit, o: Operand): boolean {
  const c = u.constant(o);
  if (c !== undefined) return (c & 5) !== 1;
  return u.info(o)?.small === true;
}

function isAtomOperand(u: Unit, o: Operand): boolean {
  const c = u.constant(o);
  return c !== undefined && (c & 1) !== 0 && (c & 5) !== 1;
}

/** select_val and select_tuple_arity. False: values that a switch can not compare. */
export function emitSelect(u: Unit, op: Op, args: Operand[]): boolean {
  const items = itemsOf(args[2]);
  const groups = new Map<number, { label: Operand; values: E.Expression[] }>();
  for (let i = 0; i < items.length; i += 2) {
    const value = op === Op.select_val ? u.constant(items[i])! : (num(items[i]) << 8) | 0x0f;
    if (op === Op.select_val && (value & 5) === 1) return false;
    const label = items[i + 1];
    const group = groups.get(num(label));
    const test = op === Op.select_val ? u.constantOf(items[i], value) : lit(value);
    if (group === undefined) groups.set(num(label), { label, values: [test] });
    else group.values.push(test);
  }
  const fail = args[1];
  const source = u.source(args[0]);
  const tuples = op === Op.select_tuple_arity;
  const discriminant: E.Expression = tuples
    ? {
        type: 'MemberExpression',
        object: u.use('H'),
        property: { type: 'BinaryExpression', operator: '>>>', left: source, right: lit(3) },
        computed: true,
        optional: false,
      }
    : source;
  const cases: E.SwitchCase[] = [];
  for (const { label, values } of groups.values()) {
    const target = u.jumpTo(label);
    for (const v of values.slice(0, -1)) cases.push({ type: 'SwitchCase', test: v, consequent: [] });
    cases.push({ type: 'SwitchCase', test: values[values.length - 1], consequent: [block(target)] });
  }
  u.emit({ type: 'SwitchStatement', discriminant, cases });
  u.emit(...u.jumpTo(fail));
  return true;
}
