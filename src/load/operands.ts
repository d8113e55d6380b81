// Operands whose kind is known, because check.ts has looked at it: their numbers, items, registers.
import type { Operand } from './module.js';

/** The number in a register, label, count or index. */
export function num(o: Operand): number {
  return (o as { n: number }).n;
}

/** A number that is a count, or an integer that could be one. */
export function numberOf(o: Operand): number {
  return o.kind === 'integer' ? Number(o.value) : num(o);
}

/** The operands in a list. */
export function itemsOf(list: Operand): Operand[] {
  return (list as { items: Operand[] }).items;
}

/** Whether it is an X or Y register. */
export function isRegister(o: Operand): boolean {
  return o.kind === 'x' || o.kind === 'y';
}

/** Whether both are the same X or Y register. */
export function isSameRegister(a: Operand, b: Operand): boolean {
  return isRegister(a) && a.kind === b.kind && num(a) === num(b);
}

/** The number of the highest X register in an operand; 0 if there is none. */
export function highestX(o: Operand): number {
  if (o.kind === 'x') return o.n;
  if (o.kind !== 'list') return 0;
  let highest = 0;
  for (const item of o.items) if (item.kind === 'x' && item.n > highest) highest = item.n;
  return highest;
}
