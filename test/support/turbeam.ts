// Runs the command as a user does, in a process of its own.
import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../dist/bin/turbeam.js', import.meta.url));

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

function start(
  command: string,
  args: string[],
  timeout: number,
  environment: Record<string, string> = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: ROOT,
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
      env: { ...process.env, ...environment },
    } as const;
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr });
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
      else
        reject(
          new Error(
            `${command} ${args.join(' ')} ended by ${error.signal ?? error.code}: ${stdout}${stderr}`,
          ),
        );
    });
  });
}

/** Runs `turbeam` with these arguments, in the top directory of the repository. */
export function turbeam(args: string[], timeout = 50_000): Promise<Outcome> {
  return start(process.execPath, [MAIN, ...args], timeout);
}

/** The same with these environment variables besides. */
export function turbeamWith(
  environment: Record<string, string>,
  args: string[],
  timeout = 50_000,
): Promise<Outcome> {
  return start(process.execPath, [MAIN, ...args], timeout, environment);
}

/** Runs another program there. */
export function command(name: string, args: string[], timeout = 50_000): Promise<Outcome> {
  return start(name, args, timeout);
}

const release = spawnSync('erl', [
  '-noshell',
  '-eval',
  'io:put_chars(erlang:system_info(otp_release)), halt().',
]);

/** Whether native Erlang is there. */
export const hasErlang = release.status === 0;
/** Whether it is the release that the golden files were recorded with. */
export const hasGoldenErlang = hasErlang && release.stdout.toString() === '25';
