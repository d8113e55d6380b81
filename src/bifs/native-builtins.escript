#!/usr/bin/env escript
%% Writes which functions are built in with the Erlang/OTP at hand: native-builtins.ts with OTP 25; with a newer one
%% newer-builtins.ts, where those are that OTP 25 does not have.
main([]) ->
    Preloaded = [erlang, erts_internal, atomics, counters, persistent_term, erts_code_purger],
    Modules = lists:usort(Preloaded ++ [list_to_atom(filename:basename(F, ".beam")) ||
                                           App <- [kernel, stdlib],
                                           F <- filelib:wildcard(filename:join([code:lib_dir(App), "ebin", "*.beam"]))]
                          ++ erlang:pre_loaded()),
    BuiltIn = [{M, names(M, fun(F, A) -> erlang:is_builtin(M, F, A) end)} || M <- Modules],
    Code = [{M, names(M, fun(F, A) -> F =/= module_info andalso not erlang:is_builtin(M, F, A) end)} || M <- Preloaded],
    case erlang:system_info(otp_release) of
        "25" ->
            write("native-builtins.ts",
                  ["// Facts about OTP 25, written by native-builtins.escript.\n\n",
                   "/** Functions of which erlang:is_builtin/3 is true there, by module. */\n",
                   "export const NATIVE_BUILTINS: Record<string, string> = {\n", rows(BuiltIn), "};\n\n",
                   "/** The other functions of modules that are in the emulator from the start: they are written in Erlang there. */\n",
                   "export const PRELOADED_CODE: Record<string, string> = {\n", rows(Code), "};\n"]);
        Release ->
            {ok, Old} = file:read_file(path("native-builtins.ts")),
            Known = known(Old),
            New = fun(Rows) -> [{M, [N || N <- Names, not is_map_key({M, N}, Known)]} || {M, Names} <- Rows] end,
            write("newer-builtins.ts",
                  ["// Facts about OTP ", Release, ", written by native-builtins.escript.\n\n",
                   "/** Functions of which erlang:is_builtin/3 is true there and that OTP 25 does not have, by module. */\n",
                   "export const NEWER_BUILTINS: Record<string, string> = {\n", rows(New(BuiltIn)), "};\n\n",
                   "/** The other such functions of modules that are in the emulator from the start. */\n",
                   "export const NEWER_PRELOADED_CODE: Record<string, string> = {\n", rows(New(Code)), "};\n"])
    end.

path(Name) -> filename:join(filename:dirname(escript:script_name()), Name).

write(Name, Text) -> ok = file:write_file(path(Name), Text).

%% {Module, Name} of what the file has.
known(Text) ->
    maps:from_list([{{list_to_atom(M), N}, true} ||
                       [M, Names] <- matches(Text, "(?s)^  (\\w+):\\n    (.*?),\\n(?=  \\w|\\})"),
                       N <- string:lexemes(re:replace(Names, "'( \\+\\n +')?", "", [global, {return, list}]), " ")]).

matches(Text, Pattern) ->
    case re:run(Text, Pattern, [global, multiline, {capture, all_but_first, list}]) of
        {match, Found} -> Found;
        nomatch -> []
    end.

names(M, Which) ->
    [lists:flatten(io_lib:format("~ts/~w", [F, A])) || {F, A} <- lists:sort(M:module_info(exports)), Which(F, A)].

rows(Rows) -> [["  ", atom_to_list(M), ":\n    '", wrap(Names), "',\n"] || {M, Names} <- Rows, Names =/= []].

%% Lines of at most 100 characters.
wrap([First | Names]) ->
    {Lines, Last} = lists:foldl(fun(Name, {Done, Line}) when length(Line) + length(Name) > 95 -> {[Line | Done], Name};
                                   (Name, {Done, Line}) -> {Done, Line ++ " " ++ Name}
                                end, {[], First}, Names),
    lists:join(" ' +\n    '", lists:reverse([Last | Lines])).
