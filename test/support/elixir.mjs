// Programs of Elixir's in native Erlang, as an escript of Elixir's runs them; and what of their output is compared.
import { spawn } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The programs; they run in this directory. */
export const FOLDER = fileURLToPath(new URL('../fixtures/elixir', import.meta.url));

/** Programs that print, one after the other, what their expressions give. */
export const PROGRAMS = ['Collections', 'Text', 'Language', 'Dates', 'Processes', 'Files', 'Consolidated'];

/** Runs of other programs: name, module, arguments, standard input. */
export const RUNS = [
  ['evaluation', 'Programs', ['Evaluation'], ''],
  ['unit', 'Unit', [], ''],
  ['input', 'Input', [], 'Joe\nabcdef\n42\nx\ny\nrest\nof it'],
  ...'raise exit shutdown halt stop clause atom_args nested linked at_exit spawned server logger error_output'
    .split(' ')
    .map((name) => [name, 'Endings', [name, 'é'], '']),
];

/** What differs from run to run, or belongs to what runs the program, is taken away. */
export function normalise(text) {
  return text
    .split('\n')
    .filter((line) => !/anonymous fn\/3 in Kernel\.CLI\.exec_fun|:turbeam_elixir\./.test(line))
    .join('\n')
    .replace(/#PID<[\d.]+>/g, '#PID<>')
    .replace(/#Reference<[\d.]+>/g, '#Reference<>')
    .replace(/^\d\d:\d\d:\d\d\.\d{3} /gm, 'TIME ')
    .replace(/Finished in [\d.]+ seconds \([^)]*\)/, 'Finished in TIME')
    .replace(/(ms|after) \d+ms/g, '$1 TIME');
}

/** Runs a command with standard input: exit code and normalised output. */
export function outcome(command, args, input, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: FOLDER, timeout: 100_000, killSignal: 'SIGKILL', ...options });
    const out = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (data) => out[name].push(data));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = (name) => normalise(Buffer.concat(out[name]).toString());
      resolve({ code: code ?? signal, stdout: text('stdout'), stderr: text('stderr') });
    });
    child.stdin.end(input);
  });
}

/** The directory with the applications of the Elixir on the PATH. */
function libraries() {
  for (const dir of process.env.PATH.split(delimiter)) {
    try {
      return join(dirname(dirname(realpathSync(join(dir, 'elixir')))), 'lib');
    } catch {}
  }
  throw new Error('no elixir on the PATH');
}

/** Runs Module.main in native Erlang. */
export function native(module, args, input) {
  const lib = libraries();
  const path = [
    ...readdirSync(lib).map((app) => join(lib, app, 'ebin')),
    FOLDER,
    join(FOLDER, 'consolidated'),
  ];
  const script = `
    {ok, _} = application:ensure_all_started(elixir),
    application:start(logger),
    elixir_config:put(argv, [unicode:characters_to_binary(A) || A <- init:get_plain_arguments()]),
    M = 'Elixir.${module}',
    {module, M} = code:ensure_loaded(M),
    'Elixir.Kernel.CLI':run(fun(_) ->
      case erlang:function_exported(M, main, 1) of
        true -> M:main(elixir_config:get(argv));
        false -> M:main()
      end
    end).`;
  const options = ['-noshell', ...path.flatMap((dir) => ['-pa', dir]), '-eval', script, '-extra', ...args];
  return outcome('erl', options, input);
}

/** What the programs printed, by program. */
export function sections(stdout) {
  const parts = stdout.split(/^== (\w+)\n/m).slice(1);
  return Object.fromEntries(parts.flatMap((part, i) => (i % 2 === 0 ? [[part, parts[i + 1]]] : [])));
}
