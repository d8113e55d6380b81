// A unit as people read it: its source, with what is known of it in comments behind the first line. Nothing in it
// changes from run to run.
import { instructionText } from './instruction-text.js';
import { oneLine } from './print.js';
import { causeText, type Exit, type UnitRecord } from './record.js';

export interface UnitText {
  text: string;
  /** The line of `text` that line n of the unit's source has become is n + shift, for n >= 2. */
  shift: number;
}

/** Lines of a unit's source that come before its code: 'use strict' and a comment with its name. */
const HEAD = 2;

/** The text of a unit. Needs settings.mapUnits for all it has to say. */
export function unitText(r: UnitRecord): UnitText {
  const lines = r.source.trimEnd().split('\n');
  if (lines[lines.length - 1].startsWith('//# sourceURL=')) lines.pop();
  const facts = unitFacts(r).map(oneLine);
  const text = [lines[1], ...facts, ...lines.slice(HEAD)].join('\n');
  return { text: `${text}\n`, shift: facts.length - 1 };
}

/** What is said of a unit, as comment lines. */
function unitFacts(r: UnitRecord): string[] {
  const callees = calleesOf(r);
  const given = r.uses.filter((name) => !r.callees.has(name));
  return [
    `// ${causeText(r)}`,
    ...wrap('// stubs inlined: ', r.inlined),
    ...wrap('// shared code used: ', given),
    ...wrap('// calls: ', callees),
    ...leavesOf(r),
    ...wrap('// stops for: ', stopsOf(r)),
    ...wrap('// constants: ', constantsOf(r)),
  ];
}

/** A name as a word of the source, so that what was only tried is not told of. */
function isIn(source: string, name: string): boolean {
  for (let at = source.indexOf(name); at >= 0; at = source.indexOf(name, at + 1))
    if (!/[\w$]/.test(source[at - 1] ?? ' ') && !/[\w$]/.test(source[at + name.length] ?? ' ')) return true;
  return false;
}

const CALL_KINDS: Record<string, string> = {
  itself: 'itself',
  direct: 'directly',
  function: 'through its function',
  export: 'through its export',
  version: 'a version of it',
  BIF: 'BIF',
};

/** What a unit calls, and how. */
export function calleesOf(r: UnitRecord): string[] {
  const code = r.source.slice(r.source.indexOf('\n', r.source.indexOf('\n') + 1));
  const texts = [...r.callees]
    .filter(([name]) => isIn(code, name))
    .map(([, { label, kind }]) => `${label} (${CALL_KINDS[kind]})`);
  return [...new Set(texts)].sort();
}

/** Where a unit can be left, each once, in the order of the code. */
export function exitsOf(r: UnitRecord): Exit[] {
  const seen = new Map<string, Exit>();
  for (const e of r.exits) seen.set(`${e.instruction} ${e.kind} ${e.reason}`, e);
  return [...seen.values()].sort((a, b) => a.instruction - b.instruction);
}

function leavesOf(r: UnitRecord): string[] {
  const { source } = r.fn.module;
  const { code } = source.functions[r.fn.index];
  const leaves = exitsOf(r).filter(({ kind }) => kind === 'interpret');
  if (leaves.length === 0) return [];
  return [
    '// leaves to the interpreter:',
    ...leaves.map(
      ({ instruction, reason }) =>
        `//   ${instruction} ${instructionText(source, code[instruction])}: ${reason}`,
    ),
  ];
}

const STOPS = {
  yield: 'reductions are used up',
  collect: 'the heap is full',
  wait: 'no message matches',
} as const;

function stopsOf(r: UnitRecord): string[] {
  const exits = exitsOf(r);
  return (Object.keys(STOPS) as (keyof typeof STOPS)[]).flatMap((kind) => {
    const places = exits.filter((e) => e.kind === kind).map((e) => e.instruction);
    return places.length === 0 ? [] : [`${STOPS[kind]} (at ${places.join(', ')})`];
  });
}

/** Named constants that do not say themselves what they are. */
function constantsOf(r: UnitRecord): string[] {
  return [...r.constants]
    .filter(([name, meaning]) => !/^(at|return|catch)_\d/.test(name) && name !== `atom_${meaning}`)
    .filter(([name]) => isIn(r.source, name))
    .map(([name, meaning]) => `${name} is ${meaning}`);
}

/** A comment that names things, in lines of at most 110 characters; none if there is nothing to name. */
function wrap(head: string, names: string[]): string[] {
  if (names.length === 0) return [];
  const lines: string[] = [];
  let line = head;
  names.forEach((name, i) => {
    const item = i < names.length - 1 ? `${name}, ` : name;
    if (line.length + item.length > 110 && line.length > 5) {
      lines.push(line.trimEnd());
      line = '//   ';
    }
    line += item;
  });
  return [...lines, line];
}
