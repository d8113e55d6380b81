// Writing the segments of a binary literal.

export const BINARY_TYPES = new Set(['binary', 'bytes', 'bitstring', 'bits']);
export const UTF_TYPES = ['utf8', 'utf16', 'utf32'] as const;
/** Everything that may stand behind the slash of a segment, but for unit. */
export const SEGMENT_TYPES = new Set([
  ...BINARY_TYPES,
  ...UTF_TYPES,
  'integer',
  'float',
  'big',
  'little',
  'native',
  'signed',
  'unsigned',
]);

/** The bytes of a character. */
export function encodeUtf(code: number, type: (typeof UTF_TYPES)[number], little: boolean): Iterable<number> {
  const text = String.fromCodePoint(code);
  if (type === 'utf8') return Buffer.from(text, 'utf8');
  const units = type === 'utf32' ? [code] : Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const width = type === 'utf32' ? 4 : 2;
  return units.flatMap((unit) => {
    const bytes = Array.from({ length: width }, (_, i) => (unit >>> (8 * i)) & 255);
    return little ? bytes : bytes.reverse();
  });
}

/** Collects the bits of a bitstring. */
export class BitWriter {
  /** In bits. */
  size = 0;
  private data = new Uint8Array(64);

  /** What was written; the last byte is padded with zeros. */
  bytes(): Uint8Array {
    return this.data.slice(0, (this.size + 7) >> 3);
  }

  private reserve(bits: number): void {
    const needed = (this.size + bits + 7) >> 3;
    if (needed <= this.data.length) return;
    const larger = new Uint8Array(Math.max(needed, this.data.length * 2));
    larger.set(this.data);
    this.data = larger;
  }

  /** Appends the low `count` bits of `byte`, at most 8. */
  private bits(byte: number, count: number): void {
    const free = 8 - (this.size & 7);
    const at = this.size >> 3;
    const value = byte & ((1 << count) - 1);
    if (count <= free) this.data[at]! |= value << (free - count);
    else {
      this.data[at]! |= value >> (count - free);
      this.data[at + 1]! |= (value << (8 - (count - free))) & 255;
    }
    this.size += count;
  }

  /** The low `size` bits of an integer. */
  integer(value: bigint, size: number, little: boolean): void {
    if (size === 0) return;
    this.reserve(size);
    if (size <= 8) {
      this.bits(Number(BigInt.asUintN(8, value)), size);
      return;
    }
    const first = size % 8;
    const digits = BigInt.asUintN(size, value)
      .toString(16)
      .padStart(((size + 7) >> 3) * 2, '0');
    const bytes = Buffer.from(digits, 'hex');
    if (little) bytes.reverse();
    for (let i = 0; i < bytes.length; i++) this.bits(bytes[i]!, i === 0 && first !== 0 ? first : 8);
  }

  /** The first `size` bits of `bytes`. */
  bitstring(bytes: Uint8Array, size: number): void {
    this.reserve(size);
    for (let i = 0; i * 8 < size; i++) {
      const count = Math.min(8, size - i * 8);
      this.bits(bytes[i]! >> (8 - count), count);
    }
  }
}
