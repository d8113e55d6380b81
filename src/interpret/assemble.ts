// From generic instructions to the interpreter's code: operands are resolved (constants to terms in the arena, labels to
// code addresses, imports to export cells or BIFs), common forms get instructions of their own, common pairs become
// superinstructions. What an instruction becomes is in emitters.ts; here is how code gets into the arena.
import {
  CodeFunction,
  functions,
  giveFunctionNumber,
  type LoadedModule,
  takeFunctionNumber,
} from '../code/functions.js';
import { bindLambda, lambdaNumber } from '../code/lambdas.js';
import { register } from '../code/versions.js';
import {
  type BeamModule,
  type FunctionCode,
  type Instruction,
  LoadError,
  type Operand,
} from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { H } from '../memory/arena.js';
import { allocateLiteral, inArea, LiteralArea } from '../memory/literals.js';
import { codeSpace } from '../memory/spaces.js';
import { settings } from '../settings.js';
import { atom } from '../terms/atoms.js';
import { decodeTerm, ExternalFormatError } from '../terms/external.js';
import { bigIntTerm } from '../terms/literal-integer.js';
import { Imm, makeImmediate, NIL, type Term } from '../terms/tags.js';
import { emitGeneric, emitters } from './emitters.js';
import { I } from './ops.js';
import { giveSite, newSite } from './sites.js';

/** The state of assembling one module; emitters write into it. */
export class Assembler {
  readonly code: number[] = [];
  /** Places that hold a label's number and get its address. */
  private readonly labelUses: number[] = [];
  /** Places that hold a label's number and get the catch tag of its address. */
  private readonly catchUses: number[] = [];
  /** Places that get the address of a constant: place, index into pool. */
  private readonly poolUses: number[] = [];
  private readonly pool: Term[] = [];
  private readonly poolIndex = new Map<Term, number>();
  private readonly labelAt: Int32Array;
  private readonly linePcs: number[] = [];
  private readonly lineIndexes: number[] = [];
  /** Labels where an exception handler or a receive loop begins, with the live X registers there. */
  private resumeLabels = new Map<number, number>();
  readonly literals: Term[];
  private returns!: Int32Array;
  /** The function that is being assembled, and the instruction in it. */
  fn!: FunctionCode;
  fnId = 0;
  at = 0;

  constructor(
    readonly module: BeamModule,
    readonly moduleTerm: Term,
    /** Number of each lambda. */
    readonly lambdas: number[],
    /** Resume sites are added here. */
    private readonly sites: number[],
  ) {
    this.labelAt = new Int32Array(module.labelCount + 1).fill(-1);
    this.literals = module.literals.map((_, n) => this.literal(n));
  }

  private literal(n: number): Term {
    try {
      return decodeTerm(this.module.literals[n], allocateLiteral).term;
    } catch (error) {
      if (error instanceof ExternalFormatError)
        throw new LoadError(this.module.path, `literal ${n}: ${error.message}`);
      throw error;
    }
  }

  emit(...words: number[]): void {
    for (const w of words) this.code.push(w);
  }

  /** A label operand; 0 stays 0. */
  label(o: Operand): void {
    const n = (o as { n: number }).n;
    if (n !== 0) this.labelUses.push(this.code.length);
    this.code.push(n);
  }

  /** A label operand, as the catch tag of its address. */
  catchTag(o: Operand): void {
    this.catchUses.push(this.code.length);
    this.code.push((o as { n: number }).n);
  }

  /** The term of a constant operand, or undefined for a register. */
  constant(o: Operand): Term | undefined {
    switch (o.kind) {
      case 'atom':
        return atom(o.name);
      case 'nil':
        return NIL;
      case 'integer':
        return integerTerm(o.value);
      case 'literal':
        return this.literals[o.n];
      default:
        return undefined;
    }
  }

  /** Operand S of ops.ts. */
  source(o: Operand): void {
    if (o.kind === 'x') this.code.push(o.n);
    else if (o.kind === 'y') this.code.push(~o.n);
    else this.poolWord(this.constant(o)!);
  }

  /** The address of a word that holds the term. */
  poolWord(term: Term): void {
    let index = this.poolIndex.get(term);
    if (index === undefined) {
      index = this.pool.length;
      this.pool.push(term);
      this.poolIndex.set(term, index);
    }
    this.poolUses.push(this.code.length, index);
    this.code.push(0);
  }

  /** Operand D of ops.ts. */
  destination(o: Operand): void {
    if (o.kind === 'x') this.code.push(o.n);
    else this.code.push(~(o as { n: number }).n);
  }

  /** The instruction after the current one. */
  next(ahead = 1): Instruction | undefined {
    return this.fn.code[this.at + ahead];
  }

  /** Where the call before `instruction` returns to; translated code may take over there, with `live` X registers. */
  resumePoint(live: number, instruction: number): void {
    // A label behind a call has a site of its own; the call returns to the one before that.
    if (this.returns[instruction] < 0) this.returns[instruction] = this.code.length;
    if (settings.jit === 'off') return;
    const site = newSite(this.fnId, instruction, live);
    this.sites.push(site);
    this.emit(I.Resume, site, live, settings.jit === 'eager' ? 1 : settings.threshold);
  }

  private functionEntry(): void {
    if (settings.jit === 'off') this.emit(I.EntryPlain, this.fnId, this.fn.arity);
    else this.emit(I.Entry, this.fnId, this.fn.arity, settings.jit === 'eager' ? 1 : settings.threshold);
  }

  private markLine(index: number): void {
    this.linePcs.push(this.code.length);
    this.lineIndexes.push(index);
  }

  private findResumeLabels(): void {
    this.resumeLabels = new Map();
    const code = this.fn.code;
    code.forEach(({ op, args }, i) => {
      if (op === Op.try || op === Op.catch) this.resumeLabels.set((args[1] as { n: number }).n, 4);
      // A receive loop; `receive after T -> … end` has none, and the time may be in an X register.
      else if (op === Op.loop_rec && code[i - 1].op === Op.label)
        this.resumeLabels.set((code[i - 1].args[0] as { n: number }).n, 0);
    });
  }

  /** Assembles one function; gives the place of its entry and of each instruction, relative to the module. */
  assembleFunction(
    fn: FunctionCode,
    id: number,
  ): { entry: number; places: Int32Array; returns: Int32Array; fills: Map<number, number> | undefined } {
    this.fn = fn;
    this.fnId = id;
    this.findResumeLabels();
    const places = new Int32Array(fn.code.length + 1).fill(-1);
    this.returns = new Int32Array(fn.code.length + 1).fill(-1);
    let entry = -1;
    this.markLine(0);
    for (this.at = 0; this.at < fn.code.length; ) {
      const start = this.at;
      const { op, args } = fn.code[start];
      places[start] = this.code.length;
      if (op === Op.label) {
        const n = (args[0] as { n: number }).n;
        this.labelAt[n] = this.code.length;
        if (n === fn.entry) {
          entry = this.code.length;
          this.functionEntry();
        } else {
          const live = this.resumeLabels.get(n);
          if (live !== undefined) this.resumePoint(live, start);
        }
        this.at++;
      } else if (op === Op.line) {
        this.markLine((args[0] as { n: number }).n);
        this.at++;
      } else {
        const used = (emitters[op as Op] ?? emitGeneric)(this, args) ?? 1;
        this.at += used;
      }
    }
    places[fn.code.length] = this.code.length;
    return { entry, places, returns: this.returns, fills: this.fillPlaces(fn) };
  }

  /** Room for a FillHole behind the function for each call of itself that may only construct with the result. */
  private fillPlaces(fn: FunctionCode): Map<number, number> | undefined {
    if (settings.jit === 'off') return undefined;
    let places: Map<number, number> | undefined;
    fn.code.forEach(({ op, args }, i) => {
      if (op !== Op.call || (args[1] as { n: number }).n !== fn.entry || fn.code[i + 1]?.op !== Op.test_heap)
        return;
      places ??= new Map();
      places.set(i, this.code.length);
      this.emit(I.FillHole, 0, 0);
    });
    return places;
  }

  /** Puts everything at its final address. */
  link(): { start: number; end: number; linePcs: number[]; lineIndexes: number[] } {
    const code = this.code;
    for (const at of this.labelUses)
      if (this.labelAt[code[at]] < 0)
        throw new LoadError(this.module.path, `label ${code[at]} is used but never set`);
    const start = codeSpace.allocate(code.length + this.pool.length);
    for (const at of this.labelUses) code[at] = start + this.labelAt[code[at]];
    for (const at of this.catchUses) code[at] = makeImmediate(Imm.Catch, start + this.labelAt[code[at]]);
    const poolStart = start + code.length;
    for (let i = 0; i < this.poolUses.length; i += 2)
      code[this.poolUses[i]] = poolStart + this.poolUses[i + 1];
    H.set(code, start);
    H.set(this.pool, poolStart);
    return {
      start,
      end: poolStart + this.pool.length,
      linePcs: this.linePcs.map((p) => p + start),
      lineIndexes: this.lineIndexes,
    };
  }
}

/** An integer operand as a term: small, or in the literal region. */
export function integerTerm(value: number | bigint): Term {
  if (typeof value === 'number' && value <= 0x3fffffff && value >= -0x40000000) return value << 1;
  return bigIntTerm(BigInt(value), allocateLiteral);
}

/**
 * Brings the code of a module into the arena: a version of it that nothing can call yet (see code/versions.ts).
 * Throws LoadError, or CodeFull if there is no room.
 */
export function assembleModule(source: BeamModule): LoadedModule {
  const entries = new Set(source.functions.map((f) => f.entry));
  for (const { name, arity, label } of [...source.lambdas, ...source.exports])
    if (!entries.has(label)) throw new LoadError(source.path, `${name}/${arity} has no code`);
  const literalArea = new LiteralArea();
  const numbers = source.functions.map(takeFunctionNumber);
  const sites: number[] = [];
  try {
    return inArea(literalArea, () => assembleIn(source, literalArea, numbers, sites));
  } catch (error) {
    numbers.forEach(giveFunctionNumber);
    sites.forEach(giveSite);
    literalArea.release();
    throw error;
  }
}

function assembleIn(
  source: BeamModule,
  literalArea: LiteralArea,
  numbers: number[],
  sites: number[],
): LoadedModule {
  const name = atom(source.name);
  const lambdas = source.lambdas.map(({ index, uniq, arity, free }) =>
    lambdaNumber({ module: name, source, index, uniq, arity: arity - free, free }),
  );
  const asm = new Assembler(source, name, lambdas, sites);
  const parts = source.functions.map((fn, i) => asm.assembleFunction(fn, numbers[i]));
  const { start, end, linePcs, lineIndexes } = asm.link();
  literalArea.trim();
  const module: LoadedModule = {
    name,
    source,
    start,
    end,
    functions: [],
    lambdas,
    literals: asm.literals,
    literalArea,
    addresses: [],
    returnAddresses: [],
    fillAddresses: [],
    linePcs,
    lineIndexes,
    sites,
    units: [],
    fileAtom: undefined,
    loader: undefined,
  };
  const byLabel = new Map<number, CodeFunction>();
  source.functions.forEach((fn, i) => {
    const { entry, places, returns, fills } = parts[i];
    const f = new CodeFunction(numbers[i], module, atom(fn.name), fn.arity, start + entry, i);
    functions[numbers[i]] = f;
    module.functions.push(f);
    byLabel.set(fn.entry, f);
    for (let k = 0; k < places.length; k++) {
      if (places[k] >= 0) places[k] += start;
      if (returns[k] >= 0) returns[k] += start;
    }
    module.addresses.push(places);
    module.returnAddresses.push(returns);
    for (const [at, place] of fills ?? []) fills?.set(at, place + start);
    module.fillAddresses.push(fills);
  });
  for (const [i, l] of source.lambdas.entries()) bindLambda(lambdas[i], byLabel.get(l.label)!);
  register(module);
  return module;
}
