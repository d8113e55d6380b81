// Where the command looks for modules: -pa, --otp, --elixir, and the library that comes with Turbeam.
import { statSync } from 'node:fs';
import { type Elixir, elixirInDirectory, libraryIn, type Otp } from '../code/otp.js';
import { setElixir, setOtp } from '../code/path.js';
import { codeServer } from '../code/server.js';
import { UsageError } from './usage-error.js';

/** Sets the code path. Throws UsageError if a directory is none. */
export function setPath(options: { path: string[]; otp: string[]; elixir?: string }): void {
  for (const dir of options.path) {
    if (statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new UsageError(`-pa ${dir}: no such directory; name one that is there`);
  }
  codeServer.path = options.path;
  let otp: Otp | 'none' | undefined;
  const besides: string[] = [];
  for (const dir of options.otp) {
    const found = dir === 'none' ? undefined : libraryIn(dir);
    if (dir === 'none') otp = 'none';
    else if (found === undefined)
      throw new UsageError(
        `--otp ${dir}: has no OTP (no lib/*/ebin); name the directory of an installed one, or none`,
      );
    else if (found.otp === undefined) besides.push(found.lib);
    else otp = found.otp;
  }
  setOtp(otp, besides);
  setElixir(elixirOf(options.elixir, otp));
}

function elixirOf(dir: string | undefined, otp: Otp | 'none' | undefined): Elixir | 'none' | undefined {
  if (dir === undefined || dir === 'none') return dir;
  if (otp === 'none')
    throw new UsageError(
      `--elixir ${dir}: Elixir needs an OTP, and --otp none says not to use one; leave out one of the two`,
    );
  const elixir = elixirInDirectory(dir);
  if (elixir === undefined)
    throw new UsageError(
      `--elixir ${dir}: has no Elixir (no lib/elixir/ebin); name the directory of an installed one`,
    );
  return elixir;
}
