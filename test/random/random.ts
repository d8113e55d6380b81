// A generator of pseudo-random numbers with a seed: the same seed gives the same programs everywhere.

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 0;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 32 bits. (Mulberry32, Tommy Ettinger, public domain.) */
  word(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let z = this.state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  }

  /** 0 to n - 1. */
  below(n: number): number {
    return Math.floor((this.word() / 4294967296) * n);
  }

  /** From a to b, both included. */
  range(a: number, b: number): number {
    return a + this.below(b - a + 1);
  }

  /** True once in n times. */
  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** One of the alternatives, which come with weights. */
  weighted<T>(alternatives: readonly (readonly [weight: number, value: T])[]): T {
    let n = this.below(alternatives.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, value] of alternatives) {
      n -= weight;
      if (n < 0) return value;
    }
    return alternatives[0][1];
  }

  times<T>(n: number, make: (i: number) => T): T[] {
    return Array.from({ length: n }, (_, i) => make(i));
  }
}
