%% Elixir's runtime, which begins when something of it is asked for (src/processes/parts.ts); and how a program of Elixir's is
%% run, as Elixir's command and its escripts do it: exceptions are printed in Elixir's words, exit({shutdown, N}) ends with that exit
%% code, functions given to System.at_exit/1 run at the end.
-module(turbeam_elixir).
-export([runtime/0, main/3]).

%% The process turbeam_elixir_runtime: begins the applications that the command elixir begins before it looks at its arguments.
runtime() ->
    turbeam_processes:begin_as(?MODULE),
    case code:where_is_file("elixir.app") of
        non_existing -> ok;
        _ -> start_applications()
    end,
    turbeam_processes:begun(turbeam_elixir_runtime).

start_applications() ->
    [application:load(turbeam_processes:description(App)) || App <- [compiler, elixir, logger]],
    wants_colours() andalso application:set_env(elixir, ansi_enabled, true),
    {ok, _} = application:ensure_all_started(elixir),
    elixir_config:put(argv, [unicode:characters_to_binary(Arg) || Arg <- init:get_plain_arguments()]),
    application:start(logger).

wants_colours() ->
    turbeam:geometry(1) =/= undefined andalso turbeam:geometry(2) =/= undefined andalso
        lists:member(os:getenv("NO_COLOR"), [false, ""]).

%% Calls M:F(Args). Gives the exit code. Without an installed Elixir, nobody could tell of exceptions in its words.
main(M, F, Args) ->
    case code:ensure_loaded('Elixir.Kernel.CLI') of
        {module, _} ->
            run(M, F, Args);
        {error, _} ->
            apply(M, F, Args),
            0
    end.

run(M, F, Args) ->
    Result = run(fun(_) -> apply(M, F, Args) end, {ok, 0}),
    {_, Status} = at_exit(Result),
    turbeam_processes:flush(),
    Status.

%% A function in a process of its own; what the result is then. Only a failure changes it.
run(Fun, {_, Status} = Result) ->
    Caller = self(),
    {Pid, Monitor} = spawn_monitor(fun() ->
        Caller ! {self(), outcome(Fun, Status, Result)}
    end),
    receive
        {Pid, Outcome} ->
            demonitor(Monitor, [flush]),
            Outcome;
        {'DOWN', Monitor, process, _, Reason} ->
            print({'EXIT', Pid}, Reason, []),
            {shutdown, 1}
    end.

outcome(Fun, Status, Result) ->
    try Fun(Status) of
        _ -> Result
    catch
        exit:{shutdown, Code} when is_integer(Code) ->
            {shutdown, Code};
        exit:Reason when
            Reason =:= normal; Reason =:= shutdown;
            tuple_size(Reason) =:= 2, element(1, Reason) =:= shutdown
        ->
            {shutdown, 0};
        Class:Reason:Stack ->
            print(Class, Reason, Stack),
            {shutdown, 1}
    end.

%% Functions can only be there if the runtime has begun.
at_exit(Result) ->
    case turbeam:is_registered(elixir_config) andalso elixir_config:get_and_put(at_exit, []) of
        [_ | _] = Functions -> at_exit(lists:foldl(fun run/2, Result, Functions));
        _ -> Result
    end.

print(Class, Reason, Stack) ->
    Text = 'Elixir.Kernel.CLI':format_error(Class, Reason, own(Stack)),
    io:put_chars(standard_error, Text).

%% The stack without the frames of this module.
own(Stack) ->
    lists:takewhile(fun(Frame) -> element(1, Frame) =/= ?MODULE end, Stack).
