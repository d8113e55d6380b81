// Which function, and which unit, a row of a column belongs to.
import type { PageData } from '../data.js';
import type { ColumnName } from './links.js';

/** Things by the row that they begin at, in order. */
class Beginnings<T> {
  private readonly sorted: [row: number, thing: T][];

  constructor(all: [row: number, thing: T][]) {
    this.sorted = all.filter(([row]) => row >= 0).sort((a, b) => a[0] - b[0]);
  }

  /** The last that begins at the row or before. */
  at(row: number): T | undefined {
    let found: T | undefined;
    for (let a = 0, b = this.sorted.length; a < b; ) {
      const mid = (a + b) >> 1;
      if (this.sorted[mid][0] <= row) {
        found = this.sorted[mid][1];
        a = mid + 1;
      } else b = mid;
    }
    return found;
  }
}

export class Owners {
  private readonly erlang: Beginnings<number>;
  private readonly beam: Beginnings<number>;
  private readonly units: Beginnings<{ index: number; name: string }>;

  constructor(private readonly data: PageData) {
    this.erlang = new Beginnings(data.functions.map((f, index) => [f.erlang, index]));
    this.beam = new Beginnings(data.functions.map((f, index) => [f.beam[0], index]));
    this.units = new Beginnings(
      data.functions.flatMap((f, index) =>
        f.units.map(({ rows, name }): [number, { index: number; name: string }] => [
          rows[0],
          { index, name },
        ]),
      ),
    );
  }

  /** The index of the function that a row belongs to, -1: none. */
  functionAt = (column: ColumnName, row: number): number =>
    (column === 'js' ? this.units.at(row)?.index : this[column].at(row)) ?? -1;

  /** The name of the function, or in the JavaScript the unit, that a row belongs to. */
  nameAt = (column: ColumnName, row: number): string =>
    column === 'js'
      ? (this.units.at(row)?.name ?? '')
      : (this.data.functions[this.functionAt(column, row)]?.name ?? '');
}
