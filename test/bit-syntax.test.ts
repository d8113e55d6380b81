// Bit syntax as each compiler has it: with and without translation the results are those of native OTP 25.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

const results = golden('bit-syntax.jsonl');
/** Compilers before OTP 25 look at the sizes of segments in another order, so that another error comes first. */
const resultsOfOld = new Map(golden('bit-syntax-r24.jsonl'));

const runs = golden('bit-runs.jsonl');

/** Compilers: the folder of what they made, the end of its name. */
const COMPILERS = [
  ['otp25', '25'],
  ['otp25', 'r24'],
  ['otp27', '27'],
  ['otp29', '29'],
] as const;

describe.each(COMPILERS)('%s %s', (folder, compiler) => {
  describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
    beforeAll(() => {
      for (const name of ['bit_syntax', 'bit_runs']) load(folder, `${name}_${compiler}`, jit);
    });
    it.each(results)('%s', async (name, value) => {
      const expected = compiler === 'r24' ? (resultsOfOld.get(name) ?? value) : value;
      expect(await run(`bit_syntax_${compiler}`, name)).toBe(expected);
    });
    it.each(runs)('%s', async (name, value) => {
      expect(await run(`bit_runs_${compiler}`, name)).toBe(value);
    });
  });
});
