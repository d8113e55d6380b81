// Exceptions of Erlang's as JavaScript errors.
import { symbolicTrace } from '../processes/exceptions.js';
import { Atom, am, atom, atomName } from '../terms/atoms.js';
import { isTaggedTuple, isTuple, listToArray, tupleArity, tupleElement } from '../terms/build.js';
import { formatPretty, formatWrite } from '../terms/format.js';
import { isAtom, isSmall, type Term } from '../terms/tags.js';
import { decodeOrHide, isTooLarge } from './decode.js';
import { ErlangError, Opaque, type StackEntry, type Value } from './values.js';

const FILE = am.file;
const LINE = am.line;

/** More than that of a reason does not go into the message. */
const MAX_SHOWN = 2000;

/** The error for an exception of class `cls` (atom) with a raw stack trace. */
export function exception(cls: Term, reason: Term, trace: Term): ErlangError {
  const name = cls === Atom.Error ? 'error' : cls === Atom.Exit ? 'exit' : 'throw';
  const cause = causeOf(reason);
  const options = cause === undefined ? undefined : { cause };
  return errorFor(name, reason, stackEntries(symbolicTrace(trace)), options);
}

/** The error for a process that has ended with a reason before it returned. */
export function exited(reason: Term): ErlangError {
  return errorFor('exit', reason, []);
}

/** A reason of more words is not looked at. */
const MAX_REASON = 1 << 22;

function errorFor(
  name: 'error' | 'exit' | 'throw',
  reason: Term,
  stack: StackEntry[],
  options?: ErrorOptions,
): ErlangError {
  const [value, text] = told(reason, shown);
  return new ErlangError(name, value, stack, text, options);
}

/** A reason as a value and as text; what is too large is neither. */
export function told(reason: Term, format: (reason: Term) => string): [Value, string] {
  const value = decodeOrHide(reason, MAX_REASON);
  return [value, value instanceof Opaque && isTooLarge(value) ? String(value) : format(reason)];
}

function shown(reason: Term): string {
  const text = formatPretty(reason, { unicode: true, lineLength: 1e9, depth: 100 });
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text;
}

/** The entries of a stack trace as Erlang programs see it. */
export function stackEntries(trace: Term): StackEntry[] {
  const entries: StackEntry[] = [];
  for (const t of listToArray(trace) ?? []) {
    if (!isTuple(t) || tupleArity(t) !== 4) continue;
    const [m, f, a, location] = [0, 1, 2, 3].map((i) => tupleElement(t, i)) as [Term, Term, Term, Term];
    if (!isAtom(m) || !isAtom(f)) continue;
    const entry: StackEntry = { module: atomName(m), function: atomName(f), arity: 0 };
    if (isSmall(a)) entry.arity = a >> 1;
    else {
      // erlang:raise/3 takes traces that no call has left.
      entry.args = (listToArray(a) ?? []).map((arg) => decodeOrHide(arg, MAX_REASON));
      entry.arity = entry.args.length;
    }
    for (const item of listToArray(location) ?? []) {
      const file = isTaggedTuple(item, 2, FILE) ? stringOf(tupleElement(item, 1)) : undefined;
      if (file !== undefined) entry.file = file;
      else if (isTaggedTuple(item, 2, LINE) && isSmall(tupleElement(item, 1)))
        entry.line = tupleElement(item, 1) >> 1;
    }
    entries.push(entry);
  }
  return entries;
}

/** The text of a list of code points; undefined: it is none. */
function stringOf(t: Term): string | undefined {
  const points = listToArray(t);
  if (points?.every((p) => isSmall(p) && p >= 0 && p >> 1 <= 0x10ffff) !== true) return undefined;
  return points.map((p) => String.fromCodePoint(p >> 1)).join('');
}

const JS_ERROR = atom('js_error');

/** Errors that JavaScript functions threw and nobody has seen yet, by what identifies them in the reason; the last few. */
const thrown = new Map<string, unknown>();
const MAX_THROWN = 16;

const keyOf = (reason: Term): string => formatWrite(reason);

/** Remembers what a JavaScript function threw, for the case that its exception comes back to JavaScript. */
export function rememberThrown(reason: Term, error: unknown): void {
  thrown.set(keyOf(reason), error);
  if (thrown.size > MAX_THROWN) thrown.delete(thrown.keys().next().value!);
}

function causeOf(reason: Term): unknown {
  return isTaggedTuple(reason, 3, JS_ERROR) ? thrown.get(keyOf(reason)) : undefined;
}
