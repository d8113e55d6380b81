// From generic instructions to the interpreter's code: operands are resolved (constants to terms in the arena, labels to
// code addresses, imports to export cells or BIFs), common forms get instructions of their own, common pairs become
// superinstructions. What an instruction becomes is in emitters.ts; here is how the code of a function gets into the arena.
import {
  addCode,
  type CodeFunction,
  findExport,
  functionOfLabel,
  type LoadedModule,
} from '../code/functions.js';
import type { BeamModule, FunctionCode, Instruction, Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { H } from '../memory/arena.js';
import { inArea } from '../memory/literals.js';
import { codeSpace } from '../memory/spaces.js';
import { settings } from '../settings.js';
import { atom } from '../terms/atoms.js';
import { Imm, makeImmediate, NIL, type Term } from '../terms/tags.js';
import { integerTerm, literalOf } from './constants.js';
import { emitGeneric, emitters } from './emitters.js';
import { I } from './ops.js';
import { giveSite, newSite } from './sites.js';

/** The state of assembling one function; emitters write into it. */
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
  /** Places of the function's own labels. */
  private readonly labelAt = new Map<number, number>();
  private readonly linePcs: number[] = [];
  private readonly lineIndexes: number[] = [];
  /** Labels where an exception handler or a receive loop begins, with the live X registers there. */
  private readonly resumeLabels = new Map<number, number>();
  /** By instruction: its place, and where a call before it returns to; -1: none. */
  private readonly places: Int32Array;
  private readonly returns: Int32Array;
  /** Numbers of the resume sites that have been made. */
  private readonly sites: number[] = [];
  private entry = -1;
  readonly module: BeamModule;
  /** Number of each lambda. */
  readonly lambdas: number[];
  /** The instruction that is being assembled. */
  at = 0;

  constructor(
    readonly loaded: LoadedModule,
    private readonly target: CodeFunction,
    readonly fn: FunctionCode,
  ) {
    this.module = loaded.source;
    this.lambdas = loaded.lambdas;
    this.places = new Int32Array(fn.code.length + 1).fill(-1);
    this.returns = new Int32Array(fn.code.length + 1).fill(-1);
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
        return literalOf(this.loaded, o.n);
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
    const site = newSite(this.target.id, instruction, live);
    this.sites.push(site);
    this.emit(I.Resume, site, live, settings.jit === 'eager' ? 1 : settings.threshold);
  }

  private functionEntry(): void {
    if (settings.jit === 'off') this.emit(I.EntryPlain, this.target.id, this.fn.arity);
    else this.emit(I.Entry, this.target.id, this.fn.arity, settings.jit === 'eager' ? 1 : settings.threshold);
  }

  private markLine(index: number): void {
    this.linePcs.push(this.code.length);
    this.lineIndexes.push(index);
  }

  private findResumeLabels(): void {
    const code = this.fn.code;
    code.forEach(({ op, args }, i) => {
      if (op === Op.try || op === Op.catch) this.resumeLabels.set((args[1] as { n: number }).n, 4);
      // A receive loop; `receive after T -> … end` has none, and the time may be in an X register.
      else if (op === Op.loop_rec && code[i - 1].op === Op.label)
        this.resumeLabels.set((code[i - 1].args[0] as { n: number }).n, 0);
    });
  }

  /** Puts the code of the function into the arena, and makes it known. Throws LoadError, or CodeFull if there is no room. */
  run(): void {
    try {
      this.assemble();
      const fills = this.fillPlaces();
      this.enter(this.link(), fills);
    } catch (error) {
      this.sites.forEach(giveSite);
      throw error;
    }
  }

  private assemble(): void {
    const { fn, places } = this;
    this.findResumeLabels();
    this.markLine(0);
    for (this.at = 0; this.at < fn.code.length; ) {
      const start = this.at;
      const { op, args } = fn.code[start];
      places[start] = this.code.length;
      if (op === Op.label) {
        const n = (args[0] as { n: number }).n;
        this.labelAt.set(n, this.code.length);
        if (n === fn.entry) {
          this.entry = this.code.length;
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
    // What a call at the very end returns to, if it does: also the last word of the function, not the first of another.
    this.emit(I.IfEnd);
  }

  /** Room for a FillHole behind the function for each call of itself that may only construct with the result. */
  private fillPlaces(): Map<number, number> | undefined {
    if (settings.jit === 'off') return undefined;
    const { fn } = this;
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

  /** Puts everything at its final address; gives that of the first word. */
  private link(): number {
    const { code, loaded, labelAt } = this;
    const start = codeSpace.allocate(code.length + this.pool.length);
    for (const at of this.labelUses) {
      const place = labelAt.get(code[at]);
      if (place !== undefined) code[at] = start + place;
      else {
        const callee = functionOfLabel(loaded, code[at]);
        code[at] = callee.entry;
        if (!callee.isReady) (callee.waiting ??= []).push(start + at);
      }
    }
    for (const at of this.catchUses) code[at] = makeImmediate(Imm.Catch, start + labelAt.get(code[at])!);
    const poolStart = start + code.length;
    for (let i = 0; i < this.poolUses.length; i += 2)
      code[this.poolUses[i]] = poolStart + this.poolUses[i + 1];
    H.set(code, start);
    H.set(this.pool, poolStart);
    return start;
  }

  /** Makes the code at `start` that of the function, for all who call it. */
  private enter(start: number, fills: Map<number, number> | undefined): void {
    const { loaded, target, places, returns } = this;
    for (let k = 0; k < places.length; k++) {
      if (places[k] >= 0) places[k] += start;
      if (returns[k] >= 0) returns[k] += start;
    }
    for (const [at, place] of fills ?? []) fills?.set(at, place + start);
    const { index } = target;
    loaded.addresses[index] = places;
    loaded.returnAddresses[index] = returns;
    loaded.fillAddresses[index] = fills;
    loaded.lines[index] = { pcs: this.linePcs.map((p) => p + start), indexes: this.lineIndexes };
    for (const site of this.sites) loaded.sites.push(site);
    addCode({ start, end: start + this.code.length + this.pool.length, module: loaded, fn: target });
    const stub = target.entry;
    target.entry = start + this.entry;
    target.isReady = true;
    // Processes may be about to run the stub.
    H[stub] = I.Jump;
    H[stub + 1] = target.entry;
    for (const at of target.waiting ?? []) H[at] = target.entry;
    target.waiting = null;
    const e = findExport(loaded.name, target.name, target.arity);
    if (e?.fn === target) H[e.cell] = target.entry;
  }
}

/** Puts the code of a function into the arena, and makes it known. Throws LoadError, or CodeFull if there is no room. */
export function assembleFunction(target: CodeFunction): void {
  const loaded = target.module;
  const fn = loaded.source.functions[target.index];
  inArea(loaded.literalArea, () => new Assembler(loaded, target, fn).run());
}
