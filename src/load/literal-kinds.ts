// What kind of term a literal in external term format is, without decoding it.
import { Ext } from '../terms/external-tags.js';
import { ANY, cellKind, FLOAT, join, MAP, NIL, NONE, tupleKind } from './kinds.js';

/** Elements below this depth are not looked at. */
const MAX_DEPTH = 4;

/**
 * @param bytes a literal of a module, with the leading 131
 * @returns ANY if it is damaged; whoever decodes it says so
 */
export function kindOfLiteral(bytes: Uint8Array): number {
  try {
    return new Reader(bytes).kind(0);
  } catch (error) {
    if (error instanceof NotRead || error instanceof RangeError) return ANY;
    throw error;
  }
}

/** A tag that literals do not have, or a size that can not be. */
class NotRead extends Error {}

class Reader {
  private at = 1;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The kind of the term at the place at hand, which is then behind it. */
  kind(depth: number): number {
    const { bytes, at, view } = this;
    if (depth > MAX_DEPTH) {
      this.skip(1);
      return ANY;
    }
    switch (bytes[at] as Ext) {
      case Ext.NewFloat:
        this.at += 9;
        return FLOAT;
      case Ext.Nil:
        this.at += 1;
        return NIL;
      case Ext.SmallTuple:
        this.at += 2;
        return this.tuple(bytes[at + 1]!, depth);
      case Ext.LargeTuple:
        return this.tuple(this.size(), depth);
      case Ext.List:
        return this.list(this.size(), depth);
      case Ext.Map:
        this.skip(1);
        return MAP;
      case Ext.String:
        this.at += 3 + view.getUint16(at + 1);
        return this.at === at + 3 ? NIL : cellKind(ANY, NIL);
      default:
        this.skip(1);
        return ANY;
    }
  }

  private tuple(size: number, depth: number): number {
    const parts: number[] = [];
    for (let n = 0; n < size; n++) parts.push(this.kind(depth + 1));
    return tupleKind(size, parts);
  }

  private list(length: number, depth: number): number {
    let element = NONE;
    for (let n = 0; n < length; n++) element = join(element, this.kind(depth + 1));
    const tail = this.kind(depth);
    return length === 0 ? tail : cellKind(element, tail);
  }

  /** The number of parts of a large tuple, a list or a map, behind its tag; each takes a byte at least. */
  private size(): number {
    const size = this.view.getUint32(this.at + 1);
    this.at += 5;
    if (size > this.bytes.length - this.at) throw new NotRead();
    return size;
  }

  /** Goes over so many terms. */
  private skip(terms: number): void {
    const { bytes } = this;
    for (let left = terms; left > 0; left--)
      switch (bytes[this.at] as Ext) {
        case Ext.SmallTuple:
          left += bytes[this.at + 1]!;
          this.at += 2;
          break;
        case Ext.LargeTuple:
          left += this.size();
          break;
        case Ext.List:
          left += this.size() + 1;
          break;
        case Ext.Map:
          left += this.size() * 2;
          break;
        case Ext.Export:
          left += 3;
          this.at += 1;
          break;
        default:
          this.at += this.leafSize();
      }
  }

  /** Bytes of the term at hand, which has no others in it. */
  private leafSize(): number {
    const { bytes, at, view } = this;
    switch (bytes[at] as Ext) {
      case Ext.Nil:
        return 1;
      case Ext.SmallInteger:
        return 2;
      case Ext.Integer:
        return 5;
      case Ext.NewFloat:
        return 9;
      case Ext.SmallAtom:
      case Ext.SmallAtomUtf8:
        return 2 + bytes[at + 1]!;
      case Ext.Atom:
      case Ext.AtomUtf8:
      case Ext.String:
        return 3 + view.getUint16(at + 1);
      case Ext.SmallBig:
        return 3 + bytes[at + 1]!;
      case Ext.LargeBig:
        return 6 + view.getUint32(at + 1);
      case Ext.Binary:
        return 5 + view.getUint32(at + 1);
      case Ext.BitBinary:
        return 6 + view.getUint32(at + 1);
      default:
        throw new NotRead();
    }
  }
}
