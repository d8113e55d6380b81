// Where a runtime's standard input comes from.
import { input } from '../bifs/input.js';
import { park } from './callers.js';
import { state } from './state.js';

/** Gives the next bytes, or null at the end. */
export type Source = () => Promise<Uint8Array | null>;

/** Has programs read from there. */
export function readFrom(source: Source): void {
  input.read = (deliver) => {
    const next = (bytes: Uint8Array | null): void => {
      if (state.ended !== null) return;
      park();
      deliver(bytes);
    };
    source().then(next, () => next(null));
  };
}
