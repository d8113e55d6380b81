// Runtimes as a whole: several side by side, limits for code that one does not trust, the end of one, what is left behind.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  atom,
  charlist,
  type ErlangError,
  type Fun,
  LimitError,
  LoadError,
  type Mailbox,
  Tuple,
  Turbeam,
  TurbeamError,
  tuple,
  type Value,
} from '../dist/index.js';

const FOLDER = fileURLToPath(new URL('fixtures/api/', import.meta.url));
const FILE = `${FOLDER}api_calls.beam`;
const INDEX = new URL('../dist/index.js', import.meta.url).href;

const thrown = <E extends Error>(call: () => unknown): E => {
  try {
    call();
  } catch (error) {
    return error as E;
  }
  throw new Error('nothing was thrown');
};

/** Runs a program, given as text, in a process of its own. */
const program = (text: string, ...flags: string[]): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [
    ...flags,
    '--input-type=module',
    '-e',
    `import { Turbeam, atom } from ${JSON.stringify(INDEX)};\nconst FILE = ${JSON.stringify(FILE)};\n${text}`,
  ]);

describe('loading', () => {
  it('files, bytes, listings', () => {
    using rt = new Turbeam();
    expect(rt.load(FILE)).toBe('api_calls');
    expect(rt.load(new URL('fixtures/api/one/api_version.beam', import.meta.url))).toBe('api_version');
    expect(rt.load(readFileSync(`${FOLDER}two/api_version.beam`))).toBe('api_version');
    expect(rt.callSync('api_version', 'version')).toBe(atom('two'));
    expect(rt.load(fileURLToPath(new URL('../examples/primer.S', import.meta.url)))).toBe('primer');
    expect(rt.callSync('primer', 'sum_tail', [[1, 2, 3]])).toBe(6);
    expect(rt.isLoaded('primer')).toBe(true);
    expect(rt.isLoaded('other')).toBe(false);
  });

  it('a prepared function calls the version that is current', () => {
    using rt = new Turbeam({ files: [`${FOLDER}one/api_version.beam`], threshold: 3 });
    const version = rt.function('api_version', 'version', 0);
    for (let i = 0; i < 10; i++) expect(version()).toBe(atom('one'));
    rt.load(`${FOLDER}two/api_version.beam`);
    for (let i = 0; i < 10; i++) expect(version()).toBe(atom('two'));
  });

  it('the path', () => {
    using rt = new Turbeam({ path: [`${FOLDER}two`] });
    expect(rt.callSync('api_version', 'version')).toBe(atom('two'));
    expect(() => new Turbeam({ path: ['/no/such'] })).toThrow('path: /no/such: no such directory');
  });

  it('errors are one line', () => {
    using rt = new Turbeam();
    expect(() => rt.load('/no/such.beam')).toThrow(LoadError);
    expect(() => rt.load('/no/such.beam')).toThrow(/^\/no\/such\.beam: no such file; check the path$/);
    expect(thrown(() => rt.load(Buffer.from('FOR1'), 'mine')).message).toMatch(/^mine: .+$/);
    expect(() => rt.callSync('x'.repeat(256), 'f')).toThrow('an atom has at most 255 characters');
    expect(() => rt.module('lists', { 'reverse/1': () => [] })).toThrow('is a built-in function');
    expect(() => new Turbeam({ limits: { time: -1 } })).toThrow('limits.time is to be a number above 0');
    expect(() => new Turbeam({ jit: 'fast' as never })).toThrow("jit: 'fast' is none of off, auto, eager");
    expect(() => new Turbeam({ stdout: 1 as never })).toThrow('no stream, function');
    expect(() => rt.call('erlang', 'abs', [1], { limits: { memory: 1 } as never })).toThrow(
      'no limit memory',
    );
    expect(() => new Turbeam({ limits: { tiem: 1 } as never })).toThrow('there is no limit tiem');
  });
});

describe('side by side', () => {
  it('modules of the same name', async () => {
    const runtimes = ['one', 'two'].map((v) => new Turbeam({ path: [`${FOLDER}${v}`], threshold: 10 }));
    const versions = runtimes.map((rt) => rt.function('api_version', 'version', 0));
    for (let i = 0; i < 100; i++) expect(versions.map((f) => f())).toEqual([atom('one'), atom('two')]);
    for (let i = 1; i < 4; i++) {
      expect(runtimes[0]!.callSync('api_version', 'count')).toBe(i);
      expect(runtimes[1]!.callSync('api_version', 'count')).toBe(i);
    }
    for (const rt of runtimes) rt.callSync('api_version', 'name', [atom('server')]);
    const downs = runtimes.map((rt) => rt.monitor('server'));
    runtimes[0]!.send('server', atom('stop'));
    await downs[0];
    expect(runtimes[0]!.whereis('server')).toBe(undefined);
    expect(runtimes[1]!.whereis('server')).not.toBe(undefined);
    runtimes[0]!.close();
    runtimes[1]!.send('server', atom('stop'));
    expect((await downs[1]!).reason).toBe(atom('normal'));
    runtimes[1]!.close();
  });

  it('one calls the other', () => {
    using a = new Turbeam({ files: [FILE] });
    using b = new Turbeam({ files: [FILE] });
    a.module('other', { 'sum/1': (l) => b.callSync('api_calls', 'sum', [l]) }, { direct: true });
    b.module('other', { 'sum/1': (l) => a.callSync('api_calls', 'sum', [l]) });
    expect(a.callSync('other', 'sum', [[1, 2, 3]])).toBe(6);
    expect(b.callSync('other', 'sum', [[1, 2, 4]])).toBe(7);
  });
});

describe.each(['off', 'auto', 'eager'] as const)('limits, jit %s', (jit) => {
  const limit = (call: () => unknown): string => {
    const error = thrown<LimitError>(call);
    expect(error).toBeInstanceOf(LimitError);
    return error.limit;
  };

  it('reductions', async () => {
    using rt = new Turbeam({ files: [FILE], jit, limits: { reductions: 2_000_000 } });
    expect(limit(() => rt.callSync('api_calls', 'spin'))).toBe('reductions');
    expect(rt.callSync('api_calls', 'loop', [100_000])).toBe(atom('done'));
    expect(limit(() => rt.function('api_calls', 'spin', 0)())).toBe('reductions');
    expect(limit(() => rt.callSync('api_calls', 'spawn_spinners', [5]))).toBe('reductions');
    await expect(rt.call('api_calls', 'spawn_spinners', [5])).rejects.toThrow(LimitError);
    // All that came of it has ended too.
    expect(rt.callSync<Value[]>('erlang', 'processes').length).toBeLessThan(4);
    const loop = rt.function('api_calls', 'loop', 1);
    for (let i = 0; i < 200; i++) expect(loop(50_000)).toBe(atom('done'));
    expect(await rt.call('api_calls', 'loop', [100_000])).toBe(atom('done'));
    await expect(rt.call('api_calls', 'loop', [100_000], { limits: { reductions: 10_000 } })).rejects.toThrow(
      'it used more than 10000 reductions',
    );
  });

  it('time', async () => {
    using rt = new Turbeam({ files: [FILE], jit, limits: { time: 60 } });
    const begin = performance.now();
    expect(limit(() => rt.callSync('api_calls', 'spin'))).toBe('time');
    expect(limit(() => rt.callSync('api_calls', 'spawn_spinners', [3]))).toBe('time');
    await expect(rt.call('api_calls', 'spin')).rejects.toMatchObject({ limit: 'time' });
    await expect(rt.call('api_calls', 'wait')).rejects.toThrow('it used more than 60 ms');
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(rt.callSync('api_calls', 'loop', [1000])).toBe(atom('done'));
    // The event loop has its turn meanwhile.
    const controller = new AbortController();
    const limits = { time: 60_000 };
    const spinning = rt.call('api_calls', 'spin', [], { signal: controller.signal, limits });
    await sleep(5);
    controller.abort(new Error('enough'));
    await expect(spinning).rejects.toThrow('enough');
  });

  it('memory', async () => {
    using rt = new Turbeam({ files: [FILE], jit, limits: { memory: 16 << 20 } });
    const used = rt.statistics().memory;
    expect(limit(() => rt.callSync('api_calls', 'hog'))).toBe('memory');
    expect(limit(() => rt.callSync('api_calls', 'grow', [10_000_000]))).toBe('memory');
    await expect(rt.call('api_calls', 'hog')).rejects.toThrow(LimitError);
    expect(rt.callSync('api_calls', 'garbage', [100_000])).toBe(50_000);
    expect(rt.statistics().memory).toBeLessThan(used + (4 << 20));
    await expect(rt.call('api_calls', 'flood')).rejects.toThrow(/too many messages/);
    await expect(rt.call('api_calls', 'timers')).rejects.toThrow(/too many messages, timers/);
    expect(() => rt.callSync('api_calls', 'echo', [Array(10_000_000).fill(0)])).toThrow(/no memory/);
    expect(rt.callSync('api_calls', 'echo', [[1]])).toEqual([1]);
  });
});

/** shared:build(N) is [[...|...]|[...|...]], N deep, whose two parts are always the same term; shared:tables() makes tables for ever. */
const SHARED =
  Buffer.from(`{module, shared}. {exports,[{build,1},{fail,1},{tables,0}]}. {attributes,[]}. {labels,20}.
  {function,build,1,2}. {label,1}. {func_info,{atom,shared},{atom,build},1}. {label,2}. {move,nil,{x,1}}. {call_only,2,{f,4}}.
  {function,build,2,4}. {label,3}. {func_info,{atom,shared},{atom,build},2}. {label,4}. {test,is_ne_exact,{f,5},[{x,0},{integer,0}]}.
    {test_heap,2,2}. {put_list,{x,1},{x,1},{x,1}}. {gc_bif,'-',{f,0},2,[{x,0},{integer,1}],{x,0}}. {call_only,2,{f,4}}.
    {label,5}. {move,{x,1},{x,0}}. return.
  {function,fail,1,7}. {label,6}. {func_info,{atom,shared},{atom,fail},1}. {label,7}. {allocate,0,1}. {call,1,{f,2}}.
    {call_ext_last,1,{extfunc,erlang,error,1},0}.
  {function,tables,0,9}. {label,8}. {func_info,{atom,shared},{atom,tables},0}. {label,9}. {allocate,0,0}. {move,nil,{x,1}}.
    {move,{atom,t},{x,0}}. {call_ext,2,{extfunc,ets,new,2}}. {call_last,0,{f,9},0}.`);

describe('what is beyond all bounds', () => {
  it('values that are small terms because their parts are shared', () => {
    using rt = new Turbeam();
    rt.load(SHARED, 'shared.S');
    expect(rt.callSync('shared', 'build', [2])).toEqual([[[]], []]);
    using small = new Turbeam({ limits: { memory: 4e6 } });
    small.load(SHARED, 'shared.S');
    expect(() => small.callSync('shared', 'build', [60])).toThrow(/^the value is too large for JavaScript/);
    const error = thrown<ErlangError>(() => small.callSync('shared', 'fail', [60]));
    expect(error.message).toBe('error:#<a value that is too large for JavaScript>');
    expect(small.callSync('erlang', 'abs', [-1])).toBe(1);
  });

  it('more links than a function can have arguments', () => {
    using rt = new Turbeam({ files: [FILE] });
    expect(rt.callSync('api_calls', 'many_links', [130_000])).toBe(atom('enough'));
  });

  it('stack traces that no call has left', () => {
    using rt = new Turbeam();
    const [m, f] = [atom('m'), atom('f')];
    const trace = [
      tuple(m, f, 1, [tuple(atom('file'), 5), tuple(atom('line'), atom('a'))]),
      tuple(m, f, [1], [tuple(atom('file'), [-1])]),
    ];
    const error = thrown<ErlangError>(() => rt.callSync('erlang', 'raise', [atom('error'), 1, trace]));
    expect(error.stacktrace).toEqual([
      { module: 'm', function: 'f', arity: 1 },
      { module: 'm', function: 'f', arity: 1, args: [1] },
    ]);
  });

  it('tables, which are objects of JavaScript too', async () => {
    using rt = new Turbeam({ limits: { memory: 20e6 } });
    rt.load(SHARED, 'shared.S');
    await expect(rt.call('shared', 'tables')).rejects.toThrow(LimitError);
    expect(rt.callSync('erlang', 'abs', [-1])).toBe(1);
  });

  it('persistent terms', () => {
    using rt = new Turbeam({ files: [FILE] });
    const put = (key: number) =>
      rt.callSync('erlang', 'apply', [atom('persistent_term'), atom('put'), [key, large]]);
    const large = new Tuple(new Array<number>(2 ** 24 - 1).fill(0));
    expect(put(1)).toBe(atom('ok'));
    expect(thrown<ErlangError>(() => put(2)).reason).toBe(atom('system_limit'));
    expect(rt.callSync('persistent_term', 'erase', [1])).toBe(true);
    expect(put(2)).toBe(atom('ok'));
  });

  it('processes for calls, when the memory is full', async () => {
    using rt = new Turbeam({ files: [FILE], limits: { memory: 1e6 } });
    const boxes: Mailbox[] = [];
    expect(
      thrown(() => {
        for (;;) boxes.push(rt.mailbox());
      }),
    ).toBeInstanceOf(TurbeamError);
  });
});

describe('access to the host', () => {
  it('none', () => {
    using rt = new Turbeam({ files: [FILE], path: [`${FOLDER}one`], access: 'none', stdout: 'ignore' });
    expect(rt.callSync('api_version', 'version')).toBe(atom('one'));
    const two = charlist(`${FOLDER}two/api_version`);
    const result = rt.callSync('code', 'load_abs', [two]) as Tuple;
    expect(result.at(0)).toBe(atom('error'));
    const around = charlist(`${FOLDER}one/../two/api_version`);
    expect((rt.callSync('code', 'load_abs', [around]) as Tuple).at(0)).toBe(atom('error'));
    expect(rt.callSync('api_version', 'version')).toBe(atom('one'));
    expect(rt.load(`${FOLDER}two/api_version.beam`)).toBe('api_version');
    expect(rt.callSync('api_version', 'version')).toBe(atom('two'));
    expect(() => rt.load('/no/such.beam')).toThrow(/no such file; check the path$/);
    expect(rt.callSync('lists', 'sort', [[2, 1]])).toEqual([1, 2]);
    expect(rt.callSync('prim_file', 'read_file', [charlist(`${FOLDER}build.sh`)])).toEqual(
      new Tuple([atom('error'), atom('eacces')]),
    );
    const open = rt.callSync('prim_file', 'open', [charlist('/tmp/turbeam-access'), [atom('write')]]);
    expect(open).toEqual(new Tuple([atom('error'), atom('eacces')]));
    expect(thrown<ErlangError>(() => rt.callSync('os', 'cmd', [charlist('echo')])).reason).toBe(
      atom('eacces'),
    );
    expect(rt.callSync('os', 'getenv', [charlist('PATH')])).toBe(false);
    // What the host is can not be found out, and asking does no harm.
    expect(rt.callSync('os', 'version')).toEqual(new Tuple([0, 0, 0]));
    expect(rt.callSync('erlang', 'system_info', [atom('logical_processors')])).toBe(1);
    // Nor is there a way to the API's own functions, whose module is called that.
    const name = Symbol.for('\0api');
    expect(
      thrown<ErlangError>(() => rt.callSync('erlang', 'apply', [name, atom('returned'), [1]])).reason,
    ).toBe(atom('undef'));
    expect(rt.callSync('erlang', 'abs', [-1])).toBe(1);
  });

  it('full', () => {
    using rt = new Turbeam({ path: [`${FOLDER}one`] });
    const two = charlist(`${FOLDER}two/api_version`);
    expect((rt.callSync('code', 'load_abs', [two]) as Tuple).at(0)).toBe(atom('module'));
    expect(rt.callSync('api_version', 'version')).toBe(atom('two'));
  });
});

describe('the end', () => {
  it('close while calls wait', async () => {
    const rt = new Turbeam({ files: [FILE] });
    const waiting = rt.call('api_calls', 'wait');
    const later = rt.call('api_calls', 'after_time', [60_000, 1]);
    const box = rt.mailbox();
    const message = box.receive();
    const down = rt.monitor(rt.spawn('api_calls', 'wait'));
    rt.module('js_never', { 'call/0': () => new Promise<never>(() => {}) });
    const never = rt.call('js_never', 'call');
    const busy = rt.call('api_calls', 'spin');
    const all = Promise.allSettled([waiting, later, message, down, never, busy]);
    await sleep(5);
    rt.close();
    for (const end of await all) {
      expect(end.status).toBe('rejected');
      expect((end as PromiseRejectedResult).reason).toMatchObject({ name: 'TurbeamError', code: 'closed' });
    }
    expect(rt.closed).toBe(true);
    expect(thrown<TurbeamError>(() => rt.callSync('api_calls', 'zero')).code).toBe('closed');
    expect(() => rt.load(FILE)).toThrow('the runtime is closed');
    expect(() => rt.mailbox()).toThrow('closed');
    rt.close();
  });

  it('what was made by it can not be called any more', () => {
    const rt = new Turbeam({ files: [FILE] });
    const echo = rt.function('api_calls', 'echo', 1);
    const fun = rt.callSync('api_calls', 'add_fun', [1]) as Fun;
    expect([echo(1), fun(1)]).toEqual([1, 2]);
    rt[Symbol.dispose]();
    expect(() => echo(1)).toThrow(TurbeamError);
    expect(() => fun(1)).toThrow('the runtime is closed');
  });

  it('close from a JavaScript function', () => {
    const rt = new Turbeam({ files: [FILE] });
    rt.module('js_close', { now: () => rt.close() });
    expect(thrown<TurbeamError>(() => rt.callSync('js_close', 'now')).code).toBe('closed');
  });

  it('too many atoms end the runtime, as they end native Erlang', () => {
    using rt = new Turbeam({ files: [FILE] });
    expect(thrown<TurbeamError>(() => rt.callSync('api_calls', 'atoms', [0])).message).toMatch(
      /no more atoms/,
    );
    expect(rt.closed).toBe(true);
  });

  it('halt ends the runtime and not the program', async () => {
    const rt = new Turbeam({ files: [FILE] });
    const waiting = rt.call('api_calls', 'wait');
    const error = thrown<TurbeamError>(() => rt.callSync('erlang', 'halt', [3]));
    expect([error.code, error.message, rt.exitStatus]).toEqual(['halted', 'the program called halt(3)', 3]);
    await expect(waiting).rejects.toMatchObject({ code: 'halted' });
    const other = new Turbeam({ files: [FILE] });
    await expect(other.call('erlang', 'halt', [])).rejects.toMatchObject({ code: 'halted' });
  });

  it('a full JavaScript stack ends the runtime with an error that says so', () => {
    using rt = new Turbeam({ files: [FILE], jit: 'eager' });
    const deep = rt.function('api_calls', 'deep', 1);
    expect(deep(100_000)).toBe(100_000);
    const down = (n: number): Value => (n === 0 ? deep(100_000) : down(n - 1));
    let last: unknown;
    try {
      for (let n = 1000; n < 20_000; n += 500) down(n);
    } catch (error) {
      last = error;
    }
    expect(last).toBeInstanceOf(Error);
  });

  it('Node ends when nothing is left to run, or a runtime is not waited for', async () => {
    const { stdout } = await program(`
      const rt = new Turbeam({ files: [FILE] });
      rt.spawn('api_calls', 'wait');
      console.log(await rt.call('api_calls', 'after_time', [5, 1]));
      rt.unref();
      rt.spawn('api_calls', 'after_time', [100000, 1]);
      console.log('end');`);
    expect(stdout).toBe('1\nend\n');
  });
});

describe('what is left behind', () => {
  it('funs that JavaScript has forgotten are given back', async () => {
    const { stdout } = await program(
      `
      const rt = new Turbeam({ files: [FILE], jit: 'off' });
      const collect = async () => { for (let i = 0; i < 5; i++) { gc(); await new Promise((r) => setTimeout(r, 5)); } };
      let kept = rt.callSync('api_calls', 'big_fun', [100]);
      const before = rt.statistics();
      for (let i = 0; i < 2000; i++) rt.callSync('api_calls', 'big_fun', [5000])();
      const full = rt.statistics();
      await collect();
      const after = rt.statistics();
      console.log(before.held, full.held > 100, after.held, after.memory - before.memory < 100000, String(kept()));
      kept = undefined;
      await collect();
      console.log(rt.statistics().held);`,
      '--expose-gc',
    );
    expect(stdout).toMatch(/^1 true 1 true .*\n0\n$/);
  });

  it('held terms survive collections and the end of the module that they come from', () => {
    using rt = new Turbeam({ files: [FILE], stress: ['gc', 'unwind'], threshold: 5 });
    const funs = Array.from({ length: 20 }, (_, i) => rt.callSync('api_calls', 'big_fun', [50 + i]) as Fun);
    for (let round = 0; round < 3; round++) {
      rt.callSync('api_calls', 'garbage', [200]);
      for (const [i, f] of funs.entries())
        expect((f() as unknown as Value[] & { at(i: number): Value }).at(0)).toBe(50 + i);
    }
    rt.load(FILE);
    expect(rt.callSync('code', 'purge', [atom('api_calls')])).toBe(false);
    for (const f of funs) expect(typeof (f() as never as { at(i: number): Value }).at(0)).toBe('number');
    rt.callSync('code', 'delete', [atom('api_calls')]);
    rt.callSync('code', 'purge', [atom('api_calls')]);
    expect(thrown<ErlangError>(() => funs[0]!()).message).toMatch(/undef|badfun/);
  });

  it('a thousand runtimes', async () => {
    const { stdout } = await program(`
      for (let i = 1; i <= 1000; i++) {
        const rt = new Turbeam(i % 10 === 0 ? { files: [FILE] } : {});
        const waiting = i % 10 === 0 ? rt.call('api_calls', 'wait') : rt.mailbox().receive();
        if (rt.callSync('erlang', 'abs', [-i]) !== i) throw new Error('wrong');
        rt.close();
        await waiting.catch(() => {});
      }
      const { rss } = process.memoryUsage();
      console.log(rss < 400e6, Math.round(rss / 1e6));`);
    expect(stdout).toMatch(/^true/);
  }, 400_000);
});
