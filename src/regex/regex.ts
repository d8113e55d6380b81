// Regular expressions as a whole: patterns compiled, subjects searched. It knows nothing of terms.
import { PatternError } from './errors.js';
import { Machine, Outcome } from './machine.js';
import type { CompileOptions, MatchOptions } from './options.js';
import { parsePattern } from './parse.js';
import { makeProgram } from './program.js';
import { wordTest } from './sets.js';
import type { Matchable } from './subject.js';

export { PatternError } from './errors.js';
export { Outcome } from './machine.js';
export * from './options.js';

/** A compiled pattern. */
export interface Regex extends Matchable {
  /** Names of groups, in the order of their bytes, each with its groups. */
  names: [name: string, groups: number[]][];
  /** The options in force, with what the pattern says itself. */
  options: CompileOptions;
  /** Whether patterns and subjects are given as characters; the pattern can be UTF-8 without that. */
  characters: boolean;
  matchLimit?: number;
}

/** Code points and where they start in the bytes, with the end behind the last. */
function codePoints(bytes: Uint8Array, unicode: boolean): { text: number[]; positions: number[] } {
  const text: number[] = [];
  const positions: number[] = [];
  if (!unicode) {
    for (let i = 0; i < bytes.length; i++) {
      text.push(bytes[i]);
      positions.push(i);
    }
  } else {
    let at = 0;
    for (const character of Buffer.from(bytes).toString('utf8')) {
      text.push(character.codePointAt(0)!);
      positions.push(at);
      at += Buffer.byteLength(character);
    }
  }
  positions.push(bytes.length);
  return { text, positions };
}

/** The first byte that is no part of UTF-8, or -1. */
export function invalidUtf8(bytes: Uint8Array): number {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return -1;
  } catch {
    // The length of the longest start that is good, character by character.
    let at = 0;
    for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
      const length = Buffer.byteLength(character);
      const good = Buffer.from(character).equals(bytes.subarray(at, at + length));
      if (!good) return at;
      at += length;
    }
    return at;
  }
}

/**
 * Compiles a pattern.
 * @param bytes the pattern, in UTF-8 if options.unicode, else in Latin-1
 * @throws PatternError
 */
export function compileRegex(bytes: Uint8Array, options: CompileOptions): Regex {
  // The pattern itself can say that it is UTF-8.
  const unicode =
    options.unicode ||
    /^(\(\*[A-Z_]+\))*\(\*UTF8?\)/.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1'));
  if (unicode && options.neverUtf) throw new PatternError('utfDisabled', 0);
  const invalid = unicode ? invalidUtf8(bytes) : -1;
  if (invalid >= 0) throw new PatternError('invalidUtf', invalid);
  const { text, positions } = codePoints(bytes, unicode);
  const pattern = parsePattern(text, positions, { ...options, unicode: options.unicode });
  const program = makeProgram(pattern.node, pattern.groups, pattern.options.unicode);
  return {
    program,
    groups: pattern.groups,
    unicode: pattern.options.unicode,
    characters: options.unicode,
    newline: pattern.options.newline,
    bsrAnyCrLf: pattern.options.bsrAnyCrLf,
    word: wordTest(pattern.options.ucp),
    firstline: pattern.options.firstline,
    anchored: pattern.options.anchored,
    hasNewlines: pattern.hasNewlines,
    names: [...pattern.names].sort(([a], [b]) => (a < b ? -1 : 1)),
    options: {
      ...pattern.options,
      noStartOptimize: options.noStartOptimize || pattern.options.noStartOptimize,
    },
    matchLimit: pattern.matchLimit,
  };
}

/**
 * Searches a subject, in steps.
 * @param offset the byte to start at
 * @param step places to try in a step
 * @returns start and end of the match and of each group in bytes (-1: not set), or why there is none
 */
export function* searchRegex(
  regex: Regex,
  subject: Uint8Array,
  offset: number,
  options: MatchOptions,
  step: () => number,
): Generator<undefined, Int32Array | Outcome> {
  const matchLimit = Math.min(options.matchLimit, regex.matchLimit ?? options.matchLimit);
  const machine = new Machine(regex, subject, { ...options, matchLimit });
  const outcome = yield* machine.search(offset, step);
  return outcome === Outcome.Match ? machine.registers.subarray(0, 2 * (regex.groups + 1)) : outcome;
}
