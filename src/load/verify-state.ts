// What the verifier knows at one place of a function: which registers hold something, how large the stack frame is, which
// catch tags are active, how much of the heap is free for sure.

/** A catch tag in a Y register. */
export interface CatchTag {
  y: number;
  /** Label of the handler. */
  handler: number;
}

/** Frame size when there is no stack frame. */
export const NO_FRAME = -1;
/**
 * Frame size where paths with different ones have met. Compilers share code that only raises between such paths; it may
 * read what is the same in all the frames, and collect garbage if all of them are initialised, but must not give the frame up.
 */
export const UNKNOWN_FRAME = -2;

export class State {
  /** Y registers from here on are outside the frame. */
  limit: number;
  /** Bit set of the float registers that hold a number. */
  private f: Int32Array = NO_FLOATS;
  /** Words that are known to be free on the heap, for instructions that build without asking. */
  heap = 0;
  /** Whether a bitstring is being built step by step. */
  building = false;
  /** Whether the code is only entered by an exception, so that class, reason and trace are in registers. */
  raised = false;
  /** With UNKNOWN_FRAME: whether each of the frames holds something in every Y register. */
  private whole = true;

  private constructor(
    /** Bit set of the X registers that hold a term. */
    private readonly x: Int32Array,
    /** Size of the stack frame in Y registers, or NO_FRAME. */
    public frame: number,
    /** Bit set of the Y registers that hold a term or a catch tag. */
    private y: Int32Array,
    /** Innermost last. Never changed in place. */
    public tags: readonly CatchTag[],
    limit: number,
  ) {
    this.limit = limit;
  }

  /** At the entry of a function: the arguments, and no frame. */
  static atEntry(arity: number, highestX: number): State {
    const state = new State(
      new Int32Array((Math.max(highestX, arity, 3) >> 5) + 1),
      NO_FRAME,
      new Int32Array(0),
      [],
      0,
    );
    for (let n = 0; n < arity; n++) state.defineX(n);
    return state;
  }

  copy(): State {
    const state = new State(this.x.slice(), this.frame, this.y.slice(), this.tags, this.limit);
    state.f = this.f;
    state.heap = this.heap;
    state.raised = this.raised;
    state.building = this.building;
    state.whole = this.whole;
    return state;
  }

  /** The state at a handler when an exception is raised here: class, reason and trace in X registers. */
  atHandler(): State {
    const x = new Int32Array(this.x.length);
    x[0] = 7;
    const state = new State(x, this.frame, this.y.slice(), this.tags, this.limit);
    state.raised = true;
    return state;
  }

  hasFloat(n: number): boolean {
    return n >> 5 < this.f.length && ((this.f[n >> 5]! >> (n & 31)) & 1) === 1;
  }

  defineFloat(n: number): void {
    const f = new Int32Array(Math.max(this.f.length, (n >> 5) + 1));
    f.set(this.f);
    f[n >> 5]! |= 1 << (n & 31);
    this.f = f;
  }

  loseFloats(): void {
    this.f = NO_FLOATS;
  }

  hasX(n: number): boolean {
    return ((this.x[n >> 5]! >> (n & 31)) & 1) === 1;
  }

  defineX(n: number): void {
    this.x[n >> 5]! |= 1 << (n & 31);
  }

  /** The lowest X register below `live` that holds nothing, or -1. */
  firstUndefinedX(live: number): number {
    for (let n = 0; n < live; n++) if (!this.hasX(n)) return n;
    return -1;
  }

  /** X registers from `live` on are lost. */
  keepX(live: number): void {
    const word = live >> 5;
    if (word >= this.x.length) return;
    this.x[word]! &= (1 << (live & 31)) - 1;
    this.x.fill(0, word + 1);
  }

  hasY(n: number): boolean {
    return ((this.y[n >> 5]! >> (n & 31)) & 1) === 1;
  }

  defineY(n: number): void {
    this.y[n >> 5]! |= 1 << (n & 31);
  }

  /** The lowest Y register of the frame that holds nothing, or -1. */
  firstUndefinedY(): number {
    for (let n = 0; n < this.frame; n++) if (!this.hasY(n)) return n;
    return -1;
  }

  /** Whether every Y register holds something, of whatever frame it is. */
  isWhole(): boolean {
    return this.frame === UNKNOWN_FRAME ? this.whole : this.firstUndefinedY() < 0;
  }

  /** A new frame of `size` Y registers. */
  allocate(size: number, initialised: boolean): void {
    this.frame = size;
    this.limit = size;
    this.y = new Int32Array((size >> 5) + 1);
    if (initialised) for (let n = 0; n < size; n++) this.defineY(n);
  }

  deallocate(): void {
    this.frame = NO_FRAME;
    this.limit = 0;
    this.y = new Int32Array(0);
  }

  /** Drops the first `count` Y registers; the others are renumbered. */
  trim(count: number): void {
    const before = this.copy();
    this.allocate(this.frame - count, false);
    for (let n = 0; n < this.frame; n++) if (before.hasY(n + count)) this.defineY(n);
    this.tags = this.tags.map((tag) => ({ y: tag.y - count, handler: tag.handler }));
  }

  isTag(y: number): boolean {
    return this.tags.length > 0 && this.tags.some((tag) => tag.y === y);
  }

  sameTags(other: State): boolean {
    return (
      this.tags === other.tags ||
      (this.tags.length === other.tags.length &&
        this.tags.every((tag, i) => tag.y === other.tags[i]!.y && tag.handler === other.tags[i]!.handler))
    );
  }

  /** Keeps what `other` knows too. Returns whether anything was lost. */
  merge(other: State): boolean {
    const rest = this.mergeRest(other);
    const x = intersect(this.x, other.x) || rest;
    if (this.frame !== other.frame || this.limit !== other.limit) {
      const limit = Math.min(this.limit, other.limit);
      const whole = this.isWhole() && other.isWhole();
      const changed = this.frame !== UNKNOWN_FRAME || limit < this.limit || whole !== this.whole;
      this.whole = whole;
      this.frame = UNKNOWN_FRAME;
      this.limit = limit;
      this.y = this.y.slice(0, other.y.length);
      return intersect(this.y, other.y) || x || changed;
    }
    const y = intersect(this.y, other.y);
    const lessWhole = this.whole && !other.whole;
    if (lessWhole) this.whole = false;
    return x || y || lessWhole;
  }

  /** What is no X or Y register. */
  private mergeRest(other: State): boolean {
    let changed = false;
    if (other.heap < this.heap) {
      this.heap = other.heap;
      changed = true;
    }
    if (this.building && !other.building) {
      this.building = false;
      changed = true;
    }
    if (this.raised && !other.raised) {
      this.raised = false;
      changed = true;
    }
    if (this.f.length > 0) {
      const f = this.f.slice(0, Math.min(this.f.length, other.f.length));
      if (intersect(f, other.f) || f.length < this.f.length) {
        this.f = f;
        changed = true;
      }
    }
    return changed;
  }
}

const NO_FLOATS = new Int32Array(0);

function intersect(a: Int32Array, b: Int32Array): boolean {
  let changed = false;
  for (let i = 0; i < a.length; i++) {
    const both = a[i]! & b[i]!;
    if (both !== a[i]) {
      a[i] = both;
      changed = true;
    }
  }
  return changed;
}
