#!/usr/bin/env escript
%% -*- coding: utf-8 -*-
-mode(compile).
%% What native Erlang's module re makes of patterns and subjects:  escript re.escript > re.jsonl
%% or of random ones:  escript re.escript SEED COUNT         (escript re.escript 7 3000 > re-random.jsonl)
%% A line is [CALL, RESULT], as in calls.jsonl.
main([]) -> main(calls());
main([Seed, Count]) when is_list(Seed) ->
    rand:seed(exsss, list_to_integer(Seed)),
    main([random() || _ <- lists:seq(1, list_to_integer(Count))]);
main(Calls) ->
    true = code:add_patha(filename:join(filename:dirname(escript:script_name()), "../fixtures/calls")),
    [begin
         [Result] = bif_calls:run([Call]),
         io:put_chars(["[\"", text(Call), "\",\"", text(Result), "\"]\n"])
     end || Call <- Calls],
    ok.

text(Term) -> base64:encode(term_to_binary(Term)).

calls() ->
    [{bif_calls, re_compile, [P, O]} || {P, O} <- patterns()] ++ [{bif_calls, re_names, [P, O]} || {P, O} <- named()] ++
        [{re, run, [S, P, O]} || {P, O, Ss} <- matches(), S <- Ss] ++ options() ++ errors().

%% What is a pattern and what is none, and where it stops being one.
patterns() ->
    [{P, []} || P <- ["", "a", "(a)(b(c))", "a|b", "(?:a)", "(?<n>a)", "(?P<n>a)", "(?'n'a)", "\\", "a\\", "[a", "[", "[]", "[^]", "[]a]", "[a-", "[z-a]", "[a-\\d]", "[\\d-z]",
                      "[[:alpha:]-z]", "[a-[:digit:]]", "(", ")", "a)", "(a", "((a)", "(?", "(?:", "(?a)", "(?-", "(?-a)", "(?i", "(?<", "(?<>a)", "(?<1a>b)", "(?<a", "(?<a-b>c)", "(?P", "(?Pa)",
                      "(?P<", "(?P=x)", "(?P>x)", "(?&x)", "(?<n>a)(?<n>b)", "(?J)(?<n>a)(?<n>b)", "(?#", "(?#a", "(?#a)b", "*", "+a", "?", "a**", "a*+", "a*?", "a+?+", "a{2}{3}", "a{2,1}", "a{65536}",
                      "a{1,65536}", "a{,3}", "a{", "a{1", "a{1,", "a{1,2", "{1}", "x{0}", "^*", "$+", "\\b?", "(?=a)*", "(?!a)+", "(?<=a)?", "\\K*", "(?i)*", "\\Q*\\E*", "\\1", "(a)\\2", "\\9", "\\10", "\\8",
                      "\\0", "\\00", "\\07", "\\777", "\\400", "\\377", "\\x", "\\xg", "\\x1", "\\x{", "\\x{}", "\\x{g}", "\\x{1", "\\x{100}", "\\x{ff}", "\\o", "\\o{", "\\o{}", "\\o{8}", "\\o{777}", "\\o{377}",
                      "\\c", "\\ca", "\\c[", "\\cé", "\\p", "\\pL", "\\p{", "\\p{L", "\\p{L}", "\\p{^L}", "\\P{Lu}", "\\p{Foo}", "\\p{Greek}", "\\p{greek}", "\\pQ", "\\L", "\\l", "\\U", "\\u", "\\N{name}", "\\N", "\\N{2}",
                      "[\\N]", "[\\R]", "[\\X]", "[\\B]", "[\\b]", "\\g", "\\g1", "(a)\\g1", "(a)\\g{1}", "(a)\\g{-1}", "\\g{-1}", "\\g0", "\\g{0}", "\\g{x}", "(?<x>a)\\g{x}", "\\g<1>", "(a)\\g<1>", "(a)\\g'1'", "\\g<x>",
                      "(a)\\g<+1>(b)", "\\g{1", "\\g<1", "\\k", "\\kx", "\\k<x>", "\\k{x}", "(?<x>a)\\k<x>", "(?<x>a)\\k'x'", "(?<x>a)\\k{x}", "\\k<", "\\k<>", "(?R", "(?R)", "(?1)", "(?2)(a)(b)", "(?0)", "(?+1)(a)", "(a)(?-1)",
                      "(?-1)", "(?+0)", "(?+", "(?+a)", "(?1a)", "(?99999999999)", "(?(1)a|b)", "(a)(?(1)b|c)", "(a)(?(1)b|c|d)", "(?(0)a)", "(?(x)a)", "(?<x>a)(?(x)b)", "(?<x>a)(?(<x>)b)", "(?<x>a)(?('x')b)",
                      "(?(R)a|b)", "(?(R1)a|b)(c)", "(?(R&x)a|b)(?<x>c)", "(?(DEFINE)a)", "(?(DEFINE)a|b)", "(?(DEFINE)(a))*", "(?(?=a)b|c)", "(?(?!a)b)", "(?(?<=a)b)", "(?(?a)b)", "(?(", "(?()a)", "(?(+1)a)(b)", "(?(-1)a)",
                      "(?(1", "(?C)", "(?C1)", "(?C256)", "(?C", "(?Cx)", "(?<=a*)b", "(?<=a|bc)d", "(?<=(a|bc))d", "(?<=a{3})b", "(?<!a+)", "(?<=\\C)a", "(?<=\\R)", "(?<=\\X)a", "(?<=(?1))(a)", "(?<=^|a)b", "(?>a+)b", "(?|(a)|(b))",
                      "(?|(a)|(b)(c))(d)", "(?|(?<x>a)|(?<y>b))", "(?|(?<x>a)|(?<x>b))", "[[:foo:]]", "[[.a.]]", "[[=a=]]", "[:alpha:]", "[.a.]", "[[:^alpha:]]", "[[:alpha:]", "[[:<:]]a[[:>:]]", "(*ACCEPT)", "(*FAIL)", "(*F)",
                      "(*COMMIT)", "(*PRUNE)", "(*PRUNE:x)", "(*SKIP)", "(*SKIP:x)", "(*THEN)", "(*MARK:x)", "(*MARK)", "(*MARK:)", "(*:x)", "(*ACCEPT:x)", "(*FOO)", "(*", "(*)", "(*a", "(*UTF8)é", "(*UTF8)", "(*UCP)\\w",
                      "(*CRLF)a", "(*ANY)a", "(*LIMIT_MATCH=5)a", "(*NO_START_OPT)a", "(*CR)(*LF)a", "a(*UTF8)", "\\E", "\\Qa", "\\Qa\\E", "\\Q\\E", "[\\Qa-z\\E]", "[\\E]", "[a\\E-z]", "[\\Qa\\E-z]", "\\y", "\\_", "\\é",
                      "(?X)\\y", "(?X)\\_", "[\\y]", "a(?i)b", "(?i-s:a)", "(?^)a", "(?xx)a", "(?mixsUJX)a", "(?i)(?-i)a", [960], "(?<n" ++ lists:duplicate(31, $x) ++ ">a)", "(?<n" ++ lists:duplicate(32, $x) ++ ">a)",
                      "(?<aé>b)", "a#b", "(?x)a #b", "(?x)a #b\n c", "(?x) a + b", "(?x)a +?", "(?x)( ?:a)", "a{ 1}", "a{0,}", "a{00}", "(a){0}\\1", "(?<a>.)(?<b>.)", "\\Aa\\Z\\z\\G", "a\\Kb", "(?=a\\K)", "\\h\\H\\v\\V\\R\\X\\C\\d\\D\\s\\S\\w\\W\\B"]] ++
        [{P, [unicode]} || P <- [[960], "é", <<"π"/utf8>>, <<255>>, "\\x{3c0}", "\\x{110000}", "\\x{d800}", "\\o{1700}", "[π-σ]", "[σ-π]", "a\\x{3c0}(", [960, $(], [960, $[, 961], "\\cπ", "(?<π>a)", "(*UTF8)π", "\\777", "(?<=\\C)a", "(?<=π)a", <<"(?<n>π"/utf8>>]] ++
        [{"a", O} || O <- [[anchored], [caseless], [{newline, any}], [{newline, crlf}], [{newline, anycrlf}], [{newline, cr}], [{newline, lf}], [{newline, foo}], [global], [notbol], [{capture, all}], [foo], foo, [dupnames | x], [{offset, 1}], [report_errors],
                           [never_utf], [never_utf, unicode], [no_start_optimize], [bsr_anycrlf], [{match_limit, 3}]]] ++
        [{"(*UTF8)a", [never_utf]}, {"(a)(?<b>c)", [no_auto_capture]}, {"(?<n>a)(?<n>b)", [dupnames]}, {a, []}, {[a], []}, {<<1:1>>, []}, {[256], []}, {"a b # c", [extended]}].

named() ->
    [{P, []} || P <- ["a", "(?<b>a)(?<a>b)", "(?P<x1>a)|(?'y'b)", "(?J)(?<n>a)(?<n>b)(?<B>c)"]].

matches() ->
    T = ["", "a", "b", "ab", "ba", "aab", "abab", "aaa", "abc", "xyz", "a\nb", "a\n", "\na", "A", "Ab"],
    [{P, [], T} || P <- ["a", "a*", "a*?", "a+", "a+?", "a?", "a??", "a{2}", "a{1,2}", "a{2,}?", "^a", "a$", "^a$", "^", "$", "\\Aa", "a\\z", "a\\Z", "\\Ga", "a|b", "a|ab", "(a)|b", "(a|ab)(c|bcd)?", "(a)?b", "(a)*", "(a*)*", "(a*)+", "(a*?)*?b",
                         "(?:a|b)*b", "(a|b)*?b", "((a)|(b))*", "(?>a+)b", "(?>a*)ab", "a++b", "a*+a", "a?+b", "(?:ab)++", "(?=a)..", "(?!a).", "(?<=a)b", "(?<!a)b", "(?<=a|ab)b", ".", ".*", ".+?b", "[ab]+", "[^a]", "[^a]*", "\\w+", "\\W", "\\s", "\\S+", "\\d|b",
                         "\\bb", "a\\B", "(a)\\1", "(?<x>a)\\k<x>", "(.)(.)\\2\\1", "(a)(b)?\\2", "x*", "(?i)ab", "(?i:a)b", "((?i)a)b", "a(?i)b|c", "(?s).+", "(?m)^b", "(?m)a$", "(?m)^$", "\\R", "\\N+", "a\\Kb", "(a\\Kb)", "()", "(|a)+", "(a|)+", "(?:a?){3}", "(?:a?){2,}b",
                         "(a?)*?$", "(?:|a)*$", "\\C", "\\X+", "[[:lower:]]+", "[[:^lower:]]", "(?U)a+", "(?U)a+?", "(?R)?a", "a(?R)?b", "(a(?1)?b)", "(?(?=a)ab|b)", "(a)?(?(1)b|x)", "(?(?!b)a|b)", "(?|(a)|(b))\\1", "(?(R)b|a(?R))", "(?(DEFINE)(b))a(?1)"]] ++
        [{"\\((?:[^()]++|(?R))*\\)", [], ["(a)", "((a)b)", "(a(b)c", "x(y(z))", "(()())"]},
         {"^(?:((.)(?1)\\2|)|((.)(?3)\\4|.))$", [caseless], ["abba", "abcba", "abca", "", "a"]},
         {"^(.|(.)(?1)\\2)$", [], ["aba", "abcba", "ab"]},
         {"(?<n>foo)\\k{n}", [], ["foofoo", "foobar"]}, {"(?:(?<n>foo)|(?<n>bar))\\k<n>", [dupnames], ["foofoo", "barbar", "foobar"]},
         {"(a+)+$", [], ["aaaaaaaaaaaab", "aaaa"]}, {"^(a|aa)+$", [], ["aaaaaaaaaaaaaaab", "aaaa"]},
         {"(\\d+)-(\\d+)(?:-(\\d+))?", [], ["10-20", "10-20-30", "x1-2y"]},
         {"(?<year>\\d{4})-(?<month>\\d\\d)", [{capture, [month, "year", <<"none">>], binary}], ["on 2024-05-06", "no"]},
         {"(?<year>\\d{4})-(?<month>\\d\\d)", [{capture, all_names, list}], ["on 2024-05-06", "no"]},
         {"\\w+", [global], ["one two  three", ""]}, {"\\w+", [global, {capture, all, list}], ["one two"]}, {"\\w*", [global, {capture, all, binary}], ["one two"]},
         {"", [global], ["abc", ""]}, {"(?=a)", [global], ["banana"]}, {"a|", [global, {capture, first, list}], ["banana"]}, {"(a)|(n)", [global, {capture, all_but_first, list}], ["banana"]},
         {"^a", [global, multiline], ["a\na\nb\na"]}, {"\\Ga", [global], ["aaba"]}, {"x", [global, {capture, none}], ["axx", "a"]}, {"(?<=b)|a", [global], ["baab"]},
         {"é", [], [<<"été"/utf8>>, "été"]}, {"é", [unicode], [<<"été"/utf8>>, "été", [$x, 233, 8364]]}, {".", [unicode, global], [[960, 8364, 16#1f600, $a], ""]}, {"", [unicode, global], [[960, $a, 8364]]},
         {"É", [unicode, caseless], ["é", "É", "e"]}, {[963], [unicode, caseless], [[963], [962], [931]]}, {"k", [unicode, caseless], ["K", [16#212a], "k"]}, {"ß", [unicode, caseless], ["ß", [16#1e9e], "SS"]}, {"[à-ý]+", [caseless], ["ÀÉÿ", "àé"]}, {"[α-ω]+", [unicode, caseless], [[913, 937, 969]]},
         {"\\w+", [unicode], ["été", [960, 961], "a_1"]}, {"\\w+", [unicode, ucp], ["été", [960, 961], "a_1"]}, {"\\d+", [unicode, ucp], [[16#661, 16#662], "12"]}, {"\\s", [unicode, ucp], [[16#2003], [160], "\t"]}, {"\\bé\\b", [unicode, ucp], ["é a", "aé"]}, {"\\bé\\b", [], ["é a", "aé"]},
         {"\\p{Lu}\\p{Ll}+", [unicode], ["Été", "abc Def", [928, 961]]}, {"\\p{Greek}+", [unicode], [[$a, 960, 961]]}, {"\\P{L}", [unicode], ["ab1"]}, {"[\\p{N}\\p{Zs}]+", [unicode], ["a1 2b"]}, {"\\X", [unicode, global], [[$e, 769, $a], "a\r\nb"]}, {"\\p{Xan}\\p{Xwd}\\p{Xsp}\\p{L&}", [unicode], ["a_ b"]},
         {"[[:alpha:]]+", [unicode], ["aé", [960]]}, {"[[:alpha:]]+", [unicode, ucp], ["aé", [960]]}, {"[^a]", [unicode], ["aé", "a"]}, {"[^é]", [unicode], ["é", "éa"]}, {"(?<=é)a", [unicode], ["éa"]}, {"(.)\\1", [unicode, caseless], ["éÉ", "aA", "ab"]},
         {"a.b", [{newline, cr}], ["a\nb", "a\rb"]}, {"a.b", [{newline, crlf}], ["a\nb", "a\rb", "a\r\nb"]}, {"a..b", [{newline, crlf}], ["a\r\nb", "axxb"]}, {"a.b", [{newline, any}], ["a\nb", "a\vb", "a\x85b", "axb"]}, {"^b$", [multiline, {newline, any}], ["a\rb\r\nc", "a\nb", "a\x85b"]},
         {"^b$", [multiline, {newline, anycrlf}], ["a\rb\r\nc", "a\nb", "a\x85b"]}, {"b$", [{newline, crlf}], ["ab\r\n", "ab\n"]}, {"a$", [dollar_endonly], ["a", "a\n"]}, {"^a$", [multiline], ["a", "b\na\nc", "a\n"]}, {".", [{newline, crlf}, global], ["\r\n\n"]}, {"", [{newline, crlf}, global], ["\r\na"]},
         {"\\R", [], ["\r\n", "\v", "\x85", "\n"]}, {"\\R", [bsr_anycrlf], ["\r\n", "\v", "\x85", "\n"]}, {"\\R", [unicode], [[16#2028], [16#85]]}, {"a\\Rb", [], ["a\r\nb", "a\rb"]}, {"\\R\\n", [], ["\r\n", "\r\n\n"]},
         {"a", [anchored], ["a", "ba"]}, {"^a", [notbol], ["a"]}, {"a$", [noteol], ["a"]}, {"a*", [notempty], ["", "b", "ba"]}, {"a*", [notempty_atstart], ["", "b", "ba"]}, {"(?m)^", [notbol], ["a\nb"]}, {"$", [noteol, multiline], ["a\nb"]}, {"\\z", [noteol], ["a"]}, {"\\Aa", [notbol], ["a"]},
         {"b", [firstline], ["ab", "a\nb", "a\r\nb"]}, {"$", [firstline], ["ab\nc"]}, {"a.*b", [dotall], ["a\nb"]}, {"a.*b", [], ["a\nb"]}, {" a b # c", [extended], ["ab", "a b"]}, {"a\\ b", [extended], ["a b"]}, {"[a b]", [extended], [" "]}, {"a+", [ungreedy], ["aaa"]}, {"a+?", [ungreedy], ["aaa"]},
         {"(a)(?<b>c)", [no_auto_capture], ["ac"]}, {"a", [{offset, 1}], ["aba", "a", "ba"]}, {"^a", [{offset, 1}], ["aa"]}, {"\\Ga", [{offset, 1}], ["ba", "aab"]}, {"(?<=a)b", [{offset, 1}], ["ab"]}, {"a", [{offset, 3}], ["abc"]}, {"", [{offset, 3}], ["abc"]}, {"\\bb", [{offset, 1}], ["ab"]},
         {"(a(*COMMIT)b|ac)", [], ["ac", "ab", "xab"]}, {"a+(*COMMIT)b", [], ["aac aab", "aab"]}, {"a+(*PRUNE)b", [], ["aacab"]}, {"a+(*SKIP)b", [], ["aacaab", "aaac"]}, {"a(*THEN)b|ac", [], ["ac", "ab"]}, {"(?:a(*THEN)b|ac)d|.", [], ["acd", "abd"]}, {"a(*F)|b", [], ["ab"]}, {"a(*ACCEPT)b", [], ["ac"]}, {"(a(b(*ACCEPT)c)d)", [], ["abx"]},
         {"(?:(a)|b(*ACCEPT))c", [], ["b", "ac"]}, {"(?=a(*ACCEPT)b).", [], ["ac"]}, {"(?!a(*ACCEPT)b)c", [], ["c"]}, {"A(A|B(*ACCEPT)|C)D", [], ["AB", "AAD"]}, {"(*COMMIT)b", [], ["ab"]}, {"(foo)(?(1)bar|baz)", [], ["foobar", "foobaz"]},
         {"a(?=(b))", [], ["ab"]}, {"a(?!(b))", [], ["ac", "ab"]}, {"(?=(a+))a*b\\1", [], ["baaabac"]}, {"(?>(a+))b", [], ["aab"]}, {"(?:(?=(\\w))\\w)+", [], ["abc"]}, {"((?<=foo)bar)\\1", [], ["foobarbar"]}, {"(?<=\\d{3})x", [], ["123x", "12x"]}, {"(?<!\\d)x|(?<=1)y", [], ["1x1y"]},
         {"(?<a>.)(?<b>.)?", [{capture, [b, a]}], ["x", "xy"]}, {"(a)(b)?(c)?", [], ["a", "ab", "ac"]}, {"(a)(b)?(c)?", [{capture, all, list}], ["a", "ac"]}, {"(a)(b)?(c)?", [{capture, [1, 2, 3, 4, 0], binary}], ["a", "ac"]}, {"(a)(b)?", [{capture, all_but_first}], ["a", "ab"]}, {"a", [{capture, all_but_first}], ["a"]}, {"a", [{capture, []}], ["a", "b"]},
         {"a", [{capture, none}], ["a"]}, {"a", [{capture, first, list}], ["xa"]}, {"a", [{capture, all_names}], ["a"]}, {"(?<x>a)|(?<x>b)|(?<a>c)", [dupnames, {capture, all_names, list}], ["a", "b", "c"]}, {"(?<x>a)|(?<x>b)", [dupnames, {capture, [x], list}], ["a", "b"]}, {"é", [unicode, {capture, all, list}], ["xé"]}, {"[é]", [unicode, {capture, all, binary}], ["xé"]}, {".", [{capture, all, list}], ["é"]},
         {"(?:a+b+)+c", [], [lists:duplicate(30, $a) ++ "b"]}, {"x*y*z*", [global], ["aab"]}, {"[\\d\\-x]+", [], ["1-x", "a"]}, {"[\\]\\\\]+", [], ["a]\\"]}, {"[a\\-z]+", [], ["a-z", "b"]}, {"[^\\n]+", [], ["ab\nc"]}, {"\\x41\\x{42}\\103\\cA\\e\\t", [], ["ABC\x{1}\e\t"]}, {"\\Qa.b*\\E+", [], ["a.b***", "axb"]},
         {"(?i)[a-c]+", [], ["aBC"]}, {"(?i)[^a]", [], ["Ab"]}, {"(?i)\\x41", [], ["a"]}, {"(?i)(a)\\1", [], ["aA"]}, {"[[:<:]]b", [], ["ab b"]}, {"a[[:>:]]", [], ["ab a"]}, {"\\h+\\H", [], [" \ta"]}, {"\\v\\V", [], ["\na"]}].

options() ->
    [{bif_calls, re_run, ["xaab", "a+", C, R]} || C <- [[], [caseless], [unicode], [ungreedy]],
                                                   R <- [[], [global], [{capture, all, list}], [anchored], [notempty], [caseless], [unicode], [{newline, crlf}], [bsr_anycrlf], [{offset, 2}], [foo]]] ++
        [{re, run, [S, P, [report_errors]]} || {S, P} <- [{"a", "("}, {"a", "a"}, {lists:duplicate(40, $a), "(a+)+b"}, {"a", "(?1)(a|(?1))"}]] ++
        [{re, run, [lists:duplicate(20, $a), "(a+)+b", O]} || O <- [[], [{match_limit, 10}], [{match_limit, 10}, report_errors]]].

errors() ->
    [{re, run, A} || A <- [[a, "a"], ["a", a], ["a", "("], ["a", {re_pattern, 1}], ["a", "a", [foo]], ["a", "a", foo], ["a", "a", [{offset, -1}]], [[256], "a"], ["a", [256]],
                          ["a", "a", [{capture, x}]], ["a", "a", [{capture, [x]}]], ["a", "a", [{capture, all, foo}]], ["a", "a", [{capture, [-1]}]], ["a", "a", [{capture, [1.5]}]], ["a", "a", [{newline, foo}]], ["a", "a", [{match_limit, x}]], ["a", "a", [global | x]]]] ++
        [{re, compile, [a]}, {re, compile, ["a", [foo]]}, {re, inspect, [a, namelist]}, {re, inspect, ["a", namelist]}].

%% Random patterns over a small alphabet.
random() ->
    P = pattern(3),
    S = lists:flatten([pick(["a", "b", "c", "A", "1", "\n", " ", "é"]) || _ <- lists:seq(1, rand:uniform(10) - 1)]),
    O = lists:usort([pick([caseless, multiline, dotall, extended, ungreedy, global, unicode, {newline, any}, anchored, notempty, firstline, ucp]) || _ <- lists:seq(1, rand:uniform(4) - 1)]),
    case rand:uniform(6) of
        1 -> {bif_calls, re_compile, [damaged(P), [X || X <- O, lists:member(X, [caseless, unicode, extended])]]};
        _ -> {bif_calls, re_run, [S, P, O ++ pick([[], [], [{capture, all, list}]])]}
    end.

damaged(P) ->
    case length(P) of
        0 -> P;
        N -> {A, [_ | B]} = lists:split(rand:uniform(N) - 1, P), A ++ pick([[], "(", "[", "\\", "*", "?", "{2}", ")"]) ++ B
    end.

pick(L) -> lists:nth(rand:uniform(length(L)), L).

pattern(0) ->
    pick(["a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "\\s", "\\b", "^", "$", "\\R", "[b-c]", "\\W", "1", "é", "\\1", "\\A", "\\z", "\\Z", "(?i)", "[[:upper:]]", "\\B", "\\K", "\\X", "\\N", "[^b-c]", "\\n", "(?m)", "(?s)", "(*F)"]);
pattern(N) ->
    Q = pattern(N - 1),
    case rand:uniform(16) of
        1 -> "(" ++ Q ++ ")";
        2 -> "(?:" ++ Q ++ "|" ++ pattern(N - 1) ++ ")";
        3 -> "(" ++ Q ++ "|" ++ pattern(N - 1) ++ ")" ++ quantifier();
        4 -> "(?:" ++ Q ++ ")" ++ quantifier();
        5 -> Q ++ "|" ++ pattern(N - 1);
        6 -> pick(["(?=", "(?!", "(?>", "(?<=", "(?<!"]) ++ Q ++ ")";
        7 -> pattern(0) ++ quantifier() ++ Q;
        8 -> "(" ++ Q ++ ")" ++ pick(["\\1", "(?1)", "(?(1)" ++ pattern(0) ++ "|" ++ pattern(0) ++ ")"]);
        9 -> "(?|(" ++ Q ++ ")|(" ++ pattern(N - 1) ++ "))";
        10 -> Q ++ pick(["(*ACCEPT)", "(*COMMIT)", "(*PRUNE)", "(*SKIP)", "(*THEN)", "(?R)?"]) ++ pattern(0);
        _ -> Q ++ pattern(N - 1)
    end.

quantifier() -> pick(["*", "+", "?", "{2}", "{1,2}", "{0,}"]) ++ pick(["", "", "?", "+"]).
