// What can still be told of a file that does not load: its module, and what compiled it. Reads only what is whole, throws nothing.
import { zlib } from '../host.js';
import { MAX_FILE_BYTES } from './iff.js';
import { OPCODES } from './opcodes.js';

/** What is known of a file. */
export interface Identity {
  module?: string;
  /** OTP release of its compiler. */
  otp?: number;
  /** Earliest release whose compiler emits all of its instructions, where `otp` is not known. */
  otpAtLeast?: number;
}

/** First compiler application of a release: version prefix, release. */
const COMPILERS: readonly (readonly [major: number, minor: number, otp: number])[] = [
  [10, 0, 29],
  [9, 0, 28],
  [8, 5, 27],
  [8, 3, 26],
  [8, 2, 25],
  [8, 0, 24],
];

/** The OTP release behind {version,"8.2.3"} in external term format, undefined if it is not there or not known. */
export function otpRelease(compileInfo: Uint8Array): number | undefined {
  // The atom is encoded with a length of one byte or of two, then comes a string; the text is all that is needed.
  const text = Buffer.from(compileInfo.buffer, compileInfo.byteOffset, compileInfo.byteLength).toString(
    'latin1',
  );
  const match = /versionk[\s\S]{2}(\d+)\.(\d+)/.exec(text);
  if (match === null) return undefined;
  const major = Number(match[1]);
  const minor = Number(match[2]);
  if (major > 10) return undefined;
  return COMPILERS.find(([a, b]) => major > a || (major === a && minor >= b))?.[2];
}

/** Looks at the bytes of a `.beam` file, plain or compressed, whole or not. */
export function identify(file: Uint8Array): Identity {
  let bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = zlib().gunzipSync(bytes, { maxOutputLength: MAX_FILE_BYTES });
    } catch {
      return {};
    }
  }
  const found: Identity = {};
  if (bytes.toString('latin1', 0, 4) !== 'FOR1') return found;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32BE(at + 4);
    const chunk = bytes.subarray(at + 8, at + 8 + size);
    if (name === 'AtU8' || name === 'Atom') found.module ??= firstAtom(chunk);
    else if (name === 'CInf' && chunk.length === size) found.otp ??= otpRelease(chunk);
    else if (name === 'Code' && chunk.length >= 16) {
      const since = OPCODES[chunk.readUInt32BE(8)]?.since;
      if (since !== undefined && since > 0) found.otpAtLeast = since;
    }
    // Sizes of 2^31 and more are not for bitwise operators.
    at += 8 + Math.ceil(size / 4) * 4;
  }
  return found;
}

/** The first atom of a table is the module's name. */
function firstAtom(chunk: Buffer): string | undefined {
  if (chunk.length < 5) return undefined;
  // From OTP 28 on, the count is negative and lengths are compact terms: one byte up to 15, two up to 2047.
  const isCompact = chunk.readInt32BE(0) < 0;
  let at = 5;
  let length = chunk[4]!;
  if (isCompact) {
    if ((length & 8) === 0) length >>= 4;
    else {
      length = ((length & 0xe0) << 3) | (chunk[5] ?? 0);
      at = 6;
    }
  }
  return length > 0 && at + length <= chunk.length ? chunk.toString('utf8', at, at + length) : undefined;
}

/** `module fib, compiled by OTP 25`; empty if nothing is known. */
export function identityText({ module, otp, otpAtLeast }: Identity): string {
  const parts: string[] = [];
  if (module !== undefined) parts.push(`module ${module}`);
  if (otp !== undefined) parts.push(`compiled by OTP ${otp}`);
  else if (otpAtLeast !== undefined) parts.push(`compiled by OTP ${otpAtLeast} or later`);
  return parts.join(', ');
}
