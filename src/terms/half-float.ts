// Floats of 16 bits (IEEE 754 binary16): sign, 5 bits of exponent, 10 of fraction.

const single = new DataView(new ArrayBuffer(4));

/** The value of 16 bits; NaN if they are an infinity or no number. */
export function halfToDouble(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return NaN;
  const d = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return (bits & 0x8000) !== 0 ? -d : d;
}

/**
 * The 16 bits for a double. It is rounded to 32 bits first, as OTP does; what is too large becomes infinity.
 */
export function doubleToHalf(d: number): number {
  single.setFloat32(0, d);
  const bits = single.getInt32(0);
  const sign = (bits >>> 16) & 0x8000;
  const f = Math.abs(single.getFloat32(0));
  if (f >= 65520) return sign | 0x7c00;
  if (f < 2 ** -14) return sign | roundToEven(f * 2 ** 24);
  const half = (((bits >> 23) & 0xff) - 112) * 1024 + ((bits >> 13) & 1023);
  const rest = bits & 0x1fff;
  return sign | (rest > 0x1000 || (rest === 0x1000 && (half & 1) !== 0) ? half + 1 : half);
}

function roundToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest > 0.5 || (rest === 0.5 && (low & 1) !== 0) ? low + 1 : low;
}
