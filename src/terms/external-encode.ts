// From terms to the external term format (ERTS User's Guide, External Term Format), byte for byte as
// term_to_binary/1,2 of OTP 25 writes it.
import { deflate } from '../host.js';
import { B, H } from '../memory/arena.js';
import { binaryBytes, copyBits, tupleArity, tupleToArray } from './access.js';
import { am, atomName } from './atoms.js';
import { compareExact } from './compare.js';
import { Ext } from './external-tags.js';
import { floatValue } from './float.js';
import { externalHooks } from './fun-hooks.js';
import { leavesOf } from './hamt.js';
import { fieldsOf, isExported, moduleOf, nameOf, valueAt } from './native-record.js';
import { Imm, Kind, LocalPid, NIL, Tag, type Term } from './tags.js';

export interface EncodeOptions {
  /** 0: floats as text; 1: atoms in Latin-1 where possible (what OTP 25 does unasked); 2: atoms in UTF-8 (OTP 26 and later). Default 1. */
  minorVersion?: 0 | 1 | 2;
  /** Level of compression, 0 to 9; what does not get smaller stays uncompressed. Default 0. */
  compressed?: number;
  /** Large maps in map key order, as small ones always are. */
  deterministic?: boolean;
}

/** The term in external format, with the version byte 131 in front. */
export function encodeTerm(t: Term, options: EncodeOptions = {}): Uint8Array {
  const encoding = new Encoding(t, options);
  encoding.step(Number.POSITIVE_INFINITY);
  return encoding.result();
}

/** What encodeTerm does, in steps. Nothing may move in between. */
export class Encoding {
  private readonly encoder: Encoder;

  constructor(
    t: Term,
    private readonly options: EncodeOptions = {},
  ) {
    this.encoder = new Encoder(t, options.minorVersion ?? 1, options.deterministic === true);
  }

  /** Writes about as many terms, or as many times 16 bytes; whether there are more. */
  step(terms: number): boolean {
    return this.encoder.step(terms);
  }

  /** The bytes, when there are no more. */
  result(): Uint8Array {
    return compressed(this.encoder.result(), this.options);
  }
}

function compressed(plain: Uint8Array, options: EncodeOptions): Uint8Array {
  const level = options.compressed ?? 0;
  if (level > 0 && plain.length > 6) {
    const body = plain.subarray(1);
    const packed = deflate(body, level);
    if (packed.length + 5 < body.length) {
      const result = new Uint8Array(6 + packed.length);
      result.set([Ext.Version, Ext.Compressed]);
      new DataView(result.buffer).setUint32(2, body.length);
      result.set(packed, 6);
      return result;
    }
  }
  return plain;
}

/** In place of a count: the first number is the rest of a list, a cons. */
const LIST_REST = -1;
/** In place of a count: the end of a closure, the first number is where its size goes. */
const FUN_END = -2;

/** Longest list of bytes that is written as a string. */
const MAX_STRING = 0xffff;

/** Whether the list is proper, short enough and of bytes only: its length, else -1. */
function stringLength(t: Term): number {
  let n = 0;
  for (; (t & Tag.Mask) === Tag.Cons; t = H[(t >>> 3) + 1]!) {
    const item = H[t >>> 3]!;
    // Smalls from 0 to 255 are the words without any other bit.
    if ((item & ~0x1fe) !== 0) return -1;
    if (++n > MAX_STRING) return -1;
  }
  return t === NIL ? n : -1;
}

class Encoder {
  private bytes: Uint8Array = new Uint8Array(256);
  private size = 0;
  /** What is still to be written: word index and number of words behind each other, or one of the marks. */
  private readonly rest: number[] = [];

  constructor(
    private t: Term,
    private readonly minorVersion: number,
    private readonly deterministic: boolean,
  ) {
    this.u8(Ext.Version);
  }

  result(): Uint8Array {
    return this.bytes.slice(0, this.size);
  }

  step(terms: number): boolean {
    const { rest } = this;
    let { t } = this;
    for (let left = terms; ; left--) {
      if (left <= 0) {
        this.t = t;
        return true;
      }
      const before = this.size;
      if ((t & Tag.Mask) === Tag.Cons) this.list(t, rest);
      else if ((t & Tag.Mask) === Tag.Boxed) this.boxed(t, rest);
      else this.immediate(t);
      left -= (this.size - before) >>> 4;
      let top = rest.length - 2;
      while (top >= 0 && rest[top + 1] === FUN_END) {
        this.endFun(rest[top]!);
        rest.length = top;
        top -= 2;
      }
      if (top < 0) return false;
      const at = rest[top]!;
      const count = rest[top + 1]!;
      if (count === LIST_REST) {
        t = H[at >>> 3]!;
        const tail = H[(at >>> 3) + 1]!;
        if ((tail & Tag.Mask) === Tag.Cons) rest[top] = tail;
        else {
          // The last tail is a term like any other; it lies behind the last head.
          rest[top] = (at >>> 3) + 1;
          rest[top + 1] = 1;
        }
        continue;
      }
      if (count === 1) rest.length = top;
      else {
        rest[top] = at + 1;
        rest[top + 1] = count - 1;
      }
      t = H[at]!;
    }
  }

  /** Room for n bytes: where they go. */
  private reserve(n: number): number {
    const at = this.size;
    this.size += n;
    if (this.size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.size, this.bytes.length * 2));
      larger.set(this.bytes.subarray(0, at));
      this.bytes = larger;
    }
    return at;
  }

  private u8(n: number): void {
    const at = this.reserve(1);
    this.bytes[at] = n;
  }

  private u16(n: number): void {
    const at = this.reserve(2);
    this.bytes[at] = n >> 8;
    this.bytes[at + 1] = n;
  }

  private u32(n: number): void {
    const at = this.reserve(4);
    const { bytes } = this;
    bytes[at] = n >>> 24;
    bytes[at + 1] = n >>> 16;
    bytes[at + 2] = n >>> 8;
    bytes[at + 3] = n;
  }

  private put(data: Uint8Array): void {
    const at = this.reserve(data.length);
    this.bytes.set(data, at);
  }

  private immediate(t: Term): void {
    if ((t & 1) === 0) this.integer(t >> 1);
    else {
      switch (t & Imm.Mask) {
        case Imm.Atom:
          this.atom(t);
          break;
        case Imm.Pid:
          this.pid(am['nonode@nohost'], (t >>> 6) & LocalPid.NumberMask, t >>> (6 + LocalPid.NumberBits), 0);
          break;
        case Imm.Port:
          this.port(am['nonode@nohost'], t >>> 6, 0, 0);
          break;
        default:
          this.u8(Ext.Nil);
      }
    }
  }

  private integer(n: number): void {
    if (n >= 0 && n <= 255) {
      const at = this.reserve(2);
      this.bytes[at] = Ext.SmallInteger;
      this.bytes[at + 1] = n;
    } else {
      this.u8(Ext.Integer);
      this.u32(n);
    }
  }

  private atom(t: Term): void {
    const name = atomName(t);
    if (this.minorVersion < 2 && isLatin1(name)) {
      this.u8(Ext.Atom);
      this.u16(name.length);
      const at = this.reserve(name.length);
      for (let i = 0; i < name.length; i++) this.bytes[at + i] = name.charCodeAt(i);
      return;
    }
    this.utf8Atom(t);
  }

  private utf8Atom(t: Term): void {
    const utf8 = Buffer.from(atomName(t), 'utf8');
    if (utf8.length > 255) {
      this.u8(Ext.AtomUtf8);
      this.u16(utf8.length);
    } else {
      this.u8(Ext.SmallAtomUtf8);
      this.u8(utf8.length);
    }
    this.put(utf8);
  }

  private list(t: Term, rest: number[]): void {
    const length = stringLength(t);
    if (length >= 0) {
      this.u8(Ext.String);
      this.u16(length);
      const at = this.reserve(length);
      for (let i = 0; i < length; i++) {
        this.bytes[at + i] = H[t >>> 3]! >> 1;
        t = H[(t >>> 3) + 1]!;
      }
      return;
    }
    let n = 0;
    for (let part = t; (part & Tag.Mask) === Tag.Cons; part = H[(part >>> 3) + 1]!) n++;
    this.u8(Ext.List);
    this.u32(n);
    rest.push(t, LIST_REST);
  }

  private boxed(t: Term, rest: number[]): void {
    const at = t >>> 3;
    const size = H[at]! >>> Kind.SizeShift;
    switch (H[at]! & Kind.Mask) {
      case Kind.Tuple:
        if (size <= 255) {
          this.u8(Ext.SmallTuple);
          this.u8(size);
        } else {
          this.u8(Ext.LargeTuple);
          this.u32(size);
        }
        if (size > 0) rest.push(at + 1, size);
        break;
      case Kind.Record: {
        const fields = fieldsOf(t);
        this.u8(Ext.Record);
        this.u32(tupleArity(fields));
        this.u8(isExported(t) ? 1 : 0);
        for (const name of [moduleOf(t), nameOf(t), ...tupleToArray(fields)]) this.utf8Atom(name);
        if (size > 1) rest.push(valueAt(t, 0), size - 1);
        break;
      }
      case Kind.FlatMap: {
        this.u8(Ext.Map);
        this.u32(size - 1);
        const keys = (H[at + 1]! >>> 3) + 1;
        for (let i = size - 2; i >= 0; i--) rest.push(at + 2 + i, 1, keys + i, 1);
        break;
      }
      case Kind.HashMap: {
        const leaves = leavesOf(t);
        if (this.deterministic) leaves.sort((a, b) => compareExact(H[a >>> 3]!, H[b >>> 3]!));
        else leaves.reverse();
        this.u8(Ext.Map);
        this.u32(leaves.length);
        for (let i = leaves.length - 1; i >= 0; i--) rest.push(leaves[i]! >>> 3, 2);
        break;
      }
      case Kind.Float:
        this.float(t);
        break;
      case Kind.PositiveBig:
      case Kind.NegativeBig:
        this.big(at, size);
        break;
      case Kind.HeapBinary:
      case Kind.RefcBinary:
      case Kind.SubBinary:
        this.bitstring(t);
        break;
      case Kind.Reference:
        this.reference(am['nonode@nohost'], 0, at + 1, 3);
        break;
      case Kind.ExternalReference:
        this.reference(H[at + 1]!, H[at + 2]!, at + 3, size - 2);
        break;
      case Kind.ExternalPid:
        this.pid(H[at + 1]!, H[at + 2]!, H[at + 3]!, H[at + 4]!);
        break;
      case Kind.ExternalPort:
        this.port(H[at + 1]!, H[at + 2]!, H[at + 3]!, H[at + 4]!);
        break;
      case Kind.ExportFun: {
        const { module, name, arity } = externalHooks.exportMfa(H[at + 1]! >> 1);
        this.u8(Ext.Export);
        this.atom(module);
        this.atom(name);
        this.integer(arity);
        break;
      }
      case Kind.Fun:
        this.closure(at, size - 3, rest);
        break;
      default:
        throw new Error(`no external format for a boxed term of kind ${H[at]! & Kind.Mask}`);
    }
  }

  private float(t: Term): void {
    const value = floatValue(t);
    if (this.minorVersion === 0) {
      const [digits, exponent] = value.toExponential(20).split('e') as [string, string];
      const text = `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
      this.u8(Ext.Float);
      this.put(Buffer.from(text.padEnd(31, '\0'), 'latin1'));
      return;
    }
    const at = this.reserve(9);
    this.bytes[at] = Ext.NewFloat;
    new DataView(this.bytes.buffer).setFloat64(at + 1, value);
  }

  private big(at: number, limbs: number): void {
    const negative = (H[at]! & Kind.Mask) === Kind.NegativeBig;
    const low = H[at + 1]! >>> 0;
    if (limbs === 1 && low <= (negative ? 0x80000000 : 0x7fffffff)) {
      this.integer(negative ? -low : low);
      return;
    }
    let n = limbs * 4;
    const start = (at + 1) * 4;
    while (n > 1 && B[start + n - 1] === 0) n--;
    if (n <= 255) {
      this.u8(Ext.SmallBig);
      this.u8(n);
    } else {
      this.u8(Ext.LargeBig);
      this.u32(n);
    }
    this.u8(negative ? 1 : 0);
    this.put(B.subarray(start, start + n));
  }

  private bitstring(t: Term): void {
    const { byteOffset, bitOffset, bitSize } = binaryBytes(t);
    const n = Math.ceil(bitSize / 8);
    if (bitSize % 8 === 0) {
      this.u8(Ext.Binary);
      this.u32(n);
    } else {
      this.u8(Ext.BitBinary);
      this.u32(n);
      this.u8(bitSize % 8);
    }
    const at = this.reserve(n);
    copyBits(byteOffset, bitOffset, bitSize, this.bytes, at);
  }

  private pid(node: Term, number: number, serial: number, creation: number): void {
    this.u8(Ext.NewPid);
    this.atom(node);
    this.u32(number);
    this.u32(serial);
    this.u32(creation);
  }

  private port(node: Term, low: number, high: number, creation: number): void {
    // Numbers beyond 28 bits need the newer format.
    const wide = high !== 0 || low >>> 28 !== 0;
    this.u8(wide ? Ext.V4Port : Ext.NewPort);
    this.atom(node);
    if (wide) this.u32(high);
    this.u32(low);
    this.u32(creation);
  }

  private reference(node: Term, creation: number, first: number, count: number): void {
    this.u8(Ext.NewerReference);
    this.u16(count);
    this.atom(node);
    this.u32(creation);
    for (let i = 0; i < count; i++) this.u32(H[first + i]!);
  }

  private closure(at: number, free: number, rest: number[]): void {
    const lambda = externalHooks.lambdaOf(H[at + 1]! >> 1);
    this.u8(Ext.NewFun);
    const sizeAt = this.reserve(4);
    this.u8(H[at + 2]! >> 1);
    this.put(lambda.uniq);
    this.u32(lambda.index);
    this.u32(free);
    this.atom(lambda.module);
    this.integer(lambda.oldIndex);
    this.integer(lambda.oldUniq);
    const creator = H[at + 3]!;
    if ((creator & Tag.Mask) === Tag.Boxed) this.boxed(creator, rest);
    else this.immediate(creator);
    rest.push(sizeAt, FUN_END);
    if (free > 0) rest.push(at + 4, free);
  }

  /** The size of a closure counts itself and all that follows: it is known at the end only. */
  private endFun(sizeAt: number): void {
    new DataView(this.bytes.buffer).setUint32(sizeAt, this.size - sizeAt);
  }
}

function isLatin1(name: string): boolean {
  for (let i = 0; i < name.length; i++) if (name.charCodeAt(i) > 255) return false;
  return true;
}
