// What a BIF has the interpreter do when its callers' frames are in place, by code that is called in the BIF's place: to yield, or
// to hibernate. (BIFs that only need the whole stack are in two parts: see bifs/whole-stack.ts.)

import { callInstead, RETURN } from '../bifs/whole-stack.js';
import { H, Reg } from '../memory/arena.js';
import { collect, compact } from '../memory/collect.js';
import { codeSpace } from '../memory/spaces.js';
import { current } from '../processes/current.js';
import { Atom } from '../terms/atoms.js';
import type { Term } from '../terms/tags.js';
import { I } from './ops.js';
import { type Routine, slowRoutines } from './slow.js';
import { spreadArguments } from './transitions.js';

/** The words of a Slow instruction that runs `routine`. */
function slow(routine: Routine): number[] {
  slowRoutines.push(routine);
  return [I.Slow, slowRoutines.length - 1];
}

/** An entry like that of a function with one argument, which returns it: with no reductions left, the process yields here. */
const YIELD = [I.EntryPlain, 0, 1, I.Return];
const yieldThenReturn = codeSpace.allocate(YIELD.length);
H.set(YIELD, yieldThenReturn);

/** The BIF returns `value` after the others have had their turn. */
export function yieldReturning(value: Term): Term {
  H[Reg.Reds] = 0;
  H[0] = value;
  return callInstead(yieldThenReturn, 1);
}

/** BIFs that are in the middle of their work, by the code address at which they go on. */
export const continuations = new Map<number, { module: string; name: string; arity: number }>();

const SLOW_WORDS = 2;
const WAIT_WORDS = 2;

const sleep = codeSpace.allocate(2 * SLOW_WORDS + WAIT_WORDS);
const wakeUp = sleep + SLOW_WORDS + WAIT_WORDS;
H.set(
  [
    ...slow((pc) => {
      // Nothing of the stack is kept but its bottom, where the process ends.
      H[Reg.E] = current.end - 1;
      if (current.end - 4 <= H[Reg.Htop]) collect(current, 4, 3);
      const [module, name, args] = [H[0], H[1], H[2]];
      const e = current.end - 4;
      H[e] = module;
      H[e + 1] = name;
      H[e + 2] = args;
      H[Reg.E] = e;
      current.before = null;
      if (current.first !== null) return pc + SLOW_WORDS + WAIT_WORDS;
      if (current.arrivals === null) compact(current, 0);
      return pc + SLOW_WORDS;
    }),
    I.Wait,
    wakeUp,
    ...slow((pc) => {
      // What woke it up may not have been let in.
      if (current.first === null) return pc - WAIT_WORDS;
      const e = H[Reg.E];
      const target = spreadArguments(H[e], H[e + 1], H[e + 2]);
      H[Reg.E] = e + 3;
      return target;
    }),
  ],
  sleep,
);

/** erlang:hibernate/3 with arguments that are good: drops the stack and waits for a message, then calls module:name(args). */
export function hibernateThenCall(module: Term, name: Term, args: Term): Term {
  H[0] = module;
  H[1] = name;
  H[2] = args;
  return callInstead(sleep, 3);
}

const rest = codeSpace.allocate(2 * SLOW_WORDS + WAIT_WORDS);
const getUp = rest + SLOW_WORDS + WAIT_WORDS;
H.set(
  [
    ...slow((pc) => {
      if (current.first !== null) return pc + SLOW_WORDS + WAIT_WORDS;
      if (current.arrivals === null) compact(current, 0);
      return pc + SLOW_WORDS;
    }),
    I.Wait,
    getUp,
    ...slow((pc) => {
      if (current.first === null) return pc - WAIT_WORDS;
      H[0] = Atom.Ok;
      return RETURN;
    }),
  ],
  rest,
);

/** erlang:hibernate/0: waits for a message, in as little memory as can be, and returns ok. */
export function hibernate(): Term {
  return callInstead(rest, 0);
}

/** Whether a process that goes on at that code address hibernates without its stack. */
export function isHibernating(pc: number): boolean {
  return pc === wakeUp;
}
