%% Table functions for programs that run without OTP: what STDLIB's module ets documents and is not built in, but for the
%% functions that need files, dets, qlc or the shell (tab2file, file2tab, table, to_dets, from_dets, i, fun2ms).
-module(ets).

-export([all/0, delete_all_objects/1, foldl/3, foldr/3, init_table/2, match_delete/2, match_spec_run/2,
         repair_continuation/2, select_delete/2, tab2list/1, test_ms/2]).
-export([delete/1, delete/2, delete_object/2, first/1, give_away/3, info/1, info/2, insert/2, insert_new/2,
         internal_delete_all/2, internal_request_all/0, internal_select_delete/2, is_compiled_ms/1, last/1, lookup/2,
         lookup_element/3, match/1, match/2, match/3, match_object/1, match_object/2, match_object/3,
         match_spec_compile/1, match_spec_run_r/3, member/2, new/2, next/2, prev/2, rename/2, safe_fixtable/2, select/1,
         select/2, select/3, select_count/2, select_replace/2, select_reverse/1, select_reverse/2, select_reverse/3,
         setopts/2, slot/2, take/2, update_counter/3, update_counter/4, update_element/3, whereis/1]).

%% Built in; the virtual machine never calls these.
delete(_) -> erlang:nif_error(undef).
delete(_, _) -> erlang:nif_error(undef).
delete_object(_, _) -> erlang:nif_error(undef).
first(_) -> erlang:nif_error(undef).
give_away(_, _, _) -> erlang:nif_error(undef).
info(_) -> erlang:nif_error(undef).
info(_, _) -> erlang:nif_error(undef).
insert(_, _) -> erlang:nif_error(undef).
insert_new(_, _) -> erlang:nif_error(undef).
internal_delete_all(_, _) -> erlang:nif_error(undef).
internal_request_all() -> erlang:nif_error(undef).
internal_select_delete(_, _) -> erlang:nif_error(undef).
is_compiled_ms(_) -> erlang:nif_error(undef).
last(_) -> erlang:nif_error(undef).
lookup(_, _) -> erlang:nif_error(undef).
lookup_element(_, _, _) -> erlang:nif_error(undef).
match(_) -> erlang:nif_error(undef).
match(_, _) -> erlang:nif_error(undef).
match(_, _, _) -> erlang:nif_error(undef).
match_object(_) -> erlang:nif_error(undef).
match_object(_, _) -> erlang:nif_error(undef).
match_object(_, _, _) -> erlang:nif_error(undef).
match_spec_compile(_) -> erlang:nif_error(undef).
match_spec_run_r(_, _, _) -> erlang:nif_error(undef).
member(_, _) -> erlang:nif_error(undef).
new(_, _) -> erlang:nif_error(undef).
next(_, _) -> erlang:nif_error(undef).
prev(_, _) -> erlang:nif_error(undef).
rename(_, _) -> erlang:nif_error(undef).
safe_fixtable(_, _) -> erlang:nif_error(undef).
select(_) -> erlang:nif_error(undef).
select(_, _) -> erlang:nif_error(undef).
select(_, _, _) -> erlang:nif_error(undef).
select_count(_, _) -> erlang:nif_error(undef).
select_replace(_, _) -> erlang:nif_error(undef).
select_reverse(_) -> erlang:nif_error(undef).
select_reverse(_, _) -> erlang:nif_error(undef).
select_reverse(_, _, _) -> erlang:nif_error(undef).
setopts(_, _) -> erlang:nif_error(undef).
slot(_, _) -> erlang:nif_error(undef).
take(_, _) -> erlang:nif_error(undef).
update_counter(_, _, _) -> erlang:nif_error(undef).
update_counter(_, _, _, _) -> erlang:nif_error(undef).
update_element(_, _, _) -> erlang:nif_error(undef).
whereis(_) -> erlang:nif_error(undef).

all() ->
    Ref = ets:internal_request_all(),
    receive {Ref, Tables} -> Tables end.

delete_all_objects(Table) ->
    ets:internal_delete_all(Table, undefined),
    true.

tab2list(Table) -> ets:match_object(Table, '_').

match_delete(Table, Pattern) ->
    select_delete(Table, [{Pattern, [], [true]}]),
    true.

select_delete(Table, [{'_', [], [true]}]) -> ets:internal_delete_all(Table, undefined);
select_delete(Table, MatchSpec) -> ets:internal_select_delete(Table, MatchSpec).

match_spec_run(Terms, MatchSpec) -> lists:reverse(ets:match_spec_run_r(Terms, MatchSpec, [])).

test_ms(Tuple, MatchSpec) ->
    case erlang:match_spec_test(Tuple, MatchSpec, table) of
        {ok, Result, _, _} -> {ok, Result};
        {error, _} = Error -> Error
    end.

%% Continuations are tuples with the compiled match specification as the fourth or fifth element.
repair_continuation('$end_of_table', _) -> '$end_of_table';
repair_continuation({_, _, _, Compiled, _, _} = Continuation, MatchSpec) ->
    repaired(4, Compiled, Continuation, MatchSpec);
repair_continuation({_, _, _, _, Compiled, _, _, _} = Continuation, MatchSpec) ->
    repaired(5, Compiled, Continuation, MatchSpec).

repaired(Position, Compiled, Continuation, MatchSpec) ->
    case ets:is_compiled_ms(Compiled) of
        true -> Continuation;
        false -> setelement(Position, Continuation, ets:match_spec_compile(MatchSpec))
    end.

foldl(F, Acc, Table) ->
    ets:safe_fixtable(Table, true),
    try foldl(F, Acc, ets:first(Table), Table)
    after ets:safe_fixtable(Table, false)
    end.

foldl(_, Acc, '$end_of_table', _) -> Acc;
foldl(F, Acc, Key, Table) -> foldl(F, lists:foldl(F, Acc, ets:lookup(Table, Key)), ets:next(Table, Key), Table).

foldr(F, Acc, Table) ->
    ets:safe_fixtable(Table, true),
    try foldr(F, Acc, ets:last(Table), Table)
    after ets:safe_fixtable(Table, false)
    end.

foldr(_, Acc, '$end_of_table', _) -> Acc;
foldr(F, Acc, Key, Table) -> foldr(F, lists:foldr(F, Acc, ets:lookup(Table, Key)), ets:prev(Table, Key), Table).

init_table(Table, Read) ->
    delete_all_objects(Table),
    fill(Table, Read(read)).

fill(_, end_of_input) -> true;
fill(Table, {Objects, Read}) when is_list(Objects), is_function(Read) ->
    try lists:foreach(fun(Object) -> ets:insert(Table, Object) end, Objects)
    catch
        error:Reason:Stack ->
            catch Read(close),
            exit({Reason, Stack})
    end,
    fill(Table, Read(read));
fill(_, Error) -> exit(Error).
