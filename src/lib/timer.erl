%% Time functions for programs that run without OTP: what STDLIB's module timer documents, but for its server.
-module(timer).

-export([hms/3, hours/1, minutes/1, now_diff/2, seconds/1, sleep/1, tc/1, tc/2, tc/3, tc/4]).

sleep(Milliseconds) ->
    receive after Milliseconds -> ok end.

%% How long a call takes, in microseconds or the unit asked for, and what it gives.

tc(F) -> tc_fun(F, microsecond).

tc(F, Args) when is_list(Args) -> tc_apply(fun() -> apply(F, Args) end, microsecond);
tc(F, Unit) -> tc_fun(F, Unit).

tc(M, F, Args) when is_list(Args) -> tc_apply(fun() -> apply(M, F, Args) end, microsecond);
tc(F, Args, Unit) -> tc_apply(fun() -> apply(F, Args) end, Unit).

tc(M, F, Args, Unit) -> tc_apply(fun() -> apply(M, F, Args) end, Unit).

tc_fun(F, Unit) ->
    Start = erlang:monotonic_time(),
    Value = F(),
    {since(Start, Unit), Value}.

tc_apply(F, Unit) ->
    Start = erlang:monotonic_time(),
    Value = F(),
    {since(Start, Unit), Value}.

since(Start, Unit) -> erlang:convert_time_unit(erlang:monotonic_time() - Start, native, Unit).

%% Microseconds from T1 to T2, both as erlang:timestamp/0 gives them.
now_diff({Mega2, Second2, Micro2}, {Mega1, Second1, Micro1}) ->
    ((Mega2 - Mega1) * 1000000 + Second2 - Second1) * 1000000 + Micro2 - Micro1.

seconds(N) -> 1000 * N.
minutes(N) -> 60 * 1000 * N.
hours(N) -> 60 * 60 * 1000 * N.
hms(H, M, S) -> hours(H) + minutes(M) + seconds(S).
