#!/usr/bin/env escript
%% Records how native Erlang prints and reads numbers:  escript -c number-text.escript > number-text.jsonl
%% A line is ["short", Double, Text], ["scientific", Double, Digits, Text], ["decimals", Double, Digits, Compact, Text],
%% ["float", Text, Double], ["integer", Text, Base, Value] or ["print", Value, Base, Text]. Doubles are 16 hexadecimal
%% digits, integers hexadecimal digits with an optional sign; "badarg" stands for a failure.
-mode(compile).

main(_) ->
    Floats = floats(),
    [io:format("[\"short\",~s,\"~w\"]~n", [bits(F), F]) || F <- Floats],
    [io:format("[\"scientific\",~s,~w,\"~s\"]~n", [bits(F), D, options(F, [{scientific, D}])])
     || {I, F} <- index(Floats), D <- [-1, 0, 1, 3, 6, 15, 20, 40, 249, 250], (I + D * D) rem 5 =:= 0],
    [io:format("[\"decimals\",~s,~w,~w,\"~s\"]~n", [bits(F), D, C =/= [], options(F, [{decimals, D} | C])])
     || {I, F} <- index(Floats), D <- [-1, 0, 1, 2, 4, 6, 10, 14, 15, 16, 17, 18, 19, 20, 50, 253, 254], C <- [[], [compact]],
        (I + D * D + length(C)) rem 7 =:= 0],
    [io:format("[\"float\",\"~s\",~s]~n", [T, try bits(list_to_float(T)) catch error:badarg -> "\"badarg\"" end])
     || T <- ["1.0", "1", "+1.0", "-1.5e3", "1.0E3", "1.0e+3", "1.0e-3", "1.0e400", "-1.0e400", ".5", "1.", "1.0e", "1.0e-400",
              " 1.0", "1.0 ", "1_0.0", "00001.5", "-0.0", "1.0e0003", "1e3", "1.7976931348623157e308",
              "1.7976931348623159e308", "4.9e-324", "2.4e-324", "0.1", "123456789012345678901234567890.0", "1.5e3.0", "", "-",
              "+", "1.0e-", "0x1.0", "inf", "NaN", "--1.0", "+-1.0", "9007199254740993.0", "0.0e99999", "1.0\\n"]],
    [io:format("[\"integer\",\"~s\",~w,\"~s\"]~n",
               [T, B, try integer_to_list(list_to_integer(T, B), 16) catch error:badarg -> "badarg" end])
     || {T, B} <- [{"10", 10}, {"+10", 10}, {"-10", 10}, {"", 10}, {"-", 10}, {"+", 10}, {"ff", 16}, {"FF", 16}, {"-fF", 16},
                   {"zz", 36}, {"1_0", 10}, {"0x10", 16}, {" 1", 10}, {"1 ", 10}, {"--1", 10}, {"2", 2}, {"-0", 10},
                   {"-00000000000000", 10}, {"0000000000000000000000012", 10}, {"1.0", 10}, {"1e3", 10}, {"g", 16},
                   {"4294967296", 10}, {"-9007199254740993", 10}, {"1073741824", 10}, {"-1073741824", 10},
                   {"-1073741825", 10}, {"", 16}, {"-", 16}, {"+7f", 16}, {"zzzzzzzzzz", 36}, {"-zzzzzzzzzz", 36}]
         ++ [{[$1 | lists:duplicate(N, $0)], B} || N <- [8, 9, 10, 11, 15, 16, 17, 31, 33, 64, 200], B <- [2, 3, 7, 8, 10, 16, 36]]],
    [io:format("[\"print\",\"~s\",~w,\"~s\"]~n", [integer_to_list(V, 16), B, integer_to_list(V, B)])
     || V <- [0, 1, -1, 255, -255, 1 bsl 30, -(1 bsl 30), 1 bsl 31, 1 bsl 32, -(1 bsl 32), 1 bsl 53, 1 bsl 64 - 1, -(1 bsl 70),
              123456789 * 987654321 * 1 bsl 300 + 17], B <- [2, 3, 8, 10, 16, 36]].

index(L) -> lists:zip(lists:seq(0, length(L) - 1), L).

bits(F) -> <<B:64>> = <<F/float>>, [$", string:right(integer_to_list(B, 16), 16, $0), $"].

options(F, O) -> try float_to_list(F, O) catch error:badarg -> "badarg" end.

floats() ->
    Scaled = [list_to_float(M ++ "e" ++ integer_to_list(E)) || M <- ["1.0", "1.2", "1.23", "1.234567", "9.99"],
                                                              E <- lists:seq(-9, 24)],
    Single = [0.0, -0.0, 0.5, -0.4, 1.5, 2.5, 3.5, 0.125, 0.375, 999.9996, 1.005, 0.285, 9.5, 99.5, 0.05, 0.95, 0.995,
              9007199254740991.0, 9007199254740992.0, 9007199254740994.0, -9007199254740992.0, 4503599627370495.5,
              4503599627370496.5, 1234567890123456.0, 123456789012345.6, 9999999999999998.0, 1.0e15, 9.0e15, 12.0e16, -1.0e16,
              72057594037927936.0, 9223372036854775808.0, 18446744073709551616.0, 5.0e-324, 2.2250738585072014e-308,
              1.7976931348623157e308, 1.0e23, 1.0e22, 1.0e100, 1.0e200, 1.0e250, 1.0e253, 1.0e254, 1.0e255, 123456.789,
              2.0e-20, 4.35, 0.3, 2.675, 1.0e-10, 4.35e-6, 123456789.0, 1.0e-7, 100.0, 4.0e-5, 3.0517578125e-5,
              9.5367431640625e-7, 1.9073486328125e-6],
    Scaled ++ Single ++ noise(250, 88172645463325252, []).

%% A xorshift generator: doubles of any bits but infinities and NaN, and every other one of common size.
noise(0, _, Acc) -> Acc;
noise(N, S0, Acc) ->
    S1 = S0 bxor (S0 bsl 13 band 16#FFFFFFFFFFFFFFFF),
    S2 = S1 bxor (S1 bsr 7),
    S3 = S2 bxor (S2 bsl 17 band 16#FFFFFFFFFFFFFFFF),
    Bits = case N rem 2 of
               0 -> S3;
               1 -> <<X:64>> = <<(S3 bsr 58):1, (1000 + (S3 bsr 52) rem 70):11, S3:52>>, X
           end,
    case <<Bits:64>> of
        <<F/float>> -> noise(N - 1, S3, [F | Acc]);
        _ -> noise(N, S3, Acc)
    end.
