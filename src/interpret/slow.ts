// Instructions that are rare or long: routines that the loop calls through the Slow instruction. A routine gets the
// address of the instruction and the stack top (Reg.E is the same), reads its operands behind the routine number, and
// gives the address to go on at, or 0 after raise(). Families of them register here from files of their own.

import { Op } from '../load/opcodes.js';
import { H } from '../memory/arena.js';
import { current } from '../processes/current.js';
import { bindMarker, clearMarker, reserveMarker, useMarker } from '../processes/receive.js';
import type { Term } from '../terms/tags.js';
import { runStub } from './first-call.js';
import { collectHere } from './transitions.js';

export type Routine = (pc: number, e: number) => number;

export const slowRoutines: Routine[] = [];
const byOp = new Map<Op, number>();

/** Makes `routine` the interpreter's version of the instruction `op`. */
export function defineSlow(op: Op, routine: Routine): void {
  byOp.set(op, slowRoutines.length);
  slowRoutines.push(routine);
}

/** The routine's number for an instruction, -1 if there is none. */
export function slowIndexOf(op: Op): number {
  return byOp.get(op) ?? -1;
}

/** The value of operand S at word `at`. */
export function sourceAt(at: number, e: number): Term {
  const o = H[at];
  return o < 0 ? H[e + ~o] : H[o];
}

/** Stores to operand D at word `at`. */
export function storeAt(at: number, e: number, value: Term): void {
  const o = H[at];
  if (o < 0) H[e + ~o] = value;
  else H[o] = value;
}

/** Number of the routine that collects before an allocation under --stress=gc: #need #live. */
export const stressCollect = slowRoutines.length;
slowRoutines.push((pc) => {
  collectHere(H[pc + 2], H[pc + 3]);
  return pc + 4;
});

/** Number of the routine of stubs. */
export const stubRoutine = slowRoutines.length;
slowRoutines.push((pc) => runStub(pc));

defineSlow(Op.recv_marker_reserve, (pc, e) => {
  storeAt(pc + 2, e, reserveMarker(current));
  return pc + 3;
});
defineSlow(Op.recv_marker_bind, (pc, e) => {
  bindMarker(current, sourceAt(pc + 2, e), sourceAt(pc + 3, e));
  return pc + 4;
});
defineSlow(Op.recv_marker_clear, (pc, e) => {
  clearMarker(current, sourceAt(pc + 2, e));
  return pc + 3;
});
defineSlow(Op.recv_marker_use, (pc, e) => {
  useMarker(current, sourceAt(pc + 2, e));
  return pc + 3;
});
