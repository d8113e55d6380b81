// What the command line or the embedder has chosen; read when code is loaded and translated.

/** The threshold where none is chosen: jit/budget.ts then limits how much is translated. */
export const THRESHOLD = 400;

export const settings = {
  /** off: interpreter only; auto: what is called often is translated; eager: everything, at its first call. */
  jit: 'auto' as 'off' | 'auto' | 'eager',
  /** Calls of a function, or returns to a place in it, before it is translated (auto). */
  threshold: THRESHOLD,
  /** Optimisations of the translator that can be left out, to see what each is worth. */
  without: {
    /** Stubs are calls of one shared copy instead of inlined templates. */
    stubs: false,
    /** Every number is boxed as soon as it is computed. */
    unboxed: false,
    /** Calls inside a module go through the callee's holder. */
    direct: false,
  },
  /** Let V8 inline more, in the whole process: the command line does, an embedder decides. */
  tuneV8: false,
  /** Parse generated code again and check the names in it: for tests and dumps. */
  checkUnits: false,
  /** Keep of each unit what dumps, profiles and the explorer want to know: which instruction each part of its text comes from. */
  mapUnits: false,
  /** Collect at every allocation that asks for it. */
  stressGc: false,
  /** Unwind at every call. */
  stressUnwind: false,
  /** Words a process may have; 0: no limit. */
  maxHeap: 0,
  /** Reductions that all processes together may take before the run is given up; 0: no limit. */
  maxReductions: 0,
  /** Bytes of JavaScript stack that a slice may take, see REDUCTION. */
  stackBytes: 4000 * 220,
};

/**
 * What one reduction is in the counter (Reg.Reds). The counter does two things: it ends a slice after 4000 calls, as in
 * OTP, and it bounds the depth of the JavaScript stack. So compiled units charge the bytes that their frame may take there,
 * and a slice of reductions, all of them nested, fits Node's default stack of 984 KB.
 */
export const REDUCTION = 220;

/** Reductions taken so far by all processes, to the slice; how many slices they were; functions that have been called at all. */
export const work = { reductions: 0, slices: 0, functions: 0 };

/** Whether the run has used up settings.maxReductions. */
export function isExhausted(): boolean {
  return settings.maxReductions > 0 && work.reductions > settings.maxReductions;
}

/** What the counter starts a slice with. Under --stress=unwind it lets one call through. */
export function sliceReductions(): number {
  return settings.stressUnwind ? REDUCTION : settings.stackBytes;
}
