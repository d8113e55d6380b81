// What V8 deoptimises, from two things that it can write: a trace that names functions, and a log that tells places. Both have a
// line for each, in the same order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { instructionAt } from '../jit/source-map.js';
import type { UnitRecord } from '../jit/translate.js';
import { unitLabel } from './unit-label.js';

const TRACE = 'trace';
const LOG = 'log';

/** Options for a Node process that has V8 write both into a folder. They only work from its start. */
export function traceOptions(folder: string): string[] {
  return [
    '--log-deopt',
    `--logfile=${join(folder, LOG)}`,
    '--no-logfile-per-isolate',
    '--redirect-code-traces',
    `--redirect-code-traces-to=${join(folder, TRACE)}`,
  ];
}

/** One that hit a unit. */
export interface Deoptimisation {
  /** As V8 knows the function, as in `fib:fib/1+13`. */
  name: string;
  reason: string;
  /** Line and column in the unit's script, from 0; -1: not known. */
  line: number;
  column: number;
}

/** Reads what V8 has written into the folder; undefined: it did not. */
export function readTrace(folder: string): Deoptimisation[] | undefined {
  let log: string;
  try {
    log = readFileSync(join(folder, LOG), 'utf8');
  } catch {
    return undefined;
  }
  try {
    return deoptimisationsIn(readFileSync(join(folder, TRACE), 'utf8'), log);
  } catch {
    // The file is made for the first line that goes into it.
    return [];
  }
}

/** Makes one of trace and log. Places are only told if the two agree on what happened. */
export function deoptimisationsIn(trace: string, log: string): Deoptimisation[] {
  const traced = [
    ...trace.matchAll(
      /^\[bailout \(kind: deopt-(\w+), reason: (.*?)\): begin\. deoptimizing \S+ <JSFunction (?:(.*?) )?\(sfi = /gm,
    ),
  ];
  // time, size, address, inlining, offset, kind, places, reason
  const logged = [
    ...log.matchAll(/^code-deopt,\d+,\d+,0x[\da-f]+,-?\d+,-?\d+,deopt-(\w+),(.*),([^,\n]*)$/gm),
  ];
  const agree =
    traced.length === logged.length &&
    traced.every(([, kind, reason], i) => kind === logged[i][1] && reason === logged[i][3]);
  return traced.flatMap(([, kind, reason, name = ''], i) => {
    if (unitLabel(name) === '') return [];
    // Of what was inlined only the outermost place is in the unit itself; it is the last.
    const place = agree ? /<[^<>]*:(\d+):(\d+)>$/.exec(logged[i][2]) : null;
    return [
      {
        name,
        reason: kind === 'eager' ? reason : `${reason} (${kind})`,
        line: place === null ? -1 : Number(place[1]) - 1,
        column: place === null ? -1 : Number(place[2]) - 1,
      },
    ];
  });
}

/** Counts of deoptimisations of a function, by reason and instruction (-1: not known). */
export type DeoptimisationCounts = Map<string, { reason: string; instruction: number; count: number }>;

/**
 * Counts by function label.
 * @param nameOf the name that V8 knows a unit by
 */
export function countDeoptimisations(
  found: readonly Deoptimisation[],
  records: readonly UnitRecord[],
  nameOf: (r: UnitRecord) => string,
): Map<string, DeoptimisationCounts> {
  const units = new Map(records.map((r) => [nameOf(r), r]));
  const counts = new Map<string, DeoptimisationCounts>();
  for (const { name, reason, line, column } of found) {
    const r = units.get(name);
    const instruction = r?.map === undefined || line < 0 ? -1 : instructionAt(r.map.program, line, column);
    const label = unitLabel(name);
    let ofFunction = counts.get(label);
    if (ofFunction === undefined) counts.set(label, (ofFunction = new Map()));
    const key = `${reason} ${instruction}`;
    const known = ofFunction.get(key);
    if (known === undefined) ofFunction.set(key, { reason, instruction, count: 1 });
    else known.count++;
  }
  return counts;
}
