// BIFs that work for long do it in steps, between which others run. What they give is compared with native Erlang in
// test/fixtures/engine (engine_steps, engine_long).
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { turbeam } from './support/turbeam.js';

const FOLDER = fileURLToPath(new URL('fixtures/engine', import.meta.url));

it.each(['off', 'auto'])('others run in between (jit %s)', async (jit) => {
  const call = ['--call', 'engine_long:others_run()', `--jit=${jit}`];
  const { code, stdout } = await turbeam(['run', `${FOLDER}/engine_long.beam`, ...call]);
  expect(code).toBe(0);
  const names = [...stdout.matchAll(/\{(\w+),true\}/g)].map(([, name]) => name);
  expect(names.length, stdout).toBe(20);
  expect(stdout).not.toContain('false');
});
