// process_flag/2,3 (module erlang).
import { current } from '../processes/current.js';
import { defaults } from '../processes/process.js';
import { changeSettings, limitHeap } from '../processes/process-settings.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { localProcess } from '../processes/table.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { isAtom, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import {
  count,
  heapLimitOf,
  heapLimitTerm,
  heapSizeFor,
  priorityName,
  priorityOf,
} from './process-options.js';
import { defineBifs } from './table.js';

const asBoolean = (t: Term): boolean | undefined =>
  t === Atom.True ? true : t === Atom.False ? false : undefined;

/** Sets a flag of the running process: gives the old value, or raises badarg if it can not have the new one. */
type Flag = (value: Term) => Term;

const ON_HEAP = atom('on_heap');
const OFF_HEAP = atom('off_heap');
/** Most calls that save_calls can keep. */
const MOST_CALLS = 10000;

/** A flag that is true or false. */
function booleanFlag(get: () => boolean, set: (value: boolean) => void): Flag {
  return (value) => {
    const next = asBoolean(value);
    if (next === undefined) return badarg();
    const old = get();
    set(next);
    return bool(old);
  };
}

/** A flag that is a number of words, or the like. */
function countFlag(get: () => number, set: (value: number) => void): Flag {
  return (value) => {
    const next = count(value);
    if (next === undefined) return badarg();
    const old = get();
    set(next);
    return old << 1;
  };
}

/** Nodes that come and go: there are none. The number of subscriptions is kept, because it is the result. */
let nodeMonitors = 0;
const monitorNodes: Flag = (value) => {
  if (value !== Atom.True && value !== Atom.False) return badarg();
  const old = nodeMonitors;
  nodeMonitors = value === Atom.True ? nodeMonitors + 1 : 0;
  return old << 1;
};

const saveCalls: Flag = (value) => {
  const next = count(value);
  if (next === undefined || next > MOST_CALLS) return badargBecause(atom('none'));
  const old = current.settings.saveCalls;
  changeSettings(current, { saveCalls: next });
  return old << 1;
};

const flags: Record<string, Flag> = {
  trap_exit: booleanFlag(
    () => current.trapExit,
    (on) => {
      current.trapExit = on;
    },
  ),
  priority: (value) => {
    const next = priorityOf(value);
    if (next === undefined) return badarg();
    const old = current.priority;
    current.priority = next;
    return priorityName(old);
  },
  error_handler: (value) => {
    if (!isAtom(value)) return badarg();
    const old = current.settings.errorHandler;
    changeSettings(current, { errorHandler: value });
    return old;
  },
  max_heap_size: (value) => {
    const old = current.settings.limit;
    const next = heapLimitOf(value, defaults.settings.limit);
    if (next === undefined) return badarg();
    const words = current.maxHeap;
    limitHeap(current, next);
    return heapLimitTerm(words, old);
  },
  min_heap_size: countFlag(
    () => current.minHeap,
    (words) => {
      current.minHeap = heapSizeFor(Math.max(words, defaults.minHeap));
    },
  ),
  min_bin_vheap_size: countFlag(
    () => current.settings.minBinaryHeap,
    (words) =>
      changeSettings(current, {
        minBinaryHeap: heapSizeFor(Math.max(words, defaults.settings.minBinaryHeap)),
      }),
  ),
  fullsweep_after: countFlag(
    () => current.fullsweepAfter,
    (times) => {
      current.fullsweepAfter = Math.min(times, 65535);
    },
  ),
  message_queue_data: (value) => {
    if (value !== ON_HEAP && value !== OFF_HEAP) return badarg();
    const old = current.settings.offHeapMessages;
    changeSettings(current, { offHeapMessages: value === OFF_HEAP });
    return old ? OFF_HEAP : ON_HEAP;
  },
  save_calls: saveCalls,
  sensitive: booleanFlag(
    () => current.settings.sensitive,
    (sensitive) => changeSettings(current, { sensitive }),
  ),
  monitor_nodes: monitorNodes,
};
const byAtom = new Map(Object.entries(flags).map(([name, set]) => [atom(name), set]));

/** {monitor_nodes, Options} */
function isNodesFlag(flag: Term): boolean {
  return (
    isTuple(flag) &&
    tupleArity(flag) === 2 &&
    tupleElement(flag, 0) === atom('monitor_nodes') &&
    listToArray(tupleElement(flag, 1)) !== undefined
  );
}

function processFlag(flag: Term, value: Term): Term {
  if (isNodesFlag(flag)) return monitorNodes(value);
  return byAtom.get(flag)?.(value) ?? badargBecause(am.badopt);
}

/** process_flag/3: of other processes only save_calls can be set; undefined: it is not that. */
function flagOf(pid: Term, flag: Term, value: Term): Term | undefined {
  const p = localProcess(pid);
  const calls = count(value);
  if (p === undefined || flag !== atom('save_calls') || calls === undefined) return undefined;
  const old = p.settings.saveCalls;
  changeSettings(p, { saveCalls: calls });
  return old << 1;
}

defineBifs('erlang', {
  'process_flag/2': processFlag,
  'process_flag/3': (pid, flag, value) => {
    if (localProcess(pid) === undefined) return badargBecause(atom('badtype'));
    return flagOf(pid, flag, value) ?? badarg();
  },
});

defineBifs('erts_internal', {
  'process_flag/3': (pid, flag, value) =>
    localProcess(pid) === undefined ? atom('badtype') : (flagOf(pid, flag, value) ?? am.badarg),
});
