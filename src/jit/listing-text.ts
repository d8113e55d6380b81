// A loaded module as a listing: its functions in order, a line for each instruction.
import type { LoadedModule } from '../code/functions.js';
import { literalOf } from '../interpret/constants.js';
import type { Operand } from '../load/module.js';
import { Op } from '../load/opcodes.js';
import { formatAtom } from '../terms/format.js';
import { shortText } from './constant-names.js';
import { instructionText } from './instruction-text.js';
import { oneLine } from './print.js';

/** A line of a listing. */
export interface ListingLine {
  text: string;
  /** Index of the function in the module's source, and of the instruction in its code; -1: the function's head, or a blank. */
  fn: number;
  instruction: number;
}

/** The lines of a module, or of some of its functions. `line` instructions are left out: they say what lines come from. */
export function listingOf(m: LoadedModule, wanted: (fn: number) => boolean = () => true): ListingLine[] {
  const lines: ListingLine[] = [];
  m.source.functions.forEach(({ name, arity, entry, code }, fn) => {
    if (!wanted(fn)) return;
    if (lines.length > 0) lines.push({ text: '', fn, instruction: -1 });
    lines.push({ text: oneLine(`${formatAtom(name, true)}/${arity}:`), fn, instruction: -1 });
    code.forEach((instruction, i) => {
      const { op, args } = instruction;
      if (op === Op.line || op === Op.int_code_end) return;
      if (op === Op.label) {
        const { n } = args[0] as { n: number };
        lines.push({ text: ` L${n}:${n === entry ? '  % entry' : ''}`, fn, instruction: i });
        return;
      }
      const values = args.flatMap((o) => literalsIn(o)).map((n) => shortText(literalOf(m, n)));
      const text = `    ${instructionText(m.source, instruction)}`;
      const comment = values.length === 0 ? '' : `  % ${values.join(', ')}`;
      lines.push({ text: oneLine(`${text}${comment}`), fn, instruction: i });
    });
  });
  return lines;
}

function literalsIn(o: Operand): number[] {
  if (o.kind === 'literal') return [o.n];
  return o.kind === 'list' ? o.items.flatMap(literalsIn) : [];
}
