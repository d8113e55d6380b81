// Kinds of terms, as far as instructions take them for granted: nonempty list, float, match context, tuple of at least so many
// elements, with the kinds of what is inside of lists and tuples. A kind is a number in a table, so that two are the same if
// their numbers are, and the registers of a place are an array of numbers.

/** Nothing arrives here, or a function never returns. */
export const NONE = 0;
export const ANY = 1;
export const FLOAT = 2;
/** A match context of the bit syntax. */
export const CONTEXT = 3;
export const NIL = 4;
export const MAP = 5;
/** A list cell with anything in it. */
export const CONS = 6;

/** Deepest nesting, and most elements of a tuple, that are told apart; what is beyond is of any kind. */
const MAX_DEPTH = 4;
const MAX_ELEMENTS = 16;

const enum Tag {
  Plain,
  /** Empty, or a cell with a list of the same kind behind it. */
  List,
  /** A cell of such a list. */
  Cell,
  Tuple,
  /** A tuple made since the last place where garbage may be collected. */
  FreshTuple,
  /** A known integer. */
  Integer,
}

interface Shape {
  tag: Tag;
  /** Of a tuple: how many elements it has at least; of an integer: its value. */
  size: number;
  /** Elements of a tuple, the first ones; of a list: the one kind of all. */
  parts: readonly number[];
  depth: number;
}

const PLAIN: Shape = { tag: Tag.Plain, size: 0, parts: [], depth: 0 };
const shapes: Shape[] = [];
const numbers = new Map<string, number>();

/** So many kinds may be kept from one module to the next. */
const MAX_KEPT = 2000;

/** What is known now of any term is not needed any more: forgets the kinds if they are many. */
export function resetKinds(): void {
  if (shapes.length > CONS && shapes.length < MAX_KEPT) return;
  shapes.length = 0;
  numbers.clear();
  for (let kind = NONE; kind <= CONS; kind++) shapes.push(PLAIN);
}
resetKinds();

function kindOf(tag: Tag, size: number, parts: readonly number[]): number {
  const shallow = parts.map((p) => (shapes[p]!.depth >= MAX_DEPTH ? ANY : p));
  const key = `${tag},${size},${shallow.join()}`;
  let kind = numbers.get(key);
  if (kind === undefined) {
    const depth = 1 + Math.max(0, ...shallow.map((p) => shapes[p]!.depth));
    kind = shapes.push({ tag, size, parts: shallow, depth }) - 1;
    numbers.set(key, kind);
  }
  return kind;
}

/** A tuple of at least so many elements; `parts` are the kinds of the first of them. */
export function tupleKind(size: number, parts: readonly number[] = [], isFresh = false): number {
  const known = parts.slice(0, MAX_ELEMENTS);
  while (known.length > 0 && known.at(-1) === ANY) known.pop();
  return kindOf(isFresh ? Tag.FreshTuple : Tag.Tuple, size, known.map(aged));
}

/** A proper list, maybe empty. */
export function listKind(element: number): number {
  return kindOf(Tag.List, 0, [aged(element)]);
}

/** A list cell. */
export function cellKind(head: number, tail: number): number {
  if (tail === NIL) return kindOf(Tag.Cell, 0, [aged(head)]);
  const { tag, parts } = shapes[tail]!;
  return tag === Tag.List || tag === Tag.Cell ? kindOf(Tag.Cell, 0, [join(aged(head), parts[0]!)]) : CONS;
}

export function integerKind(value: number): number {
  return kindOf(Tag.Integer, value, []);
}

/** The value of a known integer, or undefined. */
export function integerOf(kind: number): number | undefined {
  const { tag, size } = shapes[kind]!;
  return tag === Tag.Integer ? size : undefined;
}

/** The same term when garbage may have been collected. */
export function aged(kind: number): number {
  const { tag, size, parts } = shapes[kind]!;
  return tag === Tag.FreshTuple ? kindOf(Tag.Tuple, size, parts) : kind;
}

export function isFresh(kind: number): boolean {
  return shapes[kind]!.tag === Tag.FreshTuple;
}

/** How many elements a term of this kind has for sure; -1 if it need not be a tuple. */
export function elementsOf(kind: number): number {
  const { tag, size } = shapes[kind]!;
  return tag === Tag.Tuple || tag === Tag.FreshTuple ? size : -1;
}

/** Element n, from 0, of a tuple. */
export function elementKind(kind: number, n: number): number {
  return elementsOf(kind) < 0 ? ANY : (shapes[kind]!.parts[n] ?? ANY);
}

/** The tuple with another element n, from 0. */
export function withElement(kind: number, n: number, element: number): number {
  const { size, parts } = shapes[kind]!;
  if (n >= MAX_ELEMENTS) return kind;
  const changed = [...parts];
  while (changed.length <= n) changed.push(ANY);
  changed[n] = element;
  return tupleKind(size, changed, isFresh(kind));
}

/** A new tuple with the elements of another, or with the first `size` of them. */
export function freshCopy(kind: number, size = Math.max(0, elementsOf(kind))): number {
  const parts = elementsOf(kind) < 0 ? [] : shapes[kind]!.parts;
  return tupleKind(size, parts.slice(0, size), true);
}

export function isCell(kind: number): boolean {
  return kind === CONS || shapes[kind]!.tag === Tag.Cell;
}

/** Head of a list cell. */
export function headKind(kind: number): number {
  const { tag, parts } = shapes[kind]!;
  return tag === Tag.Cell || tag === Tag.List ? parts[0]! : ANY;
}

/** Tail of a list cell; also the list that has the elements of a list in another order. */
export function tailKind(kind: number): number {
  const { tag, parts } = shapes[kind]!;
  return tag === Tag.Cell || tag === Tag.List ? listKind(parts[0]!) : ANY;
}

/** What is known of a term of this kind that is not []. */
export function filled(kind: number): number {
  const { tag, parts } = shapes[kind]!;
  return tag === Tag.List ? kindOf(Tag.Cell, 0, parts) : kind;
}

/** What is known of a term of this kind that is no list cell. */
export function emptied(kind: number): number {
  return shapes[kind]!.tag === Tag.List ? NIL : kind;
}

/** What is known of a term that is of one kind or the other. */
export function join(a: number, b: number): number {
  if (a === b || b === NONE) return a;
  if (a === NONE) return b;
  const x = shapes[a]!;
  const y = shapes[b]!;
  if (elementsOf(a) >= 0 && elementsOf(b) >= 0) {
    const parts = x.parts.slice(0, y.parts.length).map((p, n) => join(p, y.parts[n]!));
    return tupleKind(Math.min(x.size, y.size), parts, isFresh(a) && isFresh(b));
  }
  if (a === NIL) return joinNil(b);
  if (b === NIL) return joinNil(a);
  if (isCell(a) && isCell(b)) {
    if (a === CONS || b === CONS) return CONS;
    return kindOf(Tag.Cell, 0, [join(x.parts[0]!, y.parts[0]!)]);
  }
  const areLists = (x.tag === Tag.List || x.tag === Tag.Cell) && (y.tag === Tag.List || y.tag === Tag.Cell);
  return areLists ? listKind(join(x.parts[0]!, y.parts[0]!)) : ANY;
}

function joinNil(kind: number): number {
  const { tag, parts } = shapes[kind]!;
  return tag === Tag.List || tag === Tag.Cell ? listKind(parts[0]!) : ANY;
}

/** What is known of a term of kind `a` that a test has shown to be of kind `b` too. */
export function meet(a: number, b: number): number {
  if (b === ANY || a === b) return a;
  if (a === ANY) return b;
  const size = elementsOf(b);
  if (elementsOf(a) >= 0 && size >= 0)
    return elementsOf(a) >= size ? a : tupleKind(size, shapes[a]!.parts, isFresh(a));
  if (isCell(b) && shapes[a]!.tag === Tag.List) return kindOf(Tag.Cell, 0, shapes[a]!.parts);
  if (b === CONS && isCell(a)) return a;
  return b;
}
