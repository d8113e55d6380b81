// The Erlang texts that a module comes from: files, as far as they are found, else what its debug info says of them.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { findSource, type SourceText } from '../load/erlang-source.js';
import { readChunks } from '../load/iff.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { type DebugInfo, readDebugInfo } from './source-text/debug-info.js';
import { rebuildTexts } from './source-text/rebuild.js';

export class ModuleSources {
  /** Why nothing can be made of the debug info, the end of a sentence about the file; '' if it can, or was not asked for. */
  none = '';
  private rebuilt: SourceText[] | undefined;

  constructor(private readonly m: BeamModule) {}

  /**
   * A text by the name that the module's line table has for it.
   * @param name undefined: the main source
   */
  find(name?: string): (SourceText & { isRebuilt: boolean }) | undefined {
    const found = findSource(this.m, name);
    if (found !== undefined) return { ...found, isRebuilt: false };
    const texts = this.fromDebugInfo();
    const text =
      name === undefined
        ? texts[0]
        : (texts.find((t) => t.path === name) ?? texts.find((t) => basename(t.path) === basename(name)));
    return text === undefined ? undefined : { ...text, isRebuilt: true };
  }

  private fromDebugInfo(): SourceText[] {
    if (this.rebuilt !== undefined) return this.rebuilt;
    const info = debugInfoOf(this.m);
    if ('none' in info) this.none = info.none;
    return (this.rebuilt = 'none' in info ? [] : rebuildTexts(info.forms));
  }
}

function debugInfoOf({ path }: BeamModule): DebugInfo {
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
