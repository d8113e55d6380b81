// BIFs that ask for a part of the running system, and those with which turbeam_system.erl begins parts.
import { readFileSync } from 'node:fs';
import { elixirInPlay } from '../code/path.js';
import { encodeTerm, parseForms } from '../load/erlang-term.js';
import { registered } from '../processes/exit.js';
import { beginPart, demandFunction, missingPart, reporter, stopOthers } from '../processes/parts.js';
import { badarg } from '../processes/raise.js';
import { Atom, atom } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { decodeTerm } from '../terms/external.js';
import type { Term } from '../terms/tags.js';
import { callInPlace } from './apply.js';
import { bool, charactersOf } from './arguments.js';
import { defineBifs } from './table.js';

/**
 * For a BIF that asks for a table or process by a name that nobody has: what it gives to have the part of the system begin that
 * would have it, and to be called again; undefined: there is no such part, or it has begun.
 */
export function demand(name: Term, module: string, fn: string, args: Term[]): Term | undefined {
  const part = missingPart(name);
  if (part === 0 || registered.has(name) || demandFunction() === undefined) return undefined;
  return callInPlace(atom('turbeam_system'), 'demand', [part, atom(module), atom(fn), list(args)]);
}

defineBifs('turbeam', {
  /** The caller begins with that part, unless it has been begun; whether it has to. */
  'begin_part/1': beginPart,
  /** Until the caller ends, only it, what it starts, and processes of the system itself run. */
  'stop_others/0': () => {
    stopOthers();
    return Atom.Ok;
  },
  /** Whether Elixir's runtime belongs to the system. */
  'uses_elixir/0': () => bool(elixirInPlay.value),
  /** The process that keeps reports until the logger runs; undefined: there is none. */
  'reporter/0': () => reporter()?.pid ?? Atom.Undefined,
  /** The first term in a file: `{ok, Term}`, or `error`. Reads what an application's .app file has. */
  'consult/1': (file) => {
    const path = charactersOf(file);
    if (path === undefined) return badarg();
    try {
      const [form] = parseForms(readFileSync(path, 'utf8'));
      return form === undefined ? Atom.Error : tuple(Atom.Ok, decodeTerm(encodeTerm(form.term)).term);
    } catch {
      return Atom.Error;
    }
  },
});
