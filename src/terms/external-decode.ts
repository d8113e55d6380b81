// From the external term format (ERTS User's Guide, External Term Format) to terms.
//
// Decoding goes over the bytes twice. The first time checks everything and counts the words that the term
// takes, so that bad data is refused before anything is allocated, and counts that the data cannot back up
// cost nothing. The second time fills one allocated piece of memory, and one more for the nodes of each large map. Both keep what is nested on stacks of
// their own.
import { zlib } from '../host.js';
import { allocate } from '../memory/allocate.js';
import { B, D, H } from '../memory/arena.js';
import {
  allocateShared,
  MAX_HEAP_BINARY,
  makeReference,
  NOT_GROWING,
  REFERENCE_WORDS,
  unlinkReferences,
} from '../memory/off-heap.js';
import { HOLDING_WORDS, holdingReference, liveResource } from '../memory/resources.js';
import { Atom, atom } from './atoms.js';
import type { Allocate } from './build.js';
import { compareExact } from './compare.js';
import {
  type Checked,
  Checker,
  checkTerm,
  ExternalFormatError,
  isLocalNumber,
  isLocalPid,
  isLocalReference,
  significantBytes,
  smallMagnitude,
} from './external-check.js';
import { Ext, LOCAL_NODE_NAME } from './external-tags.js';
import { externalHooks } from './fun-hooks.js';
import { FLAT_LIMIT } from './hamt.js';
import { mapOfLeaves } from './hamt-build.js';
import { definitionWords, recordWords, startRecord } from './native-record.js';
import {
  boxedAt,
  consAt,
  header,
  Imm,
  Kind,
  LocalPid,
  makeImmediate,
  NIL,
  Small,
  type Term,
} from './tags.js';

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
    const result = zlib().inflateSync(bytes.subarray(COMPRESSED_HEADER), {
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
  // What is not made for the running process has the bytes of its binaries itself.
  const isOwn = into === allocate;
  const maxBinary = isOwn ? MAX_HEAP_BINARY : Number.POSITIVE_INFINITY;
  const checked = checkTerm(bytes, start, options.safe === true, maxBinary, isOwn);
  const base = checked.words === 0 ? 0 : into(checked.words);
  try {
    const filler = new Filler(bytes, start, base, checked, into, maxBinary, isOwn);
    filler.step(Number.POSITIVE_INFINITY);
    return { term: filler.result, end: checked.end };
  } catch (error) {
    // No half-made objects stay behind.
    unlinkReferences(base, base + checked.words);
    H.fill(NIL, base, base + checked.words);
    throw error;
  }
}

/**
 * What decodeTerm does for the running process, in steps: a generator that yields where one ends. Nothing may move in between.
 * @param step terms in a step
 * @throws ExternalFormatError, from the generator
 */
export function* decodeInSteps(
  bytes: Uint8Array,
  options: DecodeOptions,
  step: () => number,
): Generator<undefined, { term: Term; used: number }> {
  if (bytes.length === 0 || bytes[0] !== Ext.Version || bytes[1] === Ext.Compressed)
    return decodeTerm(bytes, allocate, options);
  const checker = new Checker(bytes, 1, options.safe === true, MAX_HEAP_BINARY, true);
  let checked = checker.step(step());
  while (checked === undefined) {
    yield;
    checked = checker.step(step());
  }
  const base = checked.words === 0 ? 0 : allocate(checked.words);
  // Whoever looks at the heap in between must find words that are terms.
  H.fill(NIL, base, base + checked.words);
  const filler = new Filler(bytes, 1, base, checked, allocate, MAX_HEAP_BINARY, true);
  while (filler.step(step())) yield;
  return { term: filler.result, used: checked.end };
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
  /** Keys and values of a large map in turn. In front of them: how many keys, where the map goes (0: it is all). */
  Leaves = 4,
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
    private readonly into: Allocate,
    private readonly maxBinary: number,
    private readonly canHold: boolean,
  ) {
    this.top = base;
  }

  private readonly stack: number[] = [];
  /** The whole term, when all is filled. */
  result: Term = NIL;
  /** Where the next term goes; 0 for the outermost one. */
  private to = 0;

  /** Reads about so many terms, or as many times 16 bytes; whether there are more. */
  step(terms: number): boolean {
    const { stack } = this;
    let { to } = this;
    for (let left = terms; ; left--) {
      if (left <= 0) {
        this.to = to;
        return true;
      }
      const before = this.pos;
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
        case Ext.Record: {
          const n = this.u32();
          const at = this.record(n);
          term = boxedAt(at);
          if (n > 0) stack.push(Fill.Words, at + 2, n, 0);
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
          if (n > FLAT_LIMIT) {
            const at = this.take(2 + 2 * n);
            H[at] = n << 1;
            H[at + 1] = to << 1;
            stack.push(Fill.Leaves, at + 2, 2 * n, at);
            break;
          }
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
      if (to === 0) this.result = term;
      else H[to] = term;
      left -= (this.pos - before) >>> 4;

      // The place of the next term.
      for (;;) {
        const frame = stack.length - 4;
        if (frame < 0) return false;
        const more = stack[frame + 2]!;
        to = stack[frame + 1]!;
        if (more === 0) {
          const at = stack[frame + 3]!;
          if (stack[frame] === Fill.MapKey) this.sortMap(at);
          else {
            const place = H[at + 1]! >> 1;
            const map = this.largeMap(at);
            if (place === 0) this.result = map;
            else H[place] = map;
          }
          stack.length = frame;
          continue;
        }
        switch (stack[frame] as Fill) {
          case Fill.Words:
            if (more === 1) stack.length = frame;
            else {
              stack[frame + 1] = to + 1;
              stack[frame + 2] = more - 1;
            }
            break;
          case Fill.List:
            if (more === 1) {
              to--;
              stack.length = frame;
            } else {
              stack[frame + 1] = to + 2;
              stack[frame + 2] = more - 1;
            }
            break;
          case Fill.Leaves:
            stack[frame + 1] = to + 1;
            stack[frame + 2] = more - 1;
            break;
          case Fill.MapKey:
            stack[frame] = Fill.MapValue;
            break;
          case Fill.MapValue: {
            const at = stack[frame + 3]!;
            const n = (H[at]! >>> Kind.SizeShift) - 1;
            stack[frame] = Fill.MapKey;
            stack[frame + 1] = to + 1;
            stack[frame + 2] = more - 1;
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

  /** A record of n fields whose values are still to come: where it is. */
  private record(n: number): number {
    const exported = this.u8() === 1;
    const at = this.take(recordWords(n) + definitionWords(n));
    const definition = at + recordWords(n);
    const fields = definition + 5;
    startRecord(at, boxedAt(definition), n);
    H[definition] = header(Kind.Tuple, 4);
    H[definition + 1] = this.atom();
    H[definition + 2] = this.atom();
    H[definition + 3] = exported ? Atom.True : Atom.False;
    H[definition + 4] = boxedAt(fields);
    H[fields] = header(Kind.Tuple, n);
    for (let i = 1; i <= n; i++) H[fields + i] = this.atom();
    return at;
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
    if (n > this.maxBinary) {
      const shared = allocateShared(n, NOT_GROWING);
      B.set(this.bytes.subarray(this.pos, this.pos + n), shared * 4);
      this.pos += n;
      return makeReference(shared, n, this.take(REFERENCE_WORDS));
    }
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
    if (isLocalPid(this.lastAtomName, number, serial, creation))
      return makeImmediate(Imm.Pid, (serial << LocalPid.NumberBits) | number);
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
      const [w0, w1 = 0, w2 = 0] = words as [number, number, number];
      const resource = this.canHold ? liveResource(w0, w1, w2) : 0;
      if (resource !== 0) return holdingReference([w0, w1, w2], resource, this.take(HOLDING_WORDS));
      const at = this.take(4);
      H[at] = header(Kind.Reference, 3);
      H[at + 1] = w0;
      H[at + 2] = w1;
      H[at + 3] = w2;
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

  /** A large map of the leaves behind `at`. */
  private largeMap(at: number): Term {
    const n = H[at]! >> 1;
    const leaves = Int32Array.from({ length: n }, (_, i) => consAt(at + 2 + 2 * i));
    H[at] = NIL;
    H[at + 1] = NIL;
    const map = mapOfLeaves(leaves, n, this.into, true);
    if (map === undefined) throw new ExternalFormatError('a map has a key twice', this.pos);
    return map;
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
