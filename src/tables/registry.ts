// All tables there are, by the references and atoms that name them; and what becomes of them when processes end.
import { termHolders } from '../code/references.js';
import { H } from '../memory/arena.js';
import { exitHooks, possessions } from '../processes/exit.js';
import { deliver } from '../processes/messages.js';
import type { Process } from '../processes/process.js';
import { Handle, handleNumber, handleTerm, newReferenceNumber } from '../processes/references.js';
import { processOf } from '../processes/table.js';
import { atom } from '../terms/atoms.js';
import { tuple } from '../terms/build.js';
import { Imm, type Term } from '../terms/tags.js';
import { HashTable } from './hash-table.js';
import { copyPart, free, Obj, store, wordsOf } from './objects.js';
import { OrderedTable } from './ordered-table.js';
import { type Heir, type Table, type TableOptions, TableType } from './table.js';

const byNumber = new Map<number, Table>();
const byName = new Map<Term, Table>();

/** How many tables there are. */
export function tableCount(): number {
  return byNumber.size;
}

/** What a process owns and what it has fixed; kept only for processes that have any. */
interface Holdings {
  owned: Set<Table>;
  fixed: Set<Table>;
}
const holdings = new Map<Term, Holdings>();

function holdingsOf(pid: Term): Holdings {
  let of = holdings.get(pid);
  if (of === undefined) holdings.set(pid, (of = { owned: new Set(), fixed: new Set() }));
  return of;
}

function forget(pid: Term, list: 'owned' | 'fixed', table: Table): void {
  const of = holdings.get(pid);
  if (of === undefined) return;
  of[list].delete(table);
  if (of.owned.size + of.fixed.size === 0) holdings.delete(pid);
}

let lastNumber = 0;
let lastTable: Table | undefined;

/** The table that a reference or an atom names. */
export function tableOf(t: Term): Table | undefined {
  if ((t & Imm.Mask) === Imm.Atom) return byName.get(t);
  const n = handleNumber(t, Handle.Table);
  if (n === lastNumber && n !== 0) return lastTable;
  const table = byNumber.get(n);
  if (table !== undefined) {
    lastNumber = n;
    lastTable = table;
  }
  return table;
}

/** Whether the table has not been deleted. */
export function isLive(table: Table): boolean {
  return byNumber.get(table.id) === table;
}

/** Whether the term could name a table: an atom, or the reference of one that is or was. */
export function isTableIdentifier(t: Term): boolean {
  return (t & Imm.Mask) === Imm.Atom || handleNumber(t, Handle.Table) !== 0;
}

/** The reference of a table (ets:whereis/1), on the heap of the running process. */
export function tableReference(table: Table): Term {
  return handleTerm(table.id, Handle.Table);
}

/** What a program calls the table: its name or its reference. */
export function tableIdentifier(table: Table): Term {
  return table.options.named ? table.name : tableReference(table);
}

/** All tables, the newest first. */
export function allTables(): Table[] {
  return [...byNumber.values()].reverse();
}

const ETS_TRANSFER = atom('ETS-TRANSFER');

/** A new table of that process; undefined: there is a table of that name. */
export function createTable(owner: Process, name: Term, options: TableOptions): Table | undefined {
  if (options.named && byName.has(name)) return undefined;
  const id = newReferenceNumber();
  const table =
    options.type === TableType.OrderedSet
      ? new OrderedTable(id, name, options)
      : new HashTable(id, name, options);
  table.owner = owner.pid;
  byNumber.set(id, table);
  if (options.named) byName.set(name, table);
  holdingsOf(owner.pid).owned.add(table);
  possessions.acquired++;
  return table;
}

/** Gives a named table another name; false: it is taken. */
export function renameTable(table: Table, name: Term): boolean {
  if (table.options.named) {
    if (byName.has(name)) return false;
    byName.delete(table.name);
    byName.set(name, table);
  }
  table.name = name;
  return true;
}

/** Deletes a table and all that is in it. */
function deleteTable(table: Table): void {
  forgetTable(table);
  table.destroy();
}

/** The same but for its objects. */
export function forgetTable(table: Table): void {
  byNumber.delete(table.id);
  if (table.options.named) byName.delete(table.name);
  if (lastTable === table) {
    lastNumber = 0;
    lastTable = undefined;
  }
  forget(table.owner, 'owned', table);
  for (const pid of table.fixes.keys()) forget(pid, 'fixed', table);
  table.fixes.clear();
  setHeir(table, undefined);
}

/** What the heir of a table will be told; copied. */
export function heirOf(pid: Term, data: Term): Heir {
  return { pid, data: store(tuple(data)) };
}

export function setHeir(table: Table, heir: Heir | undefined): void {
  if (table.heir !== undefined) free(table.heir.data);
  table.heir = heir;
}

/** Makes another process the owner and tells it. */
export function giveTable(table: Table, from: Term, to: Process, data: Term): void {
  forget(table.owner, 'owned', table);
  table.owner = to.pid;
  holdingsOf(to.pid).owned.add(table);
  deliver(to, tuple(ETS_TRANSFER, tableIdentifier(table), from, data));
}

/** safe_fixtable(Table, true) by a process. */
export function fixTable(table: Table, pid: Term): void {
  if (!table.isFixed) table.fixed();
  possessions.acquired++;
  table.fixes.set(pid, (table.fixes.get(pid) ?? 0) + 1);
  holdingsOf(pid).fixed.add(table);
}

/** safe_fixtable(Table, false) by a process. */
export function releaseTable(table: Table, pid: Term): void {
  const times = table.fixes.get(pid);
  if (times === undefined) return;
  if (times > 1) table.fixes.set(pid, times - 1);
  else endFix(table, pid);
}

function endFix(table: Table, pid: Term): void {
  table.fixes.delete(pid);
  forget(pid, 'fixed', table);
  if (!table.isFixed) table.released();
}

/** A process has ended: its tables go to their heirs or away, and it fixes none any more. */
function onExit(p: Process): void {
  const of = holdings.get(p.pid);
  if (of === undefined) return;
  for (const table of [...of.fixed]) endFix(table, p.pid);
  for (const table of [...of.owned]) {
    const heir = table.heir;
    const to = heir === undefined || heir.pid === p.pid ? undefined : processOf(heir.pid);
    if (to === undefined) deleteTable(table);
    else giveTable(table, p.pid, to, copyPart(H[heir!.data + Obj.Tuple + 1]));
  }
}
exitHooks.onExit.push(onExit);

termHolders.push((look) => {
  const lookAt = (object: number): number => {
    look(object + Obj.Tuple, object + Obj.Tuple + wordsOf(object));
    return 0;
  };
  for (const table of byNumber.values()) {
    table.visit(lookAt);
    if (table.heir !== undefined) lookAt(table.heir.data);
  }
});
