#!/usr/bin/env escript
-mode(compile).
%% Exit reasons, as ~p prints them, of processes that fail in fixtures/cli/crash:  escript crash.escript > crash.jsonl
main(_) ->
    Here = filename:dirname(escript:script_name()),
    true = code:add_path(filename:join(Here, "../fixtures/cli")),
    logger:set_primary_config(level, none),
    [io:format("{\"function\":\"~s\",\"reason\":\"~s\"}~n", [F, escape(lists:flatten(io_lib:format("~p", [reason(F)])))])
     || {F, 0} <- crash:module_info(exports), F =/= module_info].

reason(F) ->
    {Pid, Ref} = spawn_monitor(crash, F, []),
    receive {'DOWN', Ref, process, Pid, Reason} -> Reason end.

escape(Text) -> [escape_char(C) || C <- Text].

escape_char($") -> "\\\"";
escape_char($\\) -> "\\\\";
escape_char($\n) -> "\\n";
escape_char(C) when C > 126 -> io_lib:format("\\u~4.16.0b", [C]);
escape_char(C) -> C.
