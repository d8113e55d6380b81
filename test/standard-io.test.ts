// Standard input and output with OTP's module io: what a program prints when it is spoken to, against native Erlang
// (golden/conversations.mjs). They need an OTP's libraries, as in library-mode.test.ts.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { libraryIn, otpOnPath } from '../dist/code/otp.js';
import { CONVERSATIONS } from './support/conversations.mjs';
import { command, hasGoldenErlang } from './support/turbeam.js';

const MAIN = fileURLToPath(new URL('../dist/bin/turbeam.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('fixtures/library/conversation.beam', import.meta.url));
const GOLDEN = new URL('golden/conversations.json', import.meta.url);

const { TURBEAM_TEST_OTP: named } = process.env;
const otp = named === undefined ? otpOnPath() : libraryIn(named)?.otp;

interface Said {
  stdout: string;
  stderr: string;
}
const recorded: Said[] = JSON.parse(readFileSync(GOLDEN, 'utf8'));

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

describe.skipIf(otp === undefined)('standard input and output', () => {
  it.concurrent.each(CONVERSATIONS.map((c, i) => [...c, i] as const))('%s', async (how, input, i) => {
    const { stdout, stderr } = recorded[i]!;
    expect(await converse(how, input, [])).toEqual({ code: 0, stdout, stderr });
  });

  it('in compiled code, collecting and unwinding all the time', async () => {
    const i = CONVERSATIONS.findIndex(([how]) => how === 'protocol');
    const [how, input] = CONVERSATIONS[i]!;
    const { stdout, stderr } = recorded[i]!;
    const options = ['--jit-threshold=2', '--stress=gc,unwind'];
    expect(await converse(how, input, options)).toEqual({ code: 0, stdout, stderr });
  });

  it.runIf(hasGoldenErlang)('native Erlang still prints what is recorded', async () => {
    const { stdout } = await command(process.execPath, ['test/golden/conversations.mjs', '--print']);
    expect(JSON.parse(stdout)).toEqual(recorded);
  });
});
