// How BIFs and slow paths raise an exception: they set the exception registers and return Sentinel.Unwind.
// Where it goes from there: exceptions.ts.
import { H, Reg, Why } from '../memory/arena.js';
import { Atom, am } from '../terms/atoms.js';
import { tuple } from '../terms/build.js';
import { NIL, Sentinel, type Term } from '../terms/tags.js';

/** What erlang:error/2,3 adds to the exception that it raises. */
export interface ErrorDetails {
  /** Arguments of the calling function, a list; 0: not given. */
  args: Term;
  /** Map of {error_info, Map}, 0: none. */
  info: Term;
  /** For a BIF: what its own error_info says under `cause`. */
  cause?: Term;
  /** OTP finds out behind the call that what was called is no fun: the caller is in the trace twice. */
  behindCall?: boolean;
  /** The fun that was called with `args`, whose module can not be loaded. */
  fun?: Term;
}

let details: ErrorDetails | undefined;

/** Raises class:reason; the stack trace is taken where it is handled. */
export function raise(cls: Term, reason: Term): Term {
  details = undefined;
  H[Reg.Class] = cls;
  H[Reg.Value] = reason;
  H[Reg.Trace] = NIL;
  H[Reg.Reason] = Why.Raise;
  return Sentinel.Unwind;
}

/** erlang:error/2,3: error:reason with the arguments of the calling function. */
export function raiseErrorWith(reason: Term, given: ErrorDetails): Term {
  raise(Atom.Error, reason);
  details = given;
  return Sentinel.Unwind;
}

/** The exception that was just raised belongs to the caller of the BIF, which is not on top of the trace (apply). */
export function blameCaller(behindCall = false): void {
  details ??= { args: 0, info: 0, behindCall };
}

/** The details of the exception that has just been raised, once. */
export function takeErrorDetails(): ErrorDetails | undefined {
  const taken = details;
  details = undefined;
  return taken;
}

/** error:reason */
export function raiseError(reason: Term): Term {
  return raise(Atom.Error, reason);
}

/** error:badarg */
export function badarg(): Term {
  return raise(Atom.Error, am.badarg);
}

/** error:badarg of a BIF whose error_info names a cause. */
export function badargBecause(cause: Term): Term {
  return raiseErrorWith(am.badarg, { args: 0, info: 0, cause });
}

/** error:{tag, value} as in {badmatch, V}. */
export function raiseTagged(tag: Term, value: Term): Term {
  return raise(Atom.Error, tuple(tag, value));
}
