%% Loading of modules: what the runtime itself can not do because it runs Erlang code on the way (on_load functions), and
%% what the code module is made of. There is no server: whoever wants something loaded does it.
-module(turbeam_code).
-export([undefined_function/3, ensure_loaded/1, load_file/2, load_binary/3, finish/2, purge/1, soft_purge/1]).

%% Called in place of a function whose module has an on_load function that has not run yet.
undefined_function(M, F, Args) ->
    case finish_on_load(M) andalso erlang:function_exported(M, F, length(Args)) of
        true -> apply(M, F, Args);
        false -> no_function(M, F, Args)
    end.

no_function(M, F, Args) ->
    try
        error(undef)
    catch
        error:undef:Stack -> erlang:raise(error, undef, [{M, F, Args, []} | tl(Stack)])
    end.

%% {module, M}, or {error, What}
ensure_loaded(M) ->
    case erlang:module_loaded(M) orelse finish_on_load(M) of
        true ->
            {module, M};
        false ->
            case turbeam:module_file(M) of
                false -> {error, nofile};
                File -> load_file(M, File)
            end
    end.

load_file(M, File) ->
    case turbeam:read_file(File) of
        {ok, Code} ->
            case erlang:prepare_loading(M, Code) of
                {error, _} = Error -> Error;
                Prepared -> finish(M, [{M, File, Prepared}])
            end;
        {error, _} ->
            {error, nofile}
    end.

load_binary(M, File, Code) ->
    case erlang:prepare_loading(M, Code) of
        {error, _} = Error ->
            Error;
        Prepared ->
            purge(M),
            finish(M, [{M, File, Prepared}])
    end.

%% Makes one prepared module current.
finish(M, [{M, File, Prepared}]) ->
    case erlang:finish_loading([Prepared]) of
        ok ->
            turbeam:set_module_file(M, File),
            {module, M};
        {on_load, [M]} ->
            turbeam:set_module_file(M, File),
            case finish_on_load(M) of
                true -> {module, M};
                false -> {error, on_load_failure}
            end;
        {What, [M]} ->
            {error, What}
    end.

%% Waits until the on_load function of the module, if it still has to run, has done so, in a process of its own; whether the
%% version that it belongs to is current then.
finish_on_load(M) ->
    case turbeam:on_load_process(M) of
        none ->
            erlang:module_loaded(M);
        nobody ->
            {Pid, Monitor} = spawn_monitor(fun() -> run_on_load(M) end),
            receive
                {'DOWN', Monitor, process, Pid, {on_load, ok}} ->
                    true;
                {'DOWN', Monitor, process, Pid, {on_load, Other}} ->
                    turbeam:report_on_load(M, Other),
                    false;
                {'DOWN', Monitor, process, Pid, is_running} ->
                    finish_on_load(M);
                {'DOWN', Monitor, process, Pid, Reason} ->
                    drop(M),
                    turbeam:report_on_load(M, Reason),
                    false
            end;
        Pid when Pid =:= self() ->
            %% The on_load function calls its own module.
            erlang:module_loaded(M);
        Pid ->
            Monitor = monitor(process, Pid),
            receive
                {'DOWN', Monitor, process, Pid, {on_load, ok}} -> true;
                {'DOWN', Monitor, process, Pid, {on_load, _}} -> false;
                {'DOWN', Monitor, process, Pid, _} -> finish_on_load(M)
            end
    end.

run_on_load(M) ->
    case turbeam:claim_on_load(M) of
        true ->
            case erlang:call_on_load_function(M) of
                ok ->
                    true = erlang:finish_after_on_load(M, true),
                    exit({on_load, ok});
                Other ->
                    drop(M),
                    exit({on_load, Other})
            end;
        false ->
            exit(is_running)
    end.

%% Drops the version whose on_load function failed.
drop(M) ->
    erts_internal:purge_module(M, prepare_on_load) andalso erts_internal:purge_module(M, complete).

%% Drops the old version, and the processes that run it: whether there were any.
purge(M) ->
    case erts_internal:purge_module(M, prepare) of
        false ->
            false;
        true ->
            Users = users(M),
            %% The caller last: nobody else would finish.
            Monitors = [begin exit(Pid, kill), monitor(process, Pid) end || Pid <- Users, Pid =/= self()],
            [receive {'DOWN', Monitor, process, _, _} -> ok end || Monitor <- Monitors],
            erts_internal:purge_module(M, complete),
            Users =/= []
    end.

%% Drops the old version unless a process runs it: whether there is none any more.
soft_purge(M) ->
    case erts_internal:purge_module(M, prepare) of
        false ->
            true;
        true ->
            case users(M) of
                [] -> erts_internal:purge_module(M, complete);
                _ -> erts_internal:purge_module(M, abort), false
            end
    end.

users(M) -> [Pid || Pid <- processes(), erlang:check_process_code(Pid, M) =:= true].
