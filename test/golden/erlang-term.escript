#!/usr/bin/env escript
-mode(compile).
%% Texts of terms with their external term format, as native OTP makes it: escript erlang-term.escript > erlang-term.jsonl
main(_) ->
    io:setopts([{encoding, unicode}]),
    lists:foreach(fun term/1, texts()).

term(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    {value, Term, _} = erl_eval:exprs(Expressions, []),
    Bytes = term_to_binary(Term, [{minor_version, 2}]),
    io:format("{\"text\":\"~ts\",\"external\":\"~s\"}~n",
              [json(Text), [io_lib:format("~2.16.0b", [B]) || <<B>> <= Bytes]]).

json(Text) -> lists:flatmap(fun($\\) -> "\\\\"; ($") -> "\\\""; ($\n) -> "\\n"; (C) -> [C] end, Text).

texts() ->
    ["foo", "'Foo bar'", "'it\\'s'", "foo@bar_1", "'\\x{3b1}\\n'", "''", "'and'",
     "0", "255", "256", "-1", "2147483647", "2147483648", "-2147483648", "-2147483649", "1_000_000", "16#FF", "2#1010",
     "36#Zz", "123456789012345678901234567890", "-340282366920938463463374607431768211456", "16#dead_beef",
     "$a", "$\\n", "$\\\\", "$\\x41", "$\\x{1F600}", "$\\^A", "$\\101", "$\\s", "$ ", "-$a", "$'", "$\\e",
     "1.0", "-0.0", "1.5e3", "1.0E-10", "1_2.3_4", "3.141592653589793", "1.7976931348623157e308", "5.0e-324",
     "\"\"", "\"abc\"", "\"a\\tb\\x{263a}\"", "\"one\" \"two\"", "\"\\\"quoted\\\"\"", "\"a\nb\"", "\"\\12\\3\"",
     "[]", "[1,2,3]", "[a|b]", "[a,b|[c]]", "[[1],[2,[3]]]", "[1|[2|[3|x]]]", "[256,1]", "[1,-1]",
     "{}", "{a}", "{a,{b,[c]},\"d\"}", "{ ok , % comment\n 1 }",
     "#{}", "#{a => 1,b => [2]}", "#{1 => #{}}", "#{a => 1, a => 2}",
     "<<>>", "<<1,2,3>>", "<<\"abc\">>", "<<\"\\x{263a}\"/utf8>>", "<<5:3>>", "<<1:1,2:2,3:3>>", "<<300:16>>", "<<300:16/little>>",
     "<<-1:12>>", "<<1:5,2:11/unit:3>>", "<<1.5/float>>", "<<1.5:32/float-little>>", "<<\"x\",<<1,2>>/binary,7>>",
     "<<$a,$b>>", "<<\"ab\":16>>", "<<16#1F600/utf16>>", "<<16#1F600/utf16-little>>", "<<16#1F600/utf32>>", "<<\"ab\" \"cd\">>",
     "<<1:40/little>>", "<<(<<5:3>>)/bits,1:5>>", "<<1.0:64/float,3:4>>", "<<255,256>>", "<<-129:16/signed-little>>",
     "fun lists:map/2", "fun 'A b':'c d'/0", "(1)", "{(a), [(b)]}", "+1", "- 1"].
