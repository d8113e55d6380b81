#!/usr/bin/env escript
-mode(compile).
%% Values of the example programs on native Erlang:  escript programs.escript > programs.jsonl
%% Each at its size small/0, or smaller where that takes too long when every allocation collects.
main(_) ->
    Here = filename:dirname(escript:script_name()),
    Examples = filename:join(Here, "../../examples"),
    true = code:add_path(Examples),
    [io:format("{\"program\":\"~s\",\"size\":~w,\"value\":\"~w\"}~n", [M, N, M:run(N)])
     || M <- bench_main:modules(), N <- [size(M, M:small())]].

size(sieve, _) -> 12000;
size(nrev, _) -> 12;
size(_, Small) -> Small.
