// Module os: the environment, the operating system, its commands.
import { release } from 'node:os';
import { childProcess } from '../host.js';
import { badarg, raiseError } from '../processes/raise.js';
import { bytesOf, isBinaryTerm } from '../terms/access.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import { list, stringList, tuple } from '../terms/build.js';
import { toNumberIfSafe } from '../terms/integer.js';
import { isMap, mapGet } from '../terms/map-access.js';
import { isAtom, Sentinel, type Term } from '../terms/tags.js';
import { charactersOf } from './arguments.js';
import { nameText } from './files/names.js';
import { defineBifs, defineStandIns } from './table.js';

/** The text of a name or value in the environment; undefined if it can not be one. */
function text(t: Term): string | undefined {
  const s = charactersOf(t);
  return s === undefined || s.includes('\0') ? undefined : s;
}

/** The same for a name that is set: without an equals sign behind its first character. */
function variable(t: Term): string | undefined {
  const s = text(t);
  return s === undefined || s.includes('=', 1) ? undefined : s;
}

/**
 * What a shell command prints on both outputs, in the characters it is in. Throws the error of the operating system if no shell
 * can be started.
 */
function commandOutput(command: string): string {
  const { stdout, error } = childProcess().spawnSync(
    '/bin/sh',
    ['-c', 'exec 2>&1; eval "$1"', 'sh', command],
    { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 30 },
  );
  if (error !== undefined && (stdout ?? '').length === 0) throw error;
  return nameText(stdout) ?? Buffer.from(stdout).toString('latin1');
}

/** The command of os:cmd/1: atom, string or binary. */
function commandText(t: Term): string | undefined {
  if (isAtom(t)) return atomName(t);
  if (isBinaryTerm(t)) return nameText(bytesOf(t));
  return text(t);
}

function runCommand(t: Term, most: number): Term {
  const command = commandText(t);
  if (command === undefined) return badarg();
  let output: string;
  try {
    output = commandOutput(command);
  } catch (error) {
    // As native's open_port/2 fails.
    return raiseError(atom((error as NodeJS.ErrnoException).code!.toLowerCase()));
  }
  return stringList([...output].slice(0, most).join(''));
}

defineBifs('os', {
  'env/0': () =>
    list(Object.entries(process.env).map(([name, value]) => tuple(stringList(name), stringList(value!)))),
  'getenv/1': (name) => {
    const s = text(name);
    if (s === undefined) return badarg();
    const value = Object.hasOwn(process.env, s) ? process.env[s] : undefined;
    return value === undefined ? Atom.False : stringList(value);
  },
  'putenv/2': (name, value) => {
    const n = variable(name);
    const v = text(value);
    if (n === undefined || v === undefined) return badarg();
    if (n !== '') process.env[n] = v;
    return Atom.True;
  },
  'unsetenv/1': (name) => {
    const n = variable(name);
    if (n === undefined) return badarg();
    delete process.env[n];
    return Atom.True;
  },
  'getpid/0': () => stringList(String(process.pid)),
  'set_signal/2': (signal, what) => (isAtom(signal) && isAtom(what) ? Atom.Ok : badarg()),
  // OTP runs commands through a port; there are no ports here.
  'cmd/1': (command) => runCommand(command, Number.POSITIVE_INFINITY),
  'cmd/2': (command, options) => {
    const size = isMap(options) ? mapGet(options, atom('max_size')) : Sentinel.None;
    return runCommand(
      command,
      size === Sentinel.None ? Number.POSITIVE_INFINITY : (toNumberIfSafe(size) ?? Number.POSITIVE_INFINITY),
    );
  },
});

/** {Major, Minor, Patch} of the operating system. */
export function osVersion(): Term {
  const [major = 0, minor = 0, patch = 0] = release().split(/\D+/).map(Number);
  return tuple(major << 1, minor << 1, patch << 1);
}

defineStandIns('os', {
  'getenv/0': () => list(Object.entries(process.env).map(([name, value]) => stringList(`${name}=${value}`))),
  'getenv/2': (name, otherwise) => {
    const s = text(name);
    if (s === undefined) return badarg();
    return Object.hasOwn(process.env, s) ? stringList(process.env[s]!) : otherwise;
  },
  'type/0': () => tuple(atom('unix'), atom('linux')),
  'version/0': osVersion,
});
