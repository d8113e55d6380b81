// What a pattern is made of, after parsing. (pcrepattern(3), Perl-compatible regular expressions.)
import type { CharacterSet } from './sets.js';

/** What a single character has to be. */
export type Single =
  | { kind: 'char'; code: number }
  /**
   * `starts`: PCRE's search for a start only looks for its members in ASCII, or does not know them.
   * `least`: what PCRE takes for the set in the times that a repetition has to match at least.
   */
  | { kind: 'set'; set: CharacterSet; starts?: 'ascii' | 'unknown'; least?: CharacterSet }
  /** Any character that does not start a newline (`.` without dotall, `\N`). */
  | { kind: 'notNewline' }
  /** Any character. */
  | { kind: 'any' }
  /** Any code unit (`\C`). */
  | { kind: 'unit' }
  /** An extended grapheme cluster (`\X`). */
  | { kind: 'cluster' };

/** Assertions without a group. */
export type Position =
  | 'subjectStart' // \A
  | 'circumflex' // ^
  | 'lineStart' // ^ with multiline
  | 'subjectEnd' // \z
  | 'lastLineEnd' // \Z
  | 'dollar' // $: as \Z, but not with noteol
  | 'dollarEnd' // $ with dollar_endonly
  | 'lineEnd' // $ with multiline
  | 'matchStart' // \G
  | 'wordBoundary'
  | 'notWordBoundary';

export type Repeat = 'greedy' | 'lazy' | 'possessive';

/** What decides a conditional group. */
export type Test =
  | { kind: 'group'; groups: number[] }
  /** Inside of a recursion: of that group, of any (`undefined`). */
  | { kind: 'recursion'; group?: number }
  | { kind: 'define' }
  | { kind: 'look'; look: Node & { kind: 'look' } };

export type Verb = 'mark' | 'accept' | 'fail' | 'commit' | 'prune' | 'skip' | 'then';

export type Node =
  | Single
  | { kind: 'sequence'; items: Node[] }
  | { kind: 'choice'; branches: Node[] }
  | { kind: 'capture'; group: number; body: Node }
  | { kind: 'atomic'; body: Node }
  | { kind: 'look'; ahead: boolean; negative: boolean; body: Node }
  | { kind: 'repeat'; body: Node; min: number; max: number; how: Repeat }
  | { kind: 'back'; groups: number[]; caseless: boolean }
  | { kind: 'call'; group: number; target?: Node }
  | { kind: 'condition'; test: Test; yes: Node; no: Node }
  | { kind: 'position'; at: Position }
  /** A newline sequence (`\R`). */
  | { kind: 'newline' }
  /** `\K` */
  | { kind: 'keep' }
  | { kind: 'verb'; verb: Verb; name?: string };

export function isSingle(node: Node): node is Single {
  switch (node.kind) {
    case 'char':
    case 'set':
    case 'notNewline':
    case 'any':
    case 'unit':
    case 'cluster':
      return true;
    default:
      return false;
  }
}
