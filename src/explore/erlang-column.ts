// The Erlang column: the files that a module comes from, as far as they are found, else what its debug info says of them.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { findSource, type SourceText, sourceName } from '../load/erlang-source.js';
import { readChunks } from '../load/iff.js';
import { type BeamModule, LoadError } from '../load/module.js';
import type { PageData } from './data.js';
import { readDebugInfo } from './source-text/debug-info.js';
import { rebuildTexts } from './source-text/rebuild.js';

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
  'Rebuilt from the debug info in the file, as the source was not found: lines are right, but there are no comments and no macros.';

/** The files to show, the main source first; and why none can be made of debug info. */
function filesOf(m: BeamModule): { shown: Shown[]; none: string } {
  const shown: Shown[] = [];
  let none = '';
  let texts: SourceText[] | undefined;
  const rebuilt = (): SourceText[] => {
    if (texts !== undefined) return texts;
    const info = debugInfoOf(m);
    if ('none' in info) none = info.none;
    return (texts = 'none' in info ? [] : rebuildTexts(info.forms));
  };
  const add = (name: string | undefined): void => {
    const found = findSource(m, name);
    const file = found ?? ofName(rebuilt(), name);
    if (file === undefined) return;
    const { path, text } = file;
    const known = shown.find((s) => s.path === path || s.text === text);
    if (known === undefined)
      shown.push({ path, text, names: name === undefined ? [] : [name], isRebuilt: found === undefined });
    else if (name !== undefined) known.names.push(name);
  };
  // A listing of a module can be all there is of it: its main source may be there without any lines pointing to it.
  add(undefined);
  for (const name of new Set(m.locations.slice(1).map((l) => l.file))) add(name);
  return { shown, none };
}

/** A rebuilt text by the name that the line table has for it; without one, the main source. */
function ofName(texts: readonly SourceText[], name: string | undefined): SourceText | undefined {
  if (name === undefined) return texts[0];
  return texts.find((t) => t.path === name) ?? texts.find((t) => basename(t.path) === basename(name));
}

function debugInfoOf({ path }: BeamModule): ReturnType<typeof readDebugInfo> {
  if (path.endsWith('.S')) return { none: 'is a listing' };
  try {
    return readDebugInfo(readChunks(readFileSync(path), path));
  } catch (error) {
    // It was loaded from there: it has gone since, or it was given as bytes.
    if (error instanceof LoadError || (error as NodeJS.ErrnoException).code !== undefined)
      return { none: 'can not be read again' };
    throw error;
  }
}

function missingText(m: BeamModule, none: string): string {
  const name = m.locations[1]?.file ?? sourceName(m);
  return (
    `There is no Erlang source to show: ${basename(m.path)} ${none}, and ${basename(name)} is neither beside it, nor in ` +
    `../src, nor where it was compiled. Put it beside the file and make the page again.`
  );
}
