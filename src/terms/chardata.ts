// Character data (unicode:chardata() and iodata): lists of characters, binaries and such lists.
import { bytesOf, head, isBinaryTerm, tail } from './access.js';
import { isCons, isSmall, NIL, type Term } from './tags.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of chardata whose integers are code points and whose binaries are UTF-8, or undefined if the term
 * is none. A character may not be spread over two binaries.
 */
export function chardataToString(t: Term): string | undefined {
  return collect(t, 0x10ffff, (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return undefined;
    }
  });
}

/** The text of what ~ts takes: chardata, but a binary that is not UTF-8 stands for its bytes. */
export function looseChardataToString(t: Term): string | undefined {
  return collect(t, 0x10ffff, (bytes) => {
    try {
      return utf8.decode(bytes);
    } catch {
      return Buffer.from(bytes).toString('latin1');
    }
  });
}

/** The text of iodata, each byte a character (Latin-1), or undefined if the term is none. */
export function latin1ToString(t: Term): string | undefined {
  return collect(t, 0xff, (bytes) => Buffer.from(bytes).toString('latin1'));
}

function collect(
  t: Term,
  largest: number,
  decode: (bytes: Uint8Array) => string | undefined,
): string | undefined {
  let out = '';
  const rest: Term[] = [];
  for (;;) {
    if (isCons(t)) {
      const first = head(t);
      t = tail(t);
      if (isSmall(first)) {
        const c = first >> 1;
        if (c < 0 || c > largest || (c >= 0xd800 && c <= 0xdfff)) return undefined;
        out += String.fromCodePoint(c);
        continue;
      }
      if (t !== NIL) rest.push(t);
      t = first;
      if (isCons(t)) continue;
    }
    if (t !== NIL) {
      const text = isBinaryTerm(t) ? decode(bytesOf(t)) : undefined;
      if (text === undefined) return undefined;
      out += text;
    }
    if (rest.length === 0) return out;
    t = rest.pop()!;
  }
}
