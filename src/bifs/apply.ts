// apply/2,3
import { exportOf, findExport } from '../code/functions.js';
import { callFunTarget, spreadArguments } from '../interpret/transitions.js';
import { H, Reg } from '../memory/arena.js';
import { badarg, blameCaller, raiseError } from '../processes/raise.js';
import { am, atom } from '../terms/atoms.js';
import { listToArray } from '../terms/build.js';
import { isAtom, Kind, Sentinel, type Term } from '../terms/tags.js';
import { bifInfos, bifs, defineBifs } from './table.js';
import { callInstead } from './whole-stack.js';

/** How many X registers behind the arguments callFunTarget has filled. */
function freeVariables(fun: Term): number {
  return (H[fun >>> 3] & Kind.Mask) === Kind.Fun ? (H[fun >>> 3] >>> 8) - 3 : 0;
}

/** What a BIF returns that ends with a call of module:name(args), as the Erlang code does that OTP has in its place. */
export function callInPlace(module: Term, name: string, args: Term[]): Term {
  for (let i = 0; i < args.length; i++) H[i] = args[i];
  return callInstead(H[exportOf(module, atom(name), args.length).cell], args.length);
}

/** Most arguments of apply/3: they must fit the X registers, and in apply/2 the fun too. No function takes more than 255. */
const MAX_APPLIED = 1023;

defineBifs('erlang', {
  'apply/3': (m, f, args) => {
    const pc = spreadArguments(m, f, args);
    if (pc === 0) {
      const count = listToArray(args)?.length;
      if (!isAtom(m) || !isAtom(f) || count === undefined) return badarg();
      return raiseError(count > MAX_APPLIED ? am.system_limit : am.undef);
    }
    const bif = findExport(m, f, H[Reg.Live])?.bif ?? -1;
    if (bif >= 0 && !bifInfos[bif].frame) {
      const result = bifs[bif](H[0], H[1], H[2]);
      if (result === Sentinel.Unwind) blameCaller();
      return result;
    }
    return callInstead(pc, H[Reg.Live]);
  },
  'apply/2': (fun, args) => {
    const items = listToArray(args);
    if (items === undefined) return badarg();
    if (items.length >= MAX_APPLIED) return raiseError(am.system_limit);
    for (let i = 0; i < items.length; i++) H[i] = items[i];
    const pc = callFunTarget(fun, items.length);
    if (pc === 0) {
      blameCaller(true);
      return Sentinel.Unwind;
    }
    return callInstead(pc, items.length + freeVariables(fun));
  },
});
