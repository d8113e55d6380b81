// Facts about OTP 29, written by native-builtins.escript.

/** Functions of which erlang:is_builtin/3 is true there and that OTP 25 does not have, by module. */
export const NEWER_BUILTINS: Record<string, string> = {
  code:
    'coverage_support/0 get_coverage/2 get_coverage_mode/0 get_coverage_mode/1 get_debug_info/1 ' +
    'reset_coverage/1 set_coverage_mode/1',
  erl_debugger:
    'breakpoint/3 breakpoints/1 breakpoints/3 instrumentations/0 peek_stack_frame_slot/4 peek_xreg/3 ' +
    'register/1 stack_frames/2 supported/0 toggle_instrumentations/1 unregister/2 whereis/0 ' +
    'xregs_count/1',
  erlang: 'display_string/2 exit/3 exit_signal/3 is_integer/3 is_record/1 link/2',
  erts_debug: 'unaligned_bitstring/2',
  erts_internal:
    'binary_to_integer/2 list_to_integer/2 notify_breakpoint_hit/3 processes_next/1 system_monitor/1 ' +
    'system_monitor/3 term_to_string/2 trace/4 trace_info/3 trace_pattern/4 trace_session_create/3 ' +
    'trace_session_destroy/1',
  erts_trace_cleaner: 'check/0 send_trace_clean_signal/1',
  ets: 'first_lookup/1 last_lookup/1 lookup_element/4 next_lookup/2 prev_lookup/2 update_element/4',
  persistent_term: 'put_new/2',
  re: 'import/1',
  records: 'create/4 get/2 get_definition/2 get_field_names/1 get_module/1 get_name/1 is_exported/1 update/4',
};

/** The other such functions of modules that are in the emulator from the start. */
export const NEWER_PRELOADED_CODE: Record<string, string> = {
  erlang: 'hibernate/0 processes_iterator/0 processes_next/1',
  erts_internal: 'breakpoint/4 mc_iterator/1 mc_refill/1 term_to_string/1',
};
