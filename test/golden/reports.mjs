// Records what native Erlang (OTP 25) reports on each occasion (../support/reports.mjs), to reports.json:
//   node test/golden/reports.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { constant, OCCASIONS } from '../support/reports.mjs';

const FOLDER = fileURLToPath(new URL('../fixtures/library', import.meta.url));
const recorded = OCCASIONS.map((on) => {
  const args = ['-noshell', '-pa', FOLDER, '-run', 'reports', 'main', on, '-s', 'init', 'stop'];
  const { stdout, stderr } = spawnSync(process.env.ERL ?? 'erl', args, { encoding: 'latin1' });
  return { on, stdout: constant(stdout), stderr };
});
const text = JSON.stringify(recorded, null, 1);
if (process.argv[2] === '--print') process.stdout.write(`${text}\n`);
else writeFileSync(new URL('reports.json', import.meta.url), `${text}\n`);
