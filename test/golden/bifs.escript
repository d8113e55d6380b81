#!/usr/bin/env escript
%% Records what native Erlang's built-in functions give:  escript bifs.escript > bifs.jsonl
%% A line is {"bif": "erlang:abs/1", "args": A, "value": V} or {"bif": ..., "args": A, "class": C, "reason": R};
%% A (the list of arguments), V and R are terms in external format, base64.
-mode(compile).

main(_) ->
    [record(M, F, Args) || {M, Calls} <- calls(), {F, Args} <- Calls],
    ok.

record(M, F, Args) ->
    Result =
        try apply(M, F, Args) of
            Value -> [",\"value\":\"", text(Value), "\""]
        catch
            Class:Reason -> [",\"class\":\"", atom_to_list(Class), "\",\"reason\":\"", text(Reason), "\""]
        end,
    Name = io_lib:format("~s:~s/~w", [M, F, length(Args)]),
    io:put_chars(["{\"bif\":\"", Name, "\",\"args\":\"", text(Args), "\"", Result, "}\n"]).

text(Term) -> base64:encode(term_to_binary(Term)).

calls() ->
    [{erlang, guards()}, {erlang, operators()}, {erlang, tuples()}, {lists, list_functions()}, {erlang, list_operators()},
     {erlang, atoms()}, {erlang, numbers()}, {erlang, floats()}, {erlang, identifiers()}, {erlang, binaries()},
     {binary, binary_module()}, {unicode, unicode_module()}, {maps, map_functions()}, {erts_internal, map_next()},
     {math, math_functions()}, {erlang, time_functions()}].

%% One of each kind, and what is close to a limit.
terms() ->
    [0, 1, -1, 7, (1 bsl 30) - 1, 1 bsl 30, -(1 bsl 30), -(1 bsl 30) - 1, (1 bsl 59) - 1, 1 bsl 59, 1 bsl 64,
     -(1 bsl 64), 1 bsl 200, 0.0, -0.0, 1.0, 1.5, -1.5, 2.5, 1.0e20, 1.0e300, a, true, false, '', 'an atom',
     <<"nonode">>, <<>>, <<1>>, <<1:1>>, <<1, 2, 3:3>>, binary:copy(<<7>>, 100), {}, {a}, {a, 1}, {1, 2, 3}, [], [a],
     [1, 2, 3], [a | b], #{}, #{a => 1}, #{1 => 2, 1.0 => 3}, fun lists:map/2, pid(), port(), ref(), far_pid()].

pid() -> list_to_pid("<0.5.0>").
port() -> list_to_port("#Port<0.7>").
ref() -> list_to_ref("#Ref<0.1.2.3>").
far_pid() -> binary_to_term(<<131, 88, 119, 3, "a@b", 5:32, 0:32, 1:32>>).

%% What a new context has in the place of its block is not defined.
md5_context(Data) ->
    <<Start:24/binary, _/binary>> = erlang:md5_init(),
    lists:foldl(fun(C, Context) -> erlang:md5_update(Context, [C]) end, <<Start/binary, 0:512>>, Data).

sub(Bits, Skip) ->
    <<_:Skip, Rest/bitstring>> = Bits,
    Rest.

guards() ->
    Unary = [abs, ceil, floor, round, trunc, float, hd, tl, length, tuple_size, byte_size, bit_size, size, map_size,
             is_atom, is_binary, is_bitstring, is_boolean, is_float, is_function, is_integer, is_list, is_map,
             is_number, is_pid, is_port, is_reference, is_tuple, node, '+', '-', 'bnot', 'not'],
    [{F, [T]} || F <- Unary, T <- terms()] ++
        [{F, [T]} || F <- [round, trunc, ceil, floor], T <- [0.5, -0.5, 0.49999999999999994, 2.5, -2.5, 1.0e15, 9007199254740993.0, -1.0e22, 0.1, -0.1]] ++
        [{float, [T]} || T <- [1 bsl 1024, 1 bsl 1023, (1 bsl 53) + 1]] ++
        [{element, [I, T]} || I <- [0, 1, 2, 3, -1, a, 1.0, 1 bsl 70], T <- [{}, {a}, {a, b}, [a], x]] ++
        [{map_get, [K, M]} || K <- [a, 1, 1.0, {x}, "k"], M <- [#{}, #{a => 1}, #{1 => i, 1.0 => f}, #{{x} => t, "k" => l}, a, {1}]] ++
        [{is_map_key, [K, M]} || K <- [a, 1, 1.0, {x}], M <- [#{}, #{a => 1}, #{1 => i}, #{{x} => t}, a]] ++
        [{is_function, [F, A]} || F <- [fun lists:map/2, x, 1], A <- [2, 1, 0, -1, a, 1 bsl 70, 2.0]] ++
        [{is_record, [T, Tag]} || T <- [{a}, {a, b}, {}, {1}, a], Tag <- [a, b, 1]] ++
        [{is_record, [T, Tag, N]} || T <- [{a}, {a, b}, {}, a], Tag <- [a, 1], N <- [0, 1, 2, -1, a, 1 bsl 70]] ++
        [{binary_part, [B, S, L]} || B <- [<<1, 2, 3, 4>>, <<1, 2:4>>, a, sub(<<0:3, 1, 2, 3, 4>>, 3), binary:copy(<<1, 2, 3>>, 20)],
                                     {S, L} <- [{0, 0}, {0, 4}, {4, -4}, {4, 0}, {4, 1}, {1, 2}, {3, -2}, {-1, 1}, {a, 1}, {0, b}, {5, -1}, {1 bsl 70, 0}]] ++
        [{binary_part, [<<1, 2, 3, 4>>, P]} || P <- [{1, 2}, {1, 9}, {1}, a, {1, 2, 3}, {4, -4}]] ++
        [{binary_part, [binary:copy(<<1, 2, 3>>, 20), {S, L}]} || {S, L} <- [{5, 30}, {60, -13}]].

operators() ->
    Some = [0, 1, -1, 3, (1 bsl 30) - 1, -(1 bsl 30), 1 bsl 31, -(1 bsl 40), 1 bsl 100, 1.5, -0.0, a, [], <<1>>],
    [{F, [A, B]} || F <- ['+', '-', '*', '/', 'div', 'rem', 'band', 'bor', 'bxor'], A <- Some, B <- Some] ++
        [{F, [A, B]} || F <- ['bsl', 'bsr'], A <- [0, 1, -1, 5, 1 bsl 40, -(1 bsl 40), 1.0, a],
                        B <- [0, 1, -1, 31, 40, -40, 100, a, 1.0]] ++
        [{'bsl', [1, 1 bsl 70]}, {'bsr', [1, 1 bsl 70]}, {'bsr', [-1, 1 bsl 70]}, {'bsl', [0, 1 bsl 70]}] ++
        [{F, [A, B]} || F <- ['and', 'or', 'xor'], A <- [true, false, a, 1], B <- [true, false, a, 1]] ++
        [{F, [A, B]} || F <- ['=:=', '=/=', '==', '/=', '<', '>', '=<', '>=', min, max],
                        {A, B} <- [{1, 1}, {1, 1.0}, {1.0, 1}, {0.0, -0.0}, {1, a}, {a, 1}, {a, b}, {b, a}, {{1}, {1.0}}, {[1], [1.0]},
                                   {[], a}, {<<1>>, <<1>>}, {<<1>>, <<2>>}, {#{a => 1}, #{a => 1}}, {#{1 => a}, #{1.0 => a}},
                                   {1 bsl 70, 1 bsl 70}, {1 bsl 70, 1.0e300}, {"abc", "abd"}, {{a, b}, {c}}]].

tuples() ->
    [{make_tuple, [N, x]} || N <- [0, 1, 3, -1, a, 1.0, 1 bsl 24, 1 bsl 70]] ++
        [{make_tuple, [3, x, L]} || L <- [[], [{1, a}], [{1, a}, {3, b}, {1, c}], [{0, a}], [{4, a}], [a], [{1, a} | b], a, [{1}], [{a, b}]]] ++
        [{make_tuple, [-1, x, []]}, {make_tuple, [a, x, []]}, {make_tuple, [0, x, []]}] ++
        [{setelement, [I, T, new]} || I <- [0, 1, 2, 3, -1, a, 1.0, 1 bsl 70], T <- [{}, {a}, {a, b}, [a], x]] ++
        [{append_element, [T, new]} || T <- [{}, {a}, {a, b}, [a], x]] ++
        [{insert_element, [I, T, new]} || I <- [0, 1, 2, 3, 4, -1, a], T <- [{}, {a}, {a, b}, {a, b, c}, [a], x]] ++
        [{delete_element, [I, T]} || I <- [0, 1, 2, 3, 4, -1, a], T <- [{}, {a}, {a, b}, {a, b, c}, [a], x]] ++
        [{tuple_to_list, [T]} || T <- [{}, {a}, {a, {b}}, [a], x]] ++
        [{list_to_tuple, [L]} || L <- [[], [a], [a, [b]], [a | b], x, {a}]].

list_functions() ->
    Big = 1 bsl 70,
    Items = [a, 1, 1.0, Big, {x, 1}, "s", <<"b">>, []],
    Lists = [[], [a], [b, 1], [1.0, 1], [c, Big], [{x, 1.0}, {x, 1}], ["s", <<"b">>], [[]], [b | c], [a | b], x],
    [{member, [I, L]} || I <- Items, L <- Lists] ++
        [{reverse, [L, T]} || L <- Lists, T <- [[], [z], z]] ++
        [{F, [K, N, L]} || F <- [keyfind, keymember, keysearch], K <- [a, 1, 1.0, Big, "s", {x}],
                           {N, L} <- [{1, []}, {1, [{a, 1}]}, {2, [{a, 1}, {b, a}]}, {1, [{1.0, x}, {1, y}]}, {2, [{a}, b, {x, 1}]},
                                      {1, [{Big}]}, {1, [{"s"}, {{x}}]}, {0, []}, {-1, [{a}]}, {a, []}, {1.0, []}, {1, a}, {1, [{b} | c]},
                                      {1, [{a} | c]}, {Big, [{a}]}]].

list_operators() ->
    Lists = [[], [a], [a, b, a, c, a], [1, 1.0, 1], [{x}, "s", {x}, "s"], [1 bsl 70, 2.0, 1 bsl 70], [a | b], x],
    [{F, [A, B]} || F <- ['++', '--'], A <- Lists, B <- Lists] ++
        [{'--', [lists:seq(1, 100), lists:seq(50, 1, -2)]}, {'--', [[{N rem 7} || N <- lists:seq(1, 100)], [{N rem 5} || N <- lists:seq(1, 60)]]},
         {append, [[a], [b]]}, {subtract, [[a, b], [a]]}].

atoms() ->
    Long = lists:duplicate(255, $a),
    Wide = lists:duplicate(255, 16#1f600),
    [{F, [T]} || F <- [atom_to_list, atom_to_binary], T <- [a, '', 'é', list_to_atom([8364]), list_to_atom([16#1f600]), 1, "a", <<"a">>]] ++
        [{atom_to_binary, [T, E]} || T <- [a, '', 'é', list_to_atom([8364]), 1], E <- [latin1, utf8, unicode, utf16, 1]] ++
        [{F, [L]} || F <- [list_to_atom, list_to_existing_atom],
                     L <- ["a", "", "é", [8364], [16#1f600], [a], [16#d800], [16#110000], [-1], [$a | b], a, <<"a">>, Long, Wide, [$a | Long], [$a | Wide], [1.0], [[$a]]]] ++
        [{F, [B]} || F <- [binary_to_atom, binary_to_existing_atom],
                     B <- [<<"a">>, <<>>, <<"é"/utf8>>, <<233>>, <<237, 160, 128>>, <<255>>, <<1:1>>, a, "a", list_to_binary([$a | Long]), sub(<<0:3, "ok">>, 3)]] ++
        [{F, [B, E]} || F <- [binary_to_atom, binary_to_existing_atom], B <- [<<"a">>, <<"é"/utf8>>, <<233>>, <<1:1>>, a, list_to_binary(Long), list_to_binary([$a | Long])],
                        E <- [latin1, utf8, unicode, x]] ++
        [{list_to_existing_atom, ["no such atom at all"]}, {binary_to_existing_atom, [<<"no such atom at all">>, utf8]}].

numbers() ->
    Integers = [0, 1, -1, 255, -255, 1 bsl 30, 1 bsl 64, -(1 bsl 100), 123456789012345678901234567890, 1.0, a, "1"],
    Texts = ["", "0", "1", "-1", "+1", "-", "+", "--1", "1 ", " 1", "1_0", "ff", "FF", "zZ", "0x1", "-0", "007", "1.0", "2147483648", "-1073741825",
             "123456789012345678901234567890", "-fffffffffffffffff", "12a", "z"],
    [{F, [N]} || F <- [integer_to_list, integer_to_binary], N <- Integers] ++
        [{F, [N, B]} || F <- [integer_to_list, integer_to_binary], N <- Integers, B <- [2, 16, 36, 1, 37, -10, a]] ++
        [{list_to_integer, [L]} || L <- Texts ++ [a, [$1 | a], [$1, a], [$1, 16#660], <<"1">>]] ++
        [{list_to_integer, [L, B]} || L <- Texts ++ [a], B <- [2, 16, 36, 37, a]] ++
        [{binary_to_integer, [list_to_binary(L)]} || L <- Texts] ++ [{binary_to_integer, [X]} || X <- [a, "1", <<1:1>>, sub(<<0:3, "42">>, 3)]] ++
        [{binary_to_integer, [list_to_binary(L), B]} || L <- Texts, B <- [2, 16, 36, 37, a]].

floats() ->
    Numbers = [0.0, -0.0, 1.0, -1.5, 0.1, 1.005, 123.456, 1.0e22, 1.0e23, 1.0e-10, 1.0e100, 1.0e308, 5.0e-324, 9007199254740993.0, 0.5, 2.5, 99.99, 1],
    Options = [[], [short], [compact], [{decimals, 0}], [{decimals, 2}], [{decimals, 4}, compact], [compact, {decimals, 10}], [{decimals, 20}], [{decimals, 253}],
               [{decimals, 254}], [{decimals, -1}], [{scientific, 0}], [{scientific, 3}], [{scientific, 20}], [{scientific, 249}], [{scientific, 250}], [{scientific, -1}],
               [short, {decimals, 2}], [{decimals, 2}, short], [{scientific, 2}, {decimals, 3}], [{scientific, 3}, compact], [foo], foo, [short | a], [{decimals, a}], [{decimals}]],
    Texts = ["1", "1.0", "1.0e10", "1.e10", ".5", "1.0e400", "-1.0e400", "1e10", "+1.5", "-1.5E-3", "1.5 ", " 1.5", "1.5e", "1.5e+3", "1,5", "1.0e-400", "1_0.0", "inf", "nan",
             "01.50", "-.5", "1.0e", "-0.0", "0.1", "123456789.123456789", "", "1.0#3", "0x1.0", "9007199254740993.0", "1.7976931348623157e308", "4.9e-324"],
    [{F, [N]} || F <- [float_to_list, float_to_binary], N <- Numbers] ++
        [{F, [N, O]} || F <- [float_to_list, float_to_binary], N <- Numbers, O <- Options] ++
        [{list_to_float, [L]} || L <- Texts ++ [a, [$1, $., 300], [$1 | a], <<"1.0">>]] ++
        [{binary_to_float, [list_to_binary(L)]} || L <- Texts] ++ [{binary_to_float, [X]} || X <- [a, "1.0", <<1:1>>, sub(<<0:3, "4.25">>, 3)]].

identifiers() ->
    [{pid_to_list, [X]} || X <- [pid(), a, "x", ref()]] ++
        [{port_to_list, [X]} || X <- [port(), a, pid()]] ++ [{ref_to_list, [X]} || X <- [ref(), a, pid()]] ++
        [{fun_to_list, [X]} || X <- [fun lists:map/2, fun 'a b':'C'/0, a]] ++
        [{list_to_pid, [X]} || X <- ["<0.1.0>", "<0.1.0", "<0.1.0>x", "<0.1>", "<0.x.0>", "<1.2.3>", "", a, [a], "<0.32767.0>", "<0.1.1>", "<0.1.8192>", " <0.1.0>"]] ++
        [{list_to_ref, [X]} || X <- ["#Ref<0.1.2.3>", "#Ref<0.1.2>", "#Ref<0.1.2.262144>", "#Ref<0.1.2.262143>", "#Ref<1.1.2.3>", "#Ref<0.4294967296.1.1>", a, ""]] ++
        [{list_to_port, [X]} || X <- ["#Port<0.1>", "#Port<0.x>", "#Port<2.1>", a, ""]].

binaries() ->
    Iolists = [[], "abc", [1, 2, <<3>>], [[1, [2]], <<3>> | <<4>>], [<<1:1>>], [256], [-1], [a], [1 | 2], a, <<>>, <<1, 2>>, <<1:1>>, [sub(<<0:3, 1, 2>>, 3), 3], [[], [[]]],
               [1.0], {1}, [lists:seq(0, 255), binary:copy(<<9>>, 100)]],
    Bits = [<<>>, <<1>>, <<1, 2, 3>>, <<1:1>>, <<1, 2, 3:3>>, sub(<<0:3, 1, 2, 5:3>>, 3), a, "abc", [<<1>>]],
    [{F, [X]} || F <- [list_to_binary, list_to_bitstring, iolist_to_binary, iolist_size, iolist_to_iovec, crc32, adler32, md5], X <- Iolists] ++
        [{list_to_bitstring, [X]} || X <- [[<<1:1>>, 2, <<3:3>>], [<<1:1>>, <<5:7>>], [1 | <<3:3>>], [[<<1:1>> | <<1:1>>] | <<1:2>>], [<<1:1>> | 2], [<<1:9>>, <<511:9>>, 255]]] ++
        [{F, [X]} || F <- [binary_to_list, bitstring_to_list], X <- Bits] ++
        [{binary_to_list, [B, S, E]} || B <- [<<1, 2, 3>>, <<1, 2, 3:4>>, <<>>, a], {S, E} <- [{1, 2}, {0, 2}, {3, 2}, {3, 3}, {3, 4}, {1, a}, {1, 1}, {1, 0}]] ++
        [{split_binary, [B, N]} || B <- Bits ++ [binary:copy(<<1, 2>>, 30)], N <- [0, 1, 2, 3, 4, 30, -1, a, 1.0]] ++
        [{crc32, [S, X]} || S <- [0, 5, -5, 16#ffffffff, 1 bsl 32, a], X <- [<<>>, "abc", a]] ++
        [{F, [A, B, N]} || F <- [crc32_combine, adler32_combine], A <- [0, 1, 16#12345678, 16#ffffffff, 1 bsl 32, a], B <- [0, 7, 16#9abcdef0], N <- [0, 1, 3, 1000, 65521, 16#ffffffff, -1, 1 bsl 32]] ++
        [{md5_update, [md5_context(D), E]} || D <- ["", "abc"], E <- [a, [256]]] ++ [{md5_update, [<<1>>, "a"]}, {md5_update, [a, "a"]}, {md5_final, [<<1>>]}, {md5_final, [a]}] ++
        [{md5_final, [md5_context(lists:duplicate(N, $x))]} || N <- [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128, 1000]] ++
        [{adler32, [S, X]} || S <- [0, 1, 5, -5, 16#ffffffff, 1 bsl 32, a], X <- [<<>>, "abc", a]] ++ [{adler32, [1, binary:copy(<<255>>, 6000)]}] ++
        [{F, [X]} || F <- [term_to_binary, external_size], X <- [a, 1, 1.5, "abc", {1, [2, 3 | 4]}, #{a => 1}, 1 bsl 70, <<1:3>>]] ++
        [{term_to_binary, [X, O]} || X <- [a, 1.5], O <- [[], [{minor_version, 0}], [{minor_version, 1}], [{minor_version, 2}], [{minor_version, 3}], [deterministic], [foo], foo, [{compressed, 10}], [compressed | a], [compressed]]] ++
        [{external_size, [X, O]} || X <- [a, 1.5], O <- [[], [{minor_version, 0}], [{minor_version, 1}], [{minor_version, 2}], [foo], [compressed], x]] ++
        [{term_to_iovec, [a]}, {term_to_iovec, [a, [{minor_version, 2}]]}, {term_to_iovec, [a, b]}] ++
        [{binary_to_term, [B]} || B <- [<<131>>, <<>>, a, <<131, 97, 1>>, <<131, 97, 1, 2>>, <<131, 97>>, <<130, 97, 1>>, <<131, 255>>, <<1:1>>, term_to_binary({a, "b", 1.5}), term_to_binary(lists:duplicate(100, a), [compressed])]] ++
        [{binary_to_term, [B, O]} || B <- [<<131, 97, 1, 2>>, <<131, 119, 8, "nonexxxx">>, <<131, 119, 2, "ok">>, a], O <- [[], [used], [safe], [safe, used], [foo], foo]].

binary_module() ->
    Subjects = [<<>>, <<"a">>, <<"abcabcabcd">>, <<"aaaaaaa">>, <<1:3>>, a, sub(<<0:3, "abcabc">>, 3), binary:copy(<<"abcde">>, 60), <<(binary:copy(<<"x">>, 300))/binary, "abcd">>],
    Patterns = [<<"a">>, <<"abcd">>, <<"aa">>, <<"z">>, [<<"b">>, <<"c">>], [<<"abc">>, <<"abcd">>, <<"bc">>], [<<"bcd">>, <<"cda">>, <<"a">>], [<<"aaa">>, <<"aa">>], <<>>, [], [<<>>], [<<"a">>, <<>>], a,
                [a], [<<"a">> | b], <<1:3>>, {bm, a}, sub(<<0:3, "bc">>, 3)],
    Bytes = [<<>>, <<1>>, <<1, 2, 3>>, <<1, 2:4>>, sub(<<0:3, 1, 2, 3>>, 3), a, "a"],
    Large = binary:copy(<<"0123456789abcdefghij">>, 20),
    [{F, [B]} || F <- [first, last, copy, decode_unsigned, list_to_bin], B <- Bytes] ++
        [{at, [B, I]} || B <- Bytes, I <- [0, 1, 2, 3, -1, a, 1 bsl 70]] ++
        [{part, [B, S, L]} || B <- Bytes ++ [Large], {S, L} <- [{0, 0}, {0, 1}, {1, 2}, {3, -2}, {0, 4}, {-1, 1}, {a, 1}, {1, a}]] ++
        [{part, [<<1, 2, 3>>, P]} || P <- [{0, 1}, {3, -3}, {2, 2}, a, {1}]] ++
        [{copy, [B, N]} || B <- Bytes, N <- [0, 1, 3, -1, a]] ++
        [{decode_unsigned, [B, E]} || B <- Bytes ++ [<<1, 2, 3, 4, 5, 6, 7, 8, 9>>, <<0, 0, 0, 0, 0, 0, 0, 1>>], E <- [big, little, x]] ++
        [{encode_unsigned, [N]} || N <- [0, 1, 255, 256, 1 bsl 30, 1 bsl 100, -1, a, 1.0]] ++
        [{encode_unsigned, [N, E]} || N <- [0, 258, 1 bsl 100, -1], E <- [big, little, x]] ++
        [{copy, [Large, 3]}, {copy, [sub(<<0:5, Large/binary>>, 5), 2]}, {copy, [<<7>>, 1000]}] ++
        [{F, [S, P]} || F <- [match, matches, split], S <- Subjects, P <- Patterns] ++
        [{F, [S, P, [{scope, {A, L}}]]} || F <- [match, matches, split], S <- [<<"abcabcabc">>, Large], P <- [<<"a">>, <<"bc">>, [<<"c">>, <<"ca">>]],
                                           {A, L} <- [{0, 9}, {0, 0}, {1, 5}, {9, -9}, {4, -4}, {9, 0}, {10, 0}, {8, 2}, {1, -2}, {-1, 1}, {2, 400}]] ++
        [{F, [<<"abc">>, <<"b">>, O]} || F <- [match, matches, split], O <- [[], [foo], foo, [{scope, {0, 1}} | x], [{scope, a}], [{scope, {a, 1}}], [global], [trim], [{scope, {1, 2}}, {scope, {0, 1}}]]] ++
        [{split, [S, P, O]} || S <- [<<>>, <<",">>, <<",,">>, <<"a,">>, <<",a">>, <<"a,b">>, <<",a,,b,">>, <<"a,,,">>, <<",,,a">>, <<"abc">>], P <- [<<",">>, [<<",">>, <<",,">>], <<"b">>],
                               O <- [[global], [trim], [trim_all], [global, trim], [global, trim_all], [global, trim, trim_all], [global, {scope, {1, 0}}], [trim_all, {scope, {0, 1}}]]] ++
        [{F, [L]} || F <- [longest_common_prefix, longest_common_suffix], L <- [[<<"abc">>, <<"abd">>], [<<"xabc">>, <<"yabc">>], [<<>>], [], a, [a], [<<"a">> | b], [<<"abc">>]]].

unicode_module() ->
    Data = [[], <<>>, "abc", <<"abc">>, [8364, <<"a">>], [16#10ffff], <<"é€"/utf8>>, [16#d800], [1, 2, 16#d800, 3], <<255>>, <<1, 226, 130>>, [<<226, 130>>, <<172>>], [<<226, 130>>, 172], a, [a],
            <<1:1>>, [1, [2, [<<255, 1>>, 3]], 4], [1, [2, [<<226>>]], 4], [1, [2, [<<226>>]]], [<<"ab", 255, "cd">>, "ef"], [1 | <<"ab">>], [1 | 2], <<192>>, <<192, 128>>, <<237, 160>>,
            <<237, 160, 128>>, <<245>>, <<226, 65>>, [<<226>>, <<130, 65>>], [<<226>>, <<130>>, [], [<<172, 66>>], 255], [[<<65, 226>>], [[1]]], [16#110000], [-1], [1 bsl 70], [1, -5, a], [233, 8364, 65],
            [65, [233, [8364], 66], 1], <<244, 144, 128, 128>>, <<240, 159, 152, 128>>, sub(<<0:3, "é"/utf8>>, 3), 1],
    [{F, [D]} || F <- [characters_to_binary, characters_to_list], D <- Data] ++
        [{F, [D, E]} || F <- [characters_to_binary, characters_to_list], D <- Data, E <- [latin1, utf8, unicode, foo]] ++
        %% What to do about negative numbers differs from one encoding to the other.
        [{characters_to_binary, [D, utf8, E]} || D <- Data -- [[-1], [1, -5, a]], E <- [latin1, utf8, utf16, {utf16, little}, utf32, {utf32, little}, {utf8, big}, foo]] ++
        [{characters_to_binary, [D, latin1, E]} || D <- ["é", <<233, 1>>, [300], [<<233>>, 233]], E <- [latin1, utf8, utf16]] ++
        [{characters_to_list, [D, E]} || D <- [<<0, 65, 32, 172>>, <<216, 61, 222, 0>>, <<0>>], E <- [utf16, utf32, {utf16, little}]].

map_functions() ->
    Maps = [#{}, #{a => 1}, #{1 => x, 1.0 => y, b => z}, #{{t} => 1, "s" => 2}, maps:from_list([{N, N} || N <- lists:seq(1, 20)]), a, [{a, 1}]],
    Keys = [a, 1, 1.0, {t}, "s", zz, 20, 0.5],
    [{F, [K, M]} || F <- [find, get, is_key, remove, take], K <- Keys, M <- Maps] ++
        [{F, [K, new, M]} || F <- [put, update], K <- Keys, M <- Maps] ++ [{put, [a, 1, #{a => 1}]}] ++
        [{F, [M]} || F <- [keys, values, to_list], M <- Maps, F =/= to_list] ++ [{merge, [A, B]} || A <- Maps, B <- Maps] ++
        [{from_list, [L]} || L <- [[], [{a, 1}], [{a, 1}, {a, 2}], [{1, a}, {1.0, b}], [a], [{a}], [{a, 1} | b], x, [{N rem 10, N} || N <- lists:seq(1, 30)]]] ++
        [{from_keys, [L, v]} || L <- [[], [a, b, a], [1, 1.0], [a | b], x]].

map_next() ->
    [{map_next, [0, M, T]} || M <- [#{}, #{a => 1}, #{a => 1, b => 2, 3 => c}], T <- [iterator, [], [x]]].

math_functions() ->
    Values = [0, 1, -1, 2, 10, 0.5, -0.5, 1.0e-10, 3.7, -3.7, 100.5, 1000, -1000, 1.0e10, 1.0e300, 1 bsl 1100, a, "x"],
    Unary = [acos, acosh, asin, asinh, atan, atanh, ceil, cos, cosh, erf, erfc, exp, floor, log, log10, log2, sin, sinh, sqrt, tan, tanh],
    [{F, [X]} || F <- Unary, X <- Values] ++ [{F, [A, B]} || F <- [atan2, fmod, pow], A <- Values, B <- Values] ++ [{pi, []}] ++
        [{F, [X / 10]} || F <- [erf, erfc], X <- lists:seq(-40, 60)] ++ [{F, [X]} || F <- [erfc], X <- [8, 15, 26, 27, 28]] ++
        [{log2, [math:pow(2, X)]} || X <- [-1000, -1, 3, 29, 1000]] ++ [{log10, [math:pow(10, X)]} || X <- [-5, 3, 15, 22]].

time_functions() ->
    [{convert_time_unit, [T, F, U]} || T <- [1500, -1500, 0, 1 bsl 80, 1.0, a],
                                       {F, U} <- [{millisecond, second}, {second, nanosecond}, {native, microsecond}, {perf_counter, native}, {seconds, milli_seconds}, {micro_seconds, nano_seconds},
                                                  {1000, 10}, {10, 3}, {foo, second}, {second, foo}, {0, 1}, {1, -1}]] ++
        [{F, [U]} || F <- [monotonic_time, system_time, time_offset], U <- [foo, 0, -1, 1.0, "x"]] ++
        [{unique_integer, [X]} || X <- [[foo], a, [positive | b]]] ++ [{statistics, [foo]}] ++
        [{universaltime_to_posixtime, [T]} || T <- [{{2020, 1, 1}, {0, 0, 0}}, {{2020, 2, 29}, {23, 59, 59}}, {{2021, 2, 29}, {0, 0, 0}}, {{1969, 12, 31}, {0, 0, 0}}, a, {{2020, 1, 1}, {24, 0, 0}}]] ++
        [{posixtime_to_universaltime, [T]} || T <- [0, 1577836800, -1, a]].
