%% Processes of OTP's kernel that the engine starts when somebody first asks for them (src/processes/on-demand.ts), parts of it
%% that begin as a whole (src/processes/parts.ts), and how the system stops.
-module(turbeam_processes).
-export([file_server/0, kernel_sup/0, kernel_safe_sup/0, kernel/0, reporter/0, await/4, flush/0, stop/1]).
%% For other parts.
-export([begin_as/1, begun/1, description/1]).
-export([init/1]).

%% file_server_2, through which the module file opens files and asks for directories.
file_server() ->
    serve(file_server, [], file_server_2).

%% kernel_sup, under which the logger's processes and in some releases timer's server are.
kernel_sup() ->
    serve(supervisor, {{local, kernel_sup}, ?MODULE, []}, kernel_sup).

%% kernel_safe_sup, under which for instance dets has its server.
kernel_safe_sup() ->
    serve(supervisor, {{local, kernel_safe_sup}, ?MODULE, []}, kernel_safe_sup).

%% The supervisors begin without children.
init([]) ->
    {ok, {{one_for_one, 4, 3600}, []}}.

serve(Module, Arg, Name) ->
    begin_as(Module),
    case Module:init(Arg) of
        {ok, State} -> gen_server:enter_loop(Module, [], State, {local, Name});
        {ok, State, Timeout} -> gen_server:enter_loop(Module, [], State, {local, Name}, Timeout)
    end.

begin_as(Module) ->
    %% The parent is no process that could end.
    put('$ancestors', [list_to_pid("<0.1.0>")]),
    put('$initial_call', {Module, init, 1}),
    ok.

%% The process turbeam_kernel: begins the application controller, with kernel and stdlib running, and the logger, with its default
%% handler, and stays as their parent. The two belong together: the controller logs, and the logger asks it to keep its settings.
kernel() ->
    begin_as(?MODULE),
    {ok, _} = logger_server:start_link(),
    {ok, _} = application_controller:start(description(kernel)),
    ok = application:load(description(stdlib)),
    ok = application:start(kernel, permanent),
    ok = application:start(stdlib, permanent),
    ok = logger:internal_init_logger(),
    {ok, _} = supervisor:start_child(kernel_sup, #{
        id => logger_sup,
        start => {logger_sup, start_link, []},
        restart => permanent,
        shutdown => infinity,
        type => supervisor,
        modules => [logger_sup]
    }),
    ok = logger:add_handlers(kernel),
    {ok, _} = gen_event:start_link({local, erl_signal_server}),
    ok = erl_signal_handler:start(),
    begun(turbeam_kernel).

%% What the .app file of an application says.
description(Application) ->
    File = atom_to_list(Application) ++ ".app",
    {ok, [Description]} = turbeam:read_terms(code:where_is_file(File)),
    Description.

begun(Part) ->
    process_flag(trap_exit, true),
    turbeam:set_begun(Part),
    answer().

answer() ->
    receive
        {is_begun, From, Ref} -> From ! Ref;
        _ -> ok
    end,
    answer().

%% Calls a function when a part of the system has begun.
await(Part, M, F, Args) ->
    case turbeam:must_wait(Part) of
        true -> await(Part);
        false -> ok
    end,
    apply(M, F, Args).

await(Part) ->
    Pid = whereis(Part),
    Ref = monitor(process, Pid),
    Pid ! {is_begun, self(), Ref},
    receive
        Ref -> demonitor(Ref, [flush]);
        {'DOWN', Ref, process, Pid, Reason} -> exit({Part, Reason})
    end.

%% The process turbeam_reporter: takes reports while nobody logs, and hands them on when the logger has begun.
reporter() ->
    receive
        Report when element(1, Report) =:= log ->
            is_pid(whereis(logger)) andalso (logger_proxy ! Report),
            reporter();
        {is_begun, From, Ref} ->
            From ! Ref,
            reporter()
    end.

%% Waits until what was logged has been written.
flush() ->
    turbeam:is_registered(turbeam_reporter) andalso await(turbeam_reporter),
    case turbeam:is_registered(logger) of
        true ->
            await(turbeam_kernel),
            catch sys:get_state(logger_proxy, 2000),
            [catch logger_std_h:filesync(Id) || #{id := Id, module := logger_std_h} <- logger:get_handler_config()],
            turbeam:is_registered('Elixir.Logger') andalso (catch 'Elixir.Logger':flush()),
            ok;
        false ->
            ok
    end.

%% The applications stop, the last one first; then the system.
stop(Status) ->
    flush(),
    turbeam:is_registered(application_controller) andalso
        (catch gen_server:stop(application_controller, shutdown, 5000)),
    halt(Status).
