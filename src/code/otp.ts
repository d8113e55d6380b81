// Finding an installed OTP and other libraries: directories that hold applications, each with its modules in ebin.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** An installed OTP, or the place where one would be. */
export interface Otp {
  /** The directory that code:root_dir/0 names. */
  root: string;
  /** Where its applications are. */
  lib: string;
  /** As in `25`. */
  release: string;
  /** The version of the runtime system that it comes with, as in `13.1.5`; undefined: it does not say. */
  erts?: string;
  /** How it was found, in words. */
  found: string;
}

/** An application in a library directory. */
export interface Application {
  name: string;
  /** Numbers of its version, empty if the directory's name has none. */
  version: number[];
  /** The directory with its modules. */
  ebin: string;
}

function entriesOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function versionNumbers(text: string): number[] {
  return text
    .split('.')
    .map((part) => Number.parseInt(part, 10))
    .filter((n) => !Number.isNaN(n));
}

function isNewer(a: number[], b: number[]): boolean {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const d = (a[i] ?? -1) - (b[i] ?? -1);
    if (d !== 0) return d > 0;
  }
  return false;
}

/** The applications in a library directory, of each the newest version; the ebin directories need not exist. */
export function applicationsIn(lib: string): Application[] {
  const newest = new Map<string, Application>();
  for (const entry of entriesOf(lib)) {
    const match = /^(\w+?)(?:-(\d[\w.]*))?$/.exec(entry);
    if (match === null) continue;
    const [, name, vsn = ''] = match;
    const application = { name, version: versionNumbers(vsn), ebin: join(lib, entry, 'ebin') };
    const before = newest.get(name);
    if (before === undefined || isNewer(application.version, before.version)) newest.set(name, application);
  }
  return [...newest.values()];
}

/** The library directory that is meant by DIR: an OTP root, or a directory that has applications itself. */
function libraryOf(dir: string): string | undefined {
  const lib = join(dir, 'lib');
  for (const candidate of [lib, dir, join(lib, 'erlang', 'lib'), join(dir, 'usr', 'lib', 'erlang', 'lib')])
    if (entriesOf(candidate).some((entry) => existsSync(join(candidate, entry, 'ebin')))) return candidate;
  return undefined;
}

/** Release and runtime version in its own words, else by the version of stdlib: both count up by one since OTP 25 had stdlib 4. */
function versionsOf(root: string, stdlib: Application): { release: string; erts?: string } {
  try {
    const [erts, release = ''] = readFileSync(join(root, 'releases', 'start_erl.data'), 'latin1')
      .trim()
      .split(/\s+/);
    if (/^\d+$/.test(release)) return { release, erts };
  } catch {}
  return { release: String((stdlib.version[0] ?? 4) + 21) };
}

function otpIn(lib: string, found: string): Otp | undefined {
  const stdlib = applicationsIn(lib).find((a) => a.name === 'stdlib');
  if (stdlib === undefined) return undefined;
  const root = dirname(lib);
  return { root, lib, ...versionsOf(root, stdlib), found };
}

/** The root that an `erl` file stands in or, if it is a script from elsewhere, names. */
function rootBehind(erl: string): string | undefined {
  try {
    const file = realpathSync(erl);
    const root = dirname(dirname(file));
    if (existsSync(join(root, 'lib'))) return root;
    if (statSync(file).size > 1 << 16) return undefined;
    return /^\s*(?:export )?ROOTDIR="?([^"$\s]+)"?/m.exec(readFileSync(file, 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}

/** The OTP whose `erl` comes first on the PATH. */
export function otpOnPath(path = process.env.PATH ?? ''): Otp | undefined {
  return fromPath('erl', path, (erl) => {
    const root = rootBehind(erl);
    return root === undefined ? undefined : otpIn(join(root, 'lib'), 'erl on the PATH');
  });
}

/** The first file of that name in the directories of a PATH for which `use` gives something. */
function fromPath<T>(name: string, path: string, use: (file: string) => T | undefined): T | undefined {
  for (const dir of path.split(delimiter)) {
    const file = join(dir, name);
    const found = dir !== '' && existsSync(file) ? use(file) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** An installed Elixir. */
export interface Elixir {
  /** Where its applications are. */
  lib: string;
  /** As in `1.14.0`; undefined: it does not say. */
  version?: string;
  /** How it was found, in words. */
  found: string;
}

function elixirIn(lib: string, found: string): Elixir | undefined {
  const ebin = join(lib, 'elixir', 'ebin');
  if (!existsSync(join(ebin, 'Elixir.Kernel.beam'))) return undefined;
  try {
    return {
      lib,
      version: /{vsn,\s*"([^"]+)"/.exec(readFileSync(join(ebin, 'elixir.app'), 'utf8'))?.[1],
      found,
    };
  } catch {
    return { lib, found };
  }
}

/** The Elixir whose `elixir` comes first on the PATH; its libraries lie beside the script's own directory. */
export function elixirOnPath(path = process.env.PATH ?? ''): Elixir | undefined {
  return fromPath('elixir', path, (script) => {
    try {
      return elixirIn(join(dirname(dirname(realpathSync(script))), 'lib'), 'elixir on the PATH');
    } catch {
      return undefined;
    }
  });
}

/** The Elixir in a directory given with --elixir: its root, or its library directory. */
export function elixirInDirectory(dir: string): Elixir | undefined {
  const found = `--elixir ${dir}`;
  for (const lib of [join(dir, 'lib'), dir, join(dir, 'lib', 'elixir', 'lib')]) {
    const elixir = elixirIn(lib, found);
    if (elixir !== undefined) return elixir;
  }
  return undefined;
}

/** What a directory given with --otp is: an OTP, or only a library directory; undefined: neither. */
export function libraryIn(dir: string): { otp?: Otp; lib: string } | undefined {
  const lib = libraryOf(dir);
  return lib === undefined ? undefined : { otp: otpIn(lib, `--otp ${dir}`), lib };
}
