// BIFs that look at stacks or move heaps, of the process that calls them too: compiled units have to leave the JavaScript
// stack first. So such a BIF has two parts. The first checks the arguments and traps; by the time that the interpreter runs
// the second, the whole stack is in place, and no JavaScript variable holds a term.
import { exportOf } from '../code/functions.js';
import { I } from '../interpret/ops.js';
import { H, Reg, Region, Why } from '../memory/arena.js';
import { atom } from '../terms/atoms.js';
import { Sentinel, type Term } from '../terms/tags.js';
import { defineBif } from './table.js';

/** A code address with a return instruction. */
export const RETURN = Region.CodeStart + 1;
H[RETURN] = I.Return;

/** What a BIF gives so that the code at `pc` is run in its place with that many X registers, which are set. */
export function callInstead(pc: number, live: number): Term {
  H[Reg.Pc] = pc;
  H[Reg.Live] = live;
  H[Reg.Reason] = Why.Call;
  return Sentinel.Unwind;
}

/**
 * The first part of a BIF.
 * @param name of the second part, in a module that no program can name
 * @param second never raises; if it moves heaps, it takes and gives immediate terms only; Sentinel.Unwind: the process has ended
 */
export function withWholeStack(
  name: string,
  arity: number,
  second: (...args: Term[]) => Term,
): (...args: Term[]) => Term {
  const module = '\0whole-stack';
  defineBif(module, name, arity, (...args) => {
    const result = second(...args.slice(0, arity));
    if (result === Sentinel.Unwind) return result;
    H[0] = result;
    return callInstead(RETURN, 1);
  });
  const { cell } = exportOf(atom(module), atom(name), arity);
  return (...args) => {
    for (let i = 0; i < arity; i++) H[i] = args[i];
    return callInstead(H[cell], arity);
  };
}
