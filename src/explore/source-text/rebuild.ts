// Erlang text made of the abstract forms of a module: for each file that they come from, with every form on its lines.
import type { SourceText } from '../../load/erlang-source.js';
import { Tuple, type Value } from './external-term.js';
import { wordsOf } from './forms.js';
import { layOut } from './layout.js';
import { plainText } from './literals.js';
import type { Word } from './writer.js';

/**
 * The texts of the files that a module was made of, its main source first. Comments, macros and how it was laid out within lines
 * are not known any more; what no text can be made of is a comment that says so.
 * Paths are as the attribute `file` has them, and so the line table.
 * @param forms abstract forms as a parse has them ("The Abstract Format", ERTS User's Guide), with `file` attributes
 */
export function rebuildTexts(forms: readonly Value[]): SourceText[] {
  const files = new Map<string, Word[][]>();
  let file = '';
  for (const form of forms) {
    const [tag, , name, value] = form instanceof Tuple ? form.items : [];
    if (tag === 'attribute' && name === 'file' && value instanceof Tuple && Array.isArray(value.items[0])) {
      file = plainText(value.items[0]) ?? file;
      if (!files.has(file)) files.set(file, []);
      continue;
    }
    const words = wordsOf(form);
    const known = files.get(file);
    if (known === undefined) files.set(file, [words]);
    else known.push(words);
  }
  return [...files]
    .map(([path, found]) => ({ path, words: found.filter((words) => words.length > 0) }))
    .filter(({ words }, i) => words.length > 0 || i === 0)
    .map(({ path, words }) => ({ path, text: layOut(words).join('\n') }));
}
