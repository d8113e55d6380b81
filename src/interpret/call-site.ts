// Where the running BIF was called from, for the few that want to know (process_info of the calling process): its callers
// may be compiled units that have no frames on the process stack yet. Such a BIF asks, and is called again once
// all frames are in place; so it has to ask before it does anything.
import { H, Reg, Why } from '../memory/arena.js';
import { Sentinel } from '../terms/tags.js';

let wanted = false;
let site = -1;

/**
 * The code address of the call of the running BIF, with the whole stack in place. -1: not yet, the BIF has to return
 * Sentinel.Unwind (which `leaveForCallSite` gives) and will be called again.
 */
export function takeCallSite(): number {
  const pc = site;
  site = -1;
  return pc;
}

/** What the BIF returns when takeCallSite has given -1. */
export function leaveForCallSite(): number {
  wanted = true;
  // For a unit that looks like an exception: it leaves to the interpreter, at the call.
  H[Reg.Reason] = Why.Raise;
  return Sentinel.Unwind;
}

/** The interpreter at `pc` has been left by a BIF: whether it wants to be called again, with its site known. */
export function isSiteWanted(pc: number): boolean {
  if (!wanted) return false;
  wanted = false;
  site = pc;
  return true;
}
