// How what is known of the terms in registers goes through the code of one function, and where it is too little for an
// instruction: see type-guards.ts.

import { resultOfBif, resultOfCall, shownByBif } from './bif-kinds.js';
import { failAt } from './failure.js';
import { allocates } from './guard-bifs.js';
import { KindState } from './kind-state.js';
import {
  ANY,
  aged,
  CONS,
  CONTEXT,
  cellKind,
  elementKind,
  elementsOf,
  emptied,
  FLOAT,
  filled,
  freshCopy,
  headKind,
  integerKind,
  isCell,
  isFresh,
  MAP,
  meet,
  NIL,
  NONE,
  tailKind,
  tupleKind,
  withElement,
} from './kinds.js';
import type { FunctionCode, Instruction, Operand } from './module.js';
import { OPCODES, Op } from './opcodes.js';
import { highestX, isRegister, isSameRegister, itemsOf, num } from './operands.js';
import { SIGNATURES } from './signatures.js';
import { TAKES_FOR_GRANTED, type Wanted } from './taken-for-granted.js';
import type { Contract, Surroundings } from './type-guards.js';
import { onlyRaises } from './verify-raises.js';

/** Most registers that one instruction writes and of which it is known that they are copied. */
const MAX_IDS = 1000;
const X0: Operand = { kind: 'x', n: 0 };

export class FunctionFlow {
  /** Tests that are needed, by place. */
  readonly wanted = new Map<number, Wanted>();
  /** What is known on arrival, by place; only at labels. */
  private readonly states: (KindState | undefined)[];
  private readonly dirty: Uint8Array;
  private firstDirty = 0;
  private readonly labels: number[] = [];
  private readonly code: Instruction[];
  private readonly highestX: number;
  private contract!: Contract;
  private kinds!: KindState;
  private at = 0;
  private ids = 0;
  /** The instruction at hand writes a Y register, so that a handler may find it changed. */
  private changesFrame = false;

  constructor(
    private readonly module: Surroundings,
    private readonly f: FunctionCode,
  ) {
    this.code = f.code;
    this.states = new Array(this.code.length);
    this.dirty = new Uint8Array(this.code.length);
    let highest = 3;
    this.code.forEach(({ op, args }, i) => {
      if (op === Op.label) {
        this.labels.push(i);
        module.places[num(args[0]!)] = i;
      }
      for (const arg of args) highest = Math.max(highest, highestX(arg));
    });
    this.highestX = highest;
  }

  /** Follows the code with what is known of its parameters now. */
  analyse(contract: Contract): void {
    const { dirty, states } = this;
    this.contract = contract;
    this.wanted.clear();
    for (const place of this.labels) states[place] = undefined;
    const entry = this.module.places[this.f.entry]!;
    states[entry] = KindState.atEntry(contract.parameters, this.highestX);
    dirty[entry] = 1;
    for (let i = entry; i < dirty.length; i++) {
      if (dirty[i] === 0) continue;
      dirty[i] = 0;
      this.firstDirty = i + 1;
      this.block(i);
      // A receive loop made an earlier label dirty again.
      if (this.firstDirty <= i) i = this.firstDirty - 1;
    }
  }

  private fail(what: string): never {
    failAt(this.module.m, this.f, this.code, this.at, what);
  }

  private block(start: number): void {
    const { code } = this;
    this.kinds = this.states[start]!.copy();
    for (let i = start + 1; i < code.length; i++) {
      this.at = i;
      if (code[i]!.op === Op.label) {
        this.arrive(i, this.kinds, true);
        return;
      }
      if (this.instruction(code[i]!)) return;
    }
  }

  /** Control reaches the label at place i. @param isLast nobody needs `kinds` behind this */
  private arrive(i: number, kinds: KindState, isLast = false): void {
    const known = this.states[i];
    if (known === undefined) this.states[i] = isLast ? kinds : kinds.copy();
    else if (!known.merge(kinds, i)) return;
    this.dirty[i] = 1;
    if (i < this.firstDirty) this.firstDirty = i;
  }

  private branch(label: Operand, kinds = this.kinds, isLast = false): void {
    const n = num(label);
    if (n !== 0) this.arrive(this.module.places[n]!, kinds, isLast);
  }

  // ---- operands

  private kindOf(o: Operand): number {
    if (o.kind === 'x') return this.kinds.getX(o.n);
    if (o.kind === 'y') return this.kinds.getY(o.n);
    if (o.kind === 'literal') return this.module.literalKind(o.n);
    if (o.kind === 'nil') return NIL;
    return o.kind === 'integer' && typeof o.value === 'number' ? integerKind(o.value) : ANY;
  }

  /** The kind of an operand that becomes part of another term: nobody may change it from now on. */
  private partKind(o: Operand): number {
    if ((o.kind === 'x' || o.kind === 'y') && isFresh(this.kindOf(o))) this.kinds.change(o.kind, o.n, aged);
    return this.kindOf(o);
  }

  private set(o: Operand, kind: number): void {
    if (o.kind === 'y') this.changesFrame = true;
    const id = this.ids < MAX_IDS ? this.at * (MAX_IDS + 1) + ++this.ids : 0;
    const known = id === 0 ? aged(kind) : kind;
    if (o.kind === 'x') this.kinds.setX(o.n, known, id);
    else if (o.kind === 'y') this.kinds.setY(o.n, known, id);
  }

  private refine(o: Operand, kind: number): void {
    if (o.kind === 'x' || o.kind === 'y') this.kinds.refine(o.kind, o.n, kind);
  }

  /** A branch to where more is known of an operand. */
  private branchAs(label: Operand, o: Operand, better: number): void {
    if (better === this.kindOf(o) || (o.kind !== 'x' && o.kind !== 'y')) this.branch(label);
    else {
      const kinds = this.kinds.copy();
      kinds.refine(o.kind, o.n, better);
      this.branch(label, kinds, true);
    }
  }

  // ---- tests

  /** From here on the operand is of that kind, because a test will stand before the instruction, one of TAKES_FOR_GRANTED. */
  private want(operand: Operand, kind: number, fail?: Operand): void {
    this.takesForGranted();
    this.wanted.set(this.at, { operand, kind, size: elementsOf(kind), ...(fail && { fail }) });
    this.refine(operand, kind);
  }

  /** Sees to it that no instruction is missing from the table above: a function of nothing else would not be looked at. */
  private takesForGranted(): void {
    const { op } = this.code[this.at]!;
    if (!TAKES_FOR_GRANTED.has(op)) throw new Error(`${OPCODES[op]!.name} takes its operands for granted`);
  }

  private needCons(o: Operand): void {
    if (!isCell(this.kindOf(o))) this.want(o, CONS);
  }

  private needFloat(o: Operand): void {
    if (o.kind !== 'fr' && this.kindOf(o) !== FLOAT) this.want(o, FLOAT);
  }

  /** A tuple of any size, or the instruction goes to its fail label. */
  private needTuple(o: Operand, fail: Operand): void {
    if (elementsOf(this.kindOf(o)) < 0) this.want(o, tupleKind(0), fail);
  }

  private needMap(o: Operand, fail: Operand): void {
    if (this.kindOf(o) !== MAP) this.want(o, MAP, fail);
  }

  private needElements(o: Operand, size: number): void {
    if (elementsOf(this.kindOf(o)) < size) this.want(o, tupleKind(Math.max(size, this.elementsTaken(o))));
  }

  /** The highest element that this instruction and those right behind take from a register: one test is enough for them. */
  private elementsTaken(o: Operand): number {
    let most = 0;
    for (let i = this.at; i < this.code.length; i++) {
      const { op, args } = this.code[i]!;
      if (op !== Op.get_tuple_element || !isSameRegister(args[0]!, o)) break;
      most = Math.max(most, num(args[1]!) + 1);
      if (isSameRegister(args[2]!, o)) break;
    }
    return most;
  }

  private needContext(o: Operand): void {
    this.takesForGranted();
    if (this.kindOf(o) !== CONTEXT) this.fail(`${describe(o)} is not shown to hold a match context`);
  }

  // ---- instructions

  /** Steps over one instruction. Returns whether control does not go on behind it. */
  private instruction(instruction: Instruction): boolean {
    this.ids = 0;
    this.changesFrame = false;
    this.wanted.delete(this.at);
    const ends = this.step(instruction);
    const { handlers } = this.kinds;
    if (this.changesFrame && handlers.length > 0) {
      const kinds = this.kinds.copy();
      kinds.forgetX();
      kinds.age();
      this.arrive(this.module.places[handlers.at(-1)!]!, kinds, true);
    }
    return ends;
  }

  private step({ op, args }: Instruction): boolean {
    const { kinds } = this;
    const signature = SIGNATURES[op]!;
    switch (op) {
      case Op.move:
        this.move(args[0]!, args[1]!);
        return false;
      case Op.swap:
        this.swap(args[0]!, args[1]!);
        return false;
      case Op.get_list: {
        this.needCons(args[0]!);
        const cell = this.kindOf(args[0]!);
        this.set(args[1]!, headKind(cell));
        this.set(args[2]!, tailKind(cell));
        return false;
      }
      case Op.get_hd:
        this.needCons(args[0]!);
        this.set(args[1]!, headKind(this.kindOf(args[0]!)));
        return false;
      case Op.get_tl:
        this.needCons(args[0]!);
        this.set(args[1]!, tailKind(this.kindOf(args[0]!)));
        return false;
      case Op.get_tuple_element: {
        const n = num(args[1]!);
        this.needElements(args[0]!, n + 1);
        this.set(args[2]!, elementKind(this.kindOf(args[0]!), n));
        return false;
      }
      case Op.set_tuple_element: {
        const [value, tuple] = args;
        const n = num(args[2]!);
        const part = this.partKind(value!);
        if (!isFresh(this.kindOf(tuple!))) this.fail(`${describe(tuple!)} is not shown to hold a new tuple`);
        this.needElements(tuple!, n + 1);
        const { kind, n: register } = tuple as { kind: 'x' | 'y'; n: number };
        kinds.change(kind, register, (known) => withElement(known, n, part));
        // It may be in a Y register too, where a handler finds it.
        this.changesFrame = true;
        return false;
      }
      case Op.update_record: {
        const source = args[2]!;
        this.needElements(source, num(args[1]!));
        let kind = freshCopy(this.kindOf(source), num(args[1]!));
        for (let i = 0, items = itemsOf(args[4]!); i < items.length; i += 2)
          kind = withElement(kind, num(items[i]!) - 1, this.partKind(items[i + 1]!));
        this.set(args[3]!, kind);
        return false;
      }
      case Op.put_list:
        this.set(args[2]!, cellKind(this.partKind(args[0]!), this.partKind(args[1]!)));
        return false;
      case Op.put_tuple2: {
        const items = itemsOf(args[1]!);
        const parts = items.map((o) => this.partKind(o));
        this.set(args[0]!, tupleKind(items.length, parts, true));
        return false;
      }
      case Op.is_nonempty_list:
        this.branchAs(args[0]!, args[1]!, emptied(this.kindOf(args[1]!)));
        this.refine(args[1]!, CONS);
        return false;
      case Op.is_nil:
        this.branchAs(args[0]!, args[1]!, filled(this.kindOf(args[1]!)));
        this.refine(args[1]!, NIL);
        return false;
      case Op.is_tuple:
        this.branch(args[0]!);
        this.refine(args[1]!, tupleKind(0));
        return false;
      case Op.is_map:
        this.branch(args[0]!);
        this.refine(args[1]!, MAP);
        return false;
      case Op.get_map_elements:
      case Op.has_map_fields:
        this.needMap(args[1]!, args[0]!);
        if (op === Op.get_map_elements) return this.getParts(args[0]!, itemsOf(args[2]!));
        break;
      case Op.get_record_elements:
        return this.getParts(args[0]!, itemsOf(args[2]!));
      case Op.put_map_assoc:
      case Op.put_map_exact:
        this.ordinary(signature, args);
        this.set(args[2]!, MAP);
        return false;
      case Op.is_float:
        this.branch(args[0]!);
        this.refine(args[1]!, FLOAT);
        return false;
      case Op.test_arity:
        this.needTuple(args[1]!, args[0]!);
        this.branch(args[0]!);
        this.refine(args[1]!, tupleKind(num(args[2]!)));
        return false;
      case Op.is_tagged_tuple:
        this.branch(args[0]!);
        this.refine(args[1]!, tupleKind(num(args[2]!)));
        return false;
      case Op.is_eq_exact:
        this.branch(args[0]!);
        this.refineEqual(this.kinds, args[1]!, args[2]!);
        return false;
      case Op.is_ne_exact: {
        const equal = kinds.copy();
        this.refineEqual(equal, args[1]!, args[2]!);
        this.branch(args[0]!, equal);
        return false;
      }
      case Op.select_tuple_arity:
        this.needTuple(args[0]!, args[1]!);
        this.branch(args[1]!);
        for (let i = 0, items = itemsOf(args[2]!); i < items.length; i += 2)
          this.branchAs(items[i + 1]!, args[0]!, meet(this.kindOf(args[0]!), tupleKind(num(items[i]!))));
        return true;
      case Op.select_val:
        this.branch(args[1]!);
        for (let i = 1, items = itemsOf(args[2]!); i < items.length; i += 2) this.branch(items[i]!);
        return true;
      case Op.jump:
      case Op.wait:
      case Op.loop_rec_end:
        if (op !== Op.jump) this.suspend();
        this.branch(args[0]!);
        return true;
      case Op.wait_timeout:
        this.suspend();
        this.branch(args[0]!);
        return false;
      case Op.loop_rec:
        this.suspend();
        this.branch(args[0]!);
        this.set(args[1]!, ANY);
        return false;
      case Op.fmove:
        this.needFloat(args[0]!);
        this.set(args[1]!, FLOAT);
        return false;
      case Op.bif1:
      case Op.bif2:
      case Op.gc_bif1:
      case Op.gc_bif2:
        this.guardBif(op, args);
        return false;
      case Op.try:
      case Op.catch:
        this.set(args[0]!, ANY);
        kinds.handlers = [...kinds.handlers, num(args[1]!)];
        return false;
      case Op.try_end:
      case Op.try_case:
      case Op.catch_end:
        if (op !== Op.try_end) this.suspend();
        this.changesFrame = true;
        kinds.handlers = kinds.handlers.slice(0, -1);
        return false;
      case Op.allocate:
      case Op.allocate_zero:
      case Op.allocate_heap:
      case Op.allocate_heap_zero:
        kinds.age();
        kinds.allocate(num(args[0]!));
        return false;
      case Op.deallocate:
        kinds.deallocate();
        return false;
      case Op.trim:
        kinds.trim(num(args[0]!));
        return false;
      case Op.call: {
        const result = this.module.call(this.contract, num(args[1]!), this.arguments_(num(args[0]!)));
        this.suspend();
        if (result === NONE) return true;
        this.set(X0, result);
        return false;
      }
      case Op.call_last:
      case Op.call_only:
        this.module.returns(
          this.contract,
          this.module.call(this.contract, num(args[1]!), this.arguments_(num(args[0]!))),
        );
        return true;
      case Op.return:
        this.module.returns(this.contract, kinds.getX(0));
        return true;
      case Op.call_ext: {
        const result = this.externalResult(num(args[1]!));
        this.suspend();
        if (result === NONE) return true;
        this.set(X0, result);
        return false;
      }
      case Op.call_fun:
      case Op.call_fun2:
      case Op.apply:
        this.suspend();
        return false;
      case Op.call_ext_last:
      case Op.call_ext_only:
      case Op.apply_last:
        this.module.returns(this.contract, op === Op.apply_last ? ANY : this.externalResult(num(args[1]!)));
        return true;
      case Op.send:
      case Op.build_stacktrace:
      case Op.bs_init_writable:
      case Op.raw_raise:
        this.suspend();
        return false;
      case Op.make_fun3: {
        const lambda = this.module.m.lambdas[num(args[0]!)]!;
        for (const o of itemsOf(args[2]!)) this.partKind(o);
        this.module.makeFun(lambda.label);
        this.set(args[1]!, ANY);
        return false;
      }
      case Op.bs_start_match3:
      case Op.bs_start_match4: {
        kinds.age();
        if (args[0]!.kind === 'label') this.branch(args[0]!);
        this.set(args[3]!, CONTEXT);
        return false;
      }
      case Op.bs_get_integer2:
      case Op.bs_get_float2:
      case Op.bs_get_binary2:
      case Op.bs_skip_bits2:
      case Op.bs_test_tail2:
      case Op.bs_test_unit:
      case Op.bs_match_string:
      case Op.bs_get_utf8:
      case Op.bs_get_utf16:
      case Op.bs_get_utf32:
      case Op.bs_skip_utf8:
      case Op.bs_skip_utf16:
      case Op.bs_skip_utf32:
        this.needContext(args[1]!);
        break;
      case Op.bs_get_tail:
      case Op.bs_get_position:
      case Op.bs_set_position:
        this.needContext(args[0]!);
        break;
      case Op.bs_match:
        this.needContext(args[1]!);
        kinds.age();
        this.matchCommands(args[0]!, itemsOf(args[2]!));
        return false;
      case Op.func_info:
      case Op.badmatch:
      case Op.badrecord:
      case Op.case_end:
      case Op.try_case_end:
      case Op.if_end:
      case Op.raise:
        return true;
    }
    this.ordinary(signature, args);
    return false;
  }

  /** An instruction that only collects garbage, branches to fail labels and writes terms of any kind, in this order. */
  private ordinary(signature: string, args: Operand[]): void {
    if (signature.includes('L')) this.kinds.age();
    for (const arg of args) if (arg.kind === 'label') this.branch(arg);
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      const letter = signature[i]!;
      if ('dwyD'.includes(letter)) this.set(arg, ANY);
      else if (letter === 'Y') for (const item of itemsOf(arg)) this.set(item, ANY);
      else if (letter === 'E' || letter === 'R')
        for (let j = 1, items = itemsOf(arg); j < items.length; j += 2) this.set(items[j]!, ANY);
    }
  }

  /** Commands of bs_match. Where one does not match, those before it have written what they took. */
  private matchCommands(fail: Operand, items: Operand[]): void {
    const last = items.at(-1);
    for (const item of items) if (isRegister(item) && item !== last) this.set(item, ANY);
    this.branch(fail);
    if (last !== undefined && isRegister(last)) this.set(last, ANY);
  }

  /** Pairs of keys and destinations. Where a key is missing, those before it may have been written. */
  private getParts(fail: Operand, items: Operand[]): false {
    const destinations = items.filter((_, i) => i % 2 === 1);
    const last = destinations.pop();
    for (const o of destinations) this.set(o, ANY);
    this.branch(fail);
    if (last !== undefined) this.set(last, ANY);
    return false;
  }

  private move(from: Operand, to: Operand): void {
    const kind = this.kindOf(from);
    const id = from.kind === 'x' || from.kind === 'y' ? this.kinds.idOf(from.kind, from.n) : 0;
    this.set(to, kind);
    if (id !== 0) {
      if (to.kind === 'x') this.kinds.setX(to.n, kind, id);
      else if (to.kind === 'y') this.kinds.setY(to.n, kind, id);
    }
  }

  private swap(a: Operand, b: Operand): void {
    const before = this.kinds.copy();
    this.changesFrame = a.kind === 'y' || b.kind === 'y';
    const get = (o: Operand): [number, number] =>
      o.kind === 'x'
        ? [before.getX(o.n), before.idOf('x', o.n)]
        : [before.getY(num(o)), before.idOf('y', num(o))];
    for (const [to, from] of [
      [a, b],
      [b, a],
    ] as const)
      if (to.kind === 'x') this.kinds.setX(to.n, ...get(from));
      else if (to.kind === 'y') this.kinds.setY(to.n, ...get(from));
  }

  private refineEqual(kinds: KindState, a: Operand, b: Operand): void {
    const [ka, kb] = [this.kindOf(a), this.kindOf(b)];
    if (a.kind === 'x' || a.kind === 'y') kinds.refine(a.kind, a.n, aged(kb));
    if (b.kind === 'x' || b.kind === 'y') kinds.refine(b.kind, b.n, aged(ka));
  }

  private suspend(): void {
    this.kinds.forgetX();
    this.kinds.age();
  }

  private arguments_(arity: number): number[] {
    return Array.from({ length: arity }, (_, n) => this.kinds.getX(n));
  }

  /** What a call to another module gives. */
  private externalResult(index: number): number {
    const import_ = this.module.m.imports[index]!;
    if (onlyRaises(import_)) return NONE;
    if (!this.module.isBuiltIn(import_.module, import_.name, import_.arity)) return ANY;
    return resultOfCall(import_, this.arguments_(import_.arity));
  }

  /** bif1, bif2, gc_bif1, gc_bif2 */
  private guardBif(op: Op, args: Operand[]): void {
    const collects = op === Op.gc_bif1 || op === Op.gc_bif2;
    const import_ = this.module.m.imports[num(args[collects ? 2 : 1]!)]!;
    const operands = args.slice(collects ? 3 : 2, -1);
    if (collects || allocates(import_)) this.kinds.age();
    // max/2 and min/2 give one of their operands: a new tuple then has two names.
    for (const o of operands) this.partKind(o);
    this.branch(args[0]!);
    const kinds = operands.map((o) => this.kindOf(o));
    const shown = shownByBif(import_, kinds);
    if (shown !== undefined) this.refine(operands[shown.operand]!, shown.kind);
    this.set(args.at(-1)!, resultOfBif(import_, kinds));
  }
}

function describe(o: Operand): string {
  return o.kind === 'x' || o.kind === 'y' ? `register ${o.kind}${o.n}` : 'the operand';
}
