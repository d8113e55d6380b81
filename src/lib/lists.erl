%% List functions for programs that run without OTP: what STDLIB's module lists documents, but for the functions that
%% are built in (member/2, reverse/2, keyfind/3, keymember/3, keysearch/3).
%%
%% Functions that build a list in order recurse in the body; sorting merges from the end of one direction to the other,
%% so that every step is a tail call.
-module(lists).

-export([all/2, any/2, append/1, append/2, concat/1, delete/2, droplast/1, dropwhile/2, duplicate/2, enumerate/1,
         enumerate/2, enumerate/3, filter/2, filtermap/2, flatlength/1, flatmap/2, flatten/1, flatten/2, foldl/3,
         foldr/3, foreach/2, join/2, keydelete/3, keymap/3, keymerge/3, keyreplace/4, keysort/2, keystore/4,
         keytake/3, last/1, map/2, mapfoldl/3, mapfoldr/3, max/1, merge/1, merge/2, merge/3, merge3/3, min/1, nth/2,
         nthtail/2, partition/2, prefix/2, reverse/1, search/2, seq/2, seq/3, sort/1, sort/2, split/2, splitwith/2,
         sublist/2, sublist/3, subtract/2, suffix/2, sum/1, takewhile/2, ukeymerge/3, ukeysort/2, umerge/1, umerge/2,
         umerge/3, umerge3/3, uniq/1, uniq/2, unzip/1, unzip3/1, usort/1, usort/2, zf/2, zip/2, zip3/3, zipwith/3,
         zipwith3/4]).
-compile({no_auto_import, [max/2, min/2]}).
-export([keyfind/3, keymember/3, keysearch/3, member/2, reverse/2]).

%% Built in; the virtual machine never calls these.
keyfind(_, _, _) -> erlang:nif_error(undef).
keymember(_, _, _) -> erlang:nif_error(undef).
keysearch(_, _, _) -> erlang:nif_error(undef).
member(_, _) -> erlang:nif_error(undef).
reverse(_, _) -> erlang:nif_error(undef).

%%% Whole lists: put together, taken apart, counted

append(A, B) -> A ++ B.

append([L]) -> L;
append([L | Rest]) -> L ++ append(Rest);
append([]) -> [].

subtract(A, B) -> A -- B.

reverse([] = L) -> L;
reverse([_] = L) -> L;
reverse([A, B]) -> [B, A];
reverse([A, B | L]) -> lists:reverse(L, [B, A]).

nth(1, [H | _]) -> H;
nth(N, [_ | T]) when N > 1 -> nth(N - 1, T).

nthtail(1, [_ | T]) -> T;
nthtail(0, L) when is_list(L) -> L;
nthtail(N, [_ | T]) when N > 1 -> nthtail(N - 1, T).

last([E]) -> E;
last([E | L]) -> last(E, L).

last(E, []) -> E;
last(_, [E | L]) -> last(E, L).

droplast([_]) -> [];
droplast([H | T]) -> [H | droplast(T)].

prefix([X | A], [X | B]) -> prefix(A, B);
prefix([], L) when is_list(L) -> true;
prefix([_ | _], L) when is_list(L) -> false.

suffix(Suffix, L) ->
    Skip = length(L) - length(Suffix),
    Skip >= 0 andalso nthtail(Skip, L) =:= Suffix.

seq(From, To) when is_integer(From), is_integer(To), From =< To + 1 -> count_down(To, From, 1, []).

seq(From, To, Step) when is_integer(From), is_integer(To), is_integer(Step) ->
    if
        Step > 0, From =< To -> count_down(From + (To - From) div Step * Step, From, Step, []);
        Step < 0, From >= To -> count_up(From - (From - To) div -Step * -Step, From, -Step, []);
        Step > 0, From - Step =< To -> [];
        Step < 0, From - Step >= To -> [];
        Step =:= 0, From =:= To -> [From];
        true -> erlang:error(badarg, [From, To, Step])
    end;
seq(From, To, Step) -> erlang:error(badarg, [From, To, Step]).

count_down(N, Stop, Step, Acc) when N >= Stop -> count_down(N - Step, Stop, Step, [N | Acc]);
count_down(_, _, _, Acc) -> Acc.

count_up(N, Stop, Step, Acc) when N =< Stop -> count_up(N + Step, Stop, Step, [N | Acc]);
count_up(_, _, _, Acc) -> Acc.

duplicate(N, E) when is_integer(N), N >= 0 -> duplicate(N, E, []).

duplicate(0, _, Acc) -> Acc;
duplicate(N, E, Acc) -> duplicate(N - 1, E, [E | Acc]).

sum(L) -> sum(L, 0).

sum([H | T], Sum) -> sum(T, Sum + H);
sum([], Sum) -> Sum.

max([H | T]) -> max(T, H).

max([H | T], Max) when H > Max -> max(T, H);
max([_ | T], Max) -> max(T, Max);
max([], Max) -> Max.

min([H | T]) -> min(T, H).

min([H | T], Min) when H < Min -> min(T, H);
min([_ | T], Min) -> min(T, Min);
min([], Min) -> Min.

sublist(L, 1, N) when is_list(L), is_integer(N), N >= 0 -> sublist_2(L, N);
sublist([], From, _) when is_integer(From), From > 1 -> [];
sublist([_ | T], From, N) when is_integer(From), From > 1 -> sublist(T, From - 1, N).

sublist(L, N) when is_integer(N), is_list(L) -> sublist_2(L, N).

sublist_2([H | T], N) when N > 0 -> [H | sublist_2(T, N - 1)];
sublist_2(_, 0) -> [];
sublist_2([], N) when N > 0 -> [].

split(N, L) when is_integer(N), N >= 0, is_list(L) ->
    case split(N, L, []) of
        too_short -> erlang:error(badarg, [N, L]);
        Parts -> Parts
    end;
split(N, L) -> erlang:error(badarg, [N, L]).

split(0, L, Acc) -> {lists:reverse(Acc, []), L};
split(N, [H | T], Acc) -> split(N - 1, T, [H | Acc]);
split(_, [], _) -> too_short.

delete(E, [E | T]) -> T;
delete(E, [H | T]) -> [H | delete(E, T)];
delete(_, []) -> [].

join(_, []) -> [];
join(Separator, [H | T]) -> [H | join_prepend(Separator, T)].

join_prepend(_, []) -> [];
join_prepend(Separator, [H | T]) -> [Separator, H | join_prepend(Separator, T)].

concat(Things) -> flatmap(fun thing_to_list/1, Things).

thing_to_list(X) when is_integer(X) -> integer_to_list(X);
thing_to_list(X) when is_float(X) -> float_to_list(X);
thing_to_list(X) when is_atom(X) -> atom_to_list(X);
thing_to_list(X) when is_list(X) -> X.

flatten(L) when is_list(L) -> do_flatten(L, []).

flatten(L, Tail) when is_list(L), is_list(Tail) -> do_flatten(L, Tail).

do_flatten([H | T], Tail) when is_list(H) -> do_flatten(H, do_flatten(T, Tail));
do_flatten([H | T], Tail) -> [H | do_flatten(T, Tail)];
do_flatten([], Tail) -> Tail.

flatlength(L) -> flatlength(L, 0).

flatlength([H | T], N) when is_list(H) -> flatlength(H, flatlength(T, N));
flatlength([_ | T], N) -> flatlength(T, N + 1);
flatlength([], N) -> N.

enumerate(L) when is_list(L) -> enumerate_1(1, 1, L).

enumerate(From, L) when is_integer(From), is_list(L) -> enumerate_1(From, 1, L).

enumerate(From, Step, L) when is_integer(From), is_integer(Step), is_list(L) -> enumerate_1(From, Step, L).

enumerate_1(N, Step, [H | T]) -> [{N, H} | enumerate_1(N + Step, Step, T)];
enumerate_1(_, _, []) -> [].

uniq(L) -> uniq_1(L, #{}).

uniq_1([H | T], Seen) when is_map_key(H, Seen) -> uniq_1(T, Seen);
uniq_1([H | T], Seen) -> [H | uniq_1(T, Seen#{H => true})];
uniq_1([], _) -> [].

uniq(F, L) when is_function(F, 1) -> uniq_2(L, F, #{}).

uniq_2([H | T], F, Seen) ->
    Key = F(H),
    case Seen of
        #{Key := _} -> uniq_2(T, F, Seen);
        #{} -> [H | uniq_2(T, F, Seen#{Key => true})]
    end;
uniq_2([], _, _) -> [].

zip([A | As], [B | Bs]) -> [{A, B} | zip(As, Bs)];
zip([], []) -> [].

zip3([A | As], [B | Bs], [C | Cs]) -> [{A, B, C} | zip3(As, Bs, Cs)];
zip3([], [], []) -> [].

zipwith(F, [A | As], [B | Bs]) -> [F(A, B) | zipwith(F, As, Bs)];
zipwith(F, [], []) when is_function(F, 2) -> [].

zipwith3(F, [A | As], [B | Bs], [C | Cs]) -> [F(A, B, C) | zipwith3(F, As, Bs, Cs)];
zipwith3(F, [], [], []) when is_function(F, 3) -> [].

unzip(L) -> unzip(L, [], []).

unzip([{A, B} | T], As, Bs) -> unzip(T, [A | As], [B | Bs]);
unzip([], As, Bs) -> {lists:reverse(As, []), lists:reverse(Bs, [])}.

unzip3(L) -> unzip3(L, [], [], []).

unzip3([{A, B, C} | T], As, Bs, Cs) -> unzip3(T, [A | As], [B | Bs], [C | Cs]);
unzip3([], As, Bs, Cs) -> {lists:reverse(As, []), lists:reverse(Bs, []), lists:reverse(Cs, [])}.

%%% A function for every element

map(F, L) when is_function(F, 1) ->
    case L of
        [H | T] -> [F(H) | map_1(F, T)];
        [] -> []
    end.

map_1(F, [H | T]) -> [F(H) | map_1(F, T)];
map_1(_, []) -> [].

flatmap(F, L) when is_function(F, 1) -> flatmap_1(F, L).

flatmap_1(F, [H | T]) -> F(H) ++ flatmap_1(F, T);
flatmap_1(_, []) -> [].

foreach(F, L) when is_function(F, 1) -> foreach_1(F, L).

foreach_1(F, [H | T]) ->
    F(H),
    foreach_1(F, T);
foreach_1(_, []) -> ok.

foldl(F, Acc, L) when is_function(F, 2) ->
    case L of
        [H | T] -> foldl_1(F, F(H, Acc), T);
        [] -> Acc
    end.

foldl_1(F, Acc, [H | T]) -> foldl_1(F, F(H, Acc), T);
foldl_1(_, Acc, []) -> Acc.

foldr(F, Acc, L) when is_function(F, 2) -> foldr_1(F, Acc, L).

foldr_1(F, Acc, [H | T]) -> F(H, foldr_1(F, Acc, T));
foldr_1(_, Acc, []) -> Acc.

mapfoldl(F, Acc, L) when is_function(F, 2) -> mapfoldl_1(F, Acc, L).

mapfoldl_1(F, Acc, [H | T]) ->
    {X, Next} = F(H, Acc),
    {Xs, Last} = mapfoldl_1(F, Next, T),
    {[X | Xs], Last};
mapfoldl_1(_, Acc, []) -> {[], Acc}.

mapfoldr(F, Acc, L) when is_function(F, 2) -> mapfoldr_1(F, Acc, L).

mapfoldr_1(F, Acc, [H | T]) ->
    {Xs, Before} = mapfoldr_1(F, Acc, T),
    {X, Next} = F(H, Before),
    {[X | Xs], Next};
mapfoldr_1(_, Acc, []) -> {[], Acc}.

all(Pred, L) when is_function(Pred, 1) ->
    case L of
        [H | T] ->
            case Pred(H) of
                true -> all_1(Pred, T);
                false -> false
            end;
        [] -> true
    end.

all_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> all_1(Pred, T);
        false -> false
    end;
all_1(_, []) -> true.

any(Pred, L) when is_function(Pred, 1) ->
    case L of
        [H | T] ->
            case Pred(H) of
                true -> true;
                false -> any_1(Pred, T)
            end;
        [] -> false
    end.

any_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> true;
        false -> any_1(Pred, T)
    end;
any_1(_, []) -> false.

search(Pred, L) when is_function(Pred, 1) -> search_1(Pred, L).

search_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> {value, H};
        false -> search_1(Pred, T)
    end;
search_1(_, []) -> false.

filter(Pred, L) when is_function(Pred, 1) -> [E || E <- L, Pred(E)].

filtermap(F, L) when is_function(F, 1) -> filtermap_1(F, L).

filtermap_1(F, [H | T]) ->
    case F(H) of
        true -> [H | filtermap_1(F, T)];
        {true, Value} -> [Value | filtermap_1(F, T)];
        false -> filtermap_1(F, T)
    end;
filtermap_1(_, []) -> [].

zf(F, L) -> filtermap(F, L).

partition(Pred, L) when is_function(Pred, 1) -> partition_1(Pred, L, [], []).

partition_1(Pred, [H | T], Yes, No) ->
    case Pred(H) of
        true -> partition_1(Pred, T, [H | Yes], No);
        false -> partition_1(Pred, T, Yes, [H | No])
    end;
partition_1(_, [], Yes, No) -> {lists:reverse(Yes, []), lists:reverse(No, [])}.

takewhile(Pred, L) when is_function(Pred, 1) -> takewhile_1(Pred, L).

takewhile_1(Pred, [H | T]) ->
    case Pred(H) of
        true -> [H | takewhile_1(Pred, T)];
        false -> []
    end;
takewhile_1(_, []) -> [].

dropwhile(Pred, L) when is_function(Pred, 1) -> dropwhile_1(Pred, L).

dropwhile_1(Pred, [H | T] = L) ->
    case Pred(H) of
        true -> dropwhile_1(Pred, T);
        false -> L
    end;
dropwhile_1(_, []) -> [].

splitwith(Pred, L) when is_function(Pred, 1) -> splitwith_1(Pred, L, []).

splitwith_1(Pred, [H | T] = L, Acc) ->
    case Pred(H) of
        true -> splitwith_1(Pred, T, [H | Acc]);
        false -> {lists:reverse(Acc, []), L}
    end;
splitwith_1(_, [], Acc) -> {lists:reverse(Acc, []), []}.

%%% Lists of tuples

keydelete(Key, N, L) when is_integer(N), N > 0 -> keydelete3(Key, N, L).

keydelete3(Key, N, [H | T]) when element(N, H) == Key -> T;
keydelete3(Key, N, [H | T]) -> [H | keydelete3(Key, N, T)];
keydelete3(_, _, []) -> [].

keyreplace(Key, N, L, New) when is_integer(N), N > 0, is_tuple(New) -> keyreplace3(Key, N, L, New).

keyreplace3(Key, N, [H | T], New) when element(N, H) == Key -> [New | T];
keyreplace3(Key, N, [H | T], New) -> [H | keyreplace3(Key, N, T, New)];
keyreplace3(_, _, [], _) -> [].

keystore(Key, N, L, New) when is_integer(N), N > 0, is_tuple(New) -> keystore2(Key, N, L, New).

keystore2(Key, N, [H | T], New) when element(N, H) == Key -> [New | T];
keystore2(Key, N, [H | T], New) -> [H | keystore2(Key, N, T, New)];
keystore2(_, _, [], New) -> [New].

keytake(Key, N, L) when is_integer(N), N > 0 -> keytake(Key, N, L, []).

keytake(Key, N, [H | T], Acc) when element(N, H) == Key -> {value, H, lists:reverse(Acc, T)};
keytake(Key, N, [H | T], Acc) -> keytake(Key, N, T, [H | Acc]);
keytake(_, _, [], _) -> false.

keymap(F, N, [H | T]) -> [setelement(N, H, F(element(N, H))) | keymap(F, N, T)];
keymap(F, N, []) when is_integer(N), N > 0, is_function(F, 1) -> [].

%%% Sorting: merge sort from the ascending and descending runs that are there already. A level of merging turns
%%% ascending lists into descending ones, or back, and the order of the lists in the list of them along with it.
%%% "Down" functions take descending lists, the last one first, and give ascending ones, the first one first.
%%% When two elements are equal, the one from the earlier list comes first.

sort([]) -> [];
sort([_] = L) -> L;
sort([A, B | T]) -> down_level(runs(A, B, T, []), []).

runs(A, B, T, Runs) when A =< B -> rising(B, T, [B, A], Runs);
runs(A, B, T, Runs) -> falling(B, T, [B, A], Runs).

rising(Last, [H | T], Run, Runs) when Last =< H -> rising(H, T, [H | Run], Runs);
rising(_, [A, B | T], Run, Runs) -> runs(A, B, T, [Run | Runs]);
rising(_, [A], Run, Runs) -> [[A], Run | Runs];
rising(_, [], Run, Runs) -> [Run | Runs].

falling(Last, [H | T], Run, Runs) when Last > H -> falling(H, T, [H | Run], Runs);
falling(_, [A, B | T], Run, Runs) -> runs(A, B, T, [lists:reverse(Run, []) | Runs]);
falling(_, [A], Run, Runs) -> [[A], lists:reverse(Run, []) | Runs];
falling(_, [], Run, Runs) -> [lists:reverse(Run, []) | Runs].

down_level([L], []) -> lists:reverse(L, []);
down_level([B, A | Rest], Acc) -> down_level(Rest, [down(A, B, []) | Acc]);
down_level([L], Acc) -> up_level([lists:reverse(L, []) | Acc], []);
down_level([], Acc) -> up_level(Acc, []).

up_level([L], []) -> L;
up_level([A, B | Rest], Acc) -> up_level(Rest, [up(A, B, []) | Acc]);
up_level([L], Acc) -> down_level([lists:reverse(L, []) | Acc], []);
up_level([], Acc) -> down_level(Acc, []).

down([A | As], [B | _] = Bs, Acc) when A > B -> down(As, Bs, [A | Acc]);
down([_ | _] = As, [B | Bs], Acc) -> down(As, Bs, [B | Acc]);
down([], Bs, Acc) -> lists:reverse(Bs, Acc);
down(As, [], Acc) -> lists:reverse(As, Acc).

up([A | As], [B | _] = Bs, Acc) when A =< B -> up(As, Bs, [A | Acc]);
up([_ | _] = As, [B | Bs], Acc) -> up(As, Bs, [B | Acc]);
up([], Bs, Acc) -> lists:reverse(Bs, Acc);
up(As, [], Acc) -> lists:reverse(As, Acc).

merge(A, B) when is_list(A), is_list(B) -> lists:reverse(up(A, B, []), []).

merge3(A, B, C) when is_list(A), is_list(B), is_list(C) -> merge(merge(A, B), C).

merge([L]) -> L;
merge([]) -> [];
merge([_ | _] = Lists) -> up_level(Lists, []).

%% usort: the same, and of equal elements only the first stays.

usort([]) -> [];
usort([_] = L) -> L;
usort([_ | _] = L) -> unique(sort(L)).

%% Drops what is equal to the element before it.
unique([H | T]) -> [H | unique(H, T)];
unique([]) -> [].

unique(Last, [H | T]) when H == Last -> unique(Last, T);
unique(_, [H | T]) -> [H | unique(H, T)];
unique(_, []) -> [].

umerge(A, B) when is_list(A), is_list(B) -> unique(merge(A, B)).

umerge3(A, B, C) -> umerge(umerge(A, B), C).

umerge([L]) -> L;
umerge(Lists) -> unique(merge(Lists)).

%% With an ordering function: F(A, B) says whether A may come before B.

sort(F, []) when is_function(F, 2) -> [];
sort(F, [_] = L) when is_function(F, 2) -> L;
sort(F, [A, B | T]) -> fdown_level(fruns(F, A, B, T, []), F, []).

fruns(F, A, B, T, Runs) ->
    case F(A, B) of
        true -> frising(F, B, T, [B, A], Runs);
        false -> ffalling(F, B, T, [B, A], Runs)
    end.

frising(F, Last, [H | T] = L, Run, Runs) ->
    case F(Last, H) of
        true -> frising(F, H, T, [H | Run], Runs);
        false -> fnext(F, L, [Run | Runs])
    end;
frising(_, _, [], Run, Runs) -> [Run | Runs].

ffalling(F, Last, [H | T] = L, Run, Runs) ->
    case F(Last, H) of
        false -> ffalling(F, H, T, [H | Run], Runs);
        true -> fnext(F, L, [lists:reverse(Run, []) | Runs])
    end;
ffalling(_, _, [], Run, Runs) -> [lists:reverse(Run, []) | Runs].

fnext(F, [A, B | T], Runs) -> fruns(F, A, B, T, Runs);
fnext(_, [_] = L, Runs) -> [L | Runs].

fdown_level([L], _, []) -> lists:reverse(L, []);
fdown_level([B, A | Rest], F, Acc) -> fdown_level(Rest, F, [fdown(F, A, B, []) | Acc]);
fdown_level([L], F, Acc) -> fup_level([lists:reverse(L, []) | Acc], F, []);
fdown_level([], F, Acc) -> fup_level(Acc, F, []).

fup_level([L], _, []) -> L;
fup_level([A, B | Rest], F, Acc) -> fup_level(Rest, F, [fup(F, A, B, []) | Acc]);
fup_level([L], F, Acc) -> fdown_level([lists:reverse(L, []) | Acc], F, []);
fup_level([], F, Acc) -> fdown_level(Acc, F, []).

fdown(F, [A | MoreA] = As, [B | MoreB] = Bs, Acc) ->
    case F(A, B) of
        true -> fdown(F, As, MoreB, [B | Acc]);
        false -> fdown(F, MoreA, Bs, [A | Acc])
    end;
fdown(_, [], Bs, Acc) -> lists:reverse(Bs, Acc);
fdown(_, As, [], Acc) -> lists:reverse(As, Acc).

fup(F, [A | MoreA] = As, [B | MoreB] = Bs, Acc) ->
    case F(A, B) of
        true -> fup(F, MoreA, Bs, [A | Acc]);
        false -> fup(F, As, MoreB, [B | Acc])
    end;
fup(_, [], Bs, Acc) -> lists:reverse(Bs, Acc);
fup(_, As, [], Acc) -> lists:reverse(As, Acc).

merge(F, A, B) when is_function(F, 2), is_list(A), is_list(B) -> lists:reverse(fup(F, A, B, []), []).

usort(F, L) when is_function(F, 2), is_list(L) -> funique(F, sort(F, L)).

umerge(F, A, B) when is_function(F, 2), is_list(A), is_list(B) -> funique(F, merge(F, A, B)).

funique(F, [H | T]) -> [H | funique(F, H, T)];
funique(_, []) -> [].

%% The list is in order, so the elements are equal if they may stand the other way round too.
funique(F, Last, [H | T]) ->
    case F(H, Last) of
        true -> funique(F, Last, T);
        false -> [H | funique(F, H, T)]
    end;
funique(_, _, []) -> [].

%% By element N of tuples.

keysort(N, L) when is_integer(N), N > 0 ->
    case L of
        [] -> [];
        [_] -> L;
        [A, B | T] -> kdown_level(kruns(N, A, element(N, A), B, element(N, B), T, []), N, [])
    end.

kruns(N, A, KeyA, B, KeyB, T, Runs) when KeyA =< KeyB -> krising(N, KeyB, T, [B, A], Runs);
kruns(N, A, _, B, KeyB, T, Runs) -> kfalling(N, KeyB, T, [B, A], Runs).

krising(N, Last, [H | T] = L, Run, Runs) ->
    case element(N, H) of
        Key when Last =< Key -> krising(N, Key, T, [H | Run], Runs);
        Key -> knext(N, Key, L, [Run | Runs])
    end;
krising(_, _, [], Run, Runs) -> [Run | Runs].

kfalling(N, Last, [H | T] = L, Run, Runs) ->
    case element(N, H) of
        Key when Last > Key -> kfalling(N, Key, T, [H | Run], Runs);
        Key -> knext(N, Key, L, [lists:reverse(Run, []) | Runs])
    end;
kfalling(_, _, [], Run, Runs) -> [lists:reverse(Run, []) | Runs].

knext(N, KeyA, [A, B | T], Runs) -> kruns(N, A, KeyA, B, element(N, B), T, Runs);
knext(_, _, [_] = L, Runs) -> [L | Runs].

kdown_level([L], _, []) -> lists:reverse(L, []);
kdown_level([B, A | Rest], N, Acc) -> kdown_level(Rest, N, [kdown(N, A, B, []) | Acc]);
kdown_level([L], N, Acc) -> kup_level([lists:reverse(L, []) | Acc], N, []);
kdown_level([], N, Acc) -> kup_level(Acc, N, []).

kup_level([L], _, []) -> L;
kup_level([A, B | Rest], N, Acc) -> kup_level(Rest, N, [kup(N, A, B, []) | Acc]);
kup_level([L], N, Acc) -> kdown_level([lists:reverse(L, []) | Acc], N, []);
kup_level([], N, Acc) -> kdown_level(Acc, N, []).

kdown(N, [A | As], [B | Bs], Acc) -> kdown(N, A, element(N, A), As, B, element(N, B), Bs, Acc).

kdown(N, A, KeyA, As, B, KeyB, Bs, Acc) when KeyA > KeyB ->
    case As of
        [Next | More] -> kdown(N, Next, element(N, Next), More, B, KeyB, Bs, [A | Acc]);
        [] -> lists:reverse(Bs, [B, A | Acc])
    end;
kdown(N, A, KeyA, As, B, _, Bs, Acc) ->
    case Bs of
        [Next | More] -> kdown(N, A, KeyA, As, Next, element(N, Next), More, [B | Acc]);
        [] -> lists:reverse(As, [A, B | Acc])
    end.

kup(N, [A | As], [B | Bs], Acc) -> kup(N, A, element(N, A), As, B, element(N, B), Bs, Acc).

kup(N, A, KeyA, As, B, KeyB, Bs, Acc) when KeyA =< KeyB ->
    case As of
        [Next | More] -> kup(N, Next, element(N, Next), More, B, KeyB, Bs, [A | Acc]);
        [] -> lists:reverse(Bs, [B, A | Acc])
    end;
kup(N, A, KeyA, As, B, _, Bs, Acc) ->
    case Bs of
        [Next | More] -> kup(N, A, KeyA, As, Next, element(N, Next), More, [B | Acc]);
        [] -> lists:reverse(As, [A, B | Acc])
    end.

keymerge(N, A, []) when is_integer(N), N > 0 -> A;
keymerge(N, [], B) when is_integer(N), N > 0, is_list(B) -> B;
keymerge(N, [_ | _] = A, [_ | _] = B) when is_integer(N), N > 0 -> lists:reverse(kup(N, A, B, []), []).

ukeysort(N, L) when is_integer(N), N > 0 ->
    case L of
        [_, _ | _] -> kunique(N, keysort(N, L));
        _ -> keysort(N, L)
    end.

ukeymerge(N, A, B) when is_integer(N), N > 0, is_list(A), is_list(B) -> kunique(N, keymerge(N, A, B)).

kunique(N, [H | T]) -> [H | kunique(N, element(N, H), T)];
kunique(_, []) -> [].

kunique(N, Last, [H | T]) ->
    case element(N, H) of
        Key when Key == Last -> kunique(N, Last, T);
        Key -> [H | kunique(N, Key, T)]
    end;
kunique(_, _, []) -> [].
