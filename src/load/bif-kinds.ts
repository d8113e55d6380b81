// What BIFs show of their arguments by not failing, and what kind of term they give.
import {
  ANY,
  aged,
  CONS,
  elementsOf,
  FLOAT,
  freshCopy,
  integerOf,
  MAP,
  meet,
  NIL,
  tailKind,
  tupleKind,
  withElement,
} from './kinds.js';
import type { Import } from './module.js';

/** The result of a BIF that is called as a function, with arguments of these kinds. */
export function resultOfCall({ module, name, arity }: Import, args: readonly number[]): number {
  if (module === 'math') return FLOAT;
  switch (`${module}:${name}/${arity}`) {
    case 'lists:reverse/1':
      return args[0] === NIL ? NIL : tailKind(args[0]!);
    case 'erlang:setelement/3': {
      const tuple = freshCopy(args[1]!);
      const n = integerOf(args[0]!);
      if (n === undefined || n < 1) return tupleKind(Math.max(0, elementsOf(tuple)), [], true);
      return withElement(meet(tuple, tupleKind(n)), n - 1, aged(args[2]!));
    }
    default:
      return ANY;
  }
}

/** The result of a BIF in a bif or gc_bif instruction. */
export function resultOfBif({ module, name, arity }: Import, operands: readonly number[]): number {
  if (module !== 'erlang') return ANY;
  switch (`${name}/${arity}`) {
    case '//2':
    case 'float/1':
      return FLOAT;
    case '+/2':
    case '-/2':
    case '*/2':
    case '-/1':
    case 'abs/1':
      return operands.includes(FLOAT) ? FLOAT : ANY;
    default:
      return ANY;
  }
}

/** What one operand of a bif or gc_bif instruction is if control goes on behind it; undefined: that shows nothing. */
export function shownByBif(
  { module, name, arity }: Import,
  operands: readonly number[],
): { operand: number; kind: number } | undefined {
  if (module !== 'erlang') return undefined;
  switch (`${name}/${arity}`) {
    case 'hd/1':
    case 'tl/1':
      return { operand: 0, kind: CONS };
    case 'tuple_size/1':
      return { operand: 0, kind: tupleKind(0) };
    case 'map_size/1':
      return { operand: 0, kind: MAP };
    case 'map_get/2':
    case 'is_map_key/2':
      return { operand: 1, kind: MAP };
    case 'element/2':
      return { operand: 1, kind: tupleKind(Math.max(0, integerOf(operands[0]!) ?? 0)) };
    default:
      return undefined;
  }
}
