// Access to the nodes of abstract forms (Erlang's "Abstract Format"): tuples of a tag, an annotation and the rest.
import { Tuple, type Value } from './external-term.js';

/** A node of which no text can be made: it is not in the abstract format, or newer than what is known here. */
export class UnknownNode extends Error {
  override readonly name = 'UnknownNode';
}

/** Where an annotation says that a node stands; lines and columns begin with 1, 0: not known. */
export interface Position {
  line: number;
  column: number;
}

/** No source has more lines: an annotation that says so is damaged. */
const MAX_LINE = 500_000;
const MAX_COLUMN = 1000;

const NOWHERE: Position = { line: 0, column: 0 };

/** Reads an annotation: `Line`, `{Line, Column}`, or a list with one of them as `location`. */
export function positionOf(annotation: Value | undefined): Position {
  if (typeof annotation === 'number') return position(annotation, 0);
  if (annotation instanceof Tuple) return position(annotation.items[0], annotation.items[1]);
  if (Array.isArray(annotation))
    for (const entry of annotation)
      if (entry instanceof Tuple && entry.items[0] === 'location' && !Array.isArray(entry.items[1]))
        return positionOf(entry.items[1]);
  return NOWHERE;
}

function position(line: Value | undefined, column: Value | undefined): Position {
  if (typeof line !== 'number' || !(line > 0 && line <= MAX_LINE)) return NOWHERE;
  const known = typeof column === 'number' && column > 0 && column <= MAX_COLUMN;
  return { line, column: known ? column : 0 };
}

/** A node's elements, its tag first. */
export function nodeOf(value: Value | undefined): Value[] {
  if (value instanceof Tuple && typeof value.items[0] === 'string') return value.items;
  throw new UnknownNode(`${describe(value)} is no node`);
}

/** The tag of a node; '' for other values. */
export function tagOf(value: Value | undefined): string {
  return value instanceof Tuple && typeof value.items[0] === 'string' ? value.items[0] : '';
}

export function listOf(value: Value | undefined): Value[] {
  if (Array.isArray(value)) return value;
  throw new UnknownNode(`${describe(value)} stands where a list belongs`);
}

export function atomOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new UnknownNode(`${describe(value)} stands where an atom belongs`);
}

export function tupleOf(value: Value | undefined, size: number): Value[] {
  if (value instanceof Tuple && value.items.length === size) return value.items;
  throw new UnknownNode(`${describe(value)} stands where a tuple of ${size} belongs`);
}

/** The name of an `{atom, _, Name}`. */
export function atomNodeName(value: Value | undefined): string {
  const [tag, , name] = nodeOf(value);
  if (tag === 'atom') return atomOf(name);
  throw new UnknownNode(`${describe(value)} stands where an atom belongs`);
}

/** Says that there is no text for a node. */
export function unknown(value: Value | undefined): never {
  throw new UnknownNode(`${describe(value)} is not known`);
}

function describe(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `the atom ${value.slice(0, 40)}`;
  if (value instanceof Tuple) {
    const [tag] = value.items;
    return typeof tag === 'string' ? `{${tag.slice(0, 40)}, ...}` : `a tuple of ${value.items.length}`;
  }
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' || typeof value === 'bigint' ? 'an integer' : 'a term';
}
