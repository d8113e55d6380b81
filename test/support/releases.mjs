// Which OTP the tests of library mode take their libraries from, which native Erlang judges them, and where it is recorded what
// each release gives. The environment variables TURBEAM_TEST_OTP (an OTP's directory) and TURBEAM_TEST_ERL (the command that
// starts it) choose others than those on the PATH. `NAME.EXT` in test/golden has what OTP 25 gives; `NAME.otp27.EXT` beside it
// what OTP 27 gives instead, where it does.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** The release that most golden files are of. */
const FIRST = '25';

const { TURBEAM_TEST_OTP, TURBEAM_TEST_ERL } = process.env;

/** The directory that TURBEAM_TEST_OTP names. */
export const namedOtp = TURBEAM_TEST_OTP;

/** The command of the native Erlang that judges; undefined: an OTP is named and its command is not. */
export const nativeErlang = TURBEAM_TEST_ERL ?? (TURBEAM_TEST_OTP === undefined ? 'erl' : undefined);

/** Its release, as in '27'; undefined: it is not there. */
export function nativeRelease() {
  if (nativeErlang === undefined) return undefined;
  const script = 'io:put_chars(erlang:system_info(otp_release)), halt().';
  const { status, stdout } = spawnSync(nativeErlang, ['-noshell', '-eval', script], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}

/** The arguments with which `erl` runs an escript; unlike the command `escript` they do for any installation. */
export function escriptArguments(file, args = []) {
  return ['-noshell', '-run', 'escript', 'start', '-extra', file, ...args];
}

/** The name of the file with what a release gives, as in `reports.otp27.json`. */
export function goldenName(name, release) {
  if (release === FIRST) return name;
  const dot = name.lastIndexOf('.');
  return `${name.slice(0, dot)}.otp${release}${name.slice(dot)}`;
}

function entries(name) {
  const url = new URL(`../golden/${name}`, import.meta.url);
  if (!existsSync(url)) return [];
  const text = readFileSync(url, 'utf8').trim();
  return name.endsWith('.jsonl') ? text.split('\n').map((line) => JSON.parse(line)) : JSON.parse(text);
}

/** What a release gives, from a golden file of entries: that of OTP 25, with those of the release in place of those of the same key. */
export function recorded(name, release, key) {
  const all = new Map(entries(name).map((entry) => [key(entry), entry]));
  if (release !== FIRST) for (const entry of entries(goldenName(name, release))) all.set(key(entry), entry);
  return [...all.values()];
}

/** Of entries that a release gives, those that belong in its golden file. */
export function toRecord(name, release, given) {
  if (release === FIRST) return given;
  const known = new Set(entries(name).map((entry) => JSON.stringify(entry)));
  return given.filter((entry) => !known.has(JSON.stringify(entry)));
}
