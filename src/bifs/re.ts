// Module re: compile, run, inspect. Patterns are compiled by regex/; a compiled pattern as a term carries its source, and is
// compiled again if the cache has lost it.
import type { Task } from '../processes/process.js';
import { badarg, badargBecause } from '../processes/raise.js';
import {
  type CompileOptions,
  compileRegex,
  DEFAULT_OPTIONS,
  invalidUtf8,
  type MatchOptions,
  Newline,
  Outcome,
  PatternError,
  type Regex,
  searchRegex,
} from '../regex/regex.js';
import { am, atom, atomName } from '../terms/atoms.js';
import {
  binary,
  bytesOf,
  iolistToBytes,
  isBinaryTerm,
  isTaggedTuple,
  isTuple,
  list,
  listToArray,
  stringList,
  tuple,
  tupleToArray,
} from '../terms/build.js';
import { chardataToString } from '../terms/chardata.js';
import { integerFromNumber, toNumberIfSafe } from '../terms/integer.js';
import { isAtom, isCons, NIL, type Term } from '../terms/tags.js';
import { bytePart, latin1Text } from './arguments.js';
import { type Bif, defineBifs } from './table.js';
import { charge, defineYieldingBifs, inSteps, stepSize } from './yielding.js';

/** Options that are atoms and belong to the pattern. */
const COMPILE_ATOMS: Record<string, (options: CompileOptions) => void> = {
  unicode: (o) => {
    o.unicode = true;
  },
  anchored: (o) => {
    o.anchored = true;
  },
  caseless: (o) => {
    o.caseless = true;
  },
  dollar_endonly: (o) => {
    o.dollarEndOnly = true;
  },
  dotall: (o) => {
    o.dotall = true;
  },
  extended: (o) => {
    o.extended = true;
  },
  firstline: (o) => {
    o.firstline = true;
  },
  multiline: (o) => {
    o.multiline = true;
  },
  no_auto_capture: (o) => {
    o.noAutoCapture = true;
  },
  dupnames: (o) => {
    o.dupnames = true;
  },
  ungreedy: (o) => {
    o.ungreedy = true;
  },
  bsr_anycrlf: (o) => {
    o.bsrAnyCrLf = true;
  },
  bsr_unicode: (o) => {
    o.bsrAnyCrLf = false;
  },
  no_start_optimize: (o) => {
    o.noStartOptimize = true;
  },
  ucp: (o) => {
    o.ucp = true;
  },
  never_utf: (o) => {
    o.neverUtf = true;
  },
};
/** Those of them that a run with a compiled pattern takes too. */
const BOTH = new Set(['anchored', 'bsr_anycrlf', 'bsr_unicode', 'newline']);

const NEWLINES = new Map<Term, Newline>([
  [atom('cr'), Newline.Cr],
  [atom('lf'), Newline.Lf],
  [atom('crlf'), Newline.CrLf],
  [atom('anycrlf'), Newline.AnyCrLf],
  [atom('any'), Newline.Any],
]);

type CaptureType = 'index' | 'list' | 'binary';
const CAPTURE_TYPES = new Map<Term, CaptureType>([
  [atom('index'), 'index'],
  [atom('list'), 'list'],
  [atom('binary'), 'binary'],
]);

const ALL = atom('all');
const ALL_BUT_FIRST = atom('all_but_first');
const ALL_NAMES = atom('all_names');
const FIRST = atom('first');
const NONE = atom('none');
/** With these, a match that captures nothing is just a match. */
const NOTHING_CAPTURED = new Set([NONE, ALL_NAMES, NIL]);
const VALUES = new Set([ALL, ALL_BUT_FIRST, ALL_NAMES, FIRST, NONE]);

/** What options say. */
interface Options {
  compile: CompileOptions;
  match: MatchOptions;
  offset: number;
  /** One of VALUES, or a list of groups. */
  capture: Term;
  type: CaptureType;
  global: boolean;
  reportErrors: boolean;
  /** Has options that only re:compile/2 or a run with a pattern's text takes. */
  forPattern: boolean;
  /** Has options that only a run takes. */
  forRun: boolean;
  /** What is to be captured is nothing that can be: an error without a cause. */
  badCapture: boolean;
}

const MATCH_LIMIT = 10_000_000;

/** Options of compile/2 or run/3; undefined: there is one that is none. */
function parseOptions(t: Term): Options | undefined {
  const items = listToArray(t);
  if (items === undefined) return undefined;
  const options: Options = {
    compile: { ...DEFAULT_OPTIONS },
    match: {
      anchored: false,
      notbol: false,
      noteol: false,
      notempty: false,
      notemptyAtStart: false,
      matchLimit: MATCH_LIMIT,
    },
    offset: 0,
    capture: ALL,
    type: 'index',
    global: false,
    reportErrors: false,
    forPattern: false,
    forRun: false,
    badCapture: false,
  };
  return items.every((item) => (isAtom(item) ? takeAtom(options, atomName(item)) : takeTuple(options, item)))
    ? options
    : undefined;
}

function takeAtom(options: Options, name: string): boolean {
  const { match } = options;
  if (Object.hasOwn(COMPILE_ATOMS, name)) {
    COMPILE_ATOMS[name](options.compile);
    if (name === 'anchored') match.anchored = true;
    if (!BOTH.has(name)) options.forPattern = true;
    return true;
  }
  options.forRun = true;
  switch (name) {
    case 'notbol':
      match.notbol = true;
      return true;
    case 'noteol':
      match.noteol = true;
      return true;
    case 'notempty':
      match.notempty = true;
      return true;
    case 'notempty_atstart':
      match.notemptyAtStart = true;
      return true;
    case 'global':
      options.global = true;
      return true;
    case 'report_errors':
      options.reportErrors = true;
      return true;
  }
  return false;
}

function takeTuple(options: Options, item: Term): boolean {
  if (!isTuple(item)) return false;
  const [name, value, type] = tupleToArray(item);
  if (isTaggedTuple(item, 3, atom('capture'))) {
    const known = CAPTURE_TYPES.get(type);
    options.type = known ?? 'index';
    options.badCapture ||= known === undefined;
    return takeCapture(options, value);
  }
  if (!isTaggedTuple(item, 2, name)) return false;
  switch (name) {
    case atom('capture'):
      options.type = 'index';
      return takeCapture(options, value);
    case atom('newline'): {
      const newline = NEWLINES.get(value);
      if (newline === undefined) return false;
      options.compile.newline = newline;
      options.match.newline = newline;
      return true;
    }
    case atom('offset'): {
      const offset = toNumberIfSafe(value);
      options.forRun = true;
      if (offset === undefined || offset < 0) return false;
      options.offset = offset;
      return true;
    }
    case atom('match_limit'):
    case atom('match_limit_recursion'): {
      const limit = toNumberIfSafe(value);
      options.forRun = true;
      if (limit === undefined || limit < 0 || limit > 0xffffffff) return false;
      if (name === atom('match_limit')) options.match.matchLimit = limit;
      return true;
    }
  }
  return false;
}

function takeCapture(options: Options, value: Term): boolean {
  options.forRun = true;
  if (VALUES.has(value) || listToArray(value) !== undefined) options.capture = value;
  else options.badCapture = true;
  return true;
}

// ---- Compiled patterns as terms

/** Starts the last element of a compiled pattern's tuple; what follows is the pattern itself. */
const MAGIC = 'Turbeam re 1 ';

const compiled = new Map<string, Regex>();
const MOST_COMPILED = 500;

/** The pattern with its options as text that names it. */
function sourceKey(bytes: Uint8Array, options: CompileOptions): string {
  const flags = Object.values(options).map(Number).join('');
  return `${MAGIC}${flags} ${latin1Text(bytes)}`;
}

function optionsOfKey(flags: string): CompileOptions {
  const options = { ...DEFAULT_OPTIONS } as Record<string, boolean | number>;
  Object.keys(options).forEach((name, i) => {
    options[name] = name === 'newline' ? Number(flags[i]) : flags[i] === '1';
  });
  return options as unknown as CompileOptions;
}

/** The compiled pattern of a key. @throws PatternError */
function regexOf(key: string): Regex {
  let regex = compiled.get(key);
  if (regex === undefined) {
    const flags = key.slice(MAGIC.length, key.indexOf(' ', MAGIC.length));
    const source = key.slice(MAGIC.length + flags.length + 1);
    regex = compileRegex(Buffer.from(source, 'latin1'), optionsOfKey(flags));
    if (compiled.size >= MOST_COMPILED) compiled.delete(compiled.keys().next().value!);
    compiled.set(key, regex);
  }
  return regex;
}

const RE_PATTERN = atom('re_pattern');

/** {re_pattern, Groups, Unicode, CrLf, Binary} */
function patternTerm(key: string, regex: Regex): Term {
  const crlf =
    regex.newline === Newline.CrLf || regex.newline === Newline.Any || regex.newline === Newline.AnyCrLf;
  return tuple(
    RE_PATTERN,
    regex.groups << 1,
    Number(regex.characters) << 1,
    Number(crlf) << 1,
    binary(Buffer.from(key, 'latin1')),
  );
}

/** The pattern of such a tuple; undefined: it is none of ours. */
function regexOfTerm(t: Term): Regex | undefined {
  if (!isTaggedTuple(t, 5, RE_PATTERN)) return undefined;
  const [, groups, unicode, crlf, source] = tupleToArray(t);
  if (((groups | unicode | crlf) & 1) !== 0 || !isBinaryTerm(source)) return undefined;
  const key = latin1Text(bytesOf(source));
  if (!key.startsWith(MAGIC)) return undefined;
  return regexOf(key);
}

/** The bytes of a pattern or subject: iodata, or (unicode) character data. */
function textBytes(t: Term, unicode: boolean): Uint8Array | undefined {
  if (isBinaryTerm(t)) return bytesOf(t);
  if (!isCons(t) && t !== NIL) return undefined;
  if (!unicode) return iolistToBytes(t);
  const text = chardataToString(t);
  return text === undefined ? undefined : Buffer.from(text, 'utf8');
}

const problem = (error: PatternError): Term => tuple(stringList(error.message), error.position << 1);

function compile(pattern: Term, options: Term): Term {
  const chosen = parseOptions(options);
  if (chosen === undefined || chosen.forRun) return badargBecause(atom('badopt'));
  const bytes = textBytes(pattern, chosen.compile.unicode);
  if (bytes === undefined) return badarg();
  const key = sourceKey(bytes, chosen.compile);
  try {
    return tuple(am.ok, patternTerm(key, regexOf(key)));
  } catch (error) {
    if (error instanceof PatternError) return tuple(am.error, problem(error));
    throw error;
  }
}

// ---- Running

const MATCH = atom('match');
const NOMATCH = atom('nomatch');

/** The groups that are captured: numbers, or -1 for one that there is not. `all` stops behind the last that is set. */
function wantedGroups(regex: Regex, capture: Term, found: Int32Array): number[] | undefined {
  const upTo = (first: number): number[] => {
    let last = regex.groups;
    while (last > 0 && found[2 * last] < 0) last--;
    return Array.from({ length: Math.max(0, last + 1 - first) }, (_, i) => first + i);
  };
  const named = (groups: number[]): number => groups.find((g) => found[2 * g] >= 0) ?? -1;
  switch (capture) {
    case ALL:
      return upTo(0);
    case ALL_BUT_FIRST:
      return upTo(1);
    case ALL_NAMES:
      return regex.names.map(([, groups]) => named(groups));
    case FIRST:
      return [0];
    case NONE:
      return [];
  }
  return listToArray(capture)!.map((item) => {
    if ((item & 1) === 0) return item >= 0 && item >> 1 <= regex.groups ? item >> 1 : -1;
    const name = isAtom(item) ? atomName(item) : groupName(item);
    const groups = regex.names.find(([known]) => known === name)?.[1];
    return groups === undefined ? -1 : named(groups);
  });
}

function groupName(t: Term): string | undefined {
  const bytes = isBinaryTerm(t) || isCons(t) ? iolistToBytes(t) : undefined;
  return bytes && Buffer.from(bytes).toString('utf8');
}

/** Whether the items of a list of groups are numbers and names. */
function isGroupList(capture: Term): boolean {
  if (VALUES.has(capture)) return true;
  return listToArray(capture)!.every(
    (item) => ((item & 1) === 0 && item >= 0) || isAtom(item) || groupName(item) !== undefined,
  );
}

/** Places to try in a step, or times to go back. */
const placesInStep = (): number => Math.ceil(stepSize() / 4);
/** Matches to find in a step. */
const matchesInStep = (): number => Math.ceil(stepSize() / 64);

class Run {
  constructor(
    private readonly regex: Regex,
    private readonly subject: Uint8Array,
    private readonly subjectTerm: Term,
    private readonly options: Options,
  ) {}

  /** A captured part; -1: the group is not set. */
  private part(from: number, to: number): Term {
    switch (this.options.type) {
      case 'index':
        return from < 0 ? tuple(-1 << 1, 0) : tuple(integerFromNumber(from), integerFromNumber(to - from));
      case 'binary':
        if (from < 0) return binary(new Uint8Array(0));
        return isBinaryTerm(this.subjectTerm)
          ? bytePart(this.subjectTerm, from, to - from)
          : binary(this.subject.subarray(from, to));
      case 'list': {
        if (from < 0) return NIL;
        const bytes = this.subject.subarray(from, to);
        return stringList(this.regex.characters ? Buffer.from(bytes).toString('utf8') : latin1Text(bytes));
      }
    }
  }

  private captured(found: Int32Array): Term | undefined {
    const groups = wantedGroups(this.regex, this.options.capture, found)!;
    if (groups.length === 0 && NOTHING_CAPTURED.has(this.options.capture)) return undefined;
    return list(
      groups.map((g) =>
        g < 0 || found[2 * g] < 0 ? this.part(-1, -1) : this.part(found[2 * g], found[2 * g + 1]),
      ),
    );
  }

  private outcome(why: Outcome): Term {
    if (!this.options.reportErrors || why === Outcome.NoMatch) return NOMATCH;
    return tuple(am.error, atom(why === Outcome.Limit ? 'match_limit' : 'recurse_loop'));
  }

  *once(): Generator<undefined, Term> {
    const found = yield* searchRegex(
      this.regex,
      this.subject,
      this.options.offset,
      this.options.match,
      placesInStep,
    );
    if (!(found instanceof Int32Array)) return this.outcome(found);
    const captured = this.captured(found);
    return captured === undefined ? MATCH : tuple(MATCH, captured);
  }

  /** All matches, one behind the other. Behind an empty one another that is not empty is looked for at the same place. */
  *all(): Generator<undefined, Term> {
    const { regex, subject, options } = this;
    const matches: (Term | undefined)[] = [];
    const notEmpty: MatchOptions = { ...options.match, anchored: true, notemptyAtStart: true };
    for (let at = options.offset; at <= subject.length; ) {
      const found = yield* searchRegex(regex, subject, at, options.match, placesInStep);
      if (!(found instanceof Int32Array)) {
        if (found !== Outcome.NoMatch && options.reportErrors) return this.outcome(found);
        break;
      }
      matches.push(this.captured(found));
      if (matches.length % matchesInStep() === 0) yield;
      const [start, end] = found;
      if (end > start) {
        at = end;
        continue;
      }
      const longer = yield* searchRegex(regex, subject, at, notEmpty, placesInStep);
      if (longer instanceof Int32Array) {
        matches.push(this.captured(longer));
        at = longer[1] > longer[0] ? start + longer[1] - longer[0] : this.forward(start);
      } else at = this.forward(start);
    }
    if (matches.length === 0) return NOMATCH;
    return matches[0] === undefined ? MATCH : tuple(MATCH, list(matches as Term[]));
  }

  /** Behind the next character, or a CRLF if that is a newline. */
  private forward(at: number): number {
    const { newline, unicode } = this.regex;
    const { subject } = this;
    const crlf = newline === Newline.CrLf || newline === Newline.Any || newline === Newline.AnyCrLf;
    if (crlf && subject[at] === 13 && subject[at + 1] === 10) return at + 2;
    at++;
    if (unicode) while (at < subject.length && (subject[at] & 0xc0) === 0x80) at++;
    return at;
  }
}

function run(
  subject: Term,
  pattern: Term,
  options: Term,
  never: { global: boolean } = { global: false },
): Term | Task {
  const chosen = parseOptions(options);
  if (chosen === undefined) return badargBecause(atom('badopt'));
  let regex: Regex | undefined;
  try {
    regex = regexOfTerm(pattern);
    if (regex === undefined) {
      if (isTuple(pattern)) return badarg();
      const bytes = textBytes(pattern, chosen.compile.unicode);
      if (bytes === undefined) return badarg();
      regex = regexOf(sourceKey(bytes, chosen.compile));
    } else if (chosen.forPattern) return badarg();
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return chosen.reportErrors ? tuple(am.error, tuple(atom('compile'), problem(error))) : badarg();
  }
  const bytes = textBytes(subject, regex.characters);
  if (bytes === undefined || chosen.badCapture || !isGroupList(chosen.capture)) return badarg();
  if (chosen.offset > bytes.length) return badarg();
  if (regex.unicode && isBinaryTerm(subject) && invalidUtf8(bytes) >= 0) return badarg();
  if (regex.unicode && (bytes[chosen.offset] & 0xc0) === 0x80) return badarg();
  const search = new Run(regex, bytes, subject, chosen);
  charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
  return inSteps(chosen.global && !never.global ? search.all() : search.once());
}

/** Bytes of a subject that go for a reduction. */
const BYTES_PER_REDUCTION = 32;

function inspect(pattern: Term, item: Term): Term {
  const regex = regexOfTerm(pattern);
  if (regex === undefined || item !== atom('namelist')) return badarg();
  return tuple(
    item,
    list(regex.names.flatMap(([name, groups]) => groups.map(() => binary(Buffer.from(name, 'latin1'))))),
  );
}

/**
 * The version of PCRE whose syntax and behaviour is followed. It is not native's, because compiled patterns are not native's:
 * Elixir keeps them in its modules, and compiles one again if the version is another than when the module was compiled.
 */
const VERSION = '8.44 2020-02-12 Turbeam';

const compileNone: Bif = (pattern) => compile(pattern, NIL);

defineBifs('re', {
  'version/0': () => binary(Buffer.from(VERSION)),
  'compile/1': compileNone,
  'compile/2': compile,
  'inspect/2': inspect,
});

defineYieldingBifs('re', {
  'run/2': (subject, pattern) => run(subject, pattern, NIL),
  'run/3': (subject, pattern, options) => run(subject, pattern, options),
  'internal_run/4': (subject, pattern, options) => run(subject, pattern, options, { global: true }),
});
