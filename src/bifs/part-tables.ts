// Tables that are there as soon as somebody looks for them (processes/parts.ts).
import { exportOf } from '../code/functions.js';
import { H } from '../memory/arena.js';
import { partOfTable } from '../processes/parts.js';
import { atom } from '../terms/atoms.js';
import { list } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { callInstead } from './whole-stack.js';

/**
 * What a BIF of ets gives that has not found a table which belongs to a part of the system: the part begins, then the BIF runs
 * again. undefined: the table is none of these.
 */
export function whenTableIsThere(table: Term, name: string, args: Term[]): Term | undefined {
  const part = partOfTable(table);
  return part === undefined ? undefined : whenPartHasBegun(part, 'ets', name, args);
}

/** What a BIF gives to be called again when a part of the system has begun. */
export function whenPartHasBegun(part: Term, module: string, name: string, args: Term[]): Term {
  const { cell } = exportOf(atom('turbeam_processes'), atom('await'), 4);
  H[3] = list(args);
  H[2] = atom(name);
  H[1] = atom(module);
  H[0] = part;
  return callInstead(H[cell]!, 4);
}
