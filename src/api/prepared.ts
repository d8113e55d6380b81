// Prepared functions: JavaScript functions that call one exported function, the fast way. Small arguments go straight to the function's
// compiled unit, and a small result straight back.
import type { ExportEntry, Unit } from '../code/functions.js';
import { unwound } from '../interpret/transitions.js';
import { H } from '../memory/arena.js';
import { atomName } from '../terms/atoms.js';
import { Sentinel, type Term } from '../terms/tags.js';
import { begin, caller } from './callers.js';
import { abandon, callEntry, failed, goOn, resultOf, run, startSlice } from './calls.js';
import { encode } from './encode.js';
import type { Argument, Value } from './values.js';

/** What the call that has just begun goes on with if its unit leaves the JavaScript stack. */
let entryAt = 0;
let granted = 0;
let inUnit = false;

/** The unit of the function, which is going to be called; null: it has none (yet). */
function startUnit(e: ExportEntry): Unit | null {
  const u = e.call;
  if (u === null) return null;
  entryAt = H[e.cell]!;
  granted = startSlice(caller!);
  inUnit = true;
  return u;
}

/** What a unit returned, as the value of the call. */
function afterUnit(r: Term): Value {
  inUnit = false;
  return r === Sentinel.Unwind ? goOn(caller!, unwound(entryAt), granted) : resultOf(caller!, r, granted);
}

/** Something was thrown before the unit returned. */
function beforeReturn(error: unknown): unknown {
  if (!inUnit) return abandon(error);
  inUnit = false;
  return failed(error);
}

const small = (v: Argument): Term => (typeof v === 'number' && v === (v << 1) >> 1 ? v << 1 : encode(v));

/** A JavaScript function that calls m:f/arity: the fast way. There is one of its own for each of the usual arities. */
export function prepare(e: ExportEntry): (...args: Argument[]) => Value {
  const { arity } = e;
  const check = (args: Argument[]): void => {
    if (args.length !== arity)
      throw new RangeError(
        `${label(e)} takes ${arity} argument${arity === 1 ? '' : 's'}, not ${args.length}`,
      );
  };
  switch (arity) {
    case 0:
      return (...args) => {
        check(args);
        begin();
        let r = 0;
        const u = startUnit(e);
        if (u === null) return run(e, 0);
        try {
          r = u();
        } catch (error) {
          throw beforeReturn(error);
        }
        return afterUnit(r);
      };
    case 1:
      return (...args) => {
        check(args);
        begin();
        let r = 0;
        let u: Unit | null;
        try {
          const x0 = small(args[0]);
          u = startUnit(e);
          if (u !== null) r = u(x0);
          else H[0] = x0;
        } catch (error) {
          throw beforeReturn(error);
        }
        return u === null ? run(e, 1) : afterUnit(r);
      };
    case 2:
      return (...args) => {
        check(args);
        begin();
        let r = 0;
        let u: Unit | null;
        try {
          const x0 = small(args[0]);
          const x1 = small(args[1]);
          u = startUnit(e);
          if (u !== null) r = u(x0, x1);
          else {
            H[0] = x0;
            H[1] = x1;
          }
        } catch (error) {
          throw beforeReturn(error);
        }
        return u === null ? run(e, 2) : afterUnit(r);
      };
    case 3:
      return (...args) => {
        check(args);
        begin();
        let r = 0;
        let u: Unit | null;
        try {
          const x0 = small(args[0]);
          const x1 = small(args[1]);
          const x2 = small(args[2]);
          u = startUnit(e);
          if (u !== null) r = u(x0, x1, x2);
          else {
            H[0] = x0;
            H[1] = x1;
            H[2] = x2;
          }
        } catch (error) {
          throw beforeReturn(error);
        }
        return u === null ? run(e, 3) : afterUnit(r);
      };
  }
  return (...args) => {
    check(args);
    return callEntry(e, args);
  };
}

const label = (e: ExportEntry): string => `${atomName(e.module)}:${atomName(e.name)}/${e.arity}`;
