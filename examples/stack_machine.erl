%% A compiler and a machine, both small: Erlang's own scanner and parser read an expression, which becomes code for a machine that
%% has nothing but a stack.
%%   turbeam run examples/stack_machine.beam -- '8 + 17 * 2.'
%%   turbeam run examples/stack_machine.beam --call 'stack_machine:interpret([push, 8, push, 34, add])'
%% It needs an installed OTP, for erl_scan and erl_parse.
-module(stack_machine).
-export([main/1, compile/1, interpret/1]).

main(Words) ->
    Code = compile(lists:flatten(lists:join($\s, Words))),
    io:format("~p~n~p~n", [Code, interpret(Code)]).

%% The code for one expression, which ends with a dot: instructions, with the operand of push behind it.
compile(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, [Tree]} = erl_parse:parse_exprs(Tokens),
    generate(Tree, []).

%% The code of a tree, before the code that comes after it.
generate({integer, _, N}, After) -> [push, N | After];
generate({op, _, '-', Operand}, After) -> generate(Operand, [negate | After]);
generate({op, _, Operator, Left, Right}, After) ->
    generate(Left, generate(Right, [instruction(Operator) | After])).

instruction('+') -> add;
instruction('-') -> subtract;
instruction('*') -> multiply;
instruction('div') -> divide.

%% What is on top of the stack when the code has run.
interpret(Code) -> run(Code, []).

run([push, N | Code], Stack) -> run(Code, [N | Stack]);
run([negate | Code], [N | Stack]) -> run(Code, [-N | Stack]);
run([add | Code], [B, A | Stack]) -> run(Code, [A + B | Stack]);
run([subtract | Code], [B, A | Stack]) -> run(Code, [A - B | Stack]);
run([multiply | Code], [B, A | Stack]) -> run(Code, [A * B | Stack]);
run([divide | Code], [B, A | Stack]) -> run(Code, [A div B | Stack]);
run([], [Result]) -> Result.
