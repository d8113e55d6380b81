// Instructions that compilers after OTP 25 have: what programs with them give is what they give on native OTP, of any release.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

const results = golden('newer.jsonl');

describe.each([
  ['otp27', 'newer_27'],
  ['otp29', 'newer_29'],
  ['otp29', 'newer_debug_29'],
])('%s %s', (folder, module) => {
  describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
    beforeAll(() => load(folder, module, jit));
    it.each(results)('%s', async (name, value) => {
      expect(await run(module, name)).toBe(value);
    });
  });
});
