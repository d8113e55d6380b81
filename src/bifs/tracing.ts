// Tracing, as far as a system tells in which nothing is traced: questions are answered, turning it off works, turning it
// on is not supported (notsup). (Module erlang: trace/3, seq_trace/2, dt_* and their like.)
import { exportsOf, findExport, isDefined } from '../code/functions.js';
import { current } from '../processes/current.js';
import { deliver } from '../processes/messages.js';
import { badarg, raiseError } from '../processes/raise.js';
import { makeReference } from '../processes/references.js';
import { allProcesses, processOf } from '../processes/table.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { isAtom, NIL, type Term } from '../terms/tags.js';
import { isPid, isPort } from './guards.js';
import { defineBifs } from './table.js';

const atoms = (...names: string[]): Set<Term> => new Set(names.map(atom));

const isBoolean = (t: Term): boolean => t === Atom.True || t === Atom.False;

const WILD = atom('_');

const TRACE_FLAGS = atoms(
  'all',
  'send',
  'receive',
  'procs',
  'ports',
  'call',
  'arity',
  'return_to',
  'silent',
  'running',
  'exiting',
  'running_procs',
  'running_ports',
  'garbage_collection',
  'timestamp',
  'cpu_timestamp',
  'monotonic_timestamp',
  'strict_monotonic_timestamp',
  'set_on_spawn',
  'set_on_first_spawn',
  'set_on_link',
  'set_on_first_link',
);

/** How many processes and ports trace/3 means; undefined: nothing it can mean. */
function tracees(what: Term): number | undefined {
  if (isPid(what)) return what === current.pid || processOf(what) !== undefined ? 1 : undefined;
  switch (what) {
    case atom('all'):
    case atom('processes'):
    case atom('existing'):
    case atom('existing_processes'):
      return allProcesses().length;
    case atom('new'):
    case atom('new_processes'):
    case atom('ports'):
    case atom('new_ports'):
    case atom('existing_ports'):
      return 0;
    default:
      return undefined;
  }
}

function trace(what: Term, how: Term, flags: Term): Term {
  const count = tracees(what);
  if (count === undefined || !isBoolean(how)) return badarg();
  const good = (flag: Term) =>
    TRACE_FLAGS.has(flag) ||
    (isTuple(flag) && tupleArity(flag) >= 2 && tupleElement(flag, 0) === atom('tracer'));
  if (!listToArray(flags)?.every(good)) return badarg();
  return how === Atom.True ? raiseError(am.notsup) : count << 1;
}

/** How many functions {Module, Name, Arity} with wild cards names; undefined: it is none. */
function functionsNamed(mfa: Term): number | undefined {
  if (!isTuple(mfa) || tupleArity(mfa) !== 3) return undefined;
  const [m, f, a] = [0, 1, 2].map((i) => tupleElement(mfa, i));
  if (!isAtom(m) || !isAtom(f) || !(a === WILD || ((a & 1) === 0 && a >= 0))) return undefined;
  return exportsOf(m).filter(
    (e) => isDefined(e) && (f === WILD || e.name === f) && (a === WILD || e.arity === a >> 1),
  ).length;
}

function tracePattern(mfa: Term, specification: Term): Term {
  const event = mfa === atom('send') || mfa === atom('receive') || mfa === atom('on_load');
  const count = event ? 1 : functionsNamed(mfa);
  if (count === undefined) return badarg();
  return specification === Atom.False ? count << 1 : raiseError(am.notsup);
}

const FUNCTION_ITEMS = atoms(
  'traced',
  'match_spec',
  'meta',
  'meta_match_spec',
  'call_count',
  'call_time',
  'all',
);

/** {Item, Value} for what is not traced. */
function traceInfo(what: Term, item: Term): Term {
  if (
    isPid(what) ||
    isPort(what) ||
    what === atom('new') ||
    what === atom('new_processes') ||
    what === atom('new_ports')
  ) {
    if (item !== atom('flags') && item !== atom('tracer')) return badarg();
    const gone = isPort(what) || (isPid(what) && what !== current.pid && processOf(what) === undefined);
    return gone ? Atom.Undefined : tuple(item, NIL);
  }
  if (what === atom('on_load')) return FUNCTION_ITEMS.has(item) ? tuple(item, Atom.False) : badarg();
  if (what === atom('send') || what === atom('receive')) {
    return item === atom('match_spec') ? tuple(item, Atom.True) : badarg();
  }
  if (functionsNamed(what) === undefined || !FUNCTION_ITEMS.has(item)) return badarg();
  const [m, f, a] = [0, 1, 2].map((i) => tupleElement(what, i));
  const e = findExport(m, f, a >> 1);
  return tuple(item, e !== undefined && isDefined(e) ? Atom.False : Atom.Undefined);
}

/** Nothing is traced, so everything has been delivered. */
function traceDelivered(what: Term): Term {
  if (!isPid(what) && what !== atom('all')) return badarg();
  const ref = makeReference();
  deliver(current, tuple(atom('trace_delivered'), what, ref));
  return ref;
}

const TOKEN_ITEMS = atoms(
  'label',
  'serial',
  'send',
  'receive',
  'print',
  'timestamp',
  'monotonic_timestamp',
  'strict_monotonic_timestamp',
);

/** A process never has a trace token; it can be taken away all the same. */
function seqTrace(item: Term, value: Term): Term {
  if (item === atom('sequential_trace_token')) return value === NIL ? NIL : raiseError(am.notsup);
  return TOKEN_ITEMS.has(item) ? raiseError(am.notsup) : badarg();
}

defineBifs('erlang', {
  'trace/3': trace,
  'trace_pattern/2': tracePattern,
  'trace_pattern/3': (mfa, specification, flags) =>
    listToArray(flags) === undefined ? badarg() : tracePattern(mfa, specification),
  'trace_info/2': traceInfo,
  'trace_delivered/1': traceDelivered,
  'seq_trace/2': seqTrace,
  'seq_trace_info/1': (item) => (TOKEN_ITEMS.has(item) ? NIL : badarg()),
  'seq_trace_print/1': () => Atom.False,
  'seq_trace_print/2': () => Atom.False,

  // Dynamic trace tags (dtrace, systemtap) do nothing without such a tool, in native Erlang too.
  'dt_get_tag/0': () => Atom.Undefined,
  'dt_get_tag_data/0': () => Atom.Undefined,
  'dt_put_tag/1': () => Atom.Undefined,
  'dt_append_vm_tag_data/1': (t) => t,
  'dt_prepend_vm_tag_data/1': (t) => t,
  'dt_spread_tag/1': (flag) => (isBoolean(flag) ? Atom.True : badarg()),
  'dt_restore_tag/1': (flag) => (flag === Atom.True ? Atom.True : badarg()),
});

defineBifs('erts_internal', {
  'trace/3': trace,
  'trace_pattern/3': tracePattern,
});
