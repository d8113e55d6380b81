import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const escript = (args: string[]) => spawnSync('escript', args, { encoding: 'utf8' });
const installed = escript(['--version']).error === undefined;

test.skipIf(!installed)("the embedded Erlang library does what OTP's modules do", () => {
  const { stdout } = escript([new URL('golden/library.escript', import.meta.url).pathname]);
  expect(stdout).toMatch(/^ok \d+\n$/);
});
