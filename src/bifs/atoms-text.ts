// Atoms, numbers, pids, ports, references and funs as text, and back. (Module erlang.)
import { holdingReference, liveResource } from '../memory/resources.js';
import { badarg, raiseError } from '../processes/raise.js';
import { arithmeticError } from '../terms/arithmetic.js';
import { am, atom, atomName, existingAtom, MAX_ATOM_CHARACTERS } from '../terms/atoms.js';
import {
  binary,
  bytesOf,
  externalPid,
  head,
  isBinaryTerm,
  isTaggedTuple,
  listToArray,
  localPid,
  localPort,
  reference,
  stringList,
  tail,
  tuple,
  tupleElement,
} from '../terms/build.js';
import { floatValue, isFloat, makeFloat } from '../terms/float.js';
import { formatTerm } from '../terms/format.js';
import { isInteger } from '../terms/integer.js';
import {
  formatFloatDecimals,
  formatFloatScientific,
  formatFloatShortest,
  integerToString,
  parseFloat as parseFloatText,
  parseInteger,
} from '../terms/number-text.js';
import { isAtom, isCons, LocalPid, NIL, Sentinel, type Term } from '../terms/tags.js';
import { charactersOf, latin1Binary, latin1Text } from './arguments.js';
import { decimalBinary, decimalList } from './decimal.js';
import { isFun, isPid, isPort, isReference } from './guards.js';
import { defineBifs } from './table.js';

const LATIN1 = atom('latin1');
const UTF8 = atom('utf8');
const UNICODE = atom('unicode');

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of UTF-8, or undefined if the bytes are none. */
function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8Decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Number of code points. */
function characterCount(text: string): number {
  let n = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) n--;
  return n;
}

const isLatin1 = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false;
  return true;
};

function atomToBinary(t: Term, encoding: Term): Term {
  if (!isAtom(t)) return badarg();
  const name = atomName(t);
  if (encoding === LATIN1) return isLatin1(name) ? latin1Binary(name) : badarg();
  return encoding === UTF8 || encoding === UNICODE ? binary(Buffer.from(name, 'utf8')) : badarg();
}

/** The atom of a name; for a name that is too long system_limit. */
function makeAtom(name: string | undefined): Term {
  if (name === undefined) return badarg();
  if (name.length > MAX_ATOM_CHARACTERS && characterCount(name) > MAX_ATOM_CHARACTERS) {
    return raiseError(am.system_limit);
  }
  return atom(name);
}

function oldAtom(name: string | undefined): Term {
  return (name === undefined ? undefined : existingAtom(name)) ?? badarg();
}

/** The name in a list of characters; none may be a surrogate. */
function nameInList(t: Term): string | undefined {
  const name = charactersOf(t);
  return name === undefined || /\p{Surrogate}/u.test(name) ? undefined : name;
}

function nameInBinary(t: Term, encoding: Term): string | undefined {
  if (!isBinaryTerm(t)) return undefined;
  if (encoding === LATIN1) return latin1Text(bytesOf(t));
  return encoding === UTF8 || encoding === UNICODE ? utf8Text(bytesOf(t)) : undefined;
}

/** The base of a number as an argument, or 0 if it is none. */
function baseOf(t: Term): number {
  return (t & 1) === 0 && t >= 2 << 1 && t <= 36 << 1 ? t >> 1 : 0;
}

function integerText(t: Term, base: Term, make: (text: string) => Term): Term {
  return isInteger(t) && baseOf(base) > 0 ? make(integerToString(t, baseOf(base))) : badarg();
}

function integerOf(text: string | undefined, base: Term): Term {
  if (text === undefined || baseOf(base) === 0) return badarg();
  return parseInteger(text, baseOf(base)) ?? raiseError(arithmeticError);
}

const TEN = 10 << 1;

const textInBinary = (t: Term): string | undefined => (isBinaryTerm(t) ? latin1Text(bytesOf(t)) : undefined);

const COMPACT = atom('compact');
const SHORT = atom('short');
const DECIMALS = atom('decimals');
const SCIENTIFIC = atom('scientific');

/** What float_to_list/2 makes of the options, or undefined. The last of several formats counts. */
function floatText(t: Term, options: Term): string | undefined {
  const items = listToArray(options);
  if (!isFloat(t) || items === undefined) return undefined;
  const d = floatValue(t);
  let compact = false;
  let format = (): string | undefined => formatFloatScientific(d);
  for (const item of items) {
    if (item === COMPACT) compact = true;
    else if (item === SHORT) format = () => formatFloatShortest(d);
    else if (isTaggedTuple(item, 2, DECIMALS) || isTaggedTuple(item, 2, SCIENTIFIC)) {
      const digits = tupleElement(item, 1);
      if ((digits & 1) !== 0) return undefined;
      format =
        tupleElement(item, 0) === DECIMALS
          ? () => formatFloatDecimals(d, digits >> 1, compact)
          : () => formatFloatScientific(d, digits >> 1);
    } else return undefined;
  }
  return format();
}

function floatTextAs(t: Term, options: Term, make: (text: string) => Term): Term {
  const text = floatText(t, options);
  return text === undefined ? badarg() : make(text);
}

function floatOf(text: string | undefined): Term {
  // OTP takes a comma for the point too.
  const d = text === undefined ? undefined : parseFloatText(text.replace(',', '.'));
  return d === undefined ? badarg() : makeFloat(d);
}

/** Gives the text of a term of the kind that `is` tells. */
function textOf(is: (t: Term) => boolean): (t: Term) => Term {
  return (t) => (is(t) ? stringList(formatTerm(t)) : badarg());
}

/** The numbers in a text that the pattern matches, or undefined. */
function numbersIn(t: Term, pattern: RegExp): number[] | undefined {
  return pattern
    .exec(charactersOf(t, 255) ?? '')
    ?.slice(1)
    .map(Number);
}

/** Ports have 26 bits for their number. */
const MAX_LOCAL = (1 << 26) - 1;
const MAX_SERIAL = (1 << 13) - 1;
const MAX_WORD = 0xffffffff;
const MAX_LOW_WORD = (1 << 18) - 1;

function listToPid(t: Term): Term {
  const [n, serial] = numbersIn(t, /^<0\.(\d+)\.(\d+)>$/) ?? [-1, 0];
  if (n < 0 || n > LocalPid.NumberMask || serial > MAX_SERIAL) return badarg();
  return serial <= LocalPid.MaxSerial
    ? localPid((serial << LocalPid.NumberBits) | n)
    : externalPid(am['nonode@nohost'], n, serial, 0);
}

function listToReference(t: Term): Term {
  const [w2, w1, w0] = numbersIn(t, /^#Ref<0\.(\d+)\.(\d+)\.(\d+)>$/) ?? [-1, 0, 0];
  if (w2 < 0 || w2 > MAX_WORD || w1 > MAX_WORD || w0 > MAX_LOW_WORD) return badarg();
  const resource = liveResource(w0, w1, w2);
  return resource === 0 ? reference(w0, w1, w2) : holdingReference([w0, w1, w2], resource);
}

function listToPort(t: Term): Term {
  const [n] = numbersIn(t, /^#Port<0\.(\d+)>$/) ?? [-1];
  return n < 0 || n > MAX_LOCAL ? badarg() : localPort(n);
}

defineBifs('erlang', {
  'atom_to_list/1': (t) => (isAtom(t) ? stringList(atomName(t)) : badarg()),
  'atom_to_binary/1': (t) => atomToBinary(t, UTF8),
  'atom_to_binary/2': atomToBinary,
  'list_to_atom/1': (t) => makeAtom(nameInList(t)),
  'list_to_existing_atom/1': (t) => oldAtom(nameInList(t)),
  'binary_to_atom/1': (t) => makeAtom(nameInBinary(t, UTF8)),
  'binary_to_atom/2': (t, encoding) => makeAtom(nameInBinary(t, encoding)),
  'binary_to_existing_atom/1': (t) => oldAtom(nameInBinary(t, UTF8)),
  'binary_to_existing_atom/2': (t, encoding) => oldAtom(nameInBinary(t, encoding)),

  'integer_to_list/1': (t) =>
    (t & 1) === 0 ? decimalList(t >> 1) : integerText(t, TEN, (text) => stringList(text)),
  'integer_to_list/2': (t, base) => integerText(t, base, (text) => stringList(text)),
  'integer_to_binary/1': (t) => ((t & 1) === 0 ? decimalBinary(t >> 1) : integerText(t, TEN, latin1Binary)),
  'integer_to_binary/2': (t, base) => integerText(t, base, latin1Binary),
  'list_to_integer/1': (t) => integerOf(charactersOf(t, 255), TEN),
  'list_to_integer/2': (t, base) => integerOf(charactersOf(t, 255), base),
  'binary_to_integer/1': (t) => integerOf(textInBinary(t), TEN),
  'binary_to_integer/2': (t, base) => integerOf(textInBinary(t), base),

  'float_to_list/1': (t) => floatTextAs(t, NIL, (text) => stringList(text)),
  'float_to_list/2': (t, options) => floatTextAs(t, options, (text) => stringList(text)),
  'float_to_binary/1': (t) => floatTextAs(t, NIL, latin1Binary),
  'float_to_binary/2': (t, options) => floatTextAs(t, options, latin1Binary),
  'list_to_float/1': (t) => floatOf(charactersOf(t, 255)),
  'binary_to_float/1': (t) => floatOf(textInBinary(t)),

  'pid_to_list/1': textOf(isPid),
  'list_to_pid/1': listToPid,
  'port_to_list/1': textOf(isPort),
  'list_to_port/1': listToPort,
  'ref_to_list/1': textOf(isReference),
  'list_to_ref/1': listToReference,
  'fun_to_list/1': textOf(isFun),
});

/** string:list_to_integer/1 and string:list_to_float/1: a number at the head of a list, and the rest of the list. */
function numberAtHead(t: Term, pattern: RegExp, make: (text: string) => Term, none: string): Term {
  if (!isCons(t) && t !== NIL) return tuple(am.error, atom('not_a_list'));
  let text = '';
  for (let rest = t; isCons(rest); rest = tail(rest)) {
    const c = head(rest);
    if ((c & 1) !== 0 || c < 0 || c >> 1 > 127) break;
    text += String.fromCharCode(c >> 1);
  }
  const found = pattern.exec(text)?.[0];
  if (found === undefined) return tuple(am.error, atom(none));
  let rest = t;
  for (let i = 0; i < found.length; i++) rest = tail(rest);
  const value = make(found);
  return value === Sentinel.Unwind ? tuple(am.error, atom(none)) : tuple(value, rest);
}

defineBifs('string', {
  'list_to_integer/1': (t) => numberAtHead(t, /^[+-]?\d+/, (text) => integerOf(text, TEN), 'no_integer'),
  'list_to_float/1': (t) => numberAtHead(t, /^[+-]?\d+[.,]\d+(?:[eE][+-]?\d+)?/, floatOf, 'no_float'),
});
