// What OTP's logger reports of processes that fail, of supervisors and of applications: as native Erlang has it
// (golden/reports.mjs), but for times, pids and sizes. They need an OTP's libraries (support/releases.mjs).
import { describe, expect, it } from 'vitest';
import { goldenText, hasNative, otp, release } from './support/otp.js';
import { recorded } from './support/releases.mjs';
import { constant, OCCASIONS } from './support/reports.mjs';
import { command, turbeam } from './support/turbeam.js';

const FOLDER = 'test/fixtures/library';
interface Report {
  on: string;
  stdout: string;
  stderr: string;
}
const reports = recorded<Report>('reports.json', release, ({ on }) => on);

/** Native Erlang starts once for each, one after the other. */
const RECORDING = 170_000;

describe.skipIf(otp === undefined)('reports', () => {
  it('are recorded of all occasions', () => {
    expect(reports.map(({ on }) => on)).toEqual(OCCASIONS);
  });

  it.concurrent.each(reports)('$on', async ({ on, stdout, stderr }) => {
    const where = ['--otp', otp!.root, '-pa', FOLDER];
    const got = await turbeam(['run', ...where, `${FOLDER}/reports.beam`, '--', on]);
    const latin1 = Buffer.from(constant(got.stdout), 'utf8').toString('latin1');
    expect({ ...got, stdout: latin1 }).toEqual({ code: 0, stdout, stderr });
  });

  // On a machine with much else to do, native's logger may be later than the program's end.
  it.runIf(hasNative)(
    'native Erlang still reports what is recorded',
    { retry: 2, timeout: RECORDING },
    async () => {
      const { stdout } = await command(process.execPath, ['test/golden/reports.mjs', '--print'], RECORDING);
      expect(stdout).toBe(goldenText('reports.json'));
    },
  );
});
