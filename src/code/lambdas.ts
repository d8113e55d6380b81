// Funs: what tells the code of one from that of another, and where it is. A fun term holds a number in this table. As in
// OTP, a fun belongs to a version of a module by the MD5 of the code: it is the same after the same code has been loaded
// again, and its code is gone once that version is purged. (ERTS calls these fun entries.)
import type { Term } from '../terms/tags.js';
import { type CodeFunction, functionOfLabel, type LoadedModule, NOT_LOADED, type Unit } from './functions.js';

export interface LambdaEntry {
  /** Atom. */
  readonly module: Term;
  /** Has the MD5 of the module's code: the module itself, as the MD5 is rarely wanted and takes time. */
  source: { readonly md5: Uint8Array };
  /** Position among the lambdas of the module. */
  readonly index: number;
  /** The number that `#Fun<module.index.uniq>` shows. */
  readonly uniq: number;
  /** Arity of the fun, without free variables. */
  readonly arity: number;
  readonly free: number;
  /** The code; NOT_LOADED: its module is not there, or in another version. */
  fn: CodeFunction;
}

export type LambdaKey = Omit<LambdaEntry, 'fn'>;

export const lambdas: LambdaEntry[] = [];
/** By lambda number: what takes the arguments of a call and the fun itself, with its free variables; null: not translated. */
export const funUnits: (Unit | null)[] = [];

/** Numbers of those without code: of modules that are not there, or of versions that have been purged. */
export const codeless = new Set<number>();

const byKey = new Map<string, number>();
const free: number[] = [];

/** `uniq` is made from the MD5, so it is as good as always enough to tell versions apart; `attempt` is for when it is not. */
function keyOf({ module, index, uniq, arity, free }: LambdaKey, attempt: number): string {
  // A fun can come out of an external term, with any number of free variables: the code takes as many as the module says.
  return `${module} ${index} ${uniq} ${arity} ${free} ${attempt}`;
}

function sameCode(a: LambdaKey, b: LambdaKey): boolean {
  return a.source === b.source || Buffer.compare(a.source.md5, b.source.md5) === 0;
}

/** The number of a lambda; it is entered, without code, if it is not known yet. */
export function lambdaNumber(lambda: LambdaKey): number {
  for (let attempt = 0; ; attempt++) {
    const key = keyOf(lambda, attempt);
    let n = byKey.get(key);
    if (n === undefined) {
      n = free.pop() ?? lambdas.length;
      byKey.set(key, n);
      lambdas[n] = { ...lambda, fn: NOT_LOADED };
      funUnits[n] = null;
      codeless.add(n);
      return n;
    }
    if (sameCode(lambdas[n], lambda)) return n;
  }
}

/** Funs of that number are calls of `fn` from now on. */
export function bindLambda(n: number, fn: CodeFunction): void {
  const l = lambdas[n];
  l.fn = fn;
  l.source = fn === NOT_LOADED ? { md5: l.source.md5 } : fn.module.source;
  funUnits[n] = null;
  if (fn === NOT_LOADED) codeless.add(n);
  else codeless.delete(n);
}

/** The code of a version goes away: its funs get that of another version which is the same, or none. */
export function unbindLambdas(m: LoadedModule, others: LoadedModule[]): void {
  for (const [i, n] of m.lambdas.entries()) {
    if (lambdas[n].fn.module !== m) continue;
    const same = others.find((o) => o !== m && o.lambdas[i] === n);
    const label = m.source.lambdas[i].label;
    bindLambda(n, same === undefined ? NOT_LOADED : functionOfLabel(same, label));
  }
}

/** The number of a lambda without code is free again. No term may hold it. */
export function removeLambda(n: number): void {
  codeless.delete(n);
  for (let attempt = 0; ; attempt++) {
    const key = keyOf(lambdas[n], attempt);
    if (byKey.get(key) !== n) continue;
    byKey.delete(key);
    break;
  }
  free.push(n);
}
