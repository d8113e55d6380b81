// From parsed terms to external term format (erts, External Term Format).
import type { TermAst } from './erlang-term.js';

/** The term in external term format, with the leading 131, in the same encoding that term_to_binary/1 chooses. */
export function encodeTerm(term: TermAst): Uint8Array {
  const out = new Encoder();
  out.u8(131);
  out.term(term);
  return out.bytes();
}

const enum Ext {
  NewFloat = 70,
  BitBinary = 77,
  SmallInteger = 97,
  Integer = 98,
  SmallTuple = 104,
  LargeTuple = 105,
  Nil = 106,
  String = 107,
  List = 108,
  Binary = 109,
  SmallBig = 110,
  LargeBig = 111,
  Export = 113,
  Map = 116,
  AtomUtf8 = 118,
  SmallAtomUtf8 = 119,
}

class Encoder {
  private data = Buffer.alloc(64);
  private size = 0;

  bytes(): Uint8Array {
    return new Uint8Array(this.data.subarray(0, this.size));
  }

  private room(bytes: number): number {
    const at = this.size;
    this.size += bytes;
    if (this.size > this.data.length) {
      const larger = Buffer.alloc(Math.max(this.size, this.data.length * 2));
      larger.set(this.data);
      this.data = larger;
    }
    return at;
  }

  u8(n: number): void {
    const at = this.room(1);
    this.data[at] = n;
  }

  private u16(n: number): void {
    const at = this.room(2);
    this.data.writeUInt16BE(n, at);
  }

  private u32(n: number): void {
    const at = this.room(4);
    this.data.writeUInt32BE(n, at);
  }

  private raw(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.data.set(bytes, at);
  }

  term(term: TermAst): void {
    switch (term.kind) {
      case 'atom':
        this.atom(term.name);
        return;
      case 'integer':
        this.integer(term.value);
        return;
      case 'float': {
        this.u8(Ext.NewFloat);
        const at = this.room(8);
        this.data.writeDoubleBE(term.value, at);
        return;
      }
      case 'list':
        this.list(term);
        return;
      case 'tuple':
        if (term.items.length < 256) {
          this.u8(Ext.SmallTuple);
          this.u8(term.items.length);
        } else {
          this.u8(Ext.LargeTuple);
          this.u32(term.items.length);
        }
        for (const item of term.items) this.term(item);
        return;
      case 'map':
        this.map(term.pairs);
        return;
      case 'bitstring':
        if (term.bits % 8 === 0) {
          this.u8(Ext.Binary);
          this.u32(term.bytes.length);
        } else {
          this.u8(Ext.BitBinary);
          this.u32(term.bytes.length);
          this.u8(term.bits % 8);
        }
        this.raw(term.bytes);
        return;
      case 'fun':
        this.u8(Ext.Export);
        this.atom(term.module);
        this.atom(term.name);
        this.integer(BigInt(term.arity));
        return;
    }
  }

  private atom(name: string): void {
    const bytes = Buffer.from(name, 'utf8');
    if (bytes.length < 256) {
      this.u8(Ext.SmallAtomUtf8);
      this.u8(bytes.length);
    } else {
      this.u8(Ext.AtomUtf8);
      this.u16(bytes.length);
    }
    this.raw(bytes);
  }

  private integer(value: bigint): void {
    if (value >= 0n && value <= 255n) {
      this.u8(Ext.SmallInteger);
      this.u8(Number(value));
    } else if (value >= -0x80000000n && value <= 0x7fffffffn) {
      this.u8(Ext.Integer);
      this.u32(Number(value) >>> 0);
    } else {
      let digits = (value < 0n ? -value : value).toString(16);
      if (digits.length % 2 !== 0) digits = `0${digits}`;
      const magnitude = Buffer.from(digits, 'hex').reverse();
      if (magnitude.length < 256) {
        this.u8(Ext.SmallBig);
        this.u8(magnitude.length);
      } else {
        this.u8(Ext.LargeBig);
        this.u32(magnitude.length);
      }
      this.u8(value < 0n ? 1 : 0);
      this.raw(magnitude);
    }
  }

  private list({ items, tail }: { items: TermAst[]; tail?: TermAst }): void {
    if (items.length === 0) {
      this.u8(Ext.Nil);
      return;
    }
    if (tail === undefined && items.length < 65536 && items.every(isByte)) {
      this.u8(Ext.String);
      this.u16(items.length);
      for (const item of items) this.u8(Number((item as { value: bigint }).value));
      return;
    }
    this.u8(Ext.List);
    this.u32(items.length);
    for (const item of items) this.term(item);
    if (tail === undefined) this.u8(Ext.Nil);
    else this.term(tail);
  }

  private map(pairs: [TermAst, TermAst][]): void {
    // Of equal keys the last one counts.
    const unique = new Map(
      pairs.map(([key, value]) => [Buffer.from(encodeTerm(key)).toString('latin1'), [key, value]]),
    );
    this.u8(Ext.Map);
    this.u32(unique.size);
    for (const [key, value] of unique.values()) {
      this.term(key!);
      this.term(value!);
    }
  }
}

function isByte(term: TermAst): boolean {
  return term.kind === 'integer' && term.value >= 0n && term.value <= 255n;
}
