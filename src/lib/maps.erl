%% Map functions for programs that run without OTP: what STDLIB's module maps documents, but for the functions that are
%% built in. Iterators are as those of OTP: [Position | Map] or {Key, Value, Rest} or none; of a large map,
%% erts_internal:map_next/3 gives some keys at a time. Ordered iterators are those of OTP 26.
-module(maps).

-export([filter/2, filtermap/2, fold/3, foreach/2, get/3, groups_from_list/2, groups_from_list/3, intersect/2,
         intersect_with/3, is_iterator_valid/1, iterator/1, iterator/2, map/2, merge_with/3, new/0, next/1, size/1, to_list/1, update_with/3,
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

to_list(Map) when is_map(Map) -> pairs(erts_internal:map_next(0, Map, []));
to_list(Iterator) ->
    case first(Iterator) of
        badmap -> erlang:error({badmap, Iterator}, [Iterator]);
        First -> to_list_1(First)
    end.

to_list_1({K, V, Rest}) -> [{K, V} | to_list_1(next(Rest))];
to_list_1(none) -> [].

%% Pairs of a large map come with the position of those that are still missing.
pairs([Position, Map | Pairs]) when is_integer(Position) -> pairs(erts_internal:map_next(Position, Map, Pairs));
pairs(Pairs) -> Pairs.

iterator(Map) when is_map(Map) -> [0 | Map];
iterator(Map) -> erlang:error({badmap, Map}, [Map]).

iterator(Map, undefined) when is_map(Map) -> [0 | Map];
iterator(Map, ordered) when is_map(Map) -> [lists:sort(fun before/2, keys(Map)) | Map];
iterator(Map, reversed) when is_map(Map) -> [lists:sort(fun(A, B) -> before(B, A) end, keys(Map)) | Map];
iterator(Map, Before) when is_map(Map), is_function(Before, 2) -> [lists:sort(Before, keys(Map)) | Map];
iterator(Map, Order) when is_map(Map) -> erlang:error(badarg, [Map, Order]);
iterator(Map, Order) -> erlang:error({badmap, Map}, [Map, Order]).

%% The order of keys, which the order of maps shows: that of maps with these keys.
before(A, B) -> #{A => []} =< #{B => []}.

is_iterator_valid(Iterator) ->
    try next(Iterator) of
        _ -> true
    catch
        error:badarg -> false
    end.

next({_, _, _} = Iterator) -> Iterator;
next([Position | Map] = Iterator) when is_map(Map) ->
    try
        erts_internal:map_next(Position, Map, iterator)
    catch
        error:badarg -> erlang:error(badarg, [Iterator])
    end;
next(none) -> none;
next(Iterator) -> erlang:error(badarg, [Iterator]).

%% The first key of a map or iterator as next/1 gives it; badmap if it is neither.
first(Map) when is_map(Map) -> erts_internal:map_next(0, Map, iterator);
first(Iterator) ->
    try
        next(Iterator)
    catch
        error:badarg -> badmap
    end.

fold(F, Acc, Map) when is_function(F, 3) ->
    case first(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Acc, Map]);
        First -> fold_1(F, Acc, First)
    end;
fold(F, Acc, Map) -> erlang:error(badarg, [F, Acc, Map]).

fold_1(F, Acc, {K, V, Rest}) -> fold_1(F, F(K, V, Acc), next(Rest));
fold_1(_, Acc, none) -> Acc.

foreach(F, Map) when is_function(F, 2) ->
    case first(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        First -> foreach_1(F, First)
    end;
foreach(F, Map) -> erlang:error(badarg, [F, Map]).

foreach_1(F, {K, V, Rest}) ->
    F(K, V),
    foreach_1(F, next(Rest));
foreach_1(_, none) -> ok.

map(F, Map) when is_function(F, 2) ->
    case first(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        First -> maps:from_list(map_1(F, First))
    end;
map(F, Map) -> erlang:error(badarg, [F, Map]).

map_1(F, {K, V, Rest}) -> [{K, F(K, V)} | map_1(F, next(Rest))];
map_1(_, none) -> [].

filter(Pred, Map) when is_function(Pred, 2) ->
    case first(Map) of
        badmap -> erlang:error({badmap, Map}, [Pred, Map]);
        First -> maps:from_list(filter_1(Pred, First))
    end;
filter(Pred, Map) -> erlang:error(badarg, [Pred, Map]).

filter_1(Pred, {K, V, Rest}) ->
    case Pred(K, V) of
        true -> [{K, V} | filter_1(Pred, next(Rest))];
        false -> filter_1(Pred, next(Rest))
    end;
filter_1(_, none) -> [].

filtermap(F, Map) when is_function(F, 2) ->
    case first(Map) of
        badmap -> erlang:error({badmap, Map}, [F, Map]);
        First -> maps:from_list(filtermap_1(F, First))
    end;
filtermap(F, Map) -> erlang:error(badarg, [F, Map]).

filtermap_1(F, {K, V, Rest}) ->
    case F(K, V) of
        true -> [{K, V} | filtermap_1(F, next(Rest))];
        {true, New} -> [{K, New} | filtermap_1(F, next(Rest))];
        false -> filtermap_1(F, next(Rest))
    end;
filtermap_1(_, none) -> [].

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

%% The smaller map is gone over, the larger one updated.
merge_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) ->
    if
        map_size(A) > map_size(B) -> merge_with_1(F, first(B), A);
        true -> merge_with_2(F, first(A), B)
    end;
merge_with(F, A, B) when is_function(F, 3) -> erlang:error(reason(A, B), [F, A, B]);
merge_with(F, A, B) -> erlang:error(badarg, [F, A, B]).

merge_with_1(F, {Key, New, Rest}, Map) ->
    case Map of
        #{Key := Old} -> merge_with_1(F, next(Rest), Map#{Key := F(Key, Old, New)});
        #{} -> merge_with_1(F, next(Rest), Map#{Key => New})
    end;
merge_with_1(_, none, Map) -> Map.

merge_with_2(F, {Key, Old, Rest}, Map) ->
    case Map of
        #{Key := New} -> merge_with_2(F, next(Rest), Map#{Key := F(Key, Old, New)});
        #{} -> merge_with_2(F, next(Rest), Map#{Key => Old})
    end;
merge_with_2(_, none, Map) -> Map.

intersect(A, B) when is_map(A), is_map(B) ->
    if
        map_size(A) =< map_size(B) -> maps:from_list(common(first(A), B));
        true -> maps:from_list(kept(first(B), A))
    end;
intersect(A, B) -> erlang:error(reason(A, B), [A, B]).

%% The keys that Map has too, with its values.
common({Key, _, Rest}, Map) ->
    case Map of
        #{Key := Value} -> [{Key, Value} | common(next(Rest), Map)];
        #{} -> common(next(Rest), Map)
    end;
common(none, _) -> [].

%% The keys that Map has too, with the values of the iterator.
kept({Key, Value, Rest}, Map) when is_map_key(Key, Map) -> [{Key, Value} | kept(next(Rest), Map)];
kept({_, _, Rest}, Map) -> kept(next(Rest), Map);
kept(none, _) -> [].

intersect_with(F, A, B) when is_function(F, 3), is_map(A), is_map(B) ->
    if
        map_size(A) =< map_size(B) -> maps:from_list(intersect_with_1(F, first(A), B));
        true -> maps:from_list(intersect_with_2(F, A, first(B)))
    end;
intersect_with(F, A, B) when is_function(F, 3) -> erlang:error(reason(A, B), [F, A, B]);
intersect_with(F, A, B) -> erlang:error(badarg, [F, A, B]).

intersect_with_1(F, {Key, Old, Rest}, B) ->
    case B of
        #{Key := New} -> [{Key, F(Key, Old, New)} | intersect_with_1(F, next(Rest), B)];
        #{} -> intersect_with_1(F, next(Rest), B)
    end;
intersect_with_1(_, none, _) -> [].

intersect_with_2(F, A, {Key, New, Rest}) ->
    case A of
        #{Key := Old} -> [{Key, F(Key, Old, New)} | intersect_with_2(F, A, next(Rest))];
        #{} -> intersect_with_2(F, A, next(Rest))
    end;
intersect_with_2(_, _, none) -> [].

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
