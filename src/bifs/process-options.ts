// The values that options of spawn_opt and flags of process_flag have in common.
import type { HeapLimitSetting, Priority } from '../processes/process.js';
import { isMap, mapGet } from '../terms/access.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { mapFromPairs } from '../terms/build.js';
import { isSmall, Sentinel, type Term } from '../terms/tags.js';

const PRIORITIES = [atom('max'), atom('high'), am.normal, atom('low')];

/** The priority of that name; undefined: there is none. */
export function priorityOf(name: Term): Priority | undefined {
  const i = PRIORITIES.indexOf(name);
  return i < 0 ? undefined : (i as Priority);
}

export function priorityName(p: Priority): Term {
  return PRIORITIES[p];
}

/** A number of words or the like: a small integer from 0. */
export function count(t: Term): number | undefined {
  return isSmall(t) && t >= 0 ? t >> 1 : undefined;
}

/** The sizes that OTP's heaps come in, in words: Fibonacci's numbers and from about a million on a fifth more each. */
const HEAP_SIZES = heapSizes();

function heapSizes(): number[] {
  const sizes = [12, 38];
  while (sizes.length < 23) sizes.push(sizes[sizes.length - 1] + sizes[sizes.length - 2] + 1);
  while (sizes[sizes.length - 1] < 2 ** 40) {
    const last = sizes[sizes.length - 1];
    sizes.push(last + Math.floor(last / 5));
  }
  return sizes;
}

/** The size of a heap in OTP that has room for so many words. */
export function heapSizeFor(words: number): number {
  return HEAP_SIZES.find((size) => size >= words) ?? words;
}

/** All of them, for system_info(heap_sizes). */
export function allHeapSizes(): readonly number[] {
  return HEAP_SIZES;
}

const SIZE = atom('size');
const KILL = atom('kill');
const ERROR_LOGGER = atom('error_logger');
const INCLUDE = atom('include_shared_binaries');
/** Fewest words that a limit can have. */
const LEAST_LIMIT = 233;

/** A max_heap_size: words or a map. What a map does not say is as `defaults` have it. Undefined: it is neither. */
export function heapLimitOf(t: Term, defaults: HeapLimitSetting): HeapLimitSetting | undefined {
  if (!isMap(t)) {
    const words = count(t);
    return words === undefined || (words > 0 && words < LEAST_LIMIT) ? undefined : { ...defaults, words };
  }
  const size = mapGet(t, SIZE);
  const words = size === Sentinel.None ? undefined : count(size);
  const kill = flag(mapGet(t, KILL), defaults.kill);
  const report = flag(mapGet(t, ERROR_LOGGER), defaults.report);
  const includeSharedBinaries = flag(mapGet(t, INCLUDE), defaults.includeSharedBinaries);
  if (words === undefined || (words > 0 && words < LEAST_LIMIT)) return undefined;
  if (kill === undefined || report === undefined || includeSharedBinaries === undefined) return undefined;
  return { words, kill, report, includeSharedBinaries };
}

function flag(t: Term, otherwise: boolean): boolean | undefined {
  if (t === Sentinel.None) return otherwise;
  return t === Atom.True ? true : t === Atom.False ? false : undefined;
}

/** The map that stands for a max_heap_size. */
export function heapLimitTerm(words: number, { kill, report }: HeapLimitSetting): Term {
  return mapFromPairs([
    [ERROR_LOGGER, report ? Atom.True : Atom.False],
    [KILL, kill ? Atom.True : Atom.False],
    [SIZE, words << 1],
  ]);
}
