// Engines that stay up between runs: a child process that runs a program once for each line it is sent.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EngineInfo } from '../dist/cli/bench/engines.js';

/** A program, loaded by one engine. */
export class Engine {
  private readonly child: ChildProcess;
  private text = '';
  private waiting: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined;

  constructor(command: string, args: string[]) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.text += text;
      const end = this.text.indexOf('\n');
      if (end < 0) return;
      const line = this.text.slice(0, end);
      this.text = this.text.slice(end + 1);
      this.waiting?.resolve(line);
    });
    const fail = (): void => this.waiting?.reject(new Error(`${command} ended before it had answered`));
    this.child.on('error', fail).on('exit', fail);
  }

  /** Runs the program once; gives its value. */
  run(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.child.stdin!.write('run\n');
    });
  }

  stop(): void {
    this.waiting = undefined;
    this.child.kill();
  }
}

/** Turbeam, as that engine of `turbeam bench`. */
export function turbeam({ jit, without }: EngineInfo, file: string, size: string): Engine {
  const worker = fileURLToPath(new URL('worker.mjs', import.meta.url));
  const left = without.length > 0 ? [without.join(',')] : [];
  return new Engine(process.execPath, [worker, file, size, jit, ...left]);
}

/** Native Erlang; its loop is evaluated, the program runs compiled. */
export function native(file: string, size: string): Engine {
  const script = `
    {module, M} = code:load_abs(${JSON.stringify(file.replace(/\.beam$/, ''))}),
    N = M:${size}(),
    Loop = fun Loop() ->
      case io:get_line('') of
        eof -> halt();
        _ ->
          {P, R} = spawn_monitor(fun() -> exit({value, M:run(N)}) end),
          receive {'DOWN', R, process, P, {value, V}} -> io:format("~w~n", [V]) end,
          Loop()
      end
    end,
    Loop().`;
  return new Engine('erl', ['-noshell', '-eval', script]);
}
