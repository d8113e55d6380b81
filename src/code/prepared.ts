// Code that has been read and is not in the system yet (erlang:prepare_loading/2). Programs hold a reference to it,
// and it goes with the last one.
import { readBeam } from '../load/beam.js';
import { type BeamModule, LoadError } from '../load/module.js';
import { resourceOf } from '../memory/resources.js';
import { Handle, resourceTerm } from '../processes/references.js';
import type { Term } from '../terms/tags.js';

export interface Prepared {
  /** undefined: it has been loaded. */
  source: BeamModule | undefined;
}

/** By the resources of their references. */
const prepared = new Map<number, Prepared>();

/**
 * Reads the code of the module `name`: a reference to it.
 * Throws LoadError, also if it is the code of another module.
 */
export function prepare(name: string, bytes: Uint8Array): Term {
  const source = readBeam(bytes, name);
  if (source.name !== name) throw new LoadError(name, `the module in the object code is ${source.name}`);
  const reference = resourceTerm(Handle.Prepared, 0, () => prepared.delete(resource));
  const resource = resourceOf(reference, Handle.Prepared);
  prepared.set(resource, { source });
  return reference;
}

/** What a reference stands for; undefined: no prepared code. */
export function preparedOf(t: Term): Prepared | undefined {
  return prepared.get(resourceOf(t, Handle.Prepared));
}
