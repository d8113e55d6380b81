// erlang:system_flag/2, system_monitor and system_profile. What would change nothing here is kept, because the old value is the
// result; a system monitor can be set, but nobody reports to it.

import { exceptionDepth } from '../processes/exceptions.js';
import { defaults } from '../processes/process.js';
import { badarg, badargBecause, raiseError } from '../processes/raise.js';
import { systemLogger } from '../processes/system-log.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { decodeTerm, encodeTerm } from '../terms/external.js';
import { isAtom, isLocalPid, type Term } from '../terms/tags.js';
import { count, heapLimitOf, heapLimitTerm, heapSizeFor } from './process-options.js';
import { traceControlWord } from './system-info.js';
import { defineBifs } from './table.js';

type Flag = (value: Term) => Term;

/** A flag that is a number; `set` gives false if it can not be that. */
function numberFlag(get: () => number, set: (n: number) => void, most = 0x3fffffff): Flag {
  return (value) => {
    const n = count(value);
    if (n === undefined || n > most) return badarg();
    const old = get();
    set(n);
    return old << 1;
  };
}

/** A flag with one value that it can have, which is its result. */
const only =
  (allowed: string, result = allowed): Flag =>
  (value) =>
    value === atom(allowed) ? atom(result) : badarg();

const booleanOnly: Flag = (value) => (value === Atom.True || value === Atom.False ? Atom.False : badarg());

const multiScheduling: Flag = (value) =>
  ['block', 'unblock', 'block_normal', 'unblock_normal'].map(atom).includes(value)
    ? atom('enabled')
    : badarg();

const flags: Record<string, Flag> = {
  backtrace_depth: numberFlag(
    () => exceptionDepth.entries,
    (n) => {
      exceptionDepth.entries = n;
    },
    1024,
  ),
  fullsweep_after: numberFlag(
    () => defaults.fullsweepAfter,
    (n) => {
      defaults.fullsweepAfter = Math.min(n, 65535);
    },
  ),
  min_heap_size: numberFlag(
    () => defaults.minHeap,
    (n) => {
      defaults.minHeap = heapSizeFor(n);
    },
  ),
  min_bin_vheap_size: numberFlag(
    () => defaults.settings.minBinaryHeap,
    (n) => {
      defaults.settings = { ...defaults.settings, minBinaryHeap: heapSizeFor(n) };
    },
  ),
  max_heap_size: (value) => {
    const old = defaults.settings.limit;
    const limit = heapLimitOf(value, old);
    if (limit === undefined) return badarg();
    defaults.settings = { ...defaults.settings, limit };
    return heapLimitTerm(old.words, old);
  },
  multi_scheduling: multiScheduling,
  schedulers_online: (value) => (value === 1 << 1 ? value : badarg()),
  dirty_cpu_schedulers_online: (value) => (value === 0 ? value : badarg()),
  scheduler_bind_type: only('unbound'),
  scheduler_wall_time: booleanOnly,
  microstate_accounting: booleanOnly,
  time_offset: only('finalize', 'final'),
  trace_control_word: (value) => {
    if (count(value) === undefined) return badarg();
    const old = traceControlWord.value;
    traceControlWord.value = value;
    return old;
  },
  system_logger: (value) => {
    if (!isLocalPid(value) && value !== atom('logger') && value !== Atom.Undefined) return badarg();
    const old = systemLogger.process;
    systemLogger.process = value;
    return old;
  },
  outstanding_system_requests_limit: numberFlag(
    () => requestLimit,
    (n) => {
      requestLimit = n;
    },
  ),
};
let requestLimit = 4;
const byAtom = new Map(Object.entries(flags).map(([name, set]) => [atom(name), set]));

/** The system monitor: {Pid, Options} in external format (it belongs to no process), or none. */
let monitor: Uint8Array | undefined;
const monitorTerm = (): Term => (monitor === undefined ? Atom.Undefined : decodeTerm(monitor).term);

const EVENTS = new Set(['busy_port', 'busy_dist_port'].map(atom));
const EVENTS_WITH_LIMIT = new Set(['long_gc', 'long_schedule', 'large_heap'].map(atom));

function isEvent(t: Term): boolean {
  if (EVENTS.has(t)) return true;
  if (!isTuple(t) || tupleArity(t) !== 2 || !EVENTS_WITH_LIMIT.has(tupleElement(t, 0))) return false;
  return count(tupleElement(t, 1)) !== undefined;
}

function setMonitor(pid: Term, options: Term): Term {
  const events = listToArray(options);
  if (!isLocalPid(pid) || events === undefined || !events.every(isEvent)) return badarg();
  const old = monitorTerm();
  monitor = events.length === 0 ? undefined : encodeTerm(tuple(pid, options));
  return old;
}

defineBifs('erlang', {
  'system_flag/2': (flag, value) =>
    isAtom(flag) ? (byAtom.get(flag)?.(value) ?? badargBecause(am.badopt)) : badargBecause(am.badopt),
  'system_monitor/0': monitorTerm,
  'system_monitor/1': (t) => {
    if (isTuple(t) && tupleArity(t) === 2) return setMonitor(tupleElement(t, 0), tupleElement(t, 1));
    if (t !== Atom.Undefined) return badarg();
    const old = monitorTerm();
    monitor = undefined;
    return old;
  },
  'system_monitor/2': setMonitor,
  'system_profile/0': () => Atom.Undefined,
  'system_profile/2': (profiler, options) => {
    if (listToArray(options) === undefined) return badarg();
    return profiler === Atom.Undefined ? Atom.Undefined : raiseError(am.notsup);
  },
});

defineBifs('erts_internal', {
  'scheduler_wall_time/1': () => Atom.False,
  'is_system_process/1': (pid) => (isLocalPid(pid) ? Atom.False : badarg()),
  'is_process_executing_dirty/1': (pid) => (isLocalPid(pid) ? Atom.False : badarg()),
});
