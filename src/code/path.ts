// The code path: in which directories a module is looked for, and in which order. Directories of an installed OTP come in
// when the first module is looked for that is in none of the user's, so a program that needs none pays nothing.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applicationsIn, type Elixir, elixirOnPath, type Otp, otpOnPath } from './otp.js';

// The bundled command lies as deep below dist as this file.
const ours = (folder: string): string => fileURLToPath(new URL(`../lib/${folder}`, import.meta.url));

/** Directories, first to last. */
export const codePath = {
  /** Modules of ours that stand for parts of the runtime and win over OTP's: src/lib/system. */
  system: [ours('system')],
  /** The user's (-pa). */
  user: [] as string[],
  /** Modules of ours for when no OTP is there: src/lib. */
  fallback: [ours('ebin')],
};

let libraries: string[] = [];
/** An embedder has to ask for an OTP; the command does. */
let chosen: Otp | 'none' | undefined = 'none';
/** ebin directories of the libraries and of OTP, once they have been looked for. */
let found: string[] | undefined;
/** Whether a module of Elixir's has been loaded: then its runtime belongs to the system. */
export const elixirInPlay = { value: false };
let chosenElixir: Elixir | 'none' | undefined;
/** ebin directories of Elixir, once they have been looked for. */
let elixirFound: string[] | undefined;

/**
 * Uses that OTP, none, or (undefined) the one whose `erl` is on the PATH.
 * @param besides library directories that come before OTP's own
 */
export function setOtp(otp: Otp | 'none' | undefined, besides: string[] = []): void {
  chosen = otp;
  libraries = besides;
  found = undefined;
  elixirFound = undefined;
}

/** Uses that Elixir, none, or (undefined) the one whose `elixir` is on the PATH; in any case only if there is an OTP. */
export function setElixir(elixir: Elixir | 'none' | undefined): void {
  chosenElixir = elixir;
  elixirFound = undefined;
}

/** The Elixir in use, if a module has been looked for in it. */
export function elixirUsed(): Elixir | undefined {
  return elixirFound === undefined || chosenElixir === 'none' ? undefined : chosenElixir;
}

/** The ebin directories of Elixir; looks for it if that has not been done. */
function elixirPath(): string[] {
  if (elixirFound !== undefined) return elixirFound;
  if (otpInUse() === undefined) return (elixirFound = []);
  chosenElixir ??= elixirOnPath() ?? 'none';
  const applications = chosenElixir === 'none' ? [] : applicationsIn(chosenElixir.lib);
  applications.sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
  elixirFound = applications.map((a) => a.ebin);
  return elixirFound;
}

/** The OTP in use; looks for it if that has not been done. */
export function otpInUse(): Otp | undefined {
  chosen ??= otpOnPath() ?? 'none';
  return chosen === 'none' ? undefined : chosen;
}

/** The OTP in use, if a module has been looked for in it. */
export function otpUsed(): Otp | undefined {
  return found === undefined ? undefined : otpInUse();
}

/** Applications whose modules are looked for first; the others come in the order of their names. */
const FIRST = ['kernel', 'stdlib', 'compiler', 'elixir'];

function rank(name: string): number {
  const i = FIRST.indexOf(name);
  return i < 0 ? FIRST.length : i;
}

/** The ebin directories of the library directories and of OTP. */
export function libraryPath(): string[] {
  if (found !== undefined) return found;
  const otp = otpInUse();
  found = [];
  for (const lib of [...libraries, ...(otp === undefined ? [] : [otp.lib])]) {
    const applications = applicationsIn(lib);
    applications.sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
    found.push(...applications.map((a) => a.ebin));
  }
  return found;
}

/** What the code path was set to as a whole (code:set_path/1 and its kind). */
let chosenPath: string[] | undefined;

/** The code path as code:get_path/0 tells it: the user's directories, those of Elixir if it is in use, of libraries and of OTP. */
export function directories(): string[] {
  const elixir = elixirInPlay.value ? elixirPath() : (elixirFound ?? []);
  return chosenPath ?? [...codePath.user, ...elixir, ...libraryPath()];
}

/** Makes it these. */
export function setDirectories(path: string[]): void {
  chosenPath = path;
}

/** A file in the first directory of the code path that has it, e.g. `lists.beam`. */
export function findFile(file: string): string | undefined {
  const { system, user, fallback } = codePath;
  const own = findIn(system, file);
  if (own !== undefined) return own;
  const path = chosenPath === undefined ? findOnDefaultPath(user, file) : findIn(chosenPath, file);
  return path ?? findIn(fallback, file);
}

/** Modules of Elixir's begin with its name; it also has some in Erlang, for which OTP comes first. */
function findOnDefaultPath(user: string[], file: string): string | undefined {
  const isElixir = file.startsWith('Elixir.');
  return (
    findIn(user, file) ??
    (isElixir ? findIn(elixirPath(), file) : undefined) ??
    findIn(libraryPath(), file) ??
    (isElixir ? undefined : findIn(elixirPath(), file))
  );
}

function findIn(directories: string[], file: string): string | undefined {
  for (const dir of directories) {
    const path = join(dir, file);
    if (existsSync(path)) return path;
  }
  return undefined;
}
