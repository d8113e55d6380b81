// Which instruction, and which line of Erlang, each line of generated code comes from.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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
  const m = loadFile(path);
  for (const f of m.functions) translateFunction(f.id);
  for (const site of m.sites) translateSite(site);
  return records.filter((r) => r.fn.module === m);
}

/** Lines of a text as `line of Erlang | text`, those without code left out. */
function withLines(r: UnitRecord): string[] {
  return r.source.split('\n').flatMap((text, line) => {
    const at = instructionAt(r.map!.source, line);
    return at < 0 || text.trim().startsWith('//') ? [] : [`${placeOf(r.fn, at)?.line} | ${text.trim()}`];
  });
}

function fibUnit(): UnitRecord {
  const find = () => records.find((r) => r.fn.label === 'fib:fib/1' && r.isEntry);
  if (find() === undefined) translate(join(examples, 'fib.beam'));
  return find()!;
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
      "11 | if ((H[Reds] = H[Reds] - 176 | 0) < 0) return yieldAt_1(at_3, x0);",
      "11 | if (!((x0 & 1) === 0 ? x0 < 4 : compare(x0, 4) < 0)) {",
      "12 | if ((x0 & 1) === 0 && x0 >= -2147483646) x1 = x0 + -2 | 0; else {",
      "12 | s = slowAdd(x0, -2);",
      "12 | if (s === 7) return interpret_1_0(at_8, x0);",
      "12 | x1 = s;",
      "12 | }",
      "12 | y0 = x0;",
      "12 | x0 = x1;",
      "12 | x0 = self(x0);",
      "12 | if (x0 === 7) return capture_1(return_13, y0);",
      "12 | if ((y0 & 1) === 0 && y0 >= -2147483644) x1 = y0 + -4 | 0; else {",
      "12 | s = slowAdd(y0, -4);",
      "12 | if (s === 7) return interpret_1_1(at_13, x0, y0);",
      "12 | x1 = s;",
      "12 | }",
      "12 | y0 = x0;",
      "12 | x0 = x1;",
      "12 | x0 = self(x0);",
      "12 | if (x0 === 7) return capture_1(return_17, y0);",
      "12 | r = y0 + x0 | 0;",
      "12 | if (((y0 | x0) & 1) === 0 && ((y0 ^ r) & (x0 ^ r)) >= 0) x0 = r; else {",
      "12 | s = slowAdd(y0, x0);",
      "12 | if (s === 7) return interpret_1_1(at_17, x0, y0);",
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
  const [r] = translate(join(examples, 'nrev.beam')).filter((u) => !u.program!.includes('const twin'));
  const { source, program } = r.map!;
  for (let n = 0; n < r.source.split('\n').length; n++)
    expect(instructionAt(program, n + 2)).toBe(instructionAt(source, n));
});

test('what is evaluated is the same, whether somebody is going to look or not', () => {
  // Loaded twice, so that addresses and numbers of lambdas differ.
  const programs = (mapUnits: boolean, name: string): Map<string, string> => {
    settings.mapUnits = mapUnits;
    const units = translate(join(examples, name)).filter((r) => r.givens.size === 0);
    settings.mapUnits = true;
    const normal = (text: string) => text.replace(/(?<![\w.])\d{5,}/g, 'N');
    return new Map(units.map((r) => [`${r.fn.label}+${r.start}`, normal(r.program ?? r.source)]));
  };
  let compared = 0;
  for (const name of beams) {
    const [plain, mapped] = [programs(false, name), programs(true, name)];
    expect([...mapped.keys()]).toEqual([...plain.keys()]);
    for (const [unit, text] of plain) {
      // Of units that call themselves only the text for readers is kept otherwise: it is one of the two copies.
      const program = mapped.get(unit)!.replace(/const self = .*\nconst twin = /s, 'const self = ');
      expect(program).toBe(text);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(400);
});

test('nothing is kept when nobody asks', () => {
  settings.mapUnits = false;
  for (const r of translate(join(examples, 'tak.beam'))) {
    expect(r.map).toBeUndefined();
    expect(r.program).toBeUndefined();
  }
  settings.mapUnits = true;
});
