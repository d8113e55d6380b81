// Character data to binaries and lists of code points, and between encodings. (Module unicode.)
import { badarg } from '../processes/raise.js';
import { Atom, atom } from '../terms/atoms.js';
import {
  binary,
  bytesOf,
  cons,
  head,
  isBinaryTerm,
  isTaggedTuple,
  list,
  tail,
  tuple,
  tupleElement,
} from '../terms/build.js';
import { isInteger } from '../terms/integer.js';
import { isCons, NIL, type Term } from '../terms/tags.js';
import { defineBifs } from './table.js';
import { charge } from './yielding.js';

type Encoding = 'latin1' | 'utf8' | 'utf16be' | 'utf16le' | 'utf32be' | 'utf32le';

const LITTLE = atom('little');
const names = new Map<Term, Encoding>([
  [atom('latin1'), 'latin1'],
  [atom('utf8'), 'utf8'],
  [atom('unicode'), 'utf8'],
  [atom('utf16'), 'utf16be'],
  [atom('utf32'), 'utf32be'],
]);

/** The encoding that a term names: an atom, or {utf16 | utf32, big | little}. */
function encodingOf(t: Term): Encoding | undefined {
  for (const name of ['utf16', 'utf32'] as const) {
    if (!isTaggedTuple(t, 2, atom(name))) continue;
    const order = tupleElement(t, 1);
    return order === LITTLE ? `${name}le` : order === atom('big') ? `${name}be` : undefined;
  }
  return names.get(t);
}

/** Whether the term is made of integers, binaries and lists of them, with [] or a binary at the end of each. */
function isCharacterData(t: Term): boolean {
  const rest: Term[] = [t];
  while (rest.length > 0) {
    let item = rest.pop()!;
    while (isCons(item)) {
      const first = head(item);
      item = tail(item);
      if (isInteger(first)) continue;
      if (isCons(first)) {
        rest.push(item);
        item = first;
      } else if (first !== NIL && !isBinaryTerm(first)) return false;
    }
    if (item !== NIL && !isBinaryTerm(item)) return false;
  }
  return true;
}

/** What could be read, and why it stopped there. */
interface Reading {
  points: number[];
  outcome: 'ok' | 'error' | 'incomplete';
  /** What was not read. */
  rest: Term;
}

const MAX_POINT = 0x10ffff;

/** Reads the data as code points; integers are limited to `largest`, binaries are in the encoding. */
class Reader {
  private readonly points: number[] = [];
  /** Bytes at the end of a binary that begin a character. */
  private pending: number[] = [];
  /** Lists that are still to be read, the innermost last. */
  private readonly tails: Term[] = [];

  constructor(
    private readonly encoding: Encoding,
    private readonly largest: number,
    /** What is not read is put together as OTP does it for output other than UTF-8. */
    private readonly nested: boolean,
  ) {}

  read(t: Term): Reading {
    for (;;) {
      if (isCons(t)) {
        const first = head(t);
        if (isInteger(first)) {
          if (this.pending.length > 0) return this.stop(t, true);
          const c = first >> 1;
          if ((first & 1) !== 0 || c < 0 || c > this.largest || (c >= 0xd800 && c < 0xe000)) {
            return this.stop(this.nested ? cons(list([first]), tail(t)) : t, false);
          }
          this.points.push(c);
          t = tail(t);
          continue;
        }
        this.tails.push(tail(t));
        t = first;
        continue;
      }
      if (t !== NIL) {
        const rest = this.binary(bytesOf(t));
        if (rest !== undefined) {
          if (this.pending.length === 0) return this.stop(binary(rest), false);
          if (!this.nested) return this.stop(this.inLists(t), true);
          const size = sequenceSize(rest[0]);
          this.pending = Array.from(rest.subarray(0, size));
          return this.stop(this.inLists(binary(rest.subarray(size))), true);
        }
      }
      if (this.tails.length === 0) break;
      t = this.tails.pop()!;
    }
    if (this.pending.length === 0) return { points: this.points, outcome: 'ok', rest: NIL };
    return { points: this.points, outcome: 'incomplete', rest: binary(Uint8Array.from(this.pending)) };
  }

  private inLists(t: Term): Term {
    return cons(t, this.tails.pop() ?? NIL);
  }

  private stop(t: Term, pending: boolean): Reading {
    let rest = pending && this.nested ? cons(binary(Uint8Array.from(this.pending)), t) : t;
    while (this.tails.length > 0) rest = cons(rest, this.tails.pop()!);
    if (pending && !this.nested) rest = list([binary(Uint8Array.from(this.pending)), rest]);
    return { points: this.points, outcome: 'error', rest };
  }

  /** Reads a binary; what is left of it where it is wrong. */
  private binary(bytes: Uint8Array): Uint8Array | undefined {
    switch (this.encoding) {
      case 'latin1':
        for (const byte of bytes) this.points.push(byte);
        return undefined;
      case 'utf8':
        return this.utf8(bytes);
      default:
        return this.units(bytes);
    }
  }

  private utf8(bytes: Uint8Array): Uint8Array | undefined {
    const before = this.pending.length;
    const all = before > 0 ? Uint8Array.from([...this.pending, ...bytes]) : bytes;
    let i = 0;
    while (i < all.length) {
      const lead = all[i];
      if (lead < 0x80) {
        this.points.push(lead);
        i++;
        continue;
      }
      const size = sequenceSize(lead);
      let c = lead & (0xff >> (size + 1));
      let n = 1;
      for (; n < size && i + n < all.length && (all[i + n] & 0xc0) === 0x80; n++)
        c = (c << 6) | (all[i + n] & 63);
      if (size > 0 && n < size && i + n === all.length) {
        this.pending = Array.from(all.subarray(i));
        return undefined;
      }
      const smallest = size === 2 ? 0x80 : size === 3 ? 0x800 : 0x10000;
      if (size === 0 || n < size || c < smallest || c > this.limit() || (c >= 0xd800 && c < 0xe000)) {
        if (i >= before) this.pending = [];
        return all.subarray(i);
      }
      this.points.push(c);
      i += size;
    }
    this.pending = [];
    return undefined;
  }

  /** Characters in binaries are only limited by what the output can hold. */
  private limit(): number {
    return this.nested ? this.largest : MAX_POINT;
  }

  /** UTF-16 and UTF-32. */
  private units(bytes: Uint8Array): Uint8Array | undefined {
    const all = Uint8Array.from([...this.pending, ...bytes]);
    const view = new DataView(all.buffer);
    const little = this.encoding.endsWith('le');
    const wide = this.encoding.startsWith('utf32');
    let i = 0;
    while (i < all.length) {
      let size = wide ? 4 : 2;
      let c = -1;
      if (i + size <= all.length) {
        c = wide ? view.getUint32(i, little) : view.getUint16(i, little);
        if (!wide && c >= 0xd800 && c < 0xdc00) {
          size = 4;
          if (i + 4 <= all.length) {
            const low = view.getUint16(i + 2, little);
            c = (low & 0xfc00) === 0xdc00 ? 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff) : MAX_POINT + 1;
          }
        }
      }
      if (i + size > all.length) {
        this.pending = Array.from(all.subarray(i));
        return undefined;
      }
      if (c > this.limit() || (c >= 0xd800 && c < 0xe000)) {
        this.pending = [];
        return all.subarray(i);
      }
      this.points.push(c);
      i += size;
    }
    this.pending = [];
    return undefined;
  }
}

/** Bytes of a sequence that starts with this byte, 0 if none does. */
function sequenceSize(lead: number): number {
  return lead < 0xc0 || lead > 0xf7 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function encode(points: number[], encoding: Encoding): Uint8Array {
  if (encoding === 'latin1') return Uint8Array.from(points);
  if (encoding === 'utf8') return encodeUtf8(points);
  const little = encoding.endsWith('le');
  const wide = encoding.startsWith('utf32');
  const bytes = new Uint8Array(points.length * 4);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const c of points) {
    if (wide) {
      view.setUint32(at, c, little);
      at += 4;
    } else if (c < 0x10000) {
      view.setUint16(at, c, little);
      at += 2;
    } else {
      view.setUint16(at, 0xd7c0 + (c >> 10), little);
      view.setUint16(at + 2, 0xdc00 + (c & 0x3ff), little);
      at += 4;
    }
  }
  return bytes.subarray(0, at);
}

function encodeUtf8(points: number[]): Uint8Array {
  let size = points.length;
  for (const c of points) if (c > 0x7f) size += c > 0xffff ? 3 : c > 0x7ff ? 2 : 1;
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const c of points) {
    if (c < 0x80) bytes[at++] = c;
    else {
      if (c < 0x800) bytes[at++] = 0xc0 | (c >> 6);
      else {
        if (c < 0x10000) bytes[at++] = 0xe0 | (c >> 12);
        else {
          bytes[at++] = 0xf0 | (c >> 18);
          bytes[at++] = 0x80 | ((c >> 12) & 63);
        }
        bytes[at++] = 0x80 | ((c >> 6) & 63);
      }
      bytes[at++] = 0x80 | (c & 63);
    }
  }
  return bytes;
}

/** Code points that go for a reduction. */
const POINTS_PER_REDUCTION = 10;

const INCOMPLETE = atom('incomplete');

function read(t: Term, input: Encoding, largest: number, nested: boolean): Reading | undefined {
  if (!isCons(t) && t !== NIL && !isBinaryTerm(t)) return undefined;
  return isCharacterData(t) ? new Reader(input, largest, nested).read(t) : undefined;
}

function result({ points, outcome, rest }: Reading, make: (points: number[]) => Term): Term {
  charge(Math.floor(points.length / POINTS_PER_REDUCTION));
  const made = make(points);
  return outcome === 'ok' ? made : tuple(outcome === 'error' ? Atom.Error : INCOMPLETE, made, rest);
}

function toBinary(t: Term, input: Encoding | undefined, output: Encoding | undefined): Term {
  if (input === undefined || output === undefined) return badarg();
  const narrow = input === 'latin1' || output === 'latin1';
  const reading = read(t, input, narrow ? 0xff : MAX_POINT, output !== 'utf8');
  if (reading === undefined) return badarg();
  if (reading.outcome === 'ok' && input === output && isBinaryTerm(t)) return t;
  return result(reading, (points) => binary(encode(points, output)));
}

function toList(t: Term, input: Encoding | undefined): Term {
  if (input === undefined) return badarg();
  const reading = read(t, input, input === 'latin1' ? 0xff : MAX_POINT, false);
  if (reading === undefined) return badarg();
  return result(reading, (points) => list(Int32Array.from(points, (c) => c << 1)));
}

defineBifs('unicode', {
  'characters_to_binary/1': (t) => toBinary(t, 'utf8', 'utf8'),
  'characters_to_binary/2': (t, input) => toBinary(t, encodingOf(input), 'utf8'),
  'characters_to_binary/3': (t, input, output) => toBinary(t, encodingOf(input), encodingOf(output)),
  'characters_to_list/1': (t) => toList(t, 'utf8'),
  'characters_to_list/2': (t, input) => toList(t, encodingOf(input)),
  'bin_is_7bit/1': (t) =>
    isBinaryTerm(t) && bytesOf(t).every((byte) => byte < 0x80) ? Atom.True : Atom.False,
});
