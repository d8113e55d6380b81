%% The processes that answer the Erlang I/O protocol for standard input and output (user, which is everybody's group leader)
%% and for standard error. Bytes come and go through BIFs: turbeam:write/2 and read/0, whose answer is a message.
-module(turbeam_io).
-export([user/0, standard_error/0]).

-record(io, {
    %% File descriptor that is written to; the one of standard error has no input.
    out :: 1 | 2,
    encoding = unicode :: unicode | latin1,
    %% Whether input is given as binaries; default: nobody has said so, and it is what Elixir sets where it runs.
    binary = default :: boolean() | default,
    %% What has been read and not asked for yet, in the encoding of the device.
    input = <<>> :: binary(),
    eof = false :: boolean(),
    %% A read is under way.
    reading = false :: boolean(),
    %% Requests are answered as OTP 26 and later do: other errors, the prompt anew for each line that is waited for, functions of
    %% get_until requests that see one line at a time.
    by_line = list_to_integer(erlang:system_info(otp_release)) >= 26 :: boolean()
}).

%% The process registered as user.
user() ->
    loop(#io{out = 1}).

%% The process registered as standard_error.
standard_error() ->
    loop(#io{out = 2}).

loop(S) ->
    receive
        {io_request, From, As, Request} when is_pid(From) ->
            loop(answer(From, As, Request, S));
        {turbeam_stdin, Data} ->
            loop(take(Data, S));
        _ ->
            loop(S)
    end.

answer(From, As, Request, S0) ->
    {Reply, S} = request(Request, S0),
    From ! {io_reply, As, Reply},
    S.

request({put_chars, Encoding, Chars}, S) when Encoding =:= unicode; Encoding =:= latin1 ->
    {put_chars(Chars, Encoding, S), S};
request({put_chars, Encoding, M, F, Args}, S) when Encoding =:= unicode; Encoding =:= latin1 ->
    try apply(M, F, Args) of
        Chars -> {put_chars(Chars, Encoding, S), S}
    catch
        _:_ when S#io.by_line -> {{error, F}, S};
        _:_ -> {{error, put_chars}, S}
    end;
request({put_chars, Chars}, S) ->
    request({put_chars, latin1, Chars}, S);
request({put_chars, M, F, Args}, S) ->
    request({put_chars, latin1, M, F, Args}, S);
request(getopts, S) ->
    {options(S), S};
request({setopts, Options}, S) when is_list(Options) ->
    set_options(Options, S, S);
request({get_geometry, columns}, S) ->
    {geometry(1, S), S};
request({get_geometry, rows}, S) ->
    {geometry(2, S), S};
request({requests, Requests}, S) when is_list(Requests) ->
    requests(Requests, {ok, S});
request({get_line, Encoding, Prompt}, #io{out = 1} = S) ->
    input(Prompt, get_line, fun(Data, Eof, S1) -> line(Data, Eof, Encoding, S1) end, S);
request({get_line, Prompt}, S) ->
    request({get_line, latin1, Prompt}, S);
request({get_chars, Encoding, Prompt, N}, #io{out = 1} = S) when is_integer(N), N >= 0 ->
    input(Prompt, get_chars, fun(Data, Eof, S1) -> chars(Data, Eof, N, Encoding, S1) end, S);
request({get_chars, Prompt, N}, S) ->
    request({get_chars, latin1, Prompt, N}, S);
request({get_until, Encoding, Prompt, M, F, Args}, #io{out = 1} = S) ->
    input(Prompt, F, fun(Data, Eof, S1) -> until([], Data, Eof, {M, F, Args}, Encoding, S1) end, S);
request({get_until, Prompt, M, F, Args}, S) ->
    request({get_until, latin1, Prompt, M, F, Args}, S);
request({get_password, _}, #io{out = 1, by_line = true} = S) ->
    %% Only a terminal can keep it from being seen.
    {{error, enotsup}, S};
request(Request, S) ->
    {{error, bad_request(Request, S)}, S}.

bad_request(_, #io{by_line = true}) -> request;
bad_request(Request, _) -> {request, Request}.

%% Requests one after the other; the first error ends them and is the answer.
requests([Request | Requests], {_, S}) ->
    case request(Request, S) of
        {{error, _}, _} = Result -> Result;
        Result -> requests(Requests, Result)
    end;
requests([], Result) ->
    Result.

%% Output

put_chars(Chars, Encoding, #io{out = Out} = S) ->
    case encode(Chars, Encoding, S) of
        error when S#io.by_line -> {error, {put_chars, Encoding, Chars}};
        error -> {error, put_chars};
        Bytes -> turbeam:write(Out, Bytes)
    end.

%% What a program prints, in the encoding of the device.
encode(Chars, Encoding, #io{encoding = To, by_line = ByLine}) ->
    try unicode:characters_to_binary(Chars, Encoding, To) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ when To =:= latin1, Encoding =:= unicode -> escaped(Chars);
        _ when ByLine -> error;
        %% What is no text goes out as it is.
        _ -> as_bytes(Chars)
    catch
        _:_ -> error
    end.

as_bytes(Chars) ->
    try iolist_to_binary(Chars)
    catch _:_ -> error
    end.

%% Latin-1, with \x{...} for what it has no byte for.
escaped(Chars) ->
    case unicode:characters_to_list(Chars) of
        Points when is_list(Points) ->
            << <<(if
                P > 255 -> <<"\\x{", (integer_to_binary(P, 16))/binary, "}">>;
                true -> <<P>>
            end)/binary>> || P <- Points >>;
        _ ->
            error
    end.

prompt('', _) ->
    ok;
prompt(Prompt, #io{out = Out} = S) ->
    turbeam:write(Out,
        try prompt_bytes(Prompt, S)
        catch _:_ -> <<"???">>
        end).

prompt_bytes(Prompt, #io{encoding = To} = S) ->
    case encode(prompt_text(Prompt), unicode, S#io{by_line = true}) of
        error -> <<_/binary>> = unicode:characters_to_binary(Prompt, latin1, To);
        Bytes -> Bytes
    end.

prompt_text({format, Format, Args}) -> io_lib:format(Format, Args);
prompt_text(Prompt) when is_list(Prompt); is_binary(Prompt) -> Prompt;
prompt_text(Prompt) when is_atom(Prompt) -> atom_to_list(Prompt);
prompt_text(Prompt) -> io_lib:format("~tp", [Prompt]).

%% Options

options(#io{out = 2, encoding = Encoding}) ->
    [{encoding, Encoding}];
options(#io{encoding = Encoding} = S) ->
    [{binary, is_binary_mode(S)}, {encoding, Encoding}].

is_binary_mode(#io{binary = default}) -> turbeam:uses_elixir();
is_binary_mode(#io{binary = Binary}) -> Binary.

%% All of the options, or, if one of them is none, nothing.
set_options([Option | Options], S, Before) ->
    case Option of
        binary when S#io.out =:= 1 -> set_options(Options, S#io{binary = true}, Before);
        list when S#io.out =:= 1 -> set_options(Options, S#io{binary = false}, Before);
        {binary, B} when is_boolean(B), S#io.out =:= 1 -> set_options(Options, S#io{binary = B}, Before);
        {list, B} when is_boolean(B), S#io.out =:= 1 -> set_options(Options, S#io{binary = not B}, Before);
        latin1 -> set_options(Options, S#io{encoding = latin1}, Before);
        unicode -> set_options(Options, S#io{encoding = unicode}, Before);
        {encoding, latin1} -> set_options(Options, S#io{encoding = latin1}, Before);
        {encoding, E} when E =:= unicode; E =:= utf8 -> set_options(Options, S#io{encoding = unicode}, Before);
        _ -> {{error, enotsup}, Before}
    end;
set_options([], S, _) ->
    {ok, S};
set_options(_, _, Before) ->
    {{error, enotsup}, Before}.

geometry(Which, #io{out = Out, by_line = ByLine}) ->
    case turbeam:geometry(Out) of
        undefined when ByLine, Which =:= 1 -> error;
        undefined when ByLine -> enotsup;
        undefined -> {error, enotsup};
        Size -> element(Which, Size)
    end.

%% Input. A reader takes the bytes that are there and whether they are the last, and gives {done, Reply, Rest},
%% {error, Reason, Rest}, {more, Reader, Rest}, where the reader is asked again with what follows, or {keep, Data} to be asked
%% again with more of the same.

input(Prompt, What, Reader, S) ->
    prompt(Prompt, S),
    read(Prompt, What, Reader, S).

read(_, _, _, #io{input = <<>>, eof = true, by_line = false} = S) ->
    %% The end is told once to each who asks; a terminal may go on behind it.
    {eof, S};
read(Prompt, What, Reader, #io{input = <<>>, eof = false} = S) ->
    read(Prompt, What, Reader, wait(Prompt, S));
read(Prompt, What, Reader, S) ->
    ask(Prompt, What, Reader, S).

ask(Prompt, What, Reader, #io{input = Data, eof = Eof} = S) ->
    try Reader(Data, Eof, S) of
        {done, Reply, Rest} -> {Reply, S#io{input = Rest}};
        {error, Reason, Rest} -> {{error, Reason}, S#io{input = Rest}};
        {more, More, Rest} -> ask(Prompt, What, More, again(Prompt, S#io{input = Rest}));
        {keep, Data} -> ask(Prompt, What, Reader, wait_behind(Data, Prompt, S))
    catch
        _:_ -> {{error, What}, S#io{input = <<>>}}
    end.

wait_behind(Data, Prompt, S0) ->
    #io{input = New} = S = again(Prompt, S0#io{input = <<>>}),
    S#io{input = <<Data/binary, New/binary>>}.

%% Sees to it that there is more input, or its end.
again(Prompt, S) ->
    S#io.by_line andalso prompt(Prompt, S),
    case S of
        #io{input = <<>>, eof = false} -> wait(Prompt, S);
        _ -> S
    end.

%% Waits for more input, or its end; what others print meanwhile is not held up.
wait(Prompt, #io{reading = false} = S) ->
    turbeam:read_input(),
    wait(Prompt, S#io{reading = true});
wait(Prompt, S0) ->
    receive
        {turbeam_stdin, Data} ->
            take(Data, S0);
        {io_request, From, As, Request} when
            is_pid(From), element(1, Request) =/= get_line, element(1, Request) =/= get_chars,
            element(1, Request) =/= get_until, element(1, Request) =/= requests;
            Request =:= getopts
        ->
            S = answer(From, As, Request, S0),
            case Request of
                {get_geometry, _} -> ok;
                getopts -> ok;
                {setopts, _} -> ok;
                _ -> prompt(Prompt, S)
            end,
            wait(Prompt, S)
    end.

take(eof, S) ->
    S#io{eof = true, reading = false};
take(Data, #io{input = Input} = S) ->
    S#io{input = <<Input/binary, Data/binary>>, reading = false}.

line(<<>>, true, _, _) ->
    {done, eof, <<>>};
line(Data, Eof, Encoding, S) ->
    case split_line(Data, 0) of
        nomatch when Eof -> reply(Data, <<>>, Encoding, S);
        nomatch -> {keep, Data};
        {Line, Rest} -> reply(Line, Rest, Encoding, S)
    end.

%% The first line, with its end as one newline, and what is behind it.
split_line(Data, At) ->
    case Data of
        <<Line:At/binary, "\r\n", Rest/binary>> -> {<<Line/binary, $\n>>, Rest};
        <<_:At/binary, $\n, Rest/binary>> -> {binary_part(Data, 0, At + 1), Rest};
        <<_:At/binary, _, _/binary>> -> split_line(Data, At + 1);
        _ -> nomatch
    end.

chars(<<>>, true, _, _, _) ->
    {done, eof, <<>>};
chars(Data, Eof, N, Encoding, #io{encoding = From} = S) ->
    case skip(Data, N, From) of
        {ok, Bytes} ->
            <<Chars:Bytes/binary, Rest/binary>> = Data,
            reply(Chars, Rest, Encoding, S);
        more when Eof -> reply(Data, <<>>, Encoding, S);
        more -> {keep, Data};
        error -> {error, get_chars, <<>>}
    end.

%% How many bytes N characters take.
skip(Data, N, latin1) ->
    if
        byte_size(Data) >= N -> {ok, N};
        true -> more
    end;
skip(Data, N, unicode) ->
    skip_utf8(Data, N, Data).

skip_utf8(Rest, 0, Data) ->
    {ok, byte_size(Data) - byte_size(Rest)};
skip_utf8(<<_/utf8, Rest/binary>>, N, Data) ->
    skip_utf8(Rest, N - 1, Data);
skip_utf8(Rest, _, _) when byte_size(Rest) < 4 ->
    more;
skip_utf8(_, _, _) ->
    error.

%% What the function of a get_until request makes of the input. It sees characters, as a list.
until(State, <<>>, true, Function, Encoding, S) ->
    until_end(State, Function, Encoding, S);
until(State, Data, Eof, {M, F, Args} = Function, Encoding, #io{encoding = From} = S) ->
    {Bytes, Behind} = portion(Data, S),
    {Chars, Incomplete} =
        case unicode:characters_to_list(Bytes, From) of
            List when is_list(List) -> {List, <<>>};
            {incomplete, List, Tail} when not Eof -> {List, Tail}
        end,
    case apply(M, F, [State, Chars | Args]) of
        {done, Result, Rest} ->
            Left =
                case Rest of
                    eof -> <<>>;
                    _ -> unicode:characters_to_binary(Rest, unicode, From)
                end,
            {done, result(Result, Encoding, S), <<Left/binary, Incomplete/binary, Behind/binary>>};
        {more, State1} when Eof, Behind =:= <<>>, not S#io.by_line ->
            until_end(State1, Function, Encoding, S);
        {more, State1} ->
            Next = fun(More, Eof1, S1) ->
                until(State1, <<Incomplete/binary, More/binary>>, Eof1, Function, Encoding, S1)
            end,
            {more, Next, Behind}
    end.

%% What a function sees at once, and what is behind that.
portion(Data, #io{by_line = true}) ->
    case binary:match(Data, <<"\n">>) of
        {At, 1} -> split_binary(Data, At + 1);
        nomatch -> {Data, <<>>}
    end;
portion(Data, _) ->
    {Data, <<>>}.

until_end(State, {M, F, Args}, Encoding, S) ->
    {done, Result, _} = apply(M, F, [State, eof | Args]),
    {done, result(Result, Encoding, S), <<>>}.

%% A result that is characters goes out as a binary, if the device is in binary mode.
result(Result, Encoding, S) when is_list(Result) ->
    case is_binary_mode(S) of
        true -> unicode:characters_to_binary(Result, unicode, Encoding);
        false -> Result
    end;
result(Result, _, _) ->
    Result.

%% Bytes of the device as what the one who asked wants: a list or a binary, in his encoding.
reply(Bytes, Rest, Encoding, #io{encoding = From} = S) ->
    Binary = is_binary_mode(S),
    Reply =
        if
            Binary, From =:= Encoding -> Bytes;
            Binary -> unicode:characters_to_binary(Bytes, From, Encoding);
            true -> latin1_or_any(unicode:characters_to_list(Bytes, From), Encoding)
        end,
    case Reply of
        _ when is_list(Reply); is_binary(Reply) -> {done, Reply, Rest};
        _ -> {error, {no_translation, From, Encoding}, Rest}
    end.

latin1_or_any(Chars, latin1) when is_list(Chars) ->
    case [C || C <- Chars, C > 255] of
        [] -> Chars;
        _ -> error
    end;
latin1_or_any(Chars, _) ->
    Chars.
