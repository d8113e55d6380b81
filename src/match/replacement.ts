// What ets:select_replace/2 asks of a match specification: that each clause gives a tuple with the key of the one it matched.
import { am, atom } from '../terms/atoms.js';
import { head, isMap, isTuple, tail, tupleArity, tupleElement } from '../terms/build.js';
import { exactEqual } from '../terms/compare.js';
import { isCons, NIL, type Term } from '../terms/tags.js';
import { isBound } from './head.js';
import { variableNumber } from './variables.js';

const ELEMENT = atom('element');

/** Whether each clause of a (correct) specification keeps the key. */
export function keepsKeys(spec: Term, keyPosition: number): boolean {
  for (let t = spec; isCons(t); t = tail(t)) {
    const clause = head(t);
    if (!keepsKey(tupleElement(clause, 0), tupleElement(clause, 2), keyPosition)) return false;
  }
  return true;
}

function keepsKey(pattern: Term, body: Term, keyPosition: number): boolean {
  if (tail(body) !== NIL) return false;
  const result = head(body);
  if (result === am.$_) return true;
  if (!isTuple(result) || !isTuple(pattern) || tupleArity(pattern) < keyPosition) return false;
  const key = tupleElement(pattern, keyPosition - 1);
  if (tupleArity(result) === 2 && tupleElement(result, 0) === am.const) {
    const tuple = tupleElement(result, 1);
    return (
      isTuple(tuple) &&
      tupleArity(tuple) >= keyPosition &&
      isBound(key) &&
      exactEqual(key, tupleElement(tuple, keyPosition - 1))
    );
  }
  const built = tupleElement(result, 0);
  if (tupleArity(result) !== 1 || !isTuple(built) || tupleArity(built) < keyPosition) return false;
  const expression = tupleElement(built, keyPosition - 1);
  return isElementOfWhole(expression, keyPosition) || givesMatched(key, expression);
}

/** {element, KeyPosition, '$_'} */
function isElementOfWhole(t: Term, keyPosition: number): boolean {
  return (
    isTuple(t) &&
    tupleArity(t) === 3 &&
    tupleElement(t, 0) === ELEMENT &&
    tupleElement(t, 1) === keyPosition << 1 &&
    tupleElement(t, 2) === am.$_
  );
}

/** Whether an expression gives what a pattern has matched. */
function givesMatched(pattern: Term, expression: Term): boolean {
  if (isTuple(expression)) {
    if (tupleArity(expression) === 2 && tupleElement(expression, 0) === am.const)
      return isBound(pattern) && exactEqual(pattern, tupleElement(expression, 1));
    const built = tupleArity(expression) === 1 ? tupleElement(expression, 0) : NIL;
    if (!isTuple(built) || !isTuple(pattern) || tupleArity(built) !== tupleArity(pattern)) return false;
    for (let i = 0; i < tupleArity(built); i++)
      if (!givesMatched(tupleElement(pattern, i), tupleElement(built, i))) return false;
    return true;
  }
  if (isCons(expression) && isCons(pattern))
    return givesMatched(head(pattern), head(expression)) && givesMatched(tail(pattern), tail(expression));
  if (variableNumber(pattern) >= 0) return pattern === expression;
  return !isMap(pattern) && isBound(pattern) && exactEqual(pattern, expression);
}
