// The OTP whose libraries the tests of library mode use, and what native Erlang of the same release says.
import { readFileSync } from 'node:fs';
import { libraryIn, type Otp, otpOnPath } from '../../dist/code/otp.js';
import { goldenName, namedOtp, nativeErlang, nativeRelease } from './releases.mjs';
import { command } from './turbeam.js';

function chosen(): Otp | undefined {
  if (namedOtp === undefined) return otpOnPath();
  const otp = libraryIn(namedOtp)?.otp;
  if (otp === undefined) throw new Error(`TURBEAM_TEST_OTP=${namedOtp}: no OTP is there`);
  return otp;
}

/** The OTP that TURBEAM_TEST_OTP names, else that on the PATH; undefined: there is none. */
export const otp = chosen();

/** Its release; without one, that of the golden files, so that nothing but skipping depends on it. */
export const release = otp?.release ?? '25';

/** Whether native Erlang of that release is there. */
export const hasNative = otp !== undefined && nativeRelease() === release;

/** Runs native Erlang with these arguments. */
export function native(args: string[], timeout?: number): Promise<{ stdout: string; stderr: string }> {
  return command(nativeErlang!, args, timeout);
}

/** What is in the golden file of that release, as text; empty if there is none. */
export function goldenText(name: string): string {
  try {
    return readFileSync(new URL(`../golden/${goldenName(name, release)}`, import.meta.url), 'utf8');
  } catch {
    return '';
  }
}
