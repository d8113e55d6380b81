#!/usr/bin/env escript
%% Records how native Erlang prints terms:  escript -c format.escript > format.jsonl
%% A line is a term in external format and what it looks like. The names of the texts: control sequence
%% (w, tw, p, tp, W, P), then /n line length (p) or depth (W, P), then @n column where it starts.
-mode(compile).

main(_) ->
    rand:seed(exsss, {25, 80, 1}),
    [line(T, [{"w", "~w", []}, {"tw", "~tw", []}, {"p", "~p", []}, {"tp", "~tp", []}]) || T <- plain()],
    [line(T, [{"p", "~p", []}, {"p/30", "~30p", []}, {"p@40", lists:duplicate(39, $=) ++ "~p", []},
              {"p/20", "~20p", []}]) || T <- wide()],
    [line(T, [{[C, $/ | integer_to_list(D)], [$~, C], [D]} || C <- "WP", D <- lists:seq(0, 7)]) || T <- deep()],
    [line(T, [{"p/" ++ integer_to_list(L), "~" ++ integer_to_list(L) ++ "p", []} || L <- lists:seq(8, 40, 3)])
     || T <- [list_to_binary(lists:seq(0, 30)), <<(list_to_binary(lists:seq(95, 130)))/binary, 3:4>>,
              {a, list_to_binary(lists:seq(5, 40)), [list_to_binary(lists:seq(5, 30))]},
              {ab, cd, [ef, {g, h, i}], #{a => b, c => {d, e}}, <<1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12>>},
              #{abc => #{def => #{ghi => jkl}}, "abc" => {def, 1}, [1, 2] => [3, 4]},
              [{abcdefghijk, [{abcdefghijk, [{abcdefghijk, x}]}]}]]],
    [line(T, [{"p", "~p", []}, {"p/40", "~40p", []}, {"w", "~w", []}]) || T <- [term(4) || _ <- lists:seq(1, 35)]],
    [line(T, [{"P/8", "~P", [8]}, {"W/8", "~W", [8]}, {"p/60", "~60p", []}]) || T <- [term(5) || _ <- lists:seq(1, 15)]].

line(T, Texts) ->
    Fields = [[$", Name, "\":", json(lists:flatten(io_lib:format(F, [T | Extra])))] || {Name, F, Extra} <- Texts],
    io:put_chars(unicode:characters_to_binary(
      ["{\"ext\":\"", base64:encode_to_string(term_to_binary(T)), "\",", lists:join($,, Fields), "}\n"])).

json(Text) -> [$", [escape(C) || C <- Text], $"].

escape($") -> "\\\"";
escape($\\) -> "\\\\";
escape(C) when C < 32; C > 126 ->
    [io_lib:format("\\u~4.16.0b", [Unit]) || <<Unit:16>> <= unicode:characters_to_binary([C], unicode, utf16)];
escape(C) -> C.

foreign(Tag, Rest) -> binary_to_term(<<131, Tag, Rest/binary>>).

closure(Module) ->
    binary_to_term(<<131, 112, (16#2f + byte_size(Module)):32, 1, 0:128, 3:32, 0:32, 119, (byte_size(Module)), Module/binary,
                     97, 3, 98, 12345:32, 88, 119, 13, "nonode@nohost", 9:32, 0:32, 0:32>>).

letters(N) -> [$a + (I rem 26) || I <- lists:seq(0, N - 1)].
name(N) -> list_to_atom(letters(N)).
bytes(N) -> list_to_binary(letters(N)).

plain() ->
    Node = <<119, 13, "nonode@nohost">>,
    Characters = [list_to_atom([C]) || C <- [0, 7, 9, 27, 31, 32, $!, $", $', $A, $\\, $_, $a, $z, 127, 128, 159,
                                             160, 192, 215, 223, 247, 255, 256, 945, 9731, 128512]],
    Characters ++
    [list_to_atom([$a, C]) || C <- [0, $A, $@, $_, $., 0, 10, 39, 215, 233, 945]] ++
    ['', 'after', 'begin', 'maybe', 'else', 'xor', 'div', 'orelse', 'let', 'cond', 'end', "", [[]], [], {}, #{}] ++
    [[C, C] || C <- [0, 7, 8, 9, 10, 11, 12, 13, 27, 31, 32, 34, 39, 92, 126, 127, 128, 159, 160, 255, 256, 9731,
                     1114111, 1114112, -1]] ++
    [<<C, C>> || C <- [0, 7, 8, 10, 27, 34, 39, 92, 126, 127, 128, 160, 255]] ++
    [<<C/utf8, C/utf8>> || C <- [128, 159, 160, 255, 256, 945, 9731, 128512, 16#fffe]] ++
    [0, -1, 1 bsl 100, -(1 bsl 64), 0.0, -0.0, 1.0, 1.0e22, 1.0e-5, 123456.789, 1.5e300, 5.0e-324,
     <<3:5>>, <<"ab", 3:5>>, <<1:1, 2:8>>, <<>>, {<<>>}, [<<"a">>, <<"b">>], ["a" | b], [a | "b"], [a, b | c],
     fun lists:map/2, fun 'A b':'é'/2, fun 'Elixir.A':'f?'/1, fun 'é☃':'☃'/0, fun 'after':'Z'/3,
     closure(<<"m">>), closure(<<"Elixir.Foo">>), closure(<<"é"/utf8>>), closure(<<"a b">>),
     foreign(88, <<Node/binary, 5:32, 0:32, 0:32>>), foreign(89, <<Node/binary, 7:32, 0:32>>),
     foreign(90, <<0, 3, Node/binary, 0:32, 1:32, 2:32, 3:32>>), foreign(88, <<Node/binary, 5:32, 2:32, 0:32>>),
     #{a => 1}, #{1 => a, 1.0 => b, "x" => <<"y">>, {} => []}, #{'é☃' => "x", 'Q' => 'r s'},
     "text with \"quotes\" and \\", 'atom with \'quotes\' and "', <<"bin \" ' \\ ">>, {ok, "é☃"}, "é", <<"é"/utf8>>,
     <<"é☃"/utf8>>, <<233, 10>>, {a, [b, {c, #{d => [e | f]}}]}].

wide() ->
    [letters(100), bytes(100), {a, letters(100)}, {a, bytes(100)}, [bytes(100), b], lists:seq(1, 60),
     list_to_binary(lists:seq(0, 100)), {foo, lists:seq(1, 60)}, {name(10), bar, lists:seq(1, 60), baz},
     list_to_tuple(lists:seq(1, 60)), #{a => lists:seq(1, 30), b => c, {x, y} => d}, #{name(40) => name(40)},
     [[1, 2, 3], {a, lists:seq(1, 40)} | {c, d}], {letters(30), letters(30), letters(30)}, [letters(100), x],
     {name(60), name(60), a, b, {c, d}}, [{name(30), [{name(30), [{name(30), [{name(30), x}]}]}]}],
     lists:seq(1, 60) ++ rest, {1, <<(list_to_binary(lists:seq(0, 80)))/binary, 3:5>>},
     [<<1, 2>>, <<3, 4>>, <<5, 6>> | lists:seq(1, 40)], [bytes(20), bytes(20), bytes(20), bytes(20), a, b],
     [letters(20), letters(20), letters(20), letters(20), a, b],
     maps:from_list([{name(I), I} || I <- lists:seq(1, 12)]),
     maps:from_list([{I, letters(I)} || I <- lists:seq(1, 12)]),
     maps:from_list([{bytes(I), {I, name(I)}} || I <- lists:seq(1, 12)]),
     [{name(I), I} || I <- lists:seq(1, 20)], [{name(I), #{name(I) => letters(30)}} || I <- lists:seq(1, 8)],
     {record, name(20), {inner, letters(20), [a, b, c]}, <<"some binary data">>, 1.5, undefined, [], {}, #{}},
     [self_like, {error, {badarg, [{erlang, list_to_atom, [1], []}, {m, f, 2, [{file, "src/m.erl"}, {line, 10}]}]}}],
     {{nested, {tuples, {in, {tuples, {in, {tuples, {in, {tuples, {in, {tuples, name(30)}}}}}}}}}}},
     [[[[[[[[[[[[name(30), name(30), name(30)]]]]]]]]]]]],
     #{name(10) => #{name(11) => #{name(12) => #{name(13) => #{name(14) => name(15)}}}}},
     #{lists:seq(1, 40) => lists:seq(1, 40)}, #{#{a => lists:seq(1, 40)} => 1}, [a | lists:seq(1, 40)] ++ [{b} | {c}],
     {name(3), name(70), {a, b}}, {1, name(70), {a, b}}, {name(37), {a, lists:seq(1, 30)}}, {name(38), {a, lists:seq(1, 30)}},
     {name(3), {name(36), {a, lists:seq(1, 30)}}}, {{a, lists:seq(1, 30)}, b, c, d}, {a, {b, {c, name(66)}}},
     [name(76)], [name(77)], [name(78)], {name(76)}, {name(77)}, {name(78)}, [name(37), name(38)], [name(37), name(39)],
     [name(37), name(40)], [[name(37), name(37)]], [[name(37), name(38)]], [[name(37), name(39)]], [name(37) | name(39)],
     [name(37) | name(40)], #{name(37) => name(37)}, #{name(37) => name(36)}, #{name(37) => name(35)},
     #{a => name(70), b => c}, #{name(70) => 1, name(71) => 2}, [{a, "text"}, "text" | "more text"],
     io_lib:format("~p", [lists:seq(1, 30)])].

deep() ->
    [[1, 2, 3, 4, 5], {1, 2, 3, 4, 5}, [[[[[a]]]], b, c, d], {{{{{a}}}}, b, c, d}, #{a => 1, b => 2, c => 3},
     #{a => #{b => #{c => #{d => 1}}}}, "hello world", <<"hello world my dear">>, <<1, 2, 3, 4, 5, 6, 7, 8, 9>>,
     <<1, 2, 3:4>>, <<"hello", 3:4>>, [a | b], [a, b | c], [[$a, $b, c]], [#{a => [1, 2, 3]}], {a, [1, 2, 3, 4]}, "a", [],
     {}, #{}, <<>>, <<"a">>, <<"abcd">>, <<"abcde">>, fun lists:map/2, "abc" ++ [1, 2], ["ab", "cd", "ef"],
     [{a, 1}, {b, 2}, {c, 3}], 12345678, 1.5, abcdef, <<"hell", 0, 1, 2, 3, 4>>, <<"hello", 0, 1, 2, 3>>,
     <<"hello world hel", 0>>, #{a => [1, 2, 3, 4, 5], b => [1, 2, 3, 4, 5], c => [1, 2, 3, 4, 5], d => [1, 2, 3, 4, 5]},
     #{[1, 2, 3, 4] => {a, b, c, d}, [2, 3, 4, 5] => {a, b, c, d}, [3, 4, 5, 6] => {a, b, c, d}},
     [a | {b, {c, {d, e}}}], {a, {b, c}, {d, e}, {f, g}, {h, i}}, ["hello", <<"hello">>, hello | "hello"],
     {a, #{b => {c, d}}, #{e => {f, g}}}, [[a | b], [c | d], [e, f | g]], {"", [], "", []}, [<<"é"/utf8>>, <<"☃☃☃☃☃☃☃☃☃"/utf8>>]].

%% A term with at most so many levels.
term(0) -> leaf(rand:uniform(9));
term(Levels) ->
    case rand:uniform(12) of
        N when N =< 3 -> [term(Levels - 1) || _ <- lists:seq(1, rand:uniform(7) - 1)];
        N when N =< 5 -> list_to_tuple([term(Levels - 1) || _ <- lists:seq(1, rand:uniform(6) - 1)]);
        N when N =< 7 -> list_to_tuple([name(rand:uniform(14)) | [term(Levels - 1) || _ <- lists:seq(1, rand:uniform(5))]]);
        N when N =< 9 -> maps:from_list([{term(Levels - 1), term(Levels - 1)} || _ <- lists:seq(1, rand:uniform(5))]);
        10 -> [term(Levels - 1) | term(0)];
        _ -> leaf(rand:uniform(11))
    end.

leaf(1) -> rand:uniform(100000);
leaf(2) -> name(rand:uniform(20));
leaf(3) -> letters(rand:uniform(20));
leaf(4) -> bytes(rand:uniform(20));
leaf(5) -> rand:uniform(1000) / 8;
leaf(6) -> [];
leaf(7) -> list_to_binary([rand:uniform(255) || _ <- lists:seq(1, rand:uniform(15))]);
leaf(8) -> 'Quoted atom';
leaf(9) -> {};
leaf(10) -> lists:seq(1, rand:uniform(40));
leaf(11) -> [rand:uniform(255) || _ <- lists:seq(1, rand:uniform(3))].
