// Calls of Erlang from JavaScript and back: values, exceptions, waiting, JavaScript modules, messages, output.
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Argument,
  atom,
  charlist,
  ErlangError,
  erlangFun,
  type Fun,
  type Pid,
  Tuple,
  Turbeam,
  type TurbeamError,
  type TurbeamOptions,
  text,
  tuple,
  type Value,
} from '../dist/index.js';

const FILE = fileURLToPath(new URL('fixtures/api/api_calls.beam', import.meta.url));

/** What a call throws. */
function thrown<E extends Error>(call: () => unknown): E {
  try {
    call();
  } catch (error) {
    return error as E;
  }
  throw new Error('nothing was thrown');
}

const MODES: Record<string, TurbeamOptions> = {
  off: { jit: 'off' },
  auto: { threshold: 2 },
  eager: { jit: 'eager' },
  'stress gc': { jit: 'eager', stress: ['gc'] },
  'stress unwind': { jit: 'eager', stress: ['unwind'] },
  'stress gc and unwind': { threshold: 2, stress: ['gc', 'unwind'] },
};

describe.each(Object.keys(MODES))('mode %s', (mode) => {
  let rt: Turbeam;
  beforeAll(() => {
    rt = new Turbeam({ files: [FILE], onCrash: () => {}, ...MODES[mode] });
  });
  afterAll(() => rt.close());
  const call = (name: string, ...args: Argument[]): Value => rt.callSync('api_calls', name, args);

  it('calls', () => {
    for (let i = 0; i < 5; i++) {
      expect(call('zero')).toBe(atom('none'));
      expect(call('add', 1, 2.5)).toBe(3.5);
      expect(call('add', 2 ** 40, 2 ** 30)).toBe(2 ** 40 + 2 ** 30);
      expect(call('four', 1, 'b', [3], tuple(4))).toEqual(
        new Tuple([1, Buffer.from('b'), [3], new Tuple([4])]),
      );
      expect(
        call(
          'sum',
          Array.from({ length: 1000 }, (_, i) => i),
        ),
      ).toBe(499_500);
    }
  });

  it('prepared functions', () => {
    const zero = rt.function('api_calls', 'zero', 0);
    const echo = rt.function('api_calls', 'echo', 1);
    const add = rt.function('api_calls', 'add', 2);
    const four = rt.function('api_calls', 'four', 4);
    for (let i = 0; i < 20; i++) {
      expect(zero()).toBe(atom('none'));
      expect(echo([i, `${i}`])).toEqual([i, Buffer.from(`${i}`)]);
      expect(add(i, 2 ** 31)).toBe(i + 2 ** 31);
      expect((four(1, 2, 3, i) as Tuple).at(3)).toBe(i);
      expect(() => add('a', i)).toThrow('error:badarith');
      expect(() => add(Number.NaN, i)).toThrow(RangeError);
    }
    expect(() => add(1)).toThrow('api_calls:add/2 takes 2 arguments, not 1');
    expect(() => rt.function('api_calls', 'nowhere', 2)(1, 2)).toThrow('error:undef');
    expect(rt.function('erlang', 'abs', 1)(-5)).toBe(5);
  });

  it('exceptions have class, reason and stack', () => {
    for (const cls of ['error', 'exit', 'throw'] as const) {
      const e = thrown<ErlangError>(() => call('error_of', atom(cls), tuple(1, [atom('a')])));
      expect(e).toBeInstanceOf(ErlangError);
      expect([e.errorClass, e.reason]).toEqual([cls, new Tuple([1, [atom('a')]])]);
      expect(e.message).toBe(`${cls}:{1,[a]}`);
      expect(e.stacktrace[0]).toMatchObject({
        module: 'api_calls',
        function: 'error_of',
        arity: 2,
        file: 'api_calls.erl',
      });
      expect(e.stack).toMatch(
        /^ErlangError: .*\n {4}at api_calls:error_of\/2 \(api_calls\.erl:\d+\)\n {4}at .*callSync.*\n/,
      );
      expect(e.stack).not.toContain('engine.bundle');
    }
    expect(thrown<ErlangError>(() => call('error_of', atom('badmatch'), 5)).reason).toEqual(
      new Tuple([atom('badmatch'), 5]),
    );
    const clause = thrown<ErlangError>(() => call('nested', 'x'));
    expect(clause.reason).toBe(atom('function_clause'));
    expect(clause.stacktrace.map((s) => [s.function, s.arity, s.args])).toEqual([
      ['clause', 1, [Buffer.from('x')]],
      ['nested', 1, undefined],
    ]);
    expect(thrown<ErlangError>(() => call('error_of', atom('undef'), 1)).stacktrace[0]).toMatchObject({
      module: 'nowhere',
      function: 'nothing',
      args: [1],
    });
    const exit = thrown<ErlangError>(() => call('exit_with', atom('kill')));
    expect([exit.errorClass, exit.reason]).toEqual(['exit', atom('killed')]);
    expect(thrown<ErlangError>(() => call('link_crash', atom('why'))).reason).toBe(atom('why'));
    expect(call('zero')).toBe(atom('none'));
  });

  it('nothing of a call is there in the next', () => {
    const before: Record<string, Value> = {};
    const kinds = ['message', 'dictionary', 'link', 'flag', 'name', 'monitor', 'table', 'timer'];
    for (const kind of kinds) before[kind] = call('found', atom(kind));
    for (const kind of kinds) {
      expect(call('leave', atom(kind))).toBe(atom('ok'));
      expect(call('found', atom(kind)), kind).toEqual(before[kind]);
    }
    const self = rt.callSync('erlang', 'self') as Pid;
    rt.send(self, 1);
    expect(call('mailbox')).toBe(0);
  });

  it('calls that need others, but not time', () => {
    expect(call('ping', 5)).toEqual([0, 1, 2, 3, 4].map((i) => i + 1));
    expect(call('deep', mode.startsWith('stress') ? 300 : 200_000)).toBe(
      mode.startsWith('stress') ? 300 : 200_000,
    );
    expect(call('garbage', mode.startsWith('stress') ? 300 : 100_000)).toBe(
      mode.startsWith('stress') ? 150 : 50_000,
    );
  });

  it('calls that would wait', async () => {
    const e = thrown<TurbeamError>(() => call('wait'));
    expect([e.name, e.code]).toEqual(['TurbeamError', 'would_wait']);
    expect(e.message).toMatch(/use call and await it/);
    expect(thrown<TurbeamError>(() => call('after_time', 5, 1)).code).toBe('would_wait');
    expect(call('after_time', 0, 1)).toBe(1);
    expect(await rt.call('api_calls', 'after_time', [5, [1, 'x']])).toEqual([1, Buffer.from('x')]);
    const all = await Promise.all([3, 1, 2].map((n) => rt.call('api_calls', 'after_time', [n, n])));
    expect(all).toEqual([3, 1, 2]);
    await expect(rt.call('api_calls', 'nested', [1])).rejects.toThrow('error:function_clause');
    await expect(rt.call('api_calls', 'echo', [Number.NaN])).rejects.toThrow(RangeError);
    await expect(rt.call('api_calls', 'exit_with', [atom('stop')])).rejects.toMatchObject({
      errorClass: 'exit',
      reason: atom('stop'),
    });
  });

  it('calls that hibernate', async () => {
    const box = rt.mailbox();
    for (const message of [5, [1, 'two'], atom('fail')]) {
      const call = rt.call('api_calls', 'hibernate', [box.pid]);
      const all = rt.callSync<Pid[]>('erlang', 'processes');
      for (const pid of all.slice(-3)) rt.send(pid, tuple(box.pid, message));
      if (message !== atom('fail')) expect(await call).toEqual(rt.callSync('api_calls', 'echo', [message]));
      // What catches exceptions is gone: it ends the process.
      else await expect(call).rejects.toMatchObject({ errorClass: 'exit', reason: { length: 2 } });
    }
    box.close();
  });

  it('a call can be given up', async () => {
    const controller = new AbortController();
    const waiting = rt.call('api_calls', 'wait', [], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 2);
    await expect(waiting).rejects.toThrow('enough');
    await expect(rt.call('api_calls', 'wait', [], { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it('spawn, send, monitor, exit', async () => {
    const pid = rt.spawn('api_calls', 'server');
    const box = rt.mailbox();
    rt.send(pid, tuple(box.pid, 21));
    expect(await box.receive()).toEqual(new Tuple([pid, 42]));
    const down = rt.monitor(pid);
    rt.exit(pid, atom('enough'));
    const { item, reason } = await down;
    expect(pid.equals(item)).toBe(true);
    expect(reason).toBe(atom('enough'));
    expect(await rt.monitor('nobody')).toMatchObject({ reason: atom('noproc') });
    expect(rt.whereis('nobody')).toBe(undefined);
    expect(thrown<ErlangError>(() => rt.send('nobody', 1)).reason).toBe(atom('badarg'));
    box.close();
    await expect(box.receive()).rejects.toThrow('has ended');
  });

  it('mailboxes', async () => {
    const box = rt.mailbox();
    box.callSync('erlang', 'register', [atom('box'), box.pid]);
    expect(rt.whereis('box')?.equals(box.pid)).toBe(true);
    for (const m of [1, tuple(atom('x'), 2), 3]) rt.send('box', m);
    expect(await box.receive({ where: (m) => m instanceof Tuple })).toEqual(new Tuple([atom('x'), 2]));
    expect([await box.receive(), await box.receive()]).toEqual([1, 3]);
    await expect(box.receive({ timeout: 2 })).rejects.toThrow('no message in 2 ms');
    box.callSync('erlang', 'process_flag', [atom('trap_exit'), true]);
    expect(box.callSync('erlang', 'put', [atom('k'), [1, 'v']])).toBe(undefined);
    const child = box.callSync('erlang', 'spawn_link', [
      atom('api_calls'),
      atom('exit_with'),
      [atom('gone')],
    ]);
    expect(await box.receive()).toEqual(new Tuple([atom('EXIT'), child, atom('gone')]));
    box.callSync('api_calls', 'garbage', [50]);
    expect(box.callSync('erlang', 'get', [atom('k')])).toEqual([1, Buffer.from('v')]);
    expect(thrown<TurbeamError>(() => box.callSync('api_calls', 'wait_for', [1])).code).toBe('would_wait');
    expect(() => box.callSync('erlang', 'abs', [atom('x')])).toThrow('badarg');
    rt.send(box.pid, 4);
    const got: Value[] = [];
    setTimeout(() => box.close(), 10);
    for await (const m of box) got.push(m);
    expect(got).toEqual([4]);
  });

  it('mailboxes that are full', async () => {
    const box = rt.mailbox();
    const n = 1500;
    for (let i = 0; i < n; i++) rt.send(box.pid, i);
    await sleep(1);
    expect(await box.receive({ where: (m) => m === n - 1 })).toBe(n - 1);
    for (let i = 0; i < n - 1; i++) expect(await box.receive()).toBe(i);
    expect(box.length).toBe(0);
    box.close();
  });

  it('funs', async () => {
    const add = call('add_fun', 5) as Fun;
    expect(add(1)).toBe(6);
    expect(add.arity).toBe(1);
    expect(String(add)).toMatch(/^#Fun<api_calls\.\d+\.\d+>$/);
    expect(await add.async(2 ** 40)).toBe(2 ** 40 + 5);
    expect(call('apply_fun', add, [10])).toBe(15);
    expect(rt.callSync('lists', 'map', [add, [1, 2, 3]])).toEqual([6, 7, 8]);
    expect(rt.callSync(add, [7])).toBe(12);
    expect(thrown<ErlangError>(() => add('x')).reason).toBe(atom('badarith'));
    expect(thrown<ErlangError>(() => add(1, 2)).message).toMatch(/^error:{badarity/);
    const big = call('big_fun', 5000) as Fun;
    call('garbage', 300);
    const [size, list] = big() as Tuple;
    expect([size, (list as Value[]).length]).toEqual([5000, 10]);
    expect(call('keep_fun', big)).toBe(atom('ok'));
    expect((rt.callSync('erlang', 'make_fun', [atom('erlang'), atom('abs'), 1]) as Fun)(-3)).toBe(3);
  });

  it('JavaScript functions as funs', async () => {
    const twice = (x: number): number => x * 2;
    expect(rt.callSync('lists', 'map', [twice, [1, 2, 3]])).toEqual([2, 4, 6]);
    expect(rt.callSync('lists', 'foldl', [(x: number, sum: number) => x + sum, 0, [1, 2, 3]])).toBe(6);
    expect(call('echo', [tuple(twice)])).toEqual([new Tuple([twice])]);
    expect(call('same', twice, twice)).toBe(true);
    expect(await rt.call('lists', 'map', [async (x: number) => x + 1, [1, 2]])).toEqual([2, 3]);
    expect(() => rt.callSync('lists', 'map', [(x: number) => x, [1]])).not.toThrow();
    expect(() => call('apply_fun', twice, [1, 2])).toThrow(/^error:{badarity/);
    const e = thrown<ErlangError>(() =>
      call('apply_fun', (x: number) => rt.callSync('erlang', 'abs', [atom(`${x}`)]), [1]),
    );
    expect([e.reason, e.stacktrace.some((s) => s.module === 'turbeam_host')]).toEqual([atom('badarg'), true]);
    const rest = erlangFun(3, (...all: number[]) => all.length);
    expect(call('apply_fun', rest, [1, 2, 3])).toBe(3);
    expect(() => rt.callSync('turbeam_host', 'call', ['forged', []])).toThrow('error:badarg');
    for (let i = 0; i < 300; i++) rt.callSync('lists', 'foreach', [(_x: Value) => i, []]);
    expect(call('keep_fun', twice)).toBe(atom('ok'));
    expect(rt.statistics().functions).toBeLessThan(10);
    expect(rt.callSync<(x: number) => Value>('persistent_term', 'get', [atom('kept_fun')])(4)).toBe(8);
  });

  it('JavaScript functions for Erlang', async () => {
    let calls = 0;
    rt.module('js_module', {
      double: (x) => {
        calls++;
        return (x as number) * 2;
      },
      fails: () => {
        throw new TypeError('no good');
      },
    });
    expect(call('use_js', 4)).toEqual(new Tuple([8, 10]));
    expect(call('map_js', [1, 2, 3])).toEqual([2, 4, 6]);
    expect(calls).toBe(5);
    expect(call('catch_js')).toEqual(
      new Tuple<Value[]>([
        atom('error'),
        new Tuple<Value[]>([atom('js_error'), Buffer.from('TypeError'), Buffer.from('no good')]),
        atom('js_module'),
        atom('fails'),
      ]),
    );
    const e = thrown<ErlangError>(() => call('stack_js'));
    expect(e.message).toBe('error:{js_error,<<"TypeError">>,<<"no good">>}');
    expect(e.stacktrace.map((s) => s.function)).toEqual(['fails', 'stack_js']);
    expect(e.cause).toBeInstanceOf(TypeError);
    rt.module('js_module', { double: (x) => sleep(2).then(() => (x as number) * 3) });
    expect(await rt.call('api_calls', 'use_js', [2])).toEqual(new Tuple([6, 9]));
    expect(thrown<TurbeamError>(() => call('use_js', 2)).message).toMatch(
      /waits for an asynchronous JavaScript function/,
    );
    rt.module('js_module', { double: (_x) => Promise.reject(new ErlangError('throw', atom('ball'))) });
    await expect(rt.call('api_calls', 'use_js', [2])).rejects.toMatchObject({
      errorClass: 'throw',
      reason: atom('ball'),
    });
    rt.module('js_module', { double: (_x) => new Date() as never });
    expect(() => call('use_js', 1)).toThrow(/js_error,<<"TypeError">>,<<"no counterpart/);
    // Calls back into the runtime, and of funs that it is given.
    rt.module('js_module', { double: (x) => rt.callSync('api_calls', 'add', [x, x]) });
    expect(call('map_js', [1, 2.5])).toEqual([2, 5]);
    rt.module('js_calls', { 'each/2': (f, l) => (l as Value[]).map((x) => (f as Fun)(x)) });
    expect(rt.callSync('js_calls', 'each', [call('add_fun', 1), [1, 2]])).toEqual([2, 3]);
    rt.module('js_deep', {
      down: (n) => (n === 0 ? 'end' : rt.callSync('js_deep', 'down', [(n as number) - 1])),
    });
    expect(String(rt.callSync('js_deep', 'down', [20]))).toBe('end');
    expect(() => rt.callSync('js_deep', 'up', [])).toThrow('error:undef');
  });

  it('direct JavaScript functions', () => {
    rt.module(
      'js_direct',
      { inc: (x) => (x as number) + 1, call: () => rt.callSync('api_calls', 'zero') },
      { direct: true },
    );
    const inc = rt.function('js_direct', 'inc', 1);
    for (let i = 0; i < 10; i++) expect(inc(i)).toBe(i + 1);
    expect(() => rt.callSync('js_direct', 'call')).toThrow(/js_error,<<"TurbeamError">>/);
    rt.module('js_direct', { promise: async () => 1 }, { direct: true });
    expect(() => rt.callSync('js_direct', 'promise')).toThrow(/gave a promise/);
  });

  it('many at a time', async () => {
    const pids = Array.from({ length: 50 }, () => rt.spawn('api_calls', 'server'));
    const answers = pids.map((pid, i) => rt.call('api_calls', 'ask', [pid, i]));
    for (let i = 0; i < 20; i++) expect(call('add', i, 1)).toBe(i + 1);
    expect(await Promise.all(answers)).toEqual(pids.map((_, i) => 2 * i));
    const downs = pids.map((pid) => rt.monitor(pid));
    for (const pid of pids) rt.send(pid, atom('stop'));
    expect((await Promise.all(downs)).every(({ reason }) => reason === atom('normal'))).toBe(true);
  });
});

describe('input', () => {
  const line = (rt: Turbeam): Promise<Value> => rt.call('api_calls', 'line');

  it.each<[string, TurbeamOptions['stdin']]>([
    ['text', { text: 'a é\nb' }],
    ['bytes', Buffer.from('a é\nb')],
    ['stream', Readable.from([Buffer.from('a '), 'é', '\nb'])],
  ])('%s', async (_, stdin) => {
    const rt = new Turbeam({ files: [FILE], stdin });
    expect(text(await line(rt))).toBe('a é\n');
    expect(text(await line(rt))).toBe('b');
    expect(await line(rt)).toBe(atom('eof'));
    expect(await line(rt)).toBe(atom('eof'));
    rt.close();
  });

  it('nothing, and what comes later', async () => {
    let rt = new Turbeam({ files: [FILE] });
    expect(await line(rt)).toBe(atom('eof'));
    rt.close();
    const stdin = new PassThrough();
    rt = new Turbeam({ files: [FILE], stdin, access: 'none' });
    const waiting = line(rt);
    await sleep(5);
    stdin.write('late\n');
    expect(text(await waiting)).toBe('late\n');
    expect(thrown<TurbeamError>(() => rt.callSync('api_calls', 'line')).code).toBe('would_wait');
    rt.close();
  });
});

describe('output', () => {
  it('goes where it is told', async () => {
    const chunks: string[] = [];
    let rt = new Turbeam({ files: [FILE], stdout: (b) => chunks.push(b.toString()), stderr: 'ignore' });
    rt.callSync('api_calls', 'print', [charlist('é1')]);
    rt.callSync('api_calls', 'print_error', ['unseen']);
    await rt.call('api_calls', 'print', ['2\n']);
    await sleep(5);
    expect(chunks.join('')).toBe('é12\n');
    rt.close();
    const stream = new PassThrough();
    rt = new Turbeam({ files: [FILE], stdout: 'pipe', stderr: stream });
    rt.callSync('api_calls', 'print', ['to stdout']);
    rt.callSync('api_calls', 'print_error', ['to stderr']);
    rt.close();
    let text = '';
    for await (const chunk of rt.stdout!) text += chunk;
    expect(text).toBe('to stdout');
    expect(String(stream.read())).toBe('to stderr');
  });

  it('a function that takes it may call the runtime', async () => {
    const seen: Value[] = [];
    const rt: Turbeam = new Turbeam({
      files: [FILE],
      stdout: () => seen.push(rt.callSync('api_calls', 'add', [1, 2])),
    });
    rt.callSync('api_calls', 'print', ['x']);
    await sleep(5);
    expect(seen).toEqual([3]);
    rt.close();
  });

  it('tells of processes that fail', async () => {
    const crashes: string[] = [];
    const rt = new Turbeam({
      files: [FILE],
      onCrash: ({ pid, text }) => crashes.push(`${pid} ${text.split('\n')[0]}`),
    });
    const pid = rt.callSync('api_calls', 'crash', [atom('why')]) as Pid;
    await rt.monitor(pid);
    await sleep(5);
    expect(crashes.map((c) => c.slice(0, c.indexOf(',[{file')))).toEqual([
      `${pid} {why,[{api_calls,'-crash/1-fun-0-',1`,
    ]);
    rt.close();
  });
});
