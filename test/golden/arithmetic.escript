#!/usr/bin/env escript
%% Records arithmetic of native Erlang:  escript -c arithmetic.escript > arithmetic.jsonl
%% A line is [Operator, Operand..., Result]. Integers are hexadecimal digits with an optional minus sign, floats
%% are "#" and the 16 hexadecimal digits of the double, a failure is the name of its reason. "order" gives <, = or >;
%% "same" gives true or false for =:=.
-mode(compile).

-define(BINARY, ['+', '-', '*', '/', 'div', 'rem', 'band', 'bor', 'bxor']).
-define(UNARY, ['-', 'bnot', abs, float, round, trunc, floor, ceil]).

main(_) ->
    Integers = integers(),
    Numbers = Integers ++ floats(),
    Count = length(Numbers),
    Indexed = lists:zip(lists:seq(0, Count - 1), Numbers),
    %% Every operator meets about every twentieth pair, each time other ones.
    [line(Op, [A, B], fun() -> erlang:Op(A, B) end)
     || {O, Op} <- lists:zip(lists:seq(0, length(?BINARY) - 1), ?BINARY),
        {I, A} <- Indexed, {J, B} <- Indexed, (I * 7 + J * 3 + O * 5 + I * J) rem 61 < 3],
    [line(Op, [A, B], fun() -> erlang:Op(A, B) end)
     || Op <- ?BINARY, A <- ends(), B <- ends()],
    [line(order, [A, B], fun() -> order(A, B) end) || {I, A} <- Indexed, {J, B} <- Indexed, (I * 5 + J * 3) rem 17 < 1],
    [line(order, [A, B], fun() -> order(A, B) end) || {X, Y} <- close(), {A, B} <- [{X, Y}, {Y, X}, {-X, -Y}, {-Y, -X}]],
    [line(same, [A, B], fun() -> A =:= B end) || A <- [0, 0.0, -0.0, 1 bsl 70, 1 bsl 70 + 1, 1.0, 1, 1.1805916207174113e21],
                                                B <- [0, 0.0, -0.0, 1 bsl 70, 1.0, 1]],
    [line(Op, [A], fun() -> erlang:Op(A) end) || Op <- ?UNARY, A <- Numbers],
    [line(Op, [A], fun() -> erlang:Op(A) end) || Op <- [round, trunc, floor, ceil], A <- fractions()],
    [line(float, [A], fun() -> float(A) end) || A <- ties()],
    [line(Op, [A, S], fun() -> erlang:Op(A, S) end)
     || Op <- ['bsl', 'bsr'], A <- Integers, S <- [-200, -65, -64, -32, -31, -1, 0, 1, 5, 31, 32, 33, 63, 64, 100],
        (abs(A) + S * 3) rem 5 < 2],
    [line(Op, [A, S], fun() -> erlang:Op(A, S) end)
     || Op <- ['bsl', 'bsr'], A <- [0, 1, -1, 5, 1 bsl 70, -(1 bsl 70)],
        S <- [1 bsl 70, -(1 bsl 70), 1.0] ++ if A =:= 0 -> [33554368]; true -> [] end],
    [line(Op, [A, S], fun() -> erlang:Op(A, S) end) || Op <- ['bsl', 'bsr'], A <- [1.0], S <- [1, 1.0, 1 bsl 70]].

line(Op, Args, F) ->
    Result = try F() of V -> text(V) catch error:Reason -> atom_to_list(Reason) end,
    io:format("[\"~s\"~s,\"~s\"]~n", [Op, [[",\"", text(A), "\""] || A <- Args], Result]).

text(V) when is_integer(V) -> integer_to_list(V, 16);
text(V) when is_float(V) -> <<B:64>> = <<V/float>>, [$# | string:right(integer_to_list(B, 16), 16, $0)];
text(V) -> atom_to_list(V).

order(A, B) when A < B -> '<';
order(A, B) when A > B -> '>';
order(A, B) when A == B -> '='.

%% The ends of what fits a word, in several ways to store integers.
integers() ->
    Powers = [[1 bsl N - 1, 1 bsl N, 1 bsl N + 1] || N <- [27, 29, 30, 31, 32, 53, 59, 60, 63, 64, 96, 128]],
    Positive = lists:append(Powers) ++
        [1, 2, 3, 7, 10, 255, 65535, 65536, 16777619, 16#9E3779B9, 16#DEADBEEF, 16#9E3779B97F4A7C15, 16#FFFFFFFF00000000,
         16#FFFFFFFF00000001, 16#100000000FFFFFFFF, 16#123456789ABCDEF0123456789ABCDEF, 1 bsl 500 - 1 bsl 200,
         (1 bsl 1023) + 12345, 3 bsl 1030],
    [0] ++ Positive ++ [-P || P <- Positive].

floats() ->
    Positive = [0.5, 1.0, 1.5, 2.5, 0.1, 3.14159, 1073741823.0, 1073741824.0, 4294967296.0, 4503599627370495.5,
                9007199254740991.0, 9007199254740992.0, 9223372036854775808.0, 18446744073709551616.0, 1.0e22, 1.0e100,
                1.7976931348623157e308, 5.0e-324],
    [0.0, -0.0] ++ Positive ++ [-P || P <- Positive].

ends() ->
    Positive = [1, (1 bsl 30) - 1, 1 bsl 30, 1 bsl 31, (1 bsl 32) - 1, 1 bsl 32, (1 bsl 64) - 1, 1 bsl 64, 1.5],
    [0] ++ Positive ++ [-P || P <- Positive].

fractions() ->
    Positive = [0.49999999999999994, 0.5, 0.9999999999999999, 1.4999999999999998, 1.5, 2.5, 1073741823.5, 4294967295.5,
                4503599627370496.5, 4503599627370497.5, 1.0e-300],
    Positive ++ [-P || P <- Positive].

%% Integers halfway between two doubles, and near that.
ties() ->
    [S * (((T bsl 1) bor 1) bsl N + D)
     || T <- [1 bsl 52, (1 bsl 53) - 1, 16#15555555555555], N <- [0, 3, 10, 11, 12, 40, 73, 74, 75, 76, 138, 139, 970 - 54],
        D <- [-1, 0, 1], S <- [1, -1]]
    ++ [(1 bsl 1024) - (1 bsl 970), (1 bsl 1024) - (1 bsl 970) - 1, 1 bsl 1024].

%% Integers and floats that are close to each other.
close() ->
    [{I + D, F} || {I, F} <- [{1 bsl 53, 9007199254740992.0}, {1 bsl 60, 1152921504606846976.0},
                              {1 bsl 64, 18446744073709551616.0}, {1 bsl 70, 1180591620717411303424.0},
                              {trunc(1.0e22), 1.0e22}, {trunc(1.0e300), 1.0e300}, {1 bsl 31, 2147483648.0}],
                   D <- [-1, 0, 1]]
    ++ [{1 bsl 31, 2147483648.5}, {1 bsl 31, 2147483647.5}, {4503599627370496, 4503599627370496.5},
        {4503599627370497, 4503599627370496.5}, {1 bsl 1030, 1.0e308}, {1 bsl 1024, 1.7976931348623157e308}, {0, 5.0e-324}].
