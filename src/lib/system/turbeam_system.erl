%% Begins the parts of a running OTP system that a program asks for (src/processes/parts.ts): kernel, which is the application
%% controller with kernel and stdlib running under it, and the logger; and elixir, its runtime and its logger. While a part begins,
%% nothing else runs, so nobody sees half of it.
-module(turbeam_system).
-export([demand/4, start/1, reporter/0, flush/0]).
%% The kernel application's, and its supervisor's.
-export([start/2, stop/1, config_change/3, init/1]).

%% Called in place of M:F(Args), which asks for something of a part that has not begun.
demand(Part, M, F, Args) ->
    start(Part),
    apply(M, F, Args).

%% Returns when the part runs, if it can.
start(Part) ->
    {Pid, Monitor} = spawn_monitor(fun() -> begin_parts(Part) end),
    receive
        {'DOWN', Monitor, process, Pid, _} -> ok
    end.

begin_parts(Part) ->
    turbeam:stop_others(),
    begin_part(kernel),
    %% With Elixir, its logger takes the place of OTP's.
    case Part =:= elixir orelse turbeam:uses_elixir() of
        true -> begin_part(elixir);
        false -> ok
    end.

begin_part(Part) ->
    case turbeam:begin_part(Part) of
        true when Part =:= kernel -> kernel();
        true -> elixir();
        false -> ok
    end.

%% kernel

kernel() ->
    Reporter = turbeam:reporter(),
    is_pid(Reporter) andalso unregister(logger),
    {ok, Logger} = logger_server:start_link(),
    {application, kernel, Keys} = specification(kernel),
    {ok, Controller} =
        application_controller:start({application, kernel, lists:keystore(mod, 1, Keys, {mod, {?MODULE, []}})}),
    ok = application:load(specification(stdlib)),
    ok = application:start_boot(kernel, permanent),
    ok = application:start_boot(stdlib, permanent),
    unlink(Logger),
    unlink(Controller).

%% What an application's .app file says; its name, if that can not be read here.
specification(Name) ->
    case code:where_is_file(atom_to_list(Name) ++ ".app") of
        non_existing ->
            Name;
        File ->
            case turbeam:consult(File) of
                {ok, Specification} -> Specification;
                error -> Name
            end
    end.

start(_, []) ->
    ok = logger:internal_init_logger(),
    {ok, Supervisor} = supervisor:start_link({local, kernel_sup}, ?MODULE, []),
    ok = logger:add_handlers(kernel),
    {ok, Supervisor, []}.

stop(_) ->
    ok.

config_change(_, _, _) ->
    ok.

%% The other processes of OTP's kernel begin one by one: turbeam_processes.
init([]) ->
    Logger = #{id => logger_sup, start => {logger_sup, start_link, []}, shutdown => infinity, type => supervisor},
    {ok, {#{strategy => one_for_all, intensity => 0, period => 1}, [Logger]}}.

%% elixir

%% As the command elixir does before it looks at its arguments.
elixir() ->
    [application:load(specification(App)) || App <- [compiler, elixir, logger]],
    wants_colours() andalso application:set_env(elixir, ansi_enabled, true),
    case application:ensure_all_started(elixir) of
        {ok, _} ->
            elixir_config:put(argv, [unicode:characters_to_binary(Arg) || Arg <- init:get_plain_arguments()]),
            application:start(logger);
        {error, _} ->
            ok
    end.

wants_colours() ->
    turbeam:geometry(1) =/= undefined andalso turbeam:geometry(2) =/= undefined andalso
        lists:member(os:getenv("NO_COLOR"), [false, ""]).

%% Reports

%% A process that was registered as logger when there was something to report: has the logger begin and hands it what has come.
reporter() ->
    start(kernel),
    forward().

forward() ->
    receive
        Report when element(1, Report) =:= log ->
            catch logger_proxy ! Report,
            forward()
    after 0 -> ok
    end.

%% Returns when all that has been reported until now is printed.
flush() ->
    case turbeam:reporter() of
        undefined ->
            ok;
        Reporter ->
            Monitor = monitor(process, Reporter),
            receive
                {'DOWN', Monitor, process, _, _} -> ok
            end
    end,
    case turbeam:is_registered(logger) of
        true ->
            catch logger_olp:info(persistent_term:get(logger_proxy)),
            [flush(Handler) || Handler <- logger:get_handler_config()];
        false ->
            ok
    end,
    case turbeam:is_registered('Elixir.Logger') of
        true -> catch 'Elixir.Logger':flush();
        false -> ok
    end,
    ok.

flush(#{id := Id, module := Module}) ->
    erlang:function_exported(Module, filesync, 1) andalso (catch Module:filesync(Id)).
