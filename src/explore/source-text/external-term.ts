// Terms of the external term format as JavaScript values: debug info is read without the arena, which a run may need.
import { zlib } from '../../host.js';
import { Ext } from '../../terms/external-tags.js';

/** An atom is a string, an integer a number or bigint, a proper list an array; a string is an array of code points. */
export type Value =
  | string
  | number
  | bigint
  | Value[]
  | Tuple
  | Float
  | Bits
  | ValueMap
  | ImproperList
  | FunName;

export class Tuple {
  constructor(readonly items: Value[]) {}
}

export class Float {
  constructor(readonly value: number) {}
}

/** A binary or bitstring. */
export class Bits {
  /** @param unused how many bits of the last byte do not count */
  constructor(
    readonly bytes: Uint8Array,
    readonly unused = 0,
  ) {}
}

export class ValueMap {
  constructor(readonly pairs: [Value, Value][]) {}
}

export class ImproperList {
  constructor(
    readonly items: Value[],
    readonly tail: Value,
  ) {}
}

/** `fun m:f/a`. */
export class FunName {
  constructor(readonly items: Value[]) {}
}

/** What was read is not in external term format, or nothing that a source can say. */
export class TermFormatError extends Error {
  override readonly name = 'TermFormatError';
}

/** Bytes of an unpacked term that are accepted. */
const MAX_UNPACKED = 256 * 1024 * 1024;

/** A term whose parts are being read. */
interface Open {
  kind: 'tuple' | 'list' | 'map' | 'fun';
  items: Value[];
  /** How many parts it has; a list's tail is one. */
  count: number;
}

/** Reads terms; everything throws TermFormatError if the bytes are damaged. */
export class TermReader {
  private at = 0;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;

  /** @param bytes a term with its leading 131, plain or compressed */
  constructor(bytes: Uint8Array) {
    this.bytes = unpack(bytes);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  /** Goes into a tuple; what is read next are its elements. */
  enterTuple(size: number): void {
    if (this.u8() !== Ext.SmallTuple || this.u8() !== size) this.fail(`is no tuple of ${size} elements`);
  }

  /** Reads a term, with a stack of its own: terms are nested deeper than JavaScript's stack goes. */
  value(): Value {
    const open: Open[] = [];
    for (;;) {
      let value = this.leaf(open);
      while (value !== undefined) {
        const top = open.at(-1);
        if (top === undefined) return value;
        top.items.push(value);
        if (top.items.length < top.count) break;
        open.pop();
        value = closed(top);
      }
    }
  }

  /** A term without parts; undefined: it has parts, and is open now. */
  private leaf(open: Open[]): Value | undefined {
    const begin = (kind: Open['kind'], count: number): undefined => {
      if (count > this.bytes.length - this.at) this.fail(`says ${count} parts, and is cut off`);
      open.push({ kind, items: [], count });
    };
    const tag = this.u8();
    switch (tag) {
      case Ext.SmallInteger:
        return this.u8();
      case Ext.Integer:
        return this.view.getInt32(this.skip(4));
      case Ext.SmallBig:
        return this.big(this.u8());
      case Ext.LargeBig:
        return this.big(this.u32());
      case Ext.NewFloat:
        return new Float(this.view.getFloat64(this.skip(8)));
      case Ext.Float:
        return new Float(Number.parseFloat(this.text(31, 'latin1')));
      case Ext.Atom:
        return this.text(this.u16(), 'latin1');
      case Ext.SmallAtom:
        return this.text(this.u8(), 'latin1');
      case Ext.AtomUtf8:
        return this.text(this.u16(), 'utf8');
      case Ext.SmallAtomUtf8:
        return this.text(this.u8(), 'utf8');
      case Ext.Nil:
        return [];
      case Ext.String:
        return [...this.take(this.u16())];
      case Ext.Binary:
        return new Bits(this.take(this.u32()));
      case Ext.BitBinary: {
        const size = this.u32();
        const used = this.u8();
        if (used > 8) this.fail(`says ${used} bits of the last byte`);
        return new Bits(this.take(size), size === 0 ? 0 : 8 - used);
      }
      case Ext.SmallTuple:
      case Ext.LargeTuple: {
        const size = tag === Ext.SmallTuple ? this.u8() : this.u32();
        return size === 0 ? new Tuple([]) : begin('tuple', size);
      }
      case Ext.List:
        return begin('list', this.u32() + 1);
      case Ext.Map: {
        const size = this.u32();
        return size === 0 ? new ValueMap([]) : begin('map', size * 2);
      }
      case Ext.Export:
        return begin('fun', 3);
      default:
        return this.fail(`has a term with tag ${tag}, which is nothing that a source can say`);
    }
  }

  private big(size: number): number | bigint {
    const negative = this.u8() !== 0;
    const digits = Buffer.from(this.take(size)).reverse().toString('hex');
    const n = BigInt(digits === '' ? 0 : `0x${digits}`);
    const value = negative ? -n : n;
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  private fail(what: string): never {
    throw new TermFormatError(`${what} (at byte ${this.at})`);
  }

  private skip(count: number): number {
    const { at } = this;
    if (count > this.bytes.length - at) this.fail('is cut off');
    this.at += count;
    return at;
  }

  private u8(): number {
    return this.view.getUint8(this.skip(1));
  }

  private u16(): number {
    return this.view.getUint16(this.skip(2));
  }

  private u32(): number {
    return this.view.getUint32(this.skip(4));
  }

  private take(count: number): Uint8Array {
    const at = this.skip(count);
    return this.bytes.subarray(at, at + count);
  }

  private text(count: number, encoding: 'latin1' | 'utf8'): string {
    return Buffer.from(this.take(count)).toString(encoding);
  }
}

/** The bytes behind the 131. */
function unpack(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== Ext.Version) throw new TermFormatError('does not begin with 131');
  if (bytes[1] !== Ext.Compressed) return bytes.subarray(1);
  if (bytes.length < 6) throw new TermFormatError('is cut off');
  const size = Buffer.from(bytes.subarray(2, 6)).readUInt32BE();
  if (size > MAX_UNPACKED) throw new TermFormatError(`says that it is ${size} bytes when unpacked`);
  try {
    return zlib().inflateSync(bytes.subarray(6), { maxOutputLength: Math.max(1, size) });
  } catch {
    throw new TermFormatError(`can not be unpacked into the ${size} bytes that it says it has`);
  }
}

function closed({ kind, items }: Open): Value {
  switch (kind) {
    case 'tuple':
      return new Tuple(items);
    case 'list': {
      const tail = items.pop()!;
      return Array.isArray(tail) && tail.length === 0 ? items : new ImproperList(items, tail);
    }
    case 'map':
      return new ValueMap(items.flatMap((_, i) => (i % 2 === 0 ? [[items[i]!, items[i + 1]!]] : [])));
    case 'fun':
      return new FunName(items);
  }
}
