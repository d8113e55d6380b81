%% Of OTP's process that purges: what other modules call.
-module(erts_code_purger).
-export([purge/1, soft_purge/1, finish_after_on_load/2]).

%% {Was there an old version, Did a process have to die}
purge(M) ->
    Old = erlang:check_old_code(M),
    {Old, turbeam_code:purge(M)}.

soft_purge(M) -> turbeam_code:soft_purge(M).

finish_after_on_load(M, Keep) ->
    true = erlang:finish_after_on_load(M, Keep),
    case Keep of
        true -> ok;
        false -> {true = erts_internal:purge_module(M, prepare_on_load), erts_internal:purge_module(M, complete)}
    end.
