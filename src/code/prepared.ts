// Code that has been read and is not in the system yet (erlang:prepare_loading/2). Programs hold a reference to it.
import { readBeam } from '../load/beam.js';
import { type BeamModule, LoadError } from '../load/module.js';

export interface Prepared {
  /** undefined: it has been loaded. */
  source: BeamModule | undefined;
}

/** By the number of the reference. Which references programs still hold is not known, so there is an end to what is kept. */
export const prepared = new Map<number, Prepared>();
const MAX_PREPARED = 4096;
const MAX_LOADED = 64;

/**
 * Reads the code of the module `name` and keeps it under a reference's number.
 * Throws LoadError, also if it is the code of another module.
 */
export function prepare(reference: number, name: string, bytes: Uint8Array): void {
  const source = readBeam(bytes, name);
  if (source.name !== name) throw new LoadError(name, `the module in the object code is ${source.name}`);
  prepared.set(reference, { source });
  forget();
}

function forget(): void {
  if (prepared.size <= MAX_LOADED) return;
  for (const [reference, { source }] of prepared) {
    if (source !== undefined && prepared.size <= MAX_PREPARED) continue;
    prepared.delete(reference);
    if (prepared.size <= MAX_LOADED) return;
  }
}
