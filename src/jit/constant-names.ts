// Names for the words in a unit that are others in each run, such as addresses and terms: with them in place of numbers,
// dumps can be read, and compared from run to run.
import type { Operand } from '../load/module.js';
import { formatPretty } from '../terms/format.js';
import type { Term } from '../terms/tags.js';

/** Most characters of a name, and of what is said of a constant. */
const MAX_NAME = 40;
const MAX_MEANING = 70;

/** A term in one line, cut where it is long. */
export function shortText(term: Term): string {
  const text = formatPretty(term, { depth: MAX_MEANING, lineLength: 1000, unicode: true }).replace(
    /\n\s*/g,
    ' ',
  );
  return text.length > MAX_MEANING ? `${text.slice(0, MAX_MEANING)}…` : text;
}

/** The named constants of a unit. */
export class ConstantNames {
  /** What each name stands for, in the order in which they came up. */
  readonly meanings = new Map<string, string>();
  private readonly values = new Map<string, number>();

  /** The name of a word: the one that is wanted, with a number behind it if another word has that. */
  nameOf(value: number, wanted: string, meaning: string): string {
    let name = wanted;
    for (let n = 2; this.values.has(name) && this.values.get(name) !== value; n++) name = `${wanted}_${n}`;
    this.values.set(name, value);
    this.meanings.set(name, meaning);
    return name;
  }
}

/** A name for a constant operand, and what it is. */
export function describeConstant(o: Operand, term: Term): [name: string, meaning: string] {
  const text = shortText(term);
  if (o.kind === 'atom') return [`atom_${o.name.replace(/\W/g, '_').slice(0, MAX_NAME)}`, text];
  if (o.kind === 'literal') return [`literal_${o.n}`, text];
  return [`integer_${text.replace('-', 'minus_').slice(0, MAX_NAME)}`, text];
}
