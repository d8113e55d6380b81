// Which instruction a piece of generated text comes from. While settings.mapUnits is set, structure.ts marks statements
// with the instruction that wrote them, and print.ts notes where each one begins and ends in the text. Without it nothing
// is marked and nothing noted.
import type { State } from 'astring';
import type * as E from 'estree';
import type { Commented } from './ast.js';

/** A statement, or a comment, that belongs to an instruction of the unit's function. */
export interface Marked {
  instruction?: number;
}

/**
 * Where the instructions are in a text: triples of line, column (both from 0) and instruction (index into the function's
 * code), by position. Each holds up to the next one; -1: the text there belongs to no instruction. Every line has one for its
 * first character.
 */
export type TextMap = Int32Array;

/** The two texts of a unit; see PrintedUnit. */
export interface UnitMap {
  source: TextMap;
  /** Lines as V8 counts them in what `new Function` makes of the text. */
  program: TextMap;
}

/** Lines that `new Function` puts before the body it is given. */
const FUNCTION_HEAD = 2;

/** Marks the statements from `first` on. What is marked already belongs to blocks that were written on the way. */
export function mark(statements: E.Statement[], first: number, instruction: number): void {
  for (let i = first; i < statements.length; i++) (statements[i] as Marked).instruction ??= instruction;
}

/** A change of instruction in a text: from this character on. */
interface Change {
  at: number;
  instruction: number;
}

/** What was noted while a piece of text was printed. */
export class Marks {
  readonly changes: Change[] = [];
  private readonly around: number[] = [-1];

  /** A generator for astring that notes where statements are. */
  noting<G extends object>(generator: G): G {
    const noted: Record<string, unknown> = {};
    for (const type of STATEMENTS) {
      const print = (generator as Record<string, Print>)[type];
      const marks = this;
      noted[type] = function (this: unknown, node: E.Node, state: State) {
        marks.begin(node, state);
        print.call(this, node, state);
        marks.end(node, state);
      };
    }
    return { ...generator, ...noted };
  }

  private begin(node: E.Node, state: State): void {
    const { instruction } = node as Marked;
    if (instruction === undefined) return;
    this.noteComments((node as Commented).comments ?? [], state);
    this.around.push(instruction);
    this.changes.push({ at: state.output.length, instruction });
  }

  private end(node: E.Node, state: State): void {
    if ((node as Marked).instruction === undefined) return;
    this.around.pop();
    this.changes.push({ at: state.output.length, instruction: this.around[this.around.length - 1] });
  }

  /** Comments were printed before their statement, a line each; inside an `if` without braces they were not. */
  private noteComments(comments: NonNullable<Commented['comments']>, state: State): void {
    const found: Change[] = [];
    let end = state.output.lastIndexOf('\n');
    if (state.output.slice(end + 1).trim() !== '') return;
    for (let i = comments.length - 1; i >= 0 && end >= 0; i--) {
      const start = state.output.lastIndexOf('\n', end - 1) + 1;
      found.unshift({ at: start, instruction: (comments[i] as Marked).instruction ?? -1 });
      end = start - 1;
    }
    this.changes.push(...found);
  }
}

type Print = (this: unknown, node: E.Node, state: State) => void;

/** Statements that units are made of. */
const STATEMENTS = [
  'BlockStatement',
  'BreakStatement',
  'ContinueStatement',
  'ExpressionStatement',
  'ForStatement',
  'IfStatement',
  'LabeledStatement',
  'ReturnStatement',
  'SwitchStatement',
  'VariableDeclaration',
];

/**
 * The map of a text.
 * @param pieces what was noted of its parts, with where each part begins in the text and the instruction that everything
 * belongs to that no statement claims
 * @param isProgram lines are counted as in what `new Function` makes of it
 */
export function textMap(
  text: string,
  pieces: readonly { marks: Marks; start: number; length: number; instruction: number }[],
  isProgram: boolean,
): TextMap {
  const changes: Change[] = [];
  for (const { marks, start, length, instruction } of pieces) {
    changes.push({ at: start, instruction });
    for (const c of marks.changes)
      changes.push({ at: start + c.at, instruction: c.instruction < 0 ? instruction : c.instruction });
    changes.push({ at: start + length, instruction: -1 });
  }
  const triples: number[] = [];
  let next = 0;
  let instruction = -1;
  let lineStart = 0;
  text.split('\n').forEach((content, n) => {
    const line = n + (isProgram ? FUNCTION_HEAD : 0);
    const indent = lineStart + content.length - content.trimStart().length;
    // What changes before a line's first character holds from there on; every line has a triple for that.
    for (; next < changes.length && changes[next].at <= indent; next++)
      instruction = changes[next].instruction;
    triples.push(line, indent - lineStart, instruction);
    for (; next < changes.length && changes[next].at < lineStart + content.length; next++) {
      instruction = changes[next].instruction;
      const { at } = changes[next];
      if (changes[next + 1]?.at !== at && triples[triples.length - 1] !== instruction)
        triples.push(line, at - lineStart, instruction);
    }
    lineStart += content.length + 1;
  });
  return Int32Array.from(triples);
}

/**
 * The instruction that the text at a line and column (both from 0) comes from; -1: none. Without a column: the one that the
 * line's first character comes from.
 */
export function instructionAt(map: TextMap, line: number, column?: number): number {
  let lo = 0;
  let hi = map.length / 3;
  // The first triple that lies behind the position.
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    const isBehind = map[mid * 3] > line || (map[mid * 3] === line && map[mid * 3 + 1] > (column ?? -1));
    if (isBehind) hi = mid;
    else lo = mid + 1;
  }
  if (column === undefined && map[lo * 3] === line) return map[lo * 3 + 2];
  return lo === 0 ? -1 : map[lo * 3 - 1];
}
