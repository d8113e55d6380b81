// Records what native Erlang (OTP 25) prints in each conversation (../support/conversations.mjs), to conversations.json:
//   node test/golden/conversations.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONVERSATIONS } from '../support/conversations.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/library', import.meta.url));
const recorded = CONVERSATIONS.map(([how, input]) => {
  const args = ['-noshell', '-pa', FOLDER, '-run', 'conversation', 'main', how, '-s', 'init', 'stop'];
  const { stdout, stderr } = spawnSync(process.env.ERL ?? 'erl', args, { input });
  return { how, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
});
const text = JSON.stringify(recorded, null, 1);
if (process.argv[2] === '--print') process.stdout.write(`${text}\n`);
else writeFileSync(new URL('conversations.json', import.meta.url), `${text}\n`);
