// The Type chunk: what the compiler knows of the registers that instructions annotate.
import type { ChunkReader } from './compact.js';
import { TypeBit, type TypeInfo } from './module.js';

// Bits of the chunk in ascending order, by version.
const WITH_MATCH_CONTEXT = [
  TypeBit.Atom,
  TypeBit.Bitstring,
  TypeBit.MatchContext,
  TypeBit.Cons,
  TypeBit.Float,
  TypeBit.Fun,
  TypeBit.Integer,
  TypeBit.Map,
  TypeBit.Nil,
  TypeBit.Pid,
  TypeBit.Port,
  TypeBit.Reference,
  TypeBit.Tuple,
];
// From version 3 on a match context counts as a bitstring.
const WITHOUT_MATCH_CONTEXT = WITH_MATCH_CONTEXT.filter((bit) => bit !== TypeBit.MatchContext).map((bit) =>
  bit === TypeBit.Bitstring ? TypeBit.Bitstring | TypeBit.MatchContext : bit,
);
const WITH_RECORD = [...WITHOUT_MATCH_CONTEXT, TypeBit.Record];

interface Version {
  bits: readonly TypeBit[];
  /** 18 bytes an entry, bounds always there, none if they are the wrong way round. */
  fixedSize: boolean;
}

/** By number: 1 is OTP 25, 2 is 26, 3 is 27 and 28, 4 is 29. */
const VERSIONS: Record<number, Version> = {
  1: { bits: WITH_MATCH_CONTEXT, fixedSize: true },
  2: { bits: WITH_MATCH_CONTEXT, fixedSize: false },
  3: { bits: WITHOUT_MATCH_CONTEXT, fixedSize: false },
  4: { bits: WITH_RECORD, fixedSize: false },
};

/**
 * How many types a Type chunk has.
 *
 * @returns undefined for a version that is not known: types are optional knowledge, not an error
 * @throws LoadError if the chunk is cut off
 */
export function countTypes(reader: ChunkReader): number | undefined {
  const version = VERSIONS[reader.u32()];
  return version && reader.count(version.fixedSize ? 18 : 2);
}

/**
 * The types of a Type chunk in a version that is known.
 *
 * @throws LoadError if the chunk is cut off
 */
export function readTypes(reader: ChunkReader): TypeInfo[] {
  reader.position = 0;
  const version = VERSIONS[reader.u32()]!;
  const count = reader.u32();
  const types: TypeInfo[] = [];
  for (let i = 0; i < count; i++)
    types.push(version.fixedSize ? fixedType(reader, version) : type(reader, version));
  return types;
}

function union(raw: number, bits: readonly TypeBit[]): number {
  let result = 0;
  for (let i = 0; i < bits.length; i++) if ((raw >> i) & 1) result |= bits[i]!;
  // "Anything" of a release that had fewer kinds of terms is still anything.
  return (raw & ((1 << bits.length) - 1)) === (1 << bits.length) - 1 ? TypeBit.Any : result;
}

function fixedType(reader: ChunkReader, version: Version): TypeInfo {
  const info: TypeInfo = { bits: union(reader.u16(), version.bits) };
  const min = reader.i64();
  const max = reader.i64();
  if (min <= max) {
    info.min = min;
    info.max = max;
  }
  return info;
}

function type(reader: ChunkReader, version: Version): TypeInfo {
  const raw = reader.u16();
  const info: TypeInfo = { bits: union(raw, version.bits) };
  const flags = raw >> version.bits.length;
  if (flags & 1) info.min = reader.i64();
  if (flags & 2) info.max = reader.i64();
  if (flags & 4) info.unit = reader.u8() + 1;
  return info;
}
