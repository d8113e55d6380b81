%% A small server for functions.mjs and messages.mjs: how much there is of each thing. Prices come from JavaScript.
-module(stock).
-export([start/0, add/3, value/1, watch/2, spin/0, hoard/1]).

start() -> spawn(fun() -> loop(#{}, []) end).

%% Says how much there is now.
add(Server, Thing, N) ->
    Server ! {self(), add, Thing, N},
    receive {Server, Total} -> Total end.

%% The watcher gets {stock, Thing, Total} whenever something changes.
watch(Server, Watcher) ->
    Server ! {watch, Watcher},
    ok.

%% What it is all worth: prices:price/1 is a JavaScript function.
value(Server) ->
    Server ! {self(), all},
    receive {Server, All} -> lists:sum([prices:price(T) * N || {T, N} <- maps:to_list(All)]) end.

loop(All, Watchers) ->
    receive
        {From, add, Thing, N} ->
            Total = maps:get(Thing, All, 0) + N,
            From ! {self(), Total},
            _ = [W ! {stock, Thing, Total} || W <- Watchers],
            loop(All#{Thing => Total}, Watchers);
        {From, all} ->
            From ! {self(), All},
            loop(All, Watchers);
        {watch, W} ->
            loop(All, [W | Watchers])
    end.

%% For sandbox.mjs: code that one should not trust.
spin() -> spin().
hoard(L) -> hoard([L | L]).
