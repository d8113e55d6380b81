// The translator: everything it makes parses, names only what it is given, and has the shape that it should have.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functions } from '../dist/code/functions.js';
import { sites } from '../dist/interpret/sites.js';
import { records, startTranslator, translateFunction, translateSite } from '../dist/jit/translate.js';
import { loadFile, settings } from '../dist/runtime.js';

settings.jit = 'auto';
settings.checkUnits = true;
startTranslator();

const examples = join(import.meta.dirname, '../examples');
const library = join(import.meta.dirname, '../dist/lib/ebin');
const beams = [examples, library].flatMap((dir) =>
  readdirSync(dir)
    .filter((f) => f.endsWith('.beam'))
    .map((f) => join(dir, f)),
);

/** Loads a module and translates all of it: sources by unit name, as `m:f/a` or `m:f/a+instruction`. */
function translate(path: string): Map<string, string> {
  const firstFunction = functions.length;
  const firstSite = sites.length;
  const firstRecord = records.length;
  loadFile(path);
  for (let i = firstFunction; i < functions.length; i++) translateFunction(i);
  for (let i = firstSite; i < sites.length; i++) translateSite(i);
  return new Map(
    records.slice(firstRecord).map((r) => [r.isEntry ? r.fn.label : `${r.fn.label}+${r.start}`, r.source]),
  );
}

describe('every unit of a module parses and is given what it names', () => {
  test.each(beams)('%s', (path) => {
    expect(translate(path).size).toBeGreaterThan(0);
  });
});

describe('shape', () => {
  const fib = translate(join(examples, 'fib.beam')).get('fib:fib/1')!;
  const calculator = translate(join(examples, 'calculator.beam')).get('calculator:horner/1')!;
  const mandelbrot = translate(join(examples, 'mandelbrot.beam')).get('mandelbrot:escape/5')!;
  const hash = translate(join(examples, 'hash32.beam')).get('hash32:hash/2')!;
  const sieve = translate(join(examples, 'nqueens.beam')).get('nqueens:safe/3')!;

  test('there is no program counter', () => {
    for (const source of [fib, calculator, mandelbrot, hash, sieve])
      expect(source).not.toMatch(/switch \(pc\)/);
  });
  test('a function calls itself directly', () => {
    expect(fib).toContain('self(x0)');
  });
  test('a self tail call is a loop', () => {
    expect(sieve).toContain('continue again');
    expect(sieve).not.toContain('self(');
  });
  test('float arithmetic makes no call per operation', () => {
    const calls = calculator
      .match(/\b[a-zA-Z_]+\w*\(/g)!
      .filter((c) => !/^(function|if|for|interpret_|yieldAt_)/.test(c));
    expect(new Set(calls)).toEqual(new Set(['getFloat64(', 'boxFloat(']));
  });
  test('floats that a loop hands on are not boxed in it', () => {
    const loop = mandelbrot.slice(mandelbrot.indexOf('again:'), mandelbrot.lastIndexOf('continue again'));
    const boxed = loop.split('\n').filter((line) => line.includes('boxFloat') && !line.includes('return'));
    expect(boxed).toEqual([]);
  });
  test('integers of 64 bits that a loop hands on are not boxed in it', () => {
    const loop = hash.slice(hash.indexOf('again:'), hash.indexOf('continue again'));
    expect(loop).toContain('BigInt.asIntN(64');
    expect(loop).not.toContain('slowAdd');
  });
  test('instructions are comments over what they became', () => {
    expect(fib).toContain('// is_lt L');
    expect(fib).toContain('// call 1 fib/1');
  });
});
