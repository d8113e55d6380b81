%% Funs whose code is a JavaScript function (src/api/closures.ts): one for each number of arguments. The free variable says
%% which function it is.
-module(turbeam_js).

-export([fun_of/2]).

-define(CALL(Args), turbeam_host:call(F, Args)).

fun_of(0, F) -> fun() -> ?CALL([]) end;
fun_of(1, F) -> fun(A) -> ?CALL([A]) end;
fun_of(2, F) -> fun(A, B) -> ?CALL([A, B]) end;
fun_of(3, F) -> fun(A, B, C) -> ?CALL([A, B, C]) end;
fun_of(4, F) -> fun(A, B, C, D) -> ?CALL([A, B, C, D]) end;
fun_of(5, F) -> fun(A, B, C, D, E) -> ?CALL([A, B, C, D, E]) end;
fun_of(6, F) -> fun(A, B, C, D, E, G) -> ?CALL([A, B, C, D, E, G]) end;
fun_of(7, F) -> fun(A, B, C, D, E, G, H) -> ?CALL([A, B, C, D, E, G, H]) end;
fun_of(8, F) -> fun(A, B, C, D, E, G, H, I) -> ?CALL([A, B, C, D, E, G, H, I]) end.
