// Emitters of map instructions. What is not frequent is left to the interpreter's routines (interpret/maps.ts).
import type * as E from 'estree';
import { isNewMap, newMapPairs } from '../../interpret/maps.js';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { itemsOf } from '../../load/operands.js';
import { H } from '../../memory/arena.js';
import { Kind, Tag, type Term } from '../../terms/tags.js';
import { assign, bin, block, id, lit, not, or, set, when, word } from '../ast.js';
import * as stubs from '../stubs/maps.js';
import { isMap } from '../stubs/tests.js';
import type { Unit } from '../unit.js';
import { emitRoutine, routineAt } from './routines.js';

/** More keys than these are left to the routine, so that units stay small. */
const MOST_KEYS = 8;

/** A key that is the same term only if it is the same word. */
function isImmediate(key: Term | undefined): key is Term {
  return key !== undefined && ((key & 1) === 0 || (key & Tag.Mask) === Tag.Immediate);
}

/** Emits an instruction on maps; false: it is none, or the routine is as good. */
export function emitMap(u: Unit, op: Op, args: Operand[]): boolean {
  switch (op) {
    case Op.get_map_elements:
      return getElements(u, args);
    case Op.has_map_fields:
      return hasFields(u, args);
    case Op.put_map_assoc:
    case Op.put_map_exact:
      return isNewMap(u.address()) ? newMap(u, args) : put(u, op, args);
    default:
      return false;
  }
}

/** Finds the value of a key: its word index goes to a local, or 0 if there is none. */
function find(u: Unit, local: string, map: E.Expression, key: Operand): void {
  u.locals.add(local);
  const term = u.source(key);
  if (isImmediate(u.constant(key)))
    u.inline(stubs.valueOfKey, { at: id(local), map, key: term, kept: id('kept'), word: lit(u.keptWord()) });
  else u.emit(set(local, u.callLibrary('findMapValue', map, term)));
}

/** Finds the values of several keys; goes to the label if one of them is not there. The locals are g0, g1... */
function findAll(u: Unit, src: Operand, keys: Operand[], label: Operand): void {
  u.use('H');
  const map = u.source(src);
  keys.forEach((key, i) => {
    find(u, `g${i}`, map, key);
  });
  const missing = keys.map((_, i) => bin(id(`g${i}`), '===', lit(0)) as E.Expression).reduce(or);
  u.emit(when(missing, u.jumpTo(label)));
}

function getElements(u: Unit, [label, src, list]: Operand[]): boolean {
  const items = itemsOf(list);
  if (items.length > 2 * MOST_KEYS) return false;
  findAll(
    u,
    src,
    items.filter((_, i) => i % 2 === 0),
    label,
  );
  // Keys and the map may be in registers that are written.
  for (let i = 1; i < items.length; i += 2) u.set(items[i], word(id(`g${(i - 1) / 2}`)));
  return true;
}

function hasFields(u: Unit, [label, src, list]: Operand[]): boolean {
  const keys = itemsOf(list);
  if (keys.length > MOST_KEYS) return false;
  findAll(u, src, keys, label);
  return true;
}

/** A map with constant keys, which are a literal tuple. */
function newMap(u: Unit, args: Operand[]): boolean {
  const pairs = newMapPairs((o) => u.constant(o), itemsOf(args[4]))!;
  const values = pairs.map((p) => u.source(p.value));
  const keys = H[u.address() + 3];
  u.flushHeap();
  u.use('H');
  u.locals.add('h');
  u.inline(stubs.reserve, { h: id('h'), words: lit(values.length + 2) });
  u.emit(
    assign(word(id('h')), lit(((values.length + 1) << Kind.SizeShift) | Kind.FlatMap)),
    assign(
      word(bin(id('h'), '+', lit(1))),
      u.constantWord(keys, () => [`keys_${u.at}`, 'the keys of a new map']),
    ),
  );
  for (const [i, value] of values.entries()) u.emit(assign(word(bin(id('h'), '+', lit(i + 2))), value));
  u.set(args[2], bin(bin(id('h'), '<<', lit(3)), '|', lit(Tag.Boxed)));
  return true;
}

function put(u: Unit, op: Op, args: Operand[]): boolean {
  const [label, src, dst, , list] = args;
  const items = itemsOf(list);
  if (items.length > 2 * MOST_KEYS || routineAt(u.target, u.at) < 0) return false;
  const constant = items.every((o, i) => i % 2 === 1 || isImmediate(u.constant(o)));
  if (!constant && items.length > 2) return false;
  u.use('H');
  const map = u.source(src);
  const operands = items.map((o) => u.source(o));
  u.flushHeap();
  if (!constant) {
    u.locals.add('t');
    u.emit(
      set('t', u.callLibrary(op === Op.put_map_exact ? 'updateInMap' : 'putInMap', map, ...operands)),
      when(bin(id('t'), '===', lit(7)), u.fail(label, 'no such key, or no map')),
    );
    u.set(dst, id('t'));
    return true;
  }
  // All keys are there: a copy with other values.
  let all: E.Expression | undefined;
  for (let i = 0; i < items.length; i += 2) {
    const local = `g${i / 2}`;
    u.locals.add(local);
    u.inline(stubs.place, {
      at: id(local),
      map,
      key: operands[i],
      kept: id('kept'),
      word: lit(u.keptWord()),
    });
    all = all === undefined ? id(local) : bin(all, '|', id(local));
  }
  u.locals.add('p');
  const copy: E.Statement[] = [set('p', bin(u.callLibrary('copyMap', map), '>>>', lit(3)))];
  for (let i = 0; i < items.length; i += 2) {
    const at = bin(bin(id('p'), '+', lit(2)), '+', id(`g${i / 2}`));
    copy.push(assign(word(at), operands[i + 1]));
  }
  const out = u.out;
  u.out = [];
  emitRoutine(u, op, args);
  const slow = u.out;
  u.out = out;
  const target = u.destination(dst);
  copy.push(assign(target, bin(bin(id('p'), '<<', lit(3)), '|', lit(Tag.Boxed))));
  u.emit({
    type: 'IfStatement',
    test: bin(all!, '>=', lit(0)),
    consequent: block(copy),
    alternate: block(slow),
  });
  return true;
}

/** Emits map_get/2, is_map_key/2 or map_size/1; false: the BIF is another one. */
export function emitMapBif(
  u: Unit,
  name: string,
  label: Operand,
  operands: Operand[],
  dst: Operand,
): boolean {
  switch (name) {
    case 'map_size': {
      const a = u.source(operands[0]);
      const fail = u.fail(label, 'map_size/1 fails');
      u.inline(stubs.mapSize, { dst: u.destination(dst, { small: true }), a }, fail);
      return true;
    }
    case 'map_get': {
      const map = u.source(operands[1]);
      const fail = u.fail(label, 'map_get/2 fails');
      u.use('H');
      find(u, 'g0', map, operands[0]);
      u.emit(when(bin(id('g0'), '===', lit(0)), fail));
      u.set(dst, word(id('g0')));
      return true;
    }
    case 'is_map_key': {
      const map = u.source(operands[1]);
      const key = u.source(operands[0]);
      u.emit(when(not(u.inlineExpression(isMap, { t: map })), u.fail(label, 'is_map_key/2 fails')));
      u.set(dst, {
        type: 'ConditionalExpression',
        test: bin(u.callLibrary('findMapValue', map, key), '!==', lit(0)),
        consequent: lit(77),
        alternate: lit(13),
      });
      return true;
    }
    default:
      return false;
  }
}
