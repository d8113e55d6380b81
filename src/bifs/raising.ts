// BIFs that raise: error, exit, throw, raise.
import { H, Reg } from '../memory/arena.js';
import { raise, raiseError, raiseErrorWith } from '../processes/raise.js';
import { Atom, am } from '../terms/atoms.js';
import {
  isMap,
  isTaggedTuple,
  isTuple,
  list,
  listToArray,
  tuple,
  tupleElement,
  tupleToArray,
} from '../terms/build.js';
import { isAtom, isCons, Kind, NIL, Sentinel, type Term } from '../terms/tags.js';
import { defineBif } from './table.js';

/** The arguments that error/2,3 gets; 0: it is not told. */
const argumentsGiven = (args: Term): Term => (isCons(args) || args === NIL ? args : 0);

/** The error_info among the options of error/3; 0: there is none, or the options are not right. */
function errorInfoGiven(options: Term): Term {
  const items = listToArray(options) ?? [];
  const good = items.every((o) => isTaggedTuple(o, 2, am.error_info) && isMap(tupleElement(o, 1)));
  return good && items.length > 0 ? tupleElement(items[items.length - 1], 1) : 0;
}

/** BIFs that are not on top of the stack trace of what they raise. */
const raising: Record<string, (...args: Term[]) => Term> = {
  'error/1': (reason) => raiseError(reason),
  'error/2': (reason, args) => raiseErrorWith(reason, { args: argumentsGiven(args), info: 0 }),
  'error/3': (reason, args, options) =>
    raiseErrorWith(reason, { args: argumentsGiven(args), info: errorInfoGiven(options) }),
  'exit/1': (reason) => raise(Atom.Exit, reason),
  'throw/1': (value) => raise(Atom.Throw, value),
  'raise/3': (cls, reason, trace) => {
    if (cls !== Atom.Error && cls !== Atom.Exit && cls !== Atom.Throw) return am.badarg;
    const symbolic = givenTrace(trace);
    if (symbolic === undefined) return am.badarg;
    raise(cls, reason);
    // An empty trace stays empty: a raw trace that holds only the class.
    H[Reg.Trace] = symbolic === NIL ? tuple(cls, NIL) : symbolic;
    return Sentinel.Unwind;
  },
};
for (const [key, fn] of Object.entries(raising))
  defineBif('erlang', key.slice(0, -2), Number(key.slice(-1)), fn, false);

defineBif('erlang', 'nif_error', 1, (reason) => raiseError(reason), true, false);
defineBif('erlang', 'nif_error', 2, (reason) => raiseError(reason), true, false);

/** The trace of erlang:raise/3, entries completed to four elements; undefined: it is none. */
function givenTrace(trace: Term): Term | undefined {
  const entries = listToArray(trace);
  const complete: Term[] = [];
  for (const e of entries ?? []) {
    if (!isTuple(e)) return undefined;
    const parts = tupleToArray(e);
    if (isAtom(parts[0]) && isAtom(parts[1])) {
      const [m, f, a, location = NIL] = parts;
      if (parts.length < 3 || parts.length > 4) return undefined;
      if (!isCons(location) && location !== NIL) return undefined;
      complete.push(parts.length === 4 ? e : tuple(m, f, a, NIL));
    } else {
      // {Fun, Args} and {Fun, Args, Location}
      if (
        parts.length < 2 ||
        parts.length > 3 ||
        !isFunction(parts[0]) ||
        listToArray(parts[1]) === undefined
      )
        return undefined;
      complete.push(parts.length === 3 ? e : tuple(parts[0], parts[1], NIL));
    }
  }
  return entries === undefined ? undefined : list(complete);
}

function isFunction(t: Term): boolean {
  const kind = (t & 7) === 3 ? H[t >>> 3] & Kind.Mask : 0;
  return kind === Kind.Fun || kind === Kind.ExportFun;
}
