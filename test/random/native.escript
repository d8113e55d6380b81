#!/usr/bin/env escript
-mode(compile).
%% Compiles and runs random programs for main.ts: reads a line for each program, the module's name and its source in base64,
%% and answers with a line: the .beam file in base64 and the results of its tests as JSON strings, or an error.
%%   escript native.escript FOLDER_OF_RANDOM_RUN TESTS
main([Folder, Count]) ->
    logger:set_primary_config(level, none),
    true = code:add_patha(Folder),
    ok = io:setopts([{encoding, latin1}]),
    Tests = [list_to_atom("t" ++ integer_to_list(I)) || I <- lists:seq(0, list_to_integer(Count) - 1)],
    loop(Tests).

loop(Tests) ->
    case io:get_line("") of
        eof -> ok;
        Line ->
            [Name, Source] = string:lexemes(string:trim(Line), " "),
            io:put_chars([answer(list_to_atom(Name), base64:decode(Source), Tests), "\n"]),
            loop(Tests)
    end.

answer(M, Source, Tests) ->
    %% The file's name goes into the .beam file: it must not differ from run to run.
    Folder = filename:join(os:getenv("TMPDIR", "/tmp"), "random_" ++ os:getpid()),
    File = filename:join(Folder, lists:concat([M, ".erl"])),
    ok = filelib:ensure_dir(File),
    ok = file:write_file(File, Source),
    Compiled = try compile:file(File, [binary, deterministic, return_errors]) after file:del_dir_r(Folder) end,
    case Compiled of
        {ok, M, Beam} -> ["{\"beam\":\"", base64:encode(Beam), "\",\"results\":[", lists:join(",", results(M, Beam, Tests)), "]}"];
        {error, Errors, _} -> ["{\"error\":", text(Errors), "}"];
        Other -> ["{\"error\":", text(Other), "}"]
    end.

results(M, Beam, Tests) ->
    {module, M} = code:load_binary(M, "", Beam),
    Results = random_run:run(M, [T || T <- Tests, erlang:function_exported(M, T, 0)]),
    code:purge(M),
    code:delete(M),
    code:purge(M),
    [text(R) || R <- Results].

text(T) -> [$", [escape(C) || C <- lists:flatten(io_lib:format("~w", [T]))], $"].

escape(C) when C =:= $"; C =:= $\\ -> [$\\, C];
escape(C) when C < 32; C > 126 -> io_lib:format("\\u~4.16.0b", [C]);
escape(C) -> C.
