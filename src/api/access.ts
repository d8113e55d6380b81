// What an engine gets of its host. Built-in functions reach files, programs and the environment through Node's modules and the global
// `process` only, which every engine is given (instance.ts); so one that is to have no access is given others.
import fs from 'node:fs';
import { resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What an engine asks its host for: modules by name, and `process`. */
export interface Host {
  require: (name: string) => unknown;
  process: object;
}

/** The error that Node gives when the operating system forbids something. */
function denied(what: string): Error {
  return Object.assign(new Error(`EACCES: permission denied, ${what}`), { code: 'EACCES', errno: -13 });
}

/** Functions that only look, at a file whose name is their first argument. */
const LOOKING = [
  'readFileSync',
  'existsSync',
  'statSync',
  'lstatSync',
  'readdirSync',
  'realpathSync',
  'accessSync',
] as const;

function isInside(path: unknown, directories: string[]): boolean {
  if (!(typeof path === 'string' || path instanceof URL || Buffer.isBuffer(path))) return false;
  const name = resolve(path instanceof URL ? fileURLToPath(path) : String(path));
  const real = realPath(name);
  return directories.some((dir) => real === dir || real.startsWith(dir + sep));
}

/** The name without symbolic links; of a file that is not there, with those of its directory followed. */
function realPath(name: string): string {
  try {
    return fs.realpathSync(name);
  } catch {
    const parent = resolve(name, '..');
    return parent === name ? name : realPath(parent) + name.slice(parent.length);
  }
}

/** node:fs as far as it looks at files in those directories, or writes to standard output and error. */
function restrictedFs(directories: string[]): object {
  const allowed = directories.map(realPath);
  const result: Record<string, unknown> = { constants: fs.constants };
  for (const [name, value] of Object.entries(fs)) {
    if (typeof value !== 'function') continue;
    result[name] = () => {
      throw denied(name);
    };
  }
  for (const name of LOOKING) {
    const fn = fs[name] as (...args: unknown[]) => unknown;
    result[name] = (path: unknown, ...rest: unknown[]) => {
      if (isInside(path, allowed)) return fn(path, ...rest);
      if (name === 'existsSync') return false;
      if ((rest[0] as fs.StatSyncOptions | undefined)?.throwIfNoEntry === false) return undefined;
      throw denied(`${name} '${path}'`);
    };
  }
  result.writeSync = (fd: number, ...rest: [Uint8Array, number]) => {
    if (fd === 1 || fd === 2) return fs.writeSync(fd, ...rest);
    throw denied('writeSync');
  };
  return result;
}

/** Everything of an object that is called is denied. */
function nothingOf(what: string): object {
  return new Proxy(
    {},
    {
      get: (_, name) => () => {
        throw denied(`${what}.${String(name)}`);
      },
    },
  );
}

/** Modules that lead nowhere. */
const HARMLESS = new Set([
  'node:util',
  'node:url',
  'node:path',
  'node:zlib',
  'node:crypto',
  'node:perf_hooks',
  'node:v8',
  'node:buffer',
  'pako',
  'acorn',
  'astring',
]);

/**
 * A host without files, but for modules in those directories, without programs and without environment variables.
 * @param host what there would be with full access
 */
export function withoutAccess(host: Host, directories: string[], stdin: boolean): Host {
  const modules: Record<string, unknown> = {
    'node:fs': restrictedFs(directories),
    'node:child_process': {
      spawnSync: () => ({
        error: denied('spawn'),
        status: 1,
        stdout: Buffer.alloc(0),
        stderr: Buffer.alloc(0),
      }),
    },
    'node:module': { createRequire: () => require },
  };
  const require = (name: string): unknown => {
    if (name in modules) return modules[name];
    if (HARMLESS.has(name) || !name.startsWith('node:')) return host.require(name);
    return (modules[name] ??= nothingOf(name));
  };
  const { argv0, arch, platform, version, versions, pid } = process;
  return {
    require,
    process: {
      argv0,
      arch,
      platform,
      version,
      versions,
      pid,
      argv: [],
      env: {},
      cwd: () => '/',
      chdir: () => {
        throw denied('chdir');
      },
      hrtime: process.hrtime,
      cpuUsage: () => process.cpuUsage(),
      memoryUsage: () => process.memoryUsage(),
      nextTick: process.nextTick.bind(process),
      stdout: { isTTY: false },
      stderr: { isTTY: false },
      stdin: stdin ? process.stdin : undefined,
    },
  };
}
