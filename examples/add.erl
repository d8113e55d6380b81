%% One frame, one Y register, two calls and an addition: small enough to follow every instruction of it.
%% Look at them with erlc -S, and at what they become with turbeam run examples/add.beam --dump-js=add:add/2
-module(add).
-export([add/2]).

add(A, B) -> id(A) + id(B).

id(I) -> I.
