// Emitters of instructions that the interpreter has a routine for (slow.ts): the unit puts what the routine reads into the
// register file, calls it, and takes the results out again. Instructions with no emitter of their own need nothing else.
import type { CodeFunction } from '../../code/functions.js';
import { I } from '../../interpret/ops.js';
import { slowRoutines } from '../../interpret/slow.js';
import type { Operand } from '../../load/module.js';
import type { Op } from '../../load/opcodes.js';
import { SIGNATURES } from '../../load/signatures.js';
import { H, Region } from '../../memory/arena.js';
import { assign, bin, call, id, lit, set, when, word } from '../ast.js';
import type { Unit } from '../unit.js';

/** The routine that the interpreter's code calls for instruction i of a function; -1: it is no such instruction. */
export function routineAt(fn: CodeFunction, i: number): number {
  const address = fn.module.addresses[fn.index][i];
  return address >= 0 && H[address] === I.Slow ? H[address + 1] : -1;
}

interface Registers {
  read: Operand[];
  written: Operand[];
  label: Operand | undefined;
}

/** The registers of an instruction, by its signature; where a list can hold both kinds they count as both. */
function registersOf(op: Op, args: Operand[]): Registers {
  const found: Registers = { read: [], written: [], label: undefined };
  const signature = SIGNATURES[op] ?? '';
  const add = (o: Operand, reads: boolean, writes: boolean): void => {
    if (o.kind === 'list') for (const item of o.items) add(item, reads, writes);
    if (o.kind !== 'x' && o.kind !== 'y') return;
    if (reads) found.read.push(o);
    if (writes) found.written.push(o);
  };
  args.forEach((o, i) => {
    const letter = signature[i] ?? '*';
    if ('fjb'.includes(letter) && o.kind === 'label') {
      if (o.n !== 0) found.label = o;
    } else if ('ECR'.includes(letter) && o.kind === 'list') add(o, true, true);
    else if ('dD'.includes(letter)) add(o, false, true);
    else if (letter === 'w') add(o, true, true);
    else add(o, true, false);
  });
  return found;
}

function slotOf(o: Operand): number {
  const n = (o as { n: number }).n;
  return o.kind === 'x' ? n : Region.Scratch + n;
}

/** Emits an instruction as a call of the interpreter's routine; false: there is none. */
export function emitRoutine(u: Unit, op: Op, args: Operand[]): boolean {
  const index = routineAt(u.target, u.at);
  if (index < 0) return false;
  u.flushHeap();
  u.use('H');
  const { read, written, label } = registersOf(op, args);
  const done = new Set<number>();
  for (const o of read) {
    const slot = slotOf(o);
    if (done.has(slot)) continue;
    done.add(slot);
    const term = u.source(o);
    u.emit(assign(word(lit(slot)), term));
  }
  const name = `routine_${index}`;
  u.use(name, slowRoutines[index]);
  u.locals.add('t');
  u.emit(set('t', call(name, u.addressWord(), lit(Region.Scratch))));
  if (label !== undefined) {
    const target = u.facts.labelIndex.get((label as { n: number }).n)!;
    u.emit(when(bin(id('t'), '===', u.addressWord(target)), u.jumpTo(label)));
  }
  u.emit(when(bin(id('t'), '===', lit(0)), u.leave('the routine raises')));
  for (const o of written) u.set(o, word(lit(slotOf(o))));
  return true;
}
