// The Erlang column: the texts that a module comes from, one below the other.
import { basename } from 'node:path';
import { sourceName } from '../load/erlang-source.js';
import type { BeamModule } from '../load/module.js';
import type { PageData } from './data.js';
import { ModuleSources } from './module-sources.js';

/** A file that is shown. */
interface Shown {
  path: string;
  text: string;
  /** How the line table names it. */
  names: string[];
  isRebuilt: boolean;
}

/** The column, and the row at which each file of the module's line table begins. */
export function erlangColumn(m: BeamModule): { column: PageData['erlang']; starts: Map<string, number> } {
  const rows: string[] = [];
  const lines: number[] = [];
  const starts = new Map<string, number>();
  const { shown, none } = filesOf(m);
  for (const { path, text, names, isRebuilt } of shown) {
    if (shown.length > 1) {
      rows.push(`${basename(path)}${isRebuilt ? ' (from debug info)' : ''}`);
      lines.push(0);
    }
    for (const name of names) starts.set(name, rows.length);
    text
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .forEach((line, i) => {
        rows.push(line.replaceAll('\t', '        '));
        lines.push(i + 1);
      });
  }
  const missing = rows.length > 0 ? '' : missingText(m, none);
  const note = shown.some((s) => s.isRebuilt) ? REBUILT : '';
  return { column: { rows, lines, missing, note }, starts };
}

const REBUILT =
  'Rebuilt from the debug info, as the source was not found: lines are right, comments and macros are gone.';

/** The files to show, the main source first; and why none can be made of debug info. */
function filesOf(m: BeamModule): { shown: Shown[]; none: string } {
  const shown: Shown[] = [];
  const sources = new ModuleSources(m);
  const add = (name?: string): void => {
    const file = sources.find(name);
    if (file === undefined) return;
    let known = shown.find((s) => s.path === file.path || s.text === file.text);
    if (known === undefined) shown.push((known = { ...file, names: [] }));
    if (name !== undefined) known.names.push(name);
  };
  // A listing of a module can be all there is of it: its main source may be there without any lines pointing to it.
  add();
  for (const name of new Set(m.locations.slice(1).map((l) => l.file))) add(name);
  return { shown, none: sources.none };
}

function missingText(m: BeamModule, none: string): string {
  const name = m.locations[1]?.file ?? sourceName(m);
  return (
    `There is no Erlang source to show: ${basename(m.path)} ${none}, and ${basename(name)} is neither beside it, nor in ` +
    `../src, nor where it was compiled. Put it beside the file and make the page again.`
  );
}
