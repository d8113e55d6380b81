// Stubs of bs_create_bin: fields that begin at a byte, i its index in `B`.

declare const B: Uint8Array;
declare const D: DataView;

export function putOne(i: number, v: number): void {
  B[i] = v;
}
export function putTwo(i: number, v: number, little: boolean): void {
  D.setInt16(i, v, little);
}
export function putThree(i: number, v: number): void {
  B[i] = v >> 16;
  D.setInt16(i + 1, v);
}
export function putLittleThree(i: number, v: number): void {
  D.setInt16(i, v, true);
  B[i + 2] = v >> 16;
}
export function putFour(i: number, v: number, little: boolean): void {
  D.setInt32(i, v, little);
}
/** An int32 as 64 bits. */
export function putEight(i: number, v: number): void {
  D.setInt32(i, v >> 31);
  D.setInt32(i + 4, v);
}
export function putLittleEight(i: number, v: number): void {
  D.setInt32(i, v, true);
  D.setInt32(i + 4, v >> 31, true);
}
/** An integer that a unit keeps unboxed, as 64 bits. */
export function putWide(i: number, v: bigint, little: boolean): void {
  D.setBigInt64(i, v, little);
}
export function putDouble(i: number, d: number, little: boolean): void {
  D.setFloat64(i, d, little);
}
