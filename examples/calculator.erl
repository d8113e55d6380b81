%% A calculator: numbers are floats, the operators are + - * /, with parentheses and a minus sign before a term.
%%   turbeam run examples/calculator.beam -- '2 * (3.5 - 1) / 4'
%%   turbeam run examples/calculator.beam --dump-js=calculator:horner/1
-module(calculator).
-export([main/1, eval/1, parse/1, value/1, horner/1, distance/4]).

main([]) -> io:format("Give me something to calculate, like '2 * (3.5 - 1)'.~n");
main(Args) ->
    Text = lists:append([Arg ++ " " || Arg <- Args]),
    try
        io:format("~p~n", [eval(Text)])
    catch
        throw:{syntax_error, Where} ->
            io:format("I do not understand this: ~s~n", [Where]);
        error:badarith ->
            io:format("That is no number.~n")
    end.

%% The value of an expression. Throws {syntax_error, RestOfText}.
eval(Text) -> value(parse(Text)).

%% The tree of an expression: {number, Float}, {negate, Tree} or {Operator, Tree, Tree}.
parse(Text) ->
    case sum(skip(Text)) of
        {Tree, []} -> Tree;
        {_, Rest} -> throw({syntax_error, Rest})
    end.

sum(Text) ->
    {Left, Rest} = product(Text),
    more_sum(Left, Rest).

more_sum(Left, [Op | Rest]) when Op =:= $+; Op =:= $- ->
    {Right, Rest1} = product(skip(Rest)),
    more_sum({operator(Op), Left, Right}, Rest1);
more_sum(Left, Rest) -> {Left, Rest}.

product(Text) ->
    {Left, Rest} = term(Text),
    more_product(Left, Rest).

more_product(Left, [Op | Rest]) when Op =:= $*; Op =:= $/ ->
    {Right, Rest1} = term(skip(Rest)),
    more_product({operator(Op), Left, Right}, Rest1);
more_product(Left, Rest) -> {Left, Rest}.

term([$- | Rest]) ->
    {Tree, Rest1} = term(skip(Rest)),
    {{negate, Tree}, Rest1};
term([$( | Rest]) ->
    case sum(skip(Rest)) of
        {Tree, [$) | Rest1]} -> {Tree, skip(Rest1)};
        {_, Rest1} -> throw({syntax_error, Rest1})
    end;
term([C | _] = Text) when C >= $0, C =< $9 -> digits(Text, 0.0);
term(Text) -> throw({syntax_error, Text}).

digits([C | Rest], Acc) when C >= $0, C =< $9 -> digits(Rest, Acc * 10.0 + (C - $0));
digits([$. | Rest], Acc) -> fraction(Rest, Acc, 0.0, 1.0);
digits(Rest, Acc) -> {{number, Acc}, skip(Rest)}.

%% Digits behind the point count as a whole number, divided once at the end: dividing at each would round at each.
fraction([C | Rest], Acc, Digits, Scale) when C >= $0, C =< $9 ->
    fraction(Rest, Acc, Digits * 10.0 + (C - $0), Scale * 10.0);
fraction(Rest, Acc, Digits, Scale) -> {{number, Acc + Digits / Scale}, skip(Rest)}.

skip([$\s | Rest]) -> skip(Rest);
skip(Text) -> Text.

operator($+) -> add;
operator($-) -> subtract;
operator($*) -> multiply;
operator($/) -> divide.

%% The value of a tree.
value({number, X}) -> X;
value({negate, Tree}) -> -value(Tree);
value({add, L, R}) -> value(L) + value(R);
value({subtract, L, R}) -> value(L) - value(R);
value({multiply, L, R}) -> value(L) * value(R);
value({divide, L, R}) -> value(L) / value(R).

%% Straight float arithmetic: every operation between the arguments and the result stays in float registers.
horner(X) when is_float(X) -> ((2.5 * X - 1.25) * X + 0.5) * X - 3.0.

%% The square of the distance between two points.
distance(X1, Y1, X2, Y2) when is_float(X1), is_float(Y1), is_float(X2), is_float(Y2) ->
    (X1 - X2) * (X1 - X2) + (Y1 - Y2) * (Y1 - Y2).
