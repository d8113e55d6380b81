// The kinds of the terms in registers at one place of a function.
import { ANY, aged, isFresh, join, meet } from './kinds.js';

/** Kinds of the registers, and which registers hold the same term: they have the same identity. */
export class KindState {
  /** Some register may hold a new tuple. */
  private mayBeFresh = false;

  private constructor(
    private readonly x: number[],
    private readonly xIds: number[],
    private y: number[],
    private yIds: number[],
    /** Labels of the active exception handlers, innermost last. Never changed in place. */
    public handlers: readonly number[],
  ) {}

  /** At the entry of a function: its parameters. Other X registers hold nothing that is read. */
  static atEntry(parameters: readonly number[], highestX: number): KindState {
    const size = Math.max(highestX + 1, parameters.length, 4);
    const x = [...parameters];
    while (x.length < size) x.push(ANY);
    const ids = x.map((_, n) => -1 - n);
    return new KindState(x, ids, [], [], []);
  }

  copy(): KindState {
    const state = new KindState(
      this.x.slice(),
      this.xIds.slice(),
      this.y.slice(),
      this.yIds.slice(),
      this.handlers,
    );
    state.mayBeFresh = this.mayBeFresh;
    return state;
  }

  getX(n: number): number {
    return this.x[n]!;
  }

  getY(n: number): number {
    return this.y[n] ?? ANY;
  }

  /** @param id an identity that no other term has */
  setX(n: number, kind: number, id: number): void {
    this.mayBeFresh ||= isFresh(kind);
    this.x[n] = kind;
    this.xIds[n] = id;
  }

  setY(n: number, kind: number, id: number): void {
    this.mayBeFresh ||= isFresh(kind);
    this.y[n] = kind;
    this.yIds[n] = id;
  }

  /** Identity of the term in a register; 0: none. */
  idOf(register: 'x' | 'y', n: number): number {
    return (register === 'x' ? this.xIds[n] : this.yIds[n]) ?? 0;
  }

  /** A test has shown what all registers with this term hold. */
  refine(register: 'x' | 'y', n: number, kind: number): void {
    this.change(register, n, (known) => meet(known, kind));
  }

  /** Changes the kind in all registers with this term. */
  change(register: 'x' | 'y', n: number, to: (kind: number) => number): void {
    const id = this.idOf(register, n);
    if (id === 0) {
      if (register === 'x') this.x[n] = to(this.x[n]!);
      else if (n < this.y.length) this.y[n] = to(this.y[n]!);
      return;
    }
    for (let i = 0; i < this.x.length; i++) if (this.xIds[i] === id) this.x[i] = to(this.x[i]!);
    for (let i = 0; i < this.y.length; i++) if (this.yIds[i] === id) this.y[i] = to(this.y[i]!);
  }

  /** Every X register is lost (calls). */
  forgetX(): void {
    this.x.fill(ANY);
    this.xIds.fill(0);
  }

  /** Garbage may be collected: tuples are not new any more. */
  age(): void {
    if (!this.mayBeFresh) return;
    this.mayBeFresh = false;
    for (let i = 0; i < this.x.length; i++) this.x[i] = aged(this.x[i]!);
    for (let i = 0; i < this.y.length; i++) this.y[i] = aged(this.y[i]!);
  }

  allocate(size: number): void {
    this.y = new Array<number>(size).fill(ANY);
    this.yIds = new Array<number>(size).fill(0);
  }

  deallocate(): void {
    this.y = [];
    this.yIds = [];
  }

  trim(count: number): void {
    this.y = this.y.slice(count);
    this.yIds = this.yIds.slice(count);
  }

  /**
   * Keeps what `other` knows too.
   * @param place a number of the place where the two meet
   * @returns whether anything was lost
   */
  merge(other: KindState, place: number): boolean {
    this.mayBeFresh ||= other.mayBeFresh;
    let changed = mergeRegisters(this.x, this.xIds, other.x, other.xIds, this.x.length, mergedId(place, 0));
    const frame = Math.min(this.y.length, other.y.length);
    if (frame < this.y.length) {
      changed = true;
      this.y.length = frame;
      this.yIds.length = frame;
    }
    if (mergeRegisters(this.y, this.yIds, other.y, other.yIds, frame, mergedId(place, 1024))) changed = true;
    return changed;
  }
}

/** Merges b into a; register n gets the identity firstId - n where the terms differ. */
function mergeRegisters(
  a: number[],
  ids: number[],
  b: readonly number[],
  bIds: readonly number[],
  count: number,
  firstId: number,
): boolean {
  let changed = false;
  for (let n = 0; n < count; n++) {
    // A new tuple of which two registers do not know that they share it could change behind the back of one.
    const isSame = ids[n] === bIds[n];
    const kind = isSame ? join(a[n]!, b[n]!) : aged(join(a[n]!, b[n]!));
    if (kind !== a[n]) {
      a[n] = kind;
      changed = true;
    }
    if (!isSame && ids[n] !== firstId - n) {
      ids[n] = firstId - n;
      changed = true;
    }
  }
  return changed;
}

/** The identity of a term in register n (Y registers: 1024 + n) where paths meet that bring different ones. */
function mergedId(place: number, n: number): number {
  return -(place * 2048 + n + 1024);
}
