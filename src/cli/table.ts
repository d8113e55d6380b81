// The table that `bench` prints.

/** Medians in milliseconds. */
export interface Row {
  program: string;
  interpreter?: number;
  jit?: number;
  native?: number;
  translating?: number;
}

const NAME_WIDTH = 18;
const COLUMNS = ['interpreter', 'JIT', 'native', 'interp/JIT', 'JIT/native', 'translating'];
const WIDTH = 13;
const RULE = `${'-'.repeat(NAME_WIDTH + WIDTH * COLUMNS.length)}\n`;

function line(name: string, cells: (string | undefined)[]): string {
  return `${name.padEnd(NAME_WIDTH)}${cells.map((c) => (c ?? '-').padStart(WIDTH)).join('')}\n`;
}

export function tableHead(): string {
  return line('program', COLUMNS) + RULE;
}

export function tableRow(r: Row): string {
  return line(r.program, [
    time(r.interpreter),
    time(r.jit),
    time(r.native),
    ratio(r.interpreter, r.jit),
    ratio(r.jit, r.native),
    time(r.translating),
  ]);
}

/** The last line: geometric means of the two ratios, over the programs that have them. */
export function tableMeans(rows: Row[]): string {
  const mean = (over: (r: Row) => number | undefined): string | undefined => {
    const logs = rows
      .map(over)
      .filter((x): x is number => x !== undefined && x > 0)
      .map(Math.log);
    return logs.length === 0 ? undefined : Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length).toFixed(2);
  };
  const quotient = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a / b;
  const cells = [
    '',
    '',
    '',
    mean((r) => quotient(r.interpreter, r.jit)),
    mean((r) => quotient(r.jit, r.native)),
    '',
  ];
  return RULE + line('geometric mean', cells);
}

function time(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  return ms < 10 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function ratio(a: number | undefined, b: number | undefined): string | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : (a / b).toFixed(2);
}
