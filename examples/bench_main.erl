%% Benchmark driver: one warm-up run, then up to five timed runs, each of them in
%% a fresh process; prints "MODULE N median_us min_us checksum" for a module.
-module(bench_main).
-export([main/0, main/1, main/2, main/3, modules/0]).

-define(RUNS, 5).
%% Once this much time has passed, no further run of a module starts.
-define(BUDGET_US, 20000000).

modules() ->
    [fib, tak, ackermann, nrev, qsort, nqueens, sieve, mandelbrot, nbody,
     fannkuch, bintrees, ring, pingpong, maps_bench, hash32,
     rand58, closures, exceptions, records_dispatch, bignum, ets_bench].

%% Every benchmark at its default size.
main() -> lists:foreach(fun main/1, modules()).

%% One benchmark at its default size.
main(Module) -> main(Module, Module:default()).

%% One benchmark at size N, or at the size that `small` or `default` stands for.
main(Module, N) -> main(Module, N, ?RUNS).

main(Module, small, Runs) -> main(Module, Module:small(), Runs);
main(Module, default, Runs) -> main(Module, Module:default(), Runs);
main(Module, N, Runs) ->
    Start = now_us(),
    {_Us, Checksum} = timed_run(Module, N),
    Times = lists:sort(timed_runs(Runs, Start, Module, N, Checksum)),
    Median = lists:nth((length(Times) + 1) div 2, Times),
    io:format("~w ~w ~w ~w ~w~n", [Module, N, Median, hd(Times), Checksum]).

timed_runs(0, _Start, _Module, _N, _Checksum) -> [];
timed_runs(Runs, Start, Module, N, Checksum) ->
    {Us, Checksum} = timed_run(Module, N),
    case now_us() - Start < ?BUDGET_US of
        true -> [Us | timed_runs(Runs - 1, Start, Module, N, Checksum)];
        false -> [Us]
    end.

timed_run(Module, N) ->
    Parent = self(),
    {Pid, Monitor} = spawn_opt(fun() -> Parent ! timed_result(Module, N) end,
                               [monitor | spawn_options()]),
    receive
        {Pid, Us, Checksum} ->
            demonitor(Monitor, [flush]),
            {Us, Checksum};
        {'DOWN', Monitor, process, Pid, Reason} ->
            error({Module, N, Reason})
    end.

%% Options of the engine's own, which the caller left in its dictionary.
spawn_options() ->
    case get(spawn_options) of
        undefined -> [];
        Options -> Options
    end.

timed_result(Module, N) ->
    Start = now_us(),
    Checksum = Module:run(N),
    {self(), now_us() - Start, Checksum}.

now_us() -> erlang:monotonic_time(microsecond).
