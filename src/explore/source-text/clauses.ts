// Clauses of functions, funs, case, receive, if and try; guards.

import { writeBody, writeExpression, writeExpressions } from './expressions.js';
import { Tuple, type Value } from './external-term.js';
import { atomText } from './literals.js';
import { listOf, nodeOf, tagOf, tupleOf, unknown } from './nodes.js';
import { Break, type Writer } from './writer.js';

/** A clause's annotation, patterns, guard and body. */
function partsOf(clause: Value): [annotation: Value, patterns: Value[], guard: Value[], body: Value] {
  const [tag, annotation, patterns, guard, body] = nodeOf(clause);
  if (tag !== 'clause' || body === undefined) unknown(clause);
  return [annotation!, listOf(patterns), listOf(guard), body];
}

/** Writes clauses with `;` between. */
function writeEach(w: Writer, clauses: readonly Value[], write: (clause: Value) => void): void {
  w.depth++;
  clauses.forEach((clause, i) => {
    if (i > 0) {
      w.put(';');
      w.space();
    }
    w.mayBreak(Break.Part);
    write(clause);
  });
  w.depth--;
}

/** The clauses of a function; each begins with the name. */
export function writeFunctionClauses(w: Writer, name: string, clauses: readonly Value[]): void {
  w.depth--;
  writeEach(w, clauses, (clause) => {
    const [annotation, patterns, guard, body] = partsOf(clause);
    w.put(atomText(name), annotation);
    writeArguments(w, patterns);
    writeGuardAndBody(w, guard, body);
  });
  w.depth++;
}

/** The clauses of a fun; `name` is '' or the variable that stands for the fun inside of it. */
export function writeFunClauses(w: Writer, clauses: readonly Value[], name: string): void {
  writeEach(w, clauses, (clause) => {
    const [annotation, patterns, guard, body] = partsOf(clause);
    if (name === '') w.put('(', annotation);
    else {
      w.put(name, annotation);
      w.put('(');
    }
    writeExpressions(w, patterns);
    w.put(')');
    writeGuardAndBody(w, guard, body);
  });
}

function writeArguments(w: Writer, patterns: Value[]): void {
  w.put('(');
  writeExpressions(w, patterns);
  w.put(')');
}

/** The clauses of case, receive, `try ... of` and else. */
export function writeClauses(w: Writer, clauses: readonly Value[]): void {
  writeEach(w, clauses, (clause) => {
    const [, patterns, guard, body] = partsOf(clause);
    if (patterns.length !== 1) unknown(clause);
    writeExpression(w, patterns[0]);
    writeGuardAndBody(w, guard, body);
  });
}

export function writeIfClauses(w: Writer, clauses: readonly Value[]): void {
  writeEach(w, clauses, (clause) => {
    const [, , guard, body] = partsOf(clause);
    writeGuard(w, guard);
    w.spaced('->');
    writeBody(w, body);
  });
}

/** The clauses of `try ... catch`: their pattern is a tuple of class, reason and stack trace. */
export function writeTryClauses(w: Writer, clauses: readonly Value[]): void {
  writeEach(w, clauses, (clause) => {
    const [, patterns, guard, body] = partsOf(clause);
    const [tag, , elements] = nodeOf(patterns[0]);
    if (tag !== 'tuple' || patterns.length !== 1) unknown(clause);
    const [errorClass, reason, stacktrace] = tupleOf(new Tuple(listOf(elements)), 3);
    writeExpression(w, errorClass);
    w.put(':');
    writeExpression(w, reason);
    if (!isAnyVariable(stacktrace)) {
      w.put(':');
      writeExpression(w, stacktrace);
    }
    writeGuardAndBody(w, guard, body);
  });
}

function isAnyVariable(node: Value | undefined): boolean {
  return tagOf(node) === 'var' && nodeOf(node)[2] === '_';
}

function writeGuardAndBody(w: Writer, guard: readonly Value[], body: Value): void {
  if (guard.length > 0) {
    w.spaced('when');
    writeGuard(w, guard);
  }
  w.spaced('->');
  writeBody(w, body);
}

/** Alternatives with `;` between, each of tests with `,` between. */
function writeGuard(w: Writer, guard: readonly Value[]): void {
  guard.forEach((tests, i) => {
    if (i > 0) {
      w.put(';');
      w.space();
    }
    writeExpressions(w, tests);
  });
}
