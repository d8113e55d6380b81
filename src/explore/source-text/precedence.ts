// How tightly operators bind (Erlang Reference Manual, "Operator Precedence"), for expressions, patterns and types.

/** From the loosest to what needs no parentheses anywhere. */
export const enum Level {
  /** `catch`, and wherever any expression may stand. */
  Any = 0,
  Match = 100,
  OrElse = 150,
  AndAlso = 160,
  Compare = 200,
  List = 300,
  Add = 400,
  Multiply = 500,
  Prefix = 600,
  /** Access to records and maps. */
  Access = 700,
  Call = 750,
  Remote = 800,
  Max = 900,
}

/** Levels of the operators in types. */
export const enum TypeLevel {
  Any = 0,
  Annotation = 150,
  Union = 170,
  Range = 200,
  Add = 400,
  Multiply = 500,
  Prefix = 600,
  Max = 900,
}

export interface Binding {
  level: number;
  /** What the operands must bind at least. */
  left: number;
  right: number;
}

const left = (level: number): Binding => ({ level, left: level, right: level + 1 });
const right = (level: number): Binding => ({ level, left: level + 1, right: level });
const neither = (level: number): Binding => ({ level, left: level + 1, right: level + 1 });

const BINARY = new Map<string, Binding>();
const add = (binding: Binding, operators: string): void => {
  for (const operator of operators.split(' ')) BINARY.set(operator, binding);
};
add(right(Level.Match), '= !');
add(right(Level.OrElse), 'orelse');
add(right(Level.AndAlso), 'andalso');
add(neither(Level.Compare), '== /= =< < >= > =:= =/=');
add(right(Level.List), '++ --');
add(left(Level.Add), '+ - bor bxor bsl bsr or xor');
add(left(Level.Multiply), '/ * div rem band and');

const PREFIX = new Set(['+', '-', 'bnot', 'not']);

/** A binary operator's binding, undefined: there is no such operator. */
export function binaryOperator(name: string): Binding | undefined {
  return BINARY.get(name);
}

export function isPrefixOperator(name: string): boolean {
  return PREFIX.has(name);
}

/** The same for operators in types. */
export function typeOperator(name: string): Binding | undefined {
  const binding = BINARY.get(name);
  return binding?.level === Level.Add || binding?.level === Level.Multiply ? binding : undefined;
}
