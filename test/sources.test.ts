// Erlang sources on the command line: compiled by OTP's compiler (support/releases.mjs: whose) on Turbeam, and kept in a cache.
// What compilers say of these sources is the same in all releases.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { hasNative, otp, release } from './support/otp.js';
import { namedOtp } from './support/releases.mjs';
import { type Outcome, turbeamWith } from './support/turbeam.js';

const FIXTURES = 'test/fixtures/sources';
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const said = (name: string): string =>
  readFileSync(new URL(`./golden/sources/${name}.txt`, import.meta.url), 'utf8');

/** The OTP whose compiler it is, if it is not that on the PATH. */
const chosen = namedOtp === undefined ? [] : ['--otp', namedOtp];

/** A directory of its own, with a cache in it, and the command with that cache. */
function place(
  name: string,
  options = chosen,
): { dir: string; cache: string; run: (args: string[]) => Promise<Outcome> } {
  const dir = join(scratch, name);
  const cache = join(dir, 'cache', 'turbeam');
  mkdirSync(dir);
  return {
    dir,
    cache,
    run: ([command, ...args]) =>
      turbeamWith({ XDG_CACHE_HOME: join(dir, 'cache') }, [command!, ...options, ...args], 120_000),
  };
}

/** The entries of a cache, each with the number of its file: one that is written anew has another. */
function entries(cache: string): string[] {
  return readdirSync(cache).map((name) => `${name} ${statSync(join(cache, name)).ino}`);
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

// Where other tests run beside these, a compilation takes its time.
vi.setConfig({ testTimeout: 180_000 });

describe('without an OTP', () => {
  it.concurrent.each([['run'], ['check'], ['bench']])('%s says what is missing', async (command) => {
    const { run } = place(`none-${command}`, []);
    const { code, stdout, stderr } = await run([command, '--otp', 'none', `${FIXTURES}/warnings.erl`]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^turbeam: [^\n]*warnings\.erl: [^\n]*compiler[^\n]*install[^\n]*--otp DIR\n$/);
  });

  it('a source that is not there', async () => {
    const { run } = place('absent');
    expect(await run(['run', 'absent.erl'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'turbeam: absent.erl: no such file; check the path\n',
    });
  });
});

describe.skipIf(otp === undefined)('with an OTP', () => {
  it.each([['errors'], ['syntax']])('%s are printed as erlc does', async (name) => {
    const { run, cache } = place(name);
    expect(await run(['run', `${FIXTURES}/${name}.erl`])).toEqual({
      code: 1,
      stdout: '',
      stderr: said(name),
    });
    expect(existsSync(cache)).toBe(false);
  });

  it('runs, from the cache the second time, and repeats the warnings; a damaged entry is written anew', async () => {
    const { run, cache } = place('cache');
    const args = ['run', `${FIXTURES}/warnings.erl`, '--', 'aus', 'Köln'];
    const expected = { code: 0, stdout: 'grüße aus Köln\n', stderr: said('warnings') };
    expect(await run(args)).toEqual(expected);
    const before = entries(cache);
    expect(before).toHaveLength(1);
    expect(await run(args)).toEqual(expected);
    expect(entries(cache)).toEqual(before);
    const file = join(cache, readdirSync(cache)[0]!);
    const bytes = readFileSync(file);
    for (const damaged of [flipped(bytes, bytes.length - 9), bytes.subarray(0, 70)]) {
      writeFileSync(file, damaged);
      expect(await run(args)).toEqual(expected);
      expect(readFileSync(file)).toEqual(bytes);
    }
  });

  it('notices that an include file has changed, or stands in front of another', async () => {
    const { run, dir } = place('includes');
    for (const name of ['speaks.erl', 'says.erl']) copyFileSync(`${FIXTURES}/${name}`, join(dir, name));
    const include = join(dir, 'include');
    mkdirSync(include);
    const args = ['run', '-I', include, join(dir, 'speaks.erl'), join(dir, 'says.erl')];
    const call = [...args, '--call', 'says:main([])'];
    writeFileSync(join(include, 'word.hrl'), '-define(WORD, "one").\n');
    expect((await run(call)).stdout).toBe('transformed one\nok\n');
    writeFileSync(join(include, 'word.hrl'), '-define(WORD, "two").\n');
    expect((await run(call)).stdout).toBe('transformed two\nok\n');
    writeFileSync(join(dir, 'word.hrl'), '-define(WORD, "three").\n');
    expect((await run(call)).stdout).toBe('transformed three\nok\n');
  });

  it('--no-cache, check and bench', async () => {
    const { run, dir, cache } = place('others');
    const source = join(dir, 'sum.erl');
    writeFileSync(
      source,
      '-module(sum).\n-export([run/1, small/0, default/0]).\nrun(N) -> lists:sum(lists:seq(1, N)).\nsmall() -> 50000.\ndefault() -> 100000.\n',
    );
    expect(await run(['run', '--no-cache', source, '--call', 'sum:run(4)'])).toEqual({
      code: 0,
      stdout: '10\n',
      stderr: '',
    });
    expect(existsSync(cache)).toBe(false);
    const checked = await run(['check', source]);
    expect(checked).toEqual({
      code: 0,
      stdout: `${source}: module sum, 5 functions, OTP ${release}: ok\n`,
      stderr: '',
    });
    const engines = hasNative && namedOtp === undefined ? 'jit,native' : 'jit';
    const bench = await run(['bench', '--size=small', '--runs=1', `--engines=${engines}`, source]);
    expect({ code: bench.code, stderr: bench.stderr }).toEqual({ code: 0, stderr: '' });
    expect(bench.stdout).toMatch(/^sum /m);
    expect(entries(cache)).toHaveLength(1);
  });
});
