%% Compiles Erlang sources with the OTP compiler of the system that runs it, as native Erlang and Turbeam do for
%% bench/compiler.mjs: main([Directory | Files]) puts the .beam files of the Files into the Directory, and prints for each
%% the module, the milliseconds, and the size of the .beam file in bytes or `failed`.
-module(compile_all).
-export([main/1]).

main([Directory | Files]) ->
    lists:foreach(fun(File) -> compile(Directory, File) end, Files).

compile(Directory, File) ->
    Source = filename:rootname(File, ".erl"),
    Begin = erlang:monotonic_time(microsecond),
    Result = compile:file(Source, [deterministic, binary, return_errors | includes(File)]),
    Time = (erlang:monotonic_time(microsecond) - Begin) / 1000,
    Name = filename:basename(Source),
    case Result of
        {ok, _, Beam} ->
            ok = file:write_file(filename:join(Directory, Name ++ ".beam"), Beam),
            io:format("~ts ~.1f ~w~n", [Name, Time, byte_size(Beam)]);
        _ ->
            io:format("~ts ~.1f failed~n", [Name, Time])
    end.

%% The directories of include files that OTP's own build gives its applications.
includes(File) ->
    Source = filename:dirname(File),
    Libraries = filename:dirname(filename:dirname(Source)),
    [{i, Directory} ||
        Application <- ["stdlib", "kernel"],
        Directory <- filelib:wildcard(filename:join([Libraries, Application ++ "-*", "include"]))].
