// Native Erlang, where it is installed, does the same measurement as measure.ts.
import { spawnSync } from 'node:child_process';
import { BUDGET, MAX_WARM_UPS, WARM_UP } from './measure.js';

/** Whether `erl` is there, and its release: `25`; undefined if it is not. */
export function nativeRelease(): string | undefined {
  const script = 'io:put_chars(erlang:system_info(otp_release)), halt().';
  const { status, stdout } = spawnSync('erl', ['-noshell', '-eval', script], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

/**
 * The arguments of `erl` for a measurement.
 * @param beam path of the .beam file
 */
export function nativeArguments(
  beam: string,
  path: string[],
  size: 'small' | 'default',
  runs: number,
): string[] {
  const file = JSON.stringify(beam.replace(/\.beam$/, ''));
  // Runs in processes of their own, each timed from inside.
  const script = `
    {module, M} = code:load_abs(${file}),
    N = M:${size}(),
    Timed = fun() ->
      {P, R} = spawn_monitor(fun() -> exit({timed, timer:tc(M, run, [N])}) end),
      receive {'DOWN', R, process, P, {timed, T}} -> T; {'DOWN', R, process, P, E} -> error(E) end
    end,
    Begin = erlang:monotonic_time(microsecond),
    Passed = fun() -> erlang:monotonic_time(microsecond) - Begin end,
    Warm = fun Warm(Ws) ->
      {T, _} = Timed(),
      All = if length(Ws) < ${MAX_WARM_UPS} -> [T | Ws]; true -> Ws end,
      case Passed() of
        Total when Total >= ${WARM_UP * 1000} -> {Total, lists:reverse(All)};
        _ -> Warm(All)
      end
    end,
    Runs = fun Runs(Total, Ts, V) when length(Ts) =:= ${runs}; Total >= ${BUDGET * 1000}, Ts =/= [] -> {lists:reverse(Ts), V};
               Runs(Total, Ts, _) -> {T, V} = Timed(), Runs(Total + T, [T | Ts], V) end,
    {Total, Ws} = Warm([]),
    {Ts, V} = Runs(Total, [], none),
    Text = fun(L) -> [io_lib:format(" ~w", [T]) || T <- L] end,
    io:format("~nwarm-up~s~ntimes~s~nvalue ~w~n", [Text(Ws), Text(Ts), V]),
    halt().`;
  return ['-noshell', ...path.flatMap((dir) => ['-pa', dir]), '-eval', script];
}
