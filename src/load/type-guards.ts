// Instructions like get_list and get_tuple_element take for granted what kind of term they are given: the compiler has seen
// to it, with a test or by knowing more than the code shows. This pass finds out what the code of a module shows. Where that
// is too little, it puts a test before the instruction: a program that comes from a compiler never fails it, and one that was
// damaged or written by hand raises an exception instead of taking any word of memory for a term.
//
// What is known goes with the control flow forward (type-flow.ts), and through the calls inside the module: from
// arguments to parameters and from results to callers, until nothing changes.
import { ANY, aged, CONS, FLOAT, join, MAP, NONE, resetKinds } from './kinds.js';
import { kindOfLiteral } from './literal-kinds.js';
import type { BeamModule, FunctionCode, Instruction, Operand } from './module.js';
import { Op } from './opcodes.js';
import { FunctionFlow, type Wanted } from './type-flow.js';

/** How often, on average, a function may be looked at; beyond that nothing is known of parameters and results. */
const MAX_ROUNDS = 30;
/** How far calls are followed at once. */
const MAX_CALL_DEPTH = 100;
/** No compiler uses the last X register. */
const UNUSED_X = 1023;

/** Whether a BIF is in the place of a function. */
export type IsBuiltIn = (module: string, name: string, arity: number) => boolean;

/**
 * Puts tests before the instructions whose operands are not shown to be of the kind that they take for granted.
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

/** The functions of a module and what they know of each other. */
export class ModuleFlow {
  private readonly contracts = new Map<number, Contract>();
  private readonly dirty = new Set<Contract>();
  private depth = 0;
  readonly literalKinds: number[];
  /** By label: its place in its function. */
  readonly places: Int32Array;

  constructor(
    readonly m: BeamModule,
    readonly isBuiltIn: IsBuiltIn,
  ) {
    resetKinds();
    this.places = new Int32Array(m.labelCount);
    this.literalKinds = m.literals.map(kindOfLiteral);
    for (const f of m.functions)
      this.contracts.set(f.entry, {
        parameters: new Array<number>(f.arity).fill(NONE),
        result: NONE,
        isBuiltIn: isBuiltIn(m.name, f.name, f.arity),
        callers: new Set(),
        isReached: false,
        isSeen: false,
        f,
        flow: new FunctionFlow(this, f),
      });
  }

  run(): void {
    const { m } = this;
    for (const e of m.exports) this.reachWithAnything(this.contracts.get(e.label)!);
    for (const { f } of this.contracts.values())
      if (m.onLoad?.name === f.name && m.onLoad.arity === f.arity)
        this.reachWithAnything(this.contracts.get(f.entry)!);
    this.settle();
    // Functions that nothing seems to call.
    for (const c of this.contracts.values()) if (!c.isReached) this.reachWithAnything(c);
    this.settle();
    for (const { f, flow } of this.contracts.values())
      if (flow.wanted.size > 0) insertTests(m, f, flow.wanted);
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

  /** A call inside the module with arguments of these kinds. Gives the kind of its result, as far as it is known. */
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

  /** A fun is made of the function at that label; it can be called with anything. */
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

  /** A function returns something of that kind. */
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
