// BIFs of module ets that make, name, hand over and delete tables.
import { current } from '../processes/current.js';
import type { Task } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { processOf } from '../processes/table.js';
import {
  createTable,
  forgetTable,
  giveTable,
  heirOf,
  renameTable,
  setHeir,
  tableIdentifier,
} from '../tables/registry.js';
import { Protection, type TableOptions, TableType } from '../tables/table.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import { isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { isInteger, isNegative } from '../terms/integer.js';
import { Imm, isAtom, isSmall, Sentinel, type Term } from '../terms/tags.js';
import { CAUSE, writable } from './ets-access.js';
import { freeAll, freeInSteps, isLarge } from './ets-scan.js';
import { defineBifs } from './table.js';
import { defineYieldingBifs, inSteps } from './yielding.js';

const TYPES: Record<string, TableType> = {
  ordered_set: TableType.OrderedSet,
  bag: TableType.Bag,
  duplicate_bag: TableType.DuplicateBag,
};
const PROTECTIONS: Record<string, Protection> = {
  private: Protection.Private,
  protected: Protection.Protected,
  public: Protection.Public,
};
const NONE = atom('none');
const AUTO = atom('auto');
const HEIR = atom('heir');

/** What ets:new/2 reads out of its options. */
interface NewTable {
  options: TableOptions;
  heir: [pid: Term, data: Term] | undefined;
}

/** The options of ets:new/2; undefined: one of them is none. */
function tableOptions(t: Term): NewTable | undefined {
  const items = listToArray(t);
  if (items === undefined) return undefined;
  const options: TableOptions = {
    type: TableType.Set,
    protection: Protection.Protected,
    named: false,
    keyPosition: 1,
    compressed: false,
    writeConcurrency: Atom.False,
    readConcurrency: Atom.False,
    decentralizedCounters: false,
  };
  const chosen: NewTable = { options, heir: undefined };
  let decentralized: Term = 0;
  for (const item of items) {
    if (isAtom(item)) {
      const name = atomName(item);
      // As in native Erlang, set behind another type changes nothing.
      if (name === 'set') continue;
      if (Object.hasOwn(TYPES, name)) options.type = TYPES[name];
      else if (Object.hasOwn(PROTECTIONS, name)) options.protection = PROTECTIONS[name];
      else if (name === 'named_table') options.named = true;
      else if (name === 'compressed') options.compressed = true;
      else return undefined;
      continue;
    }
    if (!isTuple(item) || tupleArity(item) < 2 || !isAtom(tupleElement(item, 0))) return undefined;
    if (tupleElement(item, 0) === HEIR) {
      const heir = heirOption(item);
      if (heir === undefined) return undefined;
      chosen.heir = heir === 'none' ? undefined : heir;
      continue;
    }
    if (tupleArity(item) !== 2) return undefined;
    const value = tupleElement(item, 1);
    const isBoolean = value === Atom.True || value === Atom.False;
    switch (atomName(tupleElement(item, 0))) {
      case 'keypos': {
        const position = keyPosition(value);
        if (position === undefined) return undefined;
        options.keyPosition = position;
        break;
      }
      case 'write_concurrency':
        if (!isBoolean && value !== AUTO) return undefined;
        options.writeConcurrency = value;
        break;
      case 'read_concurrency':
        if (!isBoolean) return undefined;
        options.readConcurrency = value;
        break;
      case 'decentralized_counters':
        if (!isBoolean) return undefined;
        decentralized = value;
        break;
      default:
        return undefined;
    }
  }
  settleConcurrency(options, decentralized);
  return chosen;
}

/** A position that fits a word of native Erlang. */
function keyPosition(t: Term): number | undefined {
  if (isSmall(t)) return t > 0 ? t >> 1 : undefined;
  return isInteger(t) && !isNegative(t) ? Number.MAX_SAFE_INTEGER : undefined;
}

/** What native makes of the options that tune parallel access. */
function settleConcurrency(options: TableOptions, decentralized: Term): void {
  const { writeConcurrency: write } = options;
  if (options.protection === Protection.Private) options.writeConcurrency = Atom.False;
  else if (write === AUTO) options.decentralizedCounters = decentralized !== Atom.False;
  else if (write === Atom.True)
    options.decentralizedCounters =
      decentralized === 0 ? options.type === TableType.OrderedSet : decentralized === Atom.True;
}

/** {heir, none} or {heir, Pid, Data}. */
function heirOption(item: Term): 'none' | [pid: Term, data: Term] | undefined {
  const first = tupleElement(item, 1);
  if (tupleArity(item) === 2) return first === NONE ? 'none' : undefined;
  if (tupleArity(item) !== 3 || (first & Imm.Mask) !== Imm.Pid) return undefined;
  return [first, tupleElement(item, 2)];
}

function newTable(name: Term, given: Term): Term {
  if (!isAtom(name)) return badarg();
  const chosen = tableOptions(given);
  if (chosen === undefined) return badarg();
  const table = createTable(current, name, chosen.options);
  if (table === undefined) return badargBecause(CAUSE.alreadyExists);
  if (chosen.heir !== undefined) setHeir(table, heirOf(...chosen.heir));
  return tableIdentifier(table);
}

function setOptions(t: Term, given: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  const items = isTuple(given) ? [given] : listToArray(given);
  if (items === undefined || table.owner !== current.pid) return badarg();
  let heir: ReturnType<typeof heirOption>;
  let protection: Protection | undefined;
  for (const item of items) {
    if (!isTuple(item) || tupleArity(item) < 2) return badarg();
    const what = tupleElement(item, 0);
    if (what === HEIR && heir === undefined) {
      heir = heirOption(item);
      if (heir === undefined) return badarg();
    } else if (what === PROTECTION && protection === undefined && tupleArity(item) === 2) {
      const value = tupleElement(item, 1);
      if (!isAtom(value) || !Object.hasOwn(PROTECTIONS, atomName(value))) return badarg();
      protection = PROTECTIONS[atomName(value)];
    } else return badarg();
  }
  if (protection !== undefined) table.options.protection = protection;
  if (heir !== undefined) setHeir(table, heir === 'none' ? undefined : heirOf(...heir));
  return Atom.True;
}
const PROTECTION = atom('protection');

function giveAway(t: Term, pid: Term, data: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  const to = (pid & Imm.Mask) === Imm.Pid ? processOf(pid) : undefined;
  if (to === undefined) return badarg();
  if (table.owner !== current.pid) return badargBecause(CAUSE.notOwner);
  if (to === current) return badargBecause(CAUSE.owner);
  giveTable(table, current.pid, to, data);
  return Atom.True;
}

function rename(t: Term, name: Term): Term {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  if (!isAtom(name) || !renameTable(table, name)) return badarg();
  return tableIdentifier(table);
}

function deleteWhole(t: Term): Term | Task {
  const table = writable(t);
  if (table === undefined) return Sentinel.Unwind;
  forgetTable(table);
  return isLarge(table) ? inSteps(freeInSteps(table, Atom.True), true) : freeAll(table, Atom.True);
}

defineYieldingBifs('ets', { 'delete/1': deleteWhole });

defineBifs('ets', {
  'new/2': newTable,
  'give_away/3': giveAway,
  'rename/2': rename,
  'setopts/2': setOptions,
});
