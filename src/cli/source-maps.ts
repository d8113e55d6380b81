// Source maps (version 3) of dumped units: to the Erlang source, or, where the module's file has no lines, to its listing.
import { basename } from 'node:path';
import { encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { LoadedModule } from '../code/functions.js';
import { ModuleSources } from '../explore/module-sources.js';
import { listingOf } from '../jit/listing-text.js';
import { placeOf } from '../jit/places.js';
import type { UnitRecord } from '../jit/translate.js';

interface Source {
  /** As the map names it. */
  name: string;
  /** Lines of a listing, by function and instruction. */
  lines?: Map<string, number>;
}

/** Stands on the first line, if that is empty, of a source that was not found. */
const REBUILT = '%% Rebuilt from the debug info in the file: without comments and macros.';

export class SourceMaps {
  /** What maps point to: file name and text. It goes beside them, so that they depend on nothing else. */
  readonly files = new Map<string, string>();
  private readonly sources = new Map<LoadedModule, Map<string, Source>>();
  private readonly texts = new Map<LoadedModule, ModuleSources>();

  /**
   * The map of a unit, as JSON.
   * @param file name of the file that the unit is in
   * @param text what is in it, of which line n + shift is line n of the unit's source
   */
  mapOf(r: UnitRecord, file: string, text: string, shift: number): string {
    const sources: Source[] = [];
    const lines: SourceMapSegment[][] = text.split('\n').map(() => []);
    const map = r.map!.source;
    for (let i = 0; i < map.length; i += 3) {
      const line = map[i] + shift;
      // The name and 'use strict' come first, and are no code.
      if (map[i] < 2 || lines[line] === undefined) continue;
      const place = map[i + 2] < 0 ? undefined : this.placeOf(r, map[i + 2]);
      if (place === undefined) lines[line].push([map[i + 1]]);
      else {
        if (!sources.includes(place.source)) sources.push(place.source);
        lines[line].push([map[i + 1], sources.indexOf(place.source), place.line - 1, 0]);
      }
    }
    return `${JSON.stringify({
      version: 3,
      file,
      // These are addresses, in which a percent sign, as names of files have, says something.
      sources: sources.map((s) => encodeURIComponent(s.name)),
      names: [],
      mappings: encode(lines),
    })}\n`;
  }

  private placeOf(r: UnitRecord, instruction: number): { source: Source; line: number } | undefined {
    const place = placeOf(r.fn, instruction);
    const m = r.fn.module;
    if (place !== undefined)
      return { source: this.source(m, place.file, () => this.erlang(m, place.file)), line: place.line };
    const source = this.source(m, '', () => this.listing(m));
    const line = source.lines!.get(`${r.fn.index} ${instruction}`);
    return line === undefined ? undefined : { source, line };
  }

  private source(m: LoadedModule, file: string, make: () => Source): Source {
    let ofModule = this.sources.get(m);
    if (ofModule === undefined) this.sources.set(m, (ofModule = new Map()));
    let source = ofModule.get(file);
    if (source === undefined) ofModule.set(file, (source = make()));
    return source;
  }

  /** A source; if it is found, or made of debug info, a copy of it goes into the directory. */
  private erlang(m: LoadedModule, file: string): Source {
    let texts = this.texts.get(m);
    if (texts === undefined) this.texts.set(m, (texts = new ModuleSources(m.source)));
    const found = texts.find(file);
    if (found === undefined) return { name: file };
    // Nobody should take it for what somebody wrote; lines must stay as they are.
    const text = found.isRebuilt ? found.text.replace(/^(?=\n)/, REBUILT) : found.text;
    return { name: this.keep(basename(found.path), text) };
  }

  private listing(m: LoadedModule): Source {
    const lines = listingOf(m);
    const text = `${lines.map((l) => l.text).join('\n')}\n`;
    return {
      name: this.keep(`${m.source.name.replace(/[^\w.@-]/g, '_')}.listing`, text),
      lines: new Map(
        lines.flatMap((l, n) => (l.instruction < 0 ? [] : [[`${l.fn} ${l.instruction}`, n + 1] as const])),
      ),
    };
  }

  /** The name that a text gets in the directory: another text may have the one that is wanted. */
  private keep(wanted: string, text: string): string {
    let name = wanted;
    for (let n = 2; this.files.has(name) && this.files.get(name) !== text; n++)
      name = wanted.replace(/(?=\.[^.]*$)|$/, `~${n}`);
    this.files.set(name, text);
    return name;
  }
}
