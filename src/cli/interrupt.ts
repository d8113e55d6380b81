// What commands leave behind when they end before their time (Ctrl-C, kill, nobody reads what they print): nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const cleanUps = new Set<() => void>();

function cleanAll(): void {
  for (const cleanUp of [...cleanUps].reverse()) cleanUp();
}

/** Ends as a shell says that a signal has ended a process. */
function interrupted(signal: (typeof SIGNALS)[number]): void {
  process.exit(128 + constants.signals[signal]);
}

/** Sees to it that something is done should the process end before that is taken back, which the result does. */
export function onInterrupt(cleanUp: () => void): () => void {
  if (cleanUps.size === 0) {
    process.on('exit', cleanAll);
    for (const signal of SIGNALS) process.on(signal, interrupted);
  }
  cleanUps.add(cleanUp);
  return () => {
    cleanUps.delete(cleanUp);
    if (cleanUps.size > 0) return;
    process.off('exit', cleanAll);
    for (const signal of SIGNALS) process.off(signal, interrupted);
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
