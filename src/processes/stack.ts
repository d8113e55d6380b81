// Looking at the stack of a process: what it is doing, who called it, what it would catch (process_info/2).
import { functionAt, locationAt } from '../code/functions.js';
import { continuations, isHibernating } from '../interpret/continuations.js';
import { I } from '../interpret/ops.js';
import { H, Reg } from '../memory/arena.js';
import { am, atom, atomName } from '../terms/atoms.js';
import { list, stringList, tuple } from '../terms/build.js';
import { formatAtom, formatWrite } from '../terms/format.js';
import { Imm, NIL, type Term } from '../terms/tags.js';
import { current } from './current.js';
import type { Process } from './process.js';

/** A process as it was left: the code address it is at, and its stack top. */
export interface Site {
  process: Process;
  pc: number;
  e: number;
}

/** Where a process is that does not run; with a code address, where the running one is. */
export function siteOf(p: Process, pc = -1): Site {
  return p === current && pc >= 0 ? { process: p, pc, e: H[Reg.E] } : { process: p, pc: p.pc, e: p.e };
}

const HIBERNATE: Term[] = [am.erlang, am.hibernate, 3 << 1];

/** {Module, Function, Arity} at a code address; undefined: it is in no function. */
function functionTerm(pc: number): Term | undefined {
  if (isHibernating(pc)) return tuple(...HIBERNATE);
  const bif = continuations.get(pc);
  if (bif !== undefined) return tuple(atom(bif.module), atom(bif.name), bif.arity << 1);
  const f = functionAt(pc);
  return f && tuple(f.module.name, f.name, f.arity << 1);
}

/** The same with the location, as in a stack trace. */
function locatedTerm(pc: number): Term | undefined {
  if (isHibernating(pc)) return tuple(...HIBERNATE, NIL);
  const bif = continuations.get(pc);
  if (bif !== undefined) return tuple(atom(bif.module), atom(bif.name), bif.arity << 1, NIL);
  const f = functionAt(pc);
  if (f === undefined) return undefined;
  const l = locationAt(pc);
  const location =
    l === undefined ? NIL : list([tuple(am.file, stringList(l.file)), tuple(am.line, l.line << 1)]);
  return tuple(f.module.name, f.name, f.arity << 1, location);
}

/** Code addresses of the calls under way, innermost first; those of a recursion once. */
function calls({ process, pc, e }: Site): number[] {
  const all = [pc];
  let previous = 0;
  for (let i = e; i < process.end; i++) {
    if ((H[i] & Imm.Mask) !== Imm.Continuation) continue;
    let to = H[i] >>> 6;
    // Cells that wait for a result stand for one frame or more of the call that makes them.
    if (H[to] === I.FillHole) to = H[to + 2];
    if (to !== previous) all.push(to - 1);
    previous = to;
  }
  return all;
}

/** What process_info calls current_function, and current_location; undefined: it is in no function. */
export function currentFunction(site: Site, located: boolean): Term | undefined {
  const term = located ? locatedTerm : functionTerm;
  // A BIF that was called through its export is none of the program's functions: its caller is.
  for (const pc of calls(site)) {
    const t = term(pc);
    if (t !== undefined) return t;
  }
  return undefined;
}

/** The stack trace of a process, at most so many entries. */
export function stackTrace(site: Site, depth: number): Term {
  const entries: Term[] = [];
  if (isHibernating(site.pc)) return NIL;
  for (const pc of calls(site)) {
    if (entries.length >= depth) break;
    const t = locatedTerm(pc);
    if (t !== undefined) entries.push(t);
  }
  return list(entries);
}

/** How many catches are active. */
export function catchLevel({ process, e }: Site): number {
  let n = 0;
  for (let i = e; i < process.end; i++) if ((H[i] & Imm.Mask) === Imm.Catch) n++;
  return n;
}

const hex = (n: number): string => `0x${n.toString(16).padStart(16, '0')}`;

/** Module, function, and how far behind its entry a code address is. */
function label(pc: number): string {
  const f = functionAt(pc);
  if (f === undefined) return 'terminate process normally';
  const name = `${formatAtom(atomName(f.module.name))}:${formatAtom(atomName(f.name))}/${f.arity}`;
  return `${name} + ${(pc - f.entry) * 4}`;
}

/** The whole stack as text, more or less as OTP writes it. */
export function backtrace({ process, pc, e }: Site): string {
  let text = `Program counter: ${hex(pc * 4)} (${label(pc)})\n`;
  let y = 0;
  for (let i = e; i < process.end; i++) {
    const word = H[i];
    const at = word >>> 6;
    if ((word & Imm.Mask) === Imm.Continuation) {
      const name = functionAt(at) === undefined ? `<${label(at)}>` : label(at);
      text += `\n${hex(i * 4)} Return addr ${hex(at * 4)} (${name})\n`;
      y = 0;
    } else {
      const value =
        (word & Imm.Mask) === Imm.Catch ? `Catch ${hex(at * 4)} (${label(at)})` : formatWrite(word);
      text += `${`y(${y++})`.padEnd(9)}${value}\n`;
    }
  }
  return text;
}
