// MD5 (RFC 1321) step by step, with a context that is a binary as in OTP: four words of state, the length in bits as two
// words, and the block that is not full yet; all words little-endian.

/** Size of a context in bytes. */
export const MD5_CONTEXT = 88;

const COUNT = 16;
const BLOCK = 24;

const SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const SINES = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);

/** A context in which there is nothing yet. */
export function md5Init(): Uint8Array {
  const context = new Uint8Array(MD5_CONTEXT);
  const view = new DataView(context.buffer);
  const words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let i = 0; i < 4; i++) view.setUint32(4 * i, words[i], true);
  return context;
}

/** A context with the bytes added to those of another. */
export function md5Update(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  const context = before.slice();
  const view = new DataView(context.buffer);
  const low = view.getUint32(COUNT, true);
  const high = view.getUint32(COUNT + 4, true);
  let filled = (low >>> 3) & 63;
  const bits = low + bytes.length * 8;
  view.setUint32(COUNT, bits % 2 ** 32, true);
  view.setUint32(COUNT + 4, high + Math.floor(bits / 2 ** 32), true);
  for (let from = 0; from < bytes.length; ) {
    const n = Math.min(64 - filled, bytes.length - from);
    context.set(bytes.subarray(from, from + n), BLOCK + filled);
    from += n;
    filled = (filled + n) & 63;
    if (filled === 0) addBlock(view);
  }
  return context;
}

/** The sixteen bytes of the checksum. */
export function md5Final(before: Uint8Array): Uint8Array {
  const length = before.slice(COUNT, BLOCK);
  const filled = (length[0] >>> 3) | ((length[1] & 1) << 5);
  const padding = new Uint8Array(filled < 56 ? 56 - filled : 120 - filled);
  padding[0] = 0x80;
  return md5Update(md5Update(before, padding), length).slice(0, 16);
}

function addBlock(view: DataView): void {
  const state = [0, 4, 8, 12].map((at) => view.getInt32(at, true));
  let [a, b, c, d] = state;
  for (let i = 0; i < 64; i++) {
    let f: number;
    let k: number;
    if (i < 16) {
      f = (b & c) | (~b & d);
      k = i;
    } else if (i < 32) {
      f = (d & b) | (~d & c);
      k = (5 * i + 1) & 15;
    } else if (i < 48) {
      f = b ^ c ^ d;
      k = (3 * i + 5) & 15;
    } else {
      f = c ^ (b | ~d);
      k = (7 * i) & 15;
    }
    const sum = (a + f + SINES[i] + view.getInt32(BLOCK + 4 * k, true)) | 0;
    const shift = SHIFTS[(i >> 4) * 4 + (i & 3)];
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  const sums = [a, b, c, d];
  for (let i = 0; i < 4; i++) view.setInt32(4 * i, (state[i] + sums[i]) | 0, true);
}
