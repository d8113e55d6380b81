%% What of module re is not built in: replace and split. Used where no OTP is on the path.
-module(re).
-export([replace/3, replace/4, split/2, split/3]).

replace(Subject, Pattern, Replacement) -> replace(Subject, Pattern, Replacement, []).

replace(Subject, Pattern, Replacement, Options) ->
    try
        {Return, Global, Others} = replace_options(Options, iodata, false, []),
        Compiled = compiled(Pattern, Others),
        Flat = flat(Subject, Compiled),
        Pieces = replacement(flat(Replacement, Compiled)),
        case matches(Flat, Compiled, Global, Others) of
            [] -> returned(Subject, Return, Compiled);
            Matches -> returned(replaced(Flat, 0, Matches, Pieces), Return, Compiled)
        end
    catch
        throw:badopt -> badopt([Subject, Pattern, Replacement, Options]);
        throw:badarg -> badarg([Subject, Pattern, Replacement, Options])
    end.

split(Subject, Pattern) -> split(Subject, Pattern, []).

split(Subject, Pattern, Options) ->
    try
        {{Return, Wanted, Group}, Others} = split_options(Options, {binary, 0, false}, []),
        {Parts, Trim} = case Wanted of trim -> {0, true}; _ -> {Wanted, false} end,
        Compiled = compiled(Pattern, Others),
        Flat = flat(Subject, Compiled),
        Matches = case Parts of
                      1 -> [];
                      _ -> matches(Flat, Compiled, true, Others)
                  end,
        Found = parts(Flat, 0, Matches, Parts, element(2, Compiled)),
        Kept = if
                   Trim -> lists:reverse(trimmed(lists:reverse(shaped(Found, Group))));
                   true -> shaped(Found, Group)
               end,
        [part_returned(Part, Return, Compiled) || Part <- Kept]
    catch
        throw:badopt -> badopt([Subject, Pattern, Options]);
        throw:badarg -> badarg([Subject, Pattern, Options])
    end.

badarg(Args) -> erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors}}]).
badopt(Args) -> erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors, cause => badopt}}]).

%% Options

replace_options([global | Rest], Return, _, Others) -> replace_options(Rest, Return, true, Others);
replace_options([{return, How} | Rest], _, Global, Others) -> replace_options(Rest, return_option(How), Global, Others);
replace_options([Option | Rest], Return, Global, Others) -> replace_options(Rest, Return, Global, [run_option(Option) | Others]);
replace_options([], Return, Global, Others) -> {Return, Global, lists:reverse(Others)};
replace_options(_, _, _, _) -> throw(badopt).

%% trim is a number of parts too: the last one of them counts.
split_options([group | Rest], {R, P, _}, Others) -> split_options(Rest, {R, P, true}, Others);
split_options([trim | Rest], {R, _, G}, Others) -> split_options(Rest, {R, trim, G}, Others);
split_options([{return, How} | Rest], {_, P, G}, Others) ->
    Return = case return_option(How) of iodata -> binary; Other -> Other end,
    split_options(Rest, {Return, P, G}, Others);
split_options([{parts, infinity} | Rest], {R, _, G}, Others) -> split_options(Rest, {R, 0, G}, Others);
split_options([{parts, N} | Rest], {R, _, G}, Others) when is_integer(N), N >= 0 -> split_options(Rest, {R, N, G}, Others);
split_options([{parts, _} | _], _, _) -> throw(badopt);
split_options([global | _], _, _) -> throw(badopt);
split_options([Option | Rest], Chosen, Others) -> split_options(Rest, Chosen, [run_option(Option) | Others]);
split_options([], Chosen, Others) -> {Chosen, lists:reverse(Others)};
split_options(_, _, _) -> throw(badopt).

return_option(How) when How =:= iodata; How =:= list; How =:= binary -> How;
return_option(_) -> throw(badopt).

%% What is captured is not for the caller to say.
run_option({capture, _}) -> throw(badopt);
run_option({capture, _, _}) -> throw(badopt);
run_option(report_errors) -> throw(badopt);
run_option(Option) -> Option.

compiled({re_pattern, _, _, _, _} = Pattern, _) -> Pattern;
compiled(Pattern, Options) ->
    try re:compile(Pattern, [O || O <- Options, is_compile_option(O)]) of
        {ok, Compiled} -> Compiled;
        {error, _} -> throw(badarg)
    catch
        error:badarg -> throw(badarg)
    end.

is_compile_option({newline, _}) -> true;
is_compile_option(Option) -> lists:member(Option, both()) orelse lists:member(Option, only_compile()).

both() -> [anchored, bsr_anycrlf, bsr_unicode].

only_compile() ->
    [unicode, caseless, dollar_endonly, dotall, extended, firstline, multiline, no_auto_capture, dupnames, ungreedy, no_start_optimize, ucp, never_utf].

flat(Data, {re_pattern, _, Unicode, _, _}) ->
    try
        if
            is_binary(Data) -> Data;
            Unicode =:= 1 -> true = is_binary(Flat = unicode:characters_to_binary(Data)), Flat;
            true -> iolist_to_binary(Data)
        end
    catch
        error:_ -> throw(badarg)
    end.

%% The matches, each a list of {Start, Length}.
matches(Flat, Compiled, Global, Options) ->
    Run = [O || O <- Options, not lists:member(O, only_compile())],
    try re:run(Flat, Compiled, [global || Global] ++ Run) of
        nomatch -> [];
        {match, Matches} when Global -> Matches;
        {match, Match} -> [Match]
    catch
        error:badarg -> throw(badarg)
    end.

%% Replacing

%% The text of a replacement: binaries, and numbers of groups.
replacement(Text) -> replacement(Text, <<>>).

replacement(<<"\\g{", Rest/binary>>, Text) ->
    case digits(Rest, none) of
        {N, <<"}", After/binary>>} when is_integer(N) -> with_text(Text, [N | replacement(After, <<>>)]);
        _ -> replacement(<<"g{", Rest/binary>>, Text)
    end;
replacement(<<"\\g", Rest/binary>>, Text) ->
    case digits(Rest, none) of
        {N, After} when is_integer(N) -> with_text(Text, [N | replacement(After, <<>>)]);
        _ -> replacement(Rest, <<Text/binary, "g">>)
    end;
replacement(<<"\\", D, _/binary>> = All, Text) when D >= $1, D =< $9 ->
    <<_, Rest/binary>> = All,
    {N, After} = digits(Rest, none),
    with_text(Text, [N | replacement(After, <<>>)]);
replacement(<<"\\", C, Rest/binary>>, Text) -> replacement(Rest, <<Text/binary, C>>);
replacement(<<"&", Rest/binary>>, Text) -> with_text(Text, [0 | replacement(Rest, <<>>)]);
replacement(<<C, Rest/binary>>, Text) -> replacement(Rest, <<Text/binary, C>>);
replacement(<<>>, Text) -> with_text(Text, []).

with_text(<<>>, Pieces) -> Pieces;
with_text(Text, Pieces) -> [Text | Pieces].

digits(<<D, Rest/binary>>, none) when D >= $0, D =< $9 -> digits(Rest, D - $0);
digits(<<D, Rest/binary>>, N) when D >= $0, D =< $9 -> digits(Rest, N * 10 + D - $0);
digits(Rest, N) -> {N, Rest}.

replaced(Flat, At, [[{Start, Length} | _] = Match | Rest], Pieces) ->
    Text = filled(Pieces, Match, Flat),
    After = replaced(Flat, Start + Length, Rest, Pieces),
    case binary:part(Flat, At, Start - At) of
        <<>> -> [Text | After];
        Before -> [Before, Text | After]
    end;
replaced(Flat, At, [], _) ->
    case Flat of
        <<_:At/binary>> -> [];
        <<_:At/binary, Rest/binary>> -> Rest
    end.

filled([Text], _, _) when is_binary(Text) -> Text;
filled(Pieces, Match, Flat) -> [if is_binary(P) -> P; true -> group(P, Match, Flat) end || P <- Pieces].

group(N, Match, Flat) when N < length(Match) -> captured(lists:nth(N + 1, Match), Flat);
group(_, _, _) -> <<>>.

captured({-1, _}, _) -> <<>>;
captured({Start, Length}, Flat) -> binary:part(Flat, Start, Length).

%% Splitting

%% [Part, Group...] for each part.
parts(Flat, At, _, 1, _) -> [[rest(Flat, At)]];
parts(Flat, At, [[{At, 0} | _] | Rest], Parts, Groups) -> parts(Flat, At, Rest, Parts, Groups);
parts(Flat, At, [[{Start, Length} | Captured] | Rest], Parts, Groups) ->
    Found = [captured(C, Flat) || C <- Captured],
    Missing = lists:duplicate(Groups - length(Found), <<>>),
    [[binary:part(Flat, At, Start - At) | Found ++ Missing] | parts(Flat, Start + Length, Rest, Parts - 1, Groups)];
parts(Flat, At, [], _, _) -> [[rest(Flat, At)]].

rest(Flat, At) -> binary:part(Flat, At, byte_size(Flat) - At).

shaped(Parts, true) -> Parts;
shaped(Parts, false) -> lists:append(Parts).

trimmed([<<>> | Rest]) -> trimmed(Rest);
trimmed([[<<>>] | Rest]) -> trimmed(Rest);
trimmed(Parts) -> Parts.

%% Results

returned(Data, iodata, _) -> Data;
returned(Data, binary, {re_pattern, _, Unicode, _, _}) ->
    if
        is_binary(Data) -> Data;
        Unicode =:= 1 -> unicode:characters_to_binary(Data);
        true -> iolist_to_binary(Data)
    end;
returned(Data, list, {re_pattern, _, 1, _, _}) -> unicode:characters_to_list(Data);
returned(Data, list, _) -> binary_to_list(iolist_to_binary(Data)).

part_returned(Parts, Return, Compiled) when is_list(Parts) -> [part_returned(Part, Return, Compiled) || Part <- Parts];
part_returned(Part, Return, Compiled) -> returned(Part, Return, Compiled).
