#!/usr/bin/env escript
-mode(compile).
%% What native Erlang gives for the functions without arguments of a program in test/fixtures/engine or test/fixtures/library:
%%   escript engine.escript MODULE > engine/MODULE.jsonl       or, for all programs, each to its file:  escript engine.escript
main([]) ->
    [begin
         ok = file:write_file(filename:join([here(), Folder, M ++ ".jsonl"]), lines(list_to_atom(M)))
     end || Folder <- ["engine", "library"],
            F <- lists:sort(filelib:wildcard(filename:join(fixtures(Folder), Folder ++ "_*.beam"))), M <- [filename:basename(F, ".beam")]];
main([M]) ->
    io:put_chars(lines(list_to_atom(M)));
%% What another release than the one that the golden file is of gives instead, where it does:
%%   escript engine.escript library_text library/library_text.jsonl > library/library_text.otp27.jsonl
main([M, File]) ->
    {ok, Golden} = file:read_file(File),
    Known = string:split(Golden, "\n", all),
    [io:put_chars(L) || L <- lines(list_to_atom(M)), not lists:member(string:trim(iolist_to_binary(L)), Known)].

lines(M) ->
    logger:set_primary_config(level, none),
    true = code:add_patha(fixtures("engine")),
    true = code:add_patha(fixtures("library")),
    {module, M} = code:ensure_loaded(M),
    [["[\"", atom_to_list(F), "\",", text(M, engine:run(M, F)), "]\n"]
     || {F, 0} <- lists:sort(M:module_info(exports)), F =/= module_info, not lists:member(F, helpers(M))].

%% Functions without arguments that are no tests.
helpers(M) -> proplists:get_value(helpers, M:module_info(attributes), []).

here() -> filename:dirname(escript:script_name()).
fixtures(Folder) -> filename:join([here(), "../fixtures", Folder]).

%% As a JSON string. File names in stack traces are made readable; pids and references differ from run to run.
text(M, T) ->
    Text = lists:foldl(fun(File, Acc) -> string:replace(Acc, io_lib:format("~w", [File]), [$", File, $"], all) end,
                       io_lib:format(plain(), [T]), [atom_to_list(M) ++ ".erl", "engine.erl"]),
    Pids = re:replace(Text, "<\\d+\\.\\d+\\.\\d+>", "<pid>", [global]),
    Refs = re:replace(Pids, "#Ref<[\\d.]+>", "#Ref", [global, {return, list}]),
    [$", [escape(C) || C <- Refs], $"].

%% Maps in the order of their keys.
plain() ->
    case list_to_integer(erlang:system_info(otp_release)) of
        Release when Release >= 26 -> "~kw";
        _ -> "~w"
    end.

escape(C) when C =:= $"; C =:= $\\ -> [$\\, C];
escape(C) when C < 32; C > 126 -> io_lib:format("\\u~4.16.0b", [C]);
escape(C) -> C.
