// Instructions like get_list and get_tuple_element take for granted what kind of term they are given: the compiler has seen
// to it, with a test or by knowing more than the code shows. This pass finds out what the code of a module shows. Where that
// is too little, it puts a test before the instruction: a program that comes from a compiler never fails it, and one that was
// damaged or written by hand raises an exception instead of taking any word of memory for a term.
//
// What is known goes with the control flow forward (type-flow.ts), and through the calls inside the module: from
// arguments to parameters and from results to callers, until nothing changes.
//
// A function is mostly looked at alone, when it is first called: of its parameters, and of what it calls, nothing is known
// then, and most functions need no tests all the same. Where one does, and the module is small, all of the module is looked
// at together. In a large one that would take longer than the tests that it saves.
import { MAX_REGISTERS } from './code.js';
import { ANY, aged, CONS, FLOAT, join, MAP, NONE, resetKinds } from './kinds.js';
import { kindOfLiteral } from './literal-kinds.js';
import { type BeamModule, type FunctionCode, type Instruction, LoadError, type Operand } from './module.js';
import { Op } from './opcodes.js';
import { TAKES_FOR_GRANTED, type Wanted } from './taken-for-granted.js';
import { FunctionFlow } from './type-flow.js';
import { verifyFunction } from './verify.js';

/** How often, on average, a function may be looked at; beyond that nothing is known of parameters and results. */
const MAX_ROUNDS = 30;
/** How far calls are followed at once. */
const MAX_CALL_DEPTH = 100;
/** An X register that no code has. */
const UNUSED_X = MAX_REGISTERS;
/** Most instructions of a module that is looked at as a whole. */
const MAX_WHOLE = 600;

/** Whether a BIF is in the place of a function. */
export type IsBuiltIn = (module: string, name: string, arity: number) => boolean;

/**
 * Verifies a function and puts tests before the instructions whose operands are not shown to be of the kind that they take for
 * granted. Once; other functions of the module may be done on the way.
 *
 * @throws LoadError for the first thing that is wrong
 */
export function makeSafe(m: BeamModule, f: FunctionCode, isBuiltIn: IsBuiltIn): void {
  if (f.isSafe) return;
  verifyFunction(m, f);
  guardFunction(m, f, isBuiltIn);
  f.isSafe = true;
}

function guardFunction(m: BeamModule, f: FunctionCode, isBuiltIn: IsBuiltIn): void {
  if (!f.code.some(({ op }) => TAKES_FOR_GRANTED.has(op))) return;
  const isSmall = m.size <= MAX_WHOLE && !damaged.has(m);
  let wanted: ReadonlyMap<number, Wanted> | undefined;
  try {
    wanted = new LoneFlow(m, isBuiltIn).wantedIn(f);
    if (wanted.size === 0) return;
  } catch (error) {
    if (!isSmall || !(error instanceof LoadError)) throw error;
  }
  if (isSmall) {
    try {
      for (const other of m.functions) if (!other.isSafe && other !== f) verifyFunction(m, other);
      guardTypes(m, isBuiltIn);
      for (const other of m.functions) other.isSafe = true;
      return;
    } catch (error) {
      if (!(error instanceof LoadError) || wanted === undefined) throw error;
      damaged.add(m);
    }
  }
  insertTests(m, f, wanted!);
}

/** Small modules that can not be looked at as a whole, because a function is damaged. */
const damaged = new WeakSet<BeamModule>();

/**
 * Puts tests before the instructions whose operands are not shown to be of the kind that they take for granted, in all functions
 * that have not been made safe one by one.
 *
 * @param m a module that verifyModule has found right
 * @throws LoadError where no test could help
 */
export function guardTypes(m: BeamModule, isBuiltIn: IsBuiltIn): void {
  new ModuleFlow(m, isBuiltIn).run();
}

/** What is known of a function from outside of it. */
export interface Contract {
  /** Kinds of the arguments of all calls seen. */
  parameters: number[];
  /** Kind of what it returns; NONE: it has not been seen to return. */
  result: number;
  isBuiltIn: boolean;
  /** Functions that call it. */
  callers: Set<Contract>;
  isReached: boolean;
  isSeen: boolean;
  f: FunctionCode;
  flow: FunctionFlow;
}

/** What a function is part of, while its code is followed. */
export interface Surroundings {
  readonly m: BeamModule;
  readonly isBuiltIn: IsBuiltIn;
  /** By label: its place in its function; filled by the flow of that function. */
  readonly places: Int32Array;
  literalKind(n: number): number;
  call(caller: Contract, label: number, kinds: readonly number[]): number;
  /** A fun is made of the function at that label; it can be called with anything. */
  makeFun(label: number): void;
  /** A function returns something of that kind. */
  returns(c: Contract, kind: number): void;
}

/** A function by itself: what its parameters are, and what other functions return, is not known. */
class LoneFlow implements Surroundings {
  readonly places: Int32Array;
  private readonly literalKinds = new Map<number, number>();

  constructor(
    readonly m: BeamModule,
    readonly isBuiltIn: IsBuiltIn,
  ) {
    resetKinds();
    if (scratch.length < m.labelCount) scratch = new Int32Array(m.labelCount * 2);
    this.places = scratch;
  }

  wantedIn(f: FunctionCode): ReadonlyMap<number, Wanted> {
    const flow = new FunctionFlow(this, f);
    flow.analyse(newContract(f, flow, ANY, false));
    return flow.wanted;
  }

  literalKind(n: number): number {
    let kind = this.literalKinds.get(n);
    if (kind === undefined) this.literalKinds.set(n, (kind = kindOfLiteral(this.m.literals[n]!)));
    return kind;
  }

  call(): number {
    return ANY;
  }

  makeFun(): void {}

  returns(): void {}
}

/** Places of labels of the function that is looked at alone. */
let scratch = new Int32Array(0);

function newContract(f: FunctionCode, flow: FunctionFlow, parameter: number, isBuiltIn: boolean): Contract {
  return {
    parameters: new Array<number>(f.arity).fill(parameter),
    result: NONE,
    isBuiltIn,
    callers: new Set(),
    isReached: false,
    isSeen: false,
    f,
    flow,
  };
}

/** The functions of a module and what they know of each other. */
export class ModuleFlow implements Surroundings {
  private readonly contracts = new Map<number, Contract>();
  private readonly dirty = new Set<Contract>();
  private depth = 0;
  private readonly literalKinds: (number | undefined)[] = [];
  readonly places: Int32Array;

  constructor(
    readonly m: BeamModule,
    readonly isBuiltIn: IsBuiltIn,
  ) {
    resetKinds();
    this.places = new Int32Array(m.labelCount);
    for (const f of m.functions)
      this.contracts.set(
        f.entry,
        newContract(f, new FunctionFlow(this, f), NONE, isBuiltIn(m.name, f.name, f.arity)),
      );
  }

  literalKind(n: number): number {
    return (this.literalKinds[n] ??= kindOfLiteral(this.m.literals[n]!));
  }

  run(): void {
    const { m } = this;
    for (const e of m.exports) this.reachWithAnything(this.contracts.get(e.label)!);
    // A fun need not come from the code of the module: it can be in an external term.
    for (const l of m.lambdas) this.reachWithAnything(this.contracts.get(l.label)!);
    for (const { f } of this.contracts.values())
      if (m.onLoad?.name === f.name && m.onLoad.arity === f.arity)
        this.reachWithAnything(this.contracts.get(f.entry)!);
    this.settle();
    // Functions that nothing seems to call.
    for (const c of this.contracts.values()) if (!c.isReached) this.reachWithAnything(c);
    this.settle();
    for (const { f, flow } of this.contracts.values())
      if (flow.wanted.size > 0 && !f.isSafe) insertTests(m, f, flow.wanted);
  }

  private settle(): void {
    let budget = this.contracts.size * MAX_ROUNDS;
    for (const c of this.dirty) {
      if (--budget === 0) for (const other of this.contracts.values()) this.reachWithAnything(other, ANY);
      this.look(c);
    }
  }

  private look(c: Contract): void {
    this.dirty.delete(c);
    c.isSeen = true;
    c.flow.analyse(c);
  }

  private reachWithAnything(c: Contract, result = c.result): void {
    c.isReached = true;
    c.parameters.fill(ANY);
    c.result = result;
    this.dirty.add(c);
  }

  call(caller: Contract, label: number, kinds: readonly number[]): number {
    const c = this.contracts.get(label)!;
    c.callers.add(caller);
    if (this.reach(c, kinds) && !c.isSeen && this.depth < MAX_CALL_DEPTH) {
      // Callees first: the caller then need not be looked at again for each of its calls.
      this.depth++;
      this.look(c);
      this.depth--;
    }
    return c.isBuiltIn ? ANY : c.result;
  }

  makeFun(label: number): void {
    const c = this.contracts.get(label)!;
    // Free variables can be anything too: a fun may come out of an external term.
    this.reach(c, new Array<number>(c.parameters.length).fill(ANY));
  }

  /** Returns whether that was news. */
  private reach(c: Contract, kinds: readonly number[]): boolean {
    let changed = !c.isReached;
    c.isReached = true;
    for (let n = 0; n < c.parameters.length; n++) {
      const kind = join(c.parameters[n]!, aged(kinds[n]!));
      if (kind !== c.parameters[n]) {
        c.parameters[n] = kind;
        changed = true;
      }
    }
    if (changed) this.dirty.add(c);
    return changed;
  }

  returns(c: Contract, kind: number): void {
    const result = join(c.result, aged(kind));
    if (result === c.result) return;
    c.result = result;
    for (const caller of c.callers) this.dirty.add(caller);
  }
}

/** Puts the tests that are wanted, by place, into the code of a function. */
function insertTests(m: BeamModule, f: FunctionCode, wanted: ReadonlyMap<number, Wanted>): void {
  const code: Instruction[] = [];
  const ending: Instruction[] = [];
  /** A label of code that raises {badmatch, Term}. */
  const badmatch = (operand: Operand): Operand => {
    const n = m.labelCount++;
    ending.push({ op: Op.label, args: [unsigned(n)] }, { op: Op.badmatch, args: [operand] });
    return { kind: 'label', n };
  };
  f.code.forEach((instruction, i) => {
    const want = wanted.get(i);
    if (want !== undefined) {
      const { operand, kind, size, fail } = want;
      if (kind === CONS) code.push({ op: Op.is_nonempty_list, args: [badmatch(operand), operand] });
      else if (kind === FLOAT) code.push({ op: Op.is_float, args: [badmatch(operand), operand] });
      else if (fail !== undefined)
        code.push({ op: kind === MAP ? Op.is_map : Op.is_tuple, args: [fail, operand] });
      else code.push(elementTest(m, operand, size));
    }
    code.push(instruction);
  });
  f.code = [...code, ...ending];
}

/** element/2 shows that there are so many elements; its value goes to a register that nobody uses. */
function elementTest(m: BeamModule, operand: Operand, size: number): Instruction {
  const known = m.imports.findIndex((i) => i.module === 'erlang' && i.name === 'element' && i.arity === 2);
  const element = known >= 0 ? known : m.imports.push({ module: 'erlang', name: 'element', arity: 2 }) - 1;
  return {
    op: Op.bif2,
    args: [
      { kind: 'label', n: 0 },
      unsigned(element),
      { kind: 'integer', value: size },
      operand,
      { kind: 'x', n: UNUSED_X },
    ],
  };
}

function unsigned(n: number): Operand {
  return { kind: 'unsigned', n };
}
