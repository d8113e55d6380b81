// Bit syntax as each compiler has it: with and without translation the results are those of native OTP 25.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

const results = golden('bit-syntax.jsonl');
/** Compilers before OTP 25 look at the sizes of segments in another order, so that another error comes first. */
const resultsOfOld = new Map(golden('bit-syntax-r24.jsonl'));

describe.each([
  ['otp25', 'bit_syntax_25'],
  ['otp25', 'bit_syntax_r24'],
  ['otp27', 'bit_syntax_27'],
  ['otp29', 'bit_syntax_29'],
])('%s %s', (folder, module) => {
  describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
    beforeAll(() => load(folder, module, jit));
    it.each(results)('%s', async (name, value) => {
      const expected = module.endsWith('r24') ? (resultsOfOld.get(name) ?? value) : value;
      expect(await run(module, name)).toBe(expected);
    });
  });
});
