%% Processes of OTP's kernel that the engine starts when somebody first asks for them by name (src/processes/on-demand.ts), and
%% how the system stops.
-module(turbeam_processes).
-export([file_server/0, kernel_safe_sup/0, stop/1]).
-export([init/1]).

%% file_server_2, through which the module file opens files and asks for directories.
file_server() ->
    serve(file_server, [], file_server_2).

%% kernel_safe_sup, under which for instance timer puts its server.
kernel_safe_sup() ->
    serve(supervisor, {{local, kernel_safe_sup}, ?MODULE, []}, kernel_safe_sup).

%% The supervisor begins without children.
init([]) ->
    {ok, {{one_for_one, 4, 3600}, []}}.

serve(Module, Arg, Name) ->
    %% The parent is no process that could end.
    put('$ancestors', [list_to_pid("<0.1.0>")]),
    put('$initial_call', {Module, init, 1}),
    {ok, State} = Module:init(Arg),
    gen_server:enter_loop(Module, [], State, {local, Name}).

stop(Status) ->
    case turbeam:is_registered(application_controller) of
        true -> [catch application:stop(App) || {App, _, _} <- application:which_applications(), not is_kernel(App)];
        false -> ok
    end,
    halt(Status).

is_kernel(App) -> App =:= kernel orelse App =:= stdlib.
