// The tables of instructions and built-in functions, and the page that is made of them.
import { describe, expect, it } from 'vitest';
import { isNativeBuiltin, isNewerBuiltin, isPreloadedCode } from '../dist/bifs/native.js';
import { bifInfos } from '../dist/bifs/table.js';
import { canRun } from '../dist/cli/check.js';
import { RAISING, translators } from '../dist/jit/instructions.js';
import { OPCODES } from '../dist/load/opcodes.js';
import { SIGNATURES } from '../dist/load/signatures.js';
import '../dist/runtime.js';
import { command, hasGoldenErlang } from './support/turbeam.js';

describe('instructions', () => {
  // int_code_end is the end of a file's code, and in no function.
  const emitted = OPCODES.slice(1).filter((info) => !info.obsolete && info.name !== 'int_code_end');

  it.each(emitted)('$name/$arity can be loaded and run', ({ number, arity }) => {
    expect(SIGNATURES[number]).toHaveLength(arity);
    expect(canRun(number)).toBe(true);
  });

  it('only those that exist are translated', () => {
    for (const op of [...Object.keys(translators), ...Object.keys(RAISING)])
      expect(SIGNATURES[Number(op)]).toBeDefined();
    for (const op of Object.keys(RAISING)) expect(translators[Number(op) as never]).toBeUndefined();
  });
});

describe('built-in functions', () => {
  it('are told from those that are not', () => {
    expect(isNativeBuiltin('erlang', 'self', 0)).toBe(true);
    expect(isNativeBuiltin('erlang', '/', 2)).toBe(true);
    expect(isNativeBuiltin('lists', 'map', 2)).toBe(false);
    expect(isNativeBuiltin('no_such_module', 'f', 0)).toBe(false);
    expect(isPreloadedCode('erlang', 'spawn', 1)).toBe(true);
    expect(isPreloadedCode('erlang', 'self', 0)).toBe(false);
    expect(isNewerBuiltin('erlang', 'is_integer', 3)).toBe(true);
    expect(isNewerBuiltin('erlang', 'is_integer', 1)).toBe(false);
  });

  it('of erlang are all known to OTP', () => {
    const unknown = bifInfos
      .filter(({ module }) => module === 'erlang' || module === 'erts_internal')
      .filter(
        ({ module, name, arity }) =>
          !isNativeBuiltin(module, name, arity) &&
          !isPreloadedCode(module, name, arity) &&
          !isNewerBuiltin(module, name, arity),
      )
      .map(({ module, name, arity }) => `${module}:${name}/${arity}`);
    expect(unknown).toEqual([]);
  });

  it.runIf(hasGoldenErlang)('are those that native Erlang says', async () => {
    const { stdout } = await command('erl', [
      '-noshell',
      '-eval',
      'Ms = [erlang, erts_internal, lists, maps, binary, ets, os, re, unicode, math],' +
        'io:format("~w", [[{M, length([x || {F, A} <- M:module_info(exports), erlang:is_builtin(M, F, A)])} || M <- Ms]]), halt().',
    ]);
    const { NATIVE_BUILTINS } = await import('../dist/bifs/native-builtins.js');
    for (const [, module, count] of stdout.matchAll(/\{(\w+),(\d+)\}/g))
      expect([module, NATIVE_BUILTINS[module!]!.split(' ').length]).toEqual([module, Number(count)]);
  });
});

it('src/COVERAGE.md is current', async () => {
  const { code, stderr } = await command(process.execPath, ['test/coverage.mjs', '--check']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
