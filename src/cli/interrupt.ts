// What commands leave behind when they are interrupted (Ctrl-C, kill): nothing. While a command waits for other processes it
// hears signals; while Erlang runs in its own it does not, and ends at once.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => void>();

function interrupted(signal: (typeof SIGNALS)[number]): void {
  for (const cleanUp of [...cleanUps].reverse()) cleanUp();
  // As a shell says that a signal has ended a process.
  process.exit(128 + constants.signals[signal]);
}

/** Sees to it that something is done should a signal end the process; the result takes that back. */
export function onInterrupt(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) for (const signal of SIGNALS) process.on(signal, interrupted);
  cleanUps.add(cleanUp);
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size === 0) for (const signal of SIGNALS) process.off(signal, interrupted);
  };
}

/** Makes a directory, which goes when `work` has ended, however it ends. */
export async function withTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'turbeam-'));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  const forget = onInterrupt(remove);
  try {
    return await work(directory);
  } finally {
    forget();
    remove();
  }
}
