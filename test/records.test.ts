// Native records (OTP 29): what golden/record-syntax.jsonl and record-functions.jsonl say is what OTP 29 printed.
import { beforeAll, describe, expect, it } from 'vitest';
import { golden, load, run } from './support/run-fixture.js';

describe.each(['off', 'eager'] as const)('jit %s', (jit) => {
  beforeAll(() => {
    for (const module of ['record_owner', 'record_syntax', 'record_functions']) load('otp29', module, jit);
  });
  it.each(golden('record-syntax.jsonl'))('%s', async (name, value) => {
    expect(await run('record_syntax', name)).toBe(value);
  });
  it.each(golden('record-functions.jsonl'))('functions: %s', async (name, value) => {
    expect(await run('record_functions', name)).toBe(value);
  });
});
