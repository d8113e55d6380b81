// Match specifications as a whole: lists of {Head, Guards, Body}. They are compiled to functions, clause by clause.
import { displayText } from '../bifs/display.js';
import { fragments } from '../memory/allocate.js';
import { H, Reg } from '../memory/arena.js';
import { releaseScratch } from '../memory/scratch.js';
import { Atom, am } from '../terms/atoms.js';
import { cons, isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { isAtom, isCons, NIL, Sentinel, type Term } from '../terms/tags.js';
import { type Code, compileExpression, type Scope } from './expression.js';
import { BadPattern, compilePattern, isBound, type Matcher, type Variables } from './head.js';
import { reserveBindings, subject } from './state.js';
import { variableNumber } from './variables.js';

/** What no clause has matched gives. */
export const NO_MATCH: Term = Sentinel.None;

interface Clause {
  matches: Matcher;
  guards: Code[];
  /** Expressions that are evaluated for their actions only (tracing). */
  actions: Code[];
  result: Code;
}

/** A compiled match specification. */
export interface Program {
  clauses: Clause[];
  /** Heads, as they were given. */
  heads: Term[];
}

/** What is wrong with a specification, in native Erlang's words. */
export class BadMatchSpec extends Error {
  constructor(readonly errors: string[]) {
    super(errors.join(' '));
  }
}

/** Compiles a specification, whose terms have to stay where they are while it is in use. Throws BadMatchSpec. */
export function compileMatchSpec(spec: Term, forTrace = false): Program {
  if (!isCons(spec)) throw new BadMatchSpec(['Match programs are not in a list.']);
  const parts: Term[] = [];
  let rest = spec;
  for (; isCons(rest); rest = H[(rest >>> 3) + 1]) parts.push(H[rest >>> 3]);
  if (rest !== NIL) throw new BadMatchSpec(['Match programs are not in a proper list.']);
  for (const part of parts)
    if (!isTuple(part) || tupleArity(part) !== 3)
      throw new BadMatchSpec(['Match program part is not a tuple of arity 3.']);
  const clauses = parts.map((part) =>
    compileClause(tupleElement(part, 0), tupleElement(part, 1), tupleElement(part, 2), forTrace),
  );
  return { clauses, heads: parts.map((part) => tupleElement(part, 0)) };
}

/** A specification of one clause without guards. */
export function compileSingle(head: Term, result: Term): Program {
  return { clauses: [compileClause(head, NIL, cons(result, NIL), false)], heads: [head] };
}

function compileClause(head: Term, guards: Term, body: Term, forTrace: boolean): Clause {
  const variables: Variables = new Map();
  const scope: Scope = { variables, errors: [], inGuard: true, forTrace };
  if (forTrace) checkTraceHead(head);
  let matches: Matcher = () => false;
  try {
    matches = compilePattern(head, variables);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    throw new BadMatchSpec([error.message]);
  }
  reserveBindings(variables.size);
  const tests = sequence(guards, scope, false);
  scope.inGuard = false;
  let actions: Code[] = [];
  if (isCons(body)) actions = sequence(body, scope, true);
  else if (!forTrace || body !== NIL) scope.errors.push('Body clause does not return anything.');
  if (scope.errors.length > 0) throw new BadMatchSpec(scope.errors);
  const result = actions.pop() ?? (() => Atom.True);
  return { matches, guards: tests, actions: forTrace ? actions : [], result };
}

/** Tracing matches the arguments of a call, a list. */
function checkTraceHead(head: Term): void {
  if (isCons(head) && listToArray(head) === undefined)
    throw new BadMatchSpec([`Match expression part ${displayText(head)} is not a proper list.`]);
  if (isAtom(head) && head !== am._ && variableNumber(head) < 0)
    throw new BadMatchSpec(['Match head is invalid in this context.']);
}

function sequence(t: Term, scope: Scope, kept: boolean): Code[] {
  const codes: Code[] = [];
  if (t !== NIL && !isCons(t)) {
    scope.errors.push('Match expression is not a list.');
    return codes;
  }
  for (; isCons(t); t = H[(t >>> 3) + 1]) codes.push(compileExpression(H[t >>> 3], scope, kept));
  if (t !== NIL) scope.errors.push('Match expression is not a proper list.');
  return codes;
}

/** What the specification gives for the subject (state.ts): the value of the first clause that matches, or NO_MATCH. */
export function runProgram(program: Program): Term {
  for (const clause of program.clauses) {
    if (!clause.matches(subject)) continue;
    const { guards } = clause;
    if (guards.length > 0) {
      const top = H[Reg.Htop];
      const count = fragments.length;
      let holds = true;
      for (let i = 0; holds && i < guards.length; i++) holds = guards[i]() === Atom.True;
      // What guards compute nobody keeps.
      if (H[Reg.Htop] !== top || fragments.length !== count) releaseScratch({ top, fragments: count });
      if (!holds) continue;
    }
    for (const action of clause.actions) action();
    return clause.result();
  }
  return NO_MATCH;
}

/** The keys that an object can have which the specification matches, each once; undefined: any. */
export function boundKeys(program: Program, keyPosition: number): Term[] | undefined {
  const keys: Term[] = [];
  for (const head of program.heads) {
    // A head that is no tuple and no variable matches nothing.
    if (!isTuple(head)) {
      if (isAtom(head)) return undefined;
      continue;
    }
    if (tupleArity(head) < keyPosition) continue;
    const key = tupleElement(head, keyPosition - 1);
    if (!isBound(key)) return undefined;
    if (!keys.some((other) => exactEqual(other, key))) keys.push(key);
  }
  return keys;
}
