// CRC-32 (ISO 3309, as in zlib) and Adler-32 (RFC 1950).

const table = new Int32Array(256);
for (let i = 0; i < 256; i++) {
  let c = i;
  for (let bit = 0; bit < 8; bit++) c = (c & 1) !== 0 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  table[i] = c;
}

/** The CRC of the bytes, going on from `start` (0 at the beginning); below 2^32. */
export function crc32(bytes: Uint8Array, start = 0): number {
  let c = ~start;
  for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return ~c >>> 0;
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
