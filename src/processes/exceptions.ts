// Where a raised exception goes: the stack trace is taken from the process stack, the innermost catch tag found,
// and the handler's code address given back. Only ever called with the whole stack in place.
//
// The raw stack trace that handlers carry in a register is a tuple of
//   the class,
//   export (small; -1: none) of the BIF or undefined function on top, or a symbolic trace (list),
//   its arguments (list, or [] for "arity only"),
//   then the code addresses as continuation pointers, innermost first.

import { exportOf, exports, functionAt, locationAt } from '../code/functions.js';
import { I } from '../interpret/ops.js';
import { allocate } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { cons, list, listToArray, mapFromPairs, stringList, tuple } from '../terms/build.js';
import { boxedAt, header, Imm, isCons, Kind, makeImmediate, NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';

/** Most entries of a stack trace (backtrace_depth of OTP). */
export const exceptionDepth = { entries: 8 };

/**
 * Finds the handler of the exception in Reg.Class, Value and Trace, which the instruction at `pc` raised.
 * Gives its code address with x1 to x3 set and Reg.E at its frame, or 0: nobody catches it, the registers keep it.
 * @param top export on top of the trace, or -1
 * @param args its arguments, or the arguments of the function at pc if top is -1; [] for none
 */
export function handleException(pc: number, top: number, args: Term): number {
  const given = H[Reg.Trace];
  if (given === NIL) H[Reg.Trace] = takeTrace(pc, top, args);
  else if (isCons(given)) H[Reg.Trace] = tuple(H[Reg.Class], given);
  const end = current.end;
  let frame = H[Reg.E];
  for (let i = frame; i < end; i++) {
    const word = H[i];
    const kind = word & Imm.Mask;
    if (kind === Imm.Continuation) frame = i + 1;
    else if (kind === Imm.Catch) {
      H[Reg.E] = frame;
      H[0] = Imm.Special;
      H[1] = H[Reg.Class];
      H[2] = H[Reg.Value];
      H[3] = H[Reg.Trace];
      H[Reg.Value] = NIL;
      H[Reg.Trace] = NIL;
      return word >>> 6;
    }
  }
  return 0;
}

/** The raw trace of the stack as it is. It is taken at every exception, so it goes straight to the heap. */
function takeTrace(pc: number, top: number, args: Term): Term {
  const depth = exceptionDepth.entries;
  const at = allocate(4 + depth);
  let n = at + 4;
  const last = n + depth - (top >= 0 ? 1 : 0);
  H[at + 1] = H[Reg.Class];
  H[at + 2] = top << 1;
  H[at + 3] = args;
  if (pc >= 0) H[n++] = makeImmediate(Imm.Continuation, pc);
  const end = current.end;
  let previous = 0;
  for (let i = H[Reg.E]; i < end && n < last; i++) {
    let word = H[i];
    if ((word & Imm.Mask) !== Imm.Continuation) continue;
    // Cells that wait for a result stand for one frame or more of the call that makes them.
    if (H[word >>> 6] === I.FillHole) word = makeImmediate(Imm.Continuation, H[(word >>> 6) + 2]);
    if (word !== previous) {
      previous = word;
      // The code address before the continuation is in the calling instruction.
      H[n++] = makeImmediate(Imm.Continuation, (word >>> 6) - 1);
    }
  }
  H[at] = header(Kind.Tuple, n - at - 1);
  return boxedAt(at);
}

/** The class of an exception, from its raw trace. */
export function traceClass(raw: Term): Term {
  return isRawTrace(raw) ? H[(raw >>> 3) + 1] : Atom.Error;
}

function isRawTrace(t: Term): boolean {
  return (t & 7) === 3 && (H[t >>> 3] & Kind.Mask) === Kind.Tuple && H[t >>> 3] >>> 8 >= 2;
}

/** The stack trace that programs see, of a raw trace. */
export function symbolicTrace(raw: Term): Term {
  if (!isRawTrace(raw)) return isCons(raw) ? raw : NIL;
  const at = raw >>> 3;
  const size = H[at] >>> 8;
  const given = H[at + 2];
  if ((given & 1) !== 0) return given;
  if (size < 3) return NIL;
  const entries: Term[] = [];
  const top = given >> 1;
  const args = H[at + 3];
  // Any tuple of a program may stand in for a trace: a number in it need not be one of an export.
  if (top >= 0 && top < exports.length) {
    const e = exports[top];
    const info = e.bif >= 0 && e !== reverse ? errorInfo(e.module) : NIL;
    entries.push(tuple(e.module, e.name, arguments_(args, e.arity), info));
  }
  for (let i = 4; i <= size; i++) {
    const pc = H[at + i] >>> 6;
    const f = functionAt(pc);
    if (f === undefined) {
      if (pc === applyCode) entries.push(tuple(am.erlang, am.apply, 2 << 1, NIL));
      continue;
    }
    entries.push(
      tuple(f.module.name, f.name, arguments_(i === 4 && top < 0 ? args : NIL, f.arity), location(pc)),
    );
  }
  return list(entries);
}

/** erlang:apply/2 has a frame of its own where it is called as a function, by spawn for one. */
const applyCode = exportOf(am.erlang, am.apply, 2).cell + 1;

/** The symbolic trace of an exception at pc whose top entry carries error_info (erlang:error/3). */
export function traceWithInfo(pc: number, args: Term, info: Term): Term {
  const trace = symbolicTrace(takeTrace(pc, -1, args));
  const first = H[trace >>> 3] >>> 3;
  const location = listToArray(H[first + 4]) ?? [];
  const located = list([...location, tuple(am.error_info, info)]);
  return cons(tuple(H[first + 1], H[first + 2], H[first + 3], located), H[(trace >>> 3) + 1]);
}

/** The symbolic trace of a BIF's exception whose error_info names a cause. */
export function traceWithCause(pc: number, bif: number, args: Term, cause: Term): Term {
  const trace = symbolicTrace(takeTrace(pc, bif, args));
  const first = H[trace >>> 3] >>> 3;
  const located = errorInfo(exports[bif].module, cause);
  return cons(tuple(H[first + 1], H[first + 2], H[first + 3], located), H[(trace >>> 3) + 1]);
}

/** The symbolic trace of a call that failed because the module of the fun is not there; pc as in handleException. */
export function traceOfFunCall(pc: number, fun: Term, args: Term): Term {
  const entries = listToArray(symbolicTrace(takeTrace(pc, -1, NIL)))!.slice(0, exceptionDepth.entries - 1);
  return list([tuple(fun, args, NIL), ...entries]);
}

function arguments_(args: Term, arity: number): Term {
  if (args === NIL) return arity << 1;
  return args === NO_ARGS ? NIL : args;
}

/** Stands for the empty argument list in a raw trace, where [] says "arity only". */
export const NO_ARGS: Term = am.empty;

function location(pc: number): Term {
  const l = locationAt(pc);
  return l === undefined ? NIL : list([tuple(am.file, stringList(l.file)), tuple(am.line, l.line << 1)]);
}

/** Which module's format_error/2 explains the errors of a module's BIFs (erl_error, error_info). */
const errorModules: Record<string, readonly string[]> = {
  erl_erts_errors: ['erlang', 'erts_internal', 'atomics', 'counters', 'persistent_term'],
  erl_kernel_errors: ['os'],
  erl_stdlib_errors: ['binary', 'ets', 'io', 'lists', 'maps', 'math', 're', 'unicode'],
};
const errorModuleOf = new Map(
  Object.entries(errorModules).flatMap(([by, modules]) => modules.map((m) => [atom(m), atom(by)])),
);

/** lists:reverse/1 is Erlang code in OTP: its function_clause explains nothing. */
const reverse = exportOf(atom('lists'), atom('reverse'), 1);

/** The location of a BIF on top of a stack trace: error_info, or nothing for modules that explain no errors. */
function errorInfo(module: Term, cause?: Term): Term {
  const by = errorModuleOf.get(module);
  if (by === undefined) return NIL;
  const pairs: [Term, Term][] = [[am.module, by]];
  if (cause !== undefined) pairs.push([atom('cause'), cause]);
  return list([tuple(am.error_info, mapFromPairs(pairs))]);
}

/** What `catch Expr` gives for class, reason and raw trace in x1 to x3 (catch_end instruction). */
export function caughtValue(cls: Term, reason: Term, trace: Term): Term {
  if (cls === Atom.Throw) return reason;
  if (cls === Atom.Error) return tuple(am.EXIT, tuple(reason, symbolicTrace(trace)));
  return tuple(am.EXIT, reason);
}

/** The exit reason of a process that an exception ends. */
export function exitReason(cls: Term, reason: Term, trace: Term): Term {
  if (cls === Atom.Error) return tuple(reason, symbolicTrace(trace));
  if (cls === Atom.Throw) return tuple(tuple(am.nocatch, reason), symbolicTrace(trace));
  return reason;
}

/** Arguments x0..x(arity-1) as a list for a stack trace. */
export function argumentList(arity: number): Term {
  let l: Term = NIL;
  for (let i = arity - 1; i >= 0; i--) l = cons(H[i], l);
  return l;
}
