%% What a running system asks of init: how it was started, and to stop. There is no boot script here; the engine starts what is
%% needed when it is needed.
-module(init).
-export([
    get_arguments/0, get_argument/1, get_plain_arguments/0,
    get_status/0, script_id/0, script_name/0,
    notify_when_started/1, wait_until_started/0, run_on_load_handlers/0,
    objfile_extension/0, archive_extension/0, code_path_choice/0,
    ensure_loaded/1, fetch_loaded/0, make_permanent/2,
    get_configfd/1, set_configfd/2,
    stop/0, stop/1, restart/0, restart/1, reboot/0
]).

%% Flags as erl -noshell has them.
get_arguments() ->
    [{root, [code:root_dir()]}, {progname, ["turbeam"]}, {home, [home()]}, {noshell, []}].

home() ->
    case os:getenv("HOME") of
        false -> "/";
        Home -> Home
    end.

get_argument(Flag) ->
    case [Values || {F, Values} <- get_arguments(), F =:= Flag] of
        [] -> error;
        All -> {ok, All}
    end.

%% What stands behind -- on the command line.
get_plain_arguments() ->
    turbeam:plain_arguments().

get_status() ->
    {started, started}.

script_id() ->
    {"Erlang/OTP", erlang:system_info(otp_release)}.

script_name() ->
    "turbeam".

notify_when_started(_Pid) ->
    started.

wait_until_started() ->
    ok.

run_on_load_handlers() ->
    ok.

objfile_extension() ->
    ".beam".

archive_extension() ->
    ".ez".

code_path_choice() ->
    strict.

ensure_loaded(Module) ->
    code:ensure_loaded(Module).

fetch_loaded() ->
    [].

make_permanent(_, _) ->
    ok.

get_configfd(_) ->
    none.

set_configfd(_, _) ->
    ok.

stop() ->
    stop(0).

%% Stops the applications, the last one first, then the system. Returns at once.
stop(Status) when is_integer(Status), Status >= 0; is_list(Status) ->
    turbeam:stopping(),
    spawn(fun() -> turbeam_processes:stop(Status) end),
    ok;
stop(Status) ->
    error(badarg, [Status]).

%% The engine can not start again in place: it stops.
restart() ->
    stop().

restart(_) ->
    stop().

reboot() ->
    stop().
