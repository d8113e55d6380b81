// Small integers as decimal digits, straight from and to the heap: what programs that make text do most.
import { allocate } from '../memory/allocate.js';
import { B, H } from '../memory/arena.js';
import { boxedAt, consAt, header, Kind, NIL, type Term } from '../terms/tags.js';

/** The digits of the number asked for last, at the end, with a sign if it is negative. */
const digits = new Uint8Array(12);

/** Fills `digits`; gives the index of the first. */
function spell(n: number): number {
  let at = digits.length;
  // Below zero all of -2^30 to 0 has a positive counterpart.
  let rest = n < 0 ? -n : n;
  do {
    const next = (rest / 10) | 0;
    digits[--at] = 48 + rest - next * 10;
    rest = next;
  } while (rest > 0);
  if (n < 0) digits[--at] = 45;
  return at;
}

/** integer_to_binary/1 of a small integer's value. */
export function decimalBinary(n: number): Term {
  const from = spell(n);
  const size = digits.length - from;
  const words = (size + 3) >>> 2;
  const at = allocate(2 + words);
  H[at] = header(Kind.HeapBinary, 1 + words);
  H[at + 1] = size;
  H[at + 1 + words] = 0;
  const to = (at + 2) * 4 - from;
  for (let i = from; i < digits.length; i++) B[to + i] = digits[i];
  return boxedAt(at);
}

/** integer_to_list/1 of a small integer's value. */
export function decimalList(n: number): Term {
  const from = spell(n);
  const size = digits.length - from;
  const at = allocate(2 * size);
  for (let i = 0; i < size; i++) {
    H[at + 2 * i] = digits[from + i] << 1;
    H[at + 2 * i + 1] = consAt(at + 2 * i + 2);
  }
  H[at + 2 * size - 1] = NIL;
  return consAt(at);
}
