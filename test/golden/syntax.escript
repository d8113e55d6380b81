#!/usr/bin/env escript
%% What the functions of ../fixtures/bit_syntax.erl and map_syntax.erl give on native OTP: one line for each, a JSON
%% array of name and value as ~w prints it. Made with OTP 25:
%%   escript syntax.escript bit_syntax_25 > bit-syntax.jsonl; the same for bit_runs_25 and bit-runs.jsonl;
%%   escript syntax.escript map_syntax_25 > map-syntax.jsonl
%% bit-syntax-r24.jsonl has the lines that bit_syntax_r24 gives otherwise than bit_syntax_25. record-syntax.jsonl is the same for
%% record_syntax:go() on OTP 29, with record_owner loaded; record-functions.jsonl that of record_functions, on OTP 29 with record_owner
%% on the path (erl -pa). newer.jsonl is the same for newer.erl, on any OTP: NAME newer_27, newer_29,
%% newer_debug_29.
main([Name]) ->
    Release = erlang:system_info(otp_release),
    {ok, Beam} = file:read_file(filename:join([filename:dirname(escript:script_name()), "..", "fixtures", "otp" ++ Release, Name ++ ".beam"])),
    Module = list_to_atom(Name),
    {module, Module} = code:load_binary(Module, Name, Beam),
    Functions = [F || {F, 0} <- Module:module_info(exports), F =/= module_info],
    [io:format("[\"~w\", \"~ts\"]~n", [F, escape(io_lib:format("~w", [Module:F()]))]) || F <- lists:sort(Functions)].

escape(Text) -> [escape_one(C) || C <- lists:flatten(Text)].
escape_one($") -> "\\\"";
escape_one($\\) -> "\\\\";
escape_one(C) when C >= 32, C < 127 -> C.
