// Writes src/COVERAGE.md: which instructions and built-in functions there are and which of them Turbeam has, and by which
// programs they are tested. All of it comes from the engine's own tables and from the code of the programs that tests run:
//   npm run coverage                 builds, and writes the file
//   node test/coverage.mjs --check   tells whether the file is as it would be written
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NATIVE_BUILTINS, PRELOADED_CODE } from '../dist/bifs/native-builtins.js';
import { NEWER_BUILTINS, NEWER_PRELOADED_CODE } from '../dist/bifs/newer-builtins.js';
import { findExport } from '../dist/code/functions.js';
import { unload } from '../dist/code/versions.js';
import { emitters } from '../dist/interpret/emitters.js';
import { assembleModule, makeReady } from '../dist/interpret/first-call.js';
import { slowIndexOf } from '../dist/interpret/slow.js';
import { routineAt } from '../dist/jit/emit/routines.js';
import { RAISING, translators } from '../dist/jit/instructions.js';
import { readBeam } from '../dist/load/beam.js';
import { OPCODES } from '../dist/load/opcodes.js';
import { SIGNATURES } from '../dist/load/signatures.js';
import '../dist/runtime.js';
import { atom } from '../dist/terms/atoms.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FILE = join(ROOT, 'src/COVERAGE.md');
/** Programs whose functions tests run and compare with native Erlang: folder, names. */
const PROGRAMS = [
  ['test/fixtures/engine', /./],
  ['test/fixtures/otp25', /_syntax/],
  ['test/fixtures/otp27', /_syntax|^newer/],
  ['test/fixtures/otp29', /_syntax|^newer|^record_/],
  ['examples', /./],
];
/** Instructions that are only there for the compiler or the loader. */
const NO_CODE = new Set([
  'label',
  'line',
  'int_code_end',
  'executable_line',
  'debug_line',
  'on_load',
  'nif_start',
]);
/** At most so many programs are named for an instruction. */
const NAMED = 3;

/** By opcode: programs, and whether the interpreter has a routine for it. */
const uses = new Map();
/** By m:f/a: programs that call it. */
const calls = new Map();

function note(map, key, name) {
  let entry = map.get(key);
  if (entry === undefined) map.set(key, (entry = { programs: new Set(), routine: false, inline: false }));
  if (name !== undefined) entry.programs.add(name);
  return entry;
}

for (const [folder, wanted] of PROGRAMS) {
  for (const file of readdirSync(join(ROOT, folder)).sort()) {
    if (!file.endsWith('.beam') || !wanted.test(file)) continue;
    const release = /otp\d+$/.exec(folder);
    const name = basename(file, '.beam') + (release === null ? '' : ` (${release[0]})`);
    const source = readBeam(readFileSync(join(ROOT, folder, file)), file);
    const m = assembleModule(source);
    // As the compiler wrote them: making them ready puts tests before some instructions.
    for (const { code } of source.functions)
      for (const { op, args } of code) {
        note(uses, op, name);
        const at = SIGNATURES[op].indexOf('i');
        if (at < 0) continue;
        const e = source.imports[args[at].n];
        note(calls, `${e.module}:${e.name}/${e.arity}`, name);
      }
    source.functions.forEach((f, i) => {
      makeReady(m.functions[i]);
      f.code.forEach(({ op }, k) => {
        if (routineAt(m.functions[i], k) >= 0) note(uses, op, name).routine = true;
      });
    });
    unload(m);
  }
}

function interpreted({ number, name }) {
  if (NO_CODE.has(name)) return 'no code';
  if (slowIndexOf(number) >= 0 || uses.get(number)?.routine) return 'routine';
  return emitters[number] !== undefined ? 'instruction' : 'missing';
}

function translated({ number, name }) {
  if (NO_CODE.has(name)) return 'no code';
  const rest = slowIndexOf(number) >= 0 || uses.get(number)?.routine ? ', else routine' : '';
  if (translators[number] !== undefined) return `inline${rest}`;
  if (rest !== '') return 'routine';
  return RAISING[number] !== undefined ? 'leaves (raises)' : 'leaves';
}

function programsOf(entry) {
  const programs = [...(entry?.programs ?? [])];
  if (programs.length === 0) return '—';
  return programs.slice(0, NAMED).join(', ') + (programs.length > NAMED ? ' and others' : '');
}

function instructionTable() {
  const rows = [];
  for (const info of OPCODES.slice(1)) {
    if (SIGNATURES[info.number] === undefined || info.obsolete) continue;
    const since = info.since === 0 ? 'before 24' : `${info.since}`;
    rows.push(
      `| ${info.name}/${info.arity} | ${since} | ${interpreted(info)} | ${translated(info)} | ${programsOf(uses.get(info.number))} |`,
    );
  }
  return rows;
}

const obsolete = OPCODES.slice(1).filter((i) => i.obsolete);
const known = obsolete.filter((i) => SIGNATURES[i.number] !== undefined);

function names(list) {
  return list.length === 0 ? 'none' : list.map((n) => `\`${n}\``).join(' ');
}

/** Modules of ours in Erlang. */
const fallbacks = new Map();
for (const file of readdirSync(join(ROOT, 'src/lib/ebin'), { recursive: true })) {
  if (!file.endsWith('.beam')) continue;
  const source = readBeam(readFileSync(join(ROOT, 'src/lib/ebin', file)), file);
  fallbacks.set(source.name, new Set(source.exports.map((e) => `${e.name}/${e.arity}`)));
}

function stateOf(module, function_) {
  const slash = function_.lastIndexOf('/');
  const e = findExport(atom(module), atom(function_.slice(0, slash)), Number(function_.slice(slash + 1)));
  if (e !== undefined && e.bif >= 0) return 'done';
  return fallbacks.get(module)?.has(function_) ? 'Erlang' : 'missing';
}

function builtins(table) {
  const rows = [];
  const missing = [];
  for (const [module, text] of Object.entries(table)) {
    const all = text.split(' ');
    const by = { done: [], Erlang: [], missing: [] };
    for (const f of all) by[stateOf(module, f)].push(f);
    const called = by.done.filter((f) => calls.has(`${module}:${f}`)).length;
    rows.push(
      `| ${module} | ${all.length} | ${by.done.length} | ${by.Erlang.length} | ${by.missing.length} | ${called} |`,
    );
    if (by.Erlang.length > 0) missing.push(`- **${module}**, in Erlang of our own: ${names(by.Erlang)}`);
    if (by.missing.length > 0) missing.push(`- **${module}**, missing: ${names(by.missing)}`);
  }
  return { rows, missing };
}

function joined(a, b) {
  const both = { ...a };
  for (const [module, text] of Object.entries(b))
    both[module] = module in both ? `${both[module]} ${text}` : text;
  return both;
}

function page() {
  const native = builtins(NATIVE_BUILTINS);
  const preloaded = builtins(PRELOADED_CODE);
  const newer = builtins(joined(NEWER_BUILTINS, NEWER_PRELOADED_CODE));
  const lines = [
    '# What there is',
    '',
    'Written by `npm run coverage` (`test/coverage.mjs`) from the tables of the engine and from the code of the programs that the tests run; a',
    'test says whether it is current. `turbeam check FILE` tells what of a file can not be run.',
    '',
    '## Instructions',
    '',
    'All generic instructions that the compilers of OTP 24 to 29 emit. *Interpreted*: by an instruction of the loop (`src/interpret/loop.ts`), or by a',
    'routine outside of it. *Translated*: to statements of its own, to a call of the routine, or not: the compiled unit then leaves to the',
    'interpreter. *Tested by*: programs with the instruction that the tests run and compare with native Erlang.',
    '',
    '| instruction | since OTP | interpreted | translated | tested by |',
    '|---|---|---|---|---|',
    ...instructionTable(),
    '',
    `Older files may have ${known.map((i) => `${i.name}/${i.arity}`).join(', ')}, which run, too. A file with one of the ${obsolete.length - known.length} other instructions that compilers have not emitted since OTP 24 is refused when it is loaded.`,
    '',
    '## Built-in functions',
    '',
    'The functions of which `erlang:is_builtin/3` is true in OTP 25 (`src/bifs/native-builtins.ts`). *Here*: built in with Turbeam. *In Erlang*: in a module of',
    '`src/lib`, which an installed OTP replaces by its own. *Called*: built in, and called by a program that the tests run; that is not the only way',
    'in which they are tested.',
    '',
    '| module | functions | here | in Erlang | missing | called |',
    '|---|---|---|---|---|---|',
    ...native.rows,
    '',
    ...native.missing,
    '',
    'Functions that are written in Erlang in OTP, but in its emulator from the start, so that they have to be here as well:',
    '',
    '| module | functions | here | in Erlang | missing | called |',
    '|---|---|---|---|---|---|',
    ...preloaded.rows,
    '',
    ...preloaded.missing,
    '',
    'Both kinds of functions that OTP 29 has and OTP 25 has not (`src/bifs/newer-builtins.ts`):',
    '',
    '| module | functions | here | in Erlang | missing | called |',
    '|---|---|---|---|---|---|',
    ...newer.rows,
    '',
    ...newer.missing,
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

const text = page();
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error('src/COVERAGE.md is not current: npm run coverage writes it');
    process.exit(1);
  }
} else writeFileSync(FILE, text);
