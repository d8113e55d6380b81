// Random sequences of what a program does with a runtime: calls inside of calls, calls that wait, messages, funs both ways, processes that
// are killed, in all modes. Everything has a value that is known beforehand.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  type Argument,
  atom,
  type Fun,
  type Pid,
  Tuple,
  Turbeam,
  type TurbeamOptions,
  tuple,
  type Value,
} from '../dist/index.js';

const FILE = fileURLToPath(new URL('fixtures/api/api_calls.beam', import.meta.url));

const MODES: [string, TurbeamOptions, steps: number][] = [
  ['off', { jit: 'off' }, 400],
  ['auto', { threshold: 5 }, 600],
  ['stress gc', { jit: 'eager', stress: ['gc'] }, 250],
  ['stress gc and unwind', { threshold: 5, stress: ['gc', 'unwind'] }, 250],
];

it.each(MODES)('%s', async (_mode, options, steps) => {
  const seed = Number(process.env.TURBEAM_SEED ?? 1);
  let state = seed;
  const random = (n: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
  const rt = new Turbeam({ files: [FILE], onCrash: () => {}, ...options });
  const box = rt.mailbox();
  const servers: Pid[] = [];
  const funs: { fun: Fun; n: number }[] = [];
  const pending: Promise<unknown>[] = [];
  const sync = (name: string, ...args: Argument[]): Value => rt.callSync('api_calls', name, args);
  const add = rt.function('api_calls', 'add', 2);
  let depth = 0;
  rt.module('js_module', {
    // Does something else before it answers.
    'double/1': (x: number) => {
      if (depth < 4) {
        depth++;
        for (let i = random(3); i > 0; i--) step();
        depth--;
      }
      return x * 2;
    },
    'fails/0': () => {
      throw new RangeError('always');
    },
  });
  const later = (promise: Promise<unknown>, value: unknown): void => {
    pending.push(promise.then((got) => expect(got).toEqual(value)));
  };

  function step(): void {
    const n = random(1000);
    const list = Array.from({ length: random(40) }, (_, i) => i * n);
    switch (random(18)) {
      case 0:
        expect(add(n, 2 ** 33)).toBe(n + 2 ** 33);
        return;
      case 1:
        expect(sync('sum', list)).toBe(list.reduce((a, b) => a + b, 0));
        return;
      case 2:
        expect(sync('use_js', n)).toEqual(new Tuple([2 * n, 2 * n + 2]));
        return;
      case 3:
        expect(
          rt.callSync('lists', 'map', [
            (x: number) => (x === n && depth < 3 ? (add(x, 1) as number) : x + 1),
            list,
          ]),
        ).toEqual(list.map((x) => x + 1));
        return;
      case 4:
        servers.push(rt.spawn('api_calls', 'server'));
        return;
      case 5: {
        const server = servers[random(servers.length + 1)];
        if (server !== undefined) expect(sync('ask', server, n)).toBe(2 * n);
        return;
      }
      case 6: {
        const server = servers[random(servers.length + 1)];
        if (server !== undefined) later(rt.call('api_calls', 'ask', [server, n]), 2 * n);
        return;
      }
      case 7:
        later(rt.call('api_calls', 'after_time', [random(3), list]), list);
        return;
      case 8:
        funs.push({ fun: sync('add_fun', n) as Fun, n });
        if (funs.length > 20) funs.shift();
        return;
      case 9: {
        const f = funs[random(funs.length + 1)];
        if (f !== undefined) expect([f.fun(n), sync('apply_fun', f.fun, [n])]).toEqual([n + f.n, n + f.n]);
        return;
      }
      case 10:
        expect(() => sync('nested', 'text')).toThrow('function_clause');
        return;
      case 11:
        expect(() => sync('stack_js')).toThrow('js_error');
        return;
      case 12: {
        rt.send(box.pid, tuple(atom('m'), n));
        const place = atom('m');
        later(
          box.receive({ where: (m) => m instanceof Tuple && m.at(0) === place && m.at(1) === n }),
          new Tuple<Value[]>([place, n]),
        );
        return;
      }
      case 13: {
        const victim = rt.spawn('api_calls', 'wait');
        const down = rt.monitor(victim);
        rt.exit(victim, tuple(atom('bye'), n));
        later(
          down.then(({ reason }) => reason),
          new Tuple<Value[]>([atom('bye'), n]),
        );
        return;
      }
      case 14:
        expect(sync('ping', n % 5)).toEqual(Array.from({ length: n % 5 }, (_, i) => i + 1));
        return;
      case 15:
        expect(sync('garbage', 100)).toBe(50);
        return;
      case 16:
        expect(() => sync('wait_for', n)).toThrow('the call waits');
        return;
      default:
        box.callSync('erlang', 'put', [n % 10, list]);
        expect(box.callSync('erlang', 'get', [n % 10])).toEqual(list);
        return;
    }
  }

  for (let i = 0; i < steps; i++) {
    step();
    if (random(20) === 0) await Promise.all(pending.splice(0));
    if (random(60) === 0 && servers.length > 0) {
      await Promise.all(pending.splice(0));
      rt.send(servers.pop()!, atom('stop'));
    }
  }
  await Promise.all(pending);
  for (const server of servers) rt.send(server, atom('stop'));
  expect(add(1, 2)).toBe(3);
  rt.close();
});
