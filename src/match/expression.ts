// Guards and bodies of match specifications: an expression becomes a function without arguments that gives its value.
//
// Values may lie in a table or among the constants of the specification; where the process is to keep them they are copied
// (`kept`). A call that fails gives FAILED in a guard, and the atom 'EXIT' in a body, where everything else goes on.
import { displayText } from '../bifs/display.js';
import { allocate } from '../memory/allocate.js';
import { H } from '../memory/arena.js';
import { Atom, am, atom, atomName } from '../terms/atoms.js';
import {
  isMap,
  isTuple,
  mapEntries,
  mapFromPairs,
  tupleArity,
  tupleElement,
  tupleOf,
} from '../terms/build.js';
import { boxedAt, consAt, header, isAtom, isCons, Kind, NIL, Sentinel, type Term } from '../terms/tags.js';
import { type GuardFunction, guardFunction, type TraceAction, traceAction } from './functions.js';
import type { Variables } from './head.js';
import { bindings, own, ownSubject, subject } from './state.js';
import { variableNumber } from './variables.js';

/** Compiled code of an expression. */
export type Code = () => Term;

/** What a failed guard expression gives. */
export const FAILED: Term = Sentinel.None;

/** What the expressions of a clause are compiled with. */
export interface Scope {
  variables: Variables;
  /** What is wrong, as native Erlang says it. */
  errors: string[];
  inGuard: boolean;
  /** Specifications for tracing have actions that others do not. */
  forTrace: boolean;
}

const WHOLE = am.$_;
const ALL_VARIABLES = am.$$;

const nothing: Code = () => NIL;

/** The code of an expression; errors go to the scope. */
export function compileExpression(t: Term, scope: Scope, kept: boolean): Code {
  if (isCons(t)) return compileCons(t, scope, kept);
  if (isTuple(t)) return compileTuple(t, scope, kept);
  if (isMap(t)) return compileMap(t, scope);
  if (t === WHOLE) return kept ? ownSubject : () => subject;
  if (t === ALL_VARIABLES) return compileAllVariables(scope);
  const n = variableNumber(t);
  if (n < 0) return constant(t, kept);
  const place = scope.variables.get(n);
  if (place === undefined) {
    scope.errors.push(`Variable $${n} is unbound.`);
    return nothing;
  }
  return kept ? () => own(bindings[place]) : () => bindings[place];
}

function constant(t: Term, kept: boolean): Code {
  return kept && (t & 5) === 1 ? () => own(t) : () => t;
}

/** Whether the expression is its own value, so that it need not be built each time. */
function isConstant(t: Term): boolean {
  if (isCons(t)) {
    for (; isCons(t); t = H[(t >>> 3) + 1]) if (!isConstant(H[t >>> 3])) return false;
    return isConstant(t);
  }
  return !isTuple(t) && !isMap(t) && t !== WHOLE && t !== ALL_VARIABLES && variableNumber(t) < 0;
}

function compileCons(t: Term, scope: Scope, kept: boolean): Code {
  if (isConstant(t)) return constant(t, kept);
  const items: Term[] = [];
  for (; isCons(t); t = H[(t >>> 3) + 1]) items.push(H[t >>> 3]);
  // Native compiles from the end, which shows in the order of the errors.
  const tail = compileExpression(t, scope, true);
  const codes: Code[] = [];
  for (let i = items.length - 1; i >= 0; i--) codes.push(compileExpression(items[i], scope, true));
  return () => {
    let list = tail();
    if (list === FAILED) return FAILED;
    for (const code of codes) {
      const item = code();
      if (item === FAILED) return FAILED;
      const at = allocate(2);
      H[at] = item;
      H[at + 1] = list;
      list = consAt(at);
    }
    return list;
  };
}

/** Code of several expressions, compiled from the last to the first; they come in their own order. */
function compileAll(items: Term[], scope: Scope, kept: boolean): Code[] {
  const codes: Code[] = new Array(items.length);
  for (let i = items.length - 1; i >= 0; i--) codes[i] = compileExpression(items[i], scope, kept);
  return codes;
}

const elementsOf = (t: Term, from = 0): Term[] =>
  Array.from({ length: tupleArity(t) - from }, (_, i) => tupleElement(t, from + i));

/** {{...}} */
function compileTuple(t: Term, scope: Scope, kept: boolean): Code {
  const n = tupleArity(t);
  const first = n > 0 ? tupleElement(t, 0) : NIL;
  if (n === 1 && isTuple(first)) return buildTuple(compileAll(elementsOf(first), scope, true));
  if (!isAtom(first)) {
    scope.errors.push(
      `${displayText(t)} is neither a function call, nor a tuple (tuples are written {{ ... }}).`,
    );
    return nothing;
  }
  if (variableNumber(first) >= 0) {
    scope.errors.push(
      `${displayText(t)} is neither a function call, nor a tuple (tuples are written {{ ... }}).`,
    );
    return nothing;
  }
  return compileCall(t, atomName(first), scope, kept);
}

function buildTuple(codes: Code[]): Code {
  const n = codes.length;
  if (n === 0) return () => tupleOf([]);
  const values = new Int32Array(n);
  return () => {
    for (let i = 0; i < n; i++) if ((values[i] = codes[i]()) === FAILED) return FAILED;
    const at = allocate(n + 1);
    H[at] = header(Kind.Tuple, n);
    for (let i = 0; i < n; i++) H[at + 1 + i] = values[i];
    return boxedAt(at);
  };
}

function compileMap(t: Term, scope: Scope): Code {
  const entries = mapEntries(t).map(
    ([key, value]) => [compileExpression(key, scope, true), compileExpression(value, scope, true)] as const,
  );
  return () => {
    const pairs: [Term, Term][] = [];
    for (const [key, value] of entries) {
      const pair: [Term, Term] = [key(), value()];
      if (pair[0] === FAILED || pair[1] === FAILED) return FAILED;
      pairs.push(pair);
    }
    return mapFromPairs(pairs);
  };
}

/** '$$': the values of all variables in the order of their numbers. */
function compileAllVariables(scope: Scope): Code {
  const places = [...scope.variables].sort((a, b) => a[0] - b[0]).map(([, place]) => place);
  return () => {
    let list: Term = NIL;
    for (let i = places.length - 1; i >= 0; i--) {
      const value = own(bindings[places[i]]);
      const at = allocate(2);
      H[at] = value;
      H[at + 1] = list;
      list = consAt(at);
    }
    return list;
  };
}

/** What a failed call gives: see FAILED. */
const failure = (scope: Scope): Term => (scope.inGuard ? FAILED : am.EXIT);

function compileCall(t: Term, name: string, scope: Scope, kept: boolean): Code {
  const args = elementsOf(t, 1);
  switch (name) {
    case 'const':
      if (args.length !== 1) {
        scope.errors.push(`Special form 'const' called with more than one argument in ${displayText(t)}.`);
        return nothing;
      }
      return constant(args[0], kept);
    case 'and':
    case 'or':
    case 'andalso':
    case 'orelse':
      if (args.length === 0) {
        scope.errors.push(`Special form '${name}' called without arguments in ${displayText(t)}.`);
        return nothing;
      }
      if (name === 'and' || name === 'or')
        return strict(name === 'and', compileAll(args, scope, false), failure(scope));
      return lazy(
        name === 'andalso',
        args.map((arg) => compileExpression(arg, scope, kept)),
        failure(scope),
      );
    case 'self':
    case 'node':
      if (name === 'self' && args.length > 0) {
        scope.errors.push(`Special form 'self' called with arguments in ${displayText(t)}.`);
        return nothing;
      }
  }
  const action = traceAction(name, args.length);
  if (action !== undefined) return compileAction(t, name, args, scope, action);
  const fn = guardFunction(name, args.length);
  if (fn === undefined) {
    scope.errors.push(`Function ${displayText(tupleElement(t, 0))}/${args.length} does_not_exist.`);
    return nothing;
  }
  // What is cut out of a binary shares its bytes.
  const codes = compileAll(args, scope, fn.keepsArguments);
  const code = call(fn, codes, failure(scope));
  return kept && fn.givesPart ? () => own(code()) : code;
}

function call(fn: GuardFunction, codes: Code[], failed: Term): Code {
  const f = fn.call;
  const [a, b, c] = codes;
  switch (codes.length) {
    case 0:
      return () => {
        const value = f();
        return value === Sentinel.Unwind ? failed : value;
      };
    case 1:
      return () => {
        const x = a();
        if (x === FAILED) return FAILED;
        const value = f(x);
        return value === Sentinel.Unwind ? failed : value;
      };
    case 2:
      return () => {
        const x = a();
        const y = b();
        if (x === FAILED || y === FAILED) return FAILED;
        const value = f(x, y);
        return value === Sentinel.Unwind ? failed : value;
      };
    default:
      return () => {
        const x = a();
        const y = b();
        const z = c();
        if (x === FAILED || y === FAILED || z === FAILED) return FAILED;
        const value = f(x, y, z);
        return value === Sentinel.Unwind ? failed : value;
      };
  }
}

/** and, or: of any number of booleans. */
function strict(isAnd: boolean, codes: Code[], failed: Term): Code {
  const decides = isAnd ? Atom.False : Atom.True;
  const otherwise = isAnd ? Atom.True : Atom.False;
  return () => {
    let result: Term = otherwise;
    for (const code of codes) {
      const value = code();
      if (value === decides) result = decides;
      else if (value !== otherwise) return failed;
    }
    return result;
  };
}

/** andalso, orelse: the last expression may give anything. */
function lazy(isAnd: boolean, codes: Code[], failed: Term): Code {
  const decides = isAnd ? Atom.False : Atom.True;
  const goesOn = isAnd ? Atom.True : Atom.False;
  const last = codes.length - 1;
  return () => {
    for (let i = 0; i < last; i++) {
      const value = codes[i]();
      if (value === decides) return decides;
      if (value !== goesOn) return failed;
    }
    return codes[last]();
  };
}

/** What the actions of a specification for tracing have done. */
export const traced = { message: Atom.True as Term, flags: [] as Term[] };

/** Actions of tracing. Nothing is traced here, so that most do nothing. */
function compileAction(t: Term, name: string, args: Term[], scope: Scope, action: TraceAction): Code {
  const error = (text: string): Code => {
    scope.errors.push(text);
    return nothing;
  };
  if (action.isFunction) {
    if (!scope.forTrace || (scope.inGuard && !action.inGuard))
      return error(`Function ${name}/${args.length} cannot be called in this context.`);
  } else {
    const form = `Special form '${name === 'set_seq_token' ? 'set_seq_trace' : name}'`;
    if (!scope.forTrace) return error(`${form} used in wrong dialect.`);
    if (scope.inGuard && !action.inGuard) return error(`${form} called in guard context.`);
    if (!action.arities.includes(args.length)) {
      const what = action.arities[0] === 0 ? 'arguments' : 'wrong number of arguments';
      return error(`${form} called with ${what} in ${displayText(t)}.`);
    }
  }
  const codes = compileAll(args, scope, true);
  const { value } = action;
  if (name === 'message')
    return () => {
      traced.message = codes[0]();
      return value;
    };
  if (name === 'return_trace' || name === 'exception_trace') {
    const flag = atom(name);
    return () => {
      if (!traced.flags.includes(flag)) traced.flags.push(flag);
      return value;
    };
  }
  return () => value;
}
