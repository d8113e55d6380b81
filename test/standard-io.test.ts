// Standard input and output with OTP's module io: what a program prints when it is spoken to, against native Erlang
// (golden/conversations.mjs). They need an OTP's libraries, as in library-mode.test.ts.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { conversationsOf } from './support/conversations.mjs';
import { goldenText, hasNative, otp, release } from './support/otp.js';
import { recorded } from './support/releases.mjs';
import { command } from './support/turbeam.js';

const MAIN = fileURLToPath(new URL('../dist/bin/turbeam.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('fixtures/library/conversation.beam', import.meta.url));

interface Said {
  stdout: string;
  stderr: string;
}
const said = new Map(
  recorded<Said & { name: string }>('conversations.json', release, ({ name }) => name).map(
    ({ name, ...texts }) => [name, texts],
  ),
);
const conversations = conversationsOf(release);

/** What the program prints, as bytes, given that input. */
function converse(
  how: string,
  input: string | Uint8Array,
  options: string[],
): Promise<Said & { code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, 'run', ...options, '--otp', otp!.root, PROGRAM, '--', how]);
    const out: Said = { stdout: '', stderr: '' };
    child.stdout.on('data', (bytes: Buffer) => (out.stdout += bytes.toString('latin1')));
    child.stderr.on('data', (bytes: Buffer) => (out.stderr += bytes.toString('latin1')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...out }));
    child.stdin.end(input);
  });
}

/** Native Erlang starts once for each, one after the other. */
const RECORDING = 170_000;

describe.skipIf(otp === undefined)('standard input and output', () => {
  it.concurrent.each(conversations)('$name', async ({ name, how, input }) => {
    expect(await converse(how, input, [])).toEqual({ code: 0, ...said.get(name) });
  });

  it('in compiled code, collecting and unwinding all the time', async () => {
    const { name, how, input } = conversations.find((c) => c.name === 'protocol')!;
    const options = ['--jit-threshold=2', '--stress=gc,unwind'];
    expect(await converse(how, input, options)).toEqual({ code: 0, ...said.get(name) });
  });

  it.runIf(hasNative)(
    'native Erlang still prints what is recorded',
    async () => {
      const { stdout } = await command(
        process.execPath,
        ['test/golden/conversations.mjs', '--print'],
        RECORDING,
      );
      expect(stdout).toBe(goldenText('conversations.json'));
    },
    RECORDING,
  );
});
