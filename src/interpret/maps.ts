// Instructions for maps.
import { allocateLiteral } from '../code/functions.js';
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { raiseTagged } from '../processes/raise.js';
import { findValue, isFlatMap, isMap, keyIndex, mapSize } from '../terms/access.js';
import { am } from '../terms/atoms.js';
import { tupleOf } from '../terms/build.js';
import { compareExact } from '../terms/compare.js';
import { FLAT_LIMIT, hashMapPut } from '../terms/hamt.js';
import { copyMap, insertKey, insertKeys } from '../terms/map-update.js';
import { boxedAt, header, Kind, Sentinel, type Term } from '../terms/tags.js';
import type { Assembler } from './assemble.js';
import { addRoutine } from './bit-operands.js';
import { emitters } from './emitters.js';
import { I } from './ops.js';
import { defineSlow, sourceAt, storeAt } from './slow.js';

// L S #n (S D)...: #n counts operands
defineSlow(Op.get_map_elements, (pc, e) => {
  const map = sourceAt(pc + 3, e);
  if (!isMap(map)) return H[pc + 2];
  const end = pc + 5 + H[pc + 4];
  for (let at = pc + 5; at < end; at += 2) {
    const value = findValue(map, sourceAt(at, e));
    if (value === 0) return H[pc + 2];
    storeAt(at + 1, e, H[value]);
  }
  return end;
});

// L S #n S...
defineSlow(Op.has_map_fields, (pc, e) => {
  const map = sourceAt(pc + 3, e);
  if (!isMap(map)) return H[pc + 2];
  const end = pc + 5 + H[pc + 4];
  for (let at = pc + 5; at < end; at++) if (findValue(map, sourceAt(at, e)) === 0) return H[pc + 2];
  return end;
});

function refuse(fail: number, tag: Term, value: Term): number {
  if (fail !== 0) return fail;
  raiseTagged(tag, value);
  return 0;
}

// L S D #n (S S)...: #n counts operands
function put(pc: number, e: number, exact: boolean): number {
  const map = sourceAt(pc + 3, e);
  if (!isMap(map)) return refuse(H[pc + 2], am.badmap, map);
  const end = pc + 6 + H[pc + 5];
  let result = map;
  if (isFlatMap(map)) {
    let added: Term[] | undefined;
    for (let at = pc + 6; at < end; at += 2) {
      const key = sourceAt(at, e);
      const value = sourceAt(at + 1, e);
      const old = findValue(map, key);
      if (old !== 0) {
        // The copy's words are where those of the map are.
        const place = old - (map >>> 3);
        if (H[(result >>> 3) + place] === value) continue;
        if (result === map) result = copyMap(map);
        H[(result >>> 3) + place] = value;
      } else if (exact) return refuse(H[pc + 2], am.badkey, key);
      else {
        added ??= [];
        added.push(key, value);
      }
    }
    if (added !== undefined) {
      if (added.length === 2) result = insertKey(result, -1 - keyIndex(result, added[0]), added[0], added[1]);
      else result = insertKeys(result, added);
    }
  } else {
    for (let at = pc + 6; at < end; at += 2) {
      const key = sourceAt(at, e);
      result = hashMapPut(result, key, sourceAt(at + 1, e), exact);
      if (result === Sentinel.None) return refuse(H[pc + 2], am.badkey, key);
    }
  }
  storeAt(pc + 4, e, result);
  return end;
}
const putAssoc = addRoutine((pc, e) => put(pc, e, false));
const putExact = addRoutine((pc, e) => put(pc, e, true));

function emitPut(a: Assembler, routine: number, [fail, src, dst, , list]: Operand[]): void {
  const { items } = list as { items: Operand[] };
  a.emit(I.Slow, routine);
  a.label(fail);
  a.source(src);
  a.destination(dst);
  a.emit(items.length);
  for (const item of items) a.source(item);
}
emitters[Op.put_map_exact] = (a, args) => emitPut(a, putExact, args);

// D #keys #n S...: a map of constant keys; the tuple of keys is a constant too
const makeMap = addRoutine((pc, e) => {
  const n = H[pc + 4];
  const at = allocate(2 + n);
  H[at] = header(Kind.FlatMap, 1 + n);
  H[at + 1] = H[pc + 3];
  for (let i = 0; i < n; i++) H[at + 2 + i] = sourceAt(pc + 5 + i, e);
  storeAt(pc + 2, e, boxedAt(at));
  return pc + 5 + n;
});

emitters[Op.put_map_assoc] = (a, args) => {
  const [, src, dst, , list] = args;
  const map = a.constant(src);
  const empty = map !== undefined && isMap(map) && mapSize(map) === 0;
  const pairs = empty ? newMapPairs((o) => a.constant(o), (list as { items: Operand[] }).items) : undefined;
  if (pairs === undefined) {
    emitPut(a, putAssoc, args);
    return;
  }
  a.emit(I.Slow, makeMap);
  a.destination(dst);
  const keys = pairs.map((p) => p.key);
  a.emit(tupleOf(keys, allocateLiteral), pairs.length);
  for (const p of pairs) a.source(p.value);
};

/** Whether the instruction at a code address makes a map of constant keys: D #keys #n S... behind its two first words. */
export function isNewMap(address: number): boolean {
  return H[address] === I.Slow && H[address + 1] === makeMap;
}

/** The constant keys of a new flat map in map key order, and the operands of their values; undefined: it is none. */
export function newMapPairs(
  constant: (o: Operand) => Term | undefined,
  items: Operand[],
): { key: Term; value: Operand }[] | undefined {
  const pairs: { key: Term; value: Operand }[] = [];
  for (let i = 0; i < items.length; i += 2) {
    const key = constant(items[i]);
    if (key === undefined) return undefined;
    pairs.push({ key, value: items[i + 1] });
  }
  pairs.sort((p, q) => compareExact(p.key, q.key));
  // Of equal keys the last one counts, which is the last in order too.
  const distinct = pairs.filter(
    (p, i) => i + 1 === pairs.length || compareExact(p.key, pairs[i + 1].key) !== 0,
  );
  return distinct.length > FLAT_LIMIT ? undefined : distinct;
}
