// process_flag/2 and the options of spawn_opt that are flags.
import { current } from '../processes/current.js';
import { badarg, badargBecause } from '../processes/raise.js';
import { isMap, mapGet } from '../terms/access.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isAtom, isSmall, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';
export const PRIORITIES = new Set(['low', 'normal', 'high', 'max'].map(atom));

/** Words of a max_heap_size option, a number or a map with the key size; undefined if it is neither. */
export function maxHeapWords(t: Term): number | undefined {
  const size = isMap(t) ? mapGet(t, atom('size')) : t;
  return isSmall(size) && size >= 0 ? size >> 1 : undefined;
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
    if (flag === am.error_handler) {
      if (!isAtom(value)) return badarg();
      const old = current.errorHandler;
      current.errorHandler = value;
      return old;
    }
    if (flag === atom('message_queue_data')) return atom('on_heap');
    return PROCESS_FLAGS.has(flag) ? badarg() : badargBecause(atom('badopt'));
  },
});
