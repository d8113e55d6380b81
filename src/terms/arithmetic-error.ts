// How arithmetic reports a failure: no exception is thrown, the reason is left here.
import { am } from './atoms.js';
import { Sentinel, type Term } from './tags.js';

/** Why the last arithmetic function returned Sentinel.Unwind: badarith, badarg or system_limit. */
export let arithmeticError: Term = am.badarith;

/** Leaves the reason of a failure and gives what the failed function returns. */
export function fail(reason: Term): Term {
  arithmeticError = reason;
  return Sentinel.Unwind;
}

export function badarith(): Term {
  return fail(am.badarith);
}

export function badarg(): Term {
  return fail(am.badarg);
}

export function systemLimit(): Term {
  return fail(am.system_limit);
}
