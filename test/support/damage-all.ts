// The whole check that damaged files do no harm: every byte of the ten programs of damage-programs.ts, cut off there, each
// of its bits flipped, all of them flipped, in the interpreter and in translated code. It takes an hour or two;
// damage.test.ts has the part that every test run does.
//   npx tsx test/support/damage-all.ts [--modes=off,eager] [--files=fib,terms] [--from=N] [--to=N]
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { type DamageJob, damage } from './damage.js';
import { PROGRAMS } from './damage-programs.js';
import { ROOT } from './turbeam.js';

const { values } = parseArgs({
  options: {
    modes: { type: 'string', default: 'off,eager' },
    files: { type: 'string' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '1000000' },
  },
});
const KINDS: DamageJob['kinds'] = ['cut', 255, 1, 2, 4, 8, 16, 32, 64, 128];
/** Positions for one process: loaded code is never freed. */
const CHUNK = 60;
const wanted = values.files?.split(',');

let failures = 0;
for (const { file, calls } of PROGRAMS) {
  const name = basename(file, '.beam');
  if (wanted !== undefined && !wanted.includes(name)) continue;
  const size = Math.min(statSync(ROOT + file).size, Number(values.to));
  for (const mode of values.modes.split(',')) {
    const sum: Record<string, number> = {};
    for (let from = Number(values.from); from < size; from += CHUNK) {
      let at = from;
      const to = Math.min(from + CHUNK, size);
      while (at < to) {
        const job = { file, calls, settings: { jit: mode }, from: at, to, kinds: KINDS, whole: at === 0 };
        const outcome = await damage(job);
        for (const [key, n] of Object.entries(outcome))
          if (typeof n === 'number') sum[key] = (sum[key] ?? 0) + n;
        for (const line of outcome.host) {
          failures++;
          console.log(`${file} --jit=${mode}: ${line}`);
        }
        // A process that ended early has left the rest of its positions.
        const last = /^(?:cut at|byte) (\d+)/.exec(outcome.host.at(-1) ?? '');
        const early = outcome.variants < (to - at) * KINDS.length;
        at = early && last !== null ? Number(last[1]) + 1 : to;
      }
    }
    console.log(`${file} --jit=${mode}: ${JSON.stringify(sum)}`);
  }
}
console.log(failures === 0 ? 'no harm done' : `${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
