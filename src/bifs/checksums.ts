// Checksums: CRC-32 (ISO 3309, as in zlib), Adler-32 (RFC 1950), MD5.
import { crypto } from '../host.js';
import type { Task } from '../processes/process.js';
import { badarg } from '../processes/raise.js';
import { binary, bytesOf, gatherShort, isBinaryTerm } from '../terms/build.js';
import { integerFromNumber, toNumberIfSafe } from '../terms/integer.js';
import type { Term } from '../terms/tags.js';
import { MD5_CONTEXT, md5Final, md5Init, md5Update } from './md5.js';
import { defineBifs } from './table.js';
import { charge, defineYieldingBifs, gatherInSteps, inSteps, stepBytes, stepSize } from './yielding.js';

const POLYNOMIAL = 0xedb88320;

const table = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) !== 0 ? (c >>> 1) ^ POLYNOMIAL : c >>> 1;
  table[i] = c;
}

/** The CRC of the bytes, going on from `start` (0 at the beginning); below 2^32. */
export function crc32(bytes: Uint8Array, start = 0): number {
  let c = ~start;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
}

/** The product of two polynomials over GF(2) modulo the CRC's; bit 31 is x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= b;
    b = (b & 1) !== 0 ? (b >>> 1) ^ POLYNOMIAL : b >>> 1;
  }
  return product;
}

/** The CRC of two runs of bytes, one behind the other, from the CRCs of both and the length of the second. */
function combineCrc32(first: number, second: number, length: number): number {
  // x^(8 * length) by squaring.
  let power = 0x80000000;
  let square = 0x00800000;
  for (let n = length; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return (multiply(power, first) ^ second) >>> 0;
}

const MODULUS = 65521;
/** So many bytes can be summed before the sums could leave 32 bits. */
const CHUNK = 3800;

/** The Adler-32 checksum of the bytes, going on from `start` (1 at the beginning); below 2^32. */
export function adler32(bytes: Uint8Array, start = 1): number {
  let a = (start & 0xffff) % MODULUS;
  let b = (start >>> 16) % MODULUS;
  for (let from = 0; from < bytes.length; from += CHUNK) {
    const to = Math.min(from + CHUNK, bytes.length);
    for (let i = from; i < to; i++) {
      a += bytes[i];
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return b * 0x10000 + a;
}

/** The same as combineCrc32. */
function combineAdler32(first: number, second: number, length: number): number {
  if (length === 0) return first;
  const n = length % MODULUS;
  const a = first & 0xffff;
  const low = (a + (second & 0xffff) + MODULUS - 1) % MODULUS;
  const high = (((n * a) % MODULUS) + (first >>> 16) + (second >>> 16) + MODULUS - n) % MODULUS;
  return high * 0x10000 + low;
}

const isWord = (n: number | undefined): n is number => n !== undefined && n >= 0 && n <= 0xffffffff;

/** Bytes that go for a reduction. */
const BYTES_PER_REDUCTION = 256;

/** The bytes of an iolist if a step can handle them, undefined if that is not known. */
function shortBytes(t: Term): Uint8Array | undefined {
  const bytes = isBinaryTerm(t) ? bytesOf(t) : gatherShort(t, stepSize());
  return bytes !== undefined && bytes.length <= stepBytes() ? bytes : undefined;
}

/** Has `compute` go over the bytes of an iolist, a piece in each step; false: it is none. */
function* piecesOf(t: Term, compute: (piece: Uint8Array) => void): Generator<undefined, boolean> {
  const bytes = isBinaryTerm(t) ? bytesOf(t) : yield* gatherInSteps(t);
  if (bytes === undefined) return false;
  for (let from = 0; from < bytes.length; from += stepBytes()) {
    if (from > 0) yield;
    compute(bytes.subarray(from, from + stepBytes()));
  }
  return true;
}

function checksum(t: Term, start: Term, compute: (bytes: Uint8Array, start: number) => number): Term | Task {
  const from = toNumberIfSafe(start);
  if (!isWord(from)) return badarg();
  const bytes = shortBytes(t);
  if (bytes === undefined) return inSteps(longChecksum(t, from, compute));
  charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
  return integerFromNumber(compute(bytes, from));
}

function* longChecksum(
  t: Term,
  start: number,
  compute: (bytes: Uint8Array, start: number) => number,
): Generator<undefined, Term> {
  let sum = start;
  const isIolist = yield* piecesOf(t, (piece) => {
    sum = compute(piece, sum);
  });
  return isIolist ? integerFromNumber(sum) : badarg();
}

function combine(
  first: Term,
  second: Term,
  length: Term,
  compute: (a: number, b: number, n: number) => number,
): Term {
  const a = toNumberIfSafe(first);
  const b = toNumberIfSafe(second);
  const n = toNumberIfSafe(length);
  return isWord(a) && isWord(b) && isWord(n) ? integerFromNumber(compute(a, b, n)) : badarg();
}

function md5(t: Term): Term | Task {
  const bytes = shortBytes(t);
  if (bytes === undefined) return inSteps(longMd5(t));
  charge(Math.floor(bytes.length / BYTES_PER_REDUCTION));
  return binary(crypto().createHash('md5').update(bytes).digest());
}

function* longMd5(t: Term): Generator<undefined, Term> {
  const hash = crypto().createHash('md5');
  const isIolist = yield* piecesOf(t, (piece) => hash.update(piece));
  return isIolist ? binary(hash.digest()) : badarg();
}

function* md5Context(t: Term, data: Term): Generator<undefined, Term> {
  let context: Uint8Array | undefined = contextOf(t)?.slice();
  if (context === undefined) return badarg();
  const isIolist = yield* piecesOf(data, (piece) => {
    context = md5Update(context!, piece);
  });
  return isIolist ? binary(context) : badarg();
}

/** The bytes of a context, or undefined if the term is none. */
function contextOf(t: Term): Uint8Array | undefined {
  const bytes = isBinaryTerm(t) ? bytesOf(t) : undefined;
  return bytes?.length === MD5_CONTEXT ? bytes : undefined;
}

defineYieldingBifs('erlang', {
  'crc32/1': (t) => checksum(t, 0, crc32),
  'crc32/2': (start, t) => checksum(t, start, crc32),
  'adler32/1': (t) => checksum(t, 1 << 1, adler32),
  'adler32/2': (start, t) => checksum(t, start, adler32),
  'md5/1': md5,
  'md5_update/2': (t, data) => inSteps(md5Context(t, data)),
});

defineBifs('erlang', {
  'crc32_combine/3': (first, second, length) => combine(first, second, length, combineCrc32),
  'adler32_combine/3': (first, second, length) => combine(first, second, length, combineAdler32),
  'md5_init/0': () => binary(md5Init()),
  'md5_final/1': (t) => {
    const context = contextOf(t);
    return context === undefined ? badarg() : binary(md5Final(context));
  },
});
