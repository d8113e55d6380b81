// --dump-js and --dump-dir: the JavaScript that functions became, in an order that does not depend on when they did.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeFunction, functions, NOT_LOADED } from '../code/functions.js';
import { translatorLoader } from '../interpret/transitions.js';
import { unitName } from '../jit/print.js';
import { records, translateFunction, type UnitRecord } from '../jit/translate.js';
import { settings } from '../settings.js';
import { atomName } from '../terms/atoms.js';
import type { DumpFilter } from './options.js';
import { complain, print } from './output.js';
import { UsageError } from './usage-error.js';

/** What has been asked for, until the program has run. */
export interface Dump {
  /** Shows the units; functions that were asked for by name and never got hot are translated for it. */
  finish(): Promise<void>;
}

/**
 * Prepares a dump.
 * @param filter undefined or without a module: all units there are
 * @param directory where to write files; undefined: to stdout
 * @throws UsageError if a loaded module lacks the function, or the directory can not be made
 */
export function startDump(filter: DumpFilter | undefined, directory: string | undefined): Dump {
  if (filter?.module !== undefined && filter.name !== undefined) {
    const ofModule = functions.filter((f) => f !== NOT_LOADED && atomName(f.module.name) === filter.module);
    if (ofModule.length > 0 && !ofModule.some((f) => matches(f, filter)))
      throw new UsageError(`--dump-js=${filter.text}: ${filter.module} has no such function`);
  }
  if (directory !== undefined) {
    try {
      mkdirSync(directory, { recursive: true });
    } catch (error) {
      throw new UsageError(
        `--dump-dir=${directory}: can not be made (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  }
  // What people read should be known to be whole.
  settings.checkUnits = true;
  return { finish: () => finish(filter, directory) };
}

async function finish(filter: DumpFilter | undefined, directory: string | undefined): Promise<void> {
  await translatorLoader.load();
  const untranslated: CodeFunction[] = [];
  if (filter?.module !== undefined || records.length === 0) {
    const wanted = functions.filter((f) => f !== NOT_LOADED && matches(f, filter));
    if (wanted.length === 0) complain(`--dump-js=${filter?.text ?? ''}: no such function was loaded`);
    for (const f of wanted) {
      if (!records.some((r) => r.fn === f && r.isEntry) && !translateFunction(f.id)) untranslated.push(f);
    }
  }
  const units: { name: string; fn: CodeFunction; start: number; text: string }[] = [
    ...records
      .filter((r) => matches(r.fn, filter))
      .map((r) => ({
        name: unitName(r.fn, r.start, r.isEntry),
        fn: r.fn,
        start: r.isEntry ? -1 : r.start,
        text: unitText(r),
      })),
    ...untranslated.map((fn) => ({
      name: fn.label,
      fn,
      start: -1,
      text: `// ${fn.label} is left to the interpreter: it has too many instructions or arguments.\n`,
    })),
  ];
  units.sort((a, b) => byName(a.fn, b.fn) || a.start - b.start);
  for (const { name, text } of units) {
    if (directory === undefined) print(`${text}\n`);
    else writeUnit(join(directory, `${fileName(name)}.js`), text);
  }
}

function writeUnit(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(`--dump-dir: ${path} can not be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function matches(f: CodeFunction, filter: DumpFilter | undefined): boolean {
  if (filter?.module === undefined) return true;
  if (filter.module !== atomName(f.module.name)) return false;
  if (filter.name !== undefined && filter.name !== atomName(f.name)) return false;
  return filter.arity === undefined || filter.arity === f.arity;
}

function byName(a: CodeFunction, b: CodeFunction): number {
  return (
    compare(atomName(a.module.name), atomName(b.module.name)) ||
    compare(atomName(a.name), atomName(b.name)) ||
    a.arity - b.arity
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The unit's source, with what it is made of behind its first line. */
function unitText(r: UnitRecord): string {
  const source = r.source.replace(/^'use strict';\n/, '').replace(/\n\/\/# sourceURL=.*\n$/, '\n');
  const end = source.indexOf('\n') + 1;
  const facts = [
    ['stubs inlined', r.inlined],
    ['shared code used', r.uses],
    ['leaves to the interpreter', r.leaves],
  ] as const;
  const lines = facts
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => wrap(`// ${what}: `, [...names].sort(compare)));
  return `${source.slice(0, end)}${lines.join('')}${source.slice(end).trimEnd()}\n`;
}

/** A comment that names things, in lines of at most 110 characters. */
function wrap(head: string, names: string[]): string {
  let out = '';
  let line = head;
  names.forEach((name, i) => {
    const item = i < names.length - 1 ? `${name}, ` : name;
    if (line.length + item.length > 110 && line.length > 5) {
      out += `${line.trimEnd()}\n`;
      line = '//   ';
    }
    line += item;
  });
  return `${out}${line}\n`;
}

/** A file name for a unit: `fib.fib-1` for fib:fib/1; what a file system may mind is written as in a URL. */
function fileName(unit: string): string {
  const match = /^([^:]*):(.*)\/(\d+.*)$/s.exec(unit);
  const parts = match === null ? [unit] : [match[1], '.', match[2], '-', match[3]];
  return parts
    .map((part) => encodeURIComponent(part!).replace(/\*/g, '%2A'))
    .join('')
    .slice(0, 200);
}
