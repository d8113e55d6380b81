// Records what native Erlang prints in each conversation (../support/conversations.mjs), to conversations.json, or, if it is a release
// other than OTP 25, what it prints instead, to conversations.otpNN.json:
//   node test/golden/conversations.mjs                      TURBEAM_TEST_ERL names another erl than that on the PATH
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { conversationsOf } from '../support/conversations.mjs';
import { nativeErlang, nativeRelease, toRecord } from '../support/releases.mjs';
import { record } from './record.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/library', import.meta.url));
const release = nativeRelease();
const given = conversationsOf(release).map(({ name, how, input }) => {
  const args = ['-noshell', '-pa', FOLDER, '-run', 'conversation', 'main', how, '-s', 'init', 'stop'];
  const { stdout, stderr } = spawnSync(nativeErlang, args, { input });
  return { name, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
});
record('conversations.json', release, toRecord('conversations.json', release, given));
