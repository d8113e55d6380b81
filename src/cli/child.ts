// Other processes that a command starts and waits for; they do not outlive it.
import { type ChildProcess, spawn } from 'node:child_process';
import { onInterrupt } from './interrupt.js';

export interface Ended {
  /** null: a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program without input, and gives what it wrote. Rejects if it can not be started. */
export function runChild(
  command: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    endWithUs(child);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}

/** Should a signal end this process, it ends that one. */
export function endWithUs(child: ChildProcess): void {
  const forget = onInterrupt(() => child.kill('SIGKILL'));
  child.on('close', forget).on('error', forget);
}
