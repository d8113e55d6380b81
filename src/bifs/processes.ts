// BIFs on processes: spawn, links, monitors, exit signals, registered names, dictionary, flags; and those that only
// raise (error, exit, throw) or call on (apply).
import { findExport } from '../code/functions.js';
import { callFunTarget, spreadArguments } from '../interpret/transitions.js';
import { H, Reg, Why } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { exitSignal, registered } from '../processes/exit.js';
import { deliver } from '../processes/messages.js';
import { type Process, Status } from '../processes/process.js';
import { badarg, badargBecause, blameCaller, raise, raiseError, raiseErrorWith } from '../processes/raise.js';
import {
  makeReference,
  newReferenceNumber,
  referenceNumber,
  referenceTerm,
} from '../processes/references.js';
import { sendMessage } from '../processes/send.js';
import { funCall, mfaCall, type SpawnOptions, spawnProcess } from '../processes/spawn.js';
import { allProcesses, processOf } from '../processes/table.js';
import { isMap, mapGet } from '../terms/access.js';
import { Atom, am, atom } from '../terms/atoms.js';
import {
  cons,
  isTuple,
  list,
  listToArray,
  tuple,
  tupleArity,
  tupleElement,
  tupleToArray,
} from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { Imm, isAtom, isCons, isSmall, Kind, NIL, Sentinel, type Term } from '../terms/tags.js';
import { bifInfos, bifs, defineBif, defineBifs } from './table.js';

const NO_OPTIONS: SpawnOptions = { link: false, monitor: false, minHeap: 0, maxHeap: 0, priority: am.normal };

function isPid(t: Term): boolean {
  return (t & Imm.Mask) === Imm.Pid;
}

function find(pid: Term): Process | undefined {
  return pid === current.pid ? current : processOf(pid);
}

type Call = ReturnType<typeof funCall>;

function spawn(call: Call, options: SpawnOptions): Term {
  if (call === undefined) return badarg();
  const p = spawnProcess(call, options);
  if (p === undefined) return raiseError(am.system_limit);
  if (options.link) {
    p.links.add(current.pid);
    current.links.add(p.pid);
  }
  if (!options.monitor) return p.pid;
  return tuple(p.pid, addMonitor(p, p.pid));
}

/** @param item what the DOWN message names: the pid, or the registered name that was asked for */
function addMonitor(p: Process, item: Term): Term {
  const ref = newReferenceNumber();
  current.monitors.set(ref, p.pid);
  p.monitoredBy.set(ref, { watcher: current.pid, item });
  return referenceTerm(ref);
}

/** The name in Name or {Name, node()}; undefined: it is neither. */
function localName(t: Term): Term | undefined {
  if (isAtom(t)) return t;
  if (!isTuple(t) || tupleArity(t) !== 2 || tupleElement(t, 1) !== am['nonode@nohost']) return undefined;
  const name = tupleElement(t, 0);
  return isAtom(name) ? name : undefined;
}

const PRIORITIES = new Set(['low', 'normal', 'high', 'max'].map(atom));

/** Words of a max_heap_size option, a number or a map with the key size; undefined if it is neither. */
function maxHeapWords(t: Term): number | undefined {
  const size = isMap(t) ? mapGet(t, atom('size')) : t;
  return isSmall(size) && size >= 0 ? size >> 1 : undefined;
}

/** Whether a spawn_opt option of two elements is one, with a value it can have. */
function isSpawnOption(name: Term, value: Term): boolean {
  switch (name) {
    case atom('priority'):
      return PRIORITIES.has(value);
    case atom('min_heap_size'):
    case atom('min_bin_vheap_size'):
    case atom('fullsweep_after'):
      return isSmall(value) && value >= 0;
    case am.max_heap_size:
      return maxHeapWords(value) !== undefined;
    case atom('message_queue_data'):
      return value === atom('on_heap') || value === atom('off_heap');
    default:
      return false;
  }
}

/** The options of spawn_opt; undefined if the list is not one of them. */
function spawnOptions(t: Term): SpawnOptions | undefined {
  const items = listToArray(t);
  if (items === undefined) return undefined;
  const options = { ...NO_OPTIONS };
  for (const item of items) {
    if (item === am.link) options.link = true;
    else if (item === am.monitor) options.monitor = true;
    else if (isTuple(item) && tupleArity(item) === 2 && isAtom(tupleElement(item, 0))) {
      const name = tupleElement(item, 0);
      const value = tupleElement(item, 1);
      if (!isSpawnOption(name, value)) return undefined;
      if (name === atom('min_heap_size')) options.minHeap = value >> 1;
      else if (name === am.max_heap_size) options.maxHeap = maxHeapWords(value)!;
      else if (name === atom('priority')) options.priority = value;
    } else return undefined;
  }
  return options;
}

/** The flags of process_flag/2. */
const PROCESS_FLAGS = new Set(
  [
    'trap_exit',
    'max_heap_size',
    'priority',
    'min_heap_size',
    'fullsweep_after',
    'min_bin_vheap_size',
    'message_queue_data',
    'error_handler',
    'save_calls',
    'sensitive',
    'monitor_nodes',
  ].map(atom),
);

defineBifs('erlang', {
  'self/0': () => H[Reg.Self],
  'spawn/1': (f) => spawn(funCall(f), NO_OPTIONS),
  'spawn/3': (m, f, a) => spawn(mfaCall(m, f, a), NO_OPTIONS),
  'spawn_link/1': (f) => spawn(funCall(f), { ...NO_OPTIONS, link: true }),
  'spawn_link/3': (m, f, a) => spawn(mfaCall(m, f, a), { ...NO_OPTIONS, link: true }),
  'spawn_monitor/1': (f) => spawn(funCall(f), { ...NO_OPTIONS, monitor: true }),
  'spawn_monitor/3': (m, f, a) => spawn(mfaCall(m, f, a), { ...NO_OPTIONS, monitor: true }),
  'spawn_opt/2': (f, o) => {
    const options = spawnOptions(o);
    return options === undefined ? badarg() : spawn(funCall(f), options);
  },
  'spawn_opt/4': (m, f, a, o) => {
    const options = spawnOptions(o);
    return options === undefined ? badarg() : spawn(mfaCall(m, f, a), options);
  },

  'make_ref/0': makeReference,
  'monitor/2': (type, item) => {
    if (type !== am.process) return badargBecause(atom('badtype'));
    const name = localName(item);
    if (!isPid(item) && name === undefined) return badarg();
    const p = name === undefined ? find(item) : registered.get(name);
    if (p === undefined) {
      const ref = makeReference();
      const what = name === undefined ? item : tuple(name, am['nonode@nohost']);
      deliver(current, tuple(am.DOWN, ref, am.process, what, am.noproc));
      return ref;
    }
    if (p === current) return makeReference();
    return addMonitor(p, name ?? item);
  },
  'demonitor/1': (ref) => demonitor(ref, NIL),
  'demonitor/2': (ref, options) => demonitor(ref, options),
  'link/1': (pid) => {
    if (!isPid(pid)) return badarg();
    if (pid === current.pid) return Atom.True;
    const p = processOf(pid);
    if (p === undefined) {
      if (current.trapExit) deliver(current, tuple(am.EXIT, pid, am.noproc));
      else return raiseError(am.noproc);
      return Atom.True;
    }
    p.links.add(current.pid);
    current.links.add(pid);
    return Atom.True;
  },
  'unlink/1': (pid) => {
    if (!isPid(pid)) return badarg();
    current.links.delete(pid);
    processOf(pid)?.links.delete(current.pid);
    return Atom.True;
  },
  'exit/2': (pid, reason) => {
    if (!isPid(pid)) return badarg();
    const p = find(pid);
    if (p !== undefined) exitSignal(p, current.pid, reason, false);
    return stillAlive(Atom.True);
  },
  'is_process_alive/1': (pid) => (isPid(pid) ? (find(pid) !== undefined ? Atom.True : Atom.False) : badarg()),
  'send/2': sendMessage,
  '!/2': sendMessage,
  'send/3': (to, message, _options) =>
    sendMessage(to, message) === Sentinel.Unwind ? Sentinel.Unwind : Atom.Ok,

  'register/2': (name, pid) => {
    if (!isAtom(name) || !isPid(pid) || name === Atom.Undefined) return badargBecause(atom('none'));
    const p = find(pid);
    if (p === undefined) return badargBecause(atom('notalive'));
    if (p.registeredName !== 0 || registered.has(name)) return badargBecause(atom('registered_name'));
    p.registeredName = name;
    registered.set(name, p);
    return Atom.True;
  },
  'unregister/1': (name) => {
    const p = registered.get(name);
    if (p === undefined) return badarg();
    registered.delete(name);
    p.registeredName = 0;
    return Atom.True;
  },
  'whereis/1': (name) => (isAtom(name) ? (registered.get(name)?.pid ?? Atom.Undefined) : badarg()),
  'registered/0': () => list([...registered.keys()]),
  'processes/0': () => list(allProcesses().map((p) => p.pid)),

  'get/1': dictionaryGet,
  'get/0': () => list(dictionaryEntries().map(([k, v]) => tuple(k, v))),
  'get_keys/0': () => list(dictionaryEntries().map(([k]) => k)),
  'get_keys/1': (value) =>
    list(
      dictionaryEntries()
        .filter(([, v]) => exactEqual(v, value))
        .map(([k]) => k),
    ),
  'put/2': dictionaryPut,
  'erase/1': dictionaryErase,
  'erase/0': () => {
    const all = list(dictionaryEntries().map(([k, v]) => tuple(k, v)));
    current.dictionary.clear();
    current.boxedDictionary.length = 0;
    return all;
  },

  'process_flag/2': (flag, value) => {
    if (flag === atom('trap_exit')) {
      if (value !== Atom.True && value !== Atom.False) return badarg();
      const old = current.trapExit;
      current.trapExit = value === Atom.True;
      return old ? Atom.True : Atom.False;
    }
    const words = flag === am.max_heap_size ? maxHeapWords(value) : undefined;
    if (words !== undefined) {
      const old = current.maxHeap;
      current.maxHeap = words;
      return old << 1;
    }
    if (flag === atom('priority') && PRIORITIES.has(value)) {
      const old = current.priority;
      current.priority = value;
      return old;
    }
    if (
      (flag === atom('min_heap_size') ||
        flag === atom('fullsweep_after') ||
        flag === atom('min_bin_vheap_size')) &&
      isSmall(value)
    )
      return 0;
    if (flag === atom('message_queue_data')) return atom('on_heap');
    return PROCESS_FLAGS.has(flag) ? badarg() : badargBecause(atom('badopt'));
  },
  'group_leader/0': () => current.groupLeader || current.pid,
  'group_leader/2': (leader, pid) => {
    const p = isPid(pid) ? find(pid) : undefined;
    if (!isPid(leader) || p === undefined) return badarg();
    p.groupLeader = leader;
    return Atom.True;
  },
  'garbage_collect/0': () => {
    H[Reg.Reds] = 0;
    return Atom.True;
  },
  'yield/0': () => Atom.True,
  'process_info/1': (pid) => {
    const p = isPid(pid) ? find(pid) : undefined;
    if (!isPid(pid)) return badarg();
    return p === undefined
      ? Atom.Undefined
      : list(
          ['registered_name', 'status', 'message_queue_len', 'links', 'reductions']
            .map((k) => processInfo(p, atom(k))!)
            .filter((t) => t !== NIL),
        );
  },
  'process_info/2': (pid, item) => {
    if (!isPid(pid)) return badarg();
    const p = find(pid);
    if (isCons(item) || item === NIL) {
      const items = listToArray(item);
      const infos = p && items?.map((i) => processInfo(p, i));
      if (items === undefined || infos?.includes(undefined)) return badarg();
      return infos === undefined
        ? Atom.Undefined
        : list(infos.map((t, i) => (t === NIL ? tuple(items[i], NIL) : t!)));
    }
    if (p === undefined) return Atom.Undefined;
    return processInfo(p, item) ?? badarg();
  },
  'apply/3': (m, f, args) => {
    const pc = spreadArguments(m, f, args);
    if (pc === 0) return badarg();
    const bif = findExport(m, f, H[Reg.Live])?.bif ?? -1;
    if (bif >= 0 && !bifInfos[bif].frame) {
      blameCaller();
      return bifs[bif](H[0], H[1], H[2]);
    }
    return callOn(pc);
  },
  'apply/2': (fun, args) => {
    const items = listToArray(args);
    if (items === undefined || items.length > 255) return badarg();
    for (let i = 0; i < items.length; i++) H[i] = items[i];
    const pc = callFunTarget(fun, items.length);
    if (pc === 0) {
      blameCaller();
      return Sentinel.Unwind;
    }
    H[Reg.Live] = items.length + freeVariables(fun);
    return callOn(pc);
  },
  'halt/0': () => halt(0),
  'halt/1': (status) => halt(isSmall(status) ? status >> 1 : status === atom('abort') ? 134 : 1),
  'halt/2': (status) => halt(isSmall(status) ? status >> 1 : 1),
});

/** Says "no arguments given" to error/2,3. */
const NONE = atom('none');

/** BIFs that are not on top of the stack trace of what they raise. */
const raising: Record<string, (...args: Term[]) => Term> = {
  'error/1': (reason) => raiseError(reason),
  'error/2': (reason, args) =>
    args === NONE ? raiseError(reason) : raiseErrorWith(reason, { args, info: 0 }),
  'error/3': (reason, args, options) => {
    const info = listToArray(options)?.find(
      (o) => isTuple(o) && tupleArity(o) === 2 && tupleElement(o, 0) === am.error_info,
    );
    if (args === NONE && info === undefined) return raiseError(reason);
    return raiseErrorWith(reason, {
      args: args === NONE ? 0 : args,
      info: info === undefined ? 0 : tupleElement(info, 1),
    });
  },
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
      if (listToArray(location) === undefined) return undefined;
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

function halt(status: number): Term {
  haltHook.halt(status);
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

/** Ends the host process, or whatever the embedder makes of halt/1. */
export const haltHook: { halt: (status: number) => void } = { halt: (status) => process.exit(status) };

/** How many X registers behind the arguments callFunTarget has filled. */
function freeVariables(fun: Term): number {
  return (H[fun >>> 3] & Kind.Mask) === Kind.Fun ? (H[fun >>> 3] >>> 8) - 3 : 0;
}

/** What a BIF returns so that `pc` is called in its place; arguments and Reg.Live are set. */
function callOn(pc: number): Term {
  H[Reg.Pc] = pc;
  H[Reg.Reason] = Why.Call;
  return Sentinel.Unwind;
}

function stillAlive(value: Term): Term {
  if (current.status !== Status.Exited) return value;
  H[Reg.Reason] = Why.Exited;
  return Sentinel.Unwind;
}

function demonitor(ref: Term, options: Term): Term {
  const n = referenceNumber(ref);
  const flags = listToArray(options);
  if (n === 0 || flags === undefined || flags.some((f) => f !== am.flush && f !== am.info)) return badarg();
  const target = current.monitors.get(n);
  if (target !== undefined) {
    current.monitors.delete(n);
    processOf(target)?.monitoredBy.delete(n);
  } else if (flags.includes(am.flush)) flushDown(ref);
  return flags.includes(am.info) ? (target !== undefined ? Atom.True : Atom.False) : Atom.True;
}

/** Takes a DOWN message of that monitor out of the mailbox. */
function flushDown(ref: Term): void {
  const before = current.before;
  current.before = null;
  for (let m = current.first; m !== null; current.before = m, m = m.next) {
    if (
      isTuple(m.term) &&
      tupleArity(m.term) === 5 &&
      tupleElement(m.term, 0) === am.DOWN &&
      exactEqual(tupleElement(m.term, 1), ref)
    ) {
      current.removeCurrent();
      return;
    }
  }
  current.before = before;
}

function dictionaryEntries(): [Term, Term][] {
  const entries = [...current.dictionary];
  const pairs = current.boxedDictionary;
  for (let i = 0; i < pairs.length; i += 2) entries.push([pairs[i], pairs[i + 1]]);
  return entries;
}

const isPointer = (t: Term): boolean => (t & 7) === 3 || (t & 7) === 1;

function boxedIndex(key: Term): number {
  const pairs = current.boxedDictionary;
  for (let i = 0; i < pairs.length; i += 2) if (exactEqual(pairs[i], key)) return i;
  return -1;
}

function dictionaryGet(key: Term): Term {
  if (!isPointer(key)) return current.dictionary.get(key) ?? Atom.Undefined;
  const i = boxedIndex(key);
  return i < 0 ? Atom.Undefined : current.boxedDictionary[i + 1];
}

function dictionaryPut(key: Term, value: Term): Term {
  const old = dictionaryGet(key);
  if (!isPointer(key)) current.dictionary.set(key, value);
  else {
    const i = boxedIndex(key);
    if (i < 0) current.boxedDictionary.push(key, value);
    else current.boxedDictionary[i + 1] = value;
  }
  return old;
}

function dictionaryErase(key: Term): Term {
  const old = dictionaryGet(key);
  if (!isPointer(key)) current.dictionary.delete(key);
  else {
    const i = boxedIndex(key);
    if (i >= 0) current.boxedDictionary.splice(i, 2);
  }
  return old;
}

/** {item, value} of process_info/2; [] for registered_name of a process without; undefined: no such item. */
function processInfo(p: Process, item: Term): Term | undefined {
  const words = (n: number): Term => tuple(item, n << 1);
  switch (item) {
    case atom('registered_name'):
      return p.registeredName === 0 ? NIL : tuple(item, p.registeredName);
    case atom('status'):
      return tuple(
        item,
        p.status === Status.Waiting ? atom('waiting') : p === current ? atom('running') : atom('runnable'),
      );
    case atom('message_queue_len'):
      return words(p.messageCount);
    case atom('messages'): {
      let messages: Term = NIL;
      const terms: Term[] = [];
      for (let m = p.first; m !== null; m = m.next) terms.push(m.term);
      for (let i = terms.length - 1; i >= 0; i--) messages = cons(terms[i], messages);
      return p === current ? tuple(item, messages) : undefined;
    }
    case atom('links'):
      return tuple(item, list([...p.links]));
    case atom('trap_exit'):
      return tuple(item, p.trapExit ? Atom.True : Atom.False);
    case atom('reductions'):
      return words(p.reductions & 0x3fffffff);
    case atom('heap_size'):
    case atom('total_heap_size'):
      return words(p.end - p.base + (p.oldEnd - p.oldBase));
    case atom('stack_size'):
      return words(p.end - (p === current ? H[Reg.E] : p.e));
    case atom('memory'):
      return words((p.end - p.base + (p.oldEnd - p.oldBase)) * 4);
    case atom('group_leader'):
      return tuple(item, p.groupLeader || p.pid);
    case atom('initial_call'):
      return tuple(item, tuple(p.initialCall[0], p.initialCall[1], p.initialCall[2] << 1));
    case atom('priority'):
      return tuple(item, p.priority);
    default:
      return undefined;
  }
}
