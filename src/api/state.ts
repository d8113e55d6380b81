// What the parts of the API inside of an engine share.
import type { Process } from '../processes/process.js';
import { TurbeamError } from './values.js';

/** State of the runtime as JavaScript sees it. */
export const state: {
  /** Why nothing can be called any more. */
  ended: TurbeamError | null;
  /** The engine is in the middle of something, which no call may come into. */
  busy: boolean;
  /** The process whose registers are in the arena though nobody runs; null: none. */
  resident: Process | null;
} = { ended: null, busy: false, resident: null };

/** Throws if no call can be made now. */
export function checkOpen(): void {
  if (state.ended !== null) throw new TurbeamError(state.ended.code, state.ended.message);
  if (state.busy)
    throw new TurbeamError(
      'busy',
      'the runtime can not be called from here: from a getter of a value that it is given, or a function that was registered as direct',
    );
}
