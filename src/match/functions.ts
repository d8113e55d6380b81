// The functions that guards and bodies of match specifications may call (ERTS User's Guide, Match Specifications in Erlang).
import { type Bif, bifs } from '../bifs/table.js';
import { findExport } from '../code/functions.js';
import { H, Reg } from '../memory/arena.js';
import { badarg } from '../processes/raise.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { isAtom, NIL, type Term } from '../terms/tags.js';

export interface GuardFunction {
  /** Gives Sentinel.Unwind if it fails. */
  call: Bif;
  /** The result may be a part of an argument. */
  givesPart: boolean;
  /** The result may refer to an argument from within. */
  keepsArguments: boolean;
}

/** BIFs of module erlang. The last line has those that came with OTP 26. */
const ALLOWED = `
  is_atom/1 is_float/1 is_integer/1 is_list/1 is_number/1 is_pid/1 is_port/1 is_reference/1 is_tuple/1 is_map/1
  is_map_key/2 is_binary/1 is_function/1 is_record/3 abs/1 element/2 hd/1 tl/1 length/1 map_get/2 map_size/1 node/0
  node/1 round/1 trunc/1 float/1 size/1 bit_size/1 byte_size/1 binary_part/2 binary_part/3
  +/1 -/1 +/2 -/2 */2 //2 div/2 rem/2 band/2 bor/2 bxor/2 bnot/1 bsl/2 bsr/2
  >/2 >=/2 </2 =</2 =:=/2 ==/2 =/=/2 /=/2 not/1 xor/2
  tuple_size/1 is_bitstring/1 is_boolean/1 is_function/2 ceil/1 floor/1 max/2 min/2`
  .trim()
  .split(/\s+/);

const GIVES_PART = new Set(
  'element/2 hd/1 tl/1 map_get/2 max/2 min/2 abs/1 round/1 trunc/1 ceil/1 floor/1 +/1'.split(' '),
);
const KEEPS_ARGUMENTS = new Set(['binary_part/2', 'binary_part/3']);

const allowed = new Set(ALLOWED);
const found = new Map<string, GuardFunction>();

/** The function name/arity, undefined: it may not be called. */
export function guardFunction(name: string, arity: number): GuardFunction | undefined {
  const key = `${name}/${arity}`;
  if (key === 'self/0') return SELF;
  if (!allowed.has(key)) return undefined;
  let fn = found.get(key);
  if (fn === undefined) {
    const entry = findExport(am.erlang, atom(name), arity)!;
    fn = {
      call: key === 'is_record/3' ? ofTuples(bifs[entry.bif]!) : bifs[entry.bif],
      givesPart: GIVES_PART.has(key),
      keepsArguments: KEEPS_ARGUMENTS.has(key),
    };
    found.set(key, fn);
  }
  return fn;
}

/** is_record/3 where native records, whose third argument is a name, do not come in. */
const ofTuples =
  (isRecord: Bif): Bif =>
  (t, tag, size) =>
    isAtom(size) ? badarg() : isRecord(t, tag, size);

const SELF: GuardFunction = { call: () => H[Reg.Self], givesPart: false, keepsArguments: false };

/** An action of tracing, and what it gives where nothing is traced. */
export interface TraceAction {
  /** How many arguments it takes. */
  arities: readonly number[];
  value: Term;
  /** Whether guards may have it. */
  inGuard: boolean;
  /** Native calls it a function, the others special forms. */
  isFunction: boolean;
}

function action(arities: readonly number[], value: Term, inGuard = false, isFunction = false): TraceAction {
  return { arities, value, inGuard, isFunction };
}

const actions: Record<string, TraceAction> = {
  message: action([1], Atom.True),
  return_trace: action([0], Atom.True),
  exception_trace: action([0], Atom.True),
  process_dump: action([0], Atom.True),
  display: action([1], Atom.True),
  caller: action([0], Atom.Undefined),
  caller_line: action([0], Atom.Undefined),
  silent: action([1], Atom.True),
  trace: action([2, 3], Atom.True),
  enable_trace: action([1, 2], Atom.True),
  disable_trace: action([1, 2], Atom.True),
  set_seq_token: action([2], Atom.True),
  get_seq_token: action([0], NIL),
  is_seq_trace: action([0], Atom.False, true),
  get_tcw: action([0], 0, true, true),
  set_tcw: action([1], Atom.True, false, true),
};

/** The action of tracing with that name; undefined: there is none. */
export function traceAction(name: string, arity: number): TraceAction | undefined {
  const found = Object.hasOwn(actions, name) ? actions[name] : undefined;
  return found?.isFunction && !found.arities.includes(arity) ? undefined : found;
}
