// Gathers what the explorer shows of a loaded module: its source, its listing, its units, and how their lines belong together.
import { basename } from 'node:path';
import type { CodeFunction, LoadedModule } from '../code/functions.js';
import { listingOf } from '../jit/listing-text.js';
import { placeIn } from '../jit/places.js';
import { unitName } from '../jit/print.js';
import { causeText } from '../jit/record.js';
import type { UnitRecord } from '../jit/translate.js';
import { calleesOf, exitsOf } from '../jit/unit-text.js';
import { formatAtom } from '../terms/format.js';
import type { FunctionData, PageData, UnitData } from './data.js';
import { erlangColumn } from './erlang-column.js';

/** Why a function has no unit. */
const LEFT = 'left to the interpreter: it has too many instructions or arguments';

/**
 * The page's data, without a run.
 * @param records the units that there are, made while settings.mapUnits was set
 */
export function collectPage(m: LoadedModule, records: readonly UnitRecord[]): PageData {
  const { source } = m;
  const firsts: number[] = [];
  let total = 0;
  for (const { code } of source.functions) {
    firsts.push(total);
    total += code.length;
  }
  const erlang = erlangColumn(source);
  const erlangRows: number[] = [];
  source.functions.forEach(({ code }, fn) => {
    for (let i = 0; i < code.length; i++) {
      const place = placeIn(source, fn, i);
      erlangRows.push(
        place === undefined ? -1 : (erlang.starts.get(place.file) ?? Number.NaN) + place.line - 1,
      );
    }
  });
  for (let i = 0; i < erlangRows.length; i++)
    if (!(erlangRows[i] < erlang.column.rows.length)) erlangRows[i] = -1;
  const listing = listingOf(m);
  const beam = {
    rows: listing.map((l) => l.text),
    instructions: listing.map((l) => (l.instruction < 0 ? -1 : firsts[l.fn] + l.instruction)),
  };
  const js: PageData['js'] = { rows: [], instructions: [], more: [] };
  const byFunction = new Map<CodeFunction, UnitRecord[]>();
  for (const r of records) byFunction.set(r.fn, [...(byFunction.get(r.fn) ?? []), r]);
  const exported = new Set(source.exports.map((e) => `${e.name}/${e.arity}`));
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  listing.forEach((l, row) => {
    if (!starts.has(l.fn) && l.text !== '') starts.set(l.fn, row);
    ends.set(l.fn, row + 1);
  });
  const functions = m.functions.map((f): FunctionData => {
    const { name, arity, code } = source.functions[f.index];
    const units = [...(byFunction.get(f) ?? [])].sort(byStart).map((r) => addUnit(js, r, firsts[f.index]));
    const first = firsts[f.index];
    return {
      name: `${formatAtom(name, true)}/${arity}`,
      exported: exported.has(`${name}/${arity}`),
      first,
      end: first + code.length,
      beam: [starts.get(f.index) ?? 0, ends.get(f.index) ?? 0],
      erlang: erlangRows[first] ?? -1,
      units,
      ...(units.length === 0 && { note: LEFT }),
    };
  });
  return {
    module: source.name,
    file: basename(source.path),
    about: aboutFile(m),
    erlang: erlang.column,
    beam,
    js,
    erlangRows,
    functions,
  };
}

const startOf = (r: UnitRecord): number => (r.isEntry ? -1 : r.start);

function byStart(a: UnitRecord, b: UnitRecord): number {
  return startOf(a) - startOf(b) || a.givens.size - b.givens.size;
}

function aboutFile(m: LoadedModule): string {
  const { otp, functions } = m.source;
  const count = functions.reduce((n, f) => n + f.code.length, 0);
  return [
    ...(otp === undefined ? [] : [`OTP ${otp}`]),
    `${functions.length} functions`,
    `${count} instructions`,
  ].join(', ');
}

/** Appends the code of a unit to the column. */
function addUnit(js: PageData['js'], r: UnitRecord, first: number): UnitData {
  const lines = r.source.trimEnd().split('\n');
  const end = lines[lines.length - 1].startsWith('//# sourceURL=') ? lines.length - 1 : lines.length;
  if (js.rows.length > 0) {
    js.rows.push('');
    js.instructions.push(-1);
  }
  const from = js.rows.length;
  const map = r.map!.source;
  let at = 0;
  // The first line says 'use strict'.
  for (let line = 1; line < end; line++) {
    while (map[at] < line) at += 3;
    const row = js.rows.length;
    js.rows.push(lines[line]);
    js.instructions.push(map[at + 2] < 0 ? -1 : first + map[at + 2]);
    const seen = new Set([map[at + 2], -1]);
    for (at += 3; map[at] === line; at += 3) {
      if (seen.has(map[at + 2])) continue;
      seen.add(map[at + 2]);
      js.more.push(row, first + map[at + 2]);
    }
  }
  const exits = exitsOf(r);
  return {
    name: unitName(r.fn, r.start, r.isEntry, r.givens),
    rows: [from, js.rows.length],
    cause: causeText(r),
    milliseconds: Math.round(r.milliseconds * 1000) / 1000,
    inlined: r.inlined,
    calls: calleesOf(r),
    library: r.uses.filter((name) => !r.callees.has(name)),
    leaves: exits.filter((e) => e.kind === 'interpret').map((e) => [first + e.instruction, e.reason]),
    stops: exits.filter((e) => e.kind !== 'interpret').map((e) => [first + e.instruction, e.kind]),
  };
}
