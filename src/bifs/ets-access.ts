// How BIFs of module ets get at a table, and what they say of one that they do not get.
import { current } from '../processes/current.js';
import { badargBecause } from '../processes/raise.js';
import { isTableIdentifier, tableOf } from '../tables/registry.js';
import type { Table } from '../tables/table.js';
import { am, atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';

/** What error_info says of a badarg, under 'cause'. */
export const CAUSE = {
  id: atom('id'),
  type: atom('type'),
  access: atom('access'),
  alreadyExists: atom('already_exists'),
  badKey: am.badkey,
  tableType: atom('table_type'),
  keyPosition: atom('keypos'),
  position: atom('position'),
  owner: atom('owner'),
  notOwner: atom('not_owner'),
};

/** Raises badarg for a term that is no table, or one that the process may not use. */
function refuse(t: Term, table: Table | undefined): undefined {
  badargBecause(table !== undefined ? CAUSE.access : isTableIdentifier(t) ? CAUSE.id : CAUSE.type);
}

/** The table that a term names, if the process may read it; else undefined after badarg. */
export function readable(t: Term): Table | undefined {
  const table = tableOf(t);
  return table?.readableBy(current.pid) ? table : refuse(t, table);
}

/** The table that a term names, if the process may write to it; else undefined after badarg. */
export function writable(t: Term): Table | undefined {
  const table = tableOf(t);
  return table?.writableBy(current.pid) ? table : refuse(t, table);
}
