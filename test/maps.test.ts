// Instructions for maps as each compiler has them: the results are those of native OTP 25.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

const results = golden('map-syntax.jsonl');

describe.each([
  ['otp25', 'map_syntax_25'],
  ['otp25', 'map_syntax_r24'],
  ['otp27', 'map_syntax_27'],
  ['otp29', 'map_syntax_29'],
])('%s %s', (folder, module) => {
  describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
    beforeAll(() => load(folder, module, jit));
    it.each(results)('%s', async (name, value) => {
      expect(await run(module, name)).toBe(value);
    });
  });
});
