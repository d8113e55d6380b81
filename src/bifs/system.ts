// What the system modules of ours (src/lib/system) ask the engine: how it was started, and what runs.
import { readFileSync } from 'node:fs';
import { elixirInPlay } from '../code/path.js';
import { encodeTerm, parseTerms } from '../load/erlang-term.js';
import { allocate } from '../memory/allocate.js';
import { registered } from '../processes/exit.js';
import { mustWaitFor, setBegun } from '../processes/parts.js';
import { badarg } from '../processes/raise.js';
import { Atom, atom } from '../terms/atoms.js';
import { list, stringList, tuple } from '../terms/build.js';
import { decodeTerm } from '../terms/external.js';
import { bool, charactersOf } from './arguments.js';
import { defineBifs } from './table.js';

/** How the engine was started; set by the command line or the embedder. */
export const started: {
  /** init:get_plain_arguments/0 */
  plainArguments: string[];
  /** init:stop/0,1 was called: the run goes on until halt/1, even if its main process ends. */
  stopping: boolean;
} = { plainArguments: [], stopping: false };

defineBifs('turbeam', {
  'plain_arguments/0': () => list(started.plainArguments.map((text) => stringList(text))),
  'stopping/0': () => {
    started.stopping = true;
    return Atom.Ok;
  },
  /** Whether the caller has to wait for a part of the system; see processes/parts.ts. */
  'must_wait/1': (part) => bool(mustWaitFor(part)),
  'set_begun/1': (part) => {
    setBegun(part);
    return Atom.Ok;
  },
  /** Whether Elixir's runtime belongs to the system. */
  'uses_elixir/0': () => bool(elixirInPlay.value),
  /** The terms in a file that each end with a dot: {ok, Terms} or {error, Reason}. */
  'read_terms/1': (path) => {
    const name = charactersOf(path);
    if (name === undefined) return badarg();
    try {
      const terms = parseTerms(readFileSync(name, 'utf8'));
      const { term } = decodeTerm(encodeTerm({ kind: 'list', items: terms }), allocate);
      return tuple(Atom.Ok, term);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return tuple(Atom.Error, code === undefined ? stringList(message) : atom(code.toLowerCase()));
    }
  },
  /** Whether a process has that name; unlike whereis/1, does not start one. */
  'is_registered/1': (name) => bool(registered.has(name)),
});
