// Emitters of moving and building: move, lists, tuples, records, the heap.
import type * as E from 'estree';
import { lambdas } from '../../code/lambdas.js';
import { FUN_WORDS, heapWords } from '../../load/heap-need.js';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { itemsOf, num } from '../../load/operands.js';
import { settings } from '../../settings.js';
import { assign, bin, folded, id, lit, set, word } from '../ast.js';
import * as calls from '../stubs/calls.js';
import type { Unit } from '../unit.js';

/** The word `offset` behind an index expression. */
function at(index: E.Expression, offset: number): E.MemberExpression {
  if (offset === 0) return word(index);
  if (index.type === 'BinaryExpression' && index.operator === '+' && index.right.type === 'Literal')
    return word(
      bin(
        index.left as E.Expression,
        '+',
        folded((index.right.value as number) + offset, '+', index.right, lit(offset)),
      ),
    );
  return word(bin(index, '+', lit(offset)));
}

const pointer = (index: E.Expression, tag: number): E.Expression =>
  bin(bin(index, '<<', lit(3)), '|', lit(tag));
const addressOf = (t: E.Expression): E.Expression =>
  t.type === 'Literal' ? folded((t.value as number) >>> 3, '>>>', t, lit(3)) : bin(t, '>>>', lit(3));

/** test_heap, and the heap part of allocate_heap. */
export function testHeap(u: Unit, words: number, live: number): void {
  u.flushHeap();
  u.use('H');
  // Numbers that are not boxed yet may have to be before what the words are for is built.
  words += 3 * u.unboxedCount;
  if (words > 0 || settings.stressGc) {
    u.locals.add('h');
    u.inline(
      settings.stressGc ? calls.testHeapStressed : calls.testHeap,
      { h: id('h'), words: lit(words) },
      u.collect(words, live),
    );
    u.heapUsed = 0;
  }
}

/** A number that has no term yet moves without getting one. */
function moveUnboxed(u: Unit, from: Operand, to: Operand): boolean {
  if (u.constant(from) !== undefined) return false;
  const number = u.unboxed.get(u.nameOf(from));
  if (number === undefined || number.boxed) return false;
  if (number.kind === 'double') u.setDouble(to, u.doubleOf(from));
  else u.setWide(to, u.wideOf(from), number.min, number.max);
  return true;
}

/** Room for floats alone is not asked for: they stay unboxed, and each box that is wanted finds its own room. */
function onlyFloats(o: Operand): boolean {
  return o.kind === 'alloc' && o.words === 0 && o.funs === 0 && !settings.stressGc;
}

/** Emits a moving or building instruction; false: it is none. */
export function emitData(u: Unit, op: Op, args: Operand[]): boolean {
  u.use('H');
  switch (op) {
    case Op.move:
      if (!moveUnboxed(u, args[0], args[1])) u.set(args[1], u.source(args[0]), u.info(args[0]));
      return true;
    case Op.swap: {
      u.source(args[0]);
      u.source(args[1]);
      const a = u.nameOf(args[0]);
      const b = u.nameOf(args[1]);
      const ia = u.known.get(a);
      const ib = u.known.get(b);
      u.locals.add('t');
      u.emit(set('t', id(a)), set(a, id(b)), set(b, id('t')));
      const [na, nb] = [u.unboxed.has(a), u.unboxed.has(b)];
      u.destination(args[0], nb && ib?.float !== true ? undefined : ib);
      u.destination(args[1], na && ia?.float !== true ? undefined : ia);
      return true;
    }
    case Op.get_list: {
      const source = addressOf(u.source(args[0]));
      u.locals.add('p');
      u.emit(set('p', source));
      u.set(args[1], word(id('p')));
      u.set(args[2], word(bin(id('p'), '+', lit(1))));
      return true;
    }
    case Op.get_hd:
      u.set(args[1], word(addressOf(u.source(args[0]))));
      return true;
    case Op.get_tl:
      u.set(args[1], word(bin(addressOf(u.source(args[0])), '+', lit(1))));
      return true;
    case Op.get_tuple_element:
      u.set(args[2], word(bin(addressOf(u.source(args[0])), '+', lit(num(args[1]) + 1))));
      return true;
    case Op.set_tuple_element:
      u.emit(assign(word(bin(addressOf(u.source(args[1])), '+', lit(num(args[2]) + 1))), u.source(args[0])));
      return true;
    case Op.put_list: {
      const cell = u.heap(2);
      u.emit(assign(at(cell, 0), u.source(args[0])), assign(at(cell, 1), u.source(args[1])));
      u.set(args[2], pointer(cell, 1));
      return true;
    }
    case Op.put_tuple2: {
      const items = itemsOf(args[1]);
      const cell = u.heap(items.length + 1);
      u.emit(assign(at(cell, 0), lit((items.length << 8) | 0x0f)));
      for (const [i, o] of items.entries()) u.emit(assign(at(cell, i + 1), u.source(o)));
      u.set(args[0], pointer(cell, 3));
      return true;
    }
    case Op.update_record: {
      const size = num(args[1]);
      const items = itemsOf(args[4]);
      const changed = new Map<number, Operand>();
      for (let i = 0; i < items.length; i += 2) changed.set(num(items[i]), items[i + 1]);
      const cell = u.heap(size + 1);
      const from = u.source(args[2]);
      u.locals.add('p');
      u.emit(set('p', addressOf(from)), assign(at(cell, 0), lit((size << 8) | 0x0f)));
      for (let i = 1; i <= size; i++) {
        const o = changed.get(i);
        u.emit(assign(at(cell, i), o === undefined ? word(bin(id('p'), '+', lit(i))) : u.source(o)));
      }
      u.set(args[3], pointer(cell, 3));
      return true;
    }
    case Op.make_fun3: {
      const lambda = u.module.source.lambdas[num(args[0])];
      const free = itemsOf(args[2]);
      const cell = u.heap(free.length + FUN_WORDS);
      u.emit(
        assign(at(cell, 0), lit(((free.length + 3) << 8) | 0x17)),
        assign(at(cell, 1), u.lambdaWord(num(args[0]))),
        assign(at(cell, 2), lit((lambda.arity - lambda.free) << 1)),
        assign(at(cell, 3), word(lit(1036))),
      );
      for (const [i, o] of free.entries()) u.emit(assign(at(cell, i + 4), u.source(o)));
      const number = u.module.lambdas[num(args[0])];
      // The same code may be loaded twice; its funs then have the other's functions, which may go away before this unit.
      const known = lambdas[number].fn.module === u.module ? { small: false, lambda: number } : undefined;
      u.set(args[1], pointer(cell, 3), known);
      return true;
    }
    case Op.allocate:
    case Op.allocate_zero:
      return true;
    case Op.allocate_heap:
    case Op.allocate_heap_zero:
      if (!onlyFloats(args[1])) testHeap(u, heapWords(args[1]), num(args[2]));
      return true;
    case Op.test_heap:
      if (!onlyFloats(args[0])) testHeap(u, heapWords(args[0]), num(args[1]));
      return true;
    case Op.deallocate:
    case Op.trim:
      return true;
    case Op.init:
      u.set({ kind: 'y', n: num(args[0]) }, lit(5));
      return true;
    case Op.init_yregs:
      for (const y of itemsOf(args[0])) u.set(y, lit(5));
      return true;
    default:
      return false;
  }
}
