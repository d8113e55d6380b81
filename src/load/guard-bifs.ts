// The BIFs that the instructions bif0 to bif3 and gc_bif1 to gc_bif3 can have: those that are allowed in guards, and a few that
// compilers treat like them. They only look at their arguments and return or fail.

/** Those that never take memory, so that room which was asked for before is still there behind them. */
const PLAIN = new Set(
  (
    '/=/2 </2 =/=/2 =:=/2 =</2 ==/2 >/2 >=/2 and/2 or/2 xor/2 not/1 element/2 get/1 hd/1 tl/1 is_atom/1 is_binary/1 ' +
    'is_bitstring/1 is_boolean/1 is_float/1 is_function/1 is_function/2 is_integer/1 is_integer/3 is_list/1 is_map/1 ' +
    'is_map_key/2 is_number/1 is_pid/1 is_port/1 is_record/1 is_record/2 is_record/3 is_reference/1 is_tuple/1 map_get/2 max/2 min/2 ' +
    'node/0 node/1 self/0 tuple_size/1'
  ).split(' '),
);

const ALLOCATING = new Set(
  (
    '*/2 +/1 +/2 -/1 -/2 //2 abs/1 band/2 bnot/1 bor/2 bsl/2 bsr/2 bxor/2 div/2 rem/2 binary_part/2 binary_part/3 ' +
    'bit_size/1 byte_size/1 ceil/1 float/1 floor/1 length/1 list_to_atom/1 map_size/1 round/1 size/1 trunc/1'
  ).split(' '),
);

interface Import {
  module: string;
  name: string;
  arity: number;
}

/** Whether the instructions may call it; what they must not call is as if it were not there. */
export function isGuardBif({ module, name, arity }: Import): boolean {
  const key = `${name}/${arity}`;
  return module === 'erlang' && (PLAIN.has(key) || ALLOCATING.has(key));
}

/** Whether it may take memory. */
export function allocates({ module, name, arity }: Import): boolean {
  return module !== 'erlang' || !PLAIN.has(`${name}/${arity}`);
}
