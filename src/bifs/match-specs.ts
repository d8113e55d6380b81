// Match specifications by themselves: erlang:match_spec_test/3, and compiled ones for lists of terms.
import { traced } from '../match/expression.js';
import { keepMatchSpec, keptProgram } from '../match/handles.js';
import { BadMatchSpec, compileMatchSpec, NO_MATCH, type Program, runProgram } from '../match/program.js';
import { prepare, setSubject } from '../match/state.js';
import { badarg } from '../processes/raise.js';
import { Atom, atom } from '../terms/atoms.js';
import { cons, list, listToArray, stringList, tuple } from '../terms/build.js';
import { isCons, NIL, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

const TABLE = atom('table');
const TRACE = atom('trace');

/** erlang:match_spec_test/3: {ok, Result, Flags, []} or {error, Errors}. */
function matchSpecTest(t: Term, spec: Term, type: Term): Term {
  const forTrace = type === TRACE;
  if (!forTrace && type !== TABLE) return badarg();
  if (forTrace && !isCons(t) && t !== NIL) return badarg();
  prepare(0, 0);
  let program: Program;
  try {
    program = compileMatchSpec(spec, forTrace);
  } catch (error) {
    if (!(error instanceof BadMatchSpec)) throw error;
    return tuple(Atom.Error, list(error.errors.map((text) => tuple(Atom.Error, stringList(text)))));
  }
  setSubject(t);
  traced.message = Atom.True;
  traced.flags = [];
  const value = runProgram(program);
  if (value === NO_MATCH) return tuple(Atom.Ok, Atom.False, NIL, NIL);
  return tuple(Atom.Ok, forTrace ? traced.message : value, list(traced.flags), NIL);
}

function compile(spec: Term): Term {
  try {
    return keepMatchSpec(spec);
  } catch (error) {
    if (!(error instanceof BadMatchSpec)) throw error;
    return badarg();
  }
}

/** ets:match_spec_run_r/3: what the specification gives for the terms of a list, in reverse order, before another list. */
function run(terms: Term, compiled: Term, rest: Term): Term {
  const program = keptProgram(compiled);
  const items = listToArray(terms);
  if (program === undefined || items === undefined) return badarg();
  let found = rest;
  for (const item of items) {
    setSubject(item);
    const value = runProgram(program);
    if (value !== NO_MATCH) found = cons(value, found);
  }
  return found;
}

defineBifs('erlang', { 'match_spec_test/3': matchSpecTest });

defineBifs('ets', {
  'match_spec_compile/1': compile,
  'match_spec_run_r/3': run,
  'is_compiled_ms/1': (t) => bool(keptProgram(t) !== undefined),
});
