// The example programs: native Erlang's values in every mode of the engine, and through their driver.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { golden } from './support/terms.js';
import { command, hasGoldenErlang, turbeam } from './support/turbeam.js';

const programs = golden<{ program: string; size: number; value: string }>('programs.jsonl');

const MODES: string[][] = [
  ['--jit=off'],
  ['--jit=auto'],
  ['--jit=eager'],
  ['--stress=gc'],
  ['--stress=unwind'],
  ['--stress=gc,unwind'],
  ['--stress=gc,unwind', '--jit=eager'],
  ['--stress=gc', '--jit=off'],
];

describe.each(MODES.map((m) => [m.join(' '), m] as const))('%s', (_, mode) => {
  it.concurrent.each(programs)('$program:run($size)', async ({ program, size, value }) => {
    const args = ['run', ...mode, `examples/${program}.beam`, '--call', `${program}:run(${size})`];
    expect(await turbeam(args)).toEqual({ code: 0, stdout: `${value}\n`, stderr: '' });
  });
});

describe('bench_main', () => {
  it.concurrent.each(programs)('main($program, $size, 2)', async ({ program, size, value }) => {
    const call = `bench_main:main(${program}, ${size}, 2)`;
    const { code, stdout, stderr } = await turbeam([
      'run',
      'examples/bench_main.beam',
      '-pa',
      'examples',
      '--call',
      call,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [line, result] = stdout.split('\n');
    expect(line!.replace(/^(\S+ \S+) \d+ \d+/, '$1')).toBe(`${program} ${size} ${value}`);
    expect(result).toBe('ok');
  });
});

it.runIf(hasGoldenErlang)('native Erlang still gives the recorded values', async () => {
  const { stdout } = await command('escript', ['test/golden/programs.escript']);
  expect(stdout).toBe(readFileSync(new URL('golden/programs.jsonl', import.meta.url), 'utf8'));
});

// Listings and small examples: what is called, what it gives.
const CALLS: [file: string, call: string, value: string][] = [
  ['primer.S', 'primer:sum_tail([1,2,3])', '6'],
  ['primer.S', 'primer:sum_tail([])', '0'],
  ['primer.S', 'primer:sum_tail([1073741823, 1, 1.5, 100000000000000000000])', '1.0000000000107374e20'],
  ['primer.S', 'primer:sum_body([1,2,3])', '6'],
  ['primer.S', 'primer:create_tuple("x")', '{hello,"x"}'],
  ['add.beam', 'add:add(1, 2)', '3'],
  ['add.beam', 'add:add(1.5, 18446744073709551616)', '1.8446744073709552e19'],
  ['calculator.beam', 'calculator:eval("1 + 2 * 3")', '7.0'],
  ['calculator.beam', 'calculator:eval("2 * (3.5 - 1) / 4 - -1")', '2.25'],
  ['calculator.beam', 'calculator:parse("-(1)*2")', '{multiply,{negate,{number,1.0}},{number,2.0}}'],
  ['calculator.beam', 'calculator:horner(2.0)', '13.0'],
  ['calculator.beam', 'calculator:distance(0.0, 0.0, 3.0, 4.0)', '25.0'],
];

describe.each(MODES.map((m) => [m.join(' '), m] as const))('%s', (_, mode) => {
  it.concurrent.each(CALLS)('%s %s', async (file, call, value) => {
    const args = ['run', ...mode, `examples/${file}`, '--call', call];
    expect(await turbeam(args)).toEqual({ code: 0, stdout: `${value}\n`, stderr: '' });
  });
});

const TALKS: [args: string[], stdout: string][] = [
  [['examples/hello.beam'], 'Hello, world!\n'],
  [['examples/hello.beam', '--', 'Joe', 'Robert'], 'Hello, Joe!\nHello, Robert!\n'],
  [['examples/calculator.beam'], "Give me something to calculate, like '2 * (3.5 - 1)'.\n"],
  [['examples/calculator.beam', '--', '2 * (3', '+ 4)'], '14.0\n'],
  [['examples/calculator.beam', '--', '0.1+0.2'], '0.30000000000000004\n'],
  [['examples/calculator.beam', '--', '1 / (2 - 2)'], 'That is no number.\n'],
  [['examples/calculator.beam', '--', '1 + x'], 'I do not understand this: x \n'],
];

it.concurrent.each(TALKS)('%j', async (args, stdout) => {
  expect(await turbeam(['run', ...args])).toEqual({ code: 0, stdout, stderr: '' });
});
