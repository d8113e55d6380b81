%% Run it: turbeam run examples/hello.beam -- Joe Robert Mike
-module(hello).
-export([main/1]).

main([]) -> io:format("Hello, world!~n");
main(Names) -> lists:foreach(fun greet/1, Names).

greet(Name) -> io:format("Hello, ~s!~n", [Name]).
