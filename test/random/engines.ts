// The two sides that are compared: native Erlang as a server that compiles and runs, and Turbeam in a process for each mode.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const RUN_FOLDER = fileURLToPath(new URL('../fixtures/random', import.meta.url));
const RUNNER = fileURLToPath(new URL('../support/random-runner.mjs', import.meta.url));

/** Most tests in a program. */
export const TESTS = 4;

export const MODES: Record<string, object> = {
  off: { jit: 'off' },
  auto: { jit: 'auto', threshold: 2 },
  eager: { jit: 'eager' },
  gc: { jit: 'eager', stressGc: true },
  unwind: { jit: 'eager', stressUnwind: true },
};

export interface Native {
  beam: Uint8Array;
  results: string[];
}

/** Native Erlang: programs go in one after the other. */
export class NativeServer {
  private child?: ChildProcess;
  private lines?: Interface;
  private readonly waiting: ((line: string | undefined) => void)[] = [];

  private start(): ChildProcess {
    const child = spawn('escript', [`${HERE}native.escript`, RUN_FOLDER, String(TESTS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.child = child;
    this.lines = createInterface({ input: child.stdout! });
    // A compiler that fails in itself prints what it was at.
    this.lines.on('line', (line) => {
      if (line.startsWith('{"')) this.waiting.shift()?.(line);
    });
    child.on('exit', () => {
      this.child = undefined;
      for (const wake of this.waiting.splice(0)) wake(undefined);
    });
    return child;
  }

  /** The compiled program and its results; a text if it can not be compiled. */
  async run(name: string, source: string): Promise<Native | string> {
    const child = this.child ?? this.start();
    const answer = new Promise<string | undefined>((resolve) => this.waiting.push(resolve));
    child.stdin!.write(`${name} ${Buffer.from(source).toString('base64')}\n`);
    const line = await answer;
    if (line === undefined) return 'native Erlang has ended';
    const { beam, results, error } = JSON.parse(line);
    return error ?? { beam: Buffer.from(beam, 'base64'), results };
  }

  stop(): void {
    this.child?.stdin?.end();
    this.lines?.close();
  }
}

/** Whether a result depends on limits or clocks, and says nothing. */
export const isUnfair = (result: string): boolean => /timeout|memory|system_limit|^\{differs/.test(result);

/** Results of each module in a mode. A module that is missing took the process down; `output` says how. */
export function runTurbeam(
  mode: string,
  folder: string,
  modules: string[],
  timeout = 120_000,
): Promise<{ results: Map<string, string[]>; output: string }> {
  return new Promise((resolve) => {
    const args = [RUNNER, JSON.stringify(MODES[mode]), folder, ...modules];
    const options = { timeout, killSignal: 'SIGKILL', maxBuffer: 1 << 28 } as const;
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const results = new Map<string, string[]>();
      for (const line of stdout.split('\n')) {
        if (!line.startsWith('[')) continue;
        try {
          const [name, texts] = JSON.parse(line);
          results.set(name, texts);
        } catch {
          // A line that was cut off when the process was killed.
        }
      }
      const killed = error?.killed ? 'killed after the time allowed' : '';
      resolve({ results, output: `${killed} ${stderr.slice(-2000)}` });
    });
  });
}
