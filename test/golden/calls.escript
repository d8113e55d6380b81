#!/usr/bin/env escript
-mode(compile).
%% Random calls of built-in functions and what native Erlang makes of them:  escript calls.escript SEED COUNT [MODULE|MODULE:FUNCTION]
%% Each line is [CALL, RESULT]: {Module, Function, Arguments} and what bif_calls (test/fixtures/calls) gives for it, both in
%% external format, base64. The golden file calls.jsonl is:  escript calls.escript 1 3000 > calls.jsonl
main([Seed, Count | Only]) ->
    true = code:add_patha(filename:join(filename:dirname(escript:script_name()), "../fixtures/calls")),
    rand:seed(exsss, list_to_integer(Seed)),
    Signatures = [S || S <- signatures(), wanted(S, Only)],
    [line(call(pick(Signatures))) || _ <- lists:seq(1, list_to_integer(Count))],
    ok.

wanted({M, F, Kinds}, []) -> M =:= erlang orelse erlang:is_builtin(M, F, length(Kinds));
wanted({M, F, _}, [Name]) -> lists:member(Name, [atom_to_list(M), lists:concat([M, ":", F])]).

line(Call) ->
    [Result] = bif_calls:run([Call]),
    io:put_chars(["[\"", text(Call), "\",\"", text(Result), "\"]\n"]).

text(Term) -> base64:encode(term_to_binary(Term)).

call({M, F, Kinds}) -> {M, F, [argument(K) || K <- Kinds]}.

%% Mostly of the kind that the function wants. Sizes are never so large that the result fills the memory.
argument(Kind) ->
    case rand:uniform(12) of
        1 when Kind =:= position; Kind =:= small; Kind =:= shift -> pick([a, 1.0, -5, 1 bsl 64, "1", {1}]);
        1 -> term(2);
        _ -> make(Kind)
    end.

pick(L) -> lists:nth(rand:uniform(length(L)), L).
below(N) -> rand:uniform(N) - 1.
many(N, Make) -> [Make() || _ <- lists:seq(1, below(N + 1))].

make(any) -> term(3);
make({one_of, L}) -> pick(L);
make({either, Kinds}) -> make(pick(Kinds));
make({list, Kind}) -> many(5, fun() -> argument(Kind) end);
make({tuple, Kinds}) -> list_to_tuple([argument(K) || K <- Kinds]);
make(number) -> make(pick([integer, float]));
make(integer) ->
    case below(6) of
        0 -> below(20) - 10;
        1 -> (1 bsl pick([29, 30, 31, 32, 53, 59, 60, 63, 64, 1023, 1024])) + below(3) - 1;
        2 -> -(1 bsl pick([29, 30, 31, 32, 53, 59, 60, 63, 64, 1024])) + below(3) - 1;
        3 -> bits(300);
        4 -> -bits(300);
        _ -> below(1 bsl 32) - (1 bsl 31)
    end;
make(small) -> below(40) - 4;
make(position) -> below(5);
make(base) -> pick([2, 8, 10, 16, 36, 35, 3, 11, 1, 37, 0, -2]);
make(float) ->
    case below(7) of
        0 -> pick([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, 0.1, 1.0e22, 1.0e23, 5.0e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740992.0, 9007199254740991.0]);
        1 -> float(below(1000)) / pick([1, 2, 4, 8, 10, 100, 1000]);
        2 -> anyfloat();
        3 -> anyfloat();
        4 -> -rand:uniform() * math:pow(10, below(30) - 10);
        _ -> rand:uniform() * math:pow(10, below(30) - 10)
    end;
make(atom) -> pick([a, b, ok, true, false, undefined, '', 'A b', nonode@nohost, 'été', list_to_atom([8364, $x]), error]);
make(boolean) -> pick([true, false]);
make(list) -> list(2);
make(improper) -> pick([[a | b], [1, 2 | 3], [[] | {}]]);
make(string) -> many(8, fun() -> pick([32 + below(95), 32 + below(95), 160 + below(96), 0]) end);
make(unicode_string) -> many(8, fun() -> pick([32 + below(95), 160 + below(96), 8364, 16#1f600, 16#3b1 + below(20)]) end);
make(digits) -> digits(40);
make(float_text) ->
    [pick(["", "-", "+", " "])] ++ [digits(25)] ++ pick([".", ".", ".", ".", ",", ""]) ++ digits(25) ++
        pick(["", "", "e", "E", "e+", "e-", "e0"]) ++ pick(["", integer_to_list(below(400))]);
make(float_string) -> lists:flatten(make(float_text));
make(float_binary) -> list_to_binary(make(float_string));
make(digit_binary) -> list_to_binary(digits(40));
make(float_options) ->
    many(3, fun() -> pick([compact, short, {decimals, below(20)}, {decimals, below(260)}, {scientific, below(20)}, {scientific, below(260)}, {decimals, -1}, {scientific, -2}]) end);
make(binary) -> pick([<<>>, list_to_binary(many(20, fun() -> below(256) end)), list_to_binary(make(string)), sub(binary:copy(<<1, 2, 3, 250>>, below(40)))]);
make(utf8) -> unicode:characters_to_binary(make(unicode_string));
make(bitstring) -> <<(bits(40)):(below(40))>>;
make(bits) -> pick([make(binary), make(bitstring)]);
make(iolist) -> iolist(3);
make(chardata) -> chardata(3);
make(encoding) -> pick([latin1, utf8, unicode, utf16, {utf16, little}, utf32, {utf32, little}]);
make(tuple) -> tuple(2);
make(map) -> map(2);
make(key) -> pick([make(atom), below(10), float(below(10)), term(0)]);
make(key_list) -> many(6, fun() -> pick([{make(key), make(key)}, {make(key)}, {}, make(key), {make(key), make(key), x}]) end);
make(pair_list) -> many(30, fun() -> {make(key), make(key)} end);
make(unit) -> pick([second, millisecond, microsecond, nanosecond, native, perf_counter, 1, 10, 1000, 12345, seconds, milli_seconds, micro_seconds, nano_seconds, 0, -1, minute]);
make(external) -> pick([binary:part(E, 0, byte_size(E) - below(2)) || E <- [term_to_binary(term(3))]]);
make(shift) -> pick([below(70), -below(70), below(200), 1 bsl 40]);
make(pid) -> pick([list_to_pid("<0.5.0>"), list_to_pid("<0.7.1>"), list_to_pid("<0.7.2000>")]);
make(reference) -> pick([list_to_ref("#Ref<0.1.2.3>"), list_to_ref("#Ref<0.4000000000.2.3>")]);
make(port) -> list_to_port("#Port<0.7>");
make(function) -> pick([fun lists:map/2, fun erlang:abs/1, fun 'A b':'é'/0]);
make(datetime) -> {make(date), {below(25), below(61), below(61)}};
make(date) -> {pick([1970, 1969, 1900, 2000, 2020, 2024, 2100, 0, 1, 1600, 9999, below(3000)]), below(14), below(33)}.

digits(N) ->
    [case below(30) of 0 -> pick("_ +-.aF"); _ -> $0 + below(10) end || _ <- lists:seq(1, below(N) + 1)].

bits(N) -> binary:decode_unsigned(<<0, (list_to_binary(many((N + 7) div 8, fun() -> below(256) end)))/binary>>).

anyfloat() ->
    case <<(below(1 bsl 32)):32, (below(1 bsl 32)):32>> of
        <<F/float>> -> F;
        _ -> anyfloat()
    end.

sub(B) when byte_size(B) > 3 -> <<_:3, Part:(byte_size(B) - 2)/binary, _/bitstring>> = B, Part;
sub(B) -> B.

term(0) -> make(pick([integer, small, float, atom, binary, bitstring, string, pid, reference, port, function]));
term(N) ->
    case below(8) of
        0 -> list(N);
        1 -> tuple(N);
        2 -> map(N);
        3 -> make(improper);
        _ -> term(0)
    end.

list(N) -> many(6, fun() -> term(N - 1) end).
tuple(N) -> list_to_tuple(list(N)).
%% Large maps are left out: their order differs from system to system.
map(N) -> maps:from_list([{pick([make(key), term(N - 1)]), term(N - 1)} || _ <- lists:seq(1, pick([0, 1, 2, 5, 12]))]).

iolist(0) -> pick([below(256), make(binary), []]);
iolist(N) -> many(5, fun() -> pick([below(256), below(256), make(binary), iolist(N - 1)]) end) ++ pick([[], [], <<"tail">>]).

chardata(0) -> pick([8364, make(utf8), []]);
chardata(N) -> many(5, fun() -> pick([below(256), 8364, 16#1f600, make(utf8), make(binary), chardata(N - 1)]) end) ++ pick([[], [], <<"tail">>]).

signatures() ->
    [{erlang, F, [number]} || F <- ['+', '-', abs, round, trunc, floor, ceil, float, is_number]] ++
        [{erlang, F, [number, number]} || F <- ['+', '-', '*', '/', '==', '/=', '<', '>=', min, max]] ++
        [{erlang, F, [integer, integer]} || F <- ['div', 'rem', 'band', 'bor', 'bxor', '+', '-', '*']] ++
        [{erlang, F, [integer, shift]} || F <- ['bsl', 'bsr']] ++ [{erlang, 'bnot', [integer]}] ++
        [{erlang, F, [boolean, boolean]} || F <- ['and', 'or', 'xor']] ++ [{erlang, 'not', [boolean]}] ++
        [{erlang, F, [any, any]} || F <- ['=:=', '=/=', '==', '/=', '<', '>', '=<', '>=', min, max]] ++
        [{erlang, F, [any]} || F <- [is_atom, is_binary, is_bitstring, is_boolean, is_float, is_function, is_integer, is_list, is_map, is_number, is_pid, is_port, is_reference, is_tuple, phash2, external_size, term_to_binary]] ++
        [{erlang, hd, [list]}, {erlang, tl, [list]}, {erlang, length, [list]}, {erlang, list_to_tuple, [list]}, {erlang, tuple_to_list, [tuple]},
         {erlang, tuple_size, [tuple]}, {erlang, size, [{either, [tuple, bits]}]}, {erlang, byte_size, [bits]}, {erlang, bit_size, [bits]},
         {erlang, map_size, [map]}, {erlang, map_get, [key, map]}, {erlang, is_map_key, [key, map]}, {erlang, element, [position, tuple]},
         {erlang, setelement, [position, tuple, any]}, {erlang, append_element, [tuple, any]}, {erlang, insert_element, [position, tuple, any]},
         {erlang, delete_element, [position, tuple]}, {erlang, make_tuple, [small, any]}, {erlang, make_tuple, [position, any, {list, {tuple, [position, any]}}]},
         {erlang, is_function, [function, small]}, {erlang, is_record, [tuple, atom]}, {erlang, is_record, [tuple, atom, position]}, {erlang, node, [{either, [pid, reference, port]}]},
         {erlang, '++', [list, any]}, {erlang, '--', [list, list]}, {erlang, append, [list, list]}, {erlang, subtract, [list, list]},
         {lists, member, [key, list]}, {lists, reverse, [list, any]}, {lists, reverse, [list]}] ++
        [{lists, F, [key, position, key_list]} || F <- [keyfind, keymember, keysearch]] ++
        [{erlang, F, [atom]} || F <- [atom_to_list, atom_to_binary]] ++ [{erlang, atom_to_binary, [atom, encoding]}] ++
        [{erlang, F, [unicode_string]} || F <- [list_to_atom]] ++ [{erlang, F, [utf8]} || F <- [binary_to_atom]] ++
        [{erlang, F, [utf8, encoding]} || F <- [binary_to_atom]] ++
        [{erlang, F, [integer]} || F <- [integer_to_list, integer_to_binary]] ++ [{erlang, F, [integer, base]} || F <- [integer_to_list, integer_to_binary]] ++
        [{erlang, list_to_integer, [digits]}, {erlang, list_to_integer, [digits, base]}, {erlang, binary_to_integer, [digit_binary]}, {erlang, binary_to_integer, [digit_binary, base]},
         {string, list_to_integer, [digits]}, {string, list_to_float, [float_string]}, {erlang, list_to_float, [float_string]}, {erlang, binary_to_float, [float_binary]}] ++
        [{erlang, F, [float]} || F <- [float_to_list, float_to_binary, float_to_list, float_to_binary]] ++
        [{erlang, F, [float, float_options]} || F <- [float_to_list, float_to_binary, float_to_list, float_to_binary]] ++
        [{erlang, pid_to_list, [pid]}, {erlang, ref_to_list, [reference]}, {erlang, port_to_list, [port]}, {erlang, fun_to_list, [function]},
         {erlang, list_to_pid, [string]}, {erlang, list_to_ref, [string]}, {erlang, list_to_port, [string]},
         {erlang, fun_info, [function]}, {erlang, fun_info, [function, {one_of, [module, name, arity, env, type, pid, index, uniq, new_index, new_uniq, foo]}]}] ++
        [{erlang, F, [iolist]} || F <- [iolist_to_binary, iolist_size, list_to_binary, iolist_to_iovec, list_to_bitstring, crc32, adler32, md5]] ++
        [{erlang, binary_to_list, [binary]}, {erlang, binary_to_list, [binary, position, position]}, {erlang, bitstring_to_list, [bits]}, {erlang, split_binary, [binary, position]},
         {erlang, list_to_bitstring, [{list, bits}]}, {erlang, binary_part, [binary, position, position]}, {erlang, binary_part, [binary, {tuple, [position, small]}]},
         {erlang, crc32, [integer, iolist]}, {erlang, adler32, [integer, iolist]}] ++
        [{erlang, phash2, [any, {one_of, [1, 2, 100, 1 bsl 31, 1 bsl 32, (1 bsl 32) + 1, 0, -1]}]}, {erlang, phash, [any, {one_of, [1, 2, 100, 1 bsl 31, 1 bsl 32, (1 bsl 32) + 1, 0, -1]}]},
         {erlang, phash, [any, {one_of, [1 bsl 32]}]}, {erlang, phash, [any, {one_of, [1 bsl 32]}]}] ++
        [{erlang, F, [any, {list, {one_of, [compressed, deterministic, {minor_version, 0}, {minor_version, 1}, {minor_version, 2}, {minor_version, 3}, {compressed, 10}, foo]}}]}
         || F <- [term_to_binary, term_to_iovec]] ++ [{erlang, external_size, [any, {one_of, [[], [{minor_version, 0}], [{minor_version, 1}], [foo], foo, [compressed]]}]}] ++
        [{erlang, binary_to_term, [external]}, {erlang, binary_to_term, [external, {list, {one_of, [safe, used]}}]}, {erlang, term_to_iovec, [any]}] ++
        [{erlang, F, [any]} || F <- [fun_info_mfa, dt_append_vm_tag_data, dt_prepend_vm_tag_data]] ++
        [{erlang, convert_time_unit, [integer, unit, unit]}, {erlang, universaltime_to_posixtime, [datetime]}, {erlang, posixtime_to_universaltime, [integer]},
         {erlang, universaltime_to_localtime, [datetime]}, {erlang, localtime_to_universaltime, [datetime]}, {erlang, localtime_to_universaltime, [datetime, {one_of, [true, false, undefined]}]}] ++
        [{erlang, is_builtin, [{one_of, [erlang, lists, foo]}, {one_of, [abs, map, member]}, small]},
         {erlang, make_fun, [atom, atom, small]}, {erlang, apply, [{one_of, [erlang]}, {one_of, [abs, hd]}, {list, any}]}, {erlang, get_module_info, [{one_of, [nosuch]}]}] ++
        [{math, F, [number]} || F <- [ceil, floor, sqrt]] ++ [{math, fmod, [number, number]}] ++
        [{erts_debug, F, [any]} || F <- [flat_size, size]] ++ [{erts_debug, same, [number, number]}] ++
        [{erts_internal, cmp_term, [any, any]}, {erts_internal, term_type, [number]}] ++
        [{binary, F, [binary]} || F <- [first, last, copy, bin_to_list, decode_unsigned, encode_hex, decode_hex]] ++ [{binary, encode_unsigned, [integer]}] ++
        [{binary, F, [binary, position]} || F <- [at, copy]] ++ [{binary, F, [binary, position, small]} || F <- [part, bin_to_list]] ++
        [{binary, F, [{list, binary}]} || F <- [longest_common_prefix, longest_common_suffix]] ++
        [{maps, F, [map]} || F <- [values, keys]] ++ [{maps, F, [key, map]} || F <- [get, find, is_key, remove, take]] ++
        [{maps, F, [key, any, map]} || F <- [put, update]] ++ [{maps, merge, [map, map]}, {maps, from_list, [pair_list]}, {maps, from_keys, [list, any]}] ++
        [{erlang, F, [any | As]} || {F, As} <- [{error, []}, {error, [list]}, {error, [{either, [list, atom]}, {list, {tuple, [{one_of, [error_info]}, map]}}]}, {exit, []}, {throw, []}]] ++
        [{erlang, raise, [{one_of, [error, exit, throw, foo]}, any, {list, {tuple, [atom, atom, small, {list, {tuple, [{one_of, [line, file]}, any]}}]}}]}].
