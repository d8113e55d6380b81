// Where the interpreter is, for a profiler in another thread.

/**
 * Word 0: the code address at which the interpreter last went on after a call, return or jump; minus the address of the
 * instruction while that has something else at work (a unit, a BIF, the collector). Only the copy of the loop in
 * profiled-loop.js writes it; the ordinary loop knows nothing of it.
 */
export const M = new Int32Array(new SharedArrayBuffer(8));
