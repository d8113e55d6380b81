// Compiled match specifications that programs hold: references, in ets:match_spec_compile/1 and in continuations. A
// specification goes with the last of its references.
import { H } from '../memory/arena.js';
import { resourceOf } from '../memory/resources.js';
import { Handle, resourceTerm } from '../processes/references.js';
import { free, Obj, store, wordsOf } from '../tables/objects.js';
import { tuple } from '../terms/build.js';
import type { Term } from '../terms/tags.js';
import { compileMatchSpec, type Program } from './program.js';
import { prepare } from './state.js';

interface Compiled {
  program: Program;
  /** Object whose tuple {MatchSpec} has the constants of the program. */
  constants: number;
}

/** By the resources of their references. */
const compiled = new Map<number, Compiled>();

/** A specification that is compiled and lies off the heap, for whoever frees it. */
export interface Apart {
  program: Program;
  /** To be called before each time that the program runs for a while. */
  prepare: () => void;
  free: () => void;
}

function compileApart(spec: Term): Compiled {
  const constants = store(tuple(spec));
  try {
    return { program: compileMatchSpec(H[constants + Obj.Tuple + 1]), constants };
  } catch (error) {
    free(constants);
    throw error;
  }
}

/** Compiles a specification for a while. Throws BadMatchSpec. */
export function keepApart(spec: Term): Apart {
  const { program, constants } = compileApart(spec);
  return {
    program,
    prepare: () => prepare(constants, Obj.Tuple + wordsOf(constants)),
    free: () => free(constants),
  };
}

/** Compiles a specification to keep it: its reference. Throws BadMatchSpec. */
export function keepMatchSpec(spec: Term): Term {
  const { program, constants } = compileApart(spec);
  const reference = resourceTerm(Handle.MatchSpec, 0, () => {
    compiled.delete(resource);
    free(constants);
  });
  const resource = resourceOf(reference, Handle.MatchSpec);
  compiled.set(resource, { program, constants });
  return reference;
}

/** The program behind a reference, ready to run; undefined if the term is none. */
export function keptProgram(t: Term): Program | undefined {
  const found = compiled.get(resourceOf(t, Handle.MatchSpec));
  if (found === undefined) return undefined;
  prepare(found.constants, Obj.Tuple + wordsOf(found.constants));
  return found.program;
}
