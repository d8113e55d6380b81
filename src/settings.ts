// What the command line or the embedder has chosen; read when code is loaded and translated.

export const settings = {
  /** off: interpreter only; auto: what is called often is translated; eager: everything, at its first call. */
  jit: 'auto' as 'off' | 'auto' | 'eager',
  /** Calls of a function, or returns to a place in it, before it is translated (auto). */
  threshold: 400,
  /** Collect at every allocation that asks for it. */
  stressGc: false,
  /** Unwind at every call. */
  stressUnwind: false,
  /** Words a process may have; 0: no limit. */
  maxHeap: 0,
};

/** Reductions of a slice, as in OTP. It also bounds the depth of the JavaScript stack. */
export const REDUCTIONS = 4000;

export function sliceReductions(): number {
  return settings.stressUnwind ? 1 : REDUCTIONS;
}
