#!/usr/bin/env escript
%% Records erlang:phash2/2 of native Erlang:  escript -c hash.escript > hash.jsonl
%% A line is a term in external format and its hash with range 2^32.
-mode(compile).

main(_) ->
    [io:format("{\"ext\":\"~s\",\"hash\":~w}~n", [base64:encode(term_to_binary(T)), erlang:phash2(T, 1 bsl 32)])
     || T <- terms()].

pid(Node, Number, Serial, Creation) ->
    binary_to_term(<<131, 88, 119, (byte_size(Node)), Node/binary, Number:32, Serial:32, Creation:32>>).
port(Node, Number, Creation) ->
    binary_to_term(<<131, 120, 119, (byte_size(Node)), Node/binary, Number:64, Creation:32>>).
ref(Node, Creation, Words) ->
    binary_to_term(<<131, 90, (length(Words)):16, 119, (byte_size(Node)), Node/binary, Creation:32,
                     (<< <<W:32>> || W <- Words >>)/binary>>).

terms() ->
    Local = <<"nonode@nohost">>,
    <<Odd:11/bitstring, _/bitstring>> = <<16#abcdef:24>>,
    <<_:3, Shifted:16/bitstring, _/bitstring>> = <<(16#abcd bsl 5):24>>,
    [0, 1, -1, 42, 1.0, -0.0, 0.5, -1.5, 1.0e300, -1.0e300, 5.0e-324,
     (1 bsl 30) - 1, 1 bsl 30, -(1 bsl 30), -(1 bsl 30) - 1, 1 bsl 31, 1 bsl 32, -(1 bsl 32),
     1 bsl 53, (1 bsl 53) + 1, 9007199254740992.0, 1 bsl 64, -(1 bsl 64), 18446744073709551616.0,
     1 bsl 200, (1 bsl 200) + 1, -(1 bsl 200), 1 bsl 1100,
     a, b, aa, 'A', '', ok, 'é', list_to_atom([16#fffd]), list_to_atom([16#1f600]), zebra, 'a b',
     ref(Local, 0, [5, 6, 7]), ref(Local, 0, [6, 6, 7]), ref(Local, 0, [5, 7, 7]), ref(Local, 0, [9, 9, 6]),
     ref(<<"a@b">>, 1, [5, 6, 7]), ref(<<"z@b">>, 1, [5, 6, 7]), ref(<<"a@b">>, 2, [1, 1, 1]),
     ref(<<"z@b">>, 1, [5, 6]),
     fun lists:map/2, fun lists:map/3, fun lists:all/2, fun a:map/2, fun zz:a/0,
     port(Local, 5, 0), port(Local, 6, 0), port(<<"a@b">>, 5, 1), port(<<"z@b">>, 4, 1),
     port(<<"a@b">>, 1 bsl 40, 1),
     pid(Local, 5, 0, 0), pid(Local, 6, 0, 0), pid(Local, 5, 1, 0), pid(<<"a@b">>, 5, 0, 1),
     pid(<<"a@b">>, 5, 0, 2), pid(<<"z@b">>, 4, 0, 1), pid(<<"z@b">>, 4, 1, 1), pid(<<"a@b">>, 7, 0, 1),
     {}, {1}, {1.0}, {a}, {a, b}, {a, c}, {1, 2, 3}, {1, 2, 4}, {1, {2, 3}}, {1, {2.0, 3}}, {{}, {}}, {[], a},
     {1, [a, {b, 1 bsl 70}]}, {1, [a, {b, 1 bsl 71}]},
     #{}, #{a => 1}, #{a => 1.0}, #{a => 2}, #{b => 1}, #{1 => a}, #{1.0 => a}, #{1 => a, 2 => b},
     #{1 => b, 2 => a}, #{1.0 => a, 2 => b}, #{{1} => x}, #{{1.0} => x}, #{a => 1, b => 2, c => 3},
     #{a => #{b => 1}}, #{a => #{b => 1.0}}, #{#{1 => 2} => 3}, #{#{1.0 => 2} => 3}, #{[1] => 0, [1.0] => 0},
     [], [1], [1.0], [a], [a, b], [a | b], [a, b | c], [1, 2, 3], [1, 2, 4], [[]], [[], []], "abc", "abd", "ab",
     [{a, 1} | 2], [#{}],
     <<>>, <<0>>, <<1>>, <<1, 2>>, <<1, 2, 3>>, <<"abc">>, <<255>>, <<1:1>>, <<0:1>>, <<1:7>>, <<1, 1:1>>,
     <<1, 128>>, Odd, Shifted, <<16#abcd:16>>, <<16#ab, 16#c:4>>, binary:copy(<<7>>, 100),
     (1 bsl 27) - 1, 1 bsl 27, -(1 bsl 27), -(1 bsl 27) - 1, (1 bsl 59) - 1, 1 bsl 60, -(1 bsl 60), -(1 bsl 95), "abcd", "abcde",
     "abcdefgh", "abc" ++ [a, b], "abcd" ++ x, [300, 1, 2, 3, 4], [[], []], [[] | a], {[], []}, {<<>>, <<>>}, {"", "a"}, lists:seq(0, 300),
     maps:from_list([{I, {I, a}} || I <- lists:seq(1, 20)]), #{a => #{b => c}, d => #{}}, [#{a => 1}, #{b => 2} | #{}], {a, 'é', '☃é', [b]}]
    ++ [list_to_binary(lists:seq(1, N)) || N <- lists:seq(0, 30)] ++ [{x, <<7:N>>} || N <- lists:seq(1, 20)].
