// A generic instruction as a line of text, in the manner of a listing, for comments in dumps and for messages.
import type { BeamModule, Instruction, Operand } from '../load/module.js';
import { OPCODES } from '../load/opcodes.js';
import { SIGNATURES } from '../load/signatures.js';

/** E.g. `get_list x0 x2 x0`, `call_ext 2 lists:reverse/2`. */
export function instructionText(m: BeamModule, { op, args }: Instruction): string {
  const signature = SIGNATURES[op] ?? '';
  return [OPCODES[op].name, ...args.map((o, i) => operandText(m, o, signature[i] ?? '*'))].join(' ');
}

function operandText(m: BeamModule, o: Operand, letter: string): string {
  switch (o.kind) {
    case 'x':
    case 'y':
    case 'fr':
      return `${o.kind}${o.n}`;
    case 'integer':
      return String(o.value);
    case 'atom':
      return /^[a-z][a-zA-Z0-9_@]*$/.test(o.name) ? o.name : `'${o.name.replace(/[^\x20-\x7e]/g, '?')}'`;
    case 'nil':
      return '[]';
    case 'label':
      return letter === 'c' ? functionOf(m, o.n) : o.n === 0 ? '-' : `L${o.n}`;
    case 'unsigned': {
      if (letter === 'i') {
        const i = m.imports[o.n];
        return `${i.module}:${i.name}/${i.arity}`;
      }
      if (letter === 'm') return `fun ${m.lambdas[o.n].name}/${m.lambdas[o.n].arity}`;
      return String(o.n);
    }
    case 'literal':
      return `literal ${o.n}`;
    case 'list':
      return `[${o.items.map((i) => operandText(m, i, '*')).join(', ')}]`;
    case 'alloc':
      return `{words ${o.words}, floats ${o.floats}, funs ${o.funs}}`;
  }
}

function functionOf(m: BeamModule, label: number): string {
  const f = m.functions.find((x) => x.entry === label);
  return f === undefined ? `L${label}` : `${f.name}/${f.arity}`;
}
