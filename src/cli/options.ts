// The command line: which command, with which options. Everything that is wrong with it is found here.
import { parseArgs } from 'node:util';
import { ENGINES, type Engine, USUAL_ENGINES } from './bench/engines.js';
import { UsageError } from './usage-error.js';

/** How code is run, for `run` and for the measurements of `bench`. */
export type Jit = 'auto' | 'eager' | 'off';

export interface RunOptions {
  command: 'run';
  files: string[];
  /** What stands behind `--`; undefined without it. */
  args?: string[];
  /** As in `fib:run(30)`. */
  call?: string;
  /** Directories, in order. */
  path: string[];
  /** Directories of --otp, or `none`; empty: the OTP on the PATH. */
  otp: string[];
  /** Directory of --elixir, or `none`; undefined: the Elixir on the PATH. */
  elixir?: string;
  jit: Jit;
  /** undefined: the engine's own. */
  threshold?: number;
  /** Which units to show; all of them if it names no module. undefined: no dump. */
  dump?: DumpFilter;
  dumpDir?: string;
  stats: boolean;
  stressGc: boolean;
  stressUnwind: boolean;
  /** Words a process may have; 0: no limit. */
  maxHeap: number;
  without: Optimisation[];
  /** Directories of include files, for sources. */
  include: string[];
  /** Whether compiled sources are kept. */
  cache: boolean;
}

/** `M`, `M:F` or `M:F/A` of --dump-js. */
export interface DumpFilter {
  text: string;
  module?: string;
  name?: string;
  arity?: number;
}

/** A run with a profile. */
export interface ProfileOptions extends Omit<RunOptions, 'command'> {
  command: 'profile';
  /** Where the .cpuprofile goes. */
  output?: string;
  /** Functions that are shown. */
  top: number;
  /** Microseconds between two samples. */
  interval: number;
}

export interface CheckOptions {
  command: 'check';
  files: string[];
  path: string[];
  otp: string[];
  elixir?: string;
  include: string[];
  cache: boolean;
}

export interface BenchOptions {
  command: 'bench';
  files: string[];
  path: string[];
  otp: string[];
  include: string[];
  cache: boolean;
  size: 'small' | 'default';
  /** Timed runs of each program on each engine. */
  runs: number;
  engines: readonly Engine[];
  /** Where the results are kept. */
  json?: string;
  /** Where the chart goes. */
  html?: string;
  /** Results of an earlier run. */
  compare?: string;
  /** Show how far it is, even if stderr is no terminal. */
  progress: boolean;
  /** Optimisations that the JIT column does without. */
  without: Optimisation[];
}

/** One measurement of one engine, in the process that `bench` starts for it. */
export interface MeasureOptions {
  command: 'measure';
  files: string[];
  path: string[];
  otp: string[];
  jit: Jit;
  size: 'small' | 'default';
  runs: number;
  without: Optimisation[];
}

/** Compiles sources into a directory, in the process that `sources.ts` starts for it. */
export interface CompileOptions {
  command: 'compile';
  files: string[];
  path: string[];
  otp: string[];
  include: string[];
  out: string;
}

export interface ExploreOptions {
  command: 'explore';
  files: [string];
  path: string[];
  otp: string[];
  elixir?: string;
  include: string[];
  cache: boolean;
  /** The page; undefined: named after the module. */
  output?: string;
  /** As in `fib:run(30)`. */
  run?: string;
  threshold?: number;
}

/** A further run for `explore`, in the process that it starts for it. */
export interface ObserveOptions {
  command: 'observe';
  what: 'calls' | 'deoptimisations';
  files: string[];
  path: string[];
  otp: string[];
  elixir?: string;
  call: string;
  threshold?: number;
}

export interface HelpOptions {
  command: 'help';
  /** The command it is about; undefined: all. */
  topic?: CommandName;
}

export type Options =
  | RunOptions
  | ProfileOptions
  | CheckOptions
  | BenchOptions
  | MeasureOptions
  | CompileOptions
  | ExploreOptions
  | ObserveOptions
  | HelpOptions
  | { command: 'version' };
/** The commands, in the order in which help names them. */
const COMMANDS = ['run', 'check', 'explore', 'profile', 'bench'] as const;
export type CommandName = (typeof COMMANDS)[number];
const COMMAND_LIST = 'run, check, explore, profile or bench';
/** Commands for ourselves, which no help tells of. */
type HiddenCommand = 'measure' | 'observe' | 'compile';

/** Options of each command, and whether they take a value. */
const KNOWN: Record<
  CommandName | HiddenCommand,
  Record<string, { type: 'string' | 'boolean'; short?: string }>
> = {
  run: {
    call: { type: 'string' },
    pa: { type: 'string' },
    otp: { type: 'string' },
    elixir: { type: 'string' },
    jit: { type: 'string' },
    'jit-threshold': { type: 'string' },
    'dump-js': { type: 'string' },
    'dump-dir': { type: 'string' },
    stats: { type: 'boolean' },
    stress: { type: 'string' },
    'max-heap': { type: 'string' },
    without: { type: 'string' },
    I: { type: 'string' },
    'no-cache': { type: 'boolean' },
  },
  check: {
    pa: { type: 'string' },
    otp: { type: 'string' },
    elixir: { type: 'string' },
    I: { type: 'string' },
    'no-cache': { type: 'boolean' },
  },
  bench: {
    pa: { type: 'string' },
    otp: { type: 'string' },
    size: { type: 'string' },
    runs: { type: 'string' },
    engines: { type: 'string' },
    json: { type: 'string' },
    html: { type: 'string' },
    compare: { type: 'string' },
    progress: { type: 'boolean' },
    without: { type: 'string' },
    I: { type: 'string' },
    'no-cache': { type: 'boolean' },
  },
  compile: {
    pa: { type: 'string' },
    otp: { type: 'string' },
    I: { type: 'string' },
    out: { type: 'string' },
  },
  // And all those of run.
  profile: {
    output: { type: 'string', short: 'o' },
    top: { type: 'string' },
    interval: { type: 'string' },
  },
  explore: {
    pa: { type: 'string' },
    otp: { type: 'string' },
    elixir: { type: 'string' },
    I: { type: 'string' },
    'no-cache': { type: 'boolean' },
    output: { type: 'string', short: 'o' },
    run: { type: 'string' },
    'jit-threshold': { type: 'string' },
  },
  observe: {
    what: { type: 'string' },
    pa: { type: 'string' },
    otp: { type: 'string' },
    elixir: { type: 'string' },
    call: { type: 'string' },
    'jit-threshold': { type: 'string' },
  },
  measure: {
    pa: { type: 'string' },
    otp: { type: 'string' },
    without: { type: 'string' },
    jit: { type: 'string' },
    size: { type: 'string' },
    runs: { type: 'string' },
  },
};

/** Options that may be given more than once. */
const REPEATABLE = new Set(['pa', 'otp', 'I']);

/** Understands the arguments behind the program's name. Throws UsageError. */
export function parseOptions(argv: string[]): Options {
  const [first, ...rest] = argv;
  switch (first) {
    case undefined:
      throw new UsageError(`a command is missing: ${COMMAND_LIST} (turbeam --help tells more)`);
    case '--help':
    case '-h':
    case 'help': {
      const [name] = rest;
      const topic = COMMANDS.find((c) => c === name);
      if (name !== undefined && topic === undefined) noSuchCommand(name);
      return { command: 'help', topic };
    }
    case '--version':
    case '-v':
      return { command: 'version' };
    case 'run':
    case 'check':
    case 'profile':
    case 'bench':
    case 'explore':
    case 'measure':
    case 'compile':
    case 'observe':
      return parseCommand(first, rest);
  }
  if (first.startsWith('-'))
    throw new UsageError(`the command comes before ${first}: turbeam run ${first} ...`);
  noSuchCommand(first);
}

function noSuchCommand(name: string): never {
  throw new UsageError(
    `there is no command ${JSON.stringify(name)}: use ${COMMAND_LIST} (turbeam --help tells more)`,
  );
}

/** Options as parseArgs wants them: `-pa X` and `-I X` with two dashes, `--dump-js` with an empty value if it has none. */
function normalise(args: string[]): string[] {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.map((a) => (a === '-pa' || a === '-I' ? `-${a}` : a === '--dump-js' ? '--dump-js=' : a));
}

function parseCommand(command: CommandName | HiddenCommand, args: string[]): Options {
  const end = args.indexOf('--');
  const known = command === 'profile' ? { ...KNOWN.run, ...KNOWN.profile } : KNOWN[command];
  const { tokens } = parseArgs({
    args: normalise(args),
    options: { ...known, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const files: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, value } = token;
    if (name === 'help') return { command: 'help', topic: COMMANDS.find((c) => c === command) };
    if (name === 'version') return { command: 'version' };
    const shown = name === 'pa' || name === 'I' ? `-${name}` : token.rawName;
    const option = known[name];
    if (option === undefined)
      throw new UsageError(
        `turbeam ${command} has no option ${shown} (turbeam ${command} --help lists them)`,
      );
    if (option.type === 'boolean' && value !== undefined)
      throw new UsageError(`${shown} takes no value; leave out what stands behind it`);
    const isMissing =
      value === undefined ||
      (value === '' && name !== 'dump-js') ||
      (token.inlineValue === false && value.startsWith('-'));
    if (option.type === 'string' && isMissing)
      throw new UsageError(`${shown} needs a value (turbeam ${command} --help tells which)`);
    const before = values.get(name);
    if (before === undefined) values.set(name, [value ?? '']);
    else if (REPEATABLE.has(name)) before.push(value!);
    else throw new UsageError(`${shown} is given twice; give it once`);
  }
  if (files.length === 0)
    throw new UsageError(
      command === 'explore'
        ? 'turbeam explore needs a file (.beam, .S or .erl)'
        : `turbeam ${command} needs at least one file (.beam, .erl or .S)`,
    );
  if (files.includes('')) throw new UsageError("a file's name is empty; name a .beam, .erl or .S file");
  const one = (name: string): string | undefined => values.get(name)?.[0];
  const path = values.get('pa') ?? [];
  const otp = values.get('otp') ?? [];
  const include = values.get('I') ?? [];
  const cache = !values.has('no-cache');
  if (command !== 'run' && command !== 'profile' && end >= 0)
    throw new UsageError(`turbeam ${command} takes no arguments behind --`);
  switch (command) {
    case 'run':
    case 'profile': {
      const stress = stressOf(one('stress'));
      const options = {
        files,
        args: end < 0 ? undefined : args.slice(end + 1),
        call: one('call'),
        path,
        otp,
        elixir: one('elixir'),
        jit: choice<Jit>('--jit', one('jit') ?? 'auto', ['auto', 'eager', 'off']),
        threshold: whole('--jit-threshold', one('jit-threshold'), 1, 1 << 30),
        dump: one('dump-js') === undefined ? undefined : dumpFilter(one('dump-js')!),
        dumpDir: one('dump-dir'),
        stats: values.has('stats'),
        ...stress,
        without: withoutOf(one('without')),
        maxHeap: whole('--max-heap', one('max-heap'), 1, 2 ** 29) ?? 0,
        include,
        cache,
      };
      if (options.call !== undefined && options.args !== undefined)
        throw new UsageError('arguments behind -- are for main/1: with --call, put them into the call');
      if (command === 'run') return { command, ...options };
      return {
        command,
        ...options,
        output: one('output'),
        top: whole('--top', one('top'), 1, 1_000_000) ?? 20,
        interval: whole('--interval', one('interval'), 50, 1_000_000) ?? 500,
      };
    }
    case 'check':
      return { command, files, path, otp, elixir: one('elixir'), include, cache };
    case 'explore': {
      if (files.length > 1) throw new UsageError('turbeam explore shows one file at a time');
      return {
        command,
        files: [files[0]],
        path,
        otp,
        elixir: one('elixir'),
        include,
        cache,
        output: one('output'),
        run: one('run'),
        threshold: whole('--jit-threshold', one('jit-threshold'), 1, 1 << 30),
      };
    }
    case 'observe':
      return {
        command,
        what: choice('--what', one('what') ?? 'calls', ['calls', 'deoptimisations']),
        files,
        path,
        otp,
        elixir: one('elixir'),
        call: one('call') ?? '',
        threshold: whole('--jit-threshold', one('jit-threshold'), 1, 1 << 30),
      };
    case 'bench':
      return {
        command,
        files,
        path,
        otp,
        size: choice('--size', one('size') ?? 'default', ['small', 'default']),
        runs: whole('--runs', one('runs'), 1, 1000) ?? 6,
        engines: enginesOf(one('engines')),
        json: one('json'),
        html: one('html'),
        compare: one('compare'),
        progress: values.has('progress'),
        without: withoutOf(one('without')),
        include,
        cache,
      };
    case 'compile':
      return { command, files, path, otp, include, out: one('out') ?? '.' };
    case 'measure':
      return {
        command,
        files,
        path,
        otp,
        jit: choice('--jit', one('jit') ?? 'auto', ['auto', 'eager', 'off']),
        size: choice('--size', one('size') ?? 'default', ['small', 'default']),
        runs: whole('--runs', one('runs'), 1, 1000) ?? 5,
        without: withoutOf(one('without')),
      };
  }
}

function choice<T extends string>(option: string, value: string, of: readonly T[]): T {
  if ((of as readonly string[]).includes(value)) return value as T;
  throw new UsageError(`${option} is one of ${of.join(', ')}, not ${JSON.stringify(value)}`);
}

function whole(option: string, value: string | undefined, min: number, max: number): number | undefined {
  if (value === undefined) return undefined;
  const n = Number(value);
  if (/^\d+$/.test(value) && n >= min && n <= max) return n;
  throw new UsageError(`${option} is a whole number from ${min} to ${max}, not ${JSON.stringify(value)}`);
}

/** Optimisations of the translator that can be left out. */
const OPTIMISATIONS = ['stubs', 'unboxed', 'direct'] as const;
export type Optimisation = (typeof OPTIMISATIONS)[number];

function withoutOf(value: string | undefined): Optimisation[] {
  return value === undefined ? [] : value.split(',').map((one) => choice('--without', one, OPTIMISATIONS));
}

/** The engines of a list, each once, in the order of ENGINES. */
function enginesOf(value: string | undefined): readonly Engine[] {
  if (value === undefined) return USUAL_ENGINES;
  const named = value.split(',').map((one) => choice('--engines', one, ENGINES));
  return ENGINES.filter((e) => named.includes(e));
}

function stressOf(value: string | undefined): { stressGc: boolean; stressUnwind: boolean } {
  const kinds = value === undefined ? [] : value.split(',');
  for (const kind of kinds) choice('--stress', kind, ['gc', 'unwind']);
  return { stressGc: kinds.includes('gc'), stressUnwind: kinds.includes('unwind') };
}

/** M, M:F or M:F/A; names may be quoted as atoms are, and a function's name may have slashes in it. */
function dumpFilter(text: string): DumpFilter {
  if (text === '') return { text };
  const match = /^('[^']*'|[^':]+)(?::('[^']*'|.+?)(?:\/(\d+))?)?$/.exec(text);
  if (match === null) throw new UsageError(`--dump-js takes M, M:F or M:F/A, not ${JSON.stringify(text)}`);
  const bare = (s: string | undefined) => (s?.startsWith("'") && s.length > 1 ? s.slice(1, -1) : s);
  return {
    text,
    module: bare(match[1]),
    name: bare(match[2]),
    arity: match[3] === undefined ? undefined : Number(match[3]),
  };
}
