// The options of spawn_opt and spawn_request (module erlang).
import { defaults } from '../processes/process.js';
import type { SpawnOptions } from '../processes/spawn.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { NIL, type Term } from '../terms/tags.js';
import { monitorOptions } from './monitors.js';
import { count, heapLimitOf, heapSizeFor, priorityOf } from './process-options.js';

/** What a spawn_request answers, and when. */
export interface ReplyOptions {
  tag: Term;
  onSuccess: boolean;
  onError: boolean;
}

/** Options of a spawn; `valid`: there is none that does not exist or has a wrong value. */
export interface ParsedOptions extends SpawnOptions {
  valid: boolean;
  reply: ReplyOptions;
}

const YES = { onSuccess: true, onError: true };
const REPLIES = new Map([
  [atom('yes'), YES],
  [atom('no'), { onSuccess: false, onError: false }],
  [atom('error_only'), { onSuccess: false, onError: true }],
  [atom('success_only'), { onSuccess: true, onError: false }],
]);

/**
 * Reads the options of spawn_opt; undefined: they are no list.
 * @param forRequest whether those of spawn_request can be among them
 */
export function spawnOptions(t: Term, forRequest = false): ParsedOptions | undefined {
  const items = listToArray(t);
  if (items === undefined) return undefined;
  const options: ParsedOptions = { valid: true, reply: { tag: am.spawn_reply, ...YES } };
  for (const item of items) {
    let good = true;
    if (item === am.link) options.link = true;
    else if (item === am.monitor) options.monitor = monitorOptions(NIL)!;
    else if (isTuple(item) && tupleArity(item) === 2)
      good = setOption(options, tupleElement(item, 0), tupleElement(item, 1), forRequest);
    else good = false;
    if (!good) options.valid = false;
  }
  return options;
}

const boolean = (t: Term): boolean | undefined =>
  t === Atom.True ? true : t === Atom.False ? false : undefined;

/** Stores what an option says; false: it has not that value, or does not exist. */
function setOption(options: ParsedOptions, name: Term, value: Term, forRequest: boolean): boolean {
  switch (name) {
    case am.monitor:
      return (options.monitor = monitorOptions(value)) !== undefined;
    case am.priority:
      return (options.priority = priorityOf(value)) !== undefined;
    case atom('min_heap_size'): {
      const words = count(value);
      if (words !== undefined) options.minHeap = heapSizeFor(Math.max(words, defaults.minHeap));
      return words !== undefined;
    }
    case atom('min_bin_vheap_size'): {
      const words = count(value);
      if (words !== undefined)
        options.minBinaryHeap = heapSizeFor(Math.max(words, defaults.settings.minBinaryHeap));
      return words !== undefined;
    }
    case atom('fullsweep_after'):
      return (options.fullsweepAfter = count(value)) !== undefined;
    case am.max_heap_size:
      return (options.limit = heapLimitOf(value, defaults.settings.limit)) !== undefined;
    case atom('message_queue_data'):
      options.offHeapMessages = value === atom('off_heap');
      return options.offHeapMessages || value === atom('on_heap');
    case atom('async_dist'):
      return boolean(value) !== undefined;
    case atom('scheduler'):
      return count(value) !== undefined;
    case am.reply:
      if (!forRequest || !REPLIES.has(value)) return false;
      options.reply = { ...options.reply, ...REPLIES.get(value)! };
      return true;
    case am.reply_tag:
      options.reply.tag = value;
      return forRequest;
    default:
      return false;
  }
}
