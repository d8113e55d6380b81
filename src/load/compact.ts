// Reading inside a chunk: bytes, big-endian words and compact terms, all with bounds checks.
import { LoadError } from './module.js';

/** The low three bits of a compact term. */
export const enum CompactTag {
  Unsigned = 0,
  Integer = 1,
  Atom = 2,
  X = 3,
  Y = 4,
  Label = 5,
  Character = 6,
  Extended = 7,
}

/** What CompactTag.Extended says with its number. */
export const enum ExtendedTag {
  List = 1,
  FloatRegister = 2,
  AllocationList = 3,
  Literal = 4,
  TypedRegister = 5,
}

/** Longest integer that is read, in bytes; far beyond what a compiler writes into code. */
const MAX_INTEGER_BYTES = 1 << 20;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

/** A cursor over the bytes of one chunk. Its methods throw LoadError, with chunk and offset, at the end of the data. */
export class ChunkReader {
  position = 0;
  /** Tag of the compact term that compact() read last. */
  tag: CompactTag = CompactTag.Unsigned;

  /**
   * @param chunk name, for messages
   * @param path path of the file, for messages
   */
  constructor(
    readonly bytes: Uint8Array,
    readonly chunk: string,
    readonly path: string,
  ) {}

  /** How many bytes are left. */
  get left(): number {
    return this.bytes.length - this.position;
  }

  fail(what: string, offset = this.position, next?: string): never {
    throw new LoadError(this.path, `${this.chunk} chunk, offset ${offset}: ${what}`, next);
  }

  u8(): number {
    if (this.position >= this.bytes.length) this.fail('the data is cut off');
    return this.bytes[this.position++]!;
  }

  u16(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32(): number {
    const { bytes, position: p } = this;
    if (bytes.length - p < 4) this.fail('the data is cut off');
    this.position = p + 4;
    return ((bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!) >>> 0;
  }

  /** A signed 64-bit integer. */
  i64(): bigint {
    const high = this.u32() | 0;
    return (BigInt(high) << 32n) | BigInt(this.u32());
  }

  /** The next `size` bytes, not copied. */
  take(size: number): Uint8Array {
    if (size > this.left) this.fail(`${size} bytes should follow, ${this.left} do`);
    const start = this.position;
    this.position += size;
    return this.bytes.subarray(start, this.position);
  }

  /** The next `size` bytes as text. */
  text(size: number, encoding: 'utf8' | 'latin1'): string {
    const at = this.position;
    const bytes = this.take(size);
    try {
      return (encoding === 'utf8' ? utf8 : latin1).decode(bytes);
    } catch {
      this.fail('not valid UTF-8', at);
    }
  }

  /** A 32-bit count of entries that take at least `entryBytes` each; what cannot fit is refused. */
  count(entryBytes: number): number {
    const at = this.position;
    const n = this.u32();
    if (n * entryBytes > this.left) this.fail(`${n} entries cannot fit into ${this.left} bytes`, at);
    return n;
  }

  /**
   * One compact term: sets `tag`, returns the number behind it (for CompactTag.Extended the ExtendedTag). A number
   * beyond 2^53 comes as a bigint.
   */
  compact(): number | bigint {
    const { bytes, position: p } = this;
    if (p >= bytes.length) this.fail('the data is cut off');
    const first = bytes[p]!;
    this.tag = first & 7;
    this.position = p + 1;
    if ((first & 8) === 0) return first >> 4;
    if ((first & 16) === 0) return ((first & 0xe0) << 3) | this.u8();
    return this.long(first >> 5);
  }

  /** A number of two bytes and more, big-endian, two's complement. */
  private long(sizeBits: number): number | bigint {
    const at = this.position - 1;
    let size = sizeBits + 2;
    if (sizeBits === 7) {
      const tag = this.tag;
      const more = this.compact();
      if (
        this.tag !== CompactTag.Unsigned ||
        typeof more !== 'number' ||
        more < 0 ||
        more > MAX_INTEGER_BYTES
      )
        this.fail('an integer with an impossible size', at);
      this.tag = tag;
      size = more + 9;
    }
    const bytes = this.take(size);
    if (size <= 6) {
      let value = (bytes[0]! << 24) >> 24;
      for (let i = 1; i < size; i++) value = value * 256 + bytes[i]!;
      return value;
    }
    let hex = '0x';
    for (let i = 0; i < size; i++) hex += bytes[i]!.toString(16).padStart(2, '0');
    return smallest(BigInt.asIntN(size * 8, BigInt(hex)));
  }

  /** A compact term with tag `tag` and a number from 0 to 2^32 - 1. */
  unsigned(tag: CompactTag = CompactTag.Unsigned): number {
    const at = this.position;
    const n = this.compact();
    if (this.tag !== tag)
      this.fail(`an operand with tag ${tag} should be here, not one with tag ${this.tag}`, at);
    if (typeof n !== 'number' || n < 0 || n > 0xffffffff)
      this.fail(`the number ${n} is out of range here`, at);
    return n;
  }
}

/** The integer as a number if that is exact (up to 2^53), else as the bigint it is. */
export function smallest(n: bigint): number | bigint {
  return n >= -0x20000000000000n && n <= 0x20000000000000n ? Number(n) : n;
}
