// Random programs are trees of text: a node knows its type, so that shrinking can put something simpler of the same type in
// its place without knowing any Erlang.

/** A type of Erlang terms, as a key: `int`, `float`, `[int]`, `{int,atom}`, `(int)->float`, … */
export type Type = string;

/** A node: pieces of source text and nodes. */
export interface Tree {
  /** Type of the expression; `` for what is none (clauses, patterns): it is never replaced as a whole. */
  readonly type: Type;
  readonly parts: Part[];
}

/** Nodes behind each other of which some can be left out. */
export interface Sequence {
  readonly items: Tree[];
  readonly separator: string;
  /** So many must stay. */
  readonly least: number;
}

export type Part = string | Tree | Sequence;

export function isSequence(part: Part): part is Sequence {
  return typeof part !== 'string' && 'items' in part;
}

export function isTree(part: Part): part is Tree {
  return typeof part !== 'string' && 'parts' in part;
}

/** A node of a type: t('int')`${a} + ${b}`. Numbers are text. */
export function t(type: Type) {
  return (texts: TemplateStringsArray, ...values: (Part | number)[]): Tree => {
    const parts: Part[] = [texts[0]];
    values.forEach((value, i) => {
      parts.push(typeof value === 'number' ? String(value) : value, texts[i + 1]);
    });
    return { type, parts };
  };
}

export function sequence(items: Tree[], separator: string, least = 0): Sequence {
  return { items, separator, least };
}

/** The source text. */
export function print(part: Part): string {
  if (typeof part === 'string') return part;
  if (isSequence(part)) return part.items.map(print).join(part.separator);
  return part.parts.map(print).join('');
}
