// Dumps: what they say of units, that they are the same in each run, and their source maps.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from '@jridgewell/sourcemap-codec';
import { parse } from 'acorn';
import { afterAll, describe, expect, it } from 'vitest';
import { command, ROOT, turbeam } from './support/turbeam.js';

const scratch = mkdtempSync(join(tmpdir(), 'turbeam-dump-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const examples = readdirSync(join(ROOT, 'examples'))
  .filter((f) => f.endsWith('.erl'))
  .map((f) => f.slice(0, -4))
  .filter((m) => /^small\(\)/m.test(readFileSync(join(ROOT, `examples/${m}.erl`), 'utf8')));

/** All files of a directory, by name. */
function filesOf(directory: string): Map<string, string> {
  return new Map(readdirSync(directory).map((f) => [f, readFileSync(join(directory, f), 'utf8')]));
}

describe('two runs of all examples', () => {
  it.each(['auto', 'eager'])('%s: the same files, byte for byte, whatever was loaded first', async (jit) => {
    const [one, other] = ['one', 'other'].map((name) => join(scratch, `${jit}-${name}`));
    const runner = 'test/support/dump-runner.mjs';
    await Promise.all([
      command('node', [runner, one, jit, ...examples]),
      command('node', [runner, other, jit, ...examples.toReversed()]),
    ]);
    const files = filesOf(one);
    expect(files.size).toBeGreaterThan(200);
    expect([...filesOf(other)]).toEqual([...files]);
    for (const [name, text] of files) {
      if (!name.endsWith('.js')) continue;
      parse(`(function () {${text}})`, { ecmaVersion: 2022 });
      expect(files.has(`${name}.map`)).toBe(true);
    }
  });
});

describe('what is said of a unit', () => {
  const dump = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await turbeam(['run', ...args]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const unit = (text: string, name: string): string =>
    text.split(/^(?=\/\/ \S+:)/m).find((u) => u.startsWith(`// ${name} `) || u.startsWith(`// ${name}\n`))!;

  it('why it was made', async () => {
    const text = await dump('examples/tak.beam', '--call', 'tak:run(2)', '--dump-js');
    expect(unit(text, 'tak:tak/3').split('\n')[1]).toBe('// hot after 400 times: call');
    const eager = await dump('examples/tak.beam', '--call', 'tak:run(1)', '--dump-js', '--jit=eager');
    expect(unit(eager, 'tak:run/1').split('\n')[1]).toBe('// eager, at the first: call');
    const asked = await dump('examples/tak.beam', '--dump-js=tak:small/0');
    expect(asked.split('\n')[1]).toMatch(/^\/\/ translated to be shown/);
  });

  it('of one that begins inside a function: which call returns there', async () => {
    const text = await dump(
      'examples/ackermann.beam',
      '--call',
      'ackermann:run(5)',
      '--dump-js',
      '--jit-threshold=20',
    );
    const resumed = text.split('\n').filter((l) => / times: return from /.test(l));
    expect(resumed.length).toBeGreaterThan(0);
    expect(resumed[0]).toMatch(/^\/\/ hot after 20 times: return from call 2 ack\/2$/);
  });

  it('a version for funs: whose', async () => {
    const text = await dump(
      'examples/closures.beam',
      '--call',
      'closures:run(3)',
      '--dump-js',
      '--jit=eager',
    );
    const versions = text.split('\n').filter((l) => l.startsWith('// a version for the funs that '));
    expect(versions.length).toBeGreaterThan(0);
    expect(versions).toContain('// a version for the funs that closures:repeat/3 calls it with');
  });

  it('what it calls and how, where it is left and why, what its constants are', async () => {
    const text = await dump('examples/calculator.beam', '--dump-js=calculator:main/1');
    expect(text).toMatch(/^\/\/ calls: .*calculator:eval\/1 \(through its function\)/m);
    expect(text).toMatch(/io:format\/2 \(BIF\)|io:format\/2 \(through its export\)/);
    expect(text).toMatch(/^\/\/ constants: .*literal_0 is "/m);
    expect(text).toMatch(/catch_\d+/);
    const fib = await dump('examples/fib.beam', '--dump-js=fib:fib/1');
    expect(fib).toContain(`
// leaves to the interpreter:
//   8 gc_bif2 - 1 erlang:-/2 x0 1 x1: - fails
//   13 gc_bif2 - 1 erlang:-/2 y0 2 x1: - fails
//   17 gc_bif2 - 1 erlang:+/2 y0 x0 x0: + fails
// stops for: reductions are used up (at 3)
`);
    const server = await dump('examples/pingpong.beam', '--dump-js=pingpong');
    expect(server).toMatch(/^\/\/ stops for: .*no message matches \(at \d+/m);
    expect(server).toMatch(/^\/\/ stops for: .*the heap is full \(at \d+/m);
  });

  it('why there is none of a function', async () => {
    const { stdout: off } = await turbeam([
      ...['run', 'examples/fib.beam', '--jit=off', '--call', 'fib:run(3)', '--dump-js=fib:run/1'],
    ]);
    expect(off).toContain('// fib:run/1 is left to the interpreter: with --jit=off nothing is translated.\n');
    const { stdout: lists } = await turbeam(['run', 'dist/lib/ebin/lists.beam', '--dump-js=lists:reverse/2']);
    expect(lists).toBe(
      '// lists:reverse/2 is built into Turbeam, which does not run the code in the file.\n\n',
    );
  });

  it('--stats tells what each took, beside the dump', async () => {
    const args = ['run', 'examples/tak.beam', '--call', 'tak:run(2)', '--dump-js', '--stats'];
    const { stdout, stderr } = await turbeam(args);
    expect(stderr).toMatch(/^ +\d+\.\d\d ms {2}tak:tak\/3$/m);
    expect(stdout).not.toMatch(/\d ms/);
  });
});

it('names from the file stay in comments, and in the directory', async () => {
  const listing = join(scratch, 'odd.S');
  const name = String.raw`'../x\n}); process.exit(9); /*\x{2028} %2F*/'`;
  writeFileSync(
    listing,
    `{module,odd}. {exports,[{run,1}]}. {attributes,[]}. {labels,8}.
     {function,run,1,2}. {label,1}. {func_info,{atom,odd},{atom,run},1}. {label,2}.
     {allocate,0,1}. {call,1,{f,4}}. {call_ext,1,{extfunc,${name},${name},1}}. {deallocate,0}. return.
     {function,${name},1,4}. {label,3}. {func_info,{atom,odd},{atom,${name}},1}. {label,4}.
     {test,is_eq_exact,{f,3},[{x,0},{atom,${name}}]}. {move,{literal,{${name},"}"}},{x,0}}. return.`,
  );
  const directory = join(scratch, 'odd');
  const { code, stderr } = await turbeam(['run', listing, '--dump-js=odd', `--dump-dir=${directory}`]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const files = filesOf(directory);
  const units = [...files].filter(([file]) => file.endsWith('.js'));
  expect(units.length).toBe(2);
  for (const [file, text] of units) {
    const program = parse(`(function () {${text}})`, { ecmaVersion: 2022 });
    expect(program.body.length).toBe(1);
    // The name of the function is a string in it, and the file's name is one address.
    expect(text.split(/[\n\u2028]/).filter((l) => l.trimStart().startsWith('}); process'))).toEqual([]);
    const map = /^\/\/# sourceMappingURL=(.*)$/m.exec(text)![1]!;
    expect(decodeURIComponent(map)).toBe(`${file}.map`);
  }
  const page = join(scratch, 'odd.html');
  expect((await turbeam(['explore', listing, '-o', page])).code).toBe(0);
});

describe('source maps', () => {
  interface SourceMap {
    version: number;
    file: string;
    sources: string[];
    mappings: string;
  }
  const mapOf = (directory: string, unit: string): SourceMap =>
    JSON.parse(readFileSync(join(directory, `${unit}.js.map`), 'utf8'));

  it('lead to lines of the Erlang source, which lies beside them', async () => {
    const directory = join(scratch, 'fib');
    await turbeam(['run', 'examples/fib.beam', '--dump-js=fib:fib/1', `--dump-dir=${directory}`]);
    expect(readdirSync(directory).sort()).toEqual([
      'fib.erl',
      'fib.fib-1.js',
      'fib.fib-1.js.map',
      'index.txt',
    ]);
    const js = readFileSync(join(directory, 'fib.fib-1.js'), 'utf8').split('\n');
    const erl = readFileSync(join(directory, 'fib.erl'), 'utf8').split('\n');
    expect(js.at(-2)).toBe('//# sourceMappingURL=fib.fib-1.js.map');
    const { version, file, sources, mappings } = mapOf(directory, 'fib.fib-1');
    expect({ version, file, sources }).toEqual({ version: 3, file: 'fib.fib-1.js', sources: ['fib.erl'] });
    const lines = decode(mappings);
    const erlangOf = (part: string): string[] => {
      const n = js.findIndex((l) => l.includes(part));
      return lines[n].map(([, , line]) => (line === undefined ? '' : erl[line].trim()));
    };
    expect(erlangOf('"fib:fib/1": function')).toEqual(['fib(N) when N < 2 -> N;']);
    expect(erlangOf('x0 = self(x0)')[0]).toBe('fib(N) -> fib(N - 1) + fib(N - 2).');
    // Comments that tell of the unit as a whole come from no line.
    for (const n of js.keys())
      if (/^\/\//.test(js[n])) expect((lines[n] ?? []).flat().length).toBeLessThan(2);
  });

  it('a dump takes the place of an earlier one, and of nothing else', async () => {
    const directory = join(scratch, 'again');
    await turbeam(['run', 'examples/fib.beam', '--dump-js=fib', `--dump-dir=${directory}`]);
    expect(readdirSync(directory).length).toBeGreaterThan(10);
    writeFileSync(join(directory, 'mine.js'), '');
    await turbeam(['run', 'examples/tak.beam', '--dump-js=tak:tak/3', `--dump-dir=${directory}`]);
    expect(readdirSync(directory).sort()).toEqual([
      'index.txt',
      'mine.js',
      'tak.erl',
      'tak.tak-3.js',
      'tak.tak-3.js.map',
    ]);
  });

  it('lead to what debug info says of a source that is not found', async () => {
    const file = join(scratch, 'written.beam');
    copyFileSync('test/fixtures/source-text/written.beam', file);
    const directory = join(scratch, 'rebuilt');
    await turbeam(['run', file, '--dump-js=written', `--dump-dir=${directory}`]);
    const erl = readFileSync(join(directory, 'written.erl'), 'utf8').split('\n');
    expect(erl[0]).toBe('-module(written).');
    expect(erl).toContain('maps(#{a := A, {b, 1} := B} = M) ->');
    const map = JSON.parse(readFileSync(join(directory, 'written.maps-1.js.map'), 'utf8'));
    expect(map.sources).toEqual(['written.erl']);
  });

  it('lead to a listing where the file has no lines', async () => {
    const directory = join(scratch, 'primer');
    await turbeam(['run', 'examples/primer.S', '--dump-js=primer', `--dump-dir=${directory}`]);
    const { sources, mappings } = mapOf(directory, 'primer.sum_tail-2');
    expect(sources).toEqual(['primer.listing']);
    const listing = readFileSync(join(directory, 'primer.listing'), 'utf8').split('\n');
    const js = readFileSync(join(directory, 'primer.sum_tail-2.js'), 'utf8').split('\n');
    const n = js.findIndex((l) => l.includes('// get_list x0 x2 x0'));
    expect(decode(mappings)[n + 1].map(([, , line]) => listing[line!].trim())).toEqual(['get_list x0 x2 x0']);
  });
});
