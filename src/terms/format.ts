// Terms as text on one line: io_lib:format's ~w and ~W, and the leaves that the pretty printer needs too.
// (STDLIB Reference Manual, io:fwrite/3.)
import { H } from '../memory/arena.js';
import {
  binaryBytes,
  boxedKind,
  bytesOf,
  isBitstring,
  isMap,
  isTuple,
  mapEntries,
  tupleArity,
  tupleElement,
} from './access.js';
import { atomName } from './atoms.js';
import { floatValue } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { fieldsOf, isNativeRecord, moduleOf, nameOf, valueAt } from './native-record.js';
import { formatFloatShortest, integerToString } from './number-text.js';
import { Imm, Kind, LocalPid, NIL, Tag, type Term } from './tags.js';

export { formatPretty, type PrettyOptions } from './format-pretty.js';

export interface WriteOptions {
  /** How deep to go before `...` stands for the rest (~W); below 0: all the way. Default -1. */
  depth?: number;
  /** Characters above 255 as they are (~tw), not as \x{...}. Default false. */
  unicode?: boolean;
}

/** The term as ~w prints it, with a depth as ~W. */
export function formatWrite(t: Term, options: WriteOptions = {}): string {
  const depth = options.depth ?? -1;
  const unicode = options.unicode === true;
  let out = '';
  // What is still to come, last first: text, or terms with how deep they may go.
  const parts: (string | Term)[] = [t];
  const depths: number[] = [depth];
  while (parts.length > 0) {
    const part = parts.pop()!;
    const d = depths.pop()!;
    if (typeof part === 'string') out += part;
    else if (d === 0) out += '...';
    else if (!isCompound(part)) out += formatLeaf(part, unicode, d);
    else {
      const pieces = expand(part, d, unicode);
      for (let i = pieces.length - 2; i >= 0; i -= 2) {
        parts.push(pieces[i]!);
        depths.push(pieces[i + 1] as number);
      }
    }
  }
  return out;
}

/** The same as formatWrite. */
export const formatTerm = formatWrite;

/** Whether the term has other terms in it: a nonempty list, a tuple, a map that are not empty. */
function isCompound(t: Term): boolean {
  if ((t & Tag.Mask) === Tag.Cons) return true;
  return (t & Tag.Mask) === Tag.Boxed && (isTuple(t) || isMap(t) || isNativeRecord(t));
}

/** What a list, tuple or map is made of, in pairs: a text, or a term with its depth. */
function expand(t: Term, depth: number, unicode: boolean): (string | number)[] {
  if ((t & Tag.Mask) === Tag.Cons) {
    if (depth === 1) return ['[...]', 0];
    const pieces: (string | number)[] = ['[', 0];
    let d = depth - 1;
    for (;;) {
      pieces.push(H[t >>> 3]!, d--);
      t = H[(t >>> 3) + 1]!;
      if (t === NIL) break;
      if (d === 0 || (t & Tag.Mask) !== Tag.Cons) {
        pieces.push('|', 0, t, d);
        break;
      }
      pieces.push(',', 0);
    }
    pieces.push(']', 0);
    return pieces;
  }
  if (isTuple(t)) {
    const n = tupleArity(t);
    if (n === 0) return ['{}', 0];
    const pieces: (string | number)[] = ['{', 0];
    let d = depth - 1;
    for (let i = 0; i < n; i++) {
      if (i > 0) pieces.push(',', 0);
      pieces.push(H[(t >>> 3) + 1 + i]!, d);
      if (d-- === 0) break;
    }
    pieces.push('}', 0);
    return pieces;
  }
  if (isNativeRecord(t)) return expandRecord(t, depth, unicode);
  const entries = mapEntries(t);
  if (depth === 1 || entries.length === 0) return ['#{}', 0];
  const pieces: (string | number)[] = ['#{', 0];
  for (let i = 0; i < entries.length; i++) {
    if (i === depth - 1) break;
    if (i > 0) pieces.push(',', 0);
    pieces.push(entries[i]![0], depth - 1, ' => ', 0, entries[i]![1], depth - 1);
  }
  // OTP 25 writes the dots even if they stand for nothing.
  if (depth > 0 && entries.length >= depth - 1) pieces.push(',...', 0);
  pieces.push('}', 0);
  return pieces;
}

/** `#module:name{`, as records are written. */
export function recordOpening(t: Term, unicode: boolean): string {
  return `#${formatAtom(atomName(moduleOf(t)), unicode)}:${formatAtom(atomName(nameOf(t)), unicode)}{`;
}

/** The name of a record's field number i with ` = `. */
export function recordField(t: Term, i: number, unicode: boolean): string {
  return `${formatAtom(atomName(tupleElement(fieldsOf(t), i)), unicode)} = `;
}

function expandRecord(t: Term, depth: number, unicode: boolean): (string | number)[] {
  const n = tupleArity(fieldsOf(t));
  const pieces: (string | number)[] = [recordOpening(t, unicode), 0];
  for (let i = 0; i < n; i++) {
    const d = depth - 1 - i;
    if (d === 0) {
      pieces.push(i === 0 ? '...' : ',...', 0);
      break;
    }
    pieces.push((i === 0 ? '' : ',') + recordField(t, i, unicode), 0, H[valueAt(t, i)], d);
  }
  pieces.push('}', 0);
  return pieces;
}

/**
 * A term that has no other terms in it.
 * @param depth for a bitstring: one more than the number of bytes to show
 */
export function formatLeaf(t: Term, unicode: boolean, depth = -1): string {
  if ((t & 1) === 0) return String(t >> 1);
  switch (t & Tag.Mask) {
    case Tag.Immediate:
      switch (t & Imm.Mask) {
        case Imm.Atom:
          return formatAtom(atomName(t), unicode);
        case Imm.Pid:
          return `<0.${(t >>> 6) & LocalPid.NumberMask}.${t >>> (6 + LocalPid.NumberBits)}>`;
        case Imm.Port:
          return `#Port<0.${t >>> 6}>`;
      }
      return '[]';
    case Tag.Boxed:
      return formatBoxed(t, unicode, depth);
  }
  return NO_TERM;
}

/** What is printed of a word that is no term: only code that breaks the compiler's rules gets hold of one. */
const NO_TERM = '#<no term>';

function formatBoxed(t: Term, unicode: boolean, depth: number): string {
  const at = t >>> 3;
  const word = (i: number) => H[at + i]! >>> 0;
  switch (boxedKind(t)) {
    case Kind.Float:
      return formatFloatShortest(floatValue(t));
    case Kind.PositiveBig:
    case Kind.NegativeBig:
      return integerToString(t);
    case Kind.Reference:
      return `#Ref<0.${word(3)}.${word(2)}.${word(1)}>`;
    case Kind.ExternalReference: {
      const numbers: number[] = [];
      for (let i = (H[at]! >>> Kind.SizeShift) - 2; i > 0; i--) numbers.push(word(2 + i));
      return `#Ref<${nodeNumber(H[at + 1]!, word(2))}.${numbers.join('.')}>`;
    }
    case Kind.ExternalPid:
      return `<${nodeNumber(H[at + 1]!, word(4))}.${word(2)}.${word(3)}>`;
    case Kind.ExternalPort: {
      const number = BigInt(word(2)) | (BigInt(word(3)) << 32n);
      return `#Port<${nodeNumber(H[at + 1]!, word(4))}.${number}>`;
    }
    case Kind.Fun: {
      const { module, oldIndex, oldUniq } = externalHooks.lambdaOf(H[at + 1]! >> 1);
      return `#Fun<${asBytes(atomName(module))}.${oldIndex}.${oldUniq}>`;
    }
    case Kind.ExportFun: {
      const { module, name, arity } = externalHooks.exportMfa(H[at + 1]! >> 1);
      return `fun ${atomBytes(module)}:${atomBytes(name)}/${arity}`;
    }
  }
  if (isBitstring(t)) return `<<${formatBytes(t, depth)}>>`;
  if (isTuple(t) || isMap(t)) return formatWrite(t, { depth, unicode });
  return `#<term of kind ${boxedKind(t)}>`;
}

/** The first number of a pid, port or reference; native counts the nodes it meets, we take the atom's number. */
function nodeNumber(node: Term, creation: number): number {
  return atomName(node) === 'nonode@nohost' && creation === 0 ? 0 : node >>> 6;
}

/** Bytes of a bitstring as <<...>> shows them, without the brackets; at most depth - 1 of them. */
export function formatBytes(t: Term, depth = -1): string {
  const { bitSize } = binaryBytes(t);
  const bytes = bytesOf(t);
  const whole = Math.floor(bitSize / 8);
  const extra = bitSize % 8;
  const shown = depth < 0 ? whole : Math.min(whole, depth - 1);
  const items: string[] = [];
  for (let i = 0; i < shown; i++) items.push(String(bytes[i]!));
  if (shown < whole || (extra > 0 && depth === shown + 1)) {
    items.push('...');
  } else if (extra > 0) {
    items.push(`${bytes[whole]! >> (8 - extra)}:${extra}`);
  }
  return items.join(',');
}

const RESERVED = new Set(
  (
    'after and andalso band begin bnot bor bsl bsr bxor case catch cond div end fun if let not of or orelse ' +
    'receive rem try when xor'
  ).split(' '),
);

function isNameStart(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 223 && c <= 255 && c !== 247);
}

function isNameCharacter(c: number): boolean {
  return (
    isNameStart(c) ||
    (c >= 65 && c <= 90) ||
    (c >= 48 && c <= 57) ||
    c === 95 ||
    c === 64 ||
    (c >= 192 && c <= 222 && c !== 215)
  );
}

/** Whether an atom must be written in quotes. */
export function needsQuotes(name: string): boolean {
  return RESERVED.has(name) || !isPlainName(name);
}

function isPlainName(name: string): boolean {
  if (!isNameStart(name.charCodeAt(0))) return false;
  for (let i = 1; i < name.length; i++) if (!isNameCharacter(name.charCodeAt(i))) return false;
  return true;
}

/** An atom as source code has it, in quotes where it needs them. */
export function formatAtom(name: string, unicode = false): string {
  return needsQuotes(name) ? formatQuoted(name, "'", unicode) : name;
}

/** An atom as the runtime system writes it, for module and function names in funs: it does not know reserved words. */
export function atomBytes(t: Term): string {
  const name = atomName(t);
  return asBytes(isPlainName(name) ? name : formatQuoted(name, "'", true));
}

/** The bytes of the text's UTF-8 as characters, which is what the runtime system makes of names. */
function asBytes(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return Buffer.from(text, 'utf8').toString('latin1');
  }
  return text;
}

/** Characters that are written as backslash and a letter. */
const ESCAPES = new Map([
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [11, 'v'],
  [12, 'f'],
  [13, 'r'],
  [27, 'e'],
  [127, 'd'],
]);

/** Text in quotes, with escape sequences where source code needs them. */
export function formatQuoted(text: string, quote: '"' | "'", unicode = false): string {
  let out = quote as string;
  for (const character of text) out += escaped(character.codePointAt(0)!, quote, unicode);
  return out + quote;
}

function escaped(c: number, quote: string, unicode: boolean): string {
  if (c >= 32 && c < 127) {
    const character = String.fromCharCode(c);
    return character === quote || character === '\\' ? `\\${character}` : character;
  }
  const letter = ESCAPES.get(c);
  if (letter !== undefined) return `\\${letter}`;
  if (c < 160) return `\\${c.toString(8).padStart(3, '0')}`;
  if (c < 256 || unicode) return String.fromCodePoint(c);
  return `\\x{${c.toString(16).toUpperCase()}}`;
}

/** Whether ~p shows the character in a string: Latin-1, without control characters that have no escape. */
export function isPrintableLatin1(c: number): boolean {
  return (c >= 32 && c <= 126) || (c >= 160 && c <= 255) || (c >= 8 && c <= 13) || c === 27;
}

/** The characters of a list that ~p shows as a string, or undefined. */
export function printableString(t: Term): string | undefined {
  if ((t & Tag.Mask) !== Tag.Cons) return undefined;
  let text = '';
  while ((t & Tag.Mask) === Tag.Cons) {
    const item = H[t >>> 3]!;
    if ((item & 1) !== 0 || !isPrintableLatin1(item >> 1)) return undefined;
    text += String.fromCharCode(item >> 1);
    t = H[(t >>> 3) + 1]!;
  }
  return t === NIL ? text : undefined;
}
