%% The application kernel, as far as it is one here: its processes begin one by one when they are asked for
%% (src/processes/on-demand.ts), its supervisor among them.
-module(kernel).
-export([start/2, stop/1, config_change/3]).

start(_, _) ->
    {ok, whereis(kernel_sup)}.

stop(_) ->
    ok.

config_change(_, _, _) ->
    ok.
