// What the functions that V8's sampler saw are in terms of Erlang.
import type { Profiler } from 'node:inspector';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bifInfos, bifs } from '../../bifs/table.js';
import { type CodeFunction, functionAt } from '../../code/functions.js';
import { loadFile, tryToLoad } from '../../code/server.js';
import { unitLabel } from '../../explore/unit-label.js';
import { interpret } from '../../interpret/profiled-loop.js';
import { translator } from '../../interpret/transitions.js';
import { placeOf } from '../../jit/places.js';
import { unitName } from '../../jit/print.js';
import { records, type UnitRecord } from '../../jit/translate.js';
import { findSource } from '../../load/erlang-source.js';
import type { BeamModule } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { collect } from '../../memory/collect.js';
import { runUntil } from '../../processes/scheduler.js';

/** Where time goes. */
export type Tier = 'jit' | 'interpreter' | 'built-in' | 'engine';

/** An Erlang function, or a part of the engine. */
export interface Owner {
  tier: Tier;
  /** `fib:fib/1`, or in parentheses what part of the engine. */
  label: string;
  /** undefined for what is not in Erlang. */
  place?: { file: string; line: number };
  /** Where its source is, as a URL; only the name that the module has for it, if it can not be found. */
  url?: string;
}

/** What a call frame is: its owner; the interpreter, which only the marker can tell; or nothing of its own. */
export type Frame = Owner | 'interpreter' | undefined;

const engine = (label: string): Owner => ({ tier: 'engine', label: `(${label})` });
export const IDLE = engine('waiting');
export const OTHER = engine('engine');
const SYSTEM = engine('V8 and the system');
const V8_GC = engine("V8's garbage collection");

const INTERPRETER = 'interpreter';
/** Functions of the engine that are shown under a name of their own. */
const PARTS: [fn: unknown, name: string][] = [
  [interpret, INTERPRETER],
  [collect, 'garbage collection'],
  [loadFile, 'loading'],
  [tryToLoad, 'loading'],
  [runUntil, 'scheduling'],
];
/** What built-in functions' names begin with among the names of functions. */
const BUILT_IN = 'built-in ';

/** Functions of the engine whose frames have to be known, with names for `Frames`. */
export function namedFunctions(): { fn: unknown; name: string }[] {
  const parts = [
    ...PARTS,
    [translator.translateFunction, 'translating'] as const,
    [translator.translateSite, 'translating'] as const,
  ];
  return [
    ...parts.map(([fn, name]) => ({ fn, name })),
    ...bifs.map((fn, i) => {
      const { module, name, arity } = bifInfos[i]!;
      return { fn, name: `${BUILT_IN}${module}:${name}/${arity}` };
    }),
  ];
}

/** Whether a frame's address is that of a unit; where V8 has inlined one it tells none. */
function isOfUnit(url: string): boolean {
  return url === '' || url.startsWith('turbeam/');
}

/** Tells what call frames are. */
export class Frames {
  private readonly units = new Map<string, UnitRecord>();
  private readonly owners = new Map<string, Owner>();
  private readonly urls = new Map<string, string>();

  constructor(private readonly names: ReadonlyMap<string, string>) {
    for (const r of records) this.units.set(unitName(r.fn, r.start, r.isEntry, r.givens), r);
  }

  /** The record of the unit that a call frame is of. */
  unit({ url, functionName }: Profiler.ProfileNode['callFrame']): UnitRecord | undefined {
    return isOfUnit(url) ? this.units.get(functionName) : undefined;
  }

  frame(f: Profiler.ProfileNode['callFrame']): Frame {
    switch (f.functionName) {
      case '(idle)':
        return IDLE;
      case '(program)':
        return SYSTEM;
      case '(garbage collector)':
        return V8_GC;
    }
    const record = this.unit(f);
    if (record !== undefined) return this.ownerOf(record.fn, 'jit');
    // What wraps a unit, or one whose module is gone.
    const gone = isOfUnit(f.url) ? unitLabel(f.functionName) : '';
    if (gone !== '') return this.owner('jit', gone, () => ({ tier: 'jit', label: gone }));
    const name = this.names.get(`${f.scriptId}:${f.lineNumber}:${f.columnNumber}`);
    if (name === undefined) return undefined;
    if (name === INTERPRETER) return 'interpreter';
    const isBif = name.startsWith(BUILT_IN);
    const tier = isBif ? 'built-in' : 'engine';
    const label = isBif ? name.slice(BUILT_IN.length) : `(${name})`;
    return this.owner(tier, label, () => ({ tier, label }));
  }

  /** The function that the interpreter runs when it is at a code address. */
  interpreted(address: number): Owner {
    const fn = functionAt(address);
    return fn === undefined ? OTHER : this.ownerOf(fn, 'interpreter');
  }

  private ownerOf(fn: CodeFunction, tier: Tier): Owner {
    return this.owner(tier, fn.label, () => {
      const { source } = fn.module;
      const { code, entry } = source.functions[fn.index]!;
      const at = code.findIndex(({ op, args }) => op === Op.label && (args[0] as { n: number }).n === entry);
      const place = placeOf(fn, Math.max(at, 0));
      return { tier, label: fn.label, place, url: place && this.url(source, place.file) };
    });
  }

  private url(m: BeamModule, file: string): string {
    const key = `${m.path} ${file}`;
    let url = this.urls.get(key);
    if (url === undefined) {
      const found = findSource(m, file)?.path;
      this.urls.set(key, (url = found === undefined ? file : pathToFileURL(resolve(found)).href));
    }
    return url;
  }

  private owner(tier: Tier, label: string, make: () => Owner): Owner {
    const key = `${tier} ${label}`;
    let owner = this.owners.get(key);
    if (owner === undefined) this.owners.set(key, (owner = make()));
    return owner;
  }
}
