// Records what native Erlang reports on each occasion (../support/reports.mjs), to reports.json, or, if it is a release other than
// OTP 25, what it reports instead, to reports.otpNN.json:
//   node test/golden/reports.mjs                            TURBEAM_TEST_ERL names another erl than that on the PATH
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nativeErlang, nativeRelease, toRecord } from '../support/releases.mjs';
import { constant, OCCASIONS } from '../support/reports.mjs';
import { record } from './record.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/library', import.meta.url));
const release = nativeRelease();
const given = OCCASIONS.map((on) => {
  const args = ['-noshell', '-pa', FOLDER, '-run', 'reports', 'main', on, '-s', 'init', 'stop'];
  const { stdout, stderr } = spawnSync(nativeErlang, args, { encoding: 'latin1' });
  return { on, stdout: constant(stdout), stderr };
});
record('reports.json', release, toRecord('reports.json', release, given));
