#!/usr/bin/env escript
-mode(compile).
%% Local time and universal time as native Erlang converts them in the time zone of TZ. For all zones:
%%   for zone in UTC Europe/Berlin America/New_York Asia/Kolkata Australia/Lord_Howe; do TZ=$zone escript calendar.escript; done > calendar.jsonl
%% A line is [zone, call, result], the last two as in calls.jsonl.
main([]) ->
    true = code:add_patha(filename:join(filename:dirname(escript:script_name()), "../fixtures/calls")),
    %% Which of two times an hour of the night is in autumn, the C library decides differently from call to call.
    Calls = [{erlang, F, [T]} || F <- [universaltime_to_localtime, universaltime_to_posixtime], T <- times()] ++
        [{erlang, localtime_to_universaltime, [T]} || {_, {H, _, _}} = T <- times(), H =/= 1, H =/= 2] ++
        [{erlang, localtime_to_universaltime, [T, D]} || {{Y, _, _}, _} = T <- times(), Y >= 2000, Y =< 2024, D <- [true, false]] ++
        [{erlang, posixtime_to_universaltime, [S]} || S <- seconds()],
    [begin
         [Result] = bif_calls:run([Call]),
         io:put_chars(["[\"", os:getenv("TZ"), "\",\"", text(Call), "\",\"", text(Result), "\"]\n"])
     end || Call <- Calls],
    ok.

text(Term) -> base64:encode(term_to_binary(Term)).

times() ->
    [{{Y, M, D}, {H, 30, 0}} || Y <- [1975, 2000, 2024, 2500], {M, D} <- [{1, 1}, {3, 31}, {4, 7}, {7, 4}, {10, 6}, {10, 27}, {11, 3}, {12, 31}], H <- [0, 1, 2, 3, 23]] ++
        [{{Y, 2, 29}, {12, 0, 59}} || Y <- [1600, 1900, 2000, 2024, 2100, 300000, 2147483644, 2147483646]] ++
        [{{Y, 1, 1}, {0, 0, 0}} || Y <- [1599, 1600, 1901, 1970, 100000, 2147483646, 2147483647, 1 bsl 40]] ++
        [{{2024, 4, 31}, {0, 0, 0}}, {{2024, 0, 1}, {0, 0, 0}}, {{2024, 13, 1}, {0, 0, 0}}, {{2024, 1, 0}, {0, 0, 0}}, {{2024, 1, 1}, {24, 0, 0}},
         {{2024, 1, 1}, {0, 60, 0}}, {{2024, 1, 1}, {0, 0, 60}}, {{2024, 1, 1}, {0, 0, -1}}, {{2024, 1, 1}, {0, 0, 1.0}}, {{2024, 1}, {0, 0, 0}}].

seconds() ->
    [0, -1, 1, 951782400, 4102444800, -62135596800, -62135596801, -62167219200, -11676096000, -11676096001, 1 bsl 40, -(1 bsl 40), (1 bsl 53) + 1,
     67767976233532799, 67767976233532800, -(1 bsl 59), (1 bsl 63) - 1, 1 bsl 63, -(1 bsl 63), -(1 bsl 63) - 1, 1.0, a].
