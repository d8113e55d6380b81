%% Runs a program of Elixir's as its command and its escripts do: exceptions are printed in Elixir's words, exit({shutdown, N}) ends
%% with that exit code, functions given to System.at_exit/1 run at the end.
-module(turbeam_elixir).
-export([main/3]).

%% Calls M:F(Args). Gives the exit code.
main(M, F, Args) ->
    Result = run(fun(_) -> apply(M, F, Args) end, {ok, 0}),
    {_, Status} = at_exit(Result),
    turbeam_system:flush(),
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
