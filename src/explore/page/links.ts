// Which rows of the three columns belong together.
import type { PageData } from '../data.js';

export type ColumnName = 'erlang' | 'beam' | 'js';
export const COLUMNS: readonly ColumnName[] = ['erlang', 'beam', 'js'];

/** Rows that belong to a row, by column; the row itself is among them. */
export type Linked = Record<ColumnName, Set<number>>;

export class Links {
  private readonly ofErlang = new Map<number, number[]>();
  private readonly beamRow = new Map<number, number>();
  private readonly jsRows = new Map<number, number[]>();
  private readonly more = new Map<number, number[]>();

  constructor(private readonly data: PageData) {
    data.erlangRows.forEach((row, instruction) => {
      if (row >= 0) push(this.ofErlang, row, instruction);
    });
    data.beam.instructions.forEach((instruction, row) => {
      if (instruction >= 0) this.beamRow.set(instruction, row);
    });
    data.js.instructions.forEach((instruction, row) => {
      if (instruction >= 0) push(this.jsRows, instruction, row);
    });
    const { more } = data.js;
    for (let i = 0; i < more.length; i += 2) {
      push(this.jsRows, more[i + 1], more[i]);
      push(this.more, more[i], more[i + 1]);
    }
  }

  /** The instructions that a row is made of, or that are made of it. */
  instructionsOf(column: ColumnName, row: number): number[] {
    if (column === 'erlang') return this.ofErlang.get(row) ?? [];
    const instruction = this.data[column].instructions[row] ?? -1;
    const others = column === 'js' ? (this.more.get(row) ?? []) : [];
    return instruction < 0 ? others : [instruction, ...others];
  }

  /** What a row belongs to: of a line of Erlang everything that came of it, of others their instruction and its line. */
  of(column: ColumnName, row: number): Linked {
    const linked: Linked = { erlang: new Set(), beam: new Set(), js: new Set() };
    for (const instruction of this.instructionsOf(column, row)) this.add(linked, instruction);
    linked[column].add(row);
    return linked;
  }

  private add(linked: Linked, instruction: number): void {
    const erlang = this.data.erlangRows[instruction] ?? -1;
    const beam = this.beamRow.get(instruction);
    if (erlang >= 0) linked.erlang.add(erlang);
    if (beam !== undefined) linked.beam.add(beam);
    for (const row of this.jsRows.get(instruction) ?? []) linked.js.add(row);
  }

  /** The row of the Erlang column that a row comes from, -1: none. It gives the row its colour. */
  erlangRow(column: ColumnName, row: number): number {
    if (column === 'erlang') return this.ofErlang.has(row) ? row : -1;
    const instruction = this.data[column].instructions[row] ?? -1;
    return instruction < 0 ? -1 : (this.data.erlangRows[instruction] ?? -1);
  }

  /** The first of linked rows in a column, -1: none. Of instructions one with JavaScript, if there is any: labels have none. */
  first(column: ColumnName, linked: Linked): number {
    const rows = [...linked[column]].sort((a, b) => a - b);
    if (column !== 'beam') return rows[0] ?? -1;
    return rows.find((row) => this.jsRows.has(this.data.beam.instructions[row])) ?? rows[0] ?? -1;
  }

  /** The row of the BEAM column of an instruction. */
  rowOf(instruction: number): number {
    return this.beamRow.get(instruction) ?? -1;
  }
}

function push<K>(map: Map<K, number[]>, key: K, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
