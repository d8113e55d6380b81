// process_info/1,2 (module erlang).
import { leaveForCallSite, takeCallSite } from '../interpret/call-site.js';
import { allocate } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { copyTo, termSize } from '../memory/copy.js';
import { binariesOf } from '../memory/off-heap.js';
import { letIn, letInMessages } from '../processes/arrivals.js';
import { current } from '../processes/current.js';
import { exceptionDepth } from '../processes/exceptions.js';
import { linkedTo } from '../processes/links.js';
import { collectionInfo, processBytes, stackWords, totalWords } from '../processes/memory-info.js';
import { type Monitor, monitorsOf, Watched, watchersOf } from '../processes/monitors.js';
import { defaultGroupLeader } from '../processes/on-demand.js';
import { type Process, Status } from '../processes/process.js';
import { badarg } from '../processes/raise.js';
import { backtrace, catchLevel, currentFunction, type Site, siteOf, stackTrace } from '../processes/stack.js';
import { localProcess } from '../processes/table.js';
import { REDUCTION, sliceReductions } from '../settings.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { binary, isTuple, list, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { integerFromNumber } from '../terms/integer.js';
import { isCons, isLocalPid, NIL, type Term } from '../terms/tags.js';
import { bool } from './arguments.js';
import { heapLimitTerm, priorityName } from './process-options.js';
import { defineBifs } from './table.js';

/** The value of an item. What lies in another process's memory has to be copied. */
type Item = (p: Process, site: Site) => Term;

/** Reductions of the slice that runs. */
function sliceTaken(): number {
  return Math.max(0, Math.round((sliceReductions() - H[Reg.Reds]) / REDUCTION));
}

/** A copy of a term of p for the running process. */
function own(p: Process, t: Term): Term {
  if (p === current) return t;
  const words = termSize(t);
  return words === 0 ? t : copyTo(t, allocate(words), current);
}

function status(p: Process): Term {
  if (p === current) return atom('running');
  if (p.suspensions > 0) return atom('suspended');
  return p.status === Status.Waiting ? atom('waiting') : atom('runnable');
}

function messages(p: Process): Term {
  const all: Term[] = [];
  for (let m = p.first; m !== null; m = m.next) all.push(own(p, m.term));
  return list(all);
}

function watched({ kind, item }: Monitor): Term {
  if (kind === Watched.TimeOffset) return tuple(am.time_offset, atom('clock_service'));
  return tuple(am.process, isLocalPid(item) ? item : tuple(item, am['nonode@nohost']));
}

function garbageCollection(p: Process): Term {
  return list([
    tuple(am.max_heap_size, heapLimitTerm(p.maxHeap, p.settings.limit)),
    tuple(atom('min_bin_vheap_size'), p.settings.minBinaryHeap << 1),
    tuple(atom('min_heap_size'), p.minHeap << 1),
    tuple(atom('fullsweep_after'), p.fullsweepAfter << 1),
    tuple(atom('minor_gcs'), p.minorCollections << 1),
  ]);
}

const items: Record<string, Item> = {
  registered_name: (p) => (p.registeredName === 0 ? NIL : p.registeredName),
  current_function: (_, site) => currentFunction(site, false) ?? Atom.Undefined,
  current_location: (_, site) => currentFunction(site, true) ?? Atom.Undefined,
  current_stacktrace: (_, site) => stackTrace(site, exceptionDepth.entries),
  initial_call: ({ initialCall: call }) =>
    call === null ? tuple(am.erlang, am.apply, 2 << 1) : tuple(call.module, call.name, call.arity << 1),
  status,
  message_queue_len: (p) => p.messageCount << 1,
  messages,
  links: (p) => list(linkedTo(p)),
  monitors: (p) => list(monitorsOf(p).map(watched)),
  monitored_by: (p) => list(watchersOf(p).map(({ owner }) => owner.pid)),
  dictionary: (p) =>
    list((p.dictionary?.entries() ?? []).map(([key, value]) => tuple(own(p, key), own(p, value)))),
  trap_exit: (p) => bool(p.trapExit),
  error_handler: (p) => p.settings.errorHandler,
  priority: (p) => priorityName(p.priority),
  group_leader: (p) => p.groupLeader || defaultGroupLeader(),
  total_heap_size: (p) => totalWords(p) << 1,
  heap_size: (p) => (p.end - p.base) << 1,
  stack_size: (p) => stackWords(p) << 1,
  reductions: (p) => integerFromNumber(p.reductions + (p === current ? sliceTaken() : 0)),
  garbage_collection: garbageCollection,
  garbage_collection_info: (p) => list(collectionInfo(p).map(([name, n]) => tuple(atom(name), n << 1))),
  suspending: (p) => list([...(p.suspending ?? [])].map(([other, times]) => tuple(other.pid, times << 1, 0))),
  binary: (p) =>
    list(
      binariesOf(p).map(({ id, size, references }) =>
        tuple(integerFromNumber(id), integerFromNumber(size), references << 1),
      ),
    ),
  backtrace: (_, site) => binary(Buffer.from(backtrace(site), 'latin1')),
  catchlevel: (_, site) => catchLevel(site) << 1,
  sequential_trace_token: () => NIL,
  // Nobody can be traced.
  trace: () => 0,
  message_queue_data: (p) => (p.settings.offHeapMessages ? atom('off_heap') : atom('on_heap')),
  min_heap_size: (p) => p.minHeap << 1,
  min_bin_vheap_size: (p) => p.settings.minBinaryHeap << 1,
  max_heap_size: (p) => heapLimitTerm(p.maxHeap, p.settings.limit),
  fullsweep_after: (p) => p.fullsweepAfter << 1,
  memory: (p) => integerFromNumber(processBytes(p)),
  last_calls: (p) => (p.settings.saveCalls > 0 ? NIL : Atom.False),
  magic_ref: () => NIL,
  parent: (p) => p.parent || Atom.Undefined,
  // Since OTP 27.
  label: (p) => own(p, p.dictionary?.get(atom('$process_label')) ?? Atom.Undefined),
};
const byAtom = new Map(Object.entries(items).map(([name, item]) => [atom(name), item]));

/** Items that look at the stack: of the running process it has to be complete first. */
const ON_STACK = new Set(
  ['current_function', 'current_location', 'current_stacktrace', 'backtrace', 'catchlevel', 'stack_size'].map(
    atom,
  ),
);

/** The items of process_info/1. */
const USUAL = [
  'registered_name',
  'current_function',
  'initial_call',
  'status',
  'message_queue_len',
  'links',
  'dictionary',
  'trap_exit',
  'error_handler',
  'priority',
  'group_leader',
  'total_heap_size',
  'heap_size',
  'stack_size',
  'reductions',
  'garbage_collection',
  'suspending',
].map(atom);

const REGISTERED_NAME = atom('registered_name');
const DICTIONARY = atom('dictionary');

/** {dictionary, Key} (since OTP 26.2). */
function isKeyItem(item: Term): boolean {
  return isTuple(item) && tupleArity(item) === 2 && tupleElement(item, 0) === DICTIONARY;
}

const exists = (item: Term): boolean => byAtom.has(item) || isKeyItem(item);

function info(p: Process, site: Site, item: Term): Term {
  if (isKeyItem(item)) return tuple(item, own(p, p.dictionary?.get(tupleElement(item, 1)) ?? Atom.Undefined));
  return tuple(item, byAtom.get(item)!(p, site));
}

/** The process that is asked for something, after all that was sent to it before. */
function processAsked(pid: Term): Process | undefined {
  const p = localProcess(pid);
  if (p === undefined) return undefined;
  if (p === current) letInMessages(p);
  else letIn(p);
  return p.status === Status.Exited ? undefined : p;
}

function processInfo(pid: Term, wanted: Term[], result: (infos: Term[]) => Term): Term {
  const p = processAsked(pid);
  if (p === undefined) return Atom.Undefined;
  let pc = -1;
  if (p === current && wanted.some((item) => ON_STACK.has(item))) {
    pc = takeCallSite();
    if (pc < 0) return leaveForCallSite();
  }
  const site = siteOf(p, pc);
  return result(wanted.map((item) => info(p, site, item)));
}

defineBifs('erlang', {
  'process_info/1': (pid) => {
    if (!isLocalPid(pid)) return badarg();
    return processInfo(pid, USUAL, (infos) =>
      list(infos.filter((t) => tupleElement(t, 0) !== REGISTERED_NAME || tupleElement(t, 1) !== NIL)),
    );
  },
  'process_info/2': (pid, item) => {
    if (!isLocalPid(pid)) return badarg();
    if (isCons(item) || item === NIL) {
      const wanted = listToArray(item);
      if (wanted === undefined || !wanted.every(exists)) return badarg();
      return processInfo(pid, wanted, list);
    }
    if (!exists(item)) return badarg();
    return processInfo(pid, [item], ([t]) =>
      item === REGISTERED_NAME && tupleElement(t, 1) === NIL ? NIL : t,
    );
  },
});
