%% Map functions for programs that run without OTP: what STDLIB's module maps documents, but for the functions that are
%% built in. Iterators are as those of OTP: [Position | Map] or {Key, Value, Rest} or none.
-module(maps).

-export([filter/2, filtermap/2, fold/3, foreach/2, get/3, groups_from_list/2, groups_from_list/3, intersect/2,
         intersect_with/3, iterator/1, map/2, merge_with/3, new/0, next/1, size/1, to_list/1, update_with/3,
         update_with/4, with/2, without/2]).
-export([find/2, from_keys/2, from_list/1, get/2, is_key/2, keys/1, merge/2, put/3, remove/2, take/2, update/3,
         values/1]).

-compile({no_auto_import, [size/1]}).

%% Built in; the virtual machine never calls these.
find(_, _) -> erlang:nif_error(undef).
from_keys(_, _) -> erlang:nif_error(undef).
from_list(_) -> erlang:nif_error(undef).
get(_, _) -> erlang:nif_error(undef).
is_key(_, _) -> erlang:nif_error(undef).
keys(_) -> erlang:nif_error(undef).
merge(_, _) -> erlang:nif_error(undef).
put(_, _, _) -> erlang:nif_error(undef).
remove(_, _) -> erlang:nif_error(undef).
take(_, _) -> erlang:nif_error(undef).
update(_, _, _) -> erlang:nif_error(undef).
values(_) -> erlang:nif_error(undef).

new() -> #{}.

size(Map) when is_map(Map) -> map_size(Map);
size(Map) -> erlang:error({badmap, Map}, [Map]).

get(Key, Map, Default) when is_map(Map) ->
    case Map of
        #{Key := Value} -> Value;
        #{} -> Default
    end;
get(Key, Map, Default) -> erlang:error({badmap, Map}, [Key, Map, Default]).

to_list(Map) when is_map(Map) -> erts_internal:map_next(0, Map, []);
to_list(Map) -> erlang:error({badmap, Map}, [Map]).

iterator(Map) when is_map(Map) -> [0 | Map];
iterator(Map) -> erlang:error({badmap, Map}, [Map]).

next({_, _, _} = Iterator) -> Iterator;
next([Position | Map]) when is_integer(Position), is_map(Map) -> erts_internal:map_next(Position, Map, iterator);
next(none) -> none;
next(Iterator) -> erlang:error(badarg, [Iterator]).

fold(F, Acc, Map) when is_function(F, 3) ->
    case pairs(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Acc, Map]);
        Pairs -> fold_1(F, Acc, Pairs)
    end;
fold(F, Acc, Map) -> erlang:error(badarg, [F, Acc, Map]).

fold_1(F, Acc, [{K, V} | T]) -> fold_1(F, F(K, V, Acc), T);
fold_1(_, Acc, []) -> Acc.

foreach(F, Map) when is_function(F, 2) ->
    case pairs(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        Pairs -> foreach_1(F, Pairs)
    end;
foreach(F, Map) -> erlang:error(badarg, [F, Map]).

foreach_1(F, [{K, V} | T]) ->
    F(K, V),
    foreach_1(F, T);
foreach_1(_, []) -> ok.

map(F, Map) when is_function(F, 2) ->
    case pairs(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        Pairs -> maps:from_list(map_1(F, Pairs))
    end;
map(F, Map) -> erlang:error(badarg, [F, Map]).

map_1(F, [{K, V} | T]) -> [{K, F(K, V)} | map_1(F, T)];
map_1(_, []) -> [].

filter(Pred, Map) when is_function(Pred, 2) ->
    case pairs(Map) of
        badmap -> erlang:error({badmap, Map}, [Pred, Map]);
        Pairs -> maps:from_list(filter_1(Pred, Pairs))
    end;
filter(Pred, Map) -> erlang:error(badarg, [Pred, Map]).

filter_1(Pred, [{K, V} = Pair | T]) ->
    case Pred(K, V) of
        true -> [Pair | filter_1(Pred, T)];
        false -> filter_1(Pred, T)
    end;
filter_1(_, []) -> [].

filtermap(F, Map) when is_function(F, 2) ->
    case pairs(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        Pairs -> maps:from_list(filtermap_1(F, Pairs))
    end;
filtermap(F, Map) -> erlang:error(badarg, [F, Map]).

filtermap_1(F, [{K, V} = Pair | T]) ->
    case F(K, V) of
        true -> [Pair | filtermap_1(F, T)];
        {true, New} -> [{K, New} | filtermap_1(F, T)];
        false -> filtermap_1(F, T)
    end;
filtermap_1(_, []) -> [].

%% The pairs of a map or of what an iterator still has; badmap if it is neither.
pairs(Map) when is_map(Map) -> erts_internal:map_next(0, Map, []);
pairs([Position | Map]) when is_integer(Position), is_map(Map) -> erts_internal:map_next(Position, Map, []);
pairs({K, V, Rest}) -> [{K, V} | pairs(Rest)];
pairs(none) -> [];
pairs(_) -> badmap.

%% Why a call fails whose last argument should be a map, and another one something else.
reason(Map) when is_map(Map) -> badarg;
reason(Map) -> {badmap, Map}.

reason(A, B) when is_map(A) -> reason(B);
reason(A, _) -> {badmap, A}.

update_with(Key, F, Map) when is_map(Map), is_function(F, 1) ->
    case Map of
        #{Key := Value} -> Map#{Key := F(Value)};
        #{} -> erlang:error({badkey, Key}, [Key, F, Map])
    end;
update_with(Key, F, Map) -> erlang:error(reason(Map), [Key, F, Map]).

update_with(Key, F, Init, Map) when is_map(Map), is_function(F, 1) ->
    case Map of
        #{Key := Value} -> Map#{Key := F(Value)};
        #{} -> Map#{Key => Init}
    end;
update_with(Key, F, Init, Map) -> erlang:error(reason(Map), [Key, F, Init, Map]).

with(Keys, Map) when is_list(Keys), is_map(Map) -> maps:from_list(with_1(Keys, Map));
with(Keys, Map) -> erlang:error(reason(Map), [Keys, Map]).

with_1([Key | Keys], Map) ->
    case Map of
        #{Key := Value} -> [{Key, Value} | with_1(Keys, Map)];
        #{} -> with_1(Keys, Map)
    end;
with_1([], _) -> [].

without(Keys, Map) when is_list(Keys), is_map(Map) -> without_1(Keys, Map);
without(Keys, Map) -> erlang:error(reason(Map), [Keys, Map]).

without_1([Key | Keys], Map) -> without_1(Keys, maps:remove(Key, Map));
without_1([], Map) -> Map.

merge_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) -> merge_with_1(F, to_list(B), A);
merge_with(F, A, B) when is_function(F, 3) -> erlang:error(reason(A, B), [F, A, B]);
merge_with(F, A, B) -> erlang:error(badarg, [F, A, B]).

merge_with_1(F, [{Key, New} | T], Map) ->
    case Map of
        #{Key := Old} -> merge_with_1(F, T, Map#{Key := F(Key, Old, New)});
        #{} -> merge_with_1(F, T, Map#{Key => New})
    end;
merge_with_1(_, [], Map) -> Map.

intersect(A, B) when is_map(A), is_map(B) -> maps:from_list([Pair || {Key, _} = Pair <- to_list(B), is_map_key(Key, A)]);
intersect(A, B) -> erlang:error(reason(A, B), [A, B]).

intersect_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) ->
    maps:from_list([{Key, F(Key, map_get(Key, A), New)} || {Key, New} <- to_list(B), is_map_key(Key, A)]);
intersect_with(F, A, B) when is_function(F, 3) -> erlang:error(reason(A, B), [F, A, B]);
intersect_with(F, A, B) -> erlang:error(badarg, [F, A, B]).

groups_from_list(KeyOf, L) when is_function(KeyOf, 1), is_list(L) -> groups(KeyOf, fun(E) -> E end, reversed(L), #{});
groups_from_list(KeyOf, L) -> erlang:error(badarg, [KeyOf, L]).

groups_from_list(KeyOf, ValueOf, L) when is_function(KeyOf, 1), is_function(ValueOf, 1), is_list(L) ->
    groups(KeyOf, ValueOf, reversed(L), #{});
groups_from_list(KeyOf, ValueOf, L) -> erlang:error(badarg, [KeyOf, ValueOf, L]).

reversed(L) -> lists:reverse(L, []).

groups(KeyOf, ValueOf, [E | T], Groups) ->
    Key = KeyOf(E),
    case Groups of
        #{Key := Group} -> groups(KeyOf, ValueOf, T, Groups#{Key := [ValueOf(E) | Group]});
        #{} -> groups(KeyOf, ValueOf, T, Groups#{Key => [ValueOf(E)]})
    end;
groups(_, _, [], Groups) -> Groups.
