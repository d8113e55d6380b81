%% Listings in the form that erlc -S prints, from a primer on BEAM: https://www.erlang.org/blog/a-brief-beam-primer
%% Try: turbeam run examples/primer.S --call 'primer:sum_tail([1,2,3])'
%% There is no {module,...} or {exports,...} in it, so all functions are exported.

%% sum_tail/1, entry label is 2: starts the loop with the sum 0 in x1.
{function, sum_tail, 1, 2}.
  {label,1}.
    {func_info,{atom,primer},{atom,sum_tail},1}.
  {label,2}.
    {move,{integer,0},{x,1}}.
    {call_only,2,{f,4}}.

%% sum_tail/2, entry label is 4: the list in x0, the sum in x1.
{function, sum_tail, 2, 4}.
  {label,3}.
    {func_info,{atom,primer},{atom,sum_tail},2}.
  {label,4}.
    {test,is_nonempty_list,{f,5},[{x,0}]}.
    {get_list,{x,0},{x,2},{x,0}}.
    %% Three registers are live here: should the sum need memory, x0 to x2 survive a collection.
    {gc_bif,'+',{f,0},3,[{x,2},{x,1}],{x,1}}.
    {call_only,2,{f,4}}.
  {label,5}.
    %% Neither a cons nor the empty list: function_clause.
    {test,is_nil,{f,3},[{x,0}]}.
    {move,{x,1},{x,0}}.
    return.

%% The same with a stack frame per element: y0 keeps the head while the rest is summed.
{function, sum_body, 1, 7}.
  {label,6}.
    {func_info,{atom,primer},{atom,sum_body},1}.
  {label,7}.
    {test,is_nonempty_list,{f,8},[{x,0}]}.
    {allocate,1,1}.
    {get_list,{x,0},{y,0},{x,0}}.
    {call,1,{f,7}}.
    {gc_bif,'+',{f,0},1,[{y,0},{x,0}],{x,0}}.
    {deallocate,1}.
    return.
  {label,8}.
    {test,is_nil,{f,6},[{x,0}]}.
    {move,{integer,0},{x,0}}.
    return.

%% A tuple of two takes three words on the heap.
{function, create_tuple, 1, 10}.
  {label,9}.
    {func_info,{atom,primer},{atom,create_tuple},1}.
  {label,10}.
    {test_heap,3,1}.
    {put_tuple2,{x,0},{list,[{atom,hello},{x,0}]}}.
    return.

%% A catch tag in y0; class, reason and stack trace arrive in x0, x1 and x2. There is no module `external`, so
%% this fails with undef, which no clause catches.
{function, exception, 0, 12}.
  {label,11}.
    {func_info,{atom,primer},{atom,exception},0}.
  {label,12}.
    {allocate,1,0}.
    {'try',{y,0},{f,13}}.
    {call_ext,0,{extfunc,external,call,0}}.
    {try_end,{y,0}}.
    {deallocate,1}.
    return.
  {label,13}.
    {try_case,{y,0}}.
    {test,is_eq_exact,{f,14},[{x,0},{atom,throw}]}.
    {test,is_eq_exact,{f,14},[{x,1},{atom,example}]}.
    {move,{atom,hello},{x,0}}.
    {deallocate,1}.
    return.
  {label,14}.
    {bif,raise,{f,0},[{x,2},{x,1}],{x,0}}.

%% The one loop inside a function: over the mailbox, until a message has the reference that y0 keeps.
{function, selective_receive, 1, 16}.
  {label,15}.
    {func_info,{atom,primer},{atom,selective_receive},1}.
  {label,16}.
    {allocate,1,1}.
    {move,{x,0},{y,0}}.
  {label,17}.
    {loop_rec,{f,19},{x,0}}.
    {test,is_tuple,{f,18},[{x,0}]}.
    {test,test_arity,{f,18},[{x,0},2]}.
    {get_tuple_element,{x,0},0,{x,1}}.
    {test,is_eq_exact,{f,18},[{x,1},{y,0}]}.
    {get_tuple_element,{x,0},1,{x,0}}.
    remove_message.
    {deallocate,1}.
    return.
  {label,18}.
    {loop_rec_end,{f,17}}.
  {label,19}.
    {wait,{f,17}}.
