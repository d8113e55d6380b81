// What ets tells of tables: info/1,2, whereis/1 and what ets:all/0 asks for.
import { current } from '../processes/current.js';
import { deliver } from '../processes/messages.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { makeReference } from '../processes/references.js';
import {
  allTables,
  isTableIdentifier,
  tableIdentifier,
  tableOf,
  tableReference,
} from '../tables/registry.js';
import { Protection, type Table, TableType } from '../tables/table.js';
import { Atom, am, atom, atomName } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { integerFromBigInt, integerFromNumber } from '../terms/integer.js';
import { isAtom, NIL, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { timeOffset } from './clock.js';
import { CAUSE } from './ets-access.js';
import { whenTableIsThere } from './part-tables.js';
import { defineBifs } from './table.js';
import { timestamp } from './time.js';

const TYPE_NAMES: Record<TableType, string> = {
  [TableType.Set]: 'set',
  [TableType.OrderedSet]: 'ordered_set',
  [TableType.Bag]: 'bag',
  [TableType.DuplicateBag]: 'duplicate_bag',
};
const PROTECTION_NAMES: Record<Protection, string> = {
  [Protection.Private]: 'private',
  [Protection.Protected]: 'protected',
  [Protection.Public]: 'public',
};

/** Who has fixed the table, and how often. */
function fixes(table: Table): Term {
  return list([...table.fixes].map(([pid, times]) => tuple(pid, times << 1)));
}

/** The items of ets:info/2 by name. */
const items: Record<string, (table: Table) => Term> = {
  id: tableReference,
  decentralized_counters: (table) => bool(table.options.decentralizedCounters),
  read_concurrency: (table) => table.options.readConcurrency,
  write_concurrency: (table) => table.options.writeConcurrency,
  compressed: (table) => bool(table.options.compressed),
  memory: (table) => integerFromNumber(table.memoryWords),
  owner: (table) => table.owner,
  heir: (table) => table.heir?.pid ?? atom('none'),
  name: (table) => table.name,
  size: (table) => integerFromNumber(table.size),
  node: () => am['nonode@nohost'],
  named_table: (table) => bool(table.options.named),
  type: (table) => atom(TYPE_NAMES[table.type]),
  keypos: (table) => integerFromNumber(table.keyPosition),
  protection: (table) => atom(PROTECTION_NAMES[table.options.protection]),
  binary: () => NIL,
  fixed: (table) => bool(table.isFixed),
  safe_fixed: (table) => {
    if (!table.isFixed) return Atom.False;
    return tuple(timestamp(Number((BigInt(table.fixedAt) + timeOffset) / 1000n)), fixes(table));
  },
  safe_fixed_monotonic_time: (table) =>
    table.isFixed ? tuple(integerFromBigInt(BigInt(table.fixedAt)), fixes(table)) : Atom.False,
  stats: (table) => table.stats(),
};
const ALL = Object.keys(items).slice(0, Object.keys(items).indexOf('binary'));

/** The table to be told of, or what to return instead. */
function told(t: Term, use: (table: Table) => Term): Term {
  const table = tableOf(t);
  if (table !== undefined) return use(table);
  return isTableIdentifier(t) ? Atom.Undefined : badargBecause(CAUSE.type);
}

function info(t: Term, item: Term): Term {
  // Native has other code for this item.
  if (item === BINARY && tableOf(t) === undefined)
    return badargBecause(isTableIdentifier(t) ? CAUSE.id : CAUSE.type);
  return told(t, (table) =>
    isAtom(item) && Object.hasOwn(items, atomName(item)) ? items[atomName(item)](table) : badarg(),
  );
}
const BINARY = atom('binary');

/** ets:internal_request_all/0: the answer comes as a message, as from each scheduler of native Erlang. */
function requestAll(): Term {
  const ref = makeReference();
  deliver(current, tuple(ref, list(allTables().map(tableIdentifier))));
  return ref;
}

function whereis(name: Term): Term {
  if (!isAtom(name)) return badarg();
  const table = tableOf(name);
  if (table === undefined) return whenTableIsThere(name, 'whereis', [name]) ?? Atom.Undefined;
  return tableReference(table);
}

defineBifs('ets', {
  'info/1': (t) => told(t, (table) => list(ALL.map((name) => tuple(atom(name), items[name](table))))),
  'info/2': info,
  'internal_request_all/0': requestAll,
  'whereis/1': whereis,
});
