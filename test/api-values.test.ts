// Values to Erlang and back (src/api/encode.ts, decode.ts): what each becomes, that nothing is lost, what has no counterpart.
import { fileURLToPath } from 'node:url';
import { inspect, isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type Argument,
  atom,
  Bitstring,
  charlist,
  Float,
  type Fun,
  float,
  ImproperList,
  Pid,
  Reference,
  Tuple,
  Turbeam,
  text,
  tuple,
  type Value,
} from '../dist/index.js';
import { base64, golden } from './support/terms.js';

const FILE = fileURLToPath(new URL('fixtures/api/api_calls.beam', import.meta.url));
const rt = new Turbeam({ files: [FILE], exactFloats: true });
const plain = new Turbeam({ files: [FILE] });
afterAll(() => {
  rt.close();
  plain.close();
});

const bytes = (...b: number[]): Buffer => Buffer.from(b);

/** A value, what Erlang prints for it, and what comes back if that is another value (without exactFloats). */
const TABLE: [value: Argument, erlang: string, back?: Value][] = [
  [0, '0'],
  [-0, '0', 0],
  [1073741823, '1073741823'],
  [-1073741824, '-1073741824'],
  [1073741824, '1073741824'],
  [4294967296, '4294967296'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  [Number.MIN_SAFE_INTEGER, '-9007199254740991'],
  [2 ** 53, '9.007199254740992e15'],
  [1e300, '1.0e300'],
  [0.5, '0.5'],
  [-1.25e-7, '-1.25e-7'],
  [float(2), '2.0', 2],
  [float(-0), '-0.0', -0],
  [5n, '5', 5],
  [-(2n ** 53n), '-9007199254740992'],
  [2n ** 64n, '18446744073709551616'],
  [-(2n ** 200n), String(-(2n ** 200n))],
  [true, 'true'],
  [false, 'false'],
  [undefined, 'undefined'],
  [null, 'null'],
  [atom('ok'), 'ok'],
  [atom('Not quoted'), "'Not quoted'"],
  [atom('nil'), 'nil'],
  [Symbol.for('true'), 'true', true],
  ['', '<<>>', bytes()],
  ['abc', '<<"abc">>', bytes(97, 98, 99)],
  ['é', '<<"é"/utf8>>', bytes(195, 169)],
  [bytes(1, 2, 255), '<<1,2,255>>'],
  [new Uint16Array([513]), '<<1,2>>', bytes(1, 2)],
  [new Uint8Array([7]).buffer, '<<7>>', bytes(7)],
  [Buffer.alloc(70, 9), `<<"${'\\t'.repeat(70)}">>`],
  [new Bitstring(bytes(0b10100000), 3), '<<5:3>>', new Bitstring(new Uint8Array([0b10100000]), 3)],
  [charlist('aé😀'), '[97,233,128512]', [97, 233, 128512]],
  [[], '[]'],
  [[1, [2, []]], '[1,[2,[]]]'],
  [new ImproperList<Argument>([1, 2], 3), '[1,2|3]', new ImproperList<Value>([1, 2], 3)],
  [tuple(), '{}', new Tuple([])],
  [tuple(atom('ok'), tuple(1)), '{ok,{1}}', new Tuple<Value[]>([atom('ok'), new Tuple([1])])],
  [new Map(), '#{}'],
  [new Map<Argument, Argument>([[1, atom('one')]]), '#{1 => one}', new Map([[1, atom('one')]])],
  [
    { b: 1, a: [2] },
    '#{a => [2],b => 1}',
    new Map([
      [atom('a'), [2]],
      [atom('b'), 1],
    ] as [Value, Value][]),
  ],
  [
    new Map<Argument, Argument>([
      [1, 2],
      [1n, 3],
    ]),
    '#{1 => 3}',
    new Map([[1, 3]]),
  ],
];

describe('what values become', () => {
  it.each(TABLE.map(([value, erlang, back]) => ({ value, erlang, back })))(
    '$erlang',
    ({ value, erlang, back }) => {
      expect(plain.format(value, { pretty: false })).toBe(erlang);
      const got = plain.callSync('api_calls', 'echo', [value]);
      expect(got).toEqual(back === undefined ? value : back);
      if (typeof got === 'number') expect(Object.is(got, back ?? value)).toBe(true);
    },
  );

  it('floats with an integral value come back as Float objects if that is wanted', () => {
    expect(rt.callSync('api_calls', 'echo', [[float(2), 2, 2.5, float(-0)]])).toEqual([
      new Float(2),
      2,
      2.5,
      new Float(-0),
    ]);
    expect(`${float(2)} ${float(-0)} ${float(2.5)} ${(float(2) as unknown as number) + 1}`).toBe(
      '2.0 -0.0 2.5 3',
    );
  });

  it('atoms are symbols of the registry', () => {
    const [, , a] = plain.callSync('api_calls', 'terms') as Value[];
    expect(a === atom('a') && a === Symbol.for('a')).toBe(true);
  });

  it('binaries are copies', () => {
    const given = Buffer.from('abc');
    const got = plain.callSync('api_calls', 'echo', [given]) as Buffer;
    given[0] = 0;
    plain.callSync('api_calls', 'garbage', [10_000]);
    expect(got.toString()).toBe('abc');
  });

  it('text of strings, charlists and what is made of them', () => {
    expect(text([104, [Buffer.from('é'), 228], new ImproperList<Value>([111], Buffer.from('!'))])).toBe(
      'héäo!',
    );
    expect(() => text([atom('a')])).toThrow(/no string/);
    expect(() => text(1)).toThrow(TypeError);
  });
});

describe('values of the runtime', () => {
  it('pids, references and funs', () => {
    const pid = plain.callSync('erlang', 'self') as Pid;
    expect(pid).toBeInstanceOf(Pid);
    expect(String(pid)).toMatch(/^<0\.\d+\.0>$/);
    expect(pid.equals(plain.callSync('api_calls', 'echo', [pid]))).toBe(true);
    const ref = plain.callSync('erlang', 'make_ref') as Reference;
    expect(ref).toBeInstanceOf(Reference);
    expect(ref.equals(plain.callSync('api_calls', 'echo', [ref]))).toBe(true);
    expect(ref.equals(plain.callSync('erlang', 'make_ref'))).toBe(false);
    expect(
      plain.callSync('api_calls', 'same', [
        [pid, ref],
        [pid, ref],
      ]),
    ).toBe(true);
    const external = plain.callSync('erlang', 'binary_to_term', [base64('g1h3A2FAYgAAAAEAAAACAAAAAw==')]);
    expect(external).toBeInstanceOf(Pid);
    expect(plain.callSync('erlang', 'node', [external as Pid])).toBe(atom('a@b'));
  });

  it('belong to it', () => {
    const pid = rt.callSync('erlang', 'self') as Pid;
    expect(() => plain.callSync('api_calls', 'echo', [pid])).toThrow('belongs to another runtime');
    // A fun of another runtime is a JavaScript function like others.
    const fun = rt.callSync<Fun>('api_calls', 'add_fun', [1]);
    expect(plain.callSync('lists', 'map', [fun, [1, 2]])).toEqual([2, 3]);
  });
});

describe('what has no counterpart', () => {
  const cyclic: Argument[] = [];
  cyclic.push(cyclic);
  const map = new Map<Argument, Argument>();
  map.set(1, map);
  const cases: [value: unknown, message: RegExp][] = [
    [Number.NaN, /floats are finite/],
    [[1, [Infinity]], /floats are finite/],
    [Symbol('a'), /is no atom/],
    [atom('a'.repeat(256)), /at most 255/],
    [(_a: 1, _b: 1, _c: 1, _d: 1, _e: 1, _f: 1, _g: 1, _h: 1, _i: 1) => 1, /at most 8 arguments/],
    [new Date(0), /no counterpart in Erlang/],
    [new (class Thing {})(), /no counterpart in Erlang: Thing/],
    [cyclic, /cyclic/],
    [map, /cyclic/],
    [new ImproperList<Argument>([], 1), /at least one item/],
    [new Bitstring(new Uint8Array(1), 9), /no bitstring/],
    [1n << 33554500n, /larger than Erlang allows/],
  ];
  it.each(cases.map(([value, message], i) => ({ i, value, message })))('case $i', ({ value, message }) => {
    expect(() => plain.callSync('api_calls', 'echo', [value as Argument])).toThrow(message);
    expect(plain.callSync('api_calls', 'echo', [1])).toBe(1);
  });

  it('calls from a getter come too early', () => {
    const value = {
      get a(): Value {
        return plain.callSync('api_calls', 'echo', [1]);
      },
    };
    expect(() => plain.callSync('api_calls', 'echo', [value as unknown as Argument])).toThrow(
      /can not be called from here/,
    );
    expect(plain.callSync('api_calls', 'echo', [1])).toBe(1);
  });
});

it('an array that a getter makes longer is what it was', () => {
  using rt = new Turbeam({ files: [FILE] });
  const items: Argument[] = [];
  const spoiler = {
    get x(): number {
      for (let i = 0; i < 10_000; i++) items.push(i);
      return 1;
    },
  };
  items.push(spoiler, 2);
  expect(rt.callSync('api_calls', 'echo', [[items, 3]])).toEqual([[new Map([[atom('x'), 1]]), 2], 3]);
  expect(items.length).toBe(10_002);
});

it('values can be nested deep', () => {
  let list: Argument = [];
  let pairs: Argument = 0;
  for (let i = 0; i < 200_000; i++) {
    list = [list];
    pairs = tuple(pairs, i);
  }
  let got = plain.callSync('api_calls', 'echo', [[list, pairs]]) as Value[];
  let depth = 0;
  for (let l = got[0] as Value[]; l.length > 0; l = l[0] as Value[]) depth++;
  expect(depth).toBe(200_000);
  for (let t = got[1]; t instanceof Tuple; t = t.at(0)) depth--;
  expect(depth).toBe(0);
  got = plain.callSync('api_calls', 'echo', [Array.from({ length: 300_000 }, (_, i) => i)]) as Value[];
  expect(got.length).toBe(300_000);
  expect(got[299_999]).toBe(299_999);
});

describe('terms that native Erlang encoded', () => {
  const all = golden<{ bytes: string; term: string | null }>('external.jsonl').filter(
    ({ term }) => term !== null,
  );
  it.each(['exact', 'gc'])('%s', (mode) => {
    const runtime =
      mode === 'gc' ? new Turbeam({ files: [FILE], exactFloats: true, stress: ['gc', 'unwind'] }) : rt;
    for (const { bytes } of mode === 'gc' ? all.filter((_, i) => i % 10 === 0) : all) {
      const term = runtime.callSync('erlang', 'binary_to_term', [base64(bytes)]);
      const again = runtime.callSync('erlang', 'binary_to_term', [base64(bytes)]);
      const same = runtime.callSync('api_calls', 'same', [term, again]);
      expect(same, `${bytes}: ${inspect(term)}`).toBe(true);
      const encoded = runtime.callSync('erlang', 'term_to_binary', [term]);
      const direct = runtime.callSync('erlang', 'term_to_binary', [again]);
      expect(encoded).toEqual(direct);
    }
  });
});

describe('random values', () => {
  let seed = 20261121;
  const random = (n: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % n;
  };
  const ATOMS = ['a', 'ok', 'x y', 'é', '', 'Z'];
  const value = (depth: number): Value => {
    switch (random(depth > 0 ? 16 : 10)) {
      case 0:
        return random(1 << 20) - (1 << 19);
      case 1:
        return (random(1 << 20) - 5) * 2 ** random(33);
      case 2:
        return BigInt(random(1 << 22) + 1) ** BigInt(3 + random(9)) * (random(2) === 0 ? 1n : -1n);
      case 3:
        return (random(1 << 20) + 0.5) / 2 ** random(40);
      case 4:
        return new Float(random(100) - 50);
      case 5:
        return atom(ATOMS[random(ATOMS.length)]!);
      case 6:
        return [true, false, undefined, null][random(4)];
      case 7:
        return Buffer.from(Array.from({ length: random(random(4) === 0 ? 200 : 9) }, () => random(256)));
      case 8:
        return new Bitstring(new Uint8Array([random(256), 0xa0]), 11);
      case 9:
        return [];
      case 10:
      case 11:
        return Array.from({ length: random(8) }, () => value(depth - 1));
      case 12:
      case 13:
        return new Tuple(Array.from({ length: random(6) }, () => value(depth - 1)));
      case 14:
        return new ImproperList<Value>([value(depth - 1), value(depth - 1)], random(1000));
      default: {
        const map = new Map<Value, Value>();
        const n = random(8) === 0 ? 60 : random(7);
        for (let i = 0; i < n; i++) map.set(random(4) === 0 ? atom(`k${i}`) : i * 7 - 20, value(depth - 2));
        return map;
      }
    }
  };
  const isBig = (v: Value): boolean =>
    typeof v === 'bigint' && v <= BigInt(Number.MAX_SAFE_INTEGER) && v >= -BigInt(Number.MAX_SAFE_INTEGER);
  const normal = (v: Value): Value => {
    if (isBig(v)) return Number(v);
    if (Object.is(v, -0)) return 0;
    if (Array.isArray(v)) return v.map(normal);
    if (v instanceof Tuple) return new Tuple(v.elements.map(normal));
    if (v instanceof ImproperList) return new ImproperList(v.items.map(normal), normal(v.tail));
    // Erlang's order of keys: numbers before atoms.
    if (v instanceof Map) return new Map([...v].map(([k, e]) => [k, normal(e)]));
    return v;
  };
  const modes = { plain: [], gc: ['gc'], 'gc and unwind': ['gc', 'unwind'] } as const;

  it.each(Object.keys(modes))('come back as they were: %s', (mode) => {
    const runtime = new Turbeam({
      files: [FILE],
      exactFloats: true,
      stress: [...modes[mode as 'gc']],
      threshold: 20,
    });
    const echo = runtime.function('api_calls', 'echo', 1);
    const four = runtime.function('api_calls', 'four', 4);
    for (let i = 0; i < 1500; i++) {
      const v = value(4);
      const got = echo(v);
      if (!isDeepStrictEqual(got, normal(v))) expect(got).toEqual(normal(v));
      expect(runtime.callSync('api_calls', 'same', [got, v])).toBe(true);
      if (i % 10 === 0) {
        const w = [value(2), value(2), value(3), value(1)];
        expect((four(...w) as Tuple).elements).toEqual(w.map(normal));
      }
    }
    runtime.close();
  });
});
