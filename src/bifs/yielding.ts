// BIFs whose work grows with what they are given must not keep other processes waiting. Two means: a BIF charges reductions for
// its work, so that its caller yields soon; and one that may work for long does it in steps, as a task, between which others
// have their turn.
//
// A task is a JavaScript object that may hold terms: while its process has one, the process is not collected for its own sake
// (transitions.ts, scheduler.ts). Should it be collected for another reason (erlang:garbage_collect/1, a purge), the task is dropped
// with everything it made, and the BIF begins anew with its arguments, which are in the X registers. So a task must not change
// anything that programs can see, unless it holds no terms of the process and so survives; and whatever words a step leaves on the
// heap have to be whole objects.

import { continuations } from '../interpret/continuations.js';
import { I } from '../interpret/ops.js';
import { H, Reg } from '../memory/arena.js';
import { codeSpace } from '../memory/spaces.js';
import { current } from '../processes/current.js';
import type { Task } from '../processes/process.js';

export { charge } from '../processes/reductions.js';

import { settings } from '../settings.js';
import { IolistSteps } from '../terms/iolist.js';
import type { Term } from '../terms/tags.js';
import { type Bif, bifInfos, bifs, defineBif } from './table.js';
import { callInstead } from './whole-stack.js';

/** List cells, bytes and the like that go for a reduction, as a rule. */
export const CELLS_PER_REDUCTION = 40;

/** Cells or the like that a step may handle: some hundred microseconds. Under --stress=unwind steps are small, for tests. */
export function stepSize(): number {
  return settings.stressUnwind ? 24 : 100_000;
}

/** The same for what is done in bulk, in bytes: checksums, searching. */
export function stepBytes(): number {
  return settings.stressUnwind ? 64 : 1 << 20;
}

/** Whether control comes back to a BIF at a step. */
const isTask = (result: Term | Task): result is Task => typeof result !== 'number';

/**
 * Enters a BIF that can work in steps.
 * @param start does what is short at once; for what is long it gives a task, which has not begun or has been begun
 */
function defineYieldingBif(
  module: string,
  name: string,
  arity: number,
  start: (...args: Term[]) => Term | Task,
): void {
  // Where the BIF goes on: an entry like that of a function, at which the process yields if it has no reductions left, and a
  // BIF of the same name that takes up the task.
  const code = codeSpace.allocate(6);
  const number = bifs.length + 1;
  const suspend = (task: Task, args: Term[]): Term => {
    task.bif = number;
    current.task = task;
    for (let i = 0; i < arity; i++) H[i] = args[i];
    H[Reg.Reds] = 0;
    return callInstead(code, arity);
  };
  // One call for each arity: what is short should not pay for what is long.
  const beginnings: Bif[] = [
    () => {
      const result = start();
      return isTask(result) ? suspend(result, []) : result;
    },
    (a) => {
      const result = start(a);
      return isTask(result) ? suspend(result, [a]) : result;
    },
    (a, b) => {
      const result = start(a, b);
      return isTask(result) ? suspend(result, [a, b]) : result;
    },
    (a, b, c) => {
      const result = start(a, b, c);
      return isTask(result) ? suspend(result, [a, b, c]) : result;
    },
    (a, b, c, d) => {
      const result = start(a, b, c, d);
      return isTask(result) ? suspend(result, [a, b, c, d]) : result;
    },
  ];
  defineBif(module, name, arity, beginnings[arity]);
  bifs.push((...args) => {
    const { task } = current;
    current.task = null;
    const result = task !== null && task.bif === number ? task.step() : start(...args.slice(0, arity));
    return isTask(result) ? suspend(result, args) : result;
  });
  bifInfos.push(bifInfos[number - 1]);
  H.set([I.EntryPlain, 0, arity, I.BifCode, number, arity], code);
  continuations.set(code, { module, name, arity });
}

/** Enters a family: `{ 'name/arity': start }`. */
export function defineYieldingBifs(
  module: string,
  family: Record<string, (...args: Term[]) => Term | Task>,
): void {
  for (const [key, start] of Object.entries(family)) {
    const slash = key.lastIndexOf('/');
    defineYieldingBif(module, key.slice(0, slash), Number(key.slice(slash + 1)), start);
  }
}

/** A task that is written as a generator: it yields where a step ends, and returns the result. */
export class GeneratorTask implements Task {
  bif = 0;

  constructor(
    private readonly steps: Generator<undefined, Term>,
    readonly survives: boolean,
  ) {}

  abandon(): void {
    // What the generator has in `finally` is done.
    this.steps.return(0);
  }

  step(): Term | Task {
    const { done, value } = this.steps.next();
    return done === true ? value : this;
  }
}

/**
 * Begins a generator as a task; its result if there is no more than one step.
 * @param survives the generator holds no terms of the process
 */
export function inSteps(steps: Generator<undefined, Term>, survives = false): Term | Task {
  return new GeneratorTask(steps, survives).step();
}

/** The bytes of an iolist, in steps; undefined if it is none. */
export function* gatherInSteps(t: Term): Generator<undefined, Uint8Array | undefined> {
  const gathering = new IolistSteps(t);
  for (;;) {
    const more = gathering.step(stepSize());
    if (more === undefined) return undefined;
    if (!more) return gathering.gathered;
    yield;
  }
}
