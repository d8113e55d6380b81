// What the system modules of ours (src/lib/system) ask the engine: how it was started, and what runs.
import { registered } from '../processes/exit.js';
import { Atom } from '../terms/atoms.js';
import { list, stringList } from '../terms/build.js';
import { bool } from './arguments.js';
import { defineBifs } from './table.js';

/** How the engine was started; set by the command line or the embedder. */
export const started: {
  /** init:get_plain_arguments/0 */
  plainArguments: string[];
  /** init:stop/0,1 was called: the run goes on until halt/1, even if its main process ends. */
  stopping: boolean;
} = { plainArguments: [], stopping: false };

defineBifs('turbeam', {
  'plain_arguments/0': () => list(started.plainArguments.map((text) => stringList(text))),
  'stopping/0': () => {
    started.stopping = true;
    return Atom.Ok;
  },
  /** Whether a process has that name; unlike whereis/1, does not start one. */
  'is_registered/1': (name) => bool(registered.has(name)),
});
