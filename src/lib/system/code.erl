%% Module code of the kernel application, for when there is no OTP: without sticky directories, archives and documentation chunks.
-module(code).
-export([set_path/1, get_path/0, add_path/1, add_pathz/1, add_patha/1, add_paths/1, add_pathsz/1, add_pathsa/1,
         del_path/1, replace_path/2, load_file/1, load_abs/1, ensure_loaded/1, load_binary/3, atomic_load/1,
         prepare_loading/1, finish_loading/1, ensure_modules_loaded/1, delete/1, purge/1, soft_purge/1, is_loaded/1,
         all_loaded/0, which/1, get_object_code/1, root_dir/0, lib_dir/0, lib_dir/1, lib_dir/2, priv_dir/1,
         compiler_dir/0, objfile_extension/0, stick_dir/1, unstick_dir/1, is_sticky/1, where_is_file/1,
         module_status/0, module_status/1, modified_modules/0, module_md5/1, get_mode/0, is_module_native/1,
         clash/0, rehash/0]).

%% ---- the path

get_path() -> turbeam:code_path().

set_path(Dirs) when is_list(Dirs) ->
    case lists:all(fun is_dir/1, Dirs) of
        true -> turbeam:set_code_path(Dirs);
        false -> {error, bad_directory}
    end.

add_path(Dir) -> add_pathz(Dir).

add_pathz(Dir) when is_list(Dir) -> add(Dir, fun(D, Path) -> case lists:member(D, Path) of true -> Path; false -> Path ++ [D] end end).

add_patha(Dir) when is_list(Dir) -> add(Dir, fun(D, Path) -> [D | lists:delete(D, Path)] end).

add(Dir, Where) ->
    case is_dir(Dir) of
        true -> turbeam:set_code_path(Where(Dir, get_path()));
        false -> {error, bad_directory}
    end.

add_paths(Dirs) -> add_pathsz(Dirs).

add_pathsz(Dirs) when is_list(Dirs) -> lists:foreach(fun add_pathz/1, Dirs).

add_pathsa(Dirs) when is_list(Dirs) -> lists:foreach(fun add_patha/1, Dirs).

del_path(Name) when is_list(Name); is_atom(Name) ->
    Path = get_path(),
    case [D || D <- Path, is_named(Name, D)] of
        [] -> false;
        [Dir | _] -> turbeam:set_code_path(lists:delete(Dir, Path))
    end.

replace_path(Name, Dir) when is_atom(Name) orelse is_list(Name), is_list(Dir) ->
    case is_dir(Dir) of
        false ->
            {error, bad_directory};
        true ->
            case [D || D <- get_path(), is_application(Name, D)] of
                [] -> {error, bad_name};
                [Old | _] -> turbeam:set_code_path([case D of Old -> Dir; _ -> D end || D <- get_path()])
            end
    end.

is_dir(Dir) -> Dir =/= [] andalso turbeam:is_directory(Dir).

is_named(Name, Dir) -> Name =:= Dir orelse is_application(Name, Dir).

%% Whether the directory is that of an application: .../Name or .../Name-Version, with or without /ebin.
is_application(Name, Dir) ->
    Text = text(Name),
    Last = case lists:reverse(split(Dir)) of
               ["ebin", App | _] -> App;
               [App | _] -> App;
               [] -> ""
           end,
    Last =:= Text orelse lists:prefix(Text ++ "-", Last).

text(Name) when is_atom(Name) -> atom_to_list(Name);
text(Name) -> Name.

split(Path) -> split(Path, [], []).
split([$/ | T], [], Parts) -> split(T, [], Parts);
split([$/ | T], Part, Parts) -> split(T, [], [lists:reverse(Part) | Parts]);
split([C | T], Part, Parts) -> split(T, [C | Part], Parts);
split([], [], Parts) -> lists:reverse(Parts);
split([], Part, Parts) -> lists:reverse([lists:reverse(Part) | Parts]).

where_is_file(Name) when is_list(Name) ->
    case [File || Dir <- get_path(), File <- [join(Dir, Name)], turbeam:is_file(File)] of
        [File | _] -> File;
        [] -> non_existing
    end.

join(Dir, Name) -> Dir ++ "/" ++ Name.

%% ---- loading

ensure_loaded(M) when is_atom(M) ->
    case erlang:module_loaded(M) of
        true -> {module, M};
        false -> turbeam_code:ensure_loaded(M)
    end.

load_file(M) when is_atom(M) ->
    case turbeam:module_file(M) of
        false -> {error, nofile};
        File -> turbeam_code:load_file(M, File)
    end.

load_abs(File) when is_list(File) ->
    case lists:reverse(split(File)) of
        [] -> {error, nofile};
        [Name | _] -> turbeam_code:load_file(list_to_atom(Name), turbeam:absolute(File ++ ".beam"))
    end;
load_abs(_) ->
    {error, nofile}.

load_binary(M, File, Code) when is_atom(M), is_list(File) orelse is_atom(File), is_binary(Code) ->
    turbeam_code:load_binary(M, File, Code).

ensure_modules_loaded(Modules) ->
    case [{M, What} || M <- lists:usort(Modules), {error, What} <- [ensure_loaded(M)]] of
        [] -> ok;
        Errors -> {error, Errors}
    end.

atomic_load(Modules) ->
    case prepare_loading(Modules) of
        {ok, Prepared} ->
            finish_loading(Prepared);
        Error ->
            Error
    end.

prepare_loading(Modules) ->
    Names = [case X of {M, _, _} -> M; M -> M end || X <- Modules],
    Twice = Names -- lists:usort(Names),
    Results = [prepare(X) || X <- Modules],
    Errors = [{M, duplicated} || M <- lists:usort(Twice)] ++ [{M, What} || {M, {error, What}} <- Results] ++
        [{M, on_load_not_allowed} ||
            {M, _, P} <- Results, is_reference(P), erlang:has_prepared_code_on_load(P)],
    case Errors of
        [] -> {ok, {?MODULE, Results}};
        _ -> {error, Errors}
    end.

prepare({M, File, Code}) ->
    case erlang:prepare_loading(M, Code) of
        {error, _} = Error -> {M, Error};
        Prepared -> {M, File, Prepared}
    end;
prepare(M) when is_atom(M) ->
    case get_object_code(M) of
        {M, Code, File} -> prepare({M, File, Code});
        error -> {M, {error, nofile}}
    end.

finish_loading({?MODULE, Prepared}) ->
    try erlang:finish_loading([P || {_, _, P} <- Prepared]) of
        ok -> lists:foreach(fun({M, File, _}) -> turbeam:set_module_file(M, File) end, Prepared);
        {What, Modules} -> {error, [{M, What} || M <- Modules]}
    catch
        error:badarg -> error(badarg, [{?MODULE, Prepared}])
    end.

%% ---- what is loaded

delete(M) when is_atom(M) ->
    try erlang:delete_module(M) of
        true -> true;
        undefined -> false
    catch
        error:badarg -> false
    end.

purge(M) when is_atom(M) -> turbeam_code:purge(M).

soft_purge(M) when is_atom(M) -> turbeam_code:soft_purge(M).

is_loaded(M) when is_atom(M) ->
    case erlang:module_loaded(M) of
        true -> {file, turbeam:loaded_from(M)};
        false -> false
    end.

all_loaded() -> [{M, turbeam:loaded_from(M)} || M <- erlang:loaded(), erlang:module_loaded(M)].

which(M) when is_atom(M) ->
    case is_loaded(M) of
        {file, File} ->
            File;
        false ->
            case turbeam:module_file(M) of
                false -> non_existing;
                File -> File
            end
    end.

get_object_code(M) when is_atom(M) ->
    case turbeam:module_file(M) of
        false ->
            error;
        File ->
            case turbeam:read_file(File) of
                {ok, Code} -> {M, Code, File};
                {error, _} -> error
            end
    end.

module_status() -> module_status([M || {M, _} <- all_loaded()]).

module_status(M) when is_atom(M) ->
    case is_loaded(M) of
        false ->
            not_loaded;
        {file, preloaded} ->
            loaded;
        {file, File} ->
            case turbeam:read_file(File) of
                {error, _} ->
                    removed;
                {ok, Code} ->
                    case module_md5(Code) =:= erlang:get_module_info(M, md5) of
                        true -> loaded;
                        false -> modified
                    end
            end
    end;
module_status(Modules) ->
    [{M, module_status(M)} || M <- Modules].

modified_modules() -> [M || {M, modified} <- module_status()].

module_md5(Code) when is_binary(Code) -> erts_internal:beamfile_module_md5(Code).

is_module_native(M) ->
    case erlang:module_loaded(M) of
        true -> false;
        false -> undefined
    end.

%% ---- where things are

root_dir() -> turbeam:root_dir().

lib_dir() -> join(root_dir(), "lib").

lib_dir(Name) when is_atom(Name); is_list(Name) ->
    case [D || D <- get_path(), is_application(Name, D)] of
        [] -> {error, bad_name};
        [Dir | _] ->
            case lists:reverse(Dir) of
                "nibe/" ++ Rest -> lists:reverse(Rest);
                _ -> Dir
            end
    end.

lib_dir(Name, Sub) when is_atom(Sub) ->
    case lib_dir(Name) of
        {error, _} = Error -> Error;
        Dir -> join(Dir, atom_to_list(Sub))
    end.

priv_dir(Name) -> lib_dir(Name, priv).

compiler_dir() ->
    case lib_dir(compiler) of
        {error, _} -> join(lib_dir(), "compiler");
        Dir -> Dir
    end.

objfile_extension() -> ".beam".

get_mode() -> interactive.

stick_dir(_) -> ok.

unstick_dir(_) -> ok.

is_sticky(M) when is_atom(M) -> false.

clash() -> ok.

rehash() -> ok.
