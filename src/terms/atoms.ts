// The atom table: names to numbers and back. Atoms live as long as the host process, as in OTP.
import { Imm, type Term } from './tags.js';

const names: string[] = [];
const numbers = new Map<string, number>();

/** Longest atom name, in characters (OTP's limit). */
export const MAX_ATOM_CHARACTERS = 255;

/** The atom of that name; it is made if it does not exist. */
export function atom(name: string): Term {
  let n = numbers.get(name);
  if (n === undefined) {
    n = names.length;
    names.push(name);
    numbers.set(name, n);
  }
  return (n << 6) | Imm.Atom;
}

/** The atom of that name if it exists already, else undefined (list_to_existing_atom/1). */
export function existingAtom(name: string): Term | undefined {
  const n = numbers.get(name);
  return n === undefined ? undefined : (n << 6) | Imm.Atom;
}

/** The name of an atom term. */
export function atomName(t: Term): string {
  return names[t >>> 6]!;
}

export function atomCount(): number {
  return names.length;
}

// Atoms with a fixed number: generated code and BIFs use them as constants. The order is the number.
const FIXED = [
  'false',
  'true',
  'undefined',
  'ok',
  'error',
  'exit',
  'throw',
  'nil',
  'badarg',
  'badarith',
  'badmatch',
  'case_clause',
  'function_clause',
  'if_clause',
  'try_clause',
  'undef',
  'badfun',
  'badarity',
  'system_limit',
  'nocatch',
  'noproc',
  'normal',
  'kill',
  'killed',
  'EXIT',
  'DOWN',
  'process',
  'infinity',
  'timeout_value',
  'else_clause',
  'badmap',
  'badkey',
  'badrecord',
  'erlang',
  'apply',
  '',
  'nonode@nohost',
  'lists',
  'module_info',
  'start',
  'main',
  'run',
  '_',
  'file',
  'line',
  'error_info',
  'module',
  '$end_of_table',
  'empty',
  'flush',
  'info',
  'monitor',
  'link',
  'noconnection',
  'notsup',
  'all',
  'max_heap_size',
  'error_handler',
  '$_',
  '$$',
  'const',
  'alias',
  'priority',
  'reply',
  'reply_tag',
  'tag',
  'spawn_reply',
  'timeout',
  'cancel_timer',
  'read_timer',
  'badopt',
  'time_offset',
  'hibernate',
  'port',
] as const;
for (const name of FIXED) atom(name);

/** Terms of the fixed atoms, by name. */
export const am = Object.fromEntries(FIXED.map((n) => [n, atom(n)])) as Record<(typeof FIXED)[number], Term>;

export const enum Atom {
  False = (0 << 6) | 13,
  True = (1 << 6) | 13,
  Undefined = (2 << 6) | 13,
  Ok = (3 << 6) | 13,
  Error = (4 << 6) | 13,
  Exit = (5 << 6) | 13,
  Throw = (6 << 6) | 13,
}
