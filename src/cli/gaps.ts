// What is said of functions and instructions that Turbeam does not have, by `check` and when a run meets one.
import { isNativeBuiltin, isNewerBuiltin, isPreloadedCode } from '../bifs/native.js';
import { OPCODES, type Op } from '../load/opcodes.js';

/** What to do about an instruction that can not be run. */
export function advice(op: Op): string {
  const { since, obsolete } = OPCODES[op] ?? { since: 0, obsolete: false };
  if (obsolete) return 'compile the source again with OTP 24 or later';
  return since > 24
    ? `compile the source with an OTP before ${since}`
    : 'this is a gap in Turbeam, report it';
}

/** Why a function that is called is not there. */
export function absence(module: string, name: string, arity: number): string {
  if (isNativeBuiltin(module, name, arity)) return 'built in with OTP, missing in Turbeam';
  if (isPreloadedCode(module, name, arity)) return 'part of the runtime of OTP, missing in Turbeam';
  if (isNewerBuiltin(module, name, arity)) return 'built in only after OTP 25, missing in Turbeam';
  return 'not there';
}

/** What to do about a function that is not there. */
export function instead(module: string, name: string, arity: number): string {
  return absence(module, name, arity) === 'not there'
    ? 'check the name and the number of arguments, or compile the module that has it again'
    : 'do without it, or report what you need (src/COVERAGE.md lists what there is)';
}
