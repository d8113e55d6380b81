// What many BIFs need to look at their arguments and to give results.

import { H } from '../memory/arena.js';
import { MAX_HEAP_BINARY } from '../memory/off-heap.js';
import { raiseError } from '../processes/raise.js';
import { arithmeticError } from '../terms/arithmetic.js';
import { Atom } from '../terms/atoms.js';
import { binary, boxedKind, bytesOf, head, subBinary, tail } from '../terms/build.js';
import { isCons, Kind, NIL, Sentinel, type Term } from '../terms/tags.js';

/** The atom true or false. */
export function bool(value: boolean): Term {
  return value ? Atom.True : Atom.False;
}

/** Raises what an arithmetic function left in `arithmeticError`, or gives its result on. */
export function arithmetic(result: Term): Term {
  return result === Sentinel.Unwind ? raiseError(arithmeticError) : result;
}

/** The bytes [start, start + size) of a bitstring; the bounds have been checked. */
export function bytePart(t: Term, start: number, size: number): Term {
  return bitPart(t, start * 8, size * 8);
}

/** The bits [start, start + size) of a bitstring; the bounds have been checked. Whole bytes up to the size of a heap binary are copied. */
export function bitPart(t: Term, start: number, size: number): Term {
  const at = t >>> 3;
  let from = t;
  let offset = start;
  if (boxedKind(t) === Kind.SubBinary) {
    from = H[at + 1];
    offset += (H[at + 2] >> 1) * 8 + ((H[at + 4] >> 1) & 7);
  }
  if (size > MAX_HEAP_BINARY * 8 || (size & 7) !== 0) return subBinary(from, offset, size);
  if ((offset & 7) === 0) return binary(bytesOf(from).subarray(offset / 8, (offset + size) / 8));
  return binary(bytesOf(subBinary(from, offset, size)));
}

/** The text of a proper list of characters up to `largest`, or undefined. */
export function charactersOf(t: Term, largest = 0x10ffff): string | undefined {
  const units: number[] = [];
  let text = '';
  for (; isCons(t); t = tail(t)) {
    const c = head(t);
    if ((c & 1) !== 0 || c < 0 || c >> 1 > largest) return undefined;
    const point = c >> 1;
    if (point > 0xffff) units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff));
    else units.push(point);
    if (units.length > 4096) text += String.fromCharCode(...units.splice(0));
  }
  return t === NIL ? text + String.fromCharCode(...units) : undefined;
}

/** The bytes as text, each a character (Latin-1). */
export function latin1Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** A binary of the text's characters, each a byte (Latin-1). */
export function latin1Binary(text: string): Term {
  return binary(Buffer.from(text, 'latin1'));
}
