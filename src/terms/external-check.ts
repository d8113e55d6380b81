// The first of two passes over a term in external format (ERTS User's Guide, External Term Format): is it all
// right, and how many words does it take? See external-decode.ts.

import { REFERENCE_WORDS } from '../memory/off-heap.js';
import { HOLDING_WORDS, liveResource } from '../memory/resources.js';
import { atom, existingAtom, MAX_ATOM_CHARACTERS } from './atoms.js';
import { Ext, LOCAL_NODE_NAME, MAX_REFERENCE_WORDS } from './external-tags.js';
import { FLAT_LIMIT } from './hamt.js';
import { definitionWords, recordWords } from './native-record.js';
import { LocalPid, MAX_TUPLE_ARITY, Small, type Term } from './tags.js';

/** The bytes are no term in external format. The message is one line: what is wrong and at which byte. */
export class ExternalFormatError extends Error {
  constructor(what: string, offset: number) {
    super(`external term format: ${what} at byte ${offset}`);
    this.name = 'ExternalFormatError';
  }
}

/** What checking tells about a term. */
export interface Checked {
  /** Words that the term takes. */
  words: number;
  end: number;
  /** Atoms in the order in which they occur. */
  atoms: Term[];
  /** Floats in the old text format, in the order in which they occur. */
  oldFloats: number[];
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes of an integer's magnitude, without leading zeros. */
export function significantBytes(bytes: Uint8Array, start: number, count: number): number {
  while (count > 0 && bytes[start + count - 1] === 0) count--;
  return count;
}

/** The value if it fits a small integer, else undefined; `count` is without leading zeros. */
export function smallMagnitude(
  bytes: Uint8Array,
  start: number,
  count: number,
  negative: boolean,
): number | undefined {
  if (count > 4) return undefined;
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + bytes[start + i]!;
  if (negative) value = -value;
  return value >= Small.Min && value <= Small.Max ? value : undefined;
}

/**
 * Checks all of a term without version byte that starts at `start`.
 * @param safe refuse atoms that do not exist
 * @param maxBinary largest binary in bytes that lies among the other words; larger ones take a reference
 * @param canHold whether references to resources (memory/resources.ts) will hold them
 * @throws ExternalFormatError
 */
export function checkTerm(
  bytes: Uint8Array,
  start: number,
  safe: boolean,
  maxBinary: number,
  canHold: boolean,
): Checked {
  return new Checker(bytes, start, safe, maxBinary, canHold).step(Number.POSITIVE_INFINITY)!;
}

/** What checkTerm does, in steps. */
export class Checker {
  private pos: number;
  /** Terms that must still follow. Each takes a byte at least. */
  private pending = 1;
  private words = 0;
  private readonly names: string[] = [];
  private readonly oldFloats: number[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly safe: boolean,
    private readonly maxBinary: number,
    private readonly canHold: boolean,
  ) {
    this.pos = start;
  }

  private binaryWords(n: number): number {
    return n > this.maxBinary ? REFERENCE_WORDS : 2 + Math.ceil(n / 4);
  }

  /** Goes over so many terms: the result, or undefined if there are more. */
  step(terms: number): Checked | undefined {
    const bytes = this.bytes;
    let { pending } = this;
    for (let left = terms; pending > 0; left--) {
      if (left <= 0) {
        this.pending = pending;
        return undefined;
      }
      if (pending > bytes.length - this.pos) this.fail('the data ends', bytes.length);
      pending--;
      const tag = bytes[this.pos++]!;
      switch (tag) {
        case Ext.SmallInteger:
          this.pos++;
          break;
        case Ext.Integer: {
          const value = this.u32() | 0;
          if (value < Small.Min || value > Small.Max) this.words += 2;
          break;
        }
        case Ext.Nil:
          break;
        case Ext.SmallTuple: {
          const n = this.u8();
          this.words += 1 + n;
          pending += n;
          break;
        }
        case Ext.LargeTuple: {
          const n = this.u32();
          if (n > MAX_TUPLE_ARITY) this.fail('a tuple is too large', this.pos - 4);
          this.words += 1 + n;
          pending += n;
          break;
        }
        case Ext.Record: {
          const n = this.u32();
          // Each field takes a byte for its name and one for its value at least.
          if (n > (bytes.length - this.pos) >> 1) this.fail('the data ends', bytes.length);
          if (this.u8() > 1) this.fail('the flags of a record are wrong', this.pos - 1);
          for (let i = 0; i < n + 2; i++) this.atom();
          this.words += recordWords(n) + definitionWords(n);
          pending += n;
          break;
        }
        case Ext.List: {
          const n = this.u32();
          this.words += 2 * n;
          pending += n + 1;
          break;
        }
        case Ext.String: {
          const n = this.u16();
          this.words += 2 * n;
          this.skip(n);
          break;
        }
        case Ext.Map: {
          const n = this.u32();
          // A large map needs room for its nodes besides, once its keys are known.
          this.words += n > FLAT_LIMIT ? 2 + 2 * n : 3 + 2 * n;
          pending += 2 * n;
          break;
        }
        case Ext.Binary: {
          const n = this.u32();
          this.words += this.binaryWords(n);
          this.skip(n);
          break;
        }
        case Ext.BitBinary: {
          const n = this.u32();
          const bits = this.u8();
          if (bits > 8 || (bits === 0) !== (n === 0))
            this.fail('the bits of a bitstring are wrong', this.pos - 1);
          this.words += this.binaryWords(n) + (bits === 8 || n === 0 ? 0 : 5);
          this.skip(n);
          break;
        }
        case Ext.NewFloat: {
          const exponent = (this.u16() >> 4) & 0x7ff;
          if (exponent === 0x7ff) this.fail('a float is not finite', this.pos - 2);
          this.skip(6);
          this.words += 3;
          break;
        }
        case Ext.Float:
          this.oldFloat();
          break;
        case Ext.SmallBig:
          this.big(this.u8());
          break;
        case Ext.LargeBig:
          this.big(this.u32());
          break;
        case Ext.Export: {
          this.atom();
          this.atom();
          if (this.u8() !== Ext.SmallInteger) this.fail('the arity of a fun is no byte', this.pos - 1);
          this.skip(1);
          this.words += 3;
          break;
        }
        case Ext.NewFun:
          pending += this.fun();
          break;
        case Ext.Pid:
        case Ext.NewPid:
          this.pid(tag);
          break;
        case Ext.Port:
        case Ext.NewPort:
        case Ext.V4Port: {
          const node = this.atom();
          const high = tag === Ext.V4Port ? this.u32() : 0;
          const low = this.u32();
          const creation = tag === Ext.Port ? this.u8() : this.u32();
          if (!isLocalNumber(node, low, high, creation)) this.words += 5;
          break;
        }
        case Ext.Reference:
        case Ext.NewReference:
        case Ext.NewerReference:
          this.reference(tag);
          break;
        default:
          this.pos--;
          this.atom();
      }
    }
    if (this.pos > bytes.length) this.fail('the data ends', bytes.length);
    return { words: this.words, end: this.pos, atoms: this.atoms(), oldFloats: this.oldFloats };
  }

  private fail(what: string, offset: number): never {
    throw new ExternalFormatError(what, offset);
  }

  private skip(n: number): void {
    this.pos += n;
    if (this.pos > this.bytes.length) this.fail('the data ends', this.bytes.length);
  }

  private u8(): number {
    this.skip(1);
    return this.bytes[this.pos - 1]!;
  }

  private u16(): number {
    this.skip(2);
    return (this.bytes[this.pos - 2]! << 8) | this.bytes[this.pos - 1]!;
  }

  private u32(): number {
    this.skip(4);
    const { bytes, pos } = this;
    return (
      ((bytes[pos - 4]! << 24) | (bytes[pos - 3]! << 16) | (bytes[pos - 2]! << 8) | bytes[pos - 1]!) >>> 0
    );
  }

  private atom(): string {
    const { bytes } = this;
    const start = this.pos;
    const tag = this.u8();
    let name: string;
    switch (tag) {
      case Ext.Atom:
      case Ext.SmallAtom: {
        const n = tag === Ext.Atom ? this.u16() : this.u8();
        this.skip(n);
        name = Buffer.from(bytes.subarray(this.pos - n, this.pos)).toString('latin1');
        break;
      }
      case Ext.AtomUtf8:
      case Ext.SmallAtomUtf8: {
        const n = tag === Ext.AtomUtf8 ? this.u16() : this.u8();
        this.skip(n);
        try {
          name = utf8.decode(bytes.subarray(this.pos - n, this.pos));
        } catch {
          this.fail('the name of an atom is not UTF-8', this.pos - n);
        }
        break;
      }
      default:
        this.fail(`unknown tag ${tag}`, start);
    }
    if (name.length > MAX_ATOM_CHARACTERS && [...name].length > MAX_ATOM_CHARACTERS) {
      this.fail('an atom has more than 255 characters', start);
    }
    if (this.safe && existingAtom(name) === undefined)
      this.fail(`the atom ${name} does not exist yet`, start);
    this.names.push(name);
    return name;
  }

  /** The atoms are made only after everything has been checked. */
  private atoms(): Term[] {
    return this.names.map((name) => atom(name));
  }

  private big(n: number): void {
    const negative = this.u8() !== 0;
    this.skip(n);
    const start = this.pos - n;
    const count = significantBytes(this.bytes, start, n);
    if (smallMagnitude(this.bytes, start, count, negative) === undefined)
      this.words += 1 + Math.ceil(count / 4);
  }

  private oldFloat(): void {
    this.skip(31);
    let text = Buffer.from(this.bytes.subarray(this.pos - 31, this.pos)).toString('latin1');
    const end = text.indexOf('\0');
    if (end >= 0) text = text.slice(0, end);
    const value = /^\s*[-+]?\d+\.\d+(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value)) this.fail('a float in text form is wrong', this.pos - 31);
    this.oldFloats.push(value);
    this.words += 3;
  }

  private pid(tag: number): void {
    const node = this.atom();
    const number = this.u32();
    const serial = this.u32();
    const creation = tag === Ext.Pid ? this.u8() : this.u32();
    if (!isLocalPid(node, number, serial, creation)) this.words += 5;
  }

  private reference(tag: number): void {
    const start = this.pos - 1;
    const count = tag === Ext.Reference ? 1 : this.u16();
    if (count === 0 || count > MAX_REFERENCE_WORDS) this.fail('a reference has a wrong size', start);
    const node = this.atom();
    let first = tag === Ext.Reference ? this.u32() : 0;
    let second = 0;
    let third = 0;
    const creation = tag === Ext.NewerReference ? this.u32() : this.u8();
    if (tag !== Ext.Reference) {
      first = this.u32();
      if (count > 1) {
        second = this.u32();
        if (count > 2) {
          third = this.u32();
          this.skip(4 * (count - 3));
        }
      }
    }
    if (isLocalReference(node, creation, count) && first >= LOCAL_REFERENCE_LIMIT) {
      this.fail('a reference has a number that is too large', start);
    }
    if (!isLocalReference(node, creation, count)) this.words += 3 + count;
    else this.words += this.canHold && liveResource(first, second, third) !== 0 ? HOLDING_WORDS : 4;
  }

  /** @returns the number of free variables, which follow */
  private fun(): number {
    const start = this.pos - 1;
    const size = this.u32();
    if (size > this.bytes.length - start - 1) this.fail('the data ends', this.bytes.length);
    this.skip(1 + 16 + 4);
    const free = this.u32();
    this.atom();
    for (let i = 0; i < 2; i++) {
      const tag = this.u8();
      if (tag === Ext.SmallInteger) this.skip(1);
      else if (tag === Ext.Integer) this.skip(4);
      else this.fail('a fun has a wrong index', this.pos - 1);
    }
    const tag = this.u8();
    if (tag !== Ext.Pid && tag !== Ext.NewPid) this.fail('the creator of a fun is no pid', this.pos - 1);
    this.pid(tag);
    this.words += 4 + free;
    return free;
  }
}

const LOCAL_NUMBER_LIMIT = 1 << 26;
/** The first word of a reference of ours is below this, as native has it. */
const LOCAL_REFERENCE_LIMIT = 1 << 18;

/** Whether a pid (number, serial) or port (low, high) is one of ours, which are immediates. */
export function isLocalNumber(node: string, number: number, upper: number, creation: number): boolean {
  return node === LOCAL_NODE_NAME && creation === 0 && upper === 0 && number < LOCAL_NUMBER_LIMIT;
}

/** Whether a pid with these numbers is an immediate. */
export function isLocalPid(node: string, number: number, serial: number, creation: number): boolean {
  return (
    node === LOCAL_NODE_NAME &&
    creation === 0 &&
    number <= LocalPid.NumberMask &&
    serial <= LocalPid.MaxSerial
  );
}

export function isLocalReference(node: string, creation: number, count: number): boolean {
  return node === LOCAL_NODE_NAME && creation === 0 && count <= 3;
}
