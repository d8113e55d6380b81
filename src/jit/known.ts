// What a unit knows of the terms in its locals at one place: what later instructions need not test again.

/** What is known of a term in a local. */
export interface Info {
  /** It is a small integer. */
  small: boolean;
  /** It is a float. */
  float?: boolean;
  /** It is a fun, of the lambda with this number. */
  lambda?: number;
  /** Bounds if it is an integer of known range. */
  min?: number;
  max?: number;
}

/** Info of an integer between min and max. */
export function infoOfRange(min: number, max: number): Info {
  return { small: min >= -0x40000000 && max <= 0x3fffffff, min, max };
}

/** What holds on both of two paths. */
export function mergeKnown(a: Map<string, Info>, b: Map<string, Info>): Map<string, Info> {
  const merged = new Map<string, Info>();
  for (const [name, x] of a) {
    const y = b.get(name);
    if (y === undefined) continue;
    const range = x.min !== undefined && y.min !== undefined && x.max !== undefined && y.max !== undefined;
    if (range) merged.set(name, infoOfRange(Math.min(x.min!, y.min!), Math.max(x.max!, y.max!)));
    else if (x.small && y.small) merged.set(name, { small: true });
    else if (x.float && y.float) merged.set(name, { small: false, float: true });
    else if (x.lambda !== undefined && x.lambda === y.lambda) merged.set(name, x);
  }
  return merged;
}
