%% Binary functions for programs that run without OTP: what STDLIB's module binary documents, but for the functions that are
%% built in.
-module(binary).

-export([bin_to_list/1, bin_to_list/2, bin_to_list/3, decode_hex/1, encode_hex/1, encode_hex/2, join/2, replace/3,
         replace/4]).
-export([at/2, compile_pattern/1, copy/1, copy/2, decode_unsigned/1, decode_unsigned/2, encode_unsigned/1,
         encode_unsigned/2, first/1, last/1, list_to_bin/1, longest_common_prefix/1, longest_common_suffix/1, match/2,
         match/3, matches/2, matches/3, part/2, part/3, referenced_byte_size/1, split/2, split/3]).

%% Built in; the virtual machine never calls these.
at(_, _) -> erlang:nif_error(undef).
compile_pattern(_) -> erlang:nif_error(undef).
copy(_) -> erlang:nif_error(undef).
copy(_, _) -> erlang:nif_error(undef).
decode_unsigned(_) -> erlang:nif_error(undef).
decode_unsigned(_, _) -> erlang:nif_error(undef).
encode_unsigned(_) -> erlang:nif_error(undef).
encode_unsigned(_, _) -> erlang:nif_error(undef).
first(_) -> erlang:nif_error(undef).
last(_) -> erlang:nif_error(undef).
list_to_bin(_) -> erlang:nif_error(undef).
longest_common_prefix(_) -> erlang:nif_error(undef).
longest_common_suffix(_) -> erlang:nif_error(undef).
match(_, _) -> erlang:nif_error(undef).
match(_, _, _) -> erlang:nif_error(undef).
matches(_, _) -> erlang:nif_error(undef).
matches(_, _, _) -> erlang:nif_error(undef).
part(_, _) -> erlang:nif_error(undef).
part(_, _, _) -> erlang:nif_error(undef).
referenced_byte_size(_) -> erlang:nif_error(undef).
split(_, _) -> erlang:nif_error(undef).
split(_, _, _) -> erlang:nif_error(undef).

%%% To lists

bin_to_list(Subject) when is_binary(Subject) -> binary_to_list(Subject);
bin_to_list(Subject) -> erlang:error(badarg, [Subject], info()).

bin_to_list(Subject, {Start, Length} = Part) ->
    case list_of(Subject, Start, Length) of
        badarg -> erlang:error(badarg, [Subject, Part], info());
        List -> List
    end;
bin_to_list(Subject, Part) -> erlang:error(badarg, [Subject, Part], info()).

bin_to_list(Subject, Start, Length) ->
    case list_of(Subject, Start, Length) of
        badarg -> erlang:error(badarg, [Subject, Start, Length], info());
        List -> List
    end.

list_of(Subject, Start, Length) when is_binary(Subject), is_integer(Start), is_integer(Length) ->
    try binary_to_list(binary:part(Subject, Start, Length))
    catch error:badarg -> badarg
    end;
list_of(_, _, _) -> badarg.

%%% Hexadecimal digits

encode_hex(Bin) when is_binary(Bin) -> hex(Bin, $A);
encode_hex(Bin) -> erlang:error(badarg, [Bin], info()).

encode_hex(Bin, uppercase) when is_binary(Bin) -> hex(Bin, $A);
encode_hex(Bin, lowercase) when is_binary(Bin) -> hex(Bin, $a);
encode_hex(Bin, Case) -> erlang:error(badarg, [Bin, Case], info()).

hex(Bin, Ten) -> << <<(digit(N, Ten))>> || <<N:4>> <= Bin>>.

digit(N, _) when N < 10 -> $0 + N;
digit(N, Ten) -> Ten + N - 10.

decode_hex(Bin) when is_binary(Bin), byte_size(Bin) rem 2 =:= 0 ->
    try << <<(value(C)):4>> || <<C>> <= Bin>>
    catch error:function_clause -> erlang:error(badarg, [Bin], info())
    end;
decode_hex(Bin) -> erlang:error(badarg, [Bin], info()).

value(C) when C >= $0, C =< $9 -> C - $0;
value(C) when C >= $A, C =< $F -> C - $A + 10;
value(C) when C >= $a, C =< $f -> C - $a + 10.

%%% Putting together

join(Binaries, Separator) when is_list(Binaries), is_binary(Separator) ->
    case is_list_of_binaries(Binaries) of
        true -> joined(Binaries, Separator);
        false -> erlang:error(badarg, [Binaries, Separator], info())
    end;
join(Binaries, Separator) -> erlang:error(badarg, [Binaries, Separator], info()).

is_list_of_binaries([B | T]) when is_binary(B) -> is_list_of_binaries(T);
is_list_of_binaries(T) -> T =:= [].

joined([], _) -> <<>>;
joined([First | Rest], Separator) -> joined(Rest, Separator, <<First/binary>>).

joined([], _, Acc) -> Acc;
joined([B | T], Separator, Acc) -> joined(T, Separator, <<Acc/binary, Separator/binary, B/binary>>).

%%% Replacing

replace(Subject, Pattern, Replacement) ->
    case replaced(Subject, Pattern, Replacement, []) of
        badarg -> erlang:error(badarg, [Subject, Pattern, Replacement], info());
        Result -> Result
    end.

replace(Subject, Pattern, Replacement, Options) ->
    case replaced(Subject, Pattern, Replacement, Options) of
        badarg -> erlang:error(badarg, [Subject, Pattern, Replacement, Options], info());
        Result -> Result
    end.

replaced(Subject, Pattern, Replacement, Options) when is_binary(Subject), is_binary(Replacement) ->
    try
        {Global, Positions, Scope} = options(Options, false, [], []),
        Parts = cut(Replacement, lists:sort(Positions), 0),
        case places(Global, Subject, Pattern, Scope) of
            [] -> Subject;
            Places -> iolist_to_binary(pieces(Places, Subject, Parts, 0))
        end
    catch
        error:_ -> badarg
    end;
replaced(_, _, _, _) -> badarg.

options([global | T], _, Positions, Scope) -> options(T, true, Positions, Scope);
options([{insert_replaced, N} | T], Global, _, Scope) when is_integer(N) -> options(T, Global, [N], Scope);
options([{insert_replaced, L} | T], Global, _, Scope) when is_list(L) -> options(T, Global, L, Scope);
options([{scope, _} = S | T], Global, Positions, _) -> options(T, Global, Positions, [S]);
options([], Global, Positions, Scope) -> {Global, Positions, Scope}.

%% The replacement, cut where what it replaces is to be inserted.
cut(Replacement, [N | Positions], From) ->
    [binary:part(Replacement, From, N - From) | cut(Replacement, Positions, N)];
cut(Replacement, [], From) ->
    [binary:part(Replacement, From, byte_size(Replacement) - From)].

places(true, Subject, Pattern, Scope) -> binary:matches(Subject, Pattern, Scope);
places(false, Subject, Pattern, Scope) ->
    case binary:match(Subject, Pattern, Scope) of
        nomatch -> [];
        Place -> [Place]
    end.

pieces([{At, N} | Places], Subject, Parts, From) ->
    [binary:part(Subject, From, At - From), lists:join(binary:part(Subject, At, N), Parts)
     | pieces(Places, Subject, Parts, At + N)];
pieces([], Subject, _, From) ->
    [binary:part(Subject, From, byte_size(Subject) - From)].

%% What OTP's module says of a wrong argument.
info() -> [{error_info, #{module => erl_stdlib_errors}}].
