// What commands do when they are ended from outside: by a signal, or because nobody reads what they print.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { command, ROOT } from './support/turbeam.js';

const MAIN = join(ROOT, 'dist/bin/turbeam.js');
const ENDS = 'test/fixtures/cli/ends.beam';
const scratch = mkdtempSync(join(tmpdir(), 'turbeam-interrupt-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

it.each([
  ['run', `run ${ENDS} --call 'ends:chatters()'`, 'a line of text'],
  ['a dump', 'run examples/fib.beam --dump-js', '// fib:default/0  fib.erl:6'],
  ['help', 'run --help', 'Usage: turbeam run [options] FILE... [-- ARG...]'],
])('%s ends when nobody reads it any more', async (_, args, first) => {
  const line = `"${process.execPath}" "${MAIN}" ${args} | head -n 1`;
  expect(await command('sh', ['-c', line], 20_000)).toEqual({ code: 0, stdout: `${first}\n`, stderr: '' });
});

/** Processes that one has started. */
function children(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : [];
}

/** Whether a process runs; one that has ended may still be in the table until somebody asks how. */
function isAlive(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !/\) Z /.test(readFileSync(file, 'utf8'));
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('bench leaves nothing behind at %s', async (signal, status) => {
  const args = [MAIN, 'bench', ENDS, '--engines=jit', '--progress'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, TMPDIR: scratch } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  // The first measurement begins.
  await new Promise((resolve) => child.stderr.once('data', resolve));
  expect(readdirSync(scratch).length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const started = children(child.pid!);
  child.kill(signal);
  expect(await ended).toBe(status);
  expect(readdirSync(scratch)).toEqual([]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(started.filter(isAlive)).toEqual([]);
});

it('bench leaves nothing behind when nobody reads it any more', async () => {
  // It prints its head, and after a measurement, when the pipe is closed, the first row.
  const line = `"${process.execPath}" "${MAIN}" bench examples/fib.beam --size=small --runs=1 --engines=jit | true`;
  const environment = `TMPDIR="${scratch}"`;
  expect(await command('sh', ['-c', `export ${environment}; ${line}`])).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(readdirSync(scratch)).toEqual([]);
});

it.skipIf(!existsSync('/dev/full'))('where nothing can be written, one line says so', async () => {
  for (const args of [
    'run examples/hello.beam',
    'check examples/fib.beam',
    "run examples/fib.beam --call 'fib:run(3)'",
  ]) {
    const line = `"${process.execPath}" "${MAIN}" ${args} > /dev/full`;
    const { code, stderr } = await command('sh', ['-c', line]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^turbeam: what there is to print can not be written \(ENOSPC\); [^\n]+\n$/);
  }
});

it('a command that fails leaves no empty file where its results were to go', async () => {
  const page = join(scratch, 'page.html');
  const { code } = await command(process.execPath, [MAIN, 'explore', 'README.md', '-o', page]);
  expect({ code, made: existsSync(page) }).toEqual({ code: 2, made: false });
});
