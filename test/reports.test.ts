// What OTP's logger reports of processes that fail, of supervisors and of applications: as native Erlang has it
// (golden/reports.mjs), but for times, pids and sizes. They need an OTP's libraries, as in library-mode.test.ts.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { otpOnPath } from '../dist/code/otp.js';
import { constant, OCCASIONS } from './support/reports.mjs';
import { command, hasGoldenErlang, turbeam } from './support/turbeam.js';

const FOLDER = 'test/fixtures/library';
const recorded: { on: string; stdout: string; stderr: string }[] = JSON.parse(
  readFileSync(new URL('golden/reports.json', import.meta.url), 'utf8'),
);
const otp = otpOnPath();

// Reports name lines of OTP's modules.
describe.skipIf(otp?.release !== '25')('reports', () => {
  it('are recorded of all occasions', () => {
    expect(recorded.map(({ on }) => on)).toEqual(OCCASIONS);
  });

  it.concurrent.each(recorded)('$on', async ({ on, stdout, stderr }) => {
    const got = await turbeam(['run', '-pa', FOLDER, `${FOLDER}/reports.beam`, '--', on]);
    const latin1 = Buffer.from(constant(got.stdout), 'utf8').toString('latin1');
    expect({ ...got, stdout: latin1 }).toEqual({ code: 0, stdout, stderr });
  });

  it.runIf(hasGoldenErlang)('native Erlang still reports what is recorded', async () => {
    const { stdout } = await command(process.execPath, ['test/golden/reports.mjs', '--print']);
    expect(JSON.parse(stdout)).toEqual(recorded);
  });
});
