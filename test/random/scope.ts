// What an expression of a random program can use: variables, functions of the module, and how much of it.
import type { Random } from './random.js';
import { key, type T } from './types.js';

export interface Variable {
  readonly name: string;
  readonly type: T;
}

export interface Callee {
  readonly name: string;
  readonly args: T[];
  readonly result: T;
  /** Whether it runs a loop: then it is not called in loops. */
  readonly loops: boolean;
}

/** Numbers fresh variables; one for each module. */
export class Names {
  private count = 0;
  fresh(): string {
    return `V${++this.count}`;
  }
}

export class Scope {
  constructor(
    readonly r: Random,
    readonly names: Names,
    readonly callees: readonly Callee[],
    readonly variables: readonly Variable[] = [],
    /** How deep expressions may still nest. */
    readonly depth = 4,
    /** Inside of a guard only guard expressions are allowed. */
    readonly guard = false,
    /** Inside of a loop nothing may run long. */
    readonly loop = 0,
  ) {}

  private derive(changes: Partial<Scope>): Scope {
    const { r, names, callees, variables, depth, guard, loop } = { ...this, ...changes };
    return new Scope(r, names, callees, variables, depth, guard, loop);
  }

  /** One level further in. */
  inner(): Scope {
    return this.derive({ depth: this.depth - 1 });
  }

  with(...variables: Variable[]): Scope {
    return variables.length === 0 ? this : this.derive({ variables: [...this.variables, ...variables] });
  }

  inGuard(): Scope {
    return this.derive({ guard: true, depth: Math.min(this.depth, 2) });
  }

  inLoop(): Scope {
    return this.derive({ loop: this.loop + 1, depth: Math.min(this.depth, 3) });
  }

  withCallees(callees: readonly Callee[]): Scope {
    return this.derive({ callees });
  }

  withDepth(depth: number): Scope {
    return this.derive({ depth });
  }

  /** A variable of the type; the newer ones are more likely. */
  variable(type: T): Variable | undefined {
    const fitting = this.variables.filter((v) => key(v.type) === key(type));
    if (fitting.length === 0) return undefined;
    return this.r.oneIn(2) ? fitting[fitting.length - 1] : this.r.pick(fitting);
  }

  /** Any variable whose type the test accepts. */
  variableWhere(test: (type: T) => boolean): Variable | undefined {
    const fitting = this.variables.filter((v) => test(v.type));
    return fitting.length === 0 ? undefined : this.r.pick(fitting);
  }
}
