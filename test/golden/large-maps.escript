#!/usr/bin/env escript
%% Records what native Erlang says of large maps:  escript large-maps.escript > large-maps.jsonl
%% A line is a map in external format, its keys in native's own order; its size, phash2 and phash2 of its external
%% format with keys in order (deterministic); how it compares to the maps before it (-1, 0, 1).
-mode(compile).

main(_) -> lines(maps(), []).

lines([], _) -> ok;
lines([M | Rest], Before) ->
    io:format("{\"term\":\"~s\",\"size\":~w,\"phash2\":~w,\"deterministic\":~w,\"order\":~w}~n",
              [base64:encode(term_to_binary(M)), map_size(M), erlang:phash2(M), erlang:phash2(term_to_binary(M, [deterministic])), [sign(M, B) || B <- lists:reverse(Before)]]),
    lines(Rest, [M | Before]).

sign(A, B) when A == B -> 0;
sign(A, B) when A < B -> -1;
sign(_, _) -> 1.

maps() ->
    Integers = maps:from_list([{I, I * I} || I <- lists:seq(-20, 60)]),
    Mixed = maps:from_list([{key(I), key(I + 3)} || I <- lists:seq(1, 150)]),
    [maps:from_list([{I, []} || I <- lists:seq(1, 33)]), maps:from_list([{I * 1.0, []} || I <- lists:seq(1, 33)]), maps:from_list([{I, []} || I <- lists:seq(2, 34)]),
     maps:from_list([{list_to_atom([$a + I]), I} || I <- lists:seq(0, 40)]), Integers, Integers#{0 := 0.0}, Integers#{3 := -1}, (maps:remove(60, Integers))#{59.5 => x},
     (maps:remove(60, Integers))#{a => x}, Integers#{a => Integers}, #{Integers => 1}, Mixed, Mixed#{key(7) := z}, maps:remove(key(9), Mixed#{key(200) => 1}), maps:map(fun(_, V) -> #{V => Integers} end, maps:with(lists:seq(1, 5), Integers)),
     maps:from_list([{<<I:16>>, {I}} || I <- lists:seq(1, 300)])].

key(I) ->
    case I rem 10 of
        0 -> I;
        1 -> I / 4;
        2 -> list_to_atom("name" ++ integer_to_list(I));
        3 -> {I, [I]};
        4 -> <<I:12>>;
        5 -> 1 bsl I;
        6 -> -(1 bsl I);
        7 -> "text" ++ [I];
        8 -> #{I => I, 1.0 * I => I};
        9 -> [{}, I | improper]
    end.
