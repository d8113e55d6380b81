// Functions are read, verified and put into the arena when they are first called.
import { beforeAll, describe, expect, it } from 'vitest';
import { exportOf, functions, type LoadedModule, locationAt, modules } from '../dist/code/functions.js';
import { loadFailures } from '../dist/code/load-failures.js';
import { checkAll, install } from '../dist/code/server.js';
import { makeReady } from '../dist/interpret/first-call.js';
import { readBeam } from '../dist/load/beam.js';
import { parseCall } from '../dist/load/erlang-term.js';
import { readListing } from '../dist/load/listing.js';
import { LoadError } from '../dist/load/module.js';
import { H } from '../dist/memory/arena.js';
import { codeSpace } from '../dist/memory/spaces.js';
import { callFunction, loadBytes, settings } from '../dist/runtime.js';
import { atom, atomName } from '../dist/terms/atoms.js';
import { formatTerm } from '../dist/terms/format.js';
import { chunksOf, fileOf, fixture } from './fixtures/beam-file.js';

let modulesMade = 0;

/** A module of functions that are given as {name, arity, body}; its functions are checked when they are called. */
function load(...parts: [name: string, arity: number, body: string][]): string {
  const module = `first_call_${++modulesMade}`;
  const names = parts.map(([name, arity]) => `{${name},${arity}}`).join();
  const code = parts.map(
    ([name, arity, body], i) =>
      `{function,${name},${arity},${2 * i + 2}}. {label,${2 * i + 1}}. {func_info,{atom,${module}},{atom,${name}},${arity}}.
       {label,${2 * i + 2}}. ${body}`,
  );
  install(
    readListing(
      `{module,${module}}. {exports,[${names}]}. {attributes,[]}. ${code.join('\n').replaceAll('MODULE', module)}`,
      'm.S',
    ),
  );
  return module;
}

async function call(module: string, text: string): Promise<string> {
  const { name, args } = parseCall(`${module}:${text}`);
  const end = await callFunction(module, name, args, formatTerm);
  return end.kind === 'value' || end.kind === 'exit' ? `${end.kind}: ${end.text}` : end.kind;
}

/** Functions of a module that have been made ready. */
function ready(m: LoadedModule): string[] {
  return m.functions.filter((f) => f.isReady).map((f) => atomName(f.name));
}

const loaded = (name: string): LoadedModule => modules.get(atom(name))!;
const reports: string[] = [];

describe.each(['off', 'auto', 'eager'] as const)('--jit=%s', (jit) => {
  beforeAll(() => {
    settings.jit = jit;
    settings.threshold = 2;
    reports.length = 0;
    loadFailures.report = (message) => reports.push(message);
  });

  it('nothing is made of a function that is not called', async () => {
    const name = load(
      ['f', 1, '{call_only,1,{f,4}}.'],
      ['g', 1, 'return.'],
      ['h', 1, '{call_only,1,{f,4}}.'],
    );
    const m = loaded(name);
    expect(ready(m)).toEqual([]);
    const used = codeSpace.used;
    expect(await call(name, 'f(a)')).toBe('value: a');
    expect(ready(m)).toEqual(['f', 'g']);
    expect(codeSpace.used).toBeGreaterThan(used);
    expect(await call(name, 'h(b)')).toBe('value: b');
    expect(ready(m)).toEqual(['f', 'g', 'h']);
  });

  it('nothing is read of a function that is not called', () => {
    const m = readBeam(fixture('otp25/flow.beam'), 'flow.beam');
    expect(m.functions.filter((f) => Reflect.get(f, 'instructions') !== undefined)).toEqual([]);
    expect(m.functions[0]!.code.length).toBeGreaterThan(0);
    expect(m.functions.filter((f) => Reflect.get(f, 'instructions') !== undefined)).toEqual([m.functions[0]]);
  });

  it('all who know the stub learn the address of the code', async () => {
    const name = load(
      ['f', 1, '{test,is_eq_exact,{f,5},[{x,0},{atom,g}]}. {call_only,1,{f,4}}. {label,5}. return.'],
      ['g', 1, 'return.'],
    );
    const m = loaded(name);
    const [, g] = m.functions;
    const stub = g!.entry;
    const { cell } = exportOf(m.name, g!.name, 1);
    expect(await call(name, 'f(a)')).toBe('value: a');
    expect(H[cell]).toBe(stub);
    // f is there, and does not know yet where g will be; translated code calls it by other ways.
    const waiting = g!.waiting ?? [];
    expect(waiting.length).toBe(1);
    expect(H[waiting[0]!]).toBe(stub);
    expect(await call(name, 'f(g)')).toBe('value: g');
    expect(g!.entry).not.toBe(stub);
    expect(H[waiting[0]!]).toBe(g!.entry);
    expect(H[cell]).toBe(g!.entry);
    expect(g!.waiting).toBeNull();
  });

  it('a process that stands at a stub goes on when another has been there', async () => {
    // Two processes are made before one of them runs.
    const spawn = `{test_heap,2,0}. {put_list,{y,0},nil,{x,2}}. {move,{atom,MODULE},{x,0}}. {move,{atom,g},{x,1}}.
      {call_ext,3,{extfunc,erlang,spawn,3}}.`;
    const name = load(
      [
        'f',
        0,
        `{allocate_zero,1,0}. {call_ext,0,{extfunc,erlang,self,0}}. {move,{x,0},{y,0}}. ${spawn} ${spawn}
         {call,0,{f,6}}. {call,0,{f,6}}. {deallocate,1}. return.`,
      ],
      ['g', 1, '{move,{atom,here},{x,1}}. send. return.'],
      ['wait', 0, '{label,7}. {loop_rec,{f,8},{x,0}}. remove_message. return. {label,8}. {wait,{f,7}}.'],
    );
    expect(await call(name, 'f()')).toBe('value: here');
    expect(reports).toEqual([]);
  });

  it('a damaged function fails with undef, and one line says why', async () => {
    const name = load(
      ['good', 1, 'return.'],
      ['bad', 1, '{move,{x,7},{x,0}}. return.'],
      [
        'caught',
        1,
        `{allocate,1,1}. {'try',{y,0},{f,7}}. {call,1,{f,4}}. {try_end,{y,0}}. {deallocate,1}. return.
         {label,7}. {try_case,{y,0}}. {move,{x,1},{x,0}}. {deallocate,1}. return.`,
      ],
    );
    reports.length = 0;
    expect(await call(name, 'good(a)')).toBe('value: a');
    expect(reports).toEqual([]);
    const undef = `exit: {undef,[{${name},bad,[a],[]}]}`;
    expect(await call(name, 'bad(a)')).toBe(undef);
    expect(reports).toEqual([
      expect.stringMatching(
        /^m\.S: bad\/1, .*instruction 4 \(move\): register x7 is read but holds nothing on some path/,
      ),
    ]);
    expect(await call(name, 'bad(a)')).toBe(undef);
    expect(await call(name, 'caught(a)')).toBe('value: undef');
    expect(await call(name, 'good(b)')).toBe('value: b');
    expect(reports.length).toBe(1);
  });

  it('tables that are damaged are found when they are wanted', async () => {
    const chunks = chunksOf(fixture('otp25/tiny.beam'));
    chunks.get('Attr')!.fill(0, 1);
    chunks.get('LitT')!.fill(7, 4);
    chunks.get('Line')!.fill(0xff, 20);
    const m = loadBytes(fileOf(chunks), 'tiny.beam');
    reports.length = 0;
    expect(await call('tiny', 'module_info(attributes)')).toBe('value: []');
    expect(reports.shift()).toMatch(/^tiny\.beam: Attr chunk: /);
    expect(await call('tiny', 'module_info(module)')).toBe('value: tiny');
    expect(await call('tiny', 'run(3)')).toBe('exit: {undef,[{tiny,run,[3],[]}]}');
    expect(reports).toEqual([expect.stringMatching(/^tiny\.beam: LitT chunk, offset 4: cannot be unpacked/)]);
    expect(locationAt(m.functions[0]!.entry)).toBeUndefined();
    expect(() => checkAll(m.source)).toThrow(LoadError);
  });

  it('a function for whose code there is no room fails with system_limit, and works when there is', async () => {
    const name = load(['f', 1, 'return.']);
    const taken: [at: number, words: number][] = [];
    for (let words = 1 << 25; words > 0; ) {
      try {
        taken.push([codeSpace.allocate(words), words]);
      } catch {
        words >>= 1;
      }
    }
    try {
      expect(await call(name, 'f(a)')).toMatch(/^exit: \{system_limit,/);
    } finally {
      for (const [at, words] of taken) codeSpace.release(at, words);
    }
    expect(await call(name, 'f(a)')).toBe('value: a');
  });

  it('the code of a file is the same whenever its functions are made ready', () => {
    const bytes = fixture('otp25/flow.beam');
    const words = (order: (all: LoadedModule['functions']) => LoadedModule['functions']): number => {
      const m = loadBytes(bytes, 'flow.beam');
      const places = m.functions.map((f) => locationAt(f.entry));
      for (const f of order([...m.functions])) expect(makeReady(f)).toBe(true);
      for (const f of m.functions) {
        expect(functions[f.id]).toBe(f);
        expect(f.waiting).toBeNull();
      }
      expect(m.functions.map((f) => locationAt(f.entry))).toEqual(places);
      expect(places[0]?.file).toBe('flow.erl');
      return m.ranges.reduce((sum, r) => sum + r.end - r.start, 0);
    };
    const forwards = words((all) => all);
    expect(words((all) => all.reverse())).toBe(forwards);
  });
});
