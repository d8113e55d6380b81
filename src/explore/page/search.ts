// Searching all columns. Without capitals in what is looked for, case does not matter.
import { COLUMNS, type ColumnName } from './links.js';

export interface Match {
  column: ColumnName;
  row: number;
}

export interface Found {
  /** Rows with matches, column by column. */
  matches: Match[];
  /** Parts of each row that match, as [from, to). */
  parts: Record<ColumnName, Map<number, [number, number][]>>;
  /** There are more, which are left out. */
  isCut: boolean;
}

/** More rows than these nobody goes through. */
const MAX = 10_000;

/** Finds a text in the rows of all columns. */
export function find(text: string, rows: Record<ColumnName, readonly string[]>): Found {
  const found: Found = {
    matches: [],
    parts: { erlang: new Map(), beam: new Map(), js: new Map() },
    isCut: false,
  };
  if (text === '') return found;
  const ignoresCase = text === text.toLowerCase();
  for (const column of COLUMNS) {
    const parts = found.parts[column];
    for (let row = 0; row < rows[column].length && found.matches.length < MAX; row++) {
      const line = ignoresCase ? rows[column][row].toLowerCase() : rows[column][row];
      let at = line.indexOf(text);
      if (at < 0) continue;
      const here: [number, number][] = [];
      for (; at >= 0; at = line.indexOf(text, at + text.length)) here.push([at, at + text.length]);
      parts.set(row, here);
      found.matches.push({ column, row });
    }
  }
  found.isCut = found.matches.length >= MAX;
  return found;
}
