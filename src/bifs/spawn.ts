// BIFs that make processes: spawn and its variants (module erlang).
import { current } from '../processes/current.js';
import { badarg, raiseError } from '../processes/raise.js';
import { funCall, mfaCall, type SpawnOptions, spawnProcess } from '../processes/spawn.js';
import { am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { isAtom, isSmall, type Term } from '../terms/tags.js';
import { addMonitor } from './monitors.js';
import { maxHeapWords, PRIORITIES } from './process-flags.js';
import { defineBifs } from './table.js';

const NO_OPTIONS: SpawnOptions = { link: false, monitor: false, minHeap: 0, maxHeap: 0, priority: am.normal };

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

defineBifs('erlang', {
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
});
