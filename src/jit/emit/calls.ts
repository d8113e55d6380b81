// Emitters of calls: local and external functions, BIFs, funs; and return. A call is a direct JavaScript call through the
// callee's holder; if the callee unwinds, this frame joins the captured ones.
import type * as E from 'estree';
import { bifInfos } from '../../bifs/table.js';
import { type CodeFunction, type ExportEntry, functionOfLabel, NOT_LOADED } from '../../code/functions.js';
import { funUnits, lambdas } from '../../code/lambdas.js';
import type { Operand } from '../../load/module.js';
import { Op } from '../../load/opcodes.js';
import { num } from '../../load/operands.js';
import { settings } from '../../settings.js';
import { Sentinel } from '../../terms/tags.js';
import { and, bin, call, conditional, continueTo, id, lit, member, set, when, word } from '../ast.js';
import { infoOfRange } from '../known.js';
import { bifOf } from '../library.js';
import type { CallKind } from '../record.js';
import * as stubs from '../stubs/calls.js';
import { type Givens, MAX_ARITY, type Unboxed, type Unit } from '../unit.js';
import { emitCell, sameSite } from './constructors.js';

const UNWIND = lit(Sentinel.Unwind);

function xs(u: Unit, n: number): E.Expression[] {
  return Array.from({ length: n }, (_, i) => u.source({ kind: 'x', n: i }));
}

/** holder.call !== null ? holder.call(…) : cold(holder, …) */
function through(u: Unit, holder: string, cold: string, args: E.Expression[]): E.Expression {
  return conditional(
    bin(member(holder, 'call'), '!==', { type: 'Literal', value: null }),
    call(member(holder, 'call'), ...args),
    u.callLibrary(`${cold}_${args.length}`, id(holder), ...args),
  );
}

/** A name for a function in generated code, as in fib$1. */
function holderName(u: Unit, label: string, value: unknown, kind?: CallKind): string {
  const base = label
    .replace(/^'|'/g, '')
    .replace(/[^A-Za-z0-9_]+/g, '$')
    .replace(/^\d/, '_$&');
  let name = base;
  for (let i = 2; u.uses.has(name) && u.uses.get(name) !== value; i++) name = `${base}_${i}`;
  u.use(name, value);
  if (kind !== undefined) u.callees.set(name, { label, kind });
  return name;
}

/** Nothing in X survives a call. */
function forgetX(u: Unit): void {
  u.floats.clear();
  for (const name of u.known.keys()) if (name[0] === 'x') u.known.delete(name);
  for (const [name, number] of u.unboxed) {
    if (name[0] === 'x') u.unboxed.delete(name);
    else
      u.known.set(
        name,
        number.kind === 'double' ? { small: false, float: true } : infoOfRange(number.min, number.max),
      );
  }
}

/** After a call: x0 is the result. */
function called(u: Unit, value: E.Expression): void {
  forgetX(u);
  const x0 = u.destination({ kind: 'x', n: 0 });
  u.emit(set(x0.name, value), when(bin(x0, '===', UNWIND), u.capture()));
}

function localCallee(u: Unit, label: Operand): CodeFunction {
  return functionOfLabel(u.module, num(label));
}

/**
 * A call inside the module. What it calls can never change, so a unit that is there already is a constant: V8 then needs
 * neither load nor check before it calls or inlines it.
 */
function callLocal(u: Unit, label: Operand, arity: number): E.Expression {
  const fn = localCallee(u, label);
  if (fn.bif >= 0) return through(u, holderName(u, fn.label, fn, 'function'), 'cold', xs(u, arity));
  if (settings.without.direct)
    return through(u, holderName(u, fn.label, fn, 'function'), 'cold', xs(u, arity));
  if (fn === u.target && u.isEntry && keepsGivens(u)) return call(u.selfName(), ...xs(u, arity));
  return callFunction(u, fn, xs(u, arity), knownFuns(u, arity));
}

/** A call of a function whose code can not be replaced while this unit is in use. */
function callFunction(u: Unit, fn: CodeFunction, args: E.Expression[], givens: Givens): E.Expression {
  const version = givens.size === 0 ? null : calleeHook.versionOf(fn, givens);
  if (version !== null) return call(holderName(u, fn.label, version, 'version'), ...args);
  const unit = calleeHook.unitOf(fn);
  if (unit !== null) return call(holderName(u, fn.label, unit, 'direct'), ...args);
  return through(u, holderName(u, fn.label, fn, 'function'), 'cold', args);
}

/** Arguments of a call that are funs of known lambdas. */
function knownFuns(u: Unit, arity: number): Givens {
  const givens: Givens = new Map();
  for (let n = 0; n < arity; n++) {
    const lambda = u.known.get(`x${n}`)?.lambda;
    if (lambda !== undefined) givens.set(`x${n}`, lambda);
  }
  return givens;
}

/** Whether a call of the function to itself hands on the funs that this version of it is for. */
function keepsGivens(u: Unit): boolean {
  return [...u.givens].every(([name, lambda]) => u.known.get(name)?.lambda === lambda);
}

/** Set by translate.ts, because translating one unit can lead to others. */
export const calleeHook: {
  /** Gives the unit of a callee, which it may translate for the purpose, or null. */
  unitOf: (fn: CodeFunction) => CodeFunction['call'];
  /** The same for a version of the callee that is for funs of known lambdas. */
  versionOf: (fn: CodeFunction, givens: Givens) => CodeFunction['call'];
} = { unitOf: (fn) => fn.call, versionOf: () => null };

function callExport(u: Unit, e: ExportEntry, label: string): E.Expression {
  const args = xs(u, e.arity);
  const holder = holderName(u, label, e, 'export');
  const ordinary = through(u, holder, 'coldExport', args);
  const givens = knownFuns(u, e.arity);
  if (givens.size === 0 || e.fn === null || settings.without.direct) return ordinary;
  const version = calleeHook.versionOf(e.fn, givens);
  if (version === null) return ordinary;
  // The module may be replaced at any time.
  const known = bin(member(holder, 'fn'), '===', id(holderName(u, `${label} code`, e.fn)));
  return conditional(known, call(holderName(u, `${label} version`, version, 'version'), ...args), ordinary);
}

function importLabel(u: Unit, o: Operand): string {
  const i = u.module.source.imports[num(o)];
  return `${i.module}:${i.name}/${i.arity}`;
}

/** math:sqrt/1 of a float: the result is an unboxed float, NaN is badarith. */
function squareRoot(u: Unit): void {
  const x0: Operand = { kind: 'x', n: 0 };
  u.locals.add('rd');
  const root = id('rd');
  u.emit(
    set('rd', call(member('Math', 'sqrt'), u.doubleOf(x0))),
    when(bin(root, '!==', root), u.leave('sqrt fails')),
  );
  forgetX(u);
  u.setDouble(x0, root);
}

/** A BIF called as a function. `tail`: its result is the unit's. */
function callBif(u: Unit, imp: Operand, e: ExportEntry, tail: boolean): void {
  const label = importLabel(u, imp);
  if (!bifInfos[e.bif].returns) {
    u.emit(...u.leave(`${label} raises`));
    return;
  }
  if (!tail && label === 'math:sqrt/1' && u.isFloat({ kind: 'x', n: 0 })) {
    squareRoot(u);
    return;
  }
  const name = holderName(u, label, bifOf(e), 'BIF');
  u.locals.add('t');
  const value = call(name, ...xs(u, e.arity));
  const t = id('t');
  u.use('H');
  const raised = when(bin(word(lit(1028)), '===', lit(3)), u.leave(`${label} raises`));
  if (tail) {
    u.emit(set('t', value), when(bin(t, '===', UNWIND), [raised]), ...u.result(t));
    return;
  }
  u.emit(set('t', value), when(bin(t, '===', UNWIND), [raised, ...u.capture()]));
  forgetX(u);
  u.set({ kind: 'x', n: 0 }, t);
}

/** What both of two rounds of a loop hand on. */
function bothUnboxed(a: Map<string, Unboxed>, b: Map<string, Unboxed>): Map<string, Unboxed> {
  const both = new Map<string, Unboxed>();
  for (const [name, x] of a) {
    const y = b.get(name);
    if (y !== undefined && y.kind === x.kind)
      both.set(name, { ...x, min: Math.min(x.min, y.min), max: Math.max(x.max, y.max) });
  }
  return both;
}

/**
 * A call of the function to itself that can be the next round of the loop: notes what it hands on unboxed, and says whether
 * this version of the loop can take it.
 */
function fitsLoop(u: Unit, arity: number): boolean {
  const names = Array.from({ length: arity }, (_, i) => `x${i}`);
  const numbers = new Map([...u.unboxed].filter(([name, number]) => names.includes(name) && !number.boxed));
  u.loopCandidates = u.loopCandidates === undefined ? numbers : bothUnboxed(u.loopCandidates, numbers);
  return keepsGivens(u) && [...u.loopUnboxed].every(([name, wanted]) => canStay(u, name, wanted));
}

/** Goes to the next round. */
function loopBack(u: Unit, arity: number): void {
  for (let i = 0; i < arity; i++) {
    const o: Operand = { kind: 'x', n: i };
    const name = `x${i}`;
    const wanted = u.loopUnboxed.get(name);
    if (wanted === undefined) u.source(o);
    else if (wanted.kind === 'double') {
      if (u.unboxed.get(name)?.kind !== 'double') u.setDouble(o, u.doubleOf(o));
    } else if (u.unboxed.get(name)?.kind !== 'wide') u.setWide(o, u.wideOf(o), wanted.min, wanted.max);
  }
  u.isLoop = true;
  u.emit(continueTo('again'));
}

/** A tail call of the function to itself is the next round of the loop. */
function selfTailCall(u: Unit, arity: number): void {
  if (fitsLoop(u, arity)) loopBack(u, arity);
  // Else this round can not go on in this version of the loop: from the start, which chooses again.
  else if (keepsGivens(u)) u.emit(...u.result(call(u.selfName(), ...xs(u, arity))));
  else u.emit(...u.result(callFunction(u, u.target, xs(u, arity), knownFuns(u, arity))));
}

/** A call whose result only goes into a cell, as a round of the loop; false: it has to be a call. */
function constructing(u: Unit, arity: number): boolean {
  const c = u.constructions?.get(u.at);
  if (c === undefined) return false;
  if (!fitsLoop(u, arity)) {
    if (!u.nests) u.constructs = false;
    return false;
  }
  const same = sameSite(u, c);
  if (same === undefined) {
    emitCell(u, c, arity);
    loopBack(u, arity);
    u.at = c.end;
  } else {
    // What is known and boxed at this point has to hold on the other way, too.
    const ordinary = u.out;
    const state = u.saved();
    u.out = [];
    emitCell(u, c, arity);
    loopBack(u, arity);
    const round = u.out;
    u.restore(state);
    u.out = ordinary;
    u.emit(when(same, round));
  }
  u.constructs ??= true;
  return same === undefined;
}

/** Whether an argument can be what this version of the loop wants it to be. */
function canStay(u: Unit, name: string, wanted: Unboxed): boolean {
  const o: Operand = { kind: 'x', n: Number(name.slice(1)) };
  if (wanted.kind === 'double') return u.isFloat(o);
  const info = u.info(o);
  return info?.min !== undefined && info.min >= wanted.min && info.max! <= wanted.max;
}

function isSelf(u: Unit, label: Operand): boolean {
  return u.isEntry && num(label) === u.fn.entry;
}

/** call_fun: x0.. are the arguments, `f` the fun. With deallocate and return behind it, it is a tail call. */
function callFun(u: Unit, f: Operand, arity: number): void {
  const fun = u.source(f);
  const lambda = u.info(f)?.lambda;
  const value =
    (lambda === undefined ? undefined : callLambda(u, lambda, fun, arity)) ?? callAnyFun(u, fun, arity);
  if (u.fn.code[u.at + 1]?.op === Op.deallocate && u.fn.code[u.at + 2]?.op === Op.return) {
    u.emit(...u.result(value));
    u.at += 2;
  } else called(u, value);
}

/** A call of a fun whose lambda is known: of its function, with the free variables that the fun has. */
function callLambda(u: Unit, number: number, fun: E.Expression, arity: number): E.Expression | undefined {
  const { fn, arity: wanted, free } = lambdas[number];
  if (fn === NOT_LOADED || wanted !== arity || fn.arity > MAX_ARITY || fn.bif >= 0 || settings.without.direct)
    return undefined;
  u.use('H');
  const variables = Array.from({ length: free }, (_, n) =>
    word(bin(bin(fun, '>>>', lit(3)), '+', lit(4 + n))),
  );
  return callFunction(u, fn, [...xs(u, arity), ...variables], new Map());
}

function callAnyFun(u: Unit, fun: E.Expression, arity: number): E.Expression {
  u.locals.add('k');
  u.inline(stubs.closure, { dst: id('k'), fun, arity: lit(arity << 1) }, u.leave('no closure of that arity'));
  u.use('funUnits', funUnits);
  u.locals.add('l');
  const args = [...xs(u, arity), fun];
  u.emit(
    set('l', {
      type: 'MemberExpression',
      object: id('funUnits'),
      property: id('k'),
      computed: true,
      optional: false,
    }),
  );
  const isNull = bin(id('l'), '===', { type: 'Literal', value: null });
  u.emit(
    when(and(isNull, u.callLibrary('isUnloaded', id('k'))), u.leave('the code of the fun is not loaded')),
  );
  return conditional(
    bin(id('l'), '!==', { type: 'Literal', value: null }),
    call('l', ...args),
    u.callLibrary(`coldFun_${arity}`, id('k'), ...args),
  );
}

function emitReturn(u: Unit): void {
  const x0 = u.source({ kind: 'x', n: 0 });
  u.emit(...u.result(x0));
}

/** Emits a call or return; false: it is none. */
export function emitCall(u: Unit, op: Op, args: Operand[]): boolean {
  switch (op) {
    case Op.call:
      u.flushHeap();
      if (!constructing(u, num(args[0]))) called(u, callLocal(u, args[1], num(args[0])));
      return true;
    case Op.call_only:
    case Op.call_last:
      u.flushHeap();
      if (isSelf(u, args[1]) && !u.loopElsewhere) selfTailCall(u, num(args[0]));
      else u.emit(...u.result(callLocal(u, args[1], num(args[0]))));
      return true;
    case Op.call_ext: {
      u.flushHeap();
      const e = u.importOf(args[1]);
      if (e.bif >= 0) callBif(u, args[1], e, false);
      else called(u, callExport(u, e, importLabel(u, args[1])));
      return true;
    }
    case Op.call_ext_only:
    case Op.call_ext_last: {
      u.flushHeap();
      const e = u.importOf(args[1]);
      if (e.bif >= 0) callBif(u, args[1], e, true);
      else u.emit(...u.result(callExport(u, e, importLabel(u, args[1]))));
      return true;
    }
    case Op.call_fun:
      u.flushHeap();
      callFun(u, { kind: 'x', n: num(args[0]) }, num(args[0]));
      return true;
    case Op.call_fun2:
      u.flushHeap();
      callFun(u, args[2], num(args[1]));
      return true;
    case Op.return:
      u.flushHeap();
      emitReturn(u);
      return true;
    default:
      return false;
  }
}
