// erlang:system_info/1: what the runtime says of itself. There is one scheduler, no dirty ones, no ports, no distribution; sizes
// are those that processes really have, in words; of allocators and drivers there is nothing to tell.
import { arch, cpus } from 'node:os';
import { modules } from '../code/functions.js';
import { otpInUse } from '../code/path.js';
import { defaults } from '../processes/process.js';
import { badarg } from '../processes/raise.js';
import { systemLogger } from '../processes/system-log.js';
import { allProcesses, processCount, processLimit } from '../processes/table.js';
import { Atom, atom, atomCount, atomName } from '../terms/atoms.js';
import { binary, isTuple, list, stringList, tuple, tupleArity, tupleElement } from '../terms/build.js';
import { formatAtom, formatWrite } from '../terms/format.js';
import { integerFromBigInt, integerFromNumber } from '../terms/integer.js';
import { NIL, type Term } from '../terms/tags.js';
import { monotonicNanoseconds, osNanoseconds } from './clock.js';
import { osVersion } from './os.js';
import { allHeapSizes, heapLimitTerm } from './process-options.js';
import { defineBifs } from './table.js';

/** The OTP that programs believe to run on: the one whose libraries are in use. */
export const otpRelease = {
  get release(): string {
    return otpInUse()?.release ?? '25';
  },
  get erts(): string {
    return otpInUse()?.erts ?? '13.1.5';
  },
};

const small = (n: number): Term => n << 1;
const text = (s: string): Term => binary(Buffer.from(s, 'latin1'));
const pair = (name: string, value: Term): Term => tuple(atom(name), value);

/** {max_heap_size, Size} and so on, as processes have them by default. */
function garbageCollection(): Term {
  return list([
    pair('max_heap_size', small(defaults.settings.limit.words)),
    pair('min_bin_vheap_size', small(defaults.settings.minBinaryHeap)),
    pair('min_heap_size', small(defaults.minHeap)),
    pair('fullsweep_after', small(defaults.fullsweepAfter)),
  ]);
}

/** One line for each process, like the processes of a crash dump. */
function processText(): string {
  return allProcesses()
    .map((p) => {
      const { initialCall: call } = p;
      const name =
        call === null
          ? 'erlang:apply/2'
          : `${formatAtom(atomName(call.module))}:${formatAtom(atomName(call.name))}/${call.arity}`;
      return `=proc:${formatWrite(p.pid)}\nSpawned as: ${name}\nMessage queue length: ${p.messageCount}\nReductions: ${p.reductions}\n`;
    })
    .join('');
}

function loadedText(): string {
  return [...modules.values()]
    .map(
      (m) =>
        `${formatAtom(atomName(m.name))} ${m.ranges.reduce((words, r) => words + r.end - r.start, 0) * 4}\n`,
    )
    .join('');
}

const timeSource = (name: string, resolution: number, time: Term): Term =>
  list([
    pair('function', atom(name)),
    pair('resolution', integerFromNumber(resolution)),
    pair('extended', atom('no')),
    pair('parallel', atom('no')),
    pair('time', time),
  ]);

const NO_TOPOLOGY = (): Term => Atom.Undefined;
const processors = (): Term => small(cpus().length);
const one = (): Term => small(1);
const none = (): Term => 0;
const no = (): Term => Atom.False;
const yes = (): Term => Atom.True;

const items: Record<string, () => Term> = {
  otp_release: () => stringList(otpRelease.release),
  version: () => stringList(otpRelease.erts),
  system_version: () =>
    stringList(`Erlang/OTP ${otpRelease.release} [erts-${otpRelease.erts}] [64-bit] [smp:1:1] [turbeam]\n`),
  system_architecture: () =>
    stringList(`${arch() === 'x64' ? 'x86_64' : arch() === 'arm64' ? 'aarch64' : arch()}-pc-linux-gnu`),
  machine: () => stringList('BEAM'),
  emu_type: () => atom('opt'),
  emu_flavor: () => atom('jit'),
  build_type: () => atom('opt'),
  c_compiler_used: () => tuple(Atom.Undefined, Atom.Undefined),
  compat_rel: () => small(Number(otpRelease.release)),
  debug_compiled: no,
  driver_version: () => stringList('3.3'),
  nif_version: () => stringList('2.16'),
  taints: () => NIL,
  hipe_architecture: () => Atom.Undefined,
  wordsize: () => small(8),
  endian: () => atom('little'),
  heap_type: () => atom('private'),
  heap_sizes: () => list(allHeapSizes().map(integerFromNumber)),
  constant_pool_support: yes,
  beam_jump_table: yes,

  schedulers: one,
  schedulers_online: one,
  scheduler_id: one,
  scheduler_bind_type: () => atom('unbound'),
  scheduler_bindings: () => tuple(atom('unbound')),
  dirty_cpu_schedulers: none,
  dirty_cpu_schedulers_online: none,
  dirty_io_schedulers: none,
  multi_scheduling: () => atom('enabled'),
  multi_scheduling_blockers: () => NIL,
  normal_multi_scheduling_blockers: () => NIL,
  smp_support: yes,
  threads: yes,
  thread_pool_size: one,
  logical_processors: processors,
  logical_processors_available: processors,
  logical_processors_online: processors,
  cpu_topology: NO_TOPOLOGY,
  update_cpu_info: () => atom('unchanged'),
  eager_check_io: yes,
  check_io: () => NIL,
  kernel_poll: no,

  process_count: () => small(processCount()),
  process_limit: () => small(processLimit()),
  port_count: none,
  port_limit: () => small(65536),
  port_parallelism: no,
  atom_count: () => small(atomCount()),
  atom_limit: () => small(1048576),
  ets_limit: () => small(8192),
  outstanding_system_requests_limit: () => small(4),

  garbage_collection: garbageCollection,
  fullsweep_after: () => pair('fullsweep_after', small(defaults.fullsweepAfter)),
  min_heap_size: () => pair('min_heap_size', small(defaults.minHeap)),
  min_bin_vheap_size: () => pair('min_bin_vheap_size', small(defaults.settings.minBinaryHeap)),
  max_heap_size: () => heapLimitTerm(defaults.settings.limit.words, defaults.settings.limit),
  message_queue_data: () => atom('on_heap'),

  allocator: () => tuple(Atom.Undefined, NIL, NIL, NIL),
  alloc_util_allocators: () => NIL,
  allocated_areas: () => NIL,

  creation: none,
  dist: () => text("=node:'nonode@nohost'\n=no_distribution\n"),
  dist_buf_busy_limit: () => small(1048576),
  dist_ctrl: () => NIL,
  delayed_node_table_gc: () => small(60),

  start_time: none,
  end_time: () => integerFromNumber(Number.MAX_SAFE_INTEGER),
  time_correction: yes,
  time_offset: () => atom('final'),
  time_warp_mode: () => atom('no_time_warp'),
  tolerant_timeofday: () => atom('enabled'),
  os_monotonic_time_source: () => timeSource('hrtime', 1000000000, integerFromNumber(monotonicNanoseconds())),
  os_system_time_source: () => timeSource('date', 1000000, integerFromBigInt(osNanoseconds())),
  os_type: () => tuple(atom('unix'), atom('linux')),
  os_version: osVersion,

  system_logger: () => systemLogger.process,
  trace_control_word: () => traceControlWord.value,
  sequential_tracer: () => tuple(atom('sequential_tracer'), Atom.False),
  dynamic_trace: () => atom('none'),
  dynamic_trace_probes: no,
  modified_timing_level: () => Atom.Undefined,

  info: () => text(processText() + loadedText()),
  procs: () => text(processText()),
  loaded: () => text(loadedText()),
};
const byAtom = new Map(Object.entries(items).map(([name, read]) => [atom(name), read]));

/** What system_flag(trace_control_word, N) has set. */
export const traceControlWord: { value: Term } = { value: 0 };

const WORDSIZE = atom('wordsize');
const ALLOCATOR = atom('allocator');
const ALLOCATOR_SIZES = atom('allocator_sizes');
const CPU_TOPOLOGY = atom('cpu_topology');

/** An item that is a tuple; undefined: there is none. */
function pairItem(name: Term, which: Term): Term | undefined {
  switch (name) {
    case WORDSIZE:
      return which === atom('internal') || which === atom('external') ? small(8) : undefined;
    case ALLOCATOR:
    case ALLOCATOR_SIZES:
      return Atom.False;
    case CPU_TOPOLOGY:
      return [atom('used'), atom('defined'), atom('detected')].includes(which) ? NO_TOPOLOGY() : undefined;
    default:
      return undefined;
  }
}

defineBifs('erlang', {
  'system_info/1': (item) => {
    const value =
      isTuple(item) && tupleArity(item) === 2
        ? pairItem(tupleElement(item, 0), tupleElement(item, 1))
        : byAtom.get(item)?.();
    return value ?? badarg();
  },
});
