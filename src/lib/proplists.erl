%% Property lists for programs that run without OTP: part of what STDLIB's module proplists documents. A property is a
%% tuple whose first element is the key; the atom K stands for {K, true}.
-module(proplists).

-export([append_values/2, compact/1, delete/2, get_all_values/2, get_bool/2, get_keys/1, get_value/2, get_value/3,
         is_defined/2, lookup/2, lookup_all/2, property/1, property/2, unfold/1]).

get_value(Key, L) -> get_value(Key, L, undefined).

get_value(Key, [P | T], Default) ->
    if
        is_atom(P), P =:= Key -> true;
        element(1, P) =:= Key ->
            case P of
                {_, Value} -> Value;
                _ -> Default
            end;
        true -> get_value(Key, T, Default)
    end;
get_value(_, [], Default) -> Default.

get_bool(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> true;
        element(1, P) =:= Key -> P =:= {Key, true};
        true -> get_bool(Key, T)
    end;
get_bool(_, []) -> false.

get_all_values(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> [true | get_all_values(Key, T)];
        element(1, P) =:= Key ->
            case P of
                {_, Value} -> [Value | get_all_values(Key, T)];
                _ -> get_all_values(Key, T)
            end;
        true -> get_all_values(Key, T)
    end;
get_all_values(_, []) -> [].

append_values(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> [true | append_values(Key, T)];
        element(1, P) =:= Key ->
            case P of
                {_, Value} when is_list(Value) -> Value ++ append_values(Key, T);
                {_, Value} -> [Value | append_values(Key, T)];
                _ -> append_values(Key, T)
            end;
        true -> append_values(Key, T)
    end;
append_values(_, []) -> [].

is_defined(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> true;
        element(1, P) =:= Key -> true;
        true -> is_defined(Key, T)
    end;
is_defined(_, []) -> false.

delete(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> delete(Key, T);
        element(1, P) =:= Key -> delete(Key, T);
        true -> [P | delete(Key, T)]
    end;
delete(_, []) -> [].

lookup(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> {Key, true};
        element(1, P) =:= Key -> P;
        true -> lookup(Key, T)
    end;
lookup(_, []) -> none.

lookup_all(Key, [P | T]) ->
    if
        is_atom(P), P =:= Key -> [{Key, true} | lookup_all(Key, T)];
        element(1, P) =:= Key -> [P | lookup_all(Key, T)];
        true -> lookup_all(Key, T)
    end;
lookup_all(_, []) -> [].

get_keys(L) ->
    maps:keys(maps:from_keys([key(P) || P <- L, is_atom(P) orelse (is_tuple(P) andalso tuple_size(P) > 0)], true)).

key(P) when is_atom(P) -> P;
key(P) -> element(1, P).

property({Key, true}) when is_atom(Key) -> Key;
property(P) -> P.

property(Key, true) when is_atom(Key) -> Key;
property(Key, Value) -> {Key, Value}.

compact(L) -> [property(P) || P <- L].

unfold([P | T]) when is_atom(P) -> [{P, true} | unfold(T)];
unfold([P | T]) -> [P | unfold(T)];
unfold([]) -> [].
