// The state of translating one unit: what is known of its locals, what it uses of the library, where its blocks go.
// Emitters (emit/*.ts) write the statements of one instruction each through it; structure.ts strings the blocks together.
import type * as E from 'estree';
import type { CodeFunction, ExportEntry, LoadedModule } from '../code/functions.js';
import { exportOf } from '../code/functions.js';
import { integerTerm, literalOf } from '../interpret/constants.js';
import { type FunctionCode, type Operand, TypeBit } from '../load/module.js';
import { num } from '../load/operands.js';
import { D, H, Reg } from '../memory/arena.js';
import { settings } from '../settings.js';
import { atom } from '../terms/atoms.js';
import { toBigInt } from '../terms/integer.js';
import { Imm, Kind, makeImmediate, NIL, type Term } from '../terms/tags.js';
import {
  assign,
  bigLit,
  bin,
  breakTo,
  call,
  id,
  lit,
  type Name,
  type Named,
  ret,
  sequence,
  set,
  when,
  word,
} from './ast.js';
import { ConstantNames, describeConstant } from './constant-names.js';
import type { FunctionFacts } from './effects.js';
import type { Construction } from './emit/constructors.js';
import { type Block, type Flow, liveBefore } from './flow.js';
import { type Info, infoOfRange } from './known.js';
import { resolve } from './library.js';
import type { Callee, Exit } from './record.js';
import { unboxed } from './stubs/floats.js';
import * as wide from './stubs/wide.js';
import { hoisted, instantiate, instantiateExpression, type Template, templateOf } from './template.js';

/** Arguments beyond these would have to pass through the register file. */
export const MAX_ARITY = 12;

/** Arguments, as in x0, that are funs, and the number of their lambda. */
export type Givens = Map<string, number>;

// biome-ignore lint/suspicious/noExplicitAny: stubs have all kinds of parameters
type Stub = (...args: any[]) => unknown;

/** A number outside of its term. */
export interface Unboxed {
  kind: 'double' | 'wide';
  /** The register's own local holds the term too. */
  boxed: boolean;
  /** Bounds of an integer. */
  min: number;
  max: number;
}

/** What a unit calls itself by. */
export const SELF = 'self';

export class Unit {
  /** Statements of the block at hand. */
  out: E.Statement[] = [];
  /** What is known of each local at this point. */
  known = new Map<string, Info>();
  /** Words used behind `h`, the heap top that a test_heap has loaded; -1: `h` says nothing. */
  heapUsed = -1;
  /** Float registers that hold something the interpreter would need. */
  floats = new Set<number>();
  /**
   * Registers whose number is in a local of its own: a float in the one with a d behind the name, an integer beyond small in
   * the one with a w. They are boxed when the term is wanted, which inside a chain of arithmetic is never.
   */
  unboxed = new Map<string, Unboxed>();
  /** Locals to declare. */
  locals = new Set<string>();
  /** Library names, and objects by name, that the unit is given. */
  uses = new Map<string, unknown>();
  /** Words that the unit keeps from one run to the next. */
  kept = { count: 0 };
  /** Stubs that were inlined, for the dump. */
  inlined = new Set<string>();
  /** Where the unit can be left and what it calls, for the dump. */
  exits: Exit[] = [];
  callees = new Map<string, Callee>();
  /** Names of words that are others in each run; undefined: nobody is going to read them. */
  names: ConstantNames | undefined = settings.mapUnits ? new ConstantNames() : undefined;
  /** There is a self tail call, so the body is a loop. */
  isLoop = false;
  /** Arguments that are unboxed whenever the function calls itself; undefined: no such call yet. */
  loopCandidates: Map<string, Unboxed> | undefined;
  /** Arguments that this version of the loop keeps unboxed. */
  loopUnboxed = new Map<string, Unboxed>();
  /** Self tail calls are calls here, because the loop is another version of the body. */
  loopElsewhere = false;
  /** The unit goes on with frames of the process stack, one after the other: results go to the end of the loop. */
  overFrames = false;
  /** Arguments that are funs of known lambdas: the unit is a version of the function for them. */
  givens: Givens = new Map();
  /** Calls of the function to itself that only construct with the result, by instruction; see emit/constructors.ts. */
  constructions: Map<number, Construction> | undefined;
  /** Other units are called on the way. */
  nests = false;
  /** One of them has become a loop (true); false: one could not, in a unit that is not made for other calls. */
  constructs: boolean | undefined;
  /** Block that is being emitted, and the instruction in it. */
  block!: Block;
  at = 0;

  constructor(
    readonly module: LoadedModule,
    readonly target: CodeFunction,
    readonly fn: FunctionCode,
    readonly facts: FunctionFacts,
    readonly flow: Flow,
    /** Whether the unit begins at the function's entry, so that a self tail call can be a loop. */
    readonly isEntry: boolean,
  ) {}

  /** Another version of the same unit's body: shares declarations and uses. */
  fork(): Unit {
    const other = new Unit(this.module, this.target, this.fn, this.facts, this.flow, this.isEntry);
    other.locals = this.locals;
    other.uses = this.uses;
    other.kept = this.kept;
    other.inlined = this.inlined;
    other.exits = this.exits;
    other.callees = this.callees;
    other.names = this.names;
    other.givens = this.givens;
    return other;
  }

  /** What is known at this point, to come back to after another way was emitted. */
  saved(): Pick<Unit, 'known' | 'heapUsed' | 'floats' | 'unboxed'> {
    const { known, heapUsed, floats, unboxed } = this;
    this.known = new Map(known);
    this.floats = new Set(floats);
    this.unboxed = new Map(unboxed);
    return { known, heapUsed, floats, unboxed };
  }

  restore(state: ReturnType<Unit['saved']>): void {
    Object.assign(this, state);
  }

  // ---- operands

  private local(name: string): string {
    this.locals.add(name);
    return name;
  }

  /** The local of a Y register: numbered from the bottom of the largest frame, so that trim renames nothing. */
  yName(n: number): string {
    return this.local(`y${n + this.facts.maxFrame - this.facts.frame[this.at]}`);
  }

  nameOf(o: Operand): string {
    if (o.kind === 'x') return this.local(`x${o.n}`);
    if (o.kind === 'y') return this.yName(o.n);
    return this.local(`f${num(o)}`);
  }

  /** The term of a constant operand, or undefined. */
  constant(o: Operand): Term | undefined {
    switch (o.kind) {
      case 'atom':
        return atom(o.name);
      case 'nil':
        return NIL;
      case 'integer':
        return this.integer(o.value);
      case 'literal':
        return literalOf(this.module, o.n);
      default:
        return undefined;
    }
  }

  private readonly integers = new Map<number | bigint, Term>();
  private integer(value: number | bigint): Term {
    let t = this.integers.get(value);
    if (t === undefined) this.integers.set(value, (t = integerTerm(value)));
    return t;
  }

  /**
   * A word that is another one in each run, because it is an address or a number that was given away in some order. Dumps
   * show a name for it, which `describe` gives together with what it is.
   */
  constantWord(value: number, describe: () => [name: string, meaning: string]): E.Expression {
    const literal = lit(value);
    if (this.names !== undefined) (literal as Named).shown = this.names.nameOf(value, ...describe());
    return literal;
  }

  /** The term of a constant operand, as an expression. */
  constantOf(o: Operand, term: Term): E.Expression {
    return this.names === undefined || (term & 1) === 0 || term === NIL
      ? lit(term)
      : this.constantWord(term, () => describeConstant(o, term));
  }

  /** The code address of an instruction. */
  addressWord(index = this.at): E.Expression {
    return this.constantWord(this.address(index), () => [
      `at_${index}`,
      `the address of instruction ${index}`,
    ]);
  }

  /** The continuation pointer of the call which is instruction `call`. */
  returnWord(call: number): E.Expression {
    return this.constantWord(makeImmediate(Imm.Continuation, this.returnAddress(call)), () => [
      `return_${call + 1}`,
      `the call returns to instruction ${call + 1}`,
    ]);
  }

  /** What a Y register holds while exceptions are handled at the instruction. */
  catchWord(index: number): E.Expression {
    return this.constantWord(makeImmediate(Imm.Catch, this.address(index)), () => [
      `catch_${index}`,
      `exceptions go to instruction ${index}`,
    ]);
  }

  /** The number of a lambda of the module, as funs hold it. */
  lambdaWord(index: number): E.Expression {
    const { name, arity } = this.module.source.lambdas[index];
    return this.constantWord(this.module.lambdas[index] << 1, () => [
      `lambda_${index}`,
      `the fun whose code is ${name}/${arity}`,
    ]);
  }

  /** An operand as an expression that has no effect and may be repeated. */
  source(o: Operand): E.Expression {
    const constant = this.constant(o);
    if (constant !== undefined) return this.constantOf(o, constant);
    const name = this.nameOf(o);
    const number = this.unboxed.get(name);
    if (number !== undefined && !number.boxed) {
      this.flushHeap();
      this.emit(set(name, this.box(name, number)));
      this.unboxed.set(name, { ...number, boxed: true });
    }
    return id(name, { small: this.info(o)?.small === true });
  }

  /** A new term for an unboxed number, as an expression. */
  private box(name: string, number: Unboxed): E.Expression {
    if (number.kind === 'double') return this.callLibrary('boxFloat', id(`${name}d`));
    // Through memory: a BigInt that crossed a call would have to be allocated.
    this.use('W');
    const store: E.Expression = {
      type: 'AssignmentExpression',
      operator: '=',
      left: {
        type: 'MemberExpression',
        object: id('W'),
        property: lit(Reg.Wide / 2),
        computed: true,
        optional: false,
      },
      right: id(`${name}w`),
    };
    if (infoOfRange(number.min, number.max).small) {
      this.use('H');
      return sequence(store, bin(word(lit(Reg.Wide)), '<<', lit(1)));
    }
    return sequence(store, this.callLibrary('boxWide'));
  }

  /** A register as a term, without changing what is known at this point: for ways out. */
  termOf(name: string): E.Expression {
    const number = this.unboxed.get(name);
    return number !== undefined && !number.boxed ? this.box(name, number) : id(name);
  }

  /** Registers that would have to be boxed to be terms. */
  get unboxedCount(): number {
    let n = 0;
    for (const number of this.unboxed.values()) if (!number.boxed) n++;
    return n;
  }

  /** Whether the operand is a float for sure. */
  isFloat(o: Operand): boolean {
    const constant = this.constant(o);
    return constant === undefined ? this.info(o)?.float === true : this.floatValue(constant) !== undefined;
  }

  /** The value of an operand that is a float for sure, as a double. */
  doubleOf(o: Operand): E.Expression {
    const constant = this.constant(o);
    if (constant !== undefined) return lit(this.floatValue(constant)!);
    const name = this.nameOf(o);
    if (this.unboxed.get(name)?.kind === 'double') return id(`${name}d`);
    return this.inlineExpression(unboxed, { t: id(name) });
  }

  /** Makes the register an unboxed float. */
  setDouble(o: Operand, value: E.Expression): void {
    const name = this.local(`${this.nameOf(o)}d`);
    this.emit(set(name, value));
    this.holdsDouble(o);
  }

  /** Says that the register is an unboxed float, which its local has already. */
  holdsDouble(o: Operand): void {
    const name = this.nameOf(o);
    this.known.set(name, { small: false, float: true });
    this.unboxed.set(name, { kind: 'double', boxed: false, min: 0, max: 0 });
    if (settings.without.unboxed) {
      this.source(o);
      this.unboxed.delete(name);
    }
  }

  /** Makes the register an unboxed integer between two bounds. */
  setWide(o: Operand, value: E.Expression, min: number, max: number): void {
    const name = this.nameOf(o);
    this.local(`${name}w`);
    this.emit(set(`${name}w`, value));
    this.known.set(name, infoOfRange(min, max));
    this.unboxed.set(name, { kind: 'wide', boxed: false, min, max });
  }

  /** The unboxed integer of a register, if it is one. */
  wide(o: Operand): Unboxed | undefined {
    if (o.kind !== 'x' && o.kind !== 'y') return undefined;
    const number = this.unboxed.get(this.nameOf(o));
    return number?.kind === 'wide' ? number : undefined;
  }

  /** The value of an integer operand as a BigInt; what has no value in 64 bits goes to the interpreter. */
  wideOf(o: Operand): E.Expression {
    const constant = this.constant(o);
    if (constant !== undefined) return bigLit(toBigInt(constant));
    const name = this.nameOf(o);
    const number = this.unboxed.get(name);
    if (number?.kind === 'wide') return id(`${name}w`);
    const info = this.info(o);
    if (info?.small) return this.inlineExpression(wide.ofSmall, { t: id(name) });
    this.local(`${name}w`);
    this.inline(wide.load, { dst: id(`${name}w`), t: id(name) }, this.leave('more than 64 bits'));
    this.unboxed.set(name, {
      kind: 'wide',
      boxed: true,
      min: info?.min ?? -(2 ** 63),
      max: info?.max ?? 2 ** 63,
    });
    return id(`${name}w`);
  }

  /** Statements that box the numbers which are live at an instruction: where paths meet, registers are terms. */
  boxLive(index: number): E.Statement[] {
    if (this.unboxed.size === 0) return [];
    const live = liveBefore(this.fn, this.facts, index);
    const statements: E.Statement[] = [];
    for (const [name, number] of this.unboxed) {
      if (number.boxed || (name[0] === 'x' && !live.has(Number(name.slice(1))))) continue;
      statements.push(set(name, this.box(name, number)));
    }
    return statements;
  }

  /** What is known of an operand. */
  info(o: Operand): Info | undefined {
    const constant = this.constant(o);
    if (constant !== undefined)
      return (constant & 1) === 0 ? { small: true, min: constant >> 1, max: constant >> 1 } : undefined;
    return this.known.get(this.nameOf(o));
  }

  /** Bounds of an integer that the file's Type chunk tells of an operand: what it says need not be true. */
  claimed(o: Operand): Info | undefined {
    if ((o.kind !== 'x' && o.kind !== 'y') || o.type === undefined) return undefined;
    const t = this.module.source.types[o.type];
    if (t === undefined || t.bits !== TypeBit.Integer || t.min === undefined || t.max === undefined)
      return undefined;
    return infoOfRange(Number(t.min), Number(t.max));
  }

  /**
   * Makes known what the Type chunk says of a small integer. A test sees to it that it is one: with a pointer in its place,
   * arithmetic that relies on it would make pointers to anywhere. Wrong bounds only make wrong integers.
   */
  trustSmall(o: Operand): void {
    const info = this.claimed(o);
    if (info?.small !== true) return;
    const name = this.nameOf(o);
    if (this.known.has(name) || this.unboxed.has(name)) return;
    this.emit(
      when(bin(bin(id(name), '&', lit(1)), '!==', lit(0)), this.leave('not the type that the file says')),
    );
    this.known.set(name, info);
  }

  /** A destination. What was known of it is forgotten; `info` says what is known now. */
  destination(o: Operand, info?: Info): Name {
    const name = this.nameOf(o);
    this.unboxed.delete(name);
    if (info === undefined) this.known.delete(name);
    else this.known.set(name, info);
    return id(name);
  }

  /** The double of a float literal, or undefined. */
  floatValue(t: Term): number | undefined {
    if ((t & 7) !== 3 || (H[t >>> 3] & Kind.Mask) !== Kind.Float) return undefined;
    return D.getFloat64(((t >>> 3) + 1) * 4, true);
  }

  // ---- statements

  emit(...statements: E.Statement[]): void {
    this.out.push(...statements);
  }

  /** dst = value */
  set(dst: Operand, value: E.Expression, info?: Info): void {
    const target = this.destination(dst, info);
    if (value.type === 'Identifier' && value.name === target.name) return;
    this.emit(assign(target, value));
  }

  /** A library function or object by name. */
  use(name: string, value?: unknown): Name {
    this.uses.set(name, value);
    return id(name);
  }

  /** The index of a new word in `kept`, which is 0 at first. */
  keptWord(): number {
    this.use('kept');
    return this.kept.count++;
  }

  /** The function an exit, call or the like names: made by the library. */
  callLibrary(name: string, ...args: E.Expression[]): E.CallExpression {
    this.use(name);
    return call(name, ...args);
  }

  /** Inlines a stub as statements. */
  inline(stub: Stub, args: Record<string, E.Expression>, fail: E.Statement[] = []): void {
    const t = templateOf(stub);
    this.note(t);
    this.emit(...instantiate(t, args, fail));
  }

  /** Inlines a stub that is one expression. */
  inlineExpression(stub: Stub, args: Record<string, E.Expression>): E.Expression {
    const t = templateOf(stub);
    if (settings.without.stubs) return this.callShared(t, args);
    this.note(t);
    return instantiateExpression(t, args);
  }

  /** A call of a stub's one shared copy. */
  private callShared(t: Template, args: Record<string, E.Expression>): E.Expression {
    const name = `stub_${t.name}_${t.parameters.length}`;
    if (!this.uses.has(name))
      this.uses.set(name, new Function(...t.free, `return ${t.source}`)(...t.free.map(resolve)));
    return call(name, ...t.parameters.map((p) => args[p]!));
  }

  private note(t: { name: string; free: string[]; locals: string[] }): void {
    this.inlined.add(t.name);
    for (const name of t.locals) this.locals.add(hoisted(name));
    for (const name of t.free) this.use(name);
  }

  // ---- the heap

  /** Statements that put the heap top, `h` and what was used behind it, back into its register. */
  heapStore(): E.Statement[] {
    return this.heapUsed > 0 ? [assign(word(lit(1024)), bin(id('h'), '+', lit(this.heapUsed)))] : [];
  }

  /** The same, now; `h` says nothing any more. */
  flushHeap(): void {
    this.emit(...this.heapStore());
    this.heapUsed = -1;
  }

  /** Room for `words` that a test_heap has made sure of: the index of the first, as an expression. */
  heap(words: number): E.Expression {
    if (this.heapUsed < 0) {
      this.local('h');
      this.use('H');
      this.emit(set('h', word(lit(1024))));
      this.heapUsed = 0;
    }
    const at = this.heapUsed;
    this.heapUsed += words;
    return at === 0 ? id('h') : bin(id('h'), '+', lit(at));
  }

  // ---- ways out

  /** Statements that give the unit's result, or Sentinel.Unwind, to its caller. */
  result(value: E.Expression): E.Statement[] {
    return this.overFrames ? [set(this.local('result'), value), breakTo('frame')] : this.end(value);
  }

  /** Statements that end the unit with a value, or with Sentinel.Unwind. */
  end(value: E.Expression): E.Statement[] {
    return this.constructions === undefined
      ? [ret(value)]
      : [set(this.local('result'), value), breakTo('out')];
  }

  /** Y registers of the frame at the instruction, top first. */
  frameRegisters(): E.Expression[] {
    const size = this.facts.frame[this.at];
    const ys: E.Expression[] = [];
    for (let n = 0; n < size; n++) ys.push(this.termOf(this.yName(n)));
    return ys;
  }

  private liveRegisters(index: number, least = 0): E.Expression[] {
    const live = liveBefore(this.fn, this.facts, index);
    let top = least;
    for (const x of live) if (x >= top) top = x + 1;
    const xs: E.Expression[] = [];
    for (let n = 0; n < top; n++) xs.push(live.has(n) ? this.termOf(this.local(`x${n}`)) : lit(NIL));
    return xs;
  }

  /** Code address of the instruction in the interpreter. */
  address(index = this.at): number {
    return this.module.addresses[this.target.index][index];
  }

  /** Statements that put float registers where the interpreter expects them. */
  private floatStores(): E.Statement[] {
    return [...this.floats].map((n) =>
      assign(
        {
          type: 'MemberExpression',
          object: this.use('F'),
          property: lit(n),
          computed: true,
          optional: false,
        },
        id(`f${n}`),
      ),
    );
  }

  /** Statements that leave the unit for the interpreter at an instruction, with the frame of the one at hand. */
  leave(reason: string, index = this.at): E.Statement[] {
    this.exits.push({ instruction: index, kind: 'interpret', reason });
    const statements = [...this.heapStore(), ...this.floatStores()];
    const xs = this.liveRegisters(index);
    const ys = this.frameRegisters();
    statements.push(
      ...this.end(
        this.callLibrary(`interpret_${xs.length}_${ys.length}`, this.addressWord(index), ...xs, ...ys),
      ),
    );
    return statements;
  }

  /** Statements that leave for a collection of `need` words and go on at this instruction in the interpreter. */
  collect(need: number, live: number): E.Statement[] {
    this.exits.push({ instruction: this.at, kind: 'collect', reason: '' });
    const xs = this.liveRegisters(this.at).slice(0, live);
    const ys = this.frameRegisters();
    return [
      ...this.floatStores(),
      ...this.end(
        this.callLibrary(`collect_${xs.length}_${ys.length}`, this.addressWord(), lit(need), ...xs, ...ys),
      ),
    ];
  }

  /** Statements for a callee that unwinds: this frame joins the captured ones. */
  capture(): E.Statement[] {
    const ys = this.frameRegisters();
    return this.end(this.callLibrary(`capture_${ys.length}`, this.returnWord(this.at), ...ys));
  }

  /** The code address that the call which is instruction `call` returns to. */
  returnAddress(call: number): number {
    return this.module.returnAddresses[this.target.index][call + 1];
  }

  /** Where a failing instruction goes: its fail label, or the interpreter, which raises. */
  fail(label: Operand, what: string): E.Statement[] {
    return num(label) === 0 ? this.leave(what) : this.jumpTo(label);
  }

  /** Statements that go to a label; structure.ts sets it. */
  jumpTo: (label: Operand) => E.Statement[] = () => [];

  // ---- names

  /** The unit calls itself: the name its function expression has inside. */
  callsSelf = false;
  selfName(): string {
    this.callsSelf = true;
    this.callees.set(SELF, { label: this.target.label, kind: 'itself' });
    return SELF;
  }

  importOf(o: Operand): ExportEntry {
    const i = this.module.source.imports[num(o)];
    return exportOf(atom(i.module), atom(i.name), i.arity);
  }
}
