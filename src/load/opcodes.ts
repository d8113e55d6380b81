// The instruction set: number, name and arity of every generic instruction, as they stand in a `.beam` file.

export interface OpcodeInfo {
  /** Number in the Code chunk. */
  readonly number: number;
  /** Name as in a listing; the listing's `test`, `bif` and `gc_bif` wrappers are not instructions. */
  readonly name: string;
  /** How many operands follow the opcode; a list counts as one. */
  readonly arity: number;
  /** First OTP release whose compiler emits it; 0: before 24. */
  readonly since: number;
  /** No compiler from OTP 24 on emits it. */
  readonly obsolete: boolean;
}

/** Opcode numbers. */
export const enum Op {
  label = 1,
  func_info = 2,
  int_code_end = 3,
  call = 4,
  call_last = 5,
  call_only = 6,
  call_ext = 7,
  call_ext_last = 8,
  bif0 = 9,
  bif1 = 10,
  bif2 = 11,
  allocate = 12,
  allocate_heap = 13,
  allocate_zero = 14,
  allocate_heap_zero = 15,
  test_heap = 16,
  init = 17,
  deallocate = 18,
  return = 19,
  send = 20,
  remove_message = 21,
  timeout = 22,
  loop_rec = 23,
  loop_rec_end = 24,
  wait = 25,
  wait_timeout = 26,
  m_plus = 27,
  m_minus = 28,
  m_times = 29,
  m_div = 30,
  int_div = 31,
  int_rem = 32,
  int_band = 33,
  int_bor = 34,
  int_bxor = 35,
  int_bsl = 36,
  int_bsr = 37,
  int_bnot = 38,
  is_lt = 39,
  is_ge = 40,
  is_eq = 41,
  is_ne = 42,
  is_eq_exact = 43,
  is_ne_exact = 44,
  is_integer = 45,
  is_float = 46,
  is_number = 47,
  is_atom = 48,
  is_pid = 49,
  is_reference = 50,
  is_port = 51,
  is_nil = 52,
  is_binary = 53,
  is_constant = 54,
  is_list = 55,
  is_nonempty_list = 56,
  is_tuple = 57,
  test_arity = 58,
  select_val = 59,
  select_tuple_arity = 60,
  jump = 61,
  catch = 62,
  catch_end = 63,
  move = 64,
  get_list = 65,
  get_tuple_element = 66,
  set_tuple_element = 67,
  put_string = 68,
  put_list = 69,
  put_tuple = 70,
  put = 71,
  badmatch = 72,
  if_end = 73,
  case_end = 74,
  call_fun = 75,
  make_fun = 76,
  is_function = 77,
  call_ext_only = 78,
  bs_start_match = 79,
  bs_get_integer = 80,
  bs_get_float = 81,
  bs_get_binary = 82,
  bs_skip_bits = 83,
  bs_test_tail = 84,
  bs_save = 85,
  bs_restore = 86,
  bs_init = 87,
  bs_final = 88,
  bs_put_integer = 89,
  bs_put_binary = 90,
  bs_put_float = 91,
  bs_put_string = 92,
  bs_need_buf = 93,
  fclearerror = 94,
  fcheckerror = 95,
  fmove = 96,
  fconv = 97,
  fadd = 98,
  fsub = 99,
  fmul = 100,
  fdiv = 101,
  fnegate = 102,
  make_fun2 = 103,
  try = 104,
  try_end = 105,
  try_case = 106,
  try_case_end = 107,
  raise = 108,
  bs_init2 = 109,
  bs_bits_to_bytes = 110,
  bs_add = 111,
  apply = 112,
  apply_last = 113,
  is_boolean = 114,
  is_function2 = 115,
  bs_start_match2 = 116,
  bs_get_integer2 = 117,
  bs_get_float2 = 118,
  bs_get_binary2 = 119,
  bs_skip_bits2 = 120,
  bs_test_tail2 = 121,
  bs_save2 = 122,
  bs_restore2 = 123,
  gc_bif1 = 124,
  gc_bif2 = 125,
  bs_final2 = 126,
  bs_bits_to_bytes2 = 127,
  put_literal = 128,
  is_bitstr = 129,
  bs_context_to_binary = 130,
  bs_test_unit = 131,
  bs_match_string = 132,
  bs_init_writable = 133,
  bs_append = 134,
  bs_private_append = 135,
  trim = 136,
  bs_init_bits = 137,
  bs_get_utf8 = 138,
  bs_skip_utf8 = 139,
  bs_get_utf16 = 140,
  bs_skip_utf16 = 141,
  bs_get_utf32 = 142,
  bs_skip_utf32 = 143,
  bs_utf8_size = 144,
  bs_put_utf8 = 145,
  bs_utf16_size = 146,
  bs_put_utf16 = 147,
  bs_put_utf32 = 148,
  on_load = 149,
  recv_mark = 150,
  recv_set = 151,
  gc_bif3 = 152,
  line = 153,
  put_map_assoc = 154,
  put_map_exact = 155,
  is_map = 156,
  has_map_fields = 157,
  get_map_elements = 158,
  is_tagged_tuple = 159,
  build_stacktrace = 160,
  raw_raise = 161,
  get_hd = 162,
  get_tl = 163,
  put_tuple2 = 164,
  bs_get_tail = 165,
  bs_start_match3 = 166,
  bs_get_position = 167,
  bs_set_position = 168,
  swap = 169,
  bs_start_match4 = 170,
  make_fun3 = 171,
  init_yregs = 172,
  recv_marker_bind = 173,
  recv_marker_clear = 174,
  recv_marker_reserve = 175,
  recv_marker_use = 176,
  bs_create_bin = 177,
  call_fun2 = 178,
  nif_start = 179,
  badrecord = 180,
  update_record = 181,
  bs_match = 182,
  executable_line = 183,
  debug_line = 184,
  bif3 = 185,
  is_any_native_record = 186,
  is_native_record = 187,
  get_record_elements = 188,
  put_record = 189,
  is_record_accessible = 190,
  get_record_field = 191,
}

/** The highest opcode of this table; a file that says it needs a higher one is too new. */
export const MAX_OPCODE = 191;

// Name and arity of opcode 1, 2, ...
const TABLE = `
  label/1 func_info/3 int_code_end/0 call/2 call_last/3 call_only/2 call_ext/2 call_ext_last/3 bif0/2 bif1/4
  bif2/5 allocate/2 allocate_heap/3 allocate_zero/2 allocate_heap_zero/3 test_heap/2 init/1 deallocate/1
  return/0 send/0 remove_message/0 timeout/0 loop_rec/2 loop_rec_end/1 wait/1 wait_timeout/2 m_plus/4
  m_minus/4 m_times/4 m_div/4 int_div/4 int_rem/4 int_band/4 int_bor/4 int_bxor/4 int_bsl/4 int_bsr/4
  int_bnot/3 is_lt/3 is_ge/3 is_eq/3 is_ne/3 is_eq_exact/3 is_ne_exact/3 is_integer/2 is_float/2 is_number/2
  is_atom/2 is_pid/2 is_reference/2 is_port/2 is_nil/2 is_binary/2 is_constant/2 is_list/2
  is_nonempty_list/2 is_tuple/2 test_arity/3 select_val/3 select_tuple_arity/3 jump/1 catch/2 catch_end/1
  move/2 get_list/3 get_tuple_element/3 set_tuple_element/3 put_string/3 put_list/3 put_tuple/2 put/1
  badmatch/1 if_end/0 case_end/1 call_fun/1 make_fun/3 is_function/2 call_ext_only/2 bs_start_match/2
  bs_get_integer/5 bs_get_float/5 bs_get_binary/5 bs_skip_bits/4 bs_test_tail/2 bs_save/1 bs_restore/1
  bs_init/2 bs_final/2 bs_put_integer/5 bs_put_binary/5 bs_put_float/5 bs_put_string/2 bs_need_buf/1
  fclearerror/0 fcheckerror/1 fmove/2 fconv/2 fadd/4 fsub/4 fmul/4 fdiv/4 fnegate/3 make_fun2/1 try/2
  try_end/1 try_case/1 try_case_end/1 raise/2 bs_init2/6 bs_bits_to_bytes/3 bs_add/5 apply/1 apply_last/2
  is_boolean/2 is_function2/3 bs_start_match2/5 bs_get_integer2/7 bs_get_float2/7 bs_get_binary2/7
  bs_skip_bits2/5 bs_test_tail2/3 bs_save2/2 bs_restore2/2 gc_bif1/5 gc_bif2/6 bs_final2/2
  bs_bits_to_bytes2/2 put_literal/2 is_bitstr/2 bs_context_to_binary/1 bs_test_unit/3 bs_match_string/4
  bs_init_writable/0 bs_append/8 bs_private_append/6 trim/2 bs_init_bits/6 bs_get_utf8/5 bs_skip_utf8/4
  bs_get_utf16/5 bs_skip_utf16/4 bs_get_utf32/5 bs_skip_utf32/4 bs_utf8_size/3 bs_put_utf8/3 bs_utf16_size/3
  bs_put_utf16/3 bs_put_utf32/3 on_load/0 recv_mark/1 recv_set/1 gc_bif3/7 line/1 put_map_assoc/5
  put_map_exact/5 is_map/2 has_map_fields/3 get_map_elements/3 is_tagged_tuple/4 build_stacktrace/0
  raw_raise/0 get_hd/2 get_tl/2 put_tuple2/2 bs_get_tail/3 bs_start_match3/4 bs_get_position/3
  bs_set_position/2 swap/2 bs_start_match4/4 make_fun3/3 init_yregs/1 recv_marker_bind/2 recv_marker_clear/1
  recv_marker_reserve/1 recv_marker_use/1 bs_create_bin/6 call_fun2/3 nif_start/0 badrecord/1
  update_record/5 bs_match/3 executable_line/2 debug_line/4 bif3/6 is_any_native_record/2 is_native_record/4
  get_record_elements/3 put_record/6 is_record_accessible/3 get_record_field/5
`
  .trim()
  .split(/\s+/);

// Opcodes at which a release began to emit something new: release, first opcode.
const RELEASES: readonly (readonly [number, number])[] = [
  [29, 185],
  [28, 184],
  [27, 183],
  [26, 181],
  [25, 177],
  [24, 171],
];

// Found by decoding what the compilers of OTP 24 (bs_* construction) to 29 make of their own libraries.
const OBSOLETE: ReadonlySet<number> = new Set([
  14, 15, 17, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 54, 68, 70, 71, 76, 79, 80, 81, 82, 83, 84, 85,
  86, 87, 88, 93, 103, 110, 116, 122, 123, 126, 127, 128, 130, 150, 151,
]);

function info(number: number, nameAndArity: string): OpcodeInfo {
  const slash = nameAndArity.lastIndexOf('/');
  return {
    number,
    name: nameAndArity.slice(0, slash),
    arity: Number(nameAndArity.slice(slash + 1)),
    since: RELEASES.find(([, first]) => number >= first)?.[0] ?? 0,
    obsolete: OBSOLETE.has(number),
  };
}

/** Instructions by opcode; there is no opcode 0, its entry is a placeholder with arity 0. */
export const OPCODES: readonly OpcodeInfo[] = [
  { number: 0, name: 'illegal', arity: 0, since: 0, obsolete: true },
  ...TABLE.map((entry, i) => info(i + 1, entry)),
];

/** Instructions by their name in a listing, e.g. `get_tuple_element`. */
export const opcodeByName: Map<string, OpcodeInfo> = new Map(OPCODES.slice(1).map((o) => [o.name, o]));
