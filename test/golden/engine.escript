#!/usr/bin/env escript
-mode(compile).
%% What native Erlang gives for the functions without arguments of a program in test/fixtures/engine or test/fixtures/library:
%%   escript engine.escript MODULE > engine/MODULE.jsonl       or, for all programs, each to its file:  escript engine.escript
%% Releases other than OTP 25 give the lines in which they differ, to library/MODULE.otpNN.jsonl. Where there is no `escript` beside an
%% `erl`:  erl -noshell -run escript start -extra engine.escript
main([]) ->
    [write(Folder, filename:basename(F, ".beam"))
     || Folder <- folders(),
        F <- lists:sort(filelib:wildcard(filename:join(fixtures(Folder), Folder ++ "_*.beam")))];
main([M]) ->
    io:put_chars(own_lines(M)).

%% What programs without libraries give does not depend on the release.
folders() ->
    case release() of
        "25" -> ["engine", "library"];
        _ -> ["library"]
    end.

write(Folder, M) ->
    Name = filename:join([here(), Folder, M ++ extension()]),
    case own_lines(M) of
        [] -> file:delete(Name);
        Lines -> ok = file:write_file(Name, Lines)
    end.

release() -> erlang:system_info(otp_release).

extension() ->
    case release() of
        "25" -> ".jsonl";
        Release -> ".otp" ++ Release ++ ".jsonl"
    end.

own_lines(M) ->
    Lines = [iolist_to_binary(L) || L <- lines(list_to_atom(M))],
    case release() of
        "25" -> Lines;
        _ -> Lines -- known(filename:join([here(), "library", M ++ ".jsonl"]))
    end.

known(File) ->
    case file:read_file(File) of
        {ok, Golden} -> [<<L/binary, $\n>> || L <- string:split(Golden, "\n", all)];
        {error, enoent} -> []
    end.

lines(M) ->
    logger:set_primary_config(level, none),
    true = code:add_patha(fixtures("engine")),
    true = code:add_patha(fixtures("library")),
    load(M),
    [["[\"", atom_to_list(F), "\",", text(M, engine:run(M, F)), "]\n"]
     || since(M) =< list_to_integer(release()), {F, 0} <- lists:sort(M:module_info(exports)), F =/= module_info, not lists:member(F, helpers(M))].

%% Releases from OTP 28 on do not load all that OTP 25 compiled; then they compile it themselves.
load(M) ->
    case code:ensure_loaded(M) of
        {module, M} ->
            ok;
        {error, badfile} ->
            Source = filename:join(fixtures("library"), M),
            {ok, M, Code} = compile:file(Source, [binary, deterministic]),
            {module, M} = code:load_binary(M, atom_to_list(M), Code)
    end.

%% Functions without arguments that are no tests.
helpers(M) -> attribute(helpers, M, []).

%% The release that a program is for, and all that follow.
since(M) -> hd(attribute(since, M, [25])).

attribute(Name, M, Default) -> proplists:get_value(Name, M:module_info(attributes), Default).

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
