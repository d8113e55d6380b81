// --dump-js and --dump-dir: the JavaScript that functions became, in an order that does not depend on when they did.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CodeFunction, functions, NOT_LOADED } from '../code/functions.js';
import { whyUntranslated } from '../explore/untranslated.js';
import { translatorLoader } from '../interpret/transitions.js';
import { unitName } from '../jit/print.js';
import { records, translateFunction, type UnitRecord } from '../jit/translate.js';
import { unitText } from '../jit/unit-text.js';
import { settings } from '../settings.js';
import { atomName } from '../terms/atoms.js';
import type { DumpFilter } from './options.js';
import { complain, print, printError } from './output.js';
import { SourceMaps } from './source-maps.js';
import { UsageError } from './usage-error.js';

/** What has been asked for, until the program has run. */
export interface Dump {
  /**
   * Shows the units; functions that were asked for by name and never got hot are translated for it.
   * @param costs tell on stderr what each unit took to make, which no two runs agree on
   */
  finish(costs: boolean): Promise<void>;
}

/** A unit of the dump; or, without a record, a function that there is none of. */
interface Entry {
  name: string;
  fn: CodeFunction;
  record?: UnitRecord;
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
      throw new UsageError(
        `--dump-js=${filter.text}: ${filter.module} has no such function; turbeam run FILE --dump-js=${filter.module} shows those that it has`,
      );
  }
  if (directory !== undefined) {
    try {
      mkdirSync(directory, { recursive: true });
    } catch (error) {
      throw new UsageError(
        `--dump-dir=${directory}: can not be made (${(error as NodeJS.ErrnoException).code}); name one in a directory that may be written to`,
      );
    }
  }
  // What people read should be known to be whole.
  settings.checkUnits = true;
  settings.mapUnits = true;
  return { finish: (costs) => finish(filter, directory, costs) };
}

async function finish(
  filter: DumpFilter | undefined,
  directory: string | undefined,
  costs: boolean,
): Promise<void> {
  await translatorLoader.load();
  const untranslated: CodeFunction[] = [];
  if (filter?.module !== undefined || records.length === 0) {
    const wanted = functions.filter((f) => f !== NOT_LOADED && matches(f, filter));
    if (wanted.length === 0)
      complain(
        `--dump-js=${filter?.text ?? ''}: no such function was loaded; name its file on the line, or a call that loads it`,
      );
    for (const f of wanted) {
      if (!records.some((r) => r.fn === f && r.isEntry) && !translateFunction(f.id, { kind: 'asked' }))
        untranslated.push(f);
    }
  }
  const entries: Entry[] = [
    ...records
      .filter((r) => matches(r.fn, filter))
      .map((r) => ({ name: unitName(r.fn, r.start, r.isEntry, r.givens), fn: r.fn, record: r })),
    ...untranslated.map((fn) => ({ name: fn.label, fn })),
  ];
  entries.sort(
    (a, b) => byFunction(a.fn, b.fn) || startOf(a.record) - startOf(b.record) || compare(a.name, b.name),
  );
  if (directory === undefined) for (const e of entries) print(`${textOf(e)}\n`);
  else writeFiles(entries, directory);
  if (costs) printCosts(entries);
}

const startOf = (r: UnitRecord | undefined): number => (r === undefined || r.isEntry ? -1 : r.start);

function textOf({ fn, record }: Entry): string {
  return record === undefined ? `// ${fn.label} is ${whyUntranslated(fn)}.\n` : unitText(record).text;
}

/** Lists what a dump has written. */
const INDEX = 'index.txt';
const INDEX_HEAD =
  '# What turbeam --dump-dir has written here; the next dump takes away what it does not write again.';

/** Takes the files of an earlier dump away, so that none is left of what there is not any more. */
function removeEarlier(directory: string): void {
  let lines: string[];
  try {
    lines = readFileSync(join(directory, INDEX), 'utf8').split('\n');
  } catch {
    return;
  }
  if (lines[0] !== INDEX_HEAD) return;
  for (const line of lines.slice(1)) {
    const name = line.split('  ')[0];
    if (name !== '' && basename(name) === name) rmSync(join(directory, name), { force: true });
  }
}

/** A file for each unit, with a source map beside it; units of the same name are numbered. */
function writeFiles(entries: Entry[], directory: string): void {
  removeEarlier(directory);
  const index = [INDEX_HEAD];
  const maps = new SourceMaps();
  const taken = new Set<string>();
  for (const e of entries) {
    const wanted = fileName(e.name);
    let file = wanted;
    for (let n = 2; taken.has(file.toLowerCase()); n++) file = `${wanted}~${n}`;
    taken.add(file.toLowerCase());
    index.push(`${file}.js  ${e.name}`);
    if (e.record === undefined) write(join(directory, `${file}.js`), textOf(e));
    else {
      index.push(`${file}.js.map`);
      const { text, shift } = unitText(e.record);
      write(
        join(directory, `${file}.js`),
        `${text}//# sourceMappingURL=${encodeURIComponent(file)}.js.map\n`,
      );
      write(join(directory, `${file}.js.map`), maps.mapOf(e.record, `${file}.js`, text, shift));
    }
  }
  for (const [name, text] of maps.files) {
    index.push(name);
    write(join(directory, name), text);
  }
  write(join(directory, INDEX), `${index.join('\n').replace(/(?!\n)\p{Cc}/gu, '?')}\n`);
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new UsageError(
      `--dump-dir: ${path} can not be written (${(error as NodeJS.ErrnoException).code}); name a directory that may be written to`,
    );
  }
}

/** What making each unit took, most first. */
function printCosts(entries: Entry[]): void {
  const made = entries.flatMap(({ name, record }) => (record === undefined ? [] : [{ name, record }]));
  made.sort((a, b) => b.record.milliseconds - a.record.milliseconds);
  for (const { name, record } of made)
    printError(`${record.milliseconds.toFixed(2).padStart(9)} ms  ${name}\n`);
}

function matches(f: CodeFunction, filter: DumpFilter | undefined): boolean {
  if (filter?.module === undefined) return true;
  if (filter.module !== atomName(f.module.name)) return false;
  if (filter.name !== undefined && filter.name !== atomName(f.name)) return false;
  return filter.arity === undefined || filter.arity === f.arity;
}

function byFunction(a: CodeFunction, b: CodeFunction): number {
  return (
    compare(atomName(a.module.name), atomName(b.module.name)) ||
    compare(atomName(a.name), atomName(b.name)) ||
    a.arity - b.arity
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A file name for a unit: `fib.fib-1` for fib:fib/1; what a file system may mind is written as in a URL. */
function fileName(unit: string): string {
  const match = /^([^:]*):(.*?)\/(\d+)(\+\d+| for .*)?$/s.exec(unit);
  const parts =
    match === null
      ? [unit]
      : [match[1], '.', match[2], '-', match[3], match[4]?.replace(/^ for /, ' for ') ?? ''];
  return parts
    .map((part) => encodeURIComponent(part!).replace(/\*/g, '%2A').replace(/%20/g, '_'))
    .join('')
    .slice(0, 200);
}
