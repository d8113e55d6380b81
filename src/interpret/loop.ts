// The interpreter: one loop with one switch over the instructions of ops.ts, on the registers and the stack of the
// running process. V8 optimises it as a whole as long as its bytecode stays below 60 KB, so what is rare or long lives
// in functions elsewhere (slow.ts, failures.ts).
//
// `pc` and `e` (the stack top) are locals; everything else is in the arena. Reg.E is brought up to date before anything
// is called that looks at the stack. An instruction that fails leaves the switch with `break`: failures.ts then decides,
// by looking at the instruction again, whether to jump to its fail label or to raise.
import { bifs } from '../bifs/table.js';
import { lambdas } from '../code/lambdas.js';
import { units } from '../jit/units.js';
import { D, F, H, Reg, Why } from '../memory/arena.js';
import { filledLater } from '../memory/collect.js';
import { current } from '../processes/current.js';
import { caughtValue, symbolicTrace } from '../processes/exceptions.js';
import { cancelReceiveTimer, receiveTimeout, TimeoutResult } from '../processes/receive.js';
import { sendMessage } from '../processes/send.js';
import { REDUCTION } from '../settings.js';
import { isBinaryTerm } from '../terms/access.js';
import {
  add,
  bitAnd,
  bitNot,
  bitOr,
  bitXor,
  divide,
  intDivide,
  multiply,
  negate,
  remainder,
  shiftLeft,
  shiftRight,
  subtract,
} from '../terms/arithmetic.js';
import { Atom } from '../terms/atoms.js';
import { compare, equal, exactEqual } from '../terms/compare.js';
import { Imm, Kind, NIL, Sentinel } from '../terms/tags.js';
import { numberToDouble } from './numbers.js';
import { I } from './ops.js';
import { rare } from './rare.js';
import { slowRoutines } from './slow.js';
import {
  applyTarget,
  callFunTarget,
  finishProcess,
  translateFunction,
  translateSite,
} from './transitions.js';

const enum Exit {
  /** An instruction failed. */
  Failed,
  /** A unit or BIF returned Sentinel.Unwind; Reg.Reason says why. */
  Unwound,
}

/**
 * Runs the process from the code address `start` until it has to stop, and says why: Why.Yield, Why.Wait or
 * Why.Exited. Reg.Pc, Reg.Live and Reg.E then say where it goes on.
 */
export function interpret(start: number): Why {
  let pc = start;
  let e = H[Reg.E];
  let o = 0;
  for (;;) {
    let exit = Exit.Failed;
    switch (H[pc]) {
      case I.Entry: {
        if ((H[Reg.Reds] = (H[Reg.Reds] - REDUCTION) | 0) < 0) {
          H[Reg.Pc] = pc;
          H[Reg.Live] = H[pc + 2];
          H[Reg.E] = e;
          if (!rare.yieldHere()) return Why.Yield;
          e = H[Reg.E];
        }
        if ((H[pc + 3] = (H[pc + 3] - 1) | 0) === 0) {
          translateFunction(pc);
          if (H[pc] !== I.Entry) continue;
        }
        pc += 4;
        continue;
      }
      case I.EntryUnit:
      case I.ResumeUnit: {
        const u = units[H[pc + 3]];
        let r: number;
        H[Reg.E] = e;
        switch (H[pc + 2]) {
          case 0:
            r = u();
            break;
          case 1:
            r = u(H[0]);
            break;
          case 2:
            r = u(H[0], H[1]);
            break;
          case 3:
            r = u(H[0], H[1], H[2]);
            break;
          case 4:
            r = u(H[0], H[1], H[2], H[3]);
            break;
          default:
            r = u(H[0], H[1], H[2], H[3], H[4], H[5], H[6], H[7], H[8], H[9], H[10], H[11]);
        }
        if (r === Sentinel.Unwind) {
          exit = Exit.Unwound;
          break;
        }
        e = H[Reg.E];
        pc = H[e++] >>> 6;
        // Returns into one frame after the other that translated code goes on with need no dispatch in between.
        while (H[pc] === I.ResumeUnit) {
          H[Reg.E] = e;
          if (H[Reg.Reds] < 0) {
            H[0] = r;
            H[Reg.Pc] = pc;
            H[Reg.Live] = 1;
            if (!rare.yieldHere()) return Why.Yield;
            r = H[0];
          }
          r = units[H[pc + 3]](r);
          if (r === Sentinel.Unwind) break;
          e = H[Reg.E];
          pc = H[e++] >>> 6;
        }
        if (r === Sentinel.Unwind) {
          exit = Exit.Unwound;
          break;
        }
        H[0] = r;
        continue;
      }
      case I.EntryPlain: {
        if ((H[Reg.Reds] = (H[Reg.Reds] - REDUCTION) | 0) < 0) {
          H[Reg.Pc] = pc;
          H[Reg.Live] = H[pc + 2];
          H[Reg.E] = e;
          if (!rare.yieldHere()) return Why.Yield;
          e = H[Reg.E];
        }
        pc += 3;
        continue;
      }
      case I.Resume: {
        if ((H[pc + 3] = (H[pc + 3] - 1) | 0) === 0) {
          translateSite(pc);
          if (H[pc] !== I.Resume) continue;
        }
        pc += 4;
        continue;
      }
      case I.FillHole: {
        const hole = (H[e + 1] >>> 3) + H[pc + 1];
        H[hole] = H[0];
        filledLater(current, hole);
        H[0] = H[e];
        e += 2;
        pc = H[e++] >>> 6;
        continue;
      }
      case I.Jump: {
        pc = H[pc + 1];
        continue;
      }
      case I.Call: {
        H[--e] = ((pc + 2) << 6) | Imm.Continuation;
        pc = H[pc + 1];
        continue;
      }
      case I.CallLast: {
        e += H[pc + 2];
        pc = H[pc + 1];
        continue;
      }
      case I.CallExt: {
        H[--e] = ((pc + 2) << 6) | Imm.Continuation;
        pc = H[H[pc + 1]];
        continue;
      }
      case I.CallExtLast: {
        e += H[pc + 2];
        pc = H[H[pc + 1]];
        continue;
      }
      case I.CallExtOnly: {
        pc = H[H[pc + 1]];
        continue;
      }
      case I.CallBif: {
        const f = bifs[H[pc + 1]];
        let r: number;
        H[Reg.E] = e;
        switch (H[pc + 2]) {
          case 0:
            r = f();
            break;
          case 1:
            r = f(H[0]);
            break;
          case 2:
            r = f(H[0], H[1]);
            break;
          case 3:
            r = f(H[0], H[1], H[2]);
            break;
          default:
            r = f(H[0], H[1], H[2], H[3], H[4], H[5]);
        }
        if (r === Sentinel.Unwind) {
          exit = Exit.Unwound;
          break;
        }
        H[0] = r;
        pc += 3;
        continue;
      }
      case I.CallBifLast: {
        const f = bifs[H[pc + 1]];
        let r: number;
        H[Reg.E] = e;
        switch (H[pc + 2]) {
          case 0:
            r = f();
            break;
          case 1:
            r = f(H[0]);
            break;
          case 2:
            r = f(H[0], H[1]);
            break;
          case 3:
            r = f(H[0], H[1], H[2]);
            break;
          default:
            r = f(H[0], H[1], H[2], H[3], H[4], H[5]);
        }
        if (r === Sentinel.Unwind) {
          exit = Exit.Unwound;
          break;
        }
        H[0] = r;
        e += H[pc + 3];
        pc = H[e++] >>> 6;
        continue;
      }
      case I.BifCode: {
        const f = bifs[H[pc + 1]];
        let r: number;
        H[Reg.E] = e;
        switch (H[pc + 2]) {
          case 0:
            r = f();
            break;
          case 1:
            r = f(H[0]);
            break;
          case 2:
            r = f(H[0], H[1]);
            break;
          case 3:
            r = f(H[0], H[1], H[2]);
            break;
          default:
            r = f(H[0], H[1], H[2], H[3], H[4], H[5]);
        }
        if (r === Sentinel.Unwind) {
          exit = Exit.Unwound;
          break;
        }
        H[0] = r;
        pc = H[e++] >>> 6;
        continue;
      }
      case I.Return: {
        pc = H[e++] >>> 6;
        continue;
      }
      case I.DeallocateReturn: {
        e += H[pc + 1];
        pc = H[e++] >>> 6;
        continue;
      }
      case I.Allocate: {
        const n = H[pc + 1];
        if (e - n - 1 - H[pc + 2] < H[Reg.Htop]) {
          H[Reg.E] = e;
          rare.collectHere(n + 1 + H[pc + 2], H[pc + 3]);
          e = H[Reg.E];
        }
        e -= n;
        pc += 4;
        continue;
      }
      case I.AllocateInit: {
        const n = H[pc + 1];
        if (e - n - 1 - H[pc + 2] < H[Reg.Htop]) {
          H[Reg.E] = e;
          rare.collectHere(n + 1 + H[pc + 2], H[pc + 3]);
          e = H[Reg.E];
        }
        e -= n;
        for (let i = 0; i < n; i++) H[e + i] = NIL;
        pc += 4;
        continue;
      }
      case I.TestHeap: {
        if (e - H[pc + 1] <= H[Reg.Htop]) {
          H[Reg.E] = e;
          rare.collectHere(H[pc + 1], H[pc + 2]);
          e = H[Reg.E];
        }
        pc += 3;
        continue;
      }
      case I.Deallocate: {
        e += H[pc + 1];
        pc += 2;
        continue;
      }
      case I.Init1: {
        H[e + H[pc + 1]] = NIL;
        pc += 2;
        continue;
      }
      case I.InitYregs: {
        const n = H[pc + 1];
        for (let i = 0; i < n; i++) H[e + ~H[pc + 2 + i]] = NIL;
        pc += 2 + n;
        continue;
      }
      case I.MoveXX: {
        H[H[pc + 2]] = H[H[pc + 1]];
        pc += 3;
        continue;
      }
      case I.MoveXY: {
        H[e + H[pc + 2]] = H[H[pc + 1]];
        pc += 3;
        continue;
      }
      case I.MoveYX: {
        H[H[pc + 2]] = H[e + H[pc + 1]];
        pc += 3;
        continue;
      }
      case I.MoveConstX: {
        H[H[pc + 2]] = H[pc + 1];
        pc += 3;
        continue;
      }
      case I.MoveConstY: {
        H[e + H[pc + 2]] = H[pc + 1];
        pc += 3;
        continue;
      }
      case I.Move: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        if ((o = H[pc + 2]) < 0) H[e + ~o] = v;
        else H[o] = v;
        pc += 3;
        continue;
      }
      case I.Swap: {
        const i = (o = H[pc + 1]) < 0 ? e + ~o : o;
        const j = (o = H[pc + 2]) < 0 ? e + ~o : o;
        o = H[i];
        H[i] = H[j];
        H[j] = o;
        pc += 3;
        continue;
      }
      case I.MoveCall: {
        H[0] = H[H[pc + 1]];
        H[--e] = ((pc + 3) << 6) | Imm.Continuation;
        pc = H[pc + 2];
        continue;
      }
      case I.GetList: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const p = v >>> 3;
        const head = H[p];
        const tail = H[p + 1];
        if ((o = H[pc + 2]) < 0) H[e + ~o] = head;
        else H[o] = head;
        if ((o = H[pc + 3]) < 0) H[e + ~o] = tail;
        else H[o] = tail;
        pc += 4;
        continue;
      }
      case I.GetListXXX: {
        const p = H[H[pc + 1]] >>> 3;
        H[H[pc + 2]] = H[p];
        H[H[pc + 3]] = H[p + 1];
        pc += 4;
        continue;
      }
      case I.GetHead: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        if ((o = H[pc + 2]) < 0) H[e + ~o] = H[v >>> 3];
        else H[o] = H[v >>> 3];
        pc += 3;
        continue;
      }
      case I.GetTail: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        if ((o = H[pc + 2]) < 0) H[e + ~o] = H[(v >>> 3) + 1];
        else H[o] = H[(v >>> 3) + 1];
        pc += 3;
        continue;
      }
      case I.GetElement: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        if ((o = H[pc + 3]) < 0) H[e + ~o] = H[(v >>> 3) + H[pc + 2]];
        else H[o] = H[(v >>> 3) + H[pc + 2]];
        pc += 4;
        continue;
      }
      case I.GetElementXX: {
        H[H[pc + 3]] = H[(H[H[pc + 1]] >>> 3) + H[pc + 2]];
        pc += 4;
        continue;
      }
      case I.PutList: {
        const a = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const at = H[Reg.Htop];
        H[at] = a;
        H[at + 1] = b;
        H[Reg.Htop] = at + 2;
        if ((o = H[pc + 3]) < 0) H[e + ~o] = (at << 3) | 1;
        else H[o] = (at << 3) | 1;
        pc += 4;
        continue;
      }
      case I.PutTuple: {
        const n = H[pc + 2];
        const at = H[Reg.Htop];
        H[at] = (n << Kind.SizeShift) | Kind.Tuple;
        for (let i = 1; i <= n; i++) H[at + i] = (o = H[pc + 2 + i]) < 0 ? H[e + ~o] : H[o];
        H[Reg.Htop] = at + 1 + n;
        if ((o = H[pc + 1]) < 0) H[e + ~o] = (at << 3) | 3;
        else H[o] = (at << 3) | 3;
        pc += 3 + n;
        continue;
      }
      case I.SetElement: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const t = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        H[(t >>> 3) + H[pc + 3]] = v;
        pc += 4;
        continue;
      }
      case I.UpdateRecord: {
        const t = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const size = H[pc + 3];
        const n = H[pc + 4];
        const from = t >>> 3;
        const at = H[Reg.Htop];
        H[at] = (size << Kind.SizeShift) | Kind.Tuple;
        for (let i = 1; i <= size; i++) H[at + i] = H[from + i];
        for (let i = 0; i < n; i++)
          H[at + H[pc + 5 + 2 * i]] = (o = H[pc + 6 + 2 * i]) < 0 ? H[e + ~o] : H[o];
        H[Reg.Htop] = at + 1 + size;
        if ((o = H[pc + 2]) < 0) H[e + ~o] = (at << 3) | 3;
        else H[o] = (at << 3) | 3;
        pc += 5 + 2 * n;
        continue;
      }
      case I.IsNonemptyList: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 1 ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsNonemptyListGetListXXX: {
        const v = H[H[pc + 2]];
        if ((v & 7) !== 1) {
          pc = H[pc + 1];
          continue;
        }
        const p = v >>> 3;
        H[H[pc + 3]] = H[p];
        H[H[pc + 4]] = H[p + 1];
        pc += 5;
        continue;
      }
      case I.IsNil: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = v === NIL ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsList: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 1 || v === NIL ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsInteger: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 1) === 0 ||
          ((v & 7) === 3 && ((o = H[v >>> 3] & 0xff) === Kind.PositiveBig || o === Kind.NegativeBig))
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsFloat: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 3 && (o = H[v >>> 3] & 0xff) === Kind.Float ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsNumber: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 1) === 0 ||
          ((v & 7) === 3 &&
            ((o = H[v >>> 3] & 0xff) === Kind.Float || o === Kind.PositiveBig || o === Kind.NegativeBig))
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsAtom: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 63) === Imm.Atom ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsPid: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 63) === Imm.Pid || ((v & 7) === 3 && (o = H[v >>> 3] & 0xff) === Kind.ExternalPid)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsPort: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 63) === Imm.Port || ((v & 7) === 3 && (o = H[v >>> 3] & 0xff) === Kind.ExternalPort)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsReference: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 7) === 3 && ((o = H[v >>> 3] & 0xff) === Kind.Reference || o === Kind.ExternalReference)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsTuple: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 3 && (o = H[v >>> 3] & 0xff) === Kind.Tuple ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsBoolean: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = v === Atom.True || v === Atom.False ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsFunction: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 7) === 3 && ((o = H[v >>> 3] & 0xff) === Kind.Fun || o === Kind.ExportFun)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsFunction2: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const n = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        if ((n & 1) !== 0 || n < 0) break;
        pc =
          (v & 7) === 3 &&
          ((o = H[v >>> 3] & 0xff) === Kind.Fun || o === Kind.ExportFun) &&
          H[(v >>> 3) + 2] === n
            ? pc + 4
            : H[pc + 1];
        continue;
      }
      case I.IsBinary: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = isBinaryTerm(v) ? pc + 3 : H[pc + 1];
        continue;
      }
      case I.IsBitstring: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 7) === 3 &&
          ((o = H[v >>> 3] & 0xff) === Kind.HeapBinary || o === Kind.SubBinary || o === Kind.RefcBinary)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.IsMap: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc =
          (v & 7) === 3 && ((o = H[v >>> 3] & 0xff) === Kind.FlatMap || o === Kind.HashMap)
            ? pc + 3
            : H[pc + 1];
        continue;
      }
      case I.TestArity: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = H[v >>> 3] === H[pc + 3] ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsTaggedTuple: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 3 && H[v >>> 3] === H[pc + 3] && H[(v >>> 3) + 1] === H[pc + 4] ? pc + 5 : H[pc + 1];
        continue;
      }
      case I.IsTupleArity: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = (v & 7) === 3 && H[v >>> 3] === H[pc + 3] ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsEqExact: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = a === b || ((a & 1) !== 0 && (b & 1) !== 0 && exactEqual(a, b)) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsNeExact: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = a === b || ((a & 1) !== 0 && (b & 1) !== 0 && exactEqual(a, b)) ? H[pc + 1] : pc + 4;
        continue;
      }
      case I.IsEq: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = a === b || (((a | b) & 1) !== 0 && equal(a, b)) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsNe: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = a === b || (((a | b) & 1) !== 0 && equal(a, b)) ? H[pc + 1] : pc + 4;
        continue;
      }
      case I.IsEqExactImm: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = v === H[pc + 3] ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsNeExactImm: {
        const v = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        pc = v !== H[pc + 3] ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsLt: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = (((a | b) & 1) === 0 ? a < b : compare(a, b) < 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsLtXC: {
        const a = H[H[pc + 2]];
        const b = H[pc + 3];
        pc = ((a & 1) === 0 ? a < b : compare(a, b) < 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsLtCX: {
        const a = H[pc + 2];
        const b = H[H[pc + 3]];
        pc = ((b & 1) === 0 ? a < b : compare(a, b) < 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsGe: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        pc = (((a | b) & 1) === 0 ? a >= b : compare(a, b) >= 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsGeXC: {
        const a = H[H[pc + 2]];
        const b = H[pc + 3];
        pc = ((a & 1) === 0 ? a >= b : compare(a, b) >= 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.IsGeCX: {
        const a = H[pc + 2];
        const b = H[H[pc + 3]];
        pc = ((b & 1) === 0 ? a >= b : compare(a, b) >= 0) ? pc + 4 : H[pc + 1];
        continue;
      }
      case I.SelectVal: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const last = pc + 4 + 2 * H[pc + 3];
        let at = pc + 4;
        while (at < last && H[at] !== v) at += 2;
        pc = at < last ? H[at + 1] : H[pc + 2];
        continue;
      }
      case I.SelectSorted: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const n = H[pc + 3];
        const base = pc + 4;
        let low = 0;
        let high = n;
        while (low < high) {
          const mid = (low + high) >> 1;
          if (H[base + mid] < v) low = mid + 1;
          else high = mid;
        }
        pc = low < n && H[base + low] === v ? H[base + n + low] : H[pc + 2];
        continue;
      }
      case I.SelectBoxed: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const last = pc + 4 + 2 * H[pc + 3];
        let at = pc + 4;
        while (at < last && H[H[at]] !== v && !exactEqual(H[H[at]], v)) at += 2;
        pc = at < last ? H[at + 1] : H[pc + 2];
        continue;
      }
      case I.SelectArity: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const last = pc + 4 + 2 * H[pc + 3];
        const head = (v & 7) === 3 ? H[v >>> 3] : 0;
        let at = pc + 4;
        while (at < last && H[at] !== head) at += 2;
        pc = at < last ? H[at + 1] : H[pc + 2];
        continue;
      }
      case I.Add: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && (r = a + b) === (r | 0)) r |= 0;
        else {
          H[Reg.E] = e;
          r = add(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.AddXC: {
        const a = H[H[pc + 2]];
        const b = H[pc + 3];
        let r: number;
        if ((a & 1) === 0 && (r = a + b) === (r | 0)) r |= 0;
        else {
          H[Reg.E] = e;
          r = add(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.AddXX: {
        const a = H[H[pc + 2]];
        const b = H[H[pc + 3]];
        let r: number;
        if (((a | b) & 1) === 0 && (r = a + b) === (r | 0)) r |= 0;
        else {
          H[Reg.E] = e;
          r = add(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.Subtract: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && (r = a - b) === (r | 0)) r |= 0;
        else {
          H[Reg.E] = e;
          r = subtract(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.Multiply: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && (r = (a >> 1) * b) === (r | 0)) r |= 0;
        else {
          H[Reg.E] = e;
          r = multiply(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.IntDiv: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && b > 0) r = ((a / b) | 0) << 1;
        else {
          H[Reg.E] = e;
          r = intDivide(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.Rem: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && b !== 0) r = (a % b) | 0;
        else {
          H[Reg.E] = e;
          r = remainder(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.BitAnd: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0) r = a & b;
        else {
          H[Reg.E] = e;
          r = bitAnd(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.BitOr: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0) r = a | b;
        else {
          H[Reg.E] = e;
          r = bitOr(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.BitXor: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0) r = a ^ b;
        else {
          H[Reg.E] = e;
          r = bitXor(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.ShiftLeft: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && b >= 0 && b < 60 && (r = a << (b >> 1)) >> (b >> 1) === a) r |= 0;
        else {
          H[Reg.E] = e;
          r = shiftLeft(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.ShiftRight: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if (((a | b) & 1) === 0 && b >= 0) r = (a >> (b < 62 ? b >> 1 : 31)) & ~1;
        else {
          H[Reg.E] = e;
          r = shiftRight(a, b);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.Divide: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        H[Reg.E] = e;
        const r = divide(a, b);
        if (r === Sentinel.Unwind) break;
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.BitNot: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if ((a & 1) === 0) r = ~a ^ 1;
        else {
          H[Reg.E] = e;
          r = bitNot(a);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 3]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 4;
        continue;
      }
      case I.Negate: {
        const a = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        let r: number;
        if ((a & 1) === 0 && a !== -0x80000000) r = -a | 0;
        else {
          H[Reg.E] = e;
          r = negate(a);
          if (r === Sentinel.Unwind) break;
        }
        if ((o = H[pc + 3]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 4;
        continue;
      }
      case I.Bif0: {
        H[Reg.E] = e;
        const r = bifs[H[pc + 1]]();
        if (r === Sentinel.Unwind) break;
        if ((o = H[pc + 2]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 3;
        continue;
      }
      case I.Bif1: {
        const a = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        H[Reg.E] = e;
        const r = bifs[H[pc + 2]](a);
        if (r === Sentinel.Unwind) break;
        if ((o = H[pc + 4]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 5;
        continue;
      }
      case I.Bif2: {
        const a = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 4]) < 0 ? H[e + ~o] : H[o];
        H[Reg.E] = e;
        const r = bifs[H[pc + 2]](a, b);
        if (r === Sentinel.Unwind) break;
        if ((o = H[pc + 5]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 6;
        continue;
      }
      case I.Bif3: {
        const a = (o = H[pc + 3]) < 0 ? H[e + ~o] : H[o];
        const b = (o = H[pc + 4]) < 0 ? H[e + ~o] : H[o];
        const c = (o = H[pc + 5]) < 0 ? H[e + ~o] : H[o];
        H[Reg.E] = e;
        const r = bifs[H[pc + 2]](a, b, c);
        if (r === Sentinel.Unwind) break;
        if ((o = H[pc + 6]) < 0) H[e + ~o] = r;
        else H[o] = r;
        pc += 7;
        continue;
      }
      case I.Self: {
        if ((o = H[pc + 1]) < 0) H[e + ~o] = H[Reg.Self];
        else H[o] = H[Reg.Self];
        pc += 2;
        continue;
      }
      case I.MakeFun: {
        const n = H[pc + 3];
        const at = H[Reg.Htop];
        H[at] = ((n + 3) << Kind.SizeShift) | Kind.Fun;
        H[at + 1] = H[pc + 1] << 1;
        H[at + 2] = lambdas[H[pc + 1]].arity << 1;
        H[at + 3] = H[Reg.Self];
        for (let i = 0; i < n; i++) H[at + 4 + i] = (o = H[pc + 4 + i]) < 0 ? H[e + ~o] : H[o];
        H[Reg.Htop] = at + 4 + n;
        if ((o = H[pc + 2]) < 0) H[e + ~o] = (at << 3) | 3;
        else H[o] = (at << 3) | 3;
        pc += 4 + n;
        continue;
      }
      case I.CallFun: {
        const n = H[pc + 1];
        const f = H[n];
        let target: number;
        if (
          (f & 7) === 3 &&
          (H[f >>> 3] & 0xff) === Kind.Fun &&
          H[(f >>> 3) + 2] === n << 1 &&
          (target = lambdas[H[(f >>> 3) + 1] >> 1].fn.entry) !== 0
        ) {
          const p = f >>> 3;
          const free = (H[p] >>> 8) - 3;
          for (let i = 0; i < free; i++) H[n + i] = H[p + 4 + i];
        } else {
          H[Reg.E] = e;
          target = callFunTarget(f, n);
          if (target === 0) break;
        }
        H[--e] = ((pc + 2) << 6) | Imm.Continuation;
        pc = target;
        continue;
      }
      case I.CallFun2: {
        const n = H[pc + 2];
        const f = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        let target: number;
        if (
          (f & 7) === 3 &&
          (H[f >>> 3] & 0xff) === Kind.Fun &&
          H[(f >>> 3) + 2] === n << 1 &&
          (target = lambdas[H[(f >>> 3) + 1] >> 1].fn.entry) !== 0
        ) {
          const p = f >>> 3;
          const free = (H[p] >>> 8) - 3;
          for (let i = 0; i < free; i++) H[n + i] = H[p + 4 + i];
        } else {
          H[Reg.E] = e;
          target = callFunTarget(f, n);
          if (target === 0) break;
        }
        H[--e] = ((pc + 3) << 6) | Imm.Continuation;
        pc = target;
        continue;
      }
      case I.CallFunLast: {
        const n = H[pc + 2];
        const f = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        let target: number;
        if (
          (f & 7) === 3 &&
          (H[f >>> 3] & 0xff) === Kind.Fun &&
          H[(f >>> 3) + 2] === n << 1 &&
          (target = lambdas[H[(f >>> 3) + 1] >> 1].fn.entry) !== 0
        ) {
          const p = f >>> 3;
          const free = (H[p] >>> 8) - 3;
          for (let i = 0; i < free; i++) H[n + i] = H[p + 4 + i];
        } else {
          H[Reg.E] = e;
          target = callFunTarget(f, n);
          if (target === 0) break;
        }
        e += H[pc + 3];
        pc = target;
        continue;
      }
      case I.Apply: {
        H[Reg.E] = e;
        const target = applyTarget(H[pc + 1]);
        if (target === 0) break;
        H[--e] = ((pc + 2) << 6) | Imm.Continuation;
        pc = target;
        continue;
      }
      case I.ApplyLast: {
        H[Reg.E] = e;
        const target = applyTarget(H[pc + 1]);
        if (target === 0) break;
        e += H[pc + 2];
        pc = target;
        continue;
      }
      case I.TryCase: {
        H[e + ~H[pc + 1]] = NIL;
        H[0] = H[1];
        H[1] = H[2];
        H[2] = H[3];
        pc += 2;
        continue;
      }
      case I.CatchEnd: {
        H[e + ~H[pc + 1]] = NIL;
        if (H[0] === Imm.Special) {
          H[Reg.E] = e;
          H[0] = caughtValue(H[1], H[2], H[3]);
        }
        pc += 2;
        continue;
      }
      case I.BuildStacktrace: {
        H[Reg.E] = e;
        H[0] = symbolicTrace(H[0]);
        pc += 1;
        continue;
      }
      case I.Send: {
        H[Reg.E] = e;
        const r = sendMessage(H[0], H[1]);
        if (r === Sentinel.Unwind) break;
        H[0] = r;
        pc += 1;
        continue;
      }
      case I.LoopRec: {
        const m = current.current();
        if (m === null) {
          if (current.arrivals !== null) {
            // There is more to look at, once it has been let in. No X register is live here.
            H[Reg.Pc] = pc;
            H[Reg.Live] = 0;
            H[Reg.E] = e;
            return Why.Yield;
          }
          pc = H[pc + 1];
          continue;
        }
        const v = m.term;
        if ((o = H[pc + 2]) < 0) H[e + ~o] = v;
        else H[o] = v;
        pc += 3;
        continue;
      }
      case I.RemoveMessage: {
        current.removeCurrent();
        cancelReceiveTimer(current);
        pc += 1;
        continue;
      }
      case I.LoopRecEnd: {
        current.before = current.current();
        pc = H[pc + 1];
        if ((H[Reg.Reds] = (H[Reg.Reds] - REDUCTION) | 0) < 0) {
          H[Reg.Pc] = pc;
          H[Reg.Live] = 0;
          H[Reg.E] = e;
          if (!rare.yieldHere()) return Why.Yield;
          e = H[Reg.E];
        }
        continue;
      }
      case I.Wait: {
        H[Reg.Pc] = H[pc + 1];
        H[Reg.Live] = 0;
        H[Reg.E] = e;
        return Why.Wait;
      }
      case I.WaitTimeout: {
        const time = (o = H[pc + 2]) < 0 ? H[e + ~o] : H[o];
        o = receiveTimeout(current, time, pc + 3);
        if (o === TimeoutResult.Bad) break;
        if (o === TimeoutResult.Now) {
          pc += 3;
          continue;
        }
        H[Reg.Pc] = H[pc + 1];
        H[Reg.Live] = 0;
        H[Reg.E] = e;
        return Why.Wait;
      }
      case I.Timeout: {
        current.before = null;
        current.timer = 0;
        pc += 1;
        continue;
      }
      case I.FMoveIn: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        F[H[pc + 2]] = D.getFloat64(((v >>> 3) + 1) * 4, true);
        pc += 3;
        continue;
      }
      case I.FMoveOut: {
        const at = H[Reg.Htop];
        H[at] = (2 << Kind.SizeShift) | Kind.Float;
        D.setFloat64((at + 1) * 4, F[H[pc + 1]], true);
        H[Reg.Htop] = at + 3;
        if ((o = H[pc + 2]) < 0) H[e + ~o] = (at << 3) | 3;
        else H[o] = (at << 3) | 3;
        pc += 3;
        continue;
      }
      case I.FConv: {
        const v = (o = H[pc + 1]) < 0 ? H[e + ~o] : H[o];
        const d = (v & 1) === 0 ? v >> 1 : numberToDouble(v);
        if (d !== d) break;
        F[H[pc + 2]] = d;
        pc += 3;
        continue;
      }
      case I.FAdd: {
        const d = F[H[pc + 1]] + F[H[pc + 2]];
        if (d - d !== 0) break;
        F[H[pc + 3]] = d;
        pc += 4;
        continue;
      }
      case I.FSub: {
        const d = F[H[pc + 1]] - F[H[pc + 2]];
        if (d - d !== 0) break;
        F[H[pc + 3]] = d;
        pc += 4;
        continue;
      }
      case I.FMul: {
        const d = F[H[pc + 1]] * F[H[pc + 2]];
        if (d - d !== 0) break;
        F[H[pc + 3]] = d;
        pc += 4;
        continue;
      }
      case I.FDiv: {
        const d = F[H[pc + 1]] / F[H[pc + 2]];
        if (d - d !== 0) break;
        F[H[pc + 3]] = d;
        pc += 4;
        continue;
      }
      case I.FNeg: {
        F[H[pc + 2]] = -F[H[pc + 1]];
        pc += 3;
        continue;
      }
      case I.Slow: {
        H[Reg.E] = e;
        o = slowRoutines[H[pc + 1]](pc, e);
        if (o === 0) break;
        pc = o;
        e = H[Reg.E];
        continue;
      }
      case I.FuncInfo:
      case I.Undefined:
      case I.Raise:
      case I.RawRaise:
      case I.BadMatch:
      case I.CaseEnd:
      case I.IfEnd:
      case I.TryCaseEnd:
      case I.BadRecord:
      case I.Unsupported:
        break;
      case I.Halt:
        H[Reg.Reason] = Why.Exited;
        H[Reg.E] = e;
        finishProcess();
        return Why.Exited;
      default:
        throw new Error(`turbeam: no interpreter instruction ${H[pc]} at ${pc}`);
    }
    if (exit === Exit.Unwound) {
      // Reg.E is what the unit or BIF left: a resumed unit takes its frame off the stack.
      pc = rare.unwound(pc);
      if (pc <= 0) return 0 - pc;
    } else {
      H[Reg.E] = e;
      pc = rare.failed(pc);
      if (pc === 0) return Why.Exited;
    }
    e = H[Reg.E];
  }
}
