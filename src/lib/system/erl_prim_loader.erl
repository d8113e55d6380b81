%% How OTP's code server and application controller read files of modules and applications: straight from the file system.
-module(erl_prim_loader).
-export([
    start/0,
    get_file/1, list_dir/1, read_file_info/1, read_link_info/1, read_file/1,
    get_cwd/0, get_cwd/1, get_path/0, set_path/1,
    is_basename/1, purge_archive_cache/0, set_primary_archive/4,
    prim_init/0, prim_get_file/2, prim_list_dir/2, prim_read_file_info/3, prim_get_cwd/2
]).

start() ->
    {ok, self()}.

get_file(Name) when is_atom(Name) ->
    get_file(atom_to_list(Name));
get_file(Name) ->
    case prim_file:read_file(Name) of
        {ok, Bytes} -> {ok, Bytes, full_name(Name)};
        {error, _} -> find(Name)
    end.

%% A plain name is looked for on the code path.
find(Name) ->
    case is_basename(Name) of
        true -> first([Dir ++ "/" ++ Name || Dir <- code:get_path()]);
        false -> error
    end.

first([Name | Names]) ->
    case prim_file:read_file(Name) of
        {ok, Bytes} -> {ok, Bytes, Name};
        {error, _} -> first(Names)
    end;
first([]) ->
    error.

full_name([$/ | _] = Name) ->
    Name;
full_name(Name) when is_list(Name) ->
    {ok, Dir} = prim_file:get_cwd(),
    Dir ++ "/" ++ Name;
full_name(Name) ->
    Name.

read_file(Name) ->
    prim_file:read_file(Name).

list_dir(Name) ->
    or_error(prim_file:list_dir(Name)).

read_file_info(Name) ->
    or_error(prim_file:read_file_info(Name)).

read_link_info(Name) ->
    or_error(prim_file:read_link_info(Name)).

or_error({error, _}) -> error;
or_error(Result) -> Result.

get_cwd() ->
    prim_file:get_cwd().

get_cwd(Drive) ->
    prim_file:get_cwd(Drive).

get_path() ->
    {ok, code:get_path()}.

set_path(_) ->
    ok.

is_basename(Name) when is_list(Name) ->
    not lists:member($/, Name).

purge_archive_cache() ->
    ok.

%% Archives (.ez) are not supported.
set_primary_archive(_, _, _, _) ->
    {ok, []}.

prim_init() ->
    undefined.

prim_get_file(State, Name) ->
    {prim_file:read_file(Name), State}.

prim_list_dir(State, Name) ->
    {prim_file:list_dir(Name), State}.

prim_read_file_info(State, Name, true) ->
    {prim_file:read_file_info(Name), State};
prim_read_file_info(State, Name, false) ->
    {prim_file:read_link_info(Name), State}.

prim_get_cwd(State, _Drive) ->
    {prim_file:get_cwd(), State}.
