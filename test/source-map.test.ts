// Which instruction, and which line of Erlang, each line of generated code comes from.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functions } from '../dist/code/functions.js';
import { sites } from '../dist/interpret/sites.js';
import { instructionText } from '../dist/jit/instruction-text.js';
import { placeOf } from '../dist/jit/places.js';
import { instructionAt } from '../dist/jit/source-map.js';
import {
  records,
  startTranslator,
  translateFunction,
  translateSite,
  type UnitRecord,
} from '../dist/jit/translate.js';
import { loadFile, settings } from '../dist/runtime.js';

settings.jit = 'auto';
settings.mapUnits = true;
startTranslator();

const examples = join(import.meta.dirname, '../examples');

/** All units of a module. */
function translate(path: string): UnitRecord[] {
  const [firstFunction, firstSite, firstRecord] = [functions.length, sites.length, records.length];
  loadFile(path);
  for (let i = firstFunction; i < functions.length; i++) translateFunction(i);
  for (let i = firstSite; i < sites.length; i++) translateSite(i);
  return records.slice(firstRecord);
}

/** Lines of a text as `line of Erlang | text`, those without code left out. */
function withLines(r: UnitRecord): string[] {
  return r.source.split('\n').flatMap((text, line) => {
    const at = instructionAt(r.map!.source, line);
    return at < 0 || text.trim().startsWith('//')
      ? []
      : [`${placeOf(r.fn, at)?.line} | ${text.trim().replace(/\d{6,}/g, 'N')}`];
  });
}

function fibUnit(): UnitRecord {
  const find = () => records.find((r) => r.fn.label === 'fib:fib/1' && r.isEntry);
  return find() ?? (translate(join(examples, 'fib.beam')), find()!);
}

const beams = readdirSync(examples).filter((f) => f.endsWith('.beam'));

describe('each line under the comment that names an instruction comes from that instruction', () => {
  test.each(beams)('%s', (name) => {
    let checked = 0;
    for (const r of translate(join(examples, name))) {
      const { code } = r.fn.module.source.functions[r.fn.index];
      for (const [text, map, shift] of [
        [r.source, r.map!.source, 0],
        [r.program!, r.map!.program, 2],
      ] as const) {
        const lines = text.split('\n');
        for (let n = 2; n < lines.length - 1; n++) {
          const comment = /^\s*\/\/ (?!#)(.*)/.exec(lines[n])?.[1];
          if (comment === undefined) continue;
          const at = instructionAt(map, n + shift);
          expect(instructionText(r.fn.module.source, code[at])).toBe(comment);
          // Where several share their code, it is the first one's.
          if (!/^\s*\/\//.test(lines[n - 1]) && !/^\s*\/\//.test(lines[n + 1]))
            expect(instructionAt(map, n + shift + 1)).toBe(at);
          checked++;
        }
      }
    }
    expect(checked).toBeGreaterThan(10);
  });
});

test('lines of Erlang: those that the file tells, and their neighbours', () => {
  const fib = fibUnit();
  expect(withLines(fib)).toMatchInlineSnapshot(`
    [
      "11 | "fib:fib/1": function (x0) {",
      "11 | let r = 0, s = 0, x1 = 0, y0 = 5;",
      "11 | if ((H[1026] = H[1026] - 176 | 0) < 0) return yieldAt_1(N, x0);",
      "11 | if (!((x0 & 1) === 0 ? x0 < 4 : compare(x0, 4) < 0)) {",
      "12 | if ((x0 & 1) === 0 && x0 >= -N) x1 = x0 + -2 | 0; else {",
      "12 | s = slowAdd(x0, -2);",
      "12 | if (s === 7) return interpret_1_0(N, x0);",
      "12 | x1 = s;",
      "12 | }",
      "12 | y0 = x0;",
      "12 | x0 = x1;",
      "12 | x0 = self(x0);",
      "12 | if (x0 === 7) return capture_1(N, y0);",
      "12 | if ((y0 & 1) === 0 && y0 >= -N) x1 = y0 + -4 | 0; else {",
      "12 | s = slowAdd(y0, -4);",
      "12 | if (s === 7) return interpret_1_1(N, x0, y0);",
      "12 | x1 = s;",
      "12 | }",
      "12 | y0 = x0;",
      "12 | x0 = x1;",
      "12 | x0 = self(x0);",
      "12 | if (x0 === 7) return capture_1(N, y0);",
      "12 | r = y0 + x0 | 0;",
      "12 | if (((y0 | x0) & 1) === 0 && ((y0 ^ r) & (x0 ^ r)) >= 0) x0 = r; else {",
      "12 | s = slowAdd(y0, x0);",
      "12 | if (s === 7) return interpret_1_1(N, x0, y0);",
      "12 | x0 = s;",
      "12 | }",
      "12 | return x0;",
      "11 | }",
      "11 | return x0;",
      "11 | }",
      "11 | })["fib:fib/1"];",
    ]
  `);
});

test('a closing brace belongs to what it closes, an edge inside a line to the instruction behind it', () => {
  const fib = fibUnit();
  const lines = fib.source.split('\n');
  const { code } = fib.fn.module.source.functions[fib.fn.index];
  const nameAt = (line: number, column?: number) =>
    instructionText(fib.fn.module.source, code[instructionAt(fib.map!.source, line, column)]);
  const subtract = lines.findIndex((l) => l.includes('gc_bif2 - 1'));
  const brace = lines.findIndex((l, n) => n > subtract && l.trim() === '}');
  expect(nameAt(brace)).toMatch(/^gc_bif2/);
  const test = lines.findIndex((l) => l.includes('if (!((x0'));
  expect(nameAt(test, 8)).toMatch(/^is_lt/);
  expect(instructionAt(fib.map!.source, 0)).toBe(-1);
  expect(instructionAt(fib.map!.source, lines.length + 5)).toBe(-1);
});

test('lines of the program are counted as V8 counts them', () => {
  // What is evaluated gets a function head of two lines, which the map knows of.
  const where = new Function('a', 'return new Error().stack')() as string;
  expect(/<anonymous>:(\d+):/.exec(where)?.[1]).toBe('3');
  const [r] = translate(join(examples, 'nrev.beam')).filter((u) => u.program === u.source);
  const { source, program } = r.map!;
  for (let n = 0; n < r.source.split('\n').length; n++)
    expect(instructionAt(program, n + 2)).toBe(instructionAt(source, n));
});

test('nothing is kept when nobody asks', () => {
  settings.mapUnits = false;
  for (const r of translate(join(examples, 'tak.beam'))) {
    expect(r.map).toBeUndefined();
    expect(r.program).toBeUndefined();
  }
  settings.mapUnits = true;
});
