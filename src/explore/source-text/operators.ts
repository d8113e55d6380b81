// Operators with their operands: the same in expressions and in types.
import { Tuple, type Value } from './external-term.js';
import { unknown } from './nodes.js';
import { type Binding, isPrefixOperator, Level } from './precedence.js';
import type { Writer } from './writer.js';

/** What operands are: expressions or types. */
export interface Operands {
  /** The binding of a binary operator that there is. */
  bindingOf(operator: string): Binding | undefined;
  levelOf(node: Value | undefined): number;
  /** Writes an operand, in parentheses if it binds less than `least`. */
  write(w: Writer, node: Value | undefined, least: number): void;
}

export function writePrefix(
  w: Writer,
  of: Operands,
  operator: string,
  annotation: Value | undefined,
  operand: Value | undefined,
): void {
  if (!isPrefixOperator(operator)) unknown(new Tuple(['op', 0, operator]));
  w.put(operator, annotation);
  // Two signs in a row are another operator.
  if (/^\w/.test(operator) || of.levelOf(operand) === Level.Prefix) w.space();
  of.write(w, operand, Level.Prefix);
}

export function writeBinaryOperator(
  w: Writer,
  of: Operands,
  operator: string,
  annotation: Value | undefined,
  left: Value | undefined,
  right: Value | undefined,
): void {
  const binding = of.bindingOf(operator) ?? unknown(new Tuple(['op', 0, operator]));
  of.write(w, left, binding.left);
  w.spaced(operator, annotation);
  of.write(w, right, binding.right);
}
