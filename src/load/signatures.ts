// What operands each instruction takes, and what it does with them: the loader checks operand kinds against this table,
// the verifier follows registers with it.
import { OPCODES } from './opcodes.js';

/**
 * One letter per operand.
 *
 *   l label that is defined here     f label to go to, or 0          j label to go to
 *   c function entry                 b label, 0 or atom              u count or index
 *   i import                         m lambda                        o location in the line table
 *   a atom                           L number of live X registers    h heap words, count or allocation list
 *   s source: register, atom, integer, nil or literal                z source or count
 *   r register that is read          d register that is written      w register that is read and written
 *   y Y register that is written     q Y register that is read
 *   F float register that is read    G float register that is written
 *   S source or float register       D destination or float register t tag of call_fun2: atom or lambda
 *   * anything
 * and lists:
 *   V sources                        P value and label               T tuple size and label
 *   K keys (sources)                 M key and value (sources)       E key and destination
 *   Y Y registers that are written   U tuple position and source     C commands of bs_match
 *   B segments of bs_create_bin      R field name and destination
 */
const TABLE: Record<string, string> = {
  label: 'l',
  func_info: 'aau',
  // Calls.
  call: 'uc',
  call_last: 'ucu',
  call_only: 'uc',
  call_ext: 'ui',
  call_ext_last: 'uiu',
  call_ext_only: 'ui',
  call_fun: 'u',
  call_fun2: 'tus',
  apply: 'u',
  apply_last: 'uu',
  bif0: 'id',
  bif1: 'fisd',
  bif2: 'fissd',
  bif3: 'fisssd',
  gc_bif1: 'fLisd',
  gc_bif2: 'fLissd',
  gc_bif3: 'fLisssd',
  // Frames.
  allocate: 'uL',
  allocate_heap: 'uhL',
  allocate_zero: 'uL',
  allocate_heap_zero: 'uhL',
  test_heap: 'hL',
  init: 'y',
  init_yregs: 'Y',
  deallocate: 'u',
  trim: 'uu',
  return: '',
  // Messages.
  send: '',
  remove_message: '',
  timeout: '',
  loop_rec: 'jd',
  loop_rec_end: 'j',
  wait: 'j',
  wait_timeout: 'js',
  recv_mark: 'j',
  recv_set: 'j',
  recv_marker_bind: 'rr',
  recv_marker_clear: 'r',
  recv_marker_reserve: 'd',
  recv_marker_use: 'r',
  // Tests.
  is_lt: 'jss',
  is_ge: 'jss',
  is_eq: 'jss',
  is_ne: 'jss',
  is_eq_exact: 'jss',
  is_ne_exact: 'jss',
  is_integer: 'js',
  is_float: 'js',
  is_number: 'js',
  is_atom: 'js',
  is_pid: 'js',
  is_reference: 'js',
  is_port: 'js',
  is_nil: 'js',
  is_binary: 'js',
  is_bitstr: 'js',
  is_list: 'js',
  is_nonempty_list: 'js',
  is_tuple: 'js',
  is_boolean: 'js',
  is_map: 'js',
  is_function: 'js',
  is_function2: 'jss',
  test_arity: 'jsu',
  is_tagged_tuple: 'jsua',
  has_map_fields: 'jsK',
  get_map_elements: 'jsE',
  select_val: 'sjP',
  select_tuple_arity: 'sjT',
  jump: 'j',
  // Moving and building.
  move: 'sd',
  swap: 'ww',
  get_list: 'sdd',
  get_hd: 'sd',
  get_tl: 'sd',
  get_tuple_element: 'sud',
  set_tuple_element: 'ssu',
  put_list: 'ssd',
  put_tuple2: 'dV',
  put_map_assoc: 'fsdLM',
  put_map_exact: 'fsdLM',
  update_record: 'ausdU',
  make_fun2: 'm',
  make_fun3: 'mdV',
  // Errors.
  badmatch: 's',
  badrecord: 's',
  if_end: '',
  case_end: 's',
  try_case_end: 's',
  raise: 'ss',
  raw_raise: '',
  build_stacktrace: '',
  catch: 'yj',
  catch_end: 'q',
  try: 'yj',
  try_end: 'q',
  try_case: 'q',
  // Floats.
  fclearerror: '',
  fcheckerror: 'f',
  fmove: 'SD',
  fconv: 'sG',
  fadd: 'fFFG',
  fsub: 'fFFG',
  fmul: 'fFFG',
  fdiv: 'fFFG',
  fnegate: 'fFG',
  // Matching binaries.
  bs_start_match3: 'jsLd',
  bs_start_match4: 'bLsd',
  bs_get_position: 'rdL',
  bs_set_position: 'rr',
  bs_get_tail: 'rdL',
  bs_get_integer2: 'jrLsuud',
  bs_get_float2: 'jrLsuud',
  bs_get_binary2: 'jrLsuud',
  bs_skip_bits2: 'jrsuu',
  bs_test_tail2: 'jru',
  bs_test_unit: 'jru',
  bs_match_string: 'jruu',
  bs_get_utf8: 'jrLud',
  bs_get_utf16: 'jrLud',
  bs_get_utf32: 'jrLud',
  bs_skip_utf8: 'jrLu',
  bs_skip_utf16: 'jrLu',
  bs_skip_utf32: 'jrLu',
  bs_match: 'jrC',
  // Building binaries.
  bs_create_bin: 'fhLudB',
  bs_init2: 'fzhLud',
  bs_init_bits: 'fzhLud',
  bs_init_writable: '',
  bs_add: 'fssud',
  bs_append: 'fshLusud',
  bs_private_append: 'fsusud',
  bs_put_integer: 'fsuus',
  bs_put_binary: 'fsuus',
  bs_put_float: 'fsuus',
  bs_put_string: 'uu',
  bs_utf8_size: 'fsd',
  bs_utf16_size: 'fsd',
  bs_put_utf8: 'fus',
  bs_put_utf16: 'fus',
  bs_put_utf32: 'fus',
  // Native records.
  is_any_native_record: 'js',
  is_native_record: 'jsss',
  get_record_elements: 'fsR',
  put_record: 'fssdLM',
  is_record_accessible: 'jss',
  get_record_field: 'fsssd',
  // Annotations.
  line: 'o',
  executable_line: 'ou',
  debug_line: 'aouu',
  on_load: '',
  nif_start: '',
};

/** Letters of the operands by opcode; undefined: the instruction is history and not supported. */
export const SIGNATURES: readonly (string | undefined)[] = OPCODES.map((info) => TABLE[info.name]);
