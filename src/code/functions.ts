// What is loaded: functions, exports, and where in the arena code lies. Versions of modules are in versions.ts, funs in
// lambdas.ts.
import { I } from '../interpret/ops.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { Op } from '../load/opcodes.js';
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
  /** Whether its code is in the arena. It is put there when it is first called; see interpret/first-call.ts. */
  isReady = false;
  /** Words in the code of its module that hold the address of its stub, and will get that of its code. */
  waiting: number[] | null = null;
  constructor(
    readonly id: number,
    readonly module: LoadedModule,
    readonly name: Term,
    readonly arity: number,
    /** Code address of the entry: of its stub, and once it is ready, of its code. */
    public entry: number,
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

/** Code addresses [start, end): the code of a function, or the stubs of all functions of a module. */
export interface CodeRange {
  start: number;
  end: number;
  module: LoadedModule;
  /** null: stubs, of so many words each. */
  fn: CodeFunction | null;
}

/** Words of the stub that stands for a function until it is called: its instruction, a routine, the function. */
export const STUB_WORDS = 3;

/** Code address to location: parallel arrays, ascending. */
export interface LineTable {
  pcs: number[];
  /** Indexes into the locations of the file. */
  indexes: number[];
}

/** One version of a module, as it was loaded. */
export interface LoadedModule {
  name: Term;
  source: BeamModule;
  /** Its code: the stubs of all functions, and then the code of each that is ready. */
  ranges: CodeRange[];
  functions: CodeFunction[];
  /** Number in `lambdas` of each lambda of the source. */
  lambdas: number[];
  /** Terms of the literals that have been wanted so far; see literalOf in interpret/constants.ts. */
  literals: (Term | undefined)[];
  /** Where these and other constants of the code lie. */
  literalArea: LiteralArea;
  /** For function i, if it is ready: the code address of each generic instruction, -1 where it has none of its own. */
  addresses: Int32Array[];
  /** For function i: at the index of the instruction behind a call, the code address that the call returns to. */
  returnAddresses: Int32Array[];
  /** For function i: at the index of a call that may only construct with its result, the address of its FillHole. */
  fillAddresses: (Map<number, number> | undefined)[];
  /** For function i: where its code has come from. */
  lines: LineTable[];
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
const CELL_WORDS = 6;

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

/** An entry that no program can name: for code of the engine's own. */
export function hiddenExport(module: Term, name: Term, arity: number): ExportEntry {
  const entry = new ExportEntry(exports.length, module, name, arity, allocateCell());
  exports.push(entry);
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
  const r = rangeAt(pc);
  if (r === undefined) return undefined;
  return r.fn ?? r.module.functions[Math.trunc((pc - r.start) / STUB_WORDS)];
}

/** The function that is entered at a label of its module. */
export function functionOfLabel(m: LoadedModule, label: number): CodeFunction {
  return m.functions[m.source.labelOwners[label] - 1];
}

/** The loaded module that a code address lies in. */
function moduleAt(pc: number): LoadedModule | undefined {
  return rangeAt(pc)?.module;
}

/** Whether a code address is in a module, as it is now: quick for those that are far from it. */
export function codeTest(m: LoadedModule): (pc: number) => boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const r of m.ranges) {
    low = Math.min(low, r.start);
    high = Math.max(high, r.end);
  }
  return (pc) => pc >= low && pc < high && moduleAt(pc) === m;
}

/** All code there is, by address. */
const byAddress: CodeRange[] = [];

/** The place of the last range that begins at `pc` or before; -1: there is none. */
function placeOf(pc: number): number {
  let lo = 0;
  let hi = byAddress.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (byAddress[mid].start <= pc) lo = mid + 1;
    else hi = mid;
  }
  return lo - 1;
}

function rangeAt(pc: number): CodeRange | undefined {
  const r = byAddress[placeOf(pc)];
  return r !== undefined && pc < r.end ? r : undefined;
}

/** Enters code of a module, so that it is found by address. */
export function addCode(r: CodeRange): void {
  byAddress.splice(placeOf(r.start) + 1, 0, r);
  r.module.ranges.push(r);
}

/** Frees all code of a module. */
export function removeCode(m: LoadedModule): void {
  let kept = 0;
  for (const r of byAddress) if (r.module !== m) byAddress[kept++] = r;
  byAddress.length = kept;
  for (const { start, end } of m.ranges) codeSpace.release(start, end - start);
  m.ranges.length = 0;
}

/** File and line of the instruction at a code address, if the file has it. */
export function locationAt(pc: number): { file: string; line: number } | undefined {
  const r = rangeAt(pc);
  if (r === undefined) return undefined;
  try {
    const index = r.fn === null ? firstLine(functionAt(pc)!) : lineAt(r.module.lines[r.fn.index], pc);
    return index === 0 ? undefined : r.module.source.locations[index];
  } catch (error) {
    // The code or the line table is damaged; that is no reason to lose the exception that asks for it.
    if (error instanceof LoadError) return undefined;
    throw error;
  }
}

function lineAt({ pcs, indexes }: LineTable, pc: number): number {
  let lo = 0;
  let hi = pcs.length - 1;
  if (hi < 0 || pcs[0] > pc) return 0;
  while (lo < hi) {
    const mid = (lo + hi + 1) >> 1;
    if (pcs[mid] <= pc) lo = mid;
    else hi = mid - 1;
  }
  return indexes[lo];
}

/** Where a function begins that is not in the arena yet. */
function firstLine(fn: CodeFunction): number {
  const { code } = fn.module.source.functions[fn.index];
  const line = code.find(({ op }) => op === Op.line || op === Op.func_info);
  return line?.op === Op.line ? (line.args[0] as { n: number }).n : 0;
}

/** Makes the export call that function, or nothing. BIFs stay what they are. */
export function linkFunction(e: ExportEntry, fn: CodeFunction | null): void {
  e.fn = fn;
  e.call = fn === null ? null : fn.call;
  H[e.cell] = fn === null ? e.cell + 1 : fn.entry;
}
