// Files that an option names for what a command finds out.
import { closeSync, existsSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { UsageError } from './usage-error.js';

/** Writes what an option asked for. Throws UsageError. */
export function writeOutput(option: string, path: string, text: string): void {
  orFail(option, path, () => writeFileSync(path, text));
}

/**
 * Sees that a file can be written, before work is done for it, and that it is none of those that are read; what it holds stays.
 * Throws UsageError.
 */
export function checkOutput(option: string, path: string, files: readonly string[]): void {
  if (existsSync(path)) {
    const real = realpathSync(path);
    const same = files.find((file) => existsSync(file) && realpathSync(file) === real);
    if (same !== undefined)
      throw new UsageError(`${option} ${path}: would be written over ${same}; name another file`);
    orFail(option, path, () => closeSync(openSync(path, 'a')));
  } else
    orFail(option, path, () => {
      closeSync(openSync(path, 'a'));
      rmSync(path);
    });
}

function orFail(option: string, path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `${option} ${path}: can not be written (${code}); name a file in a directory that is there and may be written to`,
    );
  }
}
