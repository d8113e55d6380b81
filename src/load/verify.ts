// A light static verifier, in the spirit of OTP's beam_validator but without types: after it, no instruction that can be
// reached reads a register that holds nothing, leaves its stack frame, runs out of its function, or builds on the heap where
// no room was made; and nothing loops but through calls and receives.
//
// It follows each function's control flow forward, merges what is known where paths meet, and repeats until nothing
// changes. Code that no path reaches is not looked at: it does not run.

import { COMMANDS } from './check.js';
import { failAt } from './failure.js';
import { allocates } from './guard-bifs.js';
import { CONS_WORDS, FLOAT_WORDS, FUN_WORDS, heapWords } from './heap-need.js';
import { type BeamModule, type FunctionCode, type Instruction, LoadError, type Operand } from './module.js';
import { OPCODES, Op } from './opcodes.js';
import { highestX, itemsOf, num } from './operands.js';
import { SIGNATURES } from './signatures.js';
import { hasCycle } from './verify-loops.js';
import { canRaise, onlyRaises } from './verify-raises.js';
import { type CatchTag, NO_FRAME, State, UNKNOWN_FRAME } from './verify-state.js';

/** Most Y registers of a frame. */
const MAX_FRAME = 1023;
/** Most words of heap that one instruction may ask for; compilers ask for some thousands at most. */
const MAX_NEED = 1 << 24;
/** How often, on average, an instruction may be looked at; compilers' code needs less than two. */
const MAX_VISITS = 200;

/**
 * Checks that the engine can run all functions of a module without looking at frames and registers again.
 *
 * @throws LoadError for the first thing that is wrong
 */
export function verifyModule(m: BeamModule): void {
  for (const f of m.functions) verifyFunction(m, f);
}

/** By label: index of its instruction in the function at hand, -1 if it is elsewhere. */
let places = new Int32Array(0);

/**
 * Checks that the engine can run a function without looking at frames and registers again.
 *
 * @param m its module, which a reader made, so that operand kinds and table indexes are right already
 * @throws LoadError for the first thing that is wrong
 */
export function verifyFunction(m: BeamModule, f: FunctionCode): void {
  const { code } = f;
  if (places.length < m.labelCount) places = new Int32Array(m.labelCount * 2).fill(-1);
  try {
    new FunctionVerifier(m, f, code, places).run();
  } finally {
    for (const { op, args } of code) if (op === Op.label) places[(args[0] as { n: number }).n] = -1;
  }
}

class FunctionVerifier {
  /** State on arrival, by instruction index; only at labels. */
  private readonly states: (State | undefined)[];
  private readonly dirty: Uint8Array;
  private firstDirty = 0;
  private at = 0;
  private state!: State;
  /** Where the block at hand starts, and the ways from block to block that do not wait for a message, in pairs. */
  private blockStart = 0;
  private readonly edges: number[] = [];
  private goesBack = false;

  constructor(
    private readonly m: BeamModule,
    private readonly f: FunctionCode,
    private readonly code: Instruction[],
    /** See above; filled here. */
    private readonly places: Int32Array,
  ) {
    this.states = new Array(code.length);
    this.dirty = new Uint8Array(code.length);
  }

  run(): void {
    const { f, code, places } = this;
    let highest = 0;
    let entry = -1;
    for (let i = 0; i < code.length; i++) {
      const { op, args } = code[i]!;
      if (op === Op.label) {
        const n = (args[0] as { n: number }).n;
        places[n] = i;
        if (n === f.entry) entry = i;
      }
      for (const arg of args) highest = Math.max(highest, highestX(arg));
    }
    if (entry < 0) throw new LoadError(this.m.path, `${f.name}/${f.arity}: the entry label is missing`);
    this.states[entry] = State.atEntry(f.arity, highest);
    this.dirty[entry] = 1;
    this.fixpoint();
    if (this.goesBack && hasCycle(this.edges)) {
      this.at = entry;
      this.fail('the function has a loop without a call');
    }
  }

  private fixpoint(): void {
    const { dirty, code } = this;
    let budget = code.length * MAX_VISITS + 1000;
    for (let i = 0; i < dirty.length; i++) {
      if (dirty[i] === 0) continue;
      dirty[i] = 0;
      this.firstDirty = i + 1;
      budget -= this.block(i);
      if (budget < 0) this.fail('the control flow of this function is too tangled');
      // A jump backwards made an earlier label dirty again.
      if (this.firstDirty <= i) i = this.firstDirty - 1;
    }
  }

  private fail(what: string): never {
    const { m, f, code, at } = this;
    failAt(m, f, code, at, what);
  }

  /** Follows the code from the label at `start` to the next label or to where control leaves. Returns its length. */
  private block(start: number): number {
    const { code } = this;
    this.state = this.states[start]!.copy();
    this.blockStart = start;
    for (let i = start + 1; i < code.length; i++) {
      this.at = i;
      const instruction = code[i]!;
      if (instruction.op === Op.label) {
        this.arrive(i, this.state);
        return i - start;
      }
      if (this.instruction(instruction)) return i - start;
    }
    this.at = code.length - 1;
    this.fail('control runs off the end of the function');
  }

  /** Control reaches the label at index `i`. */
  private arrive(i: number, state: State): void {
    if (i <= this.blockStart) this.goesBack = true;
    this.edges.push(this.blockStart, i);
    this.reach(i, state);
  }

  /** The same where a process has looked at a message, or waits for one. */
  private reach(i: number, state: State): void {
    const known = this.states[i];
    if (known === undefined) this.states[i] = state.copy();
    else {
      if (!known.sameTags(state)) this.fail('paths with different active catch tags meet');
      if (!known.merge(state)) return;
    }
    this.dirty[i] = 1;
    if (i < this.firstDirty) this.firstDirty = i;
  }

  private branch(label: Operand, state = this.state): void {
    this.arrive(this.placeOf(label), state);
  }

  private placeOf(label: Operand): number {
    const n = (label as { n: number }).n;
    const place = this.places[n]!;
    if (place < 0) this.fail(`label ${n} belongs to another function`);
    return place;
  }

  /** Steps over one instruction. Returns whether control does not go on behind it. */
  private instruction({ op, args }: Instruction): boolean {
    const { state } = this;
    const signature = SIGNATURES[op];
    if (signature === undefined) this.fail(`instruction number ${op} is not supported`);
    for (let i = 0; i < args.length; i++) this.read(signature.charCodeAt(i), args[i]!);
    if (state.tags.length > 0 && canRaise(op, args)) {
      const handler: Operand = { kind: 'label', n: state.tags.at(-1)!.handler };
      this.branch(handler, state.atHandler());
    }
    const { raised } = state;
    state.raised = false;
    switch (op) {
      case Op.func_info:
        this.requireNoFrame();
        this.requireX(this.f.arity);
        return true;
      case Op.allocate:
        return this.allocate(args[0]!, args[1]!, false);
      case Op.allocate_heap:
        return this.allocate(args[0]!, args[2]!, false, args[1]!);
      case Op.allocate_zero:
        return this.allocate(args[0]!, args[1]!, true);
      case Op.allocate_heap_zero:
        return this.allocate(args[0]!, args[2]!, true, args[1]!);
      case Op.deallocate:
        this.deallocate(args[0]!);
        return false;
      case Op.trim:
        this.trim(num(args[0]!), num(args[1]!));
        return false;
      case Op.return:
        this.requireNoFrame();
        this.requireX(1);
        return true;
      case Op.call:
        this.bodyCall(num(args[0]!));
        return false;
      case Op.call_ext:
        if (this.neverReturns(args)) return true;
        this.bodyCall(num(args[0]!));
        return false;
      case Op.call_fun:
        this.bodyCall(num(args[0]!) + 1);
        return false;
      case Op.call_fun2:
        this.bodyCall(num(args[1]!));
        return false;
      case Op.apply:
        this.bodyCall(num(args[0]!) + 2);
        return false;
      case Op.call_only:
        this.requireNoFrame();
        this.requireX(num(args[0]!));
        return true;
      case Op.call_ext_only:
        if (this.neverReturns(args)) return true;
        this.requireNoFrame();
        this.requireX(num(args[0]!));
        return true;
      case Op.call_last:
        this.requireX(num(args[0]!));
        this.deallocate(args[2]!);
        return true;
      case Op.call_ext_last:
        if (this.neverReturns(args)) return true;
        this.requireX(num(args[0]!));
        this.deallocate(args[2]!);
        return true;
      case Op.apply_last:
        this.requireX(num(args[0]!) + 2);
        this.deallocate(args[1]!);
        return true;
      case Op.send:
        this.callLike(2);
        return false;
      case Op.build_stacktrace:
      case Op.bs_init_writable:
        this.callLike(1);
        return false;
      case Op.raw_raise:
        // It goes on with badarg if the class is none.
        this.callLike(3);
        return false;
      case Op.jump:
        this.branch(args[0]!);
        return true;
      case Op.select_val:
      case Op.select_tuple_arity:
        this.branch(args[1]!);
        this.branchList(args[2]!);
        return true;
      case Op.badmatch:
      case Op.badrecord:
      case Op.case_end:
      case Op.try_case_end:
      case Op.if_end:
      case Op.raise:
        return true;
      case Op.loop_rec:
        this.suspend();
        this.branch(args[0]!);
        this.write(args[1]!);
        return false;
      case Op.loop_rec_end:
      case Op.wait:
        this.suspend();
        this.reach(this.placeOf(args[0]!), state);
        return true;
      case Op.wait_timeout: {
        this.suspend();
        // A receive without clauses goes back to this very instruction, which reads its operand again. The value does
        // not matter then, for the timer is running already.
        const again = state.copy();
        if (args[1]!.kind === 'x') again.defineX(args[1]!.n);
        this.reach(this.placeOf(args[0]!), again);
        return false;
      }
      case Op.try:
      case Op.catch:
        this.enterTry(args[0]!, args[1]!, op);
        return false;
      case Op.try_end:
        this.leaveTry(args[0]!);
        return false;
      case Op.try_case:
        if (!raised) this.fail('a handler is entered without an exception');
        this.leaveTry(args[0]!);
        state.keepX(0);
        for (let n = 0; n < 3; n++) state.defineX(n);
        return false;
      case Op.catch_end:
        this.requireX(1);
        this.leaveTry(args[0]!);
        state.keepX(1);
        state.heap = 0;
        return false;
      case Op.bif1:
      case Op.bif2:
      case Op.bif3:
        this.ordinary(signature, args);
        if (allocates(this.m.imports[num(args[1]!)]!)) state.heap = 0;
        return false;
      case Op.bs_add:
        // A large sum is built on the heap.
        this.ordinary(signature, args);
        state.heap = 0;
        return false;
      case Op.put_list:
        this.build(CONS_WORDS);
        this.write(args[2]!);
        return false;
      case Op.put_tuple2:
        this.build(1 + itemsOf(args[1]!).length);
        this.write(args[0]!);
        return false;
      case Op.update_record:
        this.build(1 + num(args[1]!));
        this.write(args[3]!);
        return false;
      case Op.make_fun3: {
        const free = itemsOf(args[2]!).length;
        const lambda = this.m.lambdas[num(args[0]!)]!;
        if (free !== lambda.free)
          this.fail(
            `a fun with ${free} free variables of ${lambda.name}/${lambda.arity}, which takes ${lambda.free}`,
          );
        this.build(FUN_WORDS + free);
        this.write(args[1]!);
        return false;
      }
      case Op.fmove:
        if (args[0]!.kind === 'fr') this.build(FLOAT_WORDS);
        this.ordinary(signature, args);
        return false;
      case Op.bs_match:
        this.binaryMatch(args);
        return false;
      case Op.bs_init2:
      case Op.bs_init_bits:
      case Op.bs_append:
      case Op.bs_private_append:
        this.ordinary(signature, args);
        if (op === Op.bs_private_append) state.heap = 0;
        state.building = true;
        return false;
      case Op.bs_put_integer:
      case Op.bs_put_float:
      case Op.bs_put_binary:
      case Op.bs_put_string:
      case Op.bs_put_utf8:
      case Op.bs_put_utf16:
      case Op.bs_put_utf32:
        if (!state.building) this.fail('there is no bitstring that this could be put into');
        this.ordinary(signature, args);
        return false;
      default:
        this.ordinary(signature, args);
        return false;
    }
  }

  /** An instruction that only reads, collects garbage, branches to fail labels and writes, in this order. */
  private ordinary(signature: string, args: Operand[]): void {
    const live = signature.indexOf('L');
    if (live >= 0) {
      this.collect(num(args[live]!));
      const need = signature.indexOf('h');
      if (need >= 0) this.makeRoom(args[need]!);
    }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      if (arg.kind === 'label' && arg.n !== 0) this.branch(arg);
    }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!;
      switch (signature.charCodeAt(i)) {
        case 100: // d
        case 119: // w
        case 121: // y
        case 68: // D
        case 71: // G
          this.write(arg);
          break;
        case 89: // Y
          for (const item of itemsOf(arg)) this.write(item);
          break;
        case 69: // E
        case 82: {
          // R
          const items = itemsOf(arg);
          for (let j = 1; j < items.length; j += 2) this.write(items[j]!);
          break;
        }
      }
    }
  }

  private read(letter: number, arg: Operand): void {
    switch (letter) {
      case 115: // s
      case 114: // r
      case 119: // w
      case 122: // z
      case 70: // F
      case 83: // S
        this.readOperand(arg);
        return;
      case 86: // V
      case 75: // K
      case 77: // M
      case 66: // B
        for (const item of itemsOf(arg)) this.readOperand(item);
        return;
      case 69: {
        // E
        const items = itemsOf(arg);
        for (let i = 0; i < items.length; i += 2) this.readOperand(items[i]!);
        return;
      }
      case 85: {
        // U
        const items = itemsOf(arg);
        for (let i = 1; i < items.length; i += 2) this.readOperand(items[i]!);
        return;
      }
    }
  }

  private readOperand(arg: Operand): void {
    if (arg.kind === 'x') {
      if (!this.state.hasX(arg.n)) this.fail(`register x${arg.n} is read but holds nothing on some path`);
    } else if (arg.kind === 'y') {
      this.inFrame(arg.n);
      if (!this.state.hasY(arg.n)) this.fail(`register y${arg.n} is read but holds nothing on some path`);
      if (this.state.isTag(arg.n)) this.fail(`register y${arg.n} is read but holds a catch tag`);
    } else if (arg.kind === 'fr' && !this.state.hasFloat(arg.n))
      this.fail(`float register fr${arg.n} is read but holds nothing on some path`);
  }

  private write(arg: Operand): void {
    if (arg.kind === 'x') this.state.defineX(arg.n);
    else if (arg.kind === 'y') {
      this.inFrame(arg.n);
      if (this.state.isTag(arg.n)) this.fail(`register y${arg.n} is written but holds a catch tag`);
      this.state.defineY(arg.n);
    } else if (arg.kind === 'fr') this.state.defineFloat(arg.n);
  }

  /** Words of the heap are taken that were asked for before. */
  private build(words: number): void {
    const { state } = this;
    if (words > state.heap)
      this.fail(`takes ${words} words of the heap, but only ${state.heap} were asked for`);
    state.heap -= words;
  }

  private makeRoom(need: Operand): void {
    const words = heapWords(need);
    if (words > MAX_NEED) this.fail(`${words} words of heap are asked for; the limit is ${MAX_NEED}`);
    this.state.heap = words;
  }

  private inFrame(y: number): void {
    if (y >= this.state.limit) this.fail(`register y${y} is used with ${frameText(this.state.frame)}`);
  }

  private requireX(live: number): void {
    const n = this.state.firstUndefinedX(live);
    if (n >= 0) this.fail(`register x${n} is needed but holds nothing on some path`);
  }

  private requireNoFrame(): void {
    if (this.state.frame !== NO_FRAME) this.fail(`this must not happen with ${frameText(this.state.frame)}`);
  }

  private requireInitialised(): void {
    if (this.state.frame === UNKNOWN_FRAME) {
      if (this.state.isWhole()) return;
      this.fail(
        `garbage may be collected here, with ${frameText(UNKNOWN_FRAME)} that hold nothing in places`,
      );
    }
    const n = this.state.firstUndefinedY();
    if (n >= 0) this.fail(`garbage may be collected here, but register y${n} holds nothing on some path`);
  }

  /**
   * Whether an external call is one of a BIF that only raises. Compilers do not care about the frame there: there may be
   * none to return to, and a call_ext_last may give up a frame of the wrong size.
   */
  private neverReturns(args: Operand[]): boolean {
    const import_ = this.m.imports[num(args[1]!)]!;
    const { module, name, arity } = import_;
    if (num(args[0]!) !== arity)
      this.fail(`a call with ${num(args[0]!)} arguments of ${module}:${name}/${arity}`);
    if (!onlyRaises(import_)) return false;
    this.requireX(arity);
    return true;
  }

  /** Garbage may be collected; X registers from `live` on are lost. */
  private collect(live: number): void {
    this.requireX(live);
    this.requireInitialised();
    this.state.keepX(live);
    this.state.heap = 0;
    this.state.building = false;
  }

  /** A process may be scheduled out without any X register. */
  private suspend(): void {
    this.requireInitialised();
    this.state.keepX(0);
    this.state.heap = 0;
    this.state.building = false;
    this.state.loseFloats();
  }

  private callLike(arity: number): void {
    this.requireX(arity);
    this.suspend();
    this.state.defineX(0);
  }

  private bodyCall(arity: number): void {
    if (this.state.frame < 0) this.fail(`a call that returns here, with ${frameText(this.state.frame)}`);
    this.callLike(arity);
  }

  private allocate(size: Operand, live: Operand, initialised: boolean, need?: Operand): boolean {
    this.requireNoFrame();
    if (num(size) > MAX_FRAME)
      this.fail(`a stack frame of ${num(size)} registers; the limit is ${MAX_FRAME}`);
    this.collect(num(live));
    this.state.allocate(num(size), initialised);
    if (need !== undefined) this.makeRoom(need);
    return false;
  }

  private deallocate(size: Operand): void {
    const { state } = this;
    if (state.frame !== num(size))
      this.fail(`deallocates ${num(size)} registers with ${frameText(state.frame)}`);
    if (state.tags.length > 0) this.fail('the stack frame is given up while a catch tag is active');
    state.deallocate();
  }

  private trim(dropped: number, rest: number): void {
    const { state } = this;
    if (state.frame !== dropped + rest)
      this.fail(`trims ${dropped} and leaves ${rest} with ${frameText(state.frame)}`);
    if (state.tags.some((tag) => tag.y < dropped)) this.fail('an active catch tag is trimmed away');
    state.trim(dropped);
  }

  private enterTry(y: Operand, handler: Operand, op: number): void {
    const { state } = this;
    const tag: CatchTag = { y: num(y), handler: num(handler) };
    const place = this.places[tag.handler]!;
    if (place < 0) this.fail(`label ${tag.handler} belongs to another function`);
    const first = this.code[place + 1];
    const end = op === Op.try ? Op.try_case : Op.catch_end;
    if (first?.op !== end || num(first.args[0]!) !== tag.y)
      this.fail(`the handler at label ${tag.handler} does not start with ${OPCODES[end]!.name} y${tag.y}`);
    this.write(y);
    state.tags = [...state.tags, tag];
  }

  private leaveTry(y: Operand): void {
    const { state } = this;
    this.inFrame(num(y));
    if (state.tags.at(-1)?.y !== num(y)) this.fail(`y${num(y)} does not hold the innermost catch tag`);
    state.tags = state.tags.slice(0, -1);
  }

  private branchList(list: Operand): void {
    const items = itemsOf(list);
    for (let i = 1; i < items.length; i += 2) this.branch(items[i]!);
  }

  /** The commands of bs_match one after the other: those that make a term collect garbage and then write. */
  private binaryMatch([fail, , list]: Operand[]): void {
    const items = itemsOf(list!);
    const before = this.state.copy();
    // What was taken before a command did not match is on the heap.
    before.heap = 0;
    for (let i = 0; i < items.length; ) {
      const { name } = items[i] as { name: string };
      const size = COMMANDS[name]!.length;
      if (name === 'integer' || name === 'binary' || name === 'get_tail') {
        this.collect(num(items[i + 1]!));
        this.write(items[i + size]!);
      }
      i += size + 1;
    }
    if ((fail as { n: number }).n !== 0) this.branch(fail!, before);
  }
}

function frameText(frame: number): string {
  if (frame === UNKNOWN_FRAME) return 'stack frames of different sizes';
  return frame === NO_FRAME ? 'no stack frame' : `a stack frame of ${frame}`;
}
