// Printing: module io as far as it prints, straight to standard output, and io_lib's formatting, for
// when OTP's own modules are not there; erlang:display/1.
// Text goes out as UTF-8.
import { badarg } from '../processes/raise.js';
import { Atom, atom, atomName } from '../terms/atoms.js';
import { stringList } from '../terms/build.js';
import { chardataToString } from '../terms/chardata.js';
import { formatAtom, formatQuoted, formatWrite, printableString } from '../terms/format.js';
import { formatPretty } from '../terms/format-pretty.js';
import { formatIo } from '../terms/io-format.js';
import { isAtom, isCons, NIL, type Term } from '../terms/tags.js';
import { bool, charactersOf } from './arguments.js';
import { displayText } from './display.js';
import { isPid } from './guards.js';
import { output } from './output.js';
import { defineBifs, defineStandIns } from './table.js';

const STANDARD_IO = atom('standard_io');
const STANDARD_ERROR = atom('standard_error');
const USER = atom('user');

/** Prints to a device: standard_io, user, standard_error or a process (whose output goes to standard output). */
function print(device: Term, text: string | undefined): Term {
  if (text === undefined) return badarg();
  const bytes = Buffer.from(text, 'utf8');
  if (device === STANDARD_ERROR) output.writeError(bytes);
  else if (device === STANDARD_IO || device === USER || isPid(device)) output.write(bytes);
  else return badarg();
  return Atom.Ok;
}

/** Whether a first argument is meant as a device, not as a format: as an atom it could be either. */
function isDevice(t: Term): boolean {
  return t === STANDARD_IO || t === STANDARD_ERROR || t === USER || isPid(t);
}

function formatTwo(a: Term, b: Term): Term {
  return isDevice(a) ? print(a, formatIo(b, NIL)) : print(STANDARD_IO, formatIo(a, b));
}

const write = (t: Term): string => formatWrite(t, { unicode: true });

const format = {
  'format/1': (t: Term) => print(STANDARD_IO, formatIo(t, NIL)),
  'format/2': formatTwo,
  'format/3': (device: Term, t: Term, args: Term) => print(device, formatIo(t, args)),
};

defineStandIns('io', {
  ...format,
  'fwrite/1': format['format/1'],
  'fwrite/2': format['format/2'],
  'fwrite/3': format['format/3'],
  'put_chars/1': (t) => print(STANDARD_IO, chardataToString(t)),
  'put_chars/2': (device, t) => print(device, chardataToString(t)),
  'put_chars/3': (device, _encoding, t) => print(device, chardataToString(t)),
  'nl/0': () => print(STANDARD_IO, '\n'),
  'nl/1': (device) => print(device, '\n'),
  'write/1': (t) => print(STANDARD_IO, write(t)),
  'write/2': (device, t) => print(device, write(t)),
});

defineBifs('io', { 'printable_range/0': () => atom('latin1') });

/** A string list of a text, or badarg. */
const asList = (text: string | undefined): Term => (text === undefined ? badarg() : stringList(text));

const quotedString = (t: Term): Term => {
  const text = charactersOf(t);
  return text === undefined ? badarg() : stringList(formatQuoted(text, '"', true));
};

defineStandIns('io_lib', {
  'format/2': (t, args) => asList(formatIo(t, args)),
  'fwrite/2': (t, args) => asList(formatIo(t, args)),
  'write/1': (t) => stringList(formatWrite(t)),
  'print/1': (t) => stringList(formatPretty(t)),
  'nl/0': () => stringList('\n'),
  'write_atom/1': (t) => (isAtom(t) ? stringList(formatAtom(atomName(t), true)) : badarg()),
  'write_string/1': quotedString,
  'printable_list/1': (t) => bool(t === NIL || (isCons(t) && printableString(t) !== undefined)),
});

defineBifs('erlang', {
  'display/1': (t) => {
    output.write(Buffer.from(`${displayText(t)}\n`, 'utf8'));
    return Atom.True;
  },
  'display_nl/0': () => {
    output.write(Buffer.from('\n'));
    return Atom.True;
  },
  'display_string/1': (t) => {
    const text = charactersOf(t, 0xff);
    if (text === undefined) return badarg();
    output.write(Buffer.from(text, 'utf8'));
    return Atom.True;
  },
});
