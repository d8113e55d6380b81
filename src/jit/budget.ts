// How much is translated: no more than the program's run pays for. A unit costs far more than the interpreter takes for the calls that made
// it hot: its making, V8's work, and its calls of functions that are not translated. Programs that live in a few
// functions get that back at once, those that are spread over thousands (compilers) never. So the first units are free, and each
// further one must have been earned by reductions of the whole program. A hot function that is refused counts anew, and those that
// come back first are the hottest.
//
// Measured: OTP's compiler on five modules of stdlib and compiler took 7.3 s in the interpreter, 8.7 s with this budget and 12.9 s
// without, the benchmark programs the same with and without it.
import { settings, THRESHOLD, work } from '../settings.js';

/** BEAM instructions that may be translated at once. The benchmark programs need 23 to 663. */
const FREE = 3000;
/** Reductions for each further one. */
const REDUCTIONS_PER_INSTRUCTION = 3000;

let translated = 0;

/** A unit of that many BEAM instructions is being made. */
export function spend(instructions: number): void {
  translated += instructions;
}

/**
 * Whether what is hot may be translated now; always, if somebody has chosen what hot is. Reductions count, not time, so that each run of a
 * program translates the same.
 */
export function isAffordable(): boolean {
  if (settings.jit === 'eager' || settings.threshold !== THRESHOLD) return true;
  return translated < FREE + work.reductions / REDUCTIONS_PER_INSTRUCTION;
}
