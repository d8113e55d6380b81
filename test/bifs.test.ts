import { beforeAll, describe, expect, test } from 'vitest';
import '../dist/bifs/index.js';
import { output } from '../dist/bifs/output.js';
import { bifInfos, bifs, linkStandIns } from '../dist/bifs/table.js';
import { H } from '../dist/memory/arena.js';
import { atom, atomName } from '../dist/terms/atoms.js';
import { binary, list, listToArray, mapFromPairs, stringList, tuple } from '../dist/terms/build.js';
import { exactEqual } from '../dist/terms/compare.js';
import { floatValue, isFloat, makeFloat } from '../dist/terms/float.js';
import { formatWrite } from '../dist/terms/format.js';
import { toBigInt } from '../dist/terms/integer.js';
import { golden, termOf, useHeap } from './support/terms.js';

beforeAll(() => useHeap(1 << 26));

interface Line {
  bif: string;
  args: string;
  value?: string;
  class?: string;
  reason?: string;
}

const UNWIND = 7;
const CLASS = 1032;
const VALUE = 1033;

// Here is no module that would have something better.
for (const module of ['io', 'io_lib']) linkStandIns(atom(module));
const byName = new Map(bifInfos.map((info, i) => [`${info.module}:${info.name}/${info.arity}`, bifs[i]]));

function call(name: string, ...args: number[]): number {
  const bif = byName.get(name);
  if (bif === undefined) throw new Error(`there is no ${name}`);
  return bif(...args);
}

/** The result as text: a value, or class:reason. */
function outcome(result: number): string {
  return result === UNWIND ? `${atomName(H[CLASS])}:${formatWrite(H[VALUE])}` : formatWrite(result);
}

/** OTP's C library and V8 may differ in the last bits of what is no basic operation. */
function close(a: number, b: number): boolean {
  const x = floatValue(a);
  const y = floatValue(b);
  return Math.abs(x - y) <= Math.abs(y) * 4e-15;
}

function check({ bif, args, value, class: cls, reason }: Line): string | undefined {
  const terms = listToArray(termOf(args))!;
  const before = terms.map((t) => formatWrite(t));
  const result = call(bif, ...terms);
  const wanted = termOf((value ?? reason)!);
  const got = result === UNWIND ? H[VALUE] : result;
  const same = exactEqual(got, wanted) && (!isFloat(got) || Object.is(floatValue(got), floatValue(wanted)));
  const near = bif.startsWith('math:') && isFloat(got) && isFloat(wanted) && close(got, wanted);
  const kind = result === UNWIND ? atomName(H[CLASS]) : undefined;
  const untouched = terms.every((t, i) => formatWrite(t) === before[i]);
  if ((same || near) && kind === cls && untouched) return undefined;
  return `${bif} of ${before.join(', ')}: ${outcome(result)}, not ${cls === undefined ? '' : `${cls}:`}${formatWrite(wanted)}`;
}

const byBif = new Map<string, Line[]>();
for (const line of golden<Line>('bifs.jsonl')) byBif.set(line.bif, [...(byBif.get(line.bif) ?? []), line]);

describe('built-in functions give what native ones give', () => {
  test.each([...byBif])('%s', (_, lines) => {
    expect(lines.map(check).filter((wrong) => wrong !== undefined)).toEqual([]);
  });
});

describe('time', () => {
  test('goes on, in every unit', () => {
    for (const name of ['erlang:monotonic_time', 'erlang:system_time', 'os:system_time', 'os:perf_counter']) {
      const first = toBigInt(call(`${name}/0`));
      const micro = toBigInt(call(`${name}/1`, atom('microsecond')));
      const milli = toBigInt(call(`${name}/1`, atom('millisecond')));
      const last = toBigInt(call(`${name}/0`));
      expect(first / 1000n <= micro && micro <= last / 1000n).toBe(true);
      expect(first / 1000000n <= milli && milli <= last / 1000000n).toBe(true);
    }
  });

  test('system time is the time', () => {
    const milli = Number(toBigInt(call('erlang:system_time/1', atom('millisecond'))));
    expect(Math.abs(milli - Date.now())).toBeLessThan(1000);
    expect(formatWrite(call('erlang:universaltime/0'))).toMatch(/^\{\{\d{4},\d+,\d+\},\{\d+,\d+,\d+\}\}$/);
  });

  test('now/0 and unique integers never repeat', () => {
    const stamps = Array.from({ length: 1000 }, () => formatWrite(call('erlang:now/0')));
    expect(new Set(stamps).size).toBe(1000);
    const numbers = Array.from({ length: 1000 }, () =>
      call('erlang:unique_integer/1', list([atom('monotonic')])),
    );
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(1000);
  });

  test('statistics have the shapes that are documented', () => {
    for (const [what, shape] of [
      ['runtime', /^\{\d+,\d+\}$/],
      ['wall_clock', /^\{\d+,\d+\}$/],
      ['reductions', /^\{\d+,\d+\}$/],
      ['garbage_collection', /^\{\d+,\d+,0\}$/],
      ['run_queue', /^0$/],
    ] as const) {
      expect(formatWrite(call('erlang:statistics/1', atom(what)))).toMatch(shape);
    }
  });
});

/** What a call prints on standard output and error, and its result. */
function printed(name: string, ...args: number[]): [string, string, string] {
  const { write, writeError } = output;
  const texts = ['', ''];
  output.write = (bytes) => {
    texts[0] += Buffer.from(bytes).toString();
  };
  output.writeError = (bytes) => {
    texts[1] += Buffer.from(bytes).toString();
  };
  try {
    const result = outcome(call(name, ...args));
    return [texts[0], texts[1], result];
  } finally {
    Object.assign(output, { write, writeError });
  }
}

const s = (text: string) => stringList(text);
const standardError = () => atom('standard_error');

describe('printing', () => {
  test.each<[string, () => number[], [string, string, string]]>([
    ['io:format/1', () => [s('a~~b~n')], ['a~b\n', '', 'ok']],
    ['io:format/1', () => [atom('foo')], ['foo', '', 'ok']],
    ['io:format/1', () => [s('~p')], ['', '', 'error:badarg']],
    ['io:format/2', () => [s('~p ~ts'), list([atom('a'), s('€')])], ['a €', '', 'ok']],
    ['io:format/2', () => [s('~p'), atom('a')], ['', '', 'error:badarg']],
    ['io:format/2', () => [standardError(), s('x~n')], ['', 'x\n', 'ok']],
    ['io:format/3', () => [atom('user'), s('~w'), list([s('a')])], ['[97]', '', 'ok']],
    ['io:format/3', () => [atom('foo'), s('x'), list([])], ['', '', 'error:badarg']],
    ['io:fwrite/2', () => [s('~s'), list([s('é')])], ['é', '', 'ok']],
    ['io:put_chars/1', () => [list([s('ab'), atom('a')])], ['', '', 'error:badarg']],
    ['io:put_chars/2', () => [standardError(), s('ab')], ['', 'ab', 'ok']],
    ['io:nl/0', () => [], ['\n', '', 'ok']],
    ['io:write/1', () => [tuple(atom('a'), s('b'))], ['{a,[98]}', '', 'ok']],
    ['io_lib:format/2', () => [s('~w~n'), list([atom('a')])], ['', '', '[97,10]']],
    ['io_lib:format/2', () => [s('~w'), list([])], ['', '', 'error:badarg']],
    ['erlang:display_string/1', () => [s('a\n')], ['a\n', '', 'true']],
    ['erlang:display_string/1', () => [list([atom('a')])], ['', '', 'error:badarg']],
    [
      'erlang:display/1',
      () => [
        tuple(
          list([
            s('a"b\n'),
            binary(Buffer.from('ab')),
            binary(Uint8Array.of(97, 233)),
            makeFloat(-0.5),
            makeFloat(1e22),
          ]),
          list([atom('A b'), tuple(), list([]), s('€')], atom('t')),
          mapFromPairs([[atom('k'), s('é')]]),
        ),
      ],
      [
        '{["a\\"b\\n",<<"ab">>,<<97,233>>,-5.000000e-01,1.000000e+22],[\'A b\',{},[],[8364]|t],#{k=>"é"}}\n',
        '',
        'true',
      ],
    ],
  ])('%s', (name, args, wanted) => {
    expect(printed(name, ...args())).toEqual(wanted);
  });
});
