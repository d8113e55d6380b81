// Native records (OTP 29): what golden/record-syntax.jsonl says is what OTP 29 printed.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
  beforeAll(() => {
    load('otp29', 'record_owner', jit);
    load('otp29', 'record_syntax', jit);
  });
  it.each(golden('record-syntax.jsonl'))('%s', async (name, value) => {
    expect(await run('record_syntax', name)).toBe(value);
  });
});
