// What is loaded: functions, exports, and where in the arena code lies. Versions of modules are in versions.ts, funs in
// lambdas.ts.
import { I } from '../interpret/ops.js';
import type { BeamModule } from '../load/module.js';
import { H } from '../memory/arena.js';
import type { LiteralArea } from '../memory/literals.js';
import { codeSpace } from '../memory/spaces.js';
import { atomName } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';

export { allocateLiteral } from '../memory/literals.js';

/** A compiled unit: terms in, a term or Sentinel.Unwind out. */
export type Unit = (...x: Term[]) => Term;

/** A function of a loaded module. `call` is what compiled code calls through: null until it is translated. */
export class CodeFunction {
  call: Unit | null = null;
  /** The BIF that stands in for the function's own code, -1: none. */
  bif = -1;
  constructor(
    readonly id: number,
    readonly module: LoadedModule,
    readonly name: Term,
    readonly arity: number,
    /** Code address of the entry. */
    readonly entry: number,
    /** Index into module.source.functions. */
    readonly index: number,
  ) {}
  /** As in `fib:fib/1`. */
  get label(): string {
    return `${atomName(this.module.name)}:${atomName(this.name)}/${this.arity}`;
  }
}

/** An exported function, called through a cell in the arena so that code can be loaded later or replaced. */
export class ExportEntry {
  /** The function there now; null: not loaded, or a BIF. */
  fn: CodeFunction | null = null;
  /** What compiled code calls through; follows fn.call. */
  call: Unit | null = null;
  /** Index into the BIF table, -1: none. */
  bif = -1;
  constructor(
    readonly id: number,
    readonly module: Term,
    readonly name: Term,
    readonly arity: number,
    /** Word address whose content is the code address to call. */
    readonly cell: number,
  ) {}
}

/** One version of a module, as it was loaded. */
export interface LoadedModule {
  name: Term;
  source: BeamModule;
  /** Code addresses [start, end). */
  start: number;
  end: number;
  functions: CodeFunction[];
  /** Number in `lambdas` of each lambda of the source. */
  lambdas: number[];
  /** Terms of the literals. */
  literals: Term[];
  /** Where these and other constants of the code lie. */
  literalArea: LiteralArea;
  /** For function i: the code address of each generic instruction, -1 where it has none of its own. */
  addresses: Int32Array[];
  /** For function i: at the index of the instruction behind a call, the code address that the call returns to. */
  returnAddresses: Int32Array[];
  /** For function i: at the index of a call that may only construct with its result, the address of its FillHole. */
  fillAddresses: (Map<number, number> | undefined)[];
  /** Code address to location: parallel arrays, ascending. */
  linePcs: number[];
  lineIndexes: number[];
  /** Numbers of its resume sites and compiled units in their tables. */
  sites: number[];
  units: number[];
  /** What code:which/1 says instead of the path of the source: the atom that the module was loaded with. */
  fileAtom?: Term;
  /** Pid of the process that runs its on_load function. */
  loader?: Term;
}

/** The current version of each module that has one; see versions.ts. */
export const modules = new Map<Term, LoadedModule>();
/** Functions of all versions, by number. Numbers of functions that are gone are given again. */
export const functions: CodeFunction[] = [];
export const exports: ExportEntry[] = [];

const exportTable = new Map<Term, Map<number, ExportEntry>>();
const freeFunctions: number[] = [];

/** A number for a function that is going to be entered. */
export function takeFunctionNumber(): number {
  return freeFunctions.pop() ?? functions.push(NOT_LOADED) - 1;
}

/** A function's number is free again; nothing may hold it any more. */
export function giveFunctionNumber(id: number): void {
  functions[id] = NOT_LOADED;
  freeFunctions.push(id);
}

/** Stands where code is wanted that is not loaded. */
export const NOT_LOADED = new CodeFunction(-1, undefined as never, 0, 0, 0, 0);

/** Words of an export's cell: the address, then code that the linker puts there for BIFs and undefined functions. */
export const CELL_WORDS = 6;

const CELLS_AT_A_TIME = 128;
const freeCells: number[] = [];

/** Room for a cell. Exports stay for ever, so their cells are kept apart from code, which does not. */
function allocateCell(): number {
  if (freeCells.length === 0) {
    const at = codeSpace.allocate(CELLS_AT_A_TIME * CELL_WORDS);
    for (let i = CELLS_AT_A_TIME - 1; i >= 0; i--) freeCells.push(at + i * CELL_WORDS);
  }
  return freeCells.pop()!;
}

/** The entry of m:f/a; it is made if there is none. */
export function exportOf(module: Term, name: Term, arity: number): ExportEntry {
  let ofModule = exportTable.get(module);
  if (ofModule === undefined) exportTable.set(module, (ofModule = new Map()));
  const key = (name >>> 6) * 256 + arity;
  let entry = ofModule.get(key);
  if (entry === undefined) {
    entry = new ExportEntry(exports.length, module, name, arity, allocateCell());
    exports.push(entry);
    ofModule.set(key, entry);
    H[entry.cell] = entry.cell + 1;
    H[entry.cell + 1] = I.Undefined;
    H[entry.cell + 2] = entry.id;
  }
  return entry;
}

/** Makes the export run a BIF. */
export function linkBif(entry: ExportEntry, bif: number): void {
  entry.bif = bif;
  H[entry.cell] = entry.cell + 1;
  H[entry.cell + 1] = I.BifCode;
  H[entry.cell + 2] = bif;
  H[entry.cell + 3] = entry.arity;
}

/** The entry of m:f/a if there is one. */
export function findExport(module: Term, name: Term, arity: number): ExportEntry | undefined {
  return exportTable.get(module)?.get((name >>> 6) * 256 + arity);
}

/** All entries of a module, defined or not. */
export function exportsOf(module: Term): ExportEntry[] {
  return [...(exportTable.get(module)?.values() ?? [])];
}

/** Whether calling it would run something (code or BIF). */
export function isDefined(e: ExportEntry): boolean {
  return e.fn !== null || e.bif >= 0;
}

/** The function that a code address lies in. */
export function functionAt(pc: number): CodeFunction | undefined {
  const m = moduleAt(pc);
  if (m === undefined) return undefined;
  let lo = 0;
  let hi = m.functions.length - 1;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (m.functions[mid].entry - FUNC_INFO_WORDS <= pc) lo = mid;
    else hi = mid - 1;
  }
  return m.functions[lo];
}
/** func_info stands right before the entry and belongs to the function. */
export const FUNC_INFO_WORDS = 4;

/** The loaded module that a code address lies in. */
export function moduleAt(pc: number): LoadedModule | undefined {
  let lo = 0;
  let hi = byAddress.length - 1;
  while (lo <= hi) {
    const mid = (lo + hi) >> 1;
    const m = byAddress[mid];
    if (pc < m.start) hi = mid - 1;
    else if (pc >= m.end) lo = mid + 1;
    else return m;
  }
  return undefined;
}
const byAddress: LoadedModule[] = [];

/** Enters the code of a version, so that it is found by address. */
export function addCode(m: LoadedModule): void {
  let i = byAddress.length;
  while (i > 0 && byAddress[i - 1].start > m.start) i--;
  byAddress.splice(i, 0, m);
}

export function removeCode(m: LoadedModule): void {
  const i = byAddress.indexOf(m);
  if (i >= 0) byAddress.splice(i, 1);
}

/** File and line of the instruction at a code address, if the file has it. */
export function locationAt(pc: number): { file: string; line: number } | undefined {
  const m = moduleAt(pc);
  if (m === undefined) return undefined;
  let lo = 0;
  let hi = m.linePcs.length - 1;
  if (hi < 0 || m.linePcs[0] > pc) return undefined;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (m.linePcs[mid] <= pc) lo = mid;
    else hi = mid - 1;
  }
  const index = m.lineIndexes[lo];
  return index === 0 ? undefined : m.source.locations[index];
}

/** Makes the export call that function, or nothing. BIFs stay what they are. */
export function linkFunction(e: ExportEntry, fn: CodeFunction | null): void {
  e.fn = fn;
  e.call = fn === null ? null : fn.call;
  H[e.cell] = fn === null ? e.cell + 1 : fn.entry;
}

/** The code address behind an export's cell. */
export function targetOf(e: ExportEntry): number {
  return H[e.cell];
}
