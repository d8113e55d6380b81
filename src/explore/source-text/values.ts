// The values of attributes, which are terms and know no lines.
import { Bits, Float, FunName, ImproperList, Tuple, type Value, ValueMap } from './external-term.js';
import { atomText, floatText, looksWritten, plainText, quoted } from './literals.js';
import { atomOf, unknown } from './nodes.js';
import { Break, type Writer } from './writer.js';

/** Writes a term as the source of an attribute has it. */
export function writeValue(w: Writer, value: Value | undefined): void {
  if (typeof value === 'string') w.put(atomText(value));
  else if (typeof value === 'number' || typeof value === 'bigint') w.put(String(value));
  else if (value instanceof Float) w.put(floatText(value.value));
  else if (Array.isArray(value)) writeList(w, value);
  else if (value instanceof Tuple) writeAll(w, '{', value.items, '}');
  else if (value instanceof ImproperList) {
    writeAll(w, '[', value.items, '|');
    writeValue(w, value.tail);
    w.put(']');
  } else if (value instanceof ValueMap) {
    w.put('#{');
    w.commas(
      value.pairs,
      ([key, item]) => {
        writeValue(w, key);
        w.spaced('=>');
        writeValue(w, item);
      },
      Break.Wrap,
    );
    w.put('}');
  } else if (value instanceof Bits) writeBits(w, value);
  else if (value instanceof FunName) {
    const [module, name, arity] = value.items;
    w.put(`fun ${atomText(atomOf(module))}:${atomText(atomOf(name))}/${arity}`);
  } else unknown(value);
}

function writeAll(w: Writer, open: string, items: readonly Value[], close: string): void {
  w.put(open);
  w.commas(items, (item) => writeValue(w, item), Break.Wrap);
  w.put(close);
}

function writeList(w: Writer, items: readonly Value[]): void {
  const text = items.length === 0 ? undefined : plainText(items);
  if (text === undefined || !looksWritten(text)) writeAll(w, '[', items, ']');
  else w.put(quoted(text));
}

function writeBits(w: Writer, { bytes, unused }: Bits): void {
  let text: string | undefined;
  try {
    text =
      unused === 0 ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : undefined;
  } catch {
    // Bytes that are no text.
  }
  if (text !== undefined && text !== '' && looksWritten(text)) {
    const plain = [...text].every((c) => c < '\x80');
    w.put(plain ? `<<${quoted(text)}>>` : `<<${quoted(text)}/utf8>>`);
    return;
  }
  const items = [...bytes].map(String);
  if (unused > 0) items.push(`${Number(items.pop()) >> unused}:${8 - unused}`);
  w.put('<<');
  w.commas(items, (item) => w.put(item), Break.Wrap);
  w.put('>>');
}
