// Terms as erlang:display/1 prints them: like ~p on one line, but floats with six decimals and an exponent, and
// binaries as text only if that is ASCII.
import { H } from '../memory/arena.js';
import { bytesOf, isMap, isTuple, listToArray, mapEntries, tupleToArray } from '../terms/access.js';
import { head, isBinaryTerm, tail } from '../terms/build.js';
import { floatValue, isFloat } from '../terms/float.js';
import { atomBytes, formatLeaf } from '../terms/format.js';
import { fieldsOf, isNativeRecord, moduleOf, nameOf, valueAt } from '../terms/native-record.js';
import { isAtom, isCons, NIL, type Term } from '../terms/tags.js';

const escapes: Record<string, string> = { '\n': '\\n', '"': '\\"', '\t': '\\t', '\r': '\\r', '\\': '\\\\' };

function quoted(text: string): string {
  return `"${text.replace(/[\n"\t\r\\]/g, (c) => escapes[c])}"`;
}

/** The text of a list of printable Latin-1 characters, or undefined. */
function stringOf(t: Term): string | undefined {
  const items = listToArray(t);
  const printable = (c: Term) => {
    const n = (c & 1) === 0 ? c >> 1 : 0;
    return (n >= 32 && n < 127) || (n >= 160 && n < 256) || n === 10 || n === 9 || n === 13;
  };
  return items?.every(printable) ? items.map((c) => String.fromCharCode(c >> 1)).join('') : undefined;
}

function leaf(t: Term): string {
  if (isFloat(t))
    return floatValue(t)
      .toExponential(6)
      .replace(/e([+-])(\d)$/, 'e$10$2');
  if (isBinaryTerm(t)) {
    const text = Buffer.from(bytesOf(t)).toString('latin1');
    if (text !== '')
      return /^[ -~\n\t\r]*$/.test(text) ? `<<${quoted(text)}>>` : `<<${bytesOf(t).join(',')}>>`;
  }
  // An @ is one more thing that only formatting in Erlang knows.
  if (isAtom(t)) return /^[^']*@/.test(atomBytes(t)) ? `'${atomBytes(t)}'` : atomBytes(t);
  return formatLeaf(t, false);
}

/** What erlang:display/1 prints for a term, without the newline. */
export function displayText(t: Term): string {
  let out = '';
  // What is still to come, last first.
  const parts: (string | Term)[] = [t];
  while (parts.length > 0) {
    const part = parts.pop()!;
    if (typeof part === 'string') out += part;
    else if (isCons(part)) {
      const text = stringOf(part);
      if (text !== undefined) out += quoted(text);
      else pushReversed(parts, listParts(part));
    } else if (isTuple(part)) pushReversed(parts, ['{', ...separated(tupleToArray(part)), '}']);
    else if (isMap(part)) pushReversed(parts, mapParts(part));
    else if (isNativeRecord(part)) pushReversed(parts, recordParts(part));
    else out += leaf(part);
  }
  return out;
}

/** Pushes one by one: a call does not take as many arguments as a list can have elements. */
function pushReversed(parts: (string | Term)[], more: (string | Term)[]): void {
  for (let i = more.length - 1; i >= 0; i--) parts.push(more[i]);
}

function separated(items: Term[]): (string | Term)[] {
  return items.flatMap((item, i) => (i === 0 ? [item] : [',', item]));
}

function listParts(t: Term): (string | Term)[] {
  const items: Term[] = [];
  for (; isCons(t); t = tail(t)) items.push(head(t));
  return ['[', ...separated(items), ...(t === NIL ? [] : ['|', t]), ']'];
}

/** Native has the fields in another order, which depends on its numbers of atoms. */
function recordParts(t: Term): (string | Term)[] {
  const fields = tupleToArray(fieldsOf(t)).flatMap((name, i) => [
    i === 0 ? '' : ',',
    name,
    '=',
    H[valueAt(t, i)],
  ]);
  return ['#', moduleOf(t), ':', nameOf(t), '{', ...fields, '}'];
}

function mapParts(t: Term): (string | Term)[] {
  const entries = mapEntries(t).flatMap(([key, value], i) => [i === 0 ? '' : ',', key, '=>', value]);
  return ['#{', ...entries, '}'];
}
