// From the external term format (ERTS User's Guide, External Term Format) to terms.
//
// Decoding goes over the bytes twice. The first time checks everything and counts the words that the term
// takes, so that bad data is refused before anything is allocated, and counts that the data cannot back up
// cost nothing. The second time fills one allocated piece of memory. Both keep what is nested on stacks of
// their own.
import { inflateSync } from 'node:zlib';
import { allocate } from '../memory/allocate.js';
import { B, D, H } from '../memory/arena.js';
import { atom, existingAtom, MAX_ATOM_CHARACTERS } from './atoms.js';
import type { Allocate } from './build.js';
import { compareExact } from './compare.js';
import { Ext, LOCAL_NODE_NAME, MAX_REFERENCE_WORDS } from './external-tags.js';
import { externalHooks } from './fun-hooks.js';
import {
  boxedAt,
  consAt,
  header,
  Imm,
  Kind,
  MAX_TUPLE_ARITY,
  makeImmediate,
  NIL,
  Small,
  type Term,
} from './tags.js';

/** The bytes are no term in external format. The message is one line: what is wrong and at which byte. */
export class ExternalFormatError extends Error {
  constructor(what: string, offset: number) {
    super(`external term format: ${what} at byte ${offset}`);
    this.name = 'ExternalFormatError';
  }
}

export interface DecodeOptions {
  /** Refuse atoms that do not exist yet, as binary_to_term(_, [safe]). */
  safe?: boolean;
}

/**
 * Reads a term with its leading version byte 131; it may be compressed.
 * @returns the term and how many bytes it took; what follows it is not looked at
 * @throws ExternalFormatError
 */
export function decodeTerm(
  bytes: Uint8Array,
  into: Allocate = allocate,
  options: DecodeOptions = {},
): { term: Term; used: number } {
  if (bytes.length === 0 || bytes[0] !== Ext.Version) {
    throw new ExternalFormatError('the version byte 131 is missing', 0);
  }
  if (bytes[1] === Ext.Compressed) return decodeCompressed(bytes, into, options);
  const { term, end } = decodeTermBody(bytes, 1, into, options);
  return { term, used: end };
}

const COMPRESSED_HEADER = 6;

function decodeCompressed(
  bytes: Uint8Array,
  into: Allocate,
  options: DecodeOptions,
): { term: Term; used: number } {
  if (bytes.length < COMPRESSED_HEADER) throw new ExternalFormatError('the data ends', bytes.length);
  const size = ((bytes[2]! << 24) | (bytes[3]! << 16) | (bytes[4]! << 8) | bytes[5]!) >>> 0;
  let plain: Uint8Array;
  let used: number;
  try {
    // The limit keeps data that lies about its size from growing beyond what it says.
    const result = inflateSync(bytes.subarray(COMPRESSED_HEADER), {
      info: true,
      maxOutputLength: Math.max(size, 1),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    plain = result.buffer;
    used = COMPRESSED_HEADER + result.engine.bytesWritten;
  } catch {
    throw new ExternalFormatError('the compressed data is damaged', COMPRESSED_HEADER);
  }
  if (plain.length !== size) throw new ExternalFormatError('the uncompressed size is wrong', 2);
  return { term: decodeTermBody(plain, 0, into, options).term, used };
}

/**
 * Reads a term without version byte that starts at `start`.
 * @returns the term and the offset behind it
 * @throws ExternalFormatError
 */
export function decodeTermBody(
  bytes: Uint8Array,
  start: number,
  into: Allocate = allocate,
  options: DecodeOptions = {},
): { term: Term; end: number } {
  const checked = new Checker(bytes, start, options.safe === true).check();
  const base = checked.words === 0 ? 0 : into(checked.words);
  try {
    const term = new Filler(bytes, start, base, checked).fill();
    return { term, end: checked.end };
  } catch (error) {
    // No half-made objects stay behind.
    H.fill(NIL, base, base + checked.words);
    throw error;
  }
}

interface Checked {
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
function significantBytes(bytes: Uint8Array, start: number, count: number): number {
  while (count > 0 && bytes[start + count - 1] === 0) count--;
  return count;
}

/** The value if it fits a small integer, else undefined; `count` is without leading zeros. */
function smallMagnitude(
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

class Checker {
  private pos: number;
  private words = 0;
  private readonly names: string[] = [];
  private readonly oldFloats: number[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly safe: boolean,
  ) {
    this.pos = start;
  }

  check(): Checked {
    const bytes = this.bytes;
    // Terms that must still follow. Each takes a byte at least.
    let pending = 1;
    while (pending > 0) {
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
          this.words += 3 + 2 * n;
          pending += 2 * n;
          break;
        }
        case Ext.Binary: {
          const n = this.u32();
          this.words += 2 + Math.ceil(n / 4);
          this.skip(n);
          break;
        }
        case Ext.BitBinary: {
          const n = this.u32();
          const bits = this.u8();
          if (bits > 8 || (bits === 0) !== (n === 0))
            this.fail('the bits of a bitstring are wrong', this.pos - 1);
          this.words += 2 + Math.ceil(n / 4) + (bits === 8 || n === 0 ? 0 : 5);
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
    if (!isLocalNumber(node, number, serial, creation)) this.words += 5;
  }

  private reference(tag: number): void {
    const start = this.pos - 1;
    const count = tag === Ext.Reference ? 1 : this.u16();
    if (count === 0 || count > MAX_REFERENCE_WORDS) this.fail('a reference has a wrong size', start);
    const node = this.atom();
    if (tag === Ext.Reference) this.skip(4);
    const creation = tag === Ext.NewerReference ? this.u32() : this.u8();
    if (tag !== Ext.Reference) this.skip(4 * count);
    this.words += isLocalReference(node, creation, count) ? 4 : 3 + count;
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

/** Whether a pid (number, serial) or port (low, high) is one of ours, which are immediates. */
function isLocalNumber(node: string, number: number, upper: number, creation: number): boolean {
  return node === LOCAL_NODE_NAME && creation === 0 && upper === 0 && number < LOCAL_NUMBER_LIMIT;
}

function isLocalReference(node: string, creation: number, count: number): boolean {
  return node === LOCAL_NODE_NAME && creation === 0 && count <= 3;
}

// What is being filled, four numbers each: what it is, where the next term goes, how many are still to come,
// and where the object starts.
const enum Fill {
  /** Words one after another: tuples, free variables, the tail of a list. */
  Words = 0,
  /** The heads of a list, then its tail. */
  List = 1,
  /** A key of a map comes next: words one before another. */
  MapKey = 2,
  MapValue = 3,
}

class Filler {
  private top: number;
  private nextAtom = 0;
  private nextFloat = 0;

  /** What has been checked is not checked again: there are no bounds checks here. */
  constructor(
    private readonly bytes: Uint8Array,
    private pos: number,
    base: number,
    private readonly checked: Checked,
  ) {
    this.top = base;
  }

  fill(): Term {
    const stack: number[] = [];
    let result: Term = NIL;
    // Where the term at hand goes; 0 for the outermost one.
    let to = 0;
    for (;;) {
      let term: Term = NIL;
      const tag = this.bytes[this.pos++]!;
      switch (tag) {
        case Ext.SmallTuple:
        case Ext.LargeTuple: {
          const n = tag === Ext.SmallTuple ? this.u8() : this.u32();
          const at = this.take(1 + n);
          H[at] = header(Kind.Tuple, n);
          term = boxedAt(at);
          if (n > 0) stack.push(Fill.Words, at + 1, n, 0);
          break;
        }
        case Ext.List: {
          const n = this.u32();
          if (n === 0) {
            // The tail is all there is: it goes where the list would.
            continue;
          }
          const at = this.take(2 * n);
          for (let i = 1; i < n; i++) H[at + 2 * i - 1] = consAt(at + 2 * i);
          term = consAt(at);
          stack.push(Fill.List, at, n + 1, 0);
          break;
        }
        case Ext.Map: {
          const n = this.u32();
          const at = this.take(3 + 2 * n);
          H[at] = header(Kind.FlatMap, 1 + n);
          H[at + 1] = boxedAt(at + 2 + n);
          H[at + 2 + n] = header(Kind.Tuple, n);
          term = boxedAt(at);
          if (n > 0) stack.push(Fill.MapKey, at + 3 + n, n, at);
          break;
        }
        case Ext.NewFun: {
          const free = this.fun();
          term = boxedAt(this.funAt);
          if (free > 0) stack.push(Fill.Words, this.funAt + 4, free, 0);
          break;
        }
        default:
          term = this.leaf(tag);
      }
      if (to === 0) result = term;
      else H[to] = term;

      // The place of the next term.
      for (;;) {
        const frame = stack.length - 4;
        if (frame < 0) return result;
        const left = stack[frame + 2]!;
        to = stack[frame + 1]!;
        if (left === 0) {
          this.sortMap(stack[frame + 3]!);
          stack.length = frame;
          continue;
        }
        switch (stack[frame] as Fill) {
          case Fill.Words:
            if (left === 1) stack.length = frame;
            else {
              stack[frame + 1] = to + 1;
              stack[frame + 2] = left - 1;
            }
            break;
          case Fill.List:
            if (left === 1) {
              to--;
              stack.length = frame;
            } else {
              stack[frame + 1] = to + 2;
              stack[frame + 2] = left - 1;
            }
            break;
          case Fill.MapKey:
            stack[frame] = Fill.MapValue;
            break;
          case Fill.MapValue: {
            const at = stack[frame + 3]!;
            const n = (H[at]! >>> Kind.SizeShift) - 1;
            stack[frame] = Fill.MapKey;
            stack[frame + 1] = to + 1;
            stack[frame + 2] = left - 1;
            to -= 1 + n;
            break;
          }
        }
        break;
      }
    }
  }

  private take(words: number): number {
    const at = this.top;
    this.top += words;
    return at;
  }

  private u8(): number {
    return this.bytes[this.pos++]!;
  }

  private u16(): number {
    this.pos += 2;
    return (this.bytes[this.pos - 2]! << 8) | this.bytes[this.pos - 1]!;
  }

  private u32(): number {
    const { bytes, pos } = this;
    this.pos += 4;
    return ((bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!) >>> 0;
  }

  /** A term that holds no other terms, or only ones of fixed types. */
  private leaf(tag: number): Term {
    switch (tag) {
      case Ext.SmallInteger:
        return this.u8() << 1;
      case Ext.Integer: {
        const value = this.u32() | 0;
        if (value >= Small.Min && value <= Small.Max) return value << 1;
        const at = this.take(2);
        H[at] = header(value < 0 ? Kind.NegativeBig : Kind.PositiveBig, 1);
        H[at + 1] = Math.abs(value);
        return boxedAt(at);
      }
      case Ext.Nil:
        return NIL;
      case Ext.String:
        return this.string();
      case Ext.Binary:
        return this.binary(this.u32());
      case Ext.BitBinary: {
        const n = this.u32();
        const bits = this.u8();
        const whole = this.binary(n);
        if (bits === 8 || n === 0) return whole;
        const at = this.take(5);
        H[at] = header(Kind.SubBinary, 4);
        H[at + 1] = whole;
        H[at + 2] = 0;
        H[at + 3] = (n - 1) << 1;
        H[at + 4] = bits << 4;
        return boxedAt(at);
      }
      case Ext.NewFloat: {
        const at = this.take(3);
        H[at] = header(Kind.Float, 2);
        H[at + 2] = this.u32();
        H[at + 1] = this.u32();
        return boxedAt(at);
      }
      case Ext.Float: {
        const at = this.take(3);
        H[at] = header(Kind.Float, 2);
        D.setFloat64((at + 1) * 4, this.checked.oldFloats[this.nextFloat++]!, true);
        this.pos += 31;
        return boxedAt(at);
      }
      case Ext.SmallBig:
        return this.big(this.u8());
      case Ext.LargeBig:
        return this.big(this.u32());
      case Ext.Export: {
        const module = this.atom();
        const name = this.atom();
        const arity = this.bytes[this.pos + 1]!;
        this.pos += 2;
        const at = this.take(3);
        H[at] = header(Kind.ExportFun, 2);
        H[at + 1] = externalHooks.makeExport(module, name, arity) << 1;
        H[at + 2] = arity << 1;
        return boxedAt(at);
      }
      case Ext.Pid:
      case Ext.NewPid:
        return this.pid(tag);
      case Ext.Port:
      case Ext.NewPort:
      case Ext.V4Port: {
        const node = this.atom();
        const high = tag === Ext.V4Port ? this.u32() : 0;
        const low = this.u32();
        const creation = tag === Ext.Port ? this.u8() : this.u32();
        if (isLocalNumber(this.lastAtomName, low, high, creation)) return makeImmediate(Imm.Port, low);
        return this.raw(Kind.ExternalPort, node, low, high, creation);
      }
      case Ext.Reference:
      case Ext.NewReference:
      case Ext.NewerReference:
        return this.reference(tag);
    }
    this.pos--;
    return this.atom();
  }

  private lastAtomName = '';

  private atom(): Term {
    const tag = this.u8();
    const n = tag === Ext.Atom || tag === Ext.AtomUtf8 ? this.u16() : this.u8();
    this.pos += n;
    const found = this.checked.atoms[this.nextAtom++]!;
    this.lastAtomName = found === LOCAL_NODE ? LOCAL_NODE_NAME : '';
    return found;
  }

  private string(): Term {
    const n = this.u16();
    if (n === 0) return NIL;
    const at = this.take(2 * n);
    for (let i = 0; i < n; i++) {
      H[at + 2 * i] = this.bytes[this.pos + i]! << 1;
      H[at + 2 * i + 1] = consAt(at + 2 * i + 2);
    }
    H[at + 2 * n - 1] = NIL;
    this.pos += n;
    return consAt(at);
  }

  private binary(n: number): Term {
    const words = Math.ceil(n / 4);
    const at = this.take(2 + words);
    H[at] = header(Kind.HeapBinary, 1 + words);
    H[at + 1] = n;
    if (words > 0) H[at + 1 + words] = 0;
    B.set(this.bytes.subarray(this.pos, this.pos + n), (at + 2) * 4);
    this.pos += n;
    return boxedAt(at);
  }

  private big(n: number): Term {
    const { bytes } = this;
    const negative = this.u8() !== 0;
    const start = this.pos;
    this.pos += n;
    const count = significantBytes(bytes, start, n);
    const small = smallMagnitude(bytes, start, count, negative);
    if (small !== undefined) return small << 1;
    const limbs = Math.ceil(count / 4);
    const at = this.take(1 + limbs);
    H[at] = header(negative ? Kind.NegativeBig : Kind.PositiveBig, limbs);
    H[at + limbs] = 0;
    B.set(bytes.subarray(start, start + count), (at + 1) * 4);
    return boxedAt(at);
  }

  private pid(tag: number): Term {
    const node = this.atom();
    const number = this.u32();
    const serial = this.u32();
    const creation = tag === Ext.Pid ? this.u8() : this.u32();
    if (isLocalNumber(this.lastAtomName, number, serial, creation)) return makeImmediate(Imm.Pid, number);
    return this.raw(Kind.ExternalPid, node, number, serial, creation);
  }

  private raw(kind: Kind, a: number, b: number, c: number, d: number): Term {
    const at = this.take(5);
    H[at] = header(kind, 4);
    H[at + 1] = a;
    H[at + 2] = b;
    H[at + 3] = c;
    H[at + 4] = d;
    return boxedAt(at);
  }

  private reference(tag: number): Term {
    const count = tag === Ext.Reference ? 1 : this.u16();
    const node = this.atom();
    const local = this.lastAtomName;
    const words: number[] = [];
    if (tag === Ext.Reference) words.push(this.u32());
    const creation = tag === Ext.NewerReference ? this.u32() : this.u8();
    if (tag !== Ext.Reference) for (let i = 0; i < count; i++) words.push(this.u32());
    if (isLocalReference(local, creation, count)) {
      const at = this.take(4);
      H[at] = header(Kind.Reference, 3);
      for (let i = 0; i < 3; i++) H[at + 1 + i] = words[i] ?? 0;
      return boxedAt(at);
    }
    const at = this.take(3 + count);
    H[at] = header(Kind.ExternalReference, 2 + count);
    H[at + 1] = node;
    H[at + 2] = creation;
    for (let i = 0; i < count; i++) H[at + 3 + i] = words[i]!;
    return boxedAt(at);
  }

  /** Where the fun is that was read last. */
  private funAt = 0;

  private fun(): number {
    this.pos += 4;
    const arity = this.u8();
    const uniq = this.bytes.slice(this.pos, this.pos + 16);
    this.pos += 16;
    const index = this.u32();
    const free = this.u32();
    const module = this.atom();
    const oldIndex = this.integer();
    const oldUniq = this.integer();
    const at = this.take(4 + free);
    const creator = this.pid(this.u8());
    H[at] = header(Kind.Fun, 3 + free);
    H[at + 1] = externalHooks.makeLambda({ module, arity, free, index, oldIndex, oldUniq, uniq }) << 1;
    H[at + 2] = arity << 1;
    H[at + 3] = creator;
    this.funAt = at;
    return free;
  }

  private integer(): number {
    return this.u8() === Ext.SmallInteger ? this.u8() : this.u32() | 0;
  }

  /** Brings the keys of a map into map key order, and its values with them. */
  private sortMap(at: number): void {
    const n = (H[at]! >>> Kind.SizeShift) - 1;
    const values = at + 2;
    const keys = at + 3 + n;
    let sorted = true;
    for (let i = 1; i < n && sorted; i++) sorted = compareExact(H[keys + i - 1]!, H[keys + i]!) < 0;
    if (sorted) return;
    const pairs: [Term, Term][] = [];
    for (let i = 0; i < n; i++) pairs.push([H[keys + i]!, H[values + i]!]);
    pairs.sort((a, b) => compareExact(a[0], b[0]));
    for (let i = 0; i < n; i++) {
      if (i > 0 && compareExact(pairs[i - 1]![0], pairs[i]![0]) === 0) {
        throw new ExternalFormatError('a map has a key twice', this.pos);
      }
      H[keys + i] = pairs[i]![0];
      H[values + i] = pairs[i]![1];
    }
  }
}

const LOCAL_NODE = atom(LOCAL_NODE_NAME);
