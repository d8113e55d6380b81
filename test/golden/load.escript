#!/usr/bin/env escript
-mode(compile).
%% What native OTP says about the compiled fixtures: escript load.escript > load.jsonl
%% An OTP can read older files only, so otp29 needs OTP 29.
main(_) ->
    Here = filename:dirname(escript:script_name()),
    Files = lists:sort(filelib:wildcard(filename:join(Here, "../fixtures/otp*/*.beam"))),
    lists:foreach(fun file/1, Files).

file(File) ->
    {ok, Bytes} = file:read_file(File),
    {ok, {Module, [{exports, Exports}, {imports, Imports}, {labeled_exports, Labels}]}} =
        beam_lib:chunks(Bytes, [exports, imports, labeled_exports]),
    Parts = lists:nthtail(length(filename:split(File)) - 2, filename:split(File)),
    io:format("{\"file\":\"~ts\",\"module\":\"~ts\",\"md5\":\"~ts\",\"exports\":~ts,\"imports\":~ts,\"labels\":~w}~n",
              [filename:join(Parts), Module, hex(code:module_md5(Bytes)),
               strings([io_lib:format("~ts/~w", [F, A]) || {F, A} <- Exports]),
               strings([io_lib:format("~ts:~ts/~w", [M, F, A]) || {M, F, A} <- Imports]),
               [L || {_, _, L} <- lists:sort(Labels)]]).

hex(Bytes) -> [io_lib:format("~2.16.0b", [B]) || <<B>> <= Bytes].

strings(Strings) -> ["[", lists:join(",", [["\"", S, "\""] || S <- lists:sort([lists:flatten(S) || S <- Strings])]), "]"].
