// How the command starts: with the code that V8 compiled of it when it was built, or without.
import { rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { command, ROOT } from './support/turbeam.js';

const MAIN = join(ROOT, 'dist/bin/turbeam.js');
const RUN = ['run', join(ROOT, 'examples/fib.beam'), '--call', 'fib:run(10)'];

describe('the command', () => {
  it('starts with its compiled code', async () => {
    const script = `console.log(require(${JSON.stringify(MAIN)}).load().script.cachedDataRejected)`;
    expect(await command(process.execPath, ['-e', script])).toMatchObject({ code: 0, stdout: 'false\n' });
  });

  it.each([
    ['by its name', [MAIN]],
    ['with flags that V8 has not compiled it for', ['--no-opt', MAIN]],
  ])('runs %s', async (_, args) => {
    const { code, stdout, stderr } = await command(process.execPath, [...args, ...RUN]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '55\n', stderr: '' });
  });

  it.skipIf(process.platform === 'win32')('runs through a symbolic link, as npm installs it', async () => {
    const link = join(tmpdir(), `turbeam-${process.pid}`);
    symlinkSync(MAIN, link);
    try {
      expect(await command(link, RUN)).toMatchObject({ code: 0, stdout: '55\n' });
    } finally {
      rmSync(link);
    }
  });
});
