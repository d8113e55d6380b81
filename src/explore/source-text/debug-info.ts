// The debug info of a `.beam` file: the chunk `Dbgi` or, in older files, `Abst`.
import { TermFormatError, TermReader, Tuple, type Value } from './external-term.js';

/** Abstract forms, or why there are none: the end of a sentence about the file. */
export type DebugInfo = { forms: Value[] } | { none: string };

const NOT_COMPILED_IN = 'has no debug info (erlc +debug_info puts it in)';

/** Reads the debug info of a file's chunks; whatever is wrong with it is told in `none`. */
export function readDebugInfo(chunks: ReadonlyMap<string, Uint8Array>): DebugInfo {
  const chunk = chunks.get('Dbgi') ?? chunks.get('Abst');
  if (chunk === undefined || chunk.length === 0) return { none: NOT_COMPILED_IN };
  // A key makes it <<0, size of the cipher's name, name, ...>>.
  if (chunk[0] === 0) return { none: 'has debug info that is encrypted with a key' };
  try {
    return chunks.has('Dbgi') ? ofBackend(new TermReader(chunk)) : ofAbstract(new TermReader(chunk));
  } catch (error) {
    if (!(error instanceof TermFormatError)) throw error;
    return { none: `has debug info that is damaged: it ${error.message}` };
  }
}

/** `{debug_info_v1, Backend, Data}`, where erl_abstract_code's data are `{Forms | none, Options}`. */
function ofBackend(reader: TermReader): DebugInfo {
  reader.enterTuple(3);
  const version = reader.value();
  const backend = reader.value();
  if (version !== 'debug_info_v1' || typeof backend !== 'string')
    return { none: 'has debug info in a version that is not known' };
  if (backend === 'elixir_erl') return { none: 'has the debug info of Elixir, of which no text can be made' };
  if (backend !== 'erl_abstract_code') return { none: `has debug info that only ${backend} understands` };
  const data = reader.value();
  const forms = data instanceof Tuple ? data.items[0] : data;
  return Array.isArray(forms) ? { forms } : { none: NOT_COMPILED_IN };
}

/** `{raw_abstract_v1, Forms}`, or `no_abstract_code`. */
function ofAbstract(reader: TermReader): DebugInfo {
  const data = reader.value();
  const [version, forms] = data instanceof Tuple ? data.items : [];
  if (version !== 'raw_abstract_v1')
    return {
      none: data === 'no_abstract_code' ? NOT_COMPILED_IN : 'has debug info in a version that is not known',
    };
  return Array.isArray(forms) ? { forms } : { none: NOT_COMPILED_IN };
}
