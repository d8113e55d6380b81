// Which modules `bench` can measure.
import type { BeamModule } from '../../load/module.js';

const WANTED = [
  ['run', 1],
  ['default', 0],
  ['small', 0],
] as const;

/** What a module has to export, for messages. */
export const WANTED_TEXT = 'run/1, default/0 and small/0';

/** Whether a module exports run/1 and its sizes, default/0 and small/0. */
export function isBenchmark(m: Pick<BeamModule, 'exports'>): boolean {
  return WANTED.every(([name, arity]) => m.exports.some((e) => e.name === name && e.arity === arity));
}
