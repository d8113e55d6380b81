// Funs: what tells the code of one from that of another, and where it is. A fun term holds a number in this table. As in
// OTP, a fun belongs to a version of a module by the MD5 of the code: it is the same after the same code has been loaded
// again, and its code is gone once that version is purged. (ERTS calls these fun entries.)
import type { Term } from '../terms/tags.js';
import { type CodeFunction, type LoadedModule, NOT_LOADED, type Unit } from './functions.js';

export interface LambdaEntry {
  /** Atom. */
  readonly module: Term;
  /** MD5 of the module's code. */
  readonly md5: Uint8Array;
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

export type LambdaKey = Pick<LambdaEntry, 'module' | 'md5' | 'index' | 'uniq' | 'arity' | 'free'>;

export const lambdas: LambdaEntry[] = [];
/** By lambda number: what takes the arguments of a call and the fun itself, with its free variables; null: not translated. */
export const funUnits: (Unit | null)[] = [];

const byKey = new Map<string, number>();
const free: number[] = [];

function keyOf({ module, md5, index, uniq, arity }: LambdaKey): string {
  return `${module} ${index} ${uniq} ${arity} ${Buffer.from(md5).toString('latin1')}`;
}

/** The number of a lambda; it is entered, without code, if it is not known yet. */
export function lambdaNumber(lambda: LambdaKey): number {
  const key = keyOf(lambda);
  let n = byKey.get(key);
  if (n === undefined) {
    n = free.pop() ?? lambdas.length;
    byKey.set(key, n);
    lambdas[n] = { ...lambda, fn: NOT_LOADED };
    funUnits[n] = null;
  }
  return n;
}

/** Funs of that number are calls of `fn` from now on. */
export function bindLambda(n: number, fn: CodeFunction): void {
  lambdas[n].fn = fn;
  funUnits[n] = null;
}

/** The code of a version goes away: its funs get that of another version which is the same, or none. */
export function unbindLambdas(m: LoadedModule, others: LoadedModule[]): void {
  for (const [i, n] of m.lambdas.entries()) {
    if (lambdas[n].fn.module !== m) continue;
    const same = others.find((o) => o !== m && o.lambdas[i] === n);
    const label = m.source.lambdas[i].label;
    bindLambda(n, same?.functions[same.source.functions.findIndex((f) => f.entry === label)] ?? NOT_LOADED);
  }
}

/** The lambda's number is free again, unless it has code. No term may hold it. */
export function removeLambda(n: number): void {
  if (lambdas[n].fn !== NOT_LOADED) return;
  byKey.delete(keyOf(lambdas[n]));
  free.push(n);
}
