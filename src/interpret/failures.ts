// What becomes of an instruction that failed: a jump to its fail label, or an exception.
import { bifInfos } from '../bifs/table.js';
import { exportOf, exports, findExport, functionAt } from '../code/functions.js';
import { OPCODES } from '../load/opcodes.js';
import { H, Reg } from '../memory/arena.js';
import { endByException } from '../processes/crash.js';
import {
  argumentList,
  handleException,
  NO_ARGS,
  traceClass,
  traceOfFunCall,
  traceWithCause,
  traceWithInfo,
} from '../processes/exceptions.js';
import { raise, raiseError, raiseTagged, takeErrorDetails } from '../processes/raise.js';
import { arithmeticError } from '../terms/arithmetic.js';
import { Atom, am, atom } from '../terms/atoms.js';
import { list, tuple } from '../terms/build.js';
import { Imm, makeImmediate, NIL, type Term } from '../terms/tags.js';
import { I } from './ops.js';
import { sourceAt } from './slow.js';
import { resolveUndefined } from './undefined.js';

/** Operators by instruction, for stack traces. */
const operators: Partial<Record<I, string>> = {
  [I.Add]: '+',
  [I.AddXX]: '+',
  [I.AddXC]: '+',
  [I.Subtract]: '-',
  [I.Multiply]: '*',
  [I.IntDiv]: 'div',
  [I.Rem]: 'rem',
  [I.BitAnd]: 'band',
  [I.BitOr]: 'bor',
  [I.BitXor]: 'bxor',
  [I.ShiftLeft]: 'bsl',
  [I.ShiftRight]: 'bsr',
  [I.Divide]: '/',
  [I.BitNot]: 'bnot',
  [I.Negate]: '-',
};

/**
 * The instruction at `pc` failed: gives the code address to go on at (its fail label or an exception handler), or 0
 * if the exception ended the process.
 */
export function failed(pc: number): number {
  const e = H[Reg.E];
  const op = H[pc] as I;
  const operator = operators[op];
  if (operator !== undefined) {
    if (H[pc + 1] !== 0) return H[pc + 1];
    raiseError(arithmeticError);
    // OTP leaves the operator out of the trace where a small constant is added.
    if (op === I.AddXC) return handle(pc, -1, NIL);
    const unary = op === I.BitNot || op === I.Negate;
    const args = unary ? list([sourceAt(pc + 2, e)]) : list([sourceAt(pc + 2, e), sourceAt(pc + 3, e)]);
    return handle(pc, exportOf(am.erlang, atom(operator), unary ? 1 : 2).id, args);
  }
  switch (op) {
    case I.Bif0:
      return handle(pc, bifInfos[H[pc + 1]].export, NO_ARGS);
    case I.Bif1:
    case I.Bif2:
    case I.Bif3: {
      if (H[pc + 1] !== 0) return H[pc + 1];
      const info = bifInfos[H[pc + 2]];
      // OTP adds 0 for the unary plus, and leaves the operator out of the trace as for other small constants.
      if (info.name === '+' && info.arity === 1) return handle(pc, -1, NIL);
      const args: Term[] = [];
      for (let i = 0; i < op - I.Bif0; i++) args.push(sourceAt(pc + 3 + i, e));
      return handle(pc, bifInfos[H[pc + 2]].export, list(args));
    }
    case I.IsFunction2:
      return H[pc + 1];
    case I.FuncInfo: {
      raiseError(am.function_clause);
      const args = argumentList(H[pc + 3]);
      return handle(pc, -1, args === NIL ? NO_ARGS : args);
    }
    case I.Undefined: {
      const entry = exports[H[pc + 1]];
      const target = resolveUndefined(entry);
      if (target !== 0) return target;
      raiseError(am.undef);
      const args = argumentList(entry.arity);
      // The caller is on the stack already; the function itself has no code to name.
      return handle(-1, entry.id, args === NIL ? NO_ARGS : args);
    }
    case I.BadMatch:
      raiseTagged(am.badmatch, sourceAt(pc + 1, e));
      break;
    case I.CaseEnd:
      raiseTagged(am.case_clause, sourceAt(pc + 1, e));
      break;
    case I.TryCaseEnd:
      raiseTagged(am.try_clause, sourceAt(pc + 1, e));
      break;
    case I.BadRecord:
      raiseTagged(am.badrecord, sourceAt(pc + 1, e));
      break;
    case I.IfEnd:
      raiseError(am.if_clause);
      break;
    case I.Raise:
    case I.RawRaise: {
      // raise carries the class in its trace only; raw_raise has class, reason and trace in x0 to x2.
      if (op === I.RawRaise && H[0] !== Atom.Error && H[0] !== Atom.Exit && H[0] !== Atom.Throw) {
        H[0] = am.badarg;
        return pc + 1;
      }
      const trace = op === I.Raise ? sourceAt(pc + 1, e) : H[2];
      const value = op === I.Raise ? sourceAt(pc + 2, e) : H[1];
      raise(op === I.Raise ? traceClass(trace) : H[0], value);
      H[Reg.Trace] = trace;
      return handle(pc, -1, NIL);
    }
    case I.FConv:
    case I.FAdd:
    case I.FSub:
    case I.FMul:
    case I.FDiv:
      raiseError(am.badarith);
      break;
    case I.WaitTimeout:
      raiseError(am.timeout_value);
      break;
    case I.Unsupported: {
      const n = H[pc + 1];
      const f = functionAt(pc);
      if (n < 0) {
        const entry = exports[-1 - n];
        raiseError(am.undef);
        return handle(pc, entry.id, NIL);
      }
      const info = OPCODES[n];
      raiseError(
        tuple(
          atom('unsupported_instruction'),
          atom(info?.name ?? 'unknown'),
          n << 1,
          f ? tuple(f.module.name, f.name, f.arity << 1) : NIL,
        ),
      );
      break;
    }
    case I.Send:
      return handle(pc, exportOf(am.erlang, atom('send'), 2).id, list([H[0], H[1]]));
    case I.Apply:
    case I.ApplyLast: {
      const arity = H[pc + 1];
      if (H[Reg.Value] !== am.badarg || isRaisingBif(arity)) return raisedBy(pc);
      // Module or function is no atom.
      return handle(
        pc,
        exportOf(am.erlang, am.apply, 3).id,
        list([H[arity], H[arity + 1], argumentList(arity)]),
      );
    }
    case I.CallFun:
    case I.CallFun2:
      pushContinuation(pc, op === I.CallFun ? 2 : 3);
      return raisedBy(pc);
    default:
      // CallFunLast, Slow: the routine has raised already.
      return raisedBy(pc);
  }
  return handle(pc, -1, NIL);
}

/** Whether the apply with that many arguments is of a BIF that only raises. */
function isRaisingBif(arity: number): boolean {
  const bif = findExport(H[arity], H[arity + 1], arity)?.bif ?? -1;
  return bif >= 0 && !bifInfos[bif].frame;
}

/**
 * OTP makes the call and then finds that the fun has another arity or is none: the place the call at `pc` would have
 * returned to is on the stack when the trace is taken.
 */
function pushContinuation(pc: number, length: number): void {
  H[--H[Reg.E]] = makeImmediate(Imm.Continuation, pc + length);
}

/** error/1 and its like raised: the function that called it is on top. */
function raisedBy(pc: number, details = takeErrorDetails()): number {
  if (details === undefined) return handle(pc, -1, NIL);
  if (details.fun !== undefined) return missingModule(pc, details.fun, details.args);
  if (details.behindCall && H[pc] === I.CallBif) pushContinuation(pc, 3);
  const args = details.args === 0 ? NIL : details.args === NIL ? NO_ARGS : details.args;
  if (details.info !== 0) H[Reg.Trace] = traceWithInfo(pc, args, details.info);
  return handle(pc, -1, args);
}

/** A fun of a module that can not be loaded was called: as error_handler:undefined_lambda/3 raises it. */
function missingModule(pc: number, fun: Term, args: Term): number {
  if (H[pc] === I.CallBif) pushContinuation(pc, 3);
  else if (H[pc] === I.CallFunLast || H[pc] === I.CallBifLast) H[Reg.E] += H[pc + 3];
  H[Reg.Trace] = traceOfFunCall(-1, fun, args);
  return handle(-1, -1, NIL);
}

/** A BIF called as a function raised: it is on top of the trace with its arguments. */
export function bifRaised(pc: number, bif: number, arity: number): number {
  const info = bifInfos[bif];
  const details = takeErrorDetails();
  // A tail call of Erlang code has replaced the caller.
  const caller = info.isErlang && H[pc] === I.CallBifLast ? -1 : pc;
  if (details?.cause !== undefined) {
    H[Reg.Trace] = traceWithCause(caller, info.export, argumentList(arity), details.cause);
    return handle(caller, -1, NIL);
  }
  if (!info.frame || details !== undefined) return raisedBy(pc, details);
  return handle(caller, info.export, arity === 0 ? NO_ARGS : argumentList(arity));
}

function handle(pc: number, top: number, args: Term): number {
  const handler = handleException(pc, top, args);
  if (handler === 0) endByException();
  return handler;
}
