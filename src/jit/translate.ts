// The translator: from a function, or a place in it, to a compiled unit that the interpreter and other units call.
import { setFlagsFromString } from 'node:v8';
import type * as E from 'estree';
import { bifInfos } from '../bifs/table.js';
import {
  type CodeFunction,
  findExport,
  functions,
  type LoadedModule,
  NOT_LOADED,
} from '../code/functions.js';
import { funUnits, lambdas } from '../code/lambdas.js';
import { versionHooks } from '../code/versions.js';
import { makeReady } from '../interpret/first-call.js';
import { profile } from '../interpret/flat-profile.js';
import { I } from '../interpret/ops.js';
import { sites } from '../interpret/sites.js';
import { translator } from '../interpret/transitions.js';
import type { BeamModule, FunctionCode } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { ArenaFull } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { inArea } from '../memory/literals.js';
import { REDUCTION, settings } from '../settings.js';
import { Sentinel } from '../terms/tags.js';
import {
  and,
  assign,
  assignment,
  bin,
  block,
  breakTo,
  continueTo,
  forever,
  id,
  labeled,
  lit,
  not,
  ret,
  set,
  when,
  word,
} from './ast.js';
import { isAffordable, spend } from './budget.js';
import { checkUnit } from './check.js';
import { type FunctionFacts, factsOf } from './effects.js';
import { calleeHook } from './emit/calls.js';
import { aroundConstructions, beforeConstructions, constructionsOf } from './emit/constructors.js';
import { flowOf } from './flow.js';
import { emitInstruction, endsUnit, onlyRaises } from './instructions.js';
import { closureEntry, onColdCall, resolve } from './library.js';
import { printUnit } from './print.js';
import type { Cause, UnitRecord } from './record.js';
import { structure } from './structure.js';
import * as stubs from './stubs/calls.js';
import { unboxed } from './stubs/floats.js';
import { isFloat } from './stubs/tests.js';
import * as wide from './stubs/wide.js';
import { type Givens, MAX_ARITY, Unit } from './unit.js';
import { addUnit, removeUnit } from './units.js';

/** Functions with more instructions are left to the interpreter: V8 would not optimise what they become. */
const MAX_INSTRUCTIONS = 3000;

export type { UnitRecord } from './record.js';

/** All units made, for dumps and statistics. */
export const records: UnitRecord[] = [];
/** Time spent translating, in milliseconds. */
export const translation = { milliseconds: 0, units: 0, failures: 0 };
/** Hears of each new unit. */
export const unitHook: { made: (r: UnitRecord) => void } = { made: () => {} };

const NO_CONSTANTS: UnitRecord['constants'] = new Map();
const NO_CALLEES: UnitRecord['callees'] = new Map();
const NO_EXITS: UnitRecord['exits'] = [];

/** The unit that is being made: what it calls may be translated on the way. */
let making = '';
/** Milliseconds that went into all units so far, and into what is kept of them for readers. */
let spent = 0;

const facts = new WeakMap<FunctionCode, FunctionFacts>();
function factsFor(fn: FunctionCode, source: BeamModule): FunctionFacts {
  let f = facts.get(fn);
  if (f === undefined) facts.set(fn, (f = factsOf(fn, (i) => onlyRaises(source, i))));
  return f;
}

/**
 * What an entry takes off the reduction counter: the bytes of its JavaScript frame while V8 has not optimised it (its fixed
 * part, locals, parameters, temporaries for the widest call).
 */
function costOf(u: Unit): number {
  if (settings.stressUnwind) return REDUCTION;
  const slots = u.locals.size + u.fn.arity + Math.max(8, u.facts.maxFrame + u.fn.arity + 2);
  // Of a large function V8's optimised frames are larger than that: measured, with 200 Y registers, by two thirds.
  return 64 + 8 * slots + 16 * Math.max(0, slots - 24);
}

/**
 * Makes the unit that begins at instruction `start` with `live` X registers; undefined if it can not be made. What the translator
 * stumbles over is left to the interpreter: code that no compiler makes can hardly all be foreseen. Tests hear of it.
 */
function makeUnit(
  fn: CodeFunction,
  start: number,
  live: number,
  isEntry: boolean,
  cause: Cause,
  givens: Givens = new Map(),
): ((...x: number[]) => number) | undefined {
  const outer = making;
  making = fn.label;
  try {
    return makeUnitOf(fn, start, live, isEntry, cause, givens);
  } catch (error) {
    if (settings.checkUnits || error instanceof ArenaFull) throw error;
    return undefined;
  } finally {
    making = outer;
  }
}

function makeUnitOf(
  fn: CodeFunction,
  start: number,
  live: number,
  isEntry: boolean,
  cause: Cause,
  givens: Givens,
): ((...x: number[]) => number) | undefined {
  const begin = performance.now();
  const spentBefore = spent;
  const code = fn.module.source.functions[fn.index];
  if (code.code.length > MAX_INSTRUCTIONS || live > MAX_ARITY) return undefined;
  const f = factsFor(code, fn.module.source);
  const flow = flowOf(code, f, start, (i) => endsUnit(fn, code, i));
  if (flow === undefined) return undefined;
  spend(flow.blocks.reduce((n, b) => n + b.end - b.start, 0));
  const u = new Unit(fn.module, fn, code, f, flow, isEntry);
  u.givens = givens;
  const parameters = Array.from({ length: live }, (_, i) => `x${i}`);
  const statements = isEntry ? entryBody(u, start, parameters) : resumeBody(u, start, live);
  const declarations = [...u.locals].filter((l) => !parameters.includes(l)).sort(byName);
  const { source, program, map, forReaders } = printUnit(
    fn,
    start,
    isEntry,
    parameters,
    declarations,
    statements,
    u,
  );
  if (u.kept.count > 0) u.uses.set('kept', new Int32Array(u.kept.count));
  const names = [...u.uses.keys()];
  if (settings.checkUnits) checkUnit(program, names);
  const values = names.map((n) => u.uses.get(n) ?? resolve(n));
  const unit = new Function(...names, program)(...values);
  const all = performance.now() - begin;
  // Callees that were made on the way have had their share.
  const milliseconds = all - (spent - spentBefore) - (forReaders ?? 0);
  spent = spentBefore + all;
  translation.milliseconds += milliseconds;
  translation.units++;
  const record: UnitRecord = {
    fn,
    start,
    isEntry,
    givens,
    cause,
    source,
    milliseconds,
    inlined: [...u.inlined].sort(),
    uses: names.sort(),
    // Most runs are not asked about these.
    callees: map === undefined ? NO_CALLEES : u.callees,
    exits: map === undefined ? NO_EXITS : u.exits,
    constants: u.names?.meanings ?? NO_CONSTANTS,
    program: map === undefined ? undefined : program,
    map,
  };
  records.push(record);
  unitHook.made(record);
  return unit;
}

/** The statements of a unit that begins at the entry: the reduction count, and a loop around self tail calls. */
function entryBody(u: Unit, start: number, parameters: string[]): E.Statement[] {
  const [first, body] = version(u, () => {});
  const numbers = first.loopCandidates;
  if (numbers === undefined || numbers.size === 0) return wrapped(first, start, parameters, body);
  // A version of the loop for when the numbers that it hands on unboxed are of that kind from the start, before the
  // ordinary body, which turns to it with its first self tail call.
  const [loop, round] = version(u, (v) => {
    v.loopUnboxed = numbers;
  });
  if (!loop.isLoop) return wrapped(first, start, parameters, body);
  const inside = wrapped(loop, start, parameters, round);
  const plain = u.fork();
  plain.loopElsewhere = true;
  plain.nests = true;
  const outside = wrapped(plain, start, parameters, structure(plain, emitInstruction));
  u.callsSelf ||= plain.callsSelf;
  const tests = [...numbers]
    .map(([n, { kind, min, max }]) =>
      kind === 'double'
        ? u.inlineExpression(isFloat, { t: id(n) })
        : u.callLibrary('isWithin', id(n), lit(min), lit(max)),
    )
    .reduce(and);
  u.out = [];
  for (const [n, { kind }] of numbers) {
    if (kind === 'double') u.emit(set(`${n}d`, u.inlineExpression(unboxed, { t: id(n) })));
    else u.inline(wide.load, { dst: id(`${n}w`), t: id(n) });
  }
  return [when(tests, [...u.out, ...inside]), ...outside];
}

/** A version of the whole body, with loops instead of calls that only construct if there are such calls. */
function version(u: Unit, prepare: (v: Unit) => void): [Unit, E.Statement[]] {
  const make = (constructing: boolean): [Unit, E.Statement[]] => {
    const v = u.fork();
    prepare(v);
    const sites = constructing ? constructionsOf(v) : undefined;
    if (sites !== undefined && sites.size > 0) v.constructions = sites;
    v.nests = callsInside(v);
    return [v, structure(v, emitInstruction)];
  };
  const first = make(true);
  const made = first[0].constructions === undefined || first[0].constructs === true ? first : make(false);
  u.callsSelf ||= made[0].callsSelf;
  return made;
}

/** Instructions that can keep a process busy: calls of what is no BIF, and receives. */
const BUSY = new Set<Op>([
  Op.call,
  Op.call_only,
  Op.call_last,
  Op.call_fun,
  Op.call_fun2,
  Op.apply,
  Op.apply_last,
  Op.loop_rec,
]);

/**
 * Whether the unit calls nothing: it then neither runs for long nor deepens the JavaScript stack by more than its own
 * frame, so its callers' reductions are enough.
 */
function isLeaf(u: Unit): boolean {
  return u.flow.blocks.every((b) => {
    for (let i = b.start; i < b.end; i++) {
      const { op, args } = u.fn.code[i];
      if (BUSY.has(op)) return false;
      if (op === Op.call_ext || op === Op.call_ext_only || op === Op.call_ext_last) {
        const e = u.importOf(args[1]);
        if (e.bif < 0 || bifInfos[e.bif].name === 'apply') return false;
      }
    }
    return true;
  });
}

/**
 * Whether other units may run before the unit ends: all but its own next round. Cells that wait for a result are in the way
 * of tail calls too.
 */
function callsInside(u: Unit): boolean {
  const isLoop = (i: number): boolean => u.constructions?.size === 1 && u.constructions.has(i);
  return u.flow.blocks.some((b) => {
    for (let i = b.start; i < b.end; i++) {
      const { op, args } = u.fn.code[i];
      if (op === Op.call_only || op === Op.call_last) {
        if (u.constructions !== undefined && (args[1] as { n: number }).n !== u.fn.entry) return true;
      } else if (op === Op.call_ext) {
        if (u.importOf(args[1]).bif < 0) return true;
      } else if (op === Op.call_ext_only || op === Op.call_ext_last) {
        if (u.constructions !== undefined && u.importOf(args[1]).bif < 0) return true;
      } else if (op === Op.call ? !isLoop(i) : CALLS.has(op)) return true;
    }
    return false;
  });
}
/** Calls that are not in tail position, and those that may be in either. */
const CALLS = new Set<Op>([Op.call_fun, Op.call_fun2, Op.apply]);

function wrapped(u: Unit, start: number, parameters: string[], body: E.Statement[]): E.Statement[] {
  u.out = [];
  u.at = start;
  if (isLeaf(u) && !settings.stressUnwind) return body;
  u.unboxed = new Map(u.loopUnboxed);
  const xs = parameters.map((p) => u.termOf(p));
  const leave = u.end(u.callLibrary(`yieldAt_${parameters.length}`, u.addressWord(start), ...xs));
  u.exits.push({ instruction: start, kind: 'yield', reason: '' });
  const cost = lit(costOf(u));
  const simple = !u.isLoop || u.nests;
  u.inline(stubs.reduce, { cost }, simple ? leave : [breakTo('again')]);
  const all = [...u.out, ...body];
  let loop: E.Statement[] = all;
  if (u.isLoop && simple) loop = [labeled('again', forever(all))];
  else if (u.isLoop) {
    // Nobody is called on the way, so the loop can be granted more reductions where it stands. Two loops, so that the inner
    // one has no call inside and V8 keeps its variables in registers. Said to be integers once, the arguments are so in every
    // round; as parameters they would be tagged and untagged again.
    const integers = parameters.filter((p) => !u.loopUnboxed.has(p));
    loop = [
      ...integers.map((p) => set(p, bin(id(p), '|', lit(0)))),
      assign(word(lit(Reg.EntryReds)), word(lit(Reg.Reds))),
      forever([labeled('again', forever(all)), when(not(u.callLibrary('goesOn')), leave)]),
    ];
  }
  return u.constructions === undefined ? loop : aroundConstructions(u, [...beforeConstructions(u), ...loop]);
}

function byName(a: string, b: string): number {
  const n = (s: string): number => Number.parseInt(s.slice(1), 10) || 0;
  return a[0] === b[0] && n(a) !== n(b) ? n(a) - n(b) : a < b ? -1 : 1;
}

/** What a round over a frame takes off the reduction counter. */
const FRAME_COST = 32;

/**
 * The statements of a unit that begins inside a function. Where a call returns to, the next frame on the process stack is
 * mostly one of the same place, in deep recursion: the unit then goes on with that one itself.
 */
function resumeBody(u: Unit, start: number, live: number): E.Statement[] {
  if (live !== 1 || u.facts.frame[start] < 0)
    return [...frameLoad(u, start), ...structure(u, emitInstruction)];
  u.overFrames = true;
  u.locals.add('result');
  const body = [...frameLoad(u, start), ...structure(u, emitInstruction)];
  const e = word(lit(Reg.E));
  const reds = word(lit(Reg.Reds));
  const goOn = allOf(
    bin(id('result'), '!==', lit(Sentinel.Unwind)),
    bin(assignment(reds, bin(bin(reds, '-', lit(FRAME_COST)), '|', lit(0))), '>=', lit(0)),
    bin(word(assignment(id('e'), e)), '===', u.returnWord(start - 1)),
  );
  return [
    labeled(
      'again',
      forever([
        labeled('frame', block(body)),
        when(goOn, [assign(e, bin(id('e'), '+', lit(1))), set('x0', id('result')), continueTo('again')]),
        ret(id('result')),
      ]),
    ),
  ];
}

const allOf = (...tests: E.Expression[]): E.Expression => tests.reduce(and);

/** A unit that does not begin at the entry takes its frame off the process stack. */
function frameLoad(u: Unit, start: number): E.Statement[] {
  const size = u.facts.frame[start];
  if (size < 0) return [];
  u.at = start;
  u.use('H');
  u.locals.add('e');
  const statements: E.Statement[] = [set('e', word(lit(Reg.E)))];
  for (let n = 0; n < size; n++)
    statements.push(set(u.yName(n), word(n === 0 ? id('e') : bin(id('e'), '+', lit(n)))));
  statements.push(assign(word(lit(Reg.E)), bin(id('e'), '+', lit(size))));
  return statements;
}

/** Functions being translated: callees come before their callers, and may call back. */
const inProgress = new Set<CodeFunction>();

/** What makes something worth translating when nothing special does. */
function usualCause(): Cause {
  return settings.jit === 'eager' ? { kind: 'eager' } : { kind: 'hot', count: settings.threshold };
}

/** Translates a function for all who call it; false: it stays with the interpreter. */
export function translateFunction(number: number, cause = usualCause()): boolean {
  const fn = functions[number];
  if (fn.call !== null) return true;
  // Code that was made while the translator was off has no room for what it would put there.
  if (fn.bif >= 0 || fn === NOT_LOADED || !makeReady(fn) || H[fn.entry] === I.EntryPlain) return false;
  const code = fn.module.source.functions[fn.index];
  const start = factsFor(code, fn.module.source).labelIndex.get(code.entry)!;
  if (inProgress.has(fn)) return false;
  inProgress.add(fn);
  let unit: ReturnType<typeof makeUnit>;
  try {
    unit = inArea(fn.module.literalArea, () => makeUnit(fn, start, fn.arity, true, cause));
  } finally {
    inProgress.delete(fn);
  }
  if (unit === undefined) {
    translation.failures++;
    return false;
  }
  fn.call = unit;
  const e = findExport(fn.module.name, fn.name, fn.arity);
  if (e?.fn === fn) e.call = unit;
  H[fn.entry] = I.EntryUnit;
  H[fn.entry + 3] = addUnit(unit);
  fn.module.units.push(H[fn.entry + 3]);
  makeFunEntries(fn);
  return true;
}

/** Lambdas of the function: funs call it with their free variables. */
function makeFunEntries(fn: CodeFunction): void {
  for (const k of fn.module.lambdas) {
    const l = lambdas[k];
    if (l.fn === fn) funUnits[k] = l.free === 0 ? fn.call : closureEntry(fn, l.arity, l.free);
  }
}

/** Translates what begins at a resume site. */
export function translateSite(number: number, cause = usualCause()): boolean {
  const site = sites[number];
  const fn = functions[site.fn];
  const unit = inArea(fn.module.literalArea, () => makeUnit(fn, site.instruction, site.live, false, cause));
  if (unit === undefined) {
    translation.failures++;
    return false;
  }
  const address = siteAddress(fn, site.instruction, site.live);
  H[address] = I.ResumeUnit;
  H[address + 3] = addUnit(unit);
  fn.module.units.push(H[address + 3]);
  return true;
}

/** The code address of a site's Resume instruction. */
function siteAddress(fn: CodeFunction, instruction: number, live: number): number {
  const { addresses, returnAddresses } = fn.module;
  return live === 1 ? returnAddresses[fn.index][instruction] : addresses[fn.index][instruction];
}

/** The counter of a function's entry is used up: translates it, if that can be afforded. */
function hotFunction(number: number): boolean {
  if (isAffordable()) return translateFunction(number);
  H[functions[number].entry + 3] = settings.threshold;
  return false;
}

/** The same for a resume site. */
function hotSite(number: number): boolean {
  if (isAffordable()) return translateSite(number);
  const { fn, instruction, live } = sites[number];
  H[siteAddress(functions[fn], instruction, live) + 3] = settings.threshold;
  return false;
}

/** Compiled code calls a function that is not translated: eager does it now, auto once it has been called often enough. */
function coldCall(fn: CodeFunction): boolean {
  if (fn.call !== null) return true;
  // A built-in function has no counter, and never a unit.
  if (fn.bif >= 0 || !makeReady(fn)) return false;
  if (settings.jit === 'eager' || H[fn.entry] === I.EntryPlain) return translateFunction(fn.id);
  // A call from compiled code costs an unwind, so it counts for more.
  const count = (H[fn.entry + 3] = H[fn.entry + 3] - 32);
  return count <= 0 && count > -32 * 4 ? hotFunction(fn.id) : false;
}

/** Calls that make a callee worth translating together with its caller. */
const WARM = 16;

/** A callee that is translated, or has been called a few times and so is translated now. */
function calleeUnit(fn: CodeFunction): CodeFunction['call'] {
  const count = settings.threshold - H[fn.entry + 3];
  if (
    fn.call === null &&
    settings.jit === 'auto' &&
    fn.isReady &&
    fn.bif < 0 &&
    !inProgress.has(fn) &&
    count >= Math.min(WARM, settings.threshold) &&
    isAffordable()
  )
    translateFunction(fn.id, { kind: 'callee', of: making, count });
  return fn.call;
}

/** What was made of a version that goes away. */
function forgetUnits(m: LoadedModule): void {
  for (const n of m.units) removeUnit(n);
  let kept = 0;
  const mine = new Set(m.lambdas);
  for (const r of records)
    if (r.fn.module !== m && ![...r.givens.values()].some((l) => mine.has(l))) records[kept++] = r;
  records.length = kept;
  // The numbers of its lambdas and functions are given away again.
  versions.clear();
}

/** Most versions of one function, and most instructions of a function that gets any. */
const MAX_VERSIONS = 16;
const MAX_VERSION_SIZE = 300;
const versions = new Map<CodeFunction, Map<string, CodeFunction['call']>>();

/**
 * A version of a function for arguments that are funs of known lambdas, so that its calls of them are direct: what makes
 * lists:map/2 with a fun as good as a loop written for the purpose. Null: there is none.
 */
function versionOf(fn: CodeFunction, givens: Givens): CodeFunction['call'] {
  const code = fn.module.source.functions[fn.index];
  if (calleeUnit(fn) === null || inProgress.has(fn)) return null;
  if (code.code.length > MAX_VERSION_SIZE || !code.code.some(({ op }) => CALLS_FUNS.has(op))) return null;
  let ofFunction = versions.get(fn);
  if (ofFunction === undefined) versions.set(fn, (ofFunction = new Map()));
  const key = [...givens].map(([name, lambda]) => `${name}:${lambda}:${lambdas[lambda].fn.id}`).join();
  const made = ofFunction.get(key);
  if (made !== undefined) return made;
  if (ofFunction.size >= MAX_VERSIONS) return null;
  ofFunction.set(key, null);
  const start = factsFor(code, fn.module.source).labelIndex.get(code.entry)!;
  const unit = makeUnit(fn, start, fn.arity, true, { kind: 'version', of: making }, givens) ?? null;
  ofFunction.set(key, unit);
  return unit;
}
/** Instructions that make a version worth while: they call a fun, or hand it on. */
const CALLS_FUNS = new Set<Op>([Op.call_fun, Op.call_fun2, Op.call, Op.call_only, Op.call_last]);

/**
 * V8 inlines more of what units call than it would of other code: they are small, and calls are what they do. Where the
 * profile is flat only larger functions, not more in all: it would take twice the time for everything that it compiles, the interpreter's loop first.
 */
function tuneV8(): void {
  setFlagsFromString('--max-inlined-bytecode-size=1500');
  if (profile.isFlat) return;
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
  // V8's default.
  profile.actions.push(() => setFlagsFromString('--max-inlined-bytecode-size-cumulative=920'));
}

/** Connects the translator to the interpreter. */
export function startTranslator(): void {
  versionHooks.unloading.push(forgetUnits);
  if (settings.tuneV8) tuneV8();
  translator.translateFunction = hotFunction;
  translator.translateSite = hotSite;
  onColdCall.translate = coldCall;
  calleeHook.unitOf = calleeUnit;
  calleeHook.versionOf = versionOf;
}
