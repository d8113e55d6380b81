// Erlang source from the debug info of a `.beam` file: what is printed is what was written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DebugInfo, readDebugInfo } from '../dist/explore/source-text/debug-info.js';
import { Tuple, type Value } from '../dist/explore/source-text/external-term.js';
import { rebuildTexts } from '../dist/explore/source-text/rebuild.js';
import { readChunks } from '../dist/load/iff.js';
import { command, hasErlang, ROOT } from './support/turbeam.js';

const FOLDER = join(ROOT, 'test/fixtures/source-text');
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-source-text-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const chunksOf = (path: string): Map<string, Uint8Array> => readChunks(readFileSync(path), path);

function textsOf(info: DebugInfo): { path: string; text: string }[] {
  if ('none' in info) throw new Error(info.none);
  return rebuildTexts(info.forms);
}

const t = (...items: Value[]): Tuple => new Tuple(items);
const text = (...forms: Value[]): string => rebuildTexts(forms)[0]?.text ?? '';
/** The text of an expression, in a function of one line. */
const expression = (node: Value): string =>
  /^f\(\) -> (.*)\.$/s.exec(text(t('function', 1, 'f', 0, [t('clause', 1, [], [], [node])])))?.[1] ?? '';
const codes = (s: string): Value[] => [...s].map((c) => c.codePointAt(0)!);

describe('modules that are written as texts are printed', () => {
  it.each(['written', 'written27', 'written29'])('%s', (name) => {
    const [main] = textsOf(readDebugInfo(chunksOf(join(FOLDER, `${name}.beam`))));
    const written = readFileSync(join(FOLDER, `${name}.erl`), 'utf8');
    // What stands behind -file is of another file.
    expect(`${main!.text}\n`).toBe(written.replace(/\n-file.*$/s, ''));
    expect(main!.path).toBe(`${name}.erl`);
  });

  it('each file by itself, on its own lines', () => {
    const texts = textsOf(readDebugInfo(chunksOf(join(FOLDER, 'written.beam'))));
    expect(texts.map((x) => x.path)).toEqual(['written.erl', 'generated.yrl']);
    expect(texts[1]!.text.split('\n').slice(7)).toEqual([
      'generated() -> {made, also_generated()}.',
      'also_generated() ->',
      '    twice,',
      '    made.',
    ]);
  });
});

describe('forms on lines', () => {
  const fun = (name: string, line: number, body = line): Value =>
    t('function', line, name, 0, [t('clause', line, [], [], [t('atom', body, 'ok')])]);

  it('without lines: each clause and expression gets one', () => {
    const clause = (n: number) =>
      t(
        'clause',
        0,
        [t('integer', 0, n)],
        [],
        [
          t('atom', 0, 'a'),
          t('case', 0, t('var', 0, 'X'), [t('clause', 0, [t('var', 0, '_')], [], [t('atom', 0, 'b')])]),
        ],
      );
    expect(text(t('function', 0, 'f', 1, [clause(1), clause(2)]))).toBe(
      '\nf(1) ->\n    a,\n    case X of\n        _ ->\n            b\n    end;\nf(2) ->\n    a,\n    case X of\n        _ ->\n            b\n    end.',
    );
  });

  it('lines that are taken, or come too late, or can not be', () => {
    expect(text(fun('a', 1), fun('b', 1))).toBe('a() -> ok. b() -> ok.');
    expect(text(fun('a', 1, 4), fun('b', 2))).toBe('a() ->\n\n\n    ok.\n\nb() ->\n    ok.');
    expect(text(fun('b', 2), fun('a', 1))).toBe('a() -> ok.\nb() -> ok.');
    expect(text(fun('a', 1), fun('b', 2 ** 30))).toBe('a() -> ok.\n\nb() ->\n    ok.');
    expect(text(fun('a', -1), fun('b', 3))).toBe('\n\nb() -> ok.\n\na() ->\n    ok.');
  });

  it('annotations of all kinds', () => {
    const at = (annotation: Value): string => text(t('attribute', annotation, 'x', 1));
    expect(at(2)).toBe('\n-x(1).');
    expect(at(t(2, 3))).toBe('\n -x(1).');
    expect(at([t('generated', 'true'), t('location', t(2, 2))])).toBe('\n-x(1).');
    expect(at([t('location', 2), t('file', codes('x'))])).toBe('\n-x(1).');
    expect(at('odd')).toBe('\n-x(1).');
  });

  it('tabs, of which a column does not tell', () => {
    const body = (line: number, column: number) => t('atom', t(line, column), 'ok');
    const choice = t('case', t(3, 5), t('atom', t(3, 10), 'x'), [
      t('clause', t(4, 2), [t('atom', t(4, 2), 'y')], [], [body(5, 6)]),
    ]);
    const clause = t('clause', t(1, 1), [], [], [body(2, 5), choice]);
    expect(text(t('function', t(1, 1), 'f', 0, [clause]))).toBe(
      'f() ->\n    ok,\n    case x of\n        y ->\n            ok\n    end.',
    );
  });
});

describe('what sources do not have, but forms may', () => {
  it.each<[string, Value, string]>([
    ['negative numbers', t('op', 1, '-', t('integer', 1, -1), t('integer', 1, -2)), '-1 - -2'],
    ['signs in a row', t('op', 1, '-', t('integer', 1, -1)), '- -1'],
    ['a remote function of OTP 14', t('fun', 1, t('function', 'm', 'f', 1)), 'fun m:f/1'],
    ['reserved words', t('atom', 1, 'maybe'), "'maybe'"],
    ['characters that turn text around', t('string', 1, codes('a\u202eb')), '"a\\x{202E}b"'],
    ['a character that can not be seen', t('char', 1, 0xa0), '$\\x{A0}'],
    [
      'a binary of a binary',
      t('bin', 1, [t('bin_element', 1, t('bin', 1, []), 'default', 'default')]),
      '<< <<>>>>',
    ],
  ])('%s', (_, node, expected) => {
    expect(expression(node)).toBe(expected);
  });

  it('what is not known becomes a comment, and the rest is there', () => {
    const odd = t('function', 3, 'g', 0, [t('clause', 3, [], [], [t('quantum', 3, 1)])]);
    const good = t('attribute', 4, 'vsn', codes('1'));
    expect(text(odd, good)).toBe(
      '\n\n%% No text can be made of function g: {quantum, ...} is not known.\n-vsn("1").',
    );
    for (const form of [
      1,
      'x',
      [],
      t(),
      t('attribute'),
      t('function', 1, 'f', 0, 'x'),
      t('attribute', 1, 'record', 1),
    ])
      expect(text(form)).toMatch(/^%% No text can be made of [^\n]*\.$/m);
  });

  it('nested deeper than the stack, and wider', () => {
    let deep: Value = t('atom', 1, 'a');
    for (let i = 0; i < 200_000; i++) deep = t('tuple', 1, [deep]);
    expect(text(t('function', 1, 'f', 0, [t('clause', 1, [], [], [deep])]))).toBe(
      '%% No text can be made of function f: it is nested too deeply.',
    );
    let long: Value = t('nil', 1);
    for (let i = 0; i < 200_000; i++) long = t('cons', 1, t('integer', 1, 1), long);
    expect(expression(long).length).toBe(600_000);
  });
});

describe('debug info that is none', () => {
  const dbgi = (...bytes: number[]): DebugInfo => readDebugInfo(new Map([['Dbgi', Uint8Array.from(bytes)]]));
  const atom = (name: string): number[] => [119, name.length, ...Buffer.from(name)];

  it.each<[string, DebugInfo, RegExp]>([
    ['no chunk', readDebugInfo(new Map()), /^has no debug info/],
    ['not compiled in', readDebugInfo(chunksOf(join(ROOT, 'examples/fib.beam'))), /^has no debug info/],
    ['Elixir', readDebugInfo(chunksOf(join(ROOT, 'examples/elixir/Elixir.Words.beam'))), /Elixir/],
    ['encrypted', dbgi(0, 8, 100, 101, 115, 51), /encrypted/],
    ['empty', dbgi(), /no debug info/],
    ['no term', dbgi(1, 2, 3), /damaged: it does not begin with 131/],
    ['cut off', dbgi(131, 104, 3, 119), /damaged: it is cut off/],
    ['compressed, and cut off', dbgi(131, 80, 0), /damaged: it is cut off/],
    ['no zlib', dbgi(131, 80, 0, 0, 0, 9, 1, 2, 3), /damaged: it can not be unpacked/],
    ['too large', dbgi(131, 80, 255, 0, 0, 9, 1, 2, 3), /damaged: it says/],
    [
      'another version',
      dbgi(131, 104, 3, ...atom('v2'), ...atom('x'), ...atom('y')),
      /version that is not known/,
    ],
    [
      'another backend',
      dbgi(131, 104, 3, ...atom('debug_info_v1'), ...atom('lang'), 106),
      /only lang understands/,
    ],
    [
      'old, none',
      readDebugInfo(new Map([['Abst', Uint8Array.of(131, ...atom('no_abstract_code'))]])),
      /no debug info/,
    ],
  ])('%s', (_, info, why) => {
    expect('none' in info ? info.none : '').toMatch(why);
    expect('none' in info ? info.none : '\n').not.toContain('\n');
  });

  it('damaged at any place: text or one line, quickly', () => {
    const chunks = chunksOf(join(FOLDER, 'written.beam'));
    const info = readDebugInfo(chunks);
    // The chunk is compressed: damage does harm in what it unpacks to, too.
    const { inflateSync } = process.getBuiltinModule('node:zlib');
    const whole = Buffer.concat([Buffer.of(131), inflateSync(chunks.get('Dbgi')!.subarray(6))]);
    expect(textsOf(readDebugInfo(new Map([['Dbgi', whole]])))).toEqual(textsOf(info));
    let seed = 1;
    const random = (n: number): number => (seed = (seed * 48_271) % 0x7fffffff) % n;
    for (let i = 0; i < 300; i++) {
      const damaged = Buffer.from(whole.subarray(0, i % 3 === 0 ? random(whole.length) : whole.length));
      for (let n = 0; n < 1 + (i % 4); n++)
        if (damaged.length > 0) damaged[random(damaged.length)] = random(256);
      const read = readDebugInfo(new Map([['Dbgi', damaged]]));
      if ('none' in read) expect(read.none).toMatch(/^has [^\n]+$/);
      else expect(rebuildTexts(read.forms).length).toBeGreaterThan(0);
    }
  });
});

describe.skipIf(!hasErlang)('native Erlang parses the text to the forms that it was made of', () => {
  /** Compares; the paths of files that are not as they should be, with what differs. */
  async function differences(files: string[]): Promise<string[]> {
    const pairs = files.map((file, i) => {
      const path = join(scratch, `${i}-${basename(file)}.txt`);
      writeFileSync(path, `${textsOf(readDebugInfo(chunksOf(file)))[0]!.text}\n`);
      return `${file}=${path}`;
    });
    const { stdout, stderr } = await command('escript', [join(FOLDER, 'compare.escript'), ...pairs]);
    expect(stderr).toBe('');
    return stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line !== 'ok');
  }

  it('our own sources', async () => {
    const sources = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.erl'));
    const { code, stderr } = await command('erlc', [
      '+debug_info',
      '-o',
      scratch,
      ...sources.map((name) => join(ROOT, 'examples', name)),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const files = sources.map((name) => join(scratch, name.replace(/\.erl$/, '.beam')));
    expect(await differences([join(FOLDER, 'written.beam'), ...files])).toEqual([]);
  });
});
